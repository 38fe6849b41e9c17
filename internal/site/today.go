package site

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"time"

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
	Page        Page
	Day         template.HTML // the date in words
	Cards       []Card        // today's few, those whose birthday it is before them
	AllDone     bool          // you have been in touch with all of the few
	Waiting     []Listed      // who waits for your answer
	Thanks      []Listed      // thanks still to say
	ThanksAbove []Name        // who else is to be thanked, and has a card
	Unheard     []Listed      // who helped you, and has not heard how it turned out
	Coming      []Coming      // what is planned, birthdays and dates of the next two weeks
	Dates       string        // how many more of these there are, if any
	Promises    []Promise     // what you promised; those due in the next two weeks, or before, then those without a date
	Promised    string        // how many more there are, if any
	Decide      []Undecided   // those to ask about
	Due         []PeopleGroup // who else is due, up to 200, by how long
	DueAll      Anchor        // where the rest of them is, if there are more
	Ahead       Anchor        // where to see who comes next
	Problems    Anchor        // what could not be read, if anything
	People      int           // how many people there are
}

// Listed is somebody in a list of Today.
type Listed struct {
	Attrs  template.HTMLAttr // data-contact
	Who    Name
	When   template.HTML   // beside the name
	Quotes []template.HTML // what they did or wrote
	Line   template.HTML   // what there is to say about it
	Write  Way
}

// Coming is a day with somebody that is near.
type Coming struct {
	Attrs template.HTMLAttr // data-contact
	Who   Name
	What  string // a birthday, a coffee
	On    string // the date in short, if it is said
	When  When
	At    string // weekday and time, if they are said
}

// Promise is a promise, with those it was made to.
type Promise struct {
	Attrs template.HTMLAttr // data-contact, where the text says to whom
	To    []Person
	Task  Task
}

// Undecided is somebody of whom to decide how often to be in touch.
type Undecided struct {
	Attrs   template.HTMLAttr // data-contact
	Slug    string
	Front   string // the hash of their front matter, for the script of a served page
	Who     Name
	Line    string        // who they are
	Last    template.HTML // the last exchange
	Command string        // to be typed in a terminal
}

func (p todayPage) Render(b []byte) ([]byte, error) {
	d := p.day
	_, month, n := p.today.YMD()
	m := todayModel{
		Page:  p.page("index.html", "Today", inToday),
		Day:   timeHTML(p.today, p.today.Weekday().String()+", "+strconv.Itoa(n)+" "+time.Month(month).String(), p.today.String()),
		Ahead: Anchor{Href: "due.html", Label: "Who comes next"}, People: d.people, AllDone: len(d.few) > 0,
	}
	s := p.theme.sheet()
	defer p.theme.done(s)
	shown := map[*due.Row]bool{}
	for _, k := range d.born {
		card := p.card(s, k.Row.Brief(p.today, k.meetings()), k.Row.Reasons, k.photo, "", nil)
		card.Why = p.withBirthday(k.Row, card.Why)
		m.Cards = append(m.Cards, card)
		shown[k.Row], m.AllDone = true, false
	}
	for _, k := range d.few {
		shown[k.Row] = true
		card := p.card(s, k.Row.Brief(p.today, k.meetings()), k.Reasons(), k.photo, "", nil)
		if k.Done() {
			card.Done = p.didToday(k.Row)
		} else {
			m.AllDone = false
		}
		card.Why = p.withBirthday(k.Row, card.Why)
		m.Cards = append(m.Cards, card)
	}
	var thanked []participant
	for _, k := range slices.Concat(d.born, d.few) {
		if _, owed := k.Row.Reason(due.Thanks); owed {
			thanked = append(thanked, participant{k.Row.Contact.Slug, k.Row.Contact.Name})
		}
	}
	m.ThanksAbove = names(thanked, "")
	p.lists(s, &m, shown)
	m.Due = p.byHowLong(slices.DeleteFunc(slices.Clone(d.due), func(r *due.Row) bool { return shown[r] }), "")
	if d.dues > len(d.due) {
		m.DueAll = Anchor{Href: "due.html", Label: "All " + thousands(d.dues) + " who are due"}
	}
	if d.problems > 0 {
		m.Problems = Anchor{Href: problemsPath, Label: counted(d.problems, "line in your notes needs", "lines in your notes need") + " a look"}
	}
	return p.theme.render(b, "index", m)
}

// withBirthday puts before why to write to somebody that it is their birthday, if it is.
func (p todayPage) withBirthday(r *due.Row, why template.HTML) template.HTML {
	i := slices.IndexFunc(p.day.dates, func(a due.Anniversary) bool { return a.Row == r && isBirthday(a, p.today) })
	if i < 0 {
		return why
	}
	words := "Birthday today"
	if a := p.day.dates[i]; a.Known && a.Years > 0 {
		words += ": " + years(a.Label, a.Years)
	}
	if why != "" {
		words += ". "
	}
	return template.HTML(words) + why
}

// didToday says what was done today.
func (p todayPage) didToday(r *due.Row) template.HTML {
	for _, ref := range r.Contact.Entries {
		if e := ref.Entry(); e.Date == p.today && (e.Direction == note.Outbound || e.Direction == note.Mutual) {
			words := "Done today"
			if ref.Has(note.Thanked) {
				words = "Thanked today"
			}
			if kind := ref.Kind(); kind != "" {
				words += ", by " + due.KindName(kind)
			}
			return escHTML(words)
		}
	}
	return "Done today"
}

// lists fills what stands below the cards.
func (p todayPage) lists(s *sheet, m *todayModel, shown map[*due.Row]bool) {
	d := p.day
	for _, r := range d.waiting {
		reply, _ := r.Reason(due.Reply)
		brief := r.Brief(p.today, nil)
		l := p.listed(r)
		if n := len(brief.Unanswered); n > 1 {
			l.When = template.HTML("wrote "+times(n)+", the first time ") + p.when(reply.Since)
		} else if n == 1 {
			kind := due.KindName(brief.Unanswered[0].Kind())
			l.When = escHTML(due.Article(kind)+" "+kind+", ") + p.when(reply.Since)
		}
		for _, ref := range brief.Unanswered[:min(len(brief.Unanswered), 2)] {
			l.Quotes = append(l.Quotes, p.contents.gist(ref, ""))
		}
		m.Waiting = append(m.Waiting, l)
	}
	for _, r := range d.thanks {
		m.Thanks = append(m.Thanks, p.helper(r, due.Thanks))
	}
	for _, r := range d.unheard {
		m.Unheard = append(m.Unheard, p.helper(r, due.Tell, due.Quiet))
	}
	for _, r := range d.planned {
		i := slices.IndexFunc(r.Contact.Entries, func(ref journal.EntryRef) bool {
			return ref.Entry().Date == r.Planned && ref.Entry().Touch() && ref.Entry().Direction != note.Inbound
		})
		what, at := "planned", ""
		if i >= 0 {
			ref := r.Contact.Entries[i]
			what, at = cmp.Or(ref.Kind(), what), ref.Entry().Time.String()
		}
		if at != "" {
			at = " at " + at
		}
		m.Coming = append(m.Coming, Coming{
			Attrs: attrs(r, false), Who: called(r.Contact, ""), What: what, When: p.seen(r.Planned), At: r.Planned.Weekday().String() + at,
		})
	}
	for _, a := range d.dates {
		if isBirthday(a, p.today) {
			continue // it has a card
		}
		what := a.Label
		if a.Known && a.Years > 0 {
			what += ", " + years(a.Label, a.Years)
		}
		m.Coming = append(m.Coming, Coming{
			Attrs: attrs(a.Row, false), Who: called(a.Row.Contact, ""), What: what, On: short(a.Date), When: p.seen(a.Date),
		})
	}
	m.Dates = more(d.anniversaries - len(d.dates))
	for at := 0; at < len(d.promises); {
		end := at + 1
		for end < len(d.promises) && d.promises[end].task == d.promises[at].task {
			end++
		}
		if to := d.promises[at:end]; slices.ContainsFunc(to, func(one promise) bool { return !shown[one.to] }) {
			m.Promises = append(m.Promises, p.promise(to))
		}
		at = end
	}
	m.Promised = more(d.promised)
	for _, r := range d.decide {
		c := r.Contact
		u := Undecided{
			Attrs: attrs(r, false), Slug: c.Slug, Front: c.File.FrontHash(), Who: called(c, ""),
			Line: whoLine(c), Command: "kith every " + c.Slug + " month",
		}
		if r.Newest >= 0 {
			u.Last = escHTML(due.KindName(c.Entries[r.Newest].Kind())+", ") + p.when(r.Last)
		}
		m.Decide = append(m.Decide, u)
	}
}

// listed is somebody in a list.
func (p todayPage) listed(r *due.Row) Listed {
	return Listed{Attrs: attrs(r, false), Who: called(r.Contact, ""), Write: writeTo(r.Contact, p.draft(r.Brief(p.today, nil)), "")}
}

// helper is somebody who helped you: what they did, and why to write.
func (p todayPage) helper(r *due.Row, kinds ...due.ReasonKind) Listed {
	l := p.listed(r)
	if brief := r.Brief(p.today, nil); len(brief.Helped) > 0 {
		help := brief.Helped[0]
		l.When = p.on(help.Entry().Date, due.Day(p.today, help.Entry().Date))
		l.Quotes = append(l.Quotes, p.contents.gist(help, ""))
	}
	for _, k := range kinds {
		if reason, ok := r.Reason(k); ok && k != due.Thanks {
			l.Line = p.why(r, reason, "")
			break
		}
	}
	return l
}

// more says how many there are beside those shown; nothing if there are none.
func more(n int) string {
	if n <= 0 {
		return ""
	}
	return thousands(n)
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
		g := PeopleGroup{Label: label, Id: id}
		for _, r := range part {
			g.People = append(g.People, f.duePerson(r, root))
		}
		groups = append(groups, g)
		label, id = "", ""
	}
	return groups
}

// taskView is a task of somebody in a line, and for which day it is.
func (f *frame) taskView(slug string, t journal.TaskRef, root string) Task {
	task := t.Task()
	return Task{
		Above: f.contents.above(t.File, task.Line, root), Who: slug, Hash: note.Hash(t.File.LineText(task.Line)),
		Text: f.contents.line(t.File, task.Text, root), Before: "for", Due: f.dated(task.Due, due.Day(f.today, task.Due)),
	}
}

// promise is a promise and the people it was made to.
func (p todayPage) promise(to []promise) Promise {
	task := to[0].task
	v := Promise{Task: p.taskView(to[0].to.Contact.Slug, task, "")}
	switch {
	case task.File.Kind != note.Journal:
		for _, one := range to {
			v.To = append(v.To, Person{Attrs: attrs(one.to, false), Who: called(one.to.Contact, "")})
		}
	case len(to) == 1: // the text says to whom
		v.Attrs = attrs(to[0].to, false)
	}
	return v
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
