package journal

import (
	"fmt"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/note"
)

// A Reading is how an entry was read, for whoever wrote it to see that it was understood
// (FORMAT.md, "Entries").
type Reading struct {
	Who   string // who wrote to whom; both for a talk
	Kind  string // in full, empty if none is written
	Marks []string
	With  []string // the names of those who took part besides
	Tags  []string
	// Plain says that the line has no header, and is all text.
	Plain bool
}

// Reading returns how an entry of a note was read, which need not be one of the
// journal's.
func (j *Journal) Reading(n *note.Note, e *note.Entry) Reading {
	r := Reading{Kind: n.EntryKind(e), Tags: n.EntryTags(e), Plain: !e.Header}
	for _, m := range e.Marks.All() {
		r.Marks = append(r.Marks, m.String())
	}
	for i := range e.Links.All() {
		name := n.Links[i].Target
		if c := j.Target(name); c != nil {
			name = c.Name
		}
		if !slices.Contains(r.With, name) {
			r.With = append(r.With, name)
		}
	}
	switch e.Direction {
	case note.Inbound:
		r.Who = "them → you"
	case note.Outbound:
		r.Who = "you → them"
	case note.Mutual:
		r.Who = "both"
	case note.NoContact:
		r.Who = "no contact"
		if n.Kind == note.Journal && r.Kind == "news" && e.Links.Count == 0 {
			r.Who = "your own"
		}
	}
	return r
}

// ReadingOf says how a line would be read as an entry of a day in a file, which it is not
// yet. It is empty for what would be none.
func (j *Journal) ReadingOf(f *File, day civil.Date, line string) string {
	front := strings.TrimSuffix(f.Source, f.Body())
	n := j.Parser().Parse(f.Path, f.Kind, fmt.Appendf(nil, "%s\n- %v %s\n", front, day, strings.ReplaceAll(line, "\n", " ")))
	if len(n.Entries) != 1 {
		return ""
	}
	return j.Reading(n, &n.Entries[0]).String()
}

// String says it in words: you → them · email · thanked · #job-search.
func (r Reading) String() string {
	said := []string{r.Who}
	switch {
	case r.Plain && r.Who == "no contact":
		said[0] = "no mark: a plain note, no contact"
	case r.Plain:
		said[0] = "no mark: a plain note of a talk"
	case r.Kind != "":
		said = append(said, r.Kind)
	}
	said = append(said, r.Marks...)
	if len(r.With) > 0 {
		said = append(said, "with "+strings.Join(r.With, ", "))
	}
	for _, tag := range r.Tags {
		said = append(said, "#"+tag)
	}
	return strings.Join(said, " · ")
}

// TaskReading says in words how an open task was read (FORMAT.md, "Tasks").
func TaskReading(t *note.Task) string {
	said := "a promise of yours"
	if t.Ask {
		said = "something to ask them"
	}
	if !t.Due.IsZero() {
		said += " · due " + t.Due.String()
	}
	return said
}
