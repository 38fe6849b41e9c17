package site

import (
	"path"
	"slices"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// duePerson is a contact in a due list: why they are there, and since when.
func (f *frame) duePerson(r *due.Row, root string) Person {
	p := Person{Attrs: attrs(r, true), Who: called(r.Contact, root), When: f.seen(r.Due)}
	if reason, ok := r.Reason(due.Due); ok {
		p.Line = f.why(r, reason, root)
	} else {
		p.Line = ago(escHTML(f.standing(r)), due.When(f.today, r.Last), r.Last, false)
	}
	if r.Days > 0 {
		p.When.Words = "for " + due.Span(r.Days)
	}
	return p
}

// standing says where you stand with somebody who is not due.
func (f *frame) standing(r *due.Row) string {
	front := r.Contact.Front()
	switch {
	case front.Snooze.After(f.today):
		return "quiet until " + inWords(front.Snooze)
	case !r.Planned.IsZero() && r.Due == r.Planned:
		return "planned for " + inWords(r.Planned)
	case r.Base.IsZero():
		return "not written to yet"
	case r.Last.IsZero():
		return "in your journal since " + inWords(r.Base) + "; not written to yet"
	case r.Turn == due.Yours:
		return "it is your turn to answer"
	}
	return "last in touch " + due.When(f.today, r.Last) + "; every " + every(r.Contact.Cadence)
}

// PeopleGroup is a list of people under a heading.
type PeopleGroup struct {
	Label, Id string
	People    []Person
}

// grouped puts people under headings, in the order in which these come.
func grouped(groups []PeopleGroup, label, id string, p Person) []PeopleGroup {
	i := slices.IndexFunc(groups, func(g PeopleGroup) bool { return g.Id == id })
	if i < 0 {
		i, groups = len(groups), append(groups, PeopleGroup{Label: label, Id: id})
	}
	groups[i].People = append(groups[i].People, p)
	return groups
}

// listed lists contacts by name: who they are, and how it stands with them.
func (f *frame) listed(rows []*due.Row, root string) []Person {
	rows = slices.SortedFunc(slices.Values(rows), func(a, b *due.Row) int { return journal.CompareNames(a.Contact, b.Contact) })
	people := make([]Person, len(rows))
	for i, r := range rows {
		people[i] = Person{Attrs: attrs(r, true), Who: called(r.Contact, root), When: f.state(r), Line: escHTML(whoLine(r.Contact))}
	}
	return people
}

// whoLine says who somebody is, in a line.
func whoLine(c *journal.Contact) string {
	front := c.Front()
	what, place := role(front), front.Location
	if what != "" && place != "" {
		return what + " · " + place
	}
	return what + place
}

func role(front *note.Front) string {
	switch {
	case front.Role == "":
		return front.Company
	case front.Company == "":
		return front.Role
	}
	return front.Role + ", " + front.Company
}

// state says how it stands with somebody, in two or three words.
func (f *frame) state(r *due.Row) When {
	w := f.seen(r.Due)
	switch r.State {
	case due.Overdue, due.DueToday:
		w.Words = "ready to reconnect"
	case due.Paused:
		w = When{Words: statusWords[r.Contact.Front().Status]}
	case due.Untracked:
		w = When{}
	}
	return w
}

var statusWords = [...]string{
	note.Active:   "",
	note.Paused:   "resting",
	note.Archived: "archived",
	note.Memorial: "in memory",
}

// photo returns where on the site the photo of a contact is, or "" if there is
// none.
func photo(j *journal.Journal, f *journal.File) string {
	if f.Front.Photo == "" {
		return ""
	}
	at := path.Join(path.Dir(f.Path), f.Front.Photo)
	if _, ok := slices.BinarySearch(j.Attachments, at); !ok {
		return ""
	}
	return journal.SitePath(at)
}
