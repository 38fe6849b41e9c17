package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// A session is the journal and the day that a command works on.
type session struct {
	dir     string   // the journal's folder
	root    *os.Root // the same, from which nothing leads out
	journal *journal.Journal
	today   civil.Date
	view    *due.View
	pinned  bool // the day was given, and is not simply today's
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
func (a *app) openNotes() (*session, error) { return a.openWith(a.readJournal) }

// openPeople finds the journal and reads who there is in it: no entries, no tasks,
// and no view.
func (a *app) openPeople() (*session, error) { return a.openWith(a.readPeople) }

func (a *app) openWith(read func(*os.Root) *journal.Journal) (*session, error) {
	s, err := a.find()
	if err != nil {
		return nil, err
	}
	err = a.read(s, read)
	a.beside.Wait() // whoever reads what is printed may end the process
	return s, err
}

// read reads the journal that was found, and works out what today is.
func (a *app) read(s *session, read func(*os.Root) *journal.Journal) (err error) {
	hurry(0)
	s.journal = read(s.root)
	hurry(len(s.journal.Files))
	s.today, s.pinned, err = a.day(*s)
	return err
}

// hurry has a process that ends soon collect less of its garbage, for as long as all
// fits into 240 MiB; and into 16 KiB for each note of a journal of so many that what
// is held comes near that, where the collector would do nothing else. A quarter of
// the time of a build, and of a command that reads its cache, went into collecting.
func hurry(notes int) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(max(240<<20, int64(notes)*16<<10))
}

// contactsFolder makes a folder a journal.
var contactsFolder = filepath.Join("content", "contacts")

// find finds the journal's folder: that of --dir, else the nearest one upward
// that has content/contacts (FORMAT.md, "The command line").
func (a *app) find() (*session, error) {
	dir := a.dir
	if dir != "" {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(a.Dir, dir)
		}
		if !isFolder(filepath.Join(dir, contactsFolder)) {
			return nil, fail(fmt.Sprintf("%s is no journal: it has no folder %s", a.dir, contactsFolder), "kith init "+a.dir+" makes one")
		}
	} else {
		for dir = a.Dir; !isFolder(filepath.Join(dir, contactsFolder)); dir = filepath.Dir(dir) {
			if dir == filepath.Dir(dir) {
				return nil, fail(fmt.Sprintf("there is no journal here: neither %s nor a folder above it has %s", a.Dir, contactsFolder),
					"kith init DIR makes one, --dir DIR names one")
			}
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fail(fmt.Sprintf("opening the journal: %v", err), "")
	}
	return &session{dir: dir, root: root}, nil
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
