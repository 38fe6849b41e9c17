package site

import (
	"html/template"
	"slices"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

func (s *Site) todayPages() []File {
	return []File{
		{Path: "index.html", Inputs: todayPage{s.frame, s.day}},
		{Path: "due.html", Inputs: duePage{s.frame, s.everybody}},
	}
}

// todayPage is the first page: whom to write to today, and what else there is.
type todayPage struct {
	*frame
	day *day
}

type todayModel struct {
	Page     Page
	Day      template.HTML // the date in words
	Load     template.HTML // what the cadences ask against what you do, in sentences
	Cards    []Card        // today's few
	Waiting  template.HTML // items: who waits for your answer
	Promises template.HTML // items: those due in the next two weeks, or before
	Dates    template.HTML // items: birthdays and dates of the next two weeks
	Due      []PeopleGroup // who else is due, up to 200, by how long
	DueAll   Anchor        // where the rest of them is, if there are more
	Ahead    Anchor        // where to see who comes next
	Done     template.HTML // items: whom you have been in touch with today
	Problems Anchor        // what could not be read, if anything
	People   int           // how many people there are
}

// Card is one of today's few.
type Card struct {
	Attrs    template.HTMLAttr // data-contact, for who is due data-due and data-state too
	Href     string
	Name     string
	Face     template.HTML
	Who      string        // who they are, in a line
	Why      template.HTML // why to write to them
	Last     Entry         // the last exchange: its Day is empty if there is none
	Asks     []Task        // what to ask
	Promises []Task        // what you promised
	Needs    template.HTML // items: what they look for, and who else could give it
	Ways     []Way         // how to reach them
}

func (p todayPage) Render(b []byte) ([]byte, error) {
	d := p.day
	m := todayModel{
		Page: p.page("index.html", "Today", inToday), Day: timeHTML(p.today, withWeekday(p.today), p.today.String()),
		Load: d.load, Ahead: Anchor{Href: "due.html", Label: "Who comes next"}, People: d.people,
	}
	s := p.theme.sheet()
	defer p.theme.done(s)
	few := map[*due.Row]bool{}
	for _, pick := range d.few {
		few[pick.Row] = true
		m.Cards = append(m.Cards, p.card(s, pick))
	}
	var waiting, promises, dates, done markup
	for _, r := range d.waiting {
		reply, _ := r.Reason(due.Reply)
		waiting.person(r, "", false, p.lastLine(r, ""), p.when(reply.Since))
	}
	waiting.rest(d.waitings-len(d.waiting), "each on their own page")
	for at := 0; at < len(d.promises); {
		end := at + 1
		for end < len(d.promises) && d.promises[end].task == d.promises[at].task {
			end++
		}
		p.promise(&promises, d.promises[at:end])
		at = end
	}
	promises.rest(d.promised, "each on their own page")
	for _, a := range d.dates {
		said := esc(a.Label)
		if a.Known && a.Years > 0 {
			said += ", " + years(a.Label, a.Years)
		}
		dates.noted(a.Row, template.HTML(said), template.HTML(short(a.Date)+", ")+p.when(a.Date))
	}
	dates.rest(d.anniversaries-len(d.dates), `<a href="`+datesPath+`">all dates</a>`)
	for _, r := range d.done {
		done.noted(r, p.lastLine(r, ""), "")
	}
	m.Waiting, m.Promises, m.Dates, m.Done = waiting.html(), promises.html(), dates.html(), done.html()
	m.Due = p.byHowLong(slices.DeleteFunc(slices.Clone(d.due), func(r *due.Row) bool { return few[r] }), "")
	if d.dues > len(d.due) {
		m.DueAll = Anchor{Href: "due.html", Label: "All " + thousands(d.dues) + " who are due"}
	}
	if d.problems > 0 {
		m.Problems = Anchor{Href: problemsPath, Label: counted(d.problems, "line in your notes needs", "lines in your notes need") + " a look"}
	}
	return p.theme.render(b, "index", m)
}

// rest says in a list how many there are beside those in it, and where (HTML).
func (m *markup) rest(n int, where string) {
	if n > 0 {
		m.add(`<li class="quiet">and `, thousands(n), " more: ", where, "</li>\n")
	}
}

// howLong are the headings below which people stand by how many days they have
// been due, those who are for the longest first.
var howLong = [...]struct {
	days      int
	label, id string
}{
	{90, "For a season or more", "seasons"},
	{30, "For a month or more", "months"},
	{7, "For a week or more", "weeks"},
	{1, "For a few days", "days"},
	{0, "Since today", "today"},
}

// byHowLong puts people who are due into groups.
func (f *frame) byHowLong(rows []*due.Row, root string) []PeopleGroup {
	var groups []PeopleGroup
	for i, long := range howLong {
		var in []*due.Row
		for _, r := range rows {
			if r.Days >= long.days && (i == 0 || r.Days < howLong[i-1].days) {
				in = append(in, r)
			}
		}
		groups = append(groups, f.dueGroups(long.label, long.id, in, root)...)
	}
	return groups
}

// dueGroups puts people below a heading, so many in each group that a browser
// lays it out at once.
func (f *frame) dueGroups(label, id string, rows []*due.Row, root string) []PeopleGroup {
	var groups []PeopleGroup
	for part := range slices.Chunk(rows, sectionSize) {
		m := make(markup, 0, 400*len(part))
		for _, r := range part {
			f.duePerson(&m, r, root)
		}
		groups = append(groups, PeopleGroup{label, id, m.html()})
		label, id = "", ""
	}
	return groups
}

// noted adds a contact as an item of the margin.
func (m *markup) noted(r *due.Row, said, when template.HTML) {
	m.add("<li")
	m.contact(r, false)
	m.add(">")
	m.linkTo("name", "", r.Contact.Slug, r.Contact.Name)
	m.add(` <span class="said" dir="auto">`, string(said), "</span>")
	if when != "" {
		m.add(` <span class="when">`, string(when), "</span>")
	}
	m.add("</li>\n")
}

// card shows one of the day's few.
func (p todayPage) card(s *sheet, pick pick) Card {
	r, c := pick.Row, pick.Row.Contact
	var attrs, needs markup
	attrs.contact(r, r.State.IsDue())
	card := Card{
		Attrs: template.HTMLAttr(attrs), Href: escapePath(contactPath(c.Slug)), Name: c.Name,
		Face: face(c, pick.photo, ""), Who: whoLine(c),
		Why: upperHTML(p.why(r, pick.Reason, "")),
	}
	card.Ways = ways(c.Front())
	if r.Newest >= 0 {
		ref := c.Entries[r.Newest]
		said := p.contents.entry(ref)
		card.Last = p.entry(s, ref, note.EntryContent{Line: said.Gist()}, c.Slug, "")
		card.Last.Day = p.ago(ref.Entry().Date)
	}
	for _, t := range c.Tasks {
		switch task := t.Task(); {
		case task.Done:
		case task.Ask:
			card.Asks = append(card.Asks, p.taskView(t, ""))
		default:
			card.Promises = append(card.Promises, p.taskView(t, ""))
		}
	}
	for _, need := range c.Front().Needs {
		needs.item(escHTML(need), p.met(c.Slug, need))
	}
	card.Needs = needs.html()
	return card
}

// met says who can give what one of the few needs, if somebody can whom they do
// not know.
func (p todayPage) met(slug, need string) template.HTML {
	for _, i := range p.day.meetings {
		if i.Needs.Slug == slug && i.Needs.Text == need {
			var m markup
			m.add(` <span class="when">`)
			m.linkTo("person", "", i.Offers.Slug, i.Offers.Name)
			m.add(` can give <q dir="auto">`, esc(i.Offers.Text), "</q></span>")
			return m.html()
		}
	}
	return ""
}

// lastLine quotes the newest touch.
func (f *frame) lastLine(r *due.Row, root string) template.HTML {
	if r.Newest < 0 {
		return ""
	}
	return f.contents.gist(r.Contact.Entries[r.Newest], root)
}

// taskView is a task in a line, and for which day it is.
func (f *frame) taskView(t journal.TaskRef, root string) Task {
	task := t.Task()
	return Task{f.contents.above(t.File, task.Line, root), f.contents.line(t.File, task.Text, root), "for", f.dated(task.Due, due.Day(f.today, task.Due))}
}

// promise adds a promise and the people it was made to.
func (p todayPage) promise(m *markup, to []promise) {
	task := to[0].task
	m.add("<li")
	if task.File.Kind == note.Journal { // the text says to whom
		if len(to) == 1 {
			m.contact(to[0].to, false)
		}
		to = nil
	}
	m.add(">")
	for _, one := range to {
		m.add("<span")
		m.contact(one.to, false)
		m.add(">")
		m.linkTo("name", "", one.to.Contact.Slug, one.to.Contact.Name)
		m.add("</span> ")
	}
	m.add(`<span class="said" dir="auto">`, string(p.contents.line(task.File, task.Task().Text, "")), `</span> <span class="when">`)
	if d := task.Task().Due; !d.IsZero() {
		m.add("due ", string(p.when(d)))
	}
	m.add("</span></li>\n")
}

// years says the age that a birthday brings, or how long ago another date was.
func years(label string, n int) string {
	if label == "birthday" {
		return "turns " + thousands(n)
	}
	return counted(n, "year", "years")
}

// duePage lists who is due and who comes next.
type duePage struct {
	*frame
	everybody *everybody
}

// everybody is the rows of a view, in due order. There is a new one only if a row is not
// as it was.
type everybody struct{ rows []*due.Row }

type dueModel struct {
	Page   Page
	Groups []PeopleGroup
	Count  int    // how many are due
	More   string // how many come after those who are shown
}

// mostNext is how many people who come next the page has room for.
const mostNext = 500

func (p duePage) Render(b []byte) ([]byte, error) {
	m := dueModel{Page: p.page("due.html", "Who is due", inToday)}
	var ready, next []*due.Row
	for _, r := range p.everybody.rows {
		switch r.State {
		case due.Overdue, due.DueToday:
			ready = append(ready, r)
		case due.Soon, due.Later:
			next = append(next, r)
		}
	}
	slices.SortFunc(next, func(a, b *due.Row) int {
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return journal.CompareNames(a.Contact, b.Contact)
	})
	m.Count = len(ready)
	m.Groups = p.dueGroups("Ready to reconnect", "now", ready, "")
	if n := len(next) - mostNext; n > 0 {
		m.More, next = thousands(n), next[:mostNext]
	}
	for len(next) > 0 {
		label, id := heading(next[0])
		n := 1
		for n < len(next) {
			if _, same := heading(next[n]); same != id {
				break
			}
			n++
		}
		m.Groups = append(m.Groups, p.dueGroups(label, id, next[:n], "")...)
		next = next[n:]
	}
	return p.theme.render(b, "due", m)
}

// heading is what somebody who is not due yet is listed under.
func heading(r *due.Row) (label, id string) {
	if r.State == due.Soon {
		return "In the next seven days", "soon"
	}
	return month(r.Due), "month-" + r.Due.String()[:7]
}
