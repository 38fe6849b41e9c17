package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/journal"
	"kith/internal/note"
)

func (a *app) findCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "find TEXT...",
		Short: "look for a text in all notes",
		Long: `Looks for a text in all names and notes, without regard to case and accents, and
prints the file and line of each place, those of people's names first.`,
		Example: "  kith find harbour\n  kith find job-search --json",
		Args:    args(1, 1<<16, "kith find harbour"),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := a.openNotes()
			if err != nil {
				return err
			}
			text := strings.Join(args, " ")
			if note.Fold(text) == "" {
				return usage("there is nothing to look for", "kith find harbour")
			}
			found := find(s.journal, text)
			for _, f := range s.journal.Files {
				if f.Broken && f.Source == "" {
					a.errs.printf("kith: %s %s could not be read, and may hold it: see kith check\n", yellow("warning:"), f.Path)
				}
			}
			for _, p := range s.journal.Unread() {
				if s.journal.File(p) == nil {
					a.errs.printf("kith: %s %s could not be read: see kith check\n", yellow("warning:"), p)
				}
			}
			if asJSON {
				return a.printJSON(findDocument{found})
			}
			for _, f := range found {
				a.out.printf("%s %s\n", bold(fmt.Sprintf("%s:%d:", f.File, f.Line)), f.Text)
			}
			if len(found) == 0 {
				fmt.Fprintf(a.Stderr, "kith: %q is nowhere in %s\n", text, plural(len(s.journal.Files), "note"))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

type findDocument struct {
	Found []foundJSON `json:"found"`
}

// foundJSON is a place of a text. Slug and Name are of the contact whose file it
// is, or null.
type foundJSON struct {
	File string  `json:"file"`
	Line int     `json:"line"`
	Slug *string `json:"slug"`
	Name *string `json:"name"`
	Text string  `json:"text"`
}

// find returns the places of a text: people who are called so, then lines.
func find(j *journal.Journal, text string) []foundJSON {
	key := note.Fold(text)
	found, lines := []foundJSON{}, []foundJSON{}
	for _, f := range j.Files {
		at := foundJSON{File: f.Path, Line: 1}
		if f.Kind == note.Contact && !f.Unused {
			at.Slug, at.Name = &f.Slug, &f.Name
		}
		called := at.Slug != nil && strings.Contains(note.Fold(f.Name), key)
		if called {
			at.Text = f.Name
			at.Line = int(f.FrontPos("name", 0).Line)
			found = append(found, at)
		}
		number := 0
		for line := range strings.Lines(f.Source) {
			number++
			if called && number == at.Line || !strings.Contains(note.Fold(line), key) {
				continue
			}
			lines = append(lines, foundJSON{f.Path, number, at.Slug, at.Name, strings.TrimSpace(line)})
		}
	}
	return append(found, lines...)
}
