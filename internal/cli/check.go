package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/site"
	"kith/templates"
)

func (a *app) checkCommand() *cobra.Command {
	var asJSON, strict, staged bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "what is wrong in the notes, and how to mend it",
		Long: `Lists every problem in the notes and in templates of your own as
FILE:LINE:COLUMN: error|warning: message, with a hint how to mend it. The exit
status is 1 if there is an error; with --strict, also if there is a warning.

With --staged, it is about the notes that the next git commit changes, as they are
staged.`,
		Example: "  kith check\n  kith check --strict --json\n  kith check --staged",
		Args:    args(0, 0, "kith check --help shows what it takes"),
		RunE: func(*cobra.Command, []string) error {
			j, found, about, err := a.checked(staged)
			if err != nil {
				return err
			}
			var problems []note.Problem
			for _, p := range found {
				if about(p.File) && (strict || p.Severity != note.Advice) {
					problems = append(problems, p)
				}
			}
			errs, _ := countProblems(problems)
			if asJSON {
				if err := a.printJSON(problemsJSON(problems)); err != nil {
					return err
				}
			} else {
				a.printProblems(problems)
				notes := 0
				for _, f := range j.Files {
					if about(f.Path) {
						notes++
					}
				}
				if len(problems) == 0 {
					fmt.Fprintf(a.Stderr, "kith: no problems in %s\n", plural(notes, "note"))
				} else {
					fmt.Fprintf(a.Stderr, "kith: %s in %s\n", describeCounts(errs, len(problems)-errs), plural(notes, "note"))
				}
			}
			if errs > 0 || strict && len(problems) > 0 {
				return &failure{status: statusFailed}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	cmd.Flags().BoolVar(&strict, "strict", false, "show advice too, and fail on a warning")
	cmd.Flags().BoolVar(&staged, "staged", false, "check what is staged for the next git commit")
	return cmd
}

// checked returns the journal to check, what is wrong in it and, unless it is that of a
// commit, in its templates, and which of its files are asked about.
func (a *app) checked(staged bool) (j *journal.Journal, found []note.Problem, about func(file string) bool, err error) {
	if staged {
		j, about, err = a.openStaged()
		if err != nil {
			return nil, nil, nil, err
		}
		return j, j.Problems(), about, nil
	}
	s, err := a.openNotes()
	if err != nil {
		return nil, nil, nil, err
	}
	a.tellClone(s)
	found = site.Problems(s.journal, site.NewTheme(templates.FS, s.root.FS()))
	return s.journal, found, func(string) bool { return true }, nil
}

type problemsDocument struct {
	Problems []problemJSON `json:"problems"`
}

type problemJSON struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
}

func problemsJSON(problems []note.Problem) problemsDocument {
	doc := problemsDocument{Problems: []problemJSON{}}
	for _, p := range problems {
		doc.Problems = append(doc.Problems, problemJSON{p.File, p.Line, p.Column, p.Severity.String(), p.Code, p.Message, p.Hint})
	}
	return doc
}

// printProblems prints problems as compilers do: on a terminal with the line
// and a caret under the bad place.
func (a *app) printProblems(problems []note.Problem) {
	for _, p := range problems {
		severity := yellow("warning:")
		if p.Severity == note.Error {
			severity = red("error:")
		}
		a.out.printf("%s %s %s\n", bold(fmt.Sprintf("%s:%d:%d:", p.File, max(p.Line, 1), max(p.Column, 1))), severity, p.Message)
		if a.StdoutIsTerminal && strings.TrimSpace(p.Source) != "" {
			line, caret := caretUnder(p.Source, p.Column)
			a.out.printf("    %s\n    %s\n", line, green(caret))
		}
		if p.Hint != "" {
			a.out.printf("    %s %s\n", dim("hint:"), p.Hint)
		}
	}
}

// caretUnder returns a line of source fit for a terminal, and the line that has
// a caret under a column of it.
func caretUnder(source string, column int) (line, caret string) {
	const most = 100
	runes := []rune(strings.ReplaceAll(source, "\t", " "))
	column = min(max(column, 1), len(runes)+1)
	start := 0
	if column > most-20 { // show the bad place of a long line
		start = column - most/2
	}
	end := min(len(runes), start+most)
	return string(runes[start:end]), strings.Repeat(" ", columns(string(runes[start:min(column-1, end)]))) + "^"
}
