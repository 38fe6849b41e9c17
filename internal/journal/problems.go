package journal

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"kith/internal/note"
)

// Problems returns everything that is wrong in the journal, in the order of
// files and lines.
func (j *Journal) Problems() []note.Problem {
	all := slices.Concat(j.settingsProblems, j.folderProblems)
	slugs := map[string]*File{}
	for _, f := range j.Files {
		all = append(all, f.Problems...)
		all = append(all, j.fileProblems(f, slugs)...)
	}
	for _, a := range j.Attachments {
		if p, ok := j.collision(a); ok {
			all = append(all, p)
		}
	}
	note.SortProblems(all)
	return all
}

// fileProblems returns what is wrong with a file only because of others.
func (j *Journal) fileProblems(f *File, slugs map[string]*File) []note.Problem {
	var found []note.Problem
	add := func(pos note.Pos, severity note.Severity, code, message, hint string) {
		found = append(found, note.Problem{
			File: f.Path, Line: int(pos.Line), Column: int(pos.Column), Severity: severity,
			Code: code, Message: message, Hint: hint, Source: f.LineText(pos.Line),
		})
	}
	if f.Kind != note.Journal && f.Slug != "" {
		key := fmt.Sprint(f.Kind, f.Slug)
		if first := slugs[key]; first != nil {
			add(note.Pos{Line: 1, Column: 1}, note.Error, "duplicate-slug",
				fmt.Sprintf("%s and %s have the same slug, %s; the first is used", first.Path, f.Path, f.Slug),
				"rename one of them, or move what is in one to the other")
		} else {
			slugs[key] = f
		}
	}
	if f.Kind != note.Contact {
		return found
	}
	for i, name := range f.Front.Circles {
		if meant := j.nearCircle(name); meant != "" {
			add(f.FrontPos("circles", i), note.Warning, "unknown-circle",
				fmt.Sprintf("no circle is called %s: did you mean %s?", name, meant),
				fmt.Sprintf("write circles: [%s], or make a file content/circles/%s.md", meant, note.Slug(name)))
		}
	}
	if photo := f.Front.Photo; photo != "" {
		at := path.Join(path.Dir(f.Path), photo)
		if _, ok := slices.BinarySearch(j.Attachments, at); !ok {
			add(f.FrontPos("photo", 0), note.Warning, "missing-file", fmt.Sprintf("photo: there is no file %s", at),
				"a photo's path is relative to the contact's file")
		}
	}
	return found
}

// nearCircle returns the circle with a file that was probably meant by one that
// has none, or "".
func (j *Journal) nearCircle(name string) string {
	var slugs []string
	for _, c := range j.Circles {
		if c.File == nil {
			continue
		}
		if note.Fold(c.Slug) == note.Fold(name) || note.Fold(c.Name) == note.Fold(name) || c.Slug == note.Slug(name) {
			return ""
		}
		slugs = append(slugs, c.Slug)
	}
	return note.Nearest(note.Slug(name), slugs)
}

// collision says whether a file that is copied to the site has the place of a
// page (FORMAT.md, "The journal").
func (j *Journal) collision(attachment string) (note.Problem, bool) {
	at := strings.ToLower(SitePath(attachment))
	stem, ok := strings.CutSuffix(at, ".html")
	if !ok {
		return note.Problem{}, false
	}
	folder, name := path.Split(stem)
	taken := false
	switch folder {
	case "contacts/":
		taken = j.bySlug[name] != nil
	case "circles/":
		taken = j.Circle(name) != nil
	case "journal/":
		taken = len(name) == 4 && strings.Trim(name, "0123456789") == ""
	}
	return note.Problem{
		File: attachment, Line: 1, Column: 1, Severity: note.Error, Code: "taken-name",
		Message: fmt.Sprintf("the file would be copied to %s, which is the place of a page; it is left out", at),
		Hint:    "give it another name",
	}, taken
}

// SitePath returns where on the site a file of the journal that is no note is
// copied to.
func SitePath(attachment string) string { return strings.TrimPrefix(attachment, "content/") }
