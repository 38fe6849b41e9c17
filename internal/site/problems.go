package site

import (
	"strings"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// missingPath is the page that is shown for an address that has none.
const (
	missingPath  = "404.html"
	problemsPath = "problems.html"
)

func (s *Site) problemPages() []File {
	return []File{
		{Path: problemsPath, Inputs: problemsPage{s.frame, s.View}},
		{Path: missingPath, Inputs: missingPage{s.frame}},
	}
}

// Problems returns what is wrong in a journal and a theme, in the order of files and lines.
func Problems(j *journal.Journal, t *Theme) []note.Problem {
	all := append(j.Problems(), t.Problems()...)
	note.SortProblems(all)
	return all
}

// problemsPage lists what is wrong in the notes and the theme.
type problemsPage struct {
	*frame
	view *due.View
}

type problemsModel struct {
	Page     Page
	Errors   int
	Warnings int
	Files    []FileProblems
}

// FileProblems is what is wrong in one file.
type FileProblems struct {
	File     string
	Href     string // of the note's page; may be empty
	Problems []Problem
}

// Problem is what is wrong in one place.
type Problem struct {
	Error         bool // else a warning
	Place         string
	Message, Hint string
	Line          string // of the file,
	Before, After string // and its parts before and from the place on
}

func (p problemsPage) Render(b []byte) ([]byte, error) {
	m := problemsModel{Page: p.page(problemsPath, "What needs a look", elsewhere)}
	for _, found := range Problems(p.view.Journal, p.theme) {
		if found.Severity == note.Advice {
			continue
		}
		if found.Severity == note.Error {
			m.Errors++
		} else {
			m.Warnings++
		}
		if n := len(m.Files); n == 0 || m.Files[n-1].File != found.File {
			m.Files = append(m.Files, FileProblems{File: found.File, Href: p.pageOf(found.File)})
		}
		file := &m.Files[len(m.Files)-1]
		file.Problems = append(file.Problems, problem(found))
	}
	return p.theme.render(b, "problems", m)
}

// pageOf returns the address of the page where a note is shown, if it is.
func (p problemsPage) pageOf(path string) string {
	f := p.view.Journal.File(path)
	if f == nil {
		return ""
	}
	if f.Kind == note.Contact {
		if r := p.view.Row(f.Slug); r == nil || r.Contact.File != f {
			return ""
		}
	}
	return escapePath(notePath(f))
}

func problem(p note.Problem) Problem {
	place, _, _ := strings.Cut(p.String(), ": ")
	shown := Problem{Error: p.Severity == note.Error, Place: place, Message: p.Message, Hint: p.Hint}
	line := []rune(p.Source)
	at := min(max(p.Column-1, 0), len(line))
	shown.Line, shown.Before, shown.After = string(line), string(line[:at]), string(line[at:])
	return shown
}

// missingPage is shown for an address that has no page.
type missingPage struct{ *frame }

type missingModel struct{ Page Page }

func (p missingPage) Render(b []byte) ([]byte, error) {
	return p.theme.render(b, "404", missingModel{p.page(missingPath, "No such page", elsewhere)})
}
