package site

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// mostDue is how many due people the first page lists (FORMAT.md, "The site").
const mostDue = 200

// daysAhead is how many days ahead the first page looks for birthdays, dates and
// promises.
const daysAhead = 14

func (s *Site) todayPages() []File {
	return []File{
		{Path: "index.html", Inputs: todayPage{s.frame, s.View}},
		{Path: "due.html", Inputs: duePage{s.frame, s.View}},
	}
}

// todayPage is the first page: whom to write to today, and what else there is.
type todayPage struct {
	*frame
	view *due.View
}

type todayModel struct {
	Page     Page
	Day      template.HTML // the date in words
	Cards    []Card        // today's few
	Due      template.HTML // items: everybody who is due, up to 200
	DueAll   Anchor        // where the rest of them is, if there are more
	Ahead    Anchor        // where to see who comes next
	Dates    template.HTML // items: birthdays and dates of the next two weeks
	Promises template.HTML // items: those due by then
	Done     template.HTML // items: whom you have been in touch with today
	Problems Anchor        // what could not be read, if anything
	People   int           // how many people there are
}

// Card is one of today's few.
type Card struct {
	Attrs    template.HTMLAttr // data-contact
	Href     string
	Name     string
	Face     template.HTML
	Who      string        // who they are, in a line
	Why      template.HTML // why to write to them
	LastWhen template.HTML // the last exchange: when,
	LastHead template.HTML // of what kind,
	Last     template.HTML // and what was said
	Asks     template.HTML // items: what to ask
	Promises template.HTML // items: what you promised
	Needs    template.HTML // items: what they look for
	Ways     template.HTML // items: how to reach them
}

func (p todayPage) render(b []byte) ([]byte, error) {
	few := p.view.TodaysFew()
	m := todayModel{
		Page: p.page("index.html", "Today", inToday), Day: timeHTML(p.today, withWeekday(p.today), p.today.String()),
		Ahead: Anchor{Href: "due.html", Label: "Who comes next"}, People: len(p.view.Rows), Dates: p.dates(), Promises: p.promises(),
	}
	for _, pick := range few.Few {
		m.Cards = append(m.Cards, p.card(pick))
	}
	all := p.view.Due(civil.Date{})
	var list, done markup
	for _, r := range all[:min(len(all), mostDue)] {
		p.duePerson(&list, r, "")
	}
	if len(all) > mostDue {
		m.DueAll = Anchor{Href: "due.html", Label: "All " + thousands(len(all)) + " who are due"}
	}
	for _, r := range few.Done {
		done.noted(r, lastLine(r, ""), "")
	}
	m.Due, m.Done = list.html(), done.html()
	if n := len(p.view.Journal.Problems()); n > 0 {
		m.Problems = Anchor{Href: problemsPath, Label: counted(n, "line in your notes needs", "lines in your notes need") + " a look"}
	}
	return p.theme.render(b, "index", m)
}

// noted adds a contact as an item of the margin.
func (m *markup) noted(r *due.Row, said, when template.HTML) {
	m.add("<li")
	m.contact(r, false)
	m.add(">")
	m.link("name", escapePath(contactPath(r.Contact.Slug)), r.Contact.Name)
	m.add(` <span class="said" dir="auto">`, string(said), "</span>")
	if when != "" {
		m.add(` <span class="when">`, string(when), "</span>")
	}
	m.add("</li>\n")
}

// card shows one of the day's few.
func (p todayPage) card(pick due.Pick) Card {
	r, c := pick.Row, pick.Row.Contact
	var attrs, head, asks, promises, needs markup
	attrs.contact(r, false)
	card := Card{
		Attrs: template.HTMLAttr(attrs), Href: escapePath(contactPath(c.Slug)), Name: c.Name,
		Face: face(c, photo(p.view.Journal, c.File), ""), Who: whoLine(c),
		Why: upperHTML(p.why(writer{c.File, ""}, r, pick.Reason)), Last: lastLine(r, ""), Ways: ways(c.Front()),
	}
	if r.Newest >= 0 {
		ref := c.Entries[r.Newest]
		card.LastWhen = p.when(ref.Entry().Date)
		head.head(ref, withWhom(ref, c.Slug, ""), "")
	}
	for _, t := range c.Tasks {
		switch task := t.Task(); {
		case task.Done:
		case task.Ask:
			asks.task(p.taskLine(t, ""))
		default:
			promises.task(p.taskLine(t, ""))
		}
	}
	for _, need := range c.Front().Needs {
		needs.item(escHTML(need))
	}
	card.LastHead, card.Asks, card.Promises, card.Needs = head.html(), asks.html(), promises.html(), needs.html()
	return card
}

// lastLine quotes the newest touch.
func lastLine(r *due.Row, root string) template.HTML {
	if r.Newest < 0 {
		return ""
	}
	ref := r.Contact.Entries[r.Newest]
	return writer{ref.File, root}.line(gist(ref.File, ref.Entry()))
}

// taskLine shows a task in a line, and when it is due.
func (f *frame) taskLine(t journal.TaskRef, root string) (text, due template.HTML) {
	if d := t.Task().Due; !d.IsZero() {
		due = "due " + f.when(d)
	}
	return writer{t.File, root}.line(t.Task().Text), due
}

// mostPromises is how many promises the first page has room for.
const mostPromises = 20

// promises lists the open promises to active contacts that are due by the last of
// the days ahead, the oldest first.
func (p todayPage) promises() template.HTML {
	to := map[journal.TaskRef][]*due.Row{}
	var found []journal.TaskRef
	end := p.today.AddDays(daysAhead)
	for _, r := range p.view.Rows {
		if !r.Contact.Active() || r.Contact.File.Broken {
			continue
		}
		for _, t := range r.Contact.Tasks {
			if task := t.Task(); task.Ask || task.Done || task.Due.IsZero() || task.Due.After(end) {
				continue
			}
			if to[t] == nil {
				found = append(found, t)
			}
			to[t] = append(to[t], r)
		}
	}
	slices.SortFunc(found, func(a, b journal.TaskRef) int {
		return cmp.Or(a.Task().Due.Compare(b.Task().Due), strings.Compare(a.File.Path, b.File.Path), a.Index-b.Index)
	})
	var m markup
	for i, t := range found {
		if i == mostPromises {
			m.add(`<li class="quiet">and `, strconv.Itoa(len(found)-i), " more, each on its own page</li>\n")
			break
		}
		people := to[t]
		slices.SortFunc(people, func(a, b *due.Row) int { return journal.CompareNames(a.Contact, b.Contact) })
		m.add("<li")
		if t.File.Kind == note.Journal { // the text says to whom
			if len(people) == 1 {
				m.contact(people[0], false)
			}
			people = nil
		}
		m.add(">")
		for _, r := range people {
			m.add("<span")
			m.contact(r, false)
			m.add(">")
			m.link("name", escapePath(contactPath(r.Contact.Slug)), r.Contact.Name)
			m.add("</span> ")
		}
		text, due := p.taskLine(t, "")
		m.add(`<span class="said" dir="auto">`, string(text), `</span> <span class="when">`, string(due), "</span></li>\n")
	}
	return m.html()
}

// dates lists the birthdays and dates of the days ahead.
func (p todayPage) dates() template.HTML {
	var m markup
	for _, a := range p.view.Anniversaries(daysAhead + 1) {
		said := esc(a.Label)
		if a.Known && a.Years > 0 {
			said += ", " + years(a.Label, a.Years)
		}
		m.noted(a.Row, template.HTML(said), template.HTML(short(a.Date)+", ")+p.when(a.Date))
	}
	return m.html()
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
	view *due.View
}

type dueModel struct {
	Page   Page
	Groups []PeopleGroup
	Count  int // how many are due
}

func (p duePage) render(b []byte) ([]byte, error) {
	m := dueModel{Page: p.page("due.html", "Who is due", inToday)}
	var groups grouping
	var next []*due.Row
	for _, r := range p.view.Rows {
		switch r.State {
		case due.Overdue, due.DueToday:
			m.Count++
			p.duePerson(groups.under("Ready to reconnect", "now"), r, "")
		case due.Soon, due.Later:
			next = append(next, r)
		}
	}
	slices.SortFunc(next, func(a, b *due.Row) int {
		return cmp.Or(a.Due.Compare(b.Due), journal.CompareNames(a.Contact, b.Contact))
	})
	for _, r := range next {
		label, id := month(r.Due), "month-"+r.Due.String()[:7]
		if r.State == due.Soon {
			label, id = "In the next seven days", "soon"
		}
		p.duePerson(groups.under(label, id), r, "")
	}
	m.Groups = groups.list()
	return p.theme.render(b, "due", m)
}
