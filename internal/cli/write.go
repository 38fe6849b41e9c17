package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
	"kith/internal/store"
)

// A writer is a command that changes notes: it prints the file and line of what it
// wrote, or with --dry-run what it would change.
type writer struct {
	*app
	*session
	dryRun bool
	said   string // the command line, for undo
	parser *note.Parser

	scratch string // what was written in an editor for the command, if it was
}

// writing makes a command one that writes.
func (a *app) writing(cmd *cobra.Command, run func(w *writer, args []string) error) *cobra.Command {
	dryRun := cmd.Flags().Bool("dry-run", false, "show what would change, and change nothing")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		var w *writer
		var err error
		for range 5 {
			w = &writer{app: a, dryRun: *dryRun, said: a.said()}
			if err = run(w, args); !errors.Is(err, errStale) {
				break
			}
		}
		if errors.Is(err, errStale) {
			err = fail(err.Error()+", again and again", "try again when it is at rest: nothing was written")
		}
		switch {
		case w.scratch == "":
		case err != nil || w.dryRun:
			fmt.Fprintf(a.Stderr, "kith: what you wrote is in %s\n", w.scratch)
		default:
			_ = w.root.Remove(w.scratch)
		}
		return err
	}
	return cmd
}

// errStale ends a plan that was worked out for what notes were before.
var errStale = errors.New("the journal changed meanwhile")

// unchanged fails with errStale if the journal is not what it was when the command read
// it. What concerns many notes is worked out, and somebody asked, before the lock is
// taken; so it is for a plan to begin with this, and for the command to be run again.
func (w *writer) unchanged() error {
	now := journal.Read(folder.New(w.root))
	if !slices.EqualFunc(w.journal.Files, now.Files, func(a, b *journal.File) bool { return a.Path == b.Path && a.Source == b.Source }) {
		return errStale
	}
	return nil
}

// openNotes finds and reads the journal.
func (w *writer) openNotes() error {
	s, err := w.app.openNotes()
	if err != nil {
		return err
	}
	w.session = s
	w.parser = s.journal.Parser()
	return nil
}

// A plan is what a command wants to change. It says which lines it wrote.
type plan struct {
	*store.Tx
	parser  *note.Parser
	journal *journal.Journal
	wrote   []wroteLine
	expect  func(path string, src []byte) bool // see app
}

type wroteLine struct {
	path, text string
	line       int
	reading    string // how the line was read, in words; of an entry or an open task
	problems   []note.Problem
}

// edit changes a note with one of the edits of package note.
func (p *plan) edit(path string, change func(src []byte) (revise.Change, error)) error {
	src, err := p.Read(path)
	if err != nil {
		return err
	}
	if p.expect != nil && !p.expect(path, src) {
		return errNotShown
	}
	c, err := change(src)
	if err != nil || c.Line == 0 {
		return err
	}
	p.say(path, src, c)
	return p.Write(path, c.Source)
}

// say notes down a line that was written into what was there before, how it was read,
// and what is wrong with it.
func (p *plan) say(path string, before []byte, c revise.Change) {
	w := wroteLine{path: path, line: c.Line, problems: c.Problems}
	number := 0
	for line := range bytes.Lines(c.Source) {
		if number++; number == c.Line {
			w.text = strings.TrimSpace(strings.TrimPrefix(string(line), "\ufeff"))
		}
	}
	// A line that is written twice is said once, as it is at last; what was written
	// below may be further down now.
	moved := bytes.Count(c.Source, []byte("\n")) - bytes.Count(before, []byte("\n"))
	if moved > 0 { // a line that was there was understood already
		w.reading = p.reading(c)
	}
	p.wrote = slices.DeleteFunc(p.wrote, func(o wroteLine) bool { return moved == 0 && o.path == w.path && o.line == w.line })
	for i, o := range p.wrote {
		if o.path == w.path && o.line >= w.line {
			p.wrote[i].line += moved
		}
	}
	p.wrote = append(p.wrote, w)
}

// reading says how the line that was changed was read.
func (p *plan) reading(c revise.Change) string {
	if c.Note == nil {
		return ""
	}
	for i := range c.Note.Entries {
		if e := &c.Note.Entries[i]; int(e.Line) == c.Line {
			return p.journal.Reading(c.Note, e).String()
		}
	}
	for i := range c.Note.Tasks {
		if t := &c.Note.Tasks[i]; int(t.Line) == c.Line && !t.Done {
			return journal.TaskReading(t)
		}
	}
	return ""
}

// do carries out what a command wants, and tells about it. Where nothing had to be
// changed it says already.
func (w *writer) do(already string, want func(*plan) error) error {
	var p *plan
	carry := func(tx *store.Tx) error {
		p = &plan{Tx: tx, parser: w.parser, journal: w.journal, expect: w.expect}
		return want(p)
	}
	var changes []store.Change
	var err error
	if w.dryRun {
		changes, err = store.Try(w.root, carry)
	} else {
		changes, err = store.Do(w.root, w.options(), carry)
	}
	switch {
	case errors.Is(err, errStale):
		return err
	case errors.Is(err, errNotShown):
		w.stale = true
		return fail(err.Error(), "look at it again: nothing was written")
	case err != nil:
		return writeFailure(err)
	case len(changes) == 0:
		fmt.Fprintf(w.Stderr, "kith: %s\n", already)
		return nil
	case w.dryRun:
		w.printDiff(changes)
		for _, l := range p.wrote {
			if l.reading != "" {
				fmt.Fprintf(w.Stderr, "kith: read as %s\n", l.reading)
			}
		}
	default:
		for _, l := range p.wrote {
			place := l.path + ":"
			if l.line > 0 {
				place = fmt.Sprintf("%s:%d:", l.path, l.line)
			}
			w.out.printf("%s %s\n", bold(place), l.text)
			if l.reading != "" {
				w.out.printf("  %s\n", dim(l.reading))
			}
		}
	}
	for _, l := range p.wrote {
		for _, problem := range l.problems {
			w.errs.printf("kith: %s: %s\n", yellow(problem.Severity.String()), problem.Message)
			if problem.Hint != "" {
				w.errs.printf("%s %s\n", dim("kith: hint:"), problem.Hint)
			}
		}
	}
	return nil
}

func (a *app) options(said string) store.Options {
	return store.Options{Command: said, Waiting: func() {
		fmt.Fprintln(a.Stderr, "kith: waiting for another kith that is changing this journal")
	}}
}

func (w *writer) options() store.Options { return w.app.options(w.said) }

// writeFailure is what a person reads when nothing was written.
func writeFailure(err error) error {
	var (
		failed *failure
		byHand *revise.Error
		partly *store.PartlyError
		path   *fs.PathError
	)
	switch {
	case errors.As(err, &failed):
		return err
	case errors.As(err, &byHand):
		return fail(byHand.Error(), byHand.Hint)
	case errors.As(err, &partly):
		return fail(partly.Error(), "kith undo brings back what was changed")
	case errors.Is(err, store.ErrBusy):
		return fail(err.Error(), "try again when it is done: nothing was written")
	case errors.Is(err, store.ErrReadOnly) && errors.As(err, &path):
		return fail(fmt.Sprintf("writing %s: %v", path.Path, path.Err), "make it writable first: chmod u+w "+quoted(path.Path))
	case errors.As(err, &path):
		return fail(fmt.Sprintf("%s %s: %v", verb(path.Op), path.Path, path.Err), "nothing was written")
	}
	return fail(err.Error(), "nothing was written")
}

// verb says what was being done.
func verb(op string) string {
	switch op {
	case "write":
		return "writing"
	case "create":
		return "making"
	case "remove":
		return "removing"
	case "rename":
		return "renaming"
	}
	return "reading"
}

// printDiff prints changes as a unified diff.
func (a *app) printDiff(changes []store.Change) {
	for _, c := range changes {
		from, to := "a/"+c.Path, "b/"+c.Path
		before, after := shownLines(c.Before), shownLines(c.After)
		switch {
		case c.From != "":
			from = "a/" + c.From
			i := slices.IndexFunc(changes, func(o store.Change) bool { return o.Path == c.From })
			before = shownLines(changes[i].Before)
			fmt.Fprintf(a.Stdout, "rename from %s\nrename to %s\n", c.From, c.Path)
		case !c.Before.There:
			from = "/dev/null"
		case !c.After.There && slices.ContainsFunc(changes, func(o store.Change) bool { return o.From == c.Path }):
			continue
		case !c.After.There:
			to = "/dev/null"
		}
		_, text, _ := strings.Cut(string(diff.Diff(from, before, to, after)), "\n") // without its own first line
		for line := range strings.Lines(text) {
			line, styled := strings.TrimSuffix(line, "\n"), plain
			switch {
			case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
				styled = bold
			case strings.HasPrefix(line, "-"):
				styled = red
			case strings.HasPrefix(line, "+"):
				styled = green
			}
			a.out.printf("%s\n", styled(line))
		}
	}
}

// shownLines are a file's bytes as a terminal shows them.
func shownLines(f store.File) []byte {
	return bytes.ReplaceAll(bytes.TrimPrefix(f.Data, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
}

// ask asks a person on the terminal. What is not answered is empty.
func (a *app) ask(question string) (string, error) {
	fmt.Fprintf(a.Stderr, "%s ", question)
	line, err := a.in().ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fail("reading the answer: "+reason(err), "nothing was written")
	}
	return strings.TrimSpace(line), nil
}

// askYes asks a question that is answered with yes or, by anything else, with no.
func (a *app) askYes(question string) (bool, error) {
	answer, err := a.ask(question + " [y/N]")
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}

// in reads standard input by lines.
func (a *app) in() *bufio.Reader {
	if a.input == nil {
		a.input = bufio.NewReader(a.Stdin)
	}
	return a.input
}

// said is the command line, as much of it as one wants to read again.
func (a *app) said() string {
	said := "kith"
	for _, arg := range a.args {
		said += " " + quoted(arg)
	}
	const most = 100
	if runes := []rune(said); len(runes) > most {
		said = string(runes[:most]) + "…"
	}
	return said
}
