package journal

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"kith/internal/note"
)

// Problems returns everything that is wrong in the journal, in the order of
// files and lines.
func (j *Journal) Problems() []note.Problem {
	all := slices.Concat(j.settingsProblems, j.folderProblems)
	for _, f := range j.Files {
		all = append(all, f.Problems...)
	}
	for _, a := range j.Attachments {
		all = append(all, j.collision(a)...)
	}
	for copied, of := range j.copies.of {
		all = append(all, j.copyProblem(copied, of))
	}
	for _, d := range j.doubles {
		all = append(all, j.doubled(d))
	}
	note.SortProblems(all)
	return all
}

// A double is two active contacts who have one name or one e-mail address (FORMAT.md,
// "Frontmatter").
type double struct {
	first, second string // their slugs
	key           string // name or email; file, if the names of their files are one; alias, if the first has the name of the second
	index         int    // of the second's addresses
}

// findDoubles finds the contacts who have the name or an address of another. byText says
// that it depends on the text of notes which these are.
func (j *Journal) findDoubles() (doubles []double, byText bool) {
	names, addresses := map[string]string{}, map[string]string{} // whose they are
	add := func(taken map[string]string, key string, c *Contact, d double) {
		if first, ok := taken[key]; !ok {
			taken[key] = c.Slug
		} else if first != c.Slug {
			d.first, d.second = first, c.Slug
			doubles = append(doubles, d)
		}
	}
	for _, c := range j.Contacts {
		if !c.Active() {
			continue
		}
		add(names, cmp.Or(note.Slug(c.Name), c.Name), c, double{key: "name"})
		for i, address := range c.Front().Email {
			add(addresses, strings.ToLower(address), c, double{key: "email", index: i})
		}
	}
	for _, c := range j.Contacts {
		for _, alias := range c.Front().Aliases {
			other := j.Contact(names[note.Slug(alias)])
			if !c.Active() || other == nil || other == c {
				continue
			}
			if byText = true; shareLine(c.File.Note, other.File.Note) {
				doubles = append(doubles, double{first: c.Slug, second: other.Slug, key: "alias"})
			}
		}
	}
	for _, twins := range j.copies.twins {
		first, second := j.Contact(twins[0].Slug), j.Contact(twins[1].Slug)
		called := func(d double) bool { return d.key == "name" && d.first == first.Slug && d.second == second.Slug }
		if first != nil && second != nil && first.Active() && second.Active() && !slices.ContainsFunc(doubles, called) {
			doubles = append(doubles, double{first: first.Slug, second: second.Slug, key: "file"})
		}
	}
	return doubles, byText
}

// doubled returns the problem of a double.
func (j *Journal) doubled(d double) note.Problem {
	first, second := j.Contact(d.first), j.Contact(d.second)
	what := "are called " + second.Name
	pos := second.File.FrontPos(d.key, d.index)
	switch d.key {
	case "email":
		what = "have the e-mail address " + second.Front().Email[d.index]
	case "file":
		d.key, what, pos = "name", "have one name, but for the mark of a copy", note.Pos{Line: 1, Column: 1}
	case "alias": // as when one was renamed, and git kept the old file of another branch
		d.key, pos = "name", second.File.FrontPos("name", 0)
		what = "are called " + second.Name + " and have lines in common"
	}
	return note.Problem{
		File: second.File.Path, Line: int(pos.Line), Column: int(pos.Column), Severity: note.Warning, Code: "double-" + d.key,
		Message: fmt.Sprintf("two active contacts %s: %s and %s", what, first.File.Path, second.File.Path),
		Hint:    fmt.Sprintf("if they are one person: kith merge %s %s", d.first, d.second),
		Source:  second.File.LineText(pos.Line),
	}
}

// problems returns the problems of a file: the note's own, and those that only
// the other files show. first is the file that is used in its place, if any.
func (j *Journal) problems(f *File, first *File) []note.Problem {
	found := f.Note.Problems[:len(f.Note.Problems):len(f.Note.Problems)]
	add := func(pos note.Pos, severity note.Severity, code, message, hint string) {
		found = append(found, note.Problem{
			File: f.Path, Line: int(pos.Line), Column: int(pos.Column), Severity: severity,
			Code: code, Message: message, Hint: hint, Source: f.LineText(pos.Line),
		})
	}
	for i, l := range f.Links {
		if f.Targets[i] == "" {
			j.linkProblem(l, add)
		}
	}
	for i := range f.Entries {
		if u, ok := j.unlinked(f, &f.Entries[i]); ok {
			j.unlinkedProblem(f, u, add)
		}
	}
	if first != nil {
		add(note.Pos{Line: 1, Column: 1}, note.Error, "duplicate-slug",
			fmt.Sprintf("%s and %s have the same slug, %s; the first is used", first.Path, f.Path, f.Slug),
			"rename one of them, or move what is in one to the other")
	}
	if f.Kind == note.Contact {
		for i, name := range f.Front.Circles {
			found := j.circleNames.find(name)
			if len(found) > 1 && !slices.Contains(found, note.Slug(name)) {
				add(f.FrontPos("circles", i), note.Warning, "ambiguous-circle",
					fmt.Sprintf("circles: %s may mean %s, so it is a circle of its own", name, either(found)),
					fmt.Sprintf("write which one: %s in place of %s", found[0], name))
			}
			if len(found) > 0 {
				continue
			}
			if meant := j.nearCircle(name); meant != "" {
				add(f.FrontPos("circles", i), note.Warning, "unknown-circle",
					fmt.Sprintf("no circle is called %s: did you mean %s?", name, meant),
					fmt.Sprintf("write %s in place of %s, or make a file content/circles/%s.md", meant, name, note.Slug(name)))
			}
		}
		if photo := f.Front.Photo; photo != "" {
			at := path.Join(path.Dir(f.Path), photo)
			if _, ok := slices.BinarySearch(j.Attachments, at); !ok {
				add(f.FrontPos("photo", 0), note.Warning, "missing-file", fmt.Sprintf("photo: there is no file %s", at),
					"a photo's path is relative to the contact's file")
			}
		}
	}
	note.SortProblems(found)
	return found
}

// linkProblem adds what is wrong with a link that leads to nobody, or to more
// than one (FORMAT.md, "Wiki links").
func (j *Journal) linkProblem(l note.Link, add func(pos note.Pos, severity note.Severity, code, message, hint string)) {
	if found := j.names.find(l.Target); len(found) > 1 {
		hint := "write which one: " + labelled("[["+found[0]+"]]", l.Label)
		if len(j.names.find(found[0])) > 1 {
			hint = "their names differ by accents alone: give one an alias, and link to that"
		}
		add(l.Pos, note.Warning, "ambiguous-link", fmt.Sprintf("[[%s]] may mean %s, so it links to nobody", l.Target, either(found)), hint)
		return
	}
	if l.File {
		if !j.hasNote(l.Target) {
			add(l.Pos, note.Warning, "missing-note", fmt.Sprintf("there is no note %s, so the link leads nowhere", l.Target),
				"write the path of a note, seen from this file, or leave the link out")
		}
		return
	}
	message := "nobody is called " + l.Target
	if meant := j.names.near(l.Target); meant != "" {
		name := j.names.display(meant)
		add(l.Pos, note.Warning, "unknown-contact", message+": did you mean "+name+"?", "write "+labelled(j.names.link(j.names.find(meant)[0]), l.Label))
	} else if l.Where != note.InText {
		add(l.Pos, note.Warning, "unknown-contact", message, "add a file for them, or write the name without brackets")
	}
}

// labelled puts the label that was written for a link into another one.
func labelled(link, label string) string {
	if label == "" {
		return link
	}
	return strings.TrimSuffix(link, "]]") + "|" + label + "]]"
}

// hasNote says whether there is a note at a path.
func (j *Journal) hasNote(path string) bool {
	_, found := slices.BinarySearch(j.paths, path)
	return found
}

// either lists slugs as people do: a, b or c.
func either(slugs []string) string {
	last := len(slugs) - 1
	return strings.Join(slugs[:last], ", ") + " or " + slugs[last]
}

// nearCircle returns the circle with a file that was probably meant by one that
// has none, or "".
func (j *Journal) nearCircle(name string) string {
	// Numbers that differ by a digit are no slip of the pen.
	if strings.ContainsAny(name, "0123456789") {
		return ""
	}
	return j.circleNames.speller().nearest(note.Slug(name))
}

// collision returns the problem of a file that would be copied to the place of
// a page (FORMAT.md, "The journal").
func (j *Journal) collision(attachment string) []note.Problem {
	at := SitePath(attachment)
	if !j.Taken(at) {
		return nil
	}
	return []note.Problem{{
		File: attachment, Line: 1, Column: 1, Severity: note.Error, Code: "taken-name",
		Message: fmt.Sprintf("the file would be copied to %s, where a page has its place; it is left out", at),
		Hint:    "give it another name, or its folder",
	}}
}

// Taken says whether a place on the site, or a folder that it lies in, is that of a
// page of a contact, a circle, a year or a month, whatever the case of its letters.
func (j *Journal) Taken(place string) bool {
	place = strings.ToLower(place)
	for strings.Contains(place, ".html") { // few have
		if j.pageAt(place) {
			return true
		}
		place = path.Dir(place)
	}
	return false
}

func (j *Journal) pageAt(place string) bool {
	folder, name := path.Split(place)
	name, isPage := strings.CutSuffix(name, ".html")
	switch {
	case !isPage:
		return false
	case folder == "contacts/":
		return j.Contact(name) != nil
	case folder == "circles/":
		return j.Circle(name) != nil
	}
	return folder == "journal/" && ofJournal.MatchString(name)
}

// ofJournal are the names of the pages of years and months, of which those that have
// anything in them come to be by and by.
var ofJournal = regexp.MustCompile(`^\d{4}(-\d\d)?$`)

// SitePath returns where on the site a file of the journal that is no note is
// copied to.
func SitePath(attachment string) string { return strings.TrimPrefix(attachment, "content/") }
