package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/store"
)

// A session is the journal and the day that a command works on.
type session struct {
	dir     string   // the journal's folder
	root    *os.Root // the same, from which nothing leads out
	journal *journal.Journal
	today   civil.Date
	view    *due.View
	pinned  bool // the day was given, and is not simply today's

	wishes *due.Wishes // of all contacts, once somebody asks for a brief
}

// open finds and reads the journal, for a command that ends soon, and works out who
// is due.
func (a *app) open() (*session, error) {
	s, err := a.openNotes()
	if err != nil {
		return nil, err
	}
	s.view = due.New(s.journal, s.today)
	return s, nil
}

// openNotes finds and reads the journal: there is no view of it.
func (a *app) openNotes() (*session, error) {
	s, err := a.find()
	if err != nil {
		return nil, err
	}
	return s, a.read(s)
}

// read reads the journal that was found, and works out what today is.
func (a *app) read(s *session) (err error) {
	// A process that ends soon collects less of its garbage: that took a quarter of its time.
	debug.SetGCPercent(200)
	a.seeToHalf(s)
	s.journal = journal.Read(folder.New(s.root))
	if slices.ContainsFunc(s.journal.Files, func(f *journal.File) bool { return len(f.Source) > 1<<20 }) {
		debug.SetGCPercent(25) // what is made of so long a note is large enough without its garbage
	}
	s.today, s.pinned, err = a.day(*s)
	return err
}

// seeToHalf tells of a command that was cut short in the middle of several files. It takes
// back what that one had done if this is the same command, which does it all again.
func (a *app) seeToHalf(s *session) {
	half, is := store.FindHalf(s.root)
	if !is {
		return
	}
	if half.Command == a.said() {
		if _, err := store.Undo(s.root, a.options(half.Command)); err == nil {
			fmt.Fprintf(a.Stderr, "kith: what %s had done when it was cut short is taken back, and done again\n", half.Command)
			return
		}
	}
	a.errs.printf("kith: %s %s was cut short: %d of the %d files that it changes are changed\n", yellow("warning:"), half.Command, half.Done, half.Of)
	a.errs.printf("%s kith undo takes it back, the same command again finishes it\n", dim("kith: hint:"))
}

// contactsFolder makes a folder a journal.
var contactsFolder = filepath.Join("content", "contacts")

// find finds the journal's folder: that of --dir, else the nearest one upward
// that has content/contacts (FORMAT.md, "The command line").
func (a *app) find() (*session, error) {
	dir, err := a.journalDir()
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fail(fmt.Sprintf("opening the journal: %v", err), "")
	}
	return &session{dir: dir, root: root}, nil
}

// journalDir is where the journal is; it fails where there is none.
func (a *app) journalDir() (string, error) {
	dir := a.dir
	if dir != "" {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(a.Dir, dir)
		}
		if !isFolder(filepath.Join(dir, contactsFolder)) {
			return "", fail(fmt.Sprintf("%s is no journal: it has no folder %s", a.dir, contactsFolder), "kith init "+a.dir+" makes one")
		}
	} else {
		for dir = a.Dir; !isFolder(filepath.Join(dir, contactsFolder)); dir = filepath.Dir(dir) {
			if dir == filepath.Dir(dir) {
				return "", fail(fmt.Sprintf("there is no journal here: neither %s nor a folder above it has %s", a.Dir, contactsFolder),
					"kith init DIR makes one, --dir DIR names one")
			}
		}
	}
	return dir, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// day returns what today is, and whether it was given: by --today, KITH_TODAY
// or kith.toml (FORMAT.md, "The journal").
func (a *app) day(s session) (day civil.Date, pinned bool, err error) {
	for _, given := range []struct{ name, text string }{{"--today", a.today}, {"KITH_TODAY", a.Getenv("KITH_TODAY")}} {
		if given.text == "" {
			continue
		}
		day, err := civil.Parse(given.text)
		if err != nil {
			return day, false, usage(fmt.Sprintf("%s is %q: %v", given.name, given.text, err), "write it as 2026-11-23")
		}
		return day, true, nil
	}
	if s.journal != nil && !s.journal.Settings.Today.IsZero() {
		return s.journal.Settings.Today, true, nil
	}
	return civil.FromTime(a.Now()), false, nil
}

// tellProblems writes to standard error how many problems the notes have, if
// they have any.
func (a *app) tellProblems(problems []note.Problem) {
	a.tellCounts(countProblems(problems))
}

func (a *app) tellCounts(errs, warnings int) {
	if errs+warnings == 0 {
		return
	}
	fmt.Fprintf(a.Stderr, "kith: %s: see kith check\n", describeCounts(errs, warnings))
}

func countProblems(problems []note.Problem) (errs, warnings int) {
	for _, p := range problems {
		switch p.Severity {
		case note.Error:
			errs++
		case note.Warning:
			warnings++
		}
	}
	return errs, warnings
}

func describeCounts(errs, warnings int) string {
	switch {
	case warnings == 0:
		return plural(errs, "error")
	case errs == 0:
		return plural(warnings, "warning")
	}
	return plural(errs, "error") + " and " + plural(warnings, "warning")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// reason says why a file operation failed, without repeating its path.
func reason(err error) string {
	if pe := new(fs.PathError); errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
