package site

import (
	"html/template"
	"path"
	"slices"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// duePerson adds a contact to a due list: why they are there, and since when.
func (f *frame) duePerson(m *markup, r *due.Row, root string) {
	line := ago(escHTML(f.standing(r)), due.When(f.today, r.Last), r.Last, false)
	if reason, ok := r.Reason(due.Due); ok {
		line = f.why(r, reason, root)
	}
	end := f.when(r.Due)
	if r.Days > 0 {
		end = timeHTML(r.Due, "for "+due.Span(r.Days), inWords(r.Due))
	}
	m.person(r, root, true, line, end)
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
	People    template.HTML // items
}

// grouping collects people under headings, in the order in which these come.
type grouping struct {
	groups []PeopleGroup
	people []markup
}

// under returns the list under a heading.
func (g *grouping) under(label, id string) *markup {
	last := len(g.groups) - 1
	if last >= 0 && g.groups[last].Id == id {
		return &g.people[last]
	}
	if i := slices.IndexFunc(g.groups, func(p PeopleGroup) bool { return p.Id == id }); i >= 0 {
		return &g.people[i]
	}
	g.groups, g.people = append(g.groups, PeopleGroup{Label: label, Id: id}), append(g.people, nil)
	return &g.people[last+1]
}

func (g *grouping) list() []PeopleGroup {
	for i := range g.groups {
		g.groups[i].People = g.people[i].html()
	}
	return g.groups
}

// usualPerson is how many bytes a person mostly takes in a list.
const usualPerson = 360

// people lists contacts by name: who they are, and how it stands with them.
func (f *frame) people(s *sheet, rows []*due.Row, root string) template.HTML {
	s.grow(usualPerson * len(rows))
	rows = slices.SortedFunc(slices.Values(rows), func(a, b *due.Row) int { return journal.CompareNames(a.Contact, b.Contact) })
	for _, r := range rows {
		f.listedPerson(&s.markup, r, root)
	}
	return s.cut()
}

func (f *frame) listedPerson(m *markup, r *due.Row, root string) {
	m.startPerson(r, root, true)
	f.addState(m, r)
	m.add(startLine)
	m.whoLine(r.Contact)
	m.add(endPerson)
}

// whoLine says who somebody is, in a line.
func whoLine(c *journal.Contact) string {
	what, between, place := whoParts(c)
	return what + between + place
}

// whoLine adds who somebody is, in a line.
func (m *markup) whoLine(c *journal.Contact) {
	what, between, place := whoParts(c)
	m.say(what)
	m.add(between)
	m.say(place)
}

// whoParts are the parts of that line; some may be empty.
func whoParts(c *journal.Contact) (what, between, place string) {
	front := c.Front()
	what, place = role(front), front.Location
	if what != "" && place != "" {
		between = " · "
	}
	return what, between, place
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

// addState adds how it stands with somebody, in two or three words.
func (f *frame) addState(m *markup, r *due.Row) {
	switch r.State {
	case due.Overdue, due.DueToday:
		m.openInWords(r.Due)
		m.add("ready to reconnect</time>")
	case due.Soon, due.Later:
		f.addWhen(m, r.Due)
	case due.Paused:
		m.add(string(statusWords[r.Contact.Front().Status]))
	}
}

var statusWords = [...]template.HTML{
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
