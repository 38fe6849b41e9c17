package site

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// contactPages returns those who have a page, in the order of its path.
func contactPages(people []*person) []*person {
	var pages []*person
	for _, p := range people {
		if p.row != nil {
			pages = append(pages, p)
		}
	}
	slices.SortFunc(pages, func(a, b *person) int { return byPath(a.page, b.page) })
	return pages
}

// contactPage is the page of one contact.
type contactPage struct {
	*frame
	row   *due.Row
	photo string // where on the site it is, or ""
	files string // the paths of those that are attached, a line for each
	// meeting is the introduction that would serve them best, if there is one.
	meeting due.Introduction
}

type contactModel struct {
	Page     Page
	Name     string
	Face     template.HTML
	Aliases  []string
	Who      []string      // role and place and pronouns
	Zone     string        // their time zone, in which a script says what time it is
	Status   string        // of who is not active: a sentence
	Stand    template.HTML // where you stand, in sentences
	Problems []Problem     // what could not be read
	Cards    []Card        // what there is to say to them; none in memory
	Prose    template.HTML
	Met      template.HTML // how you met, in sentences
	Kept     []Task        // what was promised and asked, and is done
	Rest     []Task        // what was not, in memory
	Offers   []string
	Dates    []YearlyDate
	Circles  []Name
	Tags     []Tag
	Files    []Name          // what is attached
	Extra    []note.Labelled // keys that kith does not know
	Years    []YearEntries   // the time-line
	Mentions []Mention
	Source   string // the note's path in the journal
}

// YearlyDate is a birthday, or another date that comes round.
type YearlyDate struct {
	Label string
	Words string // the date
	Years string // the age it brings, or how long ago it was, if that is known
	Next  When
}

// Mention is a sentence that mentions somebody.
type Mention struct {
	Sentence template.HTML
	Where    Name // the note it stands in
	Day      When // of the entry, if it is one
}

// YearEntries is a year of a contact's time-line.
type YearEntries struct {
	Label   string
	Entries []Entry
}

func (p contactPage) Render(b []byte) (page []byte, err error) {
	p.contents.show(p.row.Contact.File.Note, func(content *note.Content) { page, err = p.renderWith(b, content) })
	return page, err
}

func (p contactPage) renderWith(b []byte, content *note.Content) ([]byte, error) {
	c := p.row.Contact
	front, path := c.Front(), contactPath(c.Slug)
	root := rootOf(path)
	w := writer{c.File, root}
	m := contactModel{
		Page: p.page(path, c.Name, inPeople), Name: c.Name, Face: face(c, p.photo, root),
		Aliases: front.Aliases, Who: whoParts(front), Zone: front.Timezone, Offers: front.Offers, Dates: p.dates(), Mentions: p.mentions(root),
		Status: statusSentence(front.Status), Problems: contactProblems(c.File),
		Files: fileNames(p.files, root), Extra: front.Extra, Source: c.File.Path,
	}
	s := p.theme.sheet()
	defer p.theme.done(s)
	p.met(&s.markup, w, content)
	m.Met = s.cut()
	p.stand(&s.markup, root)
	m.Stand = s.cut()
	if front.Status != note.Memorial {
		brief := p.row.Brief(p.today, known(p.meeting))
		m.Cards = []Card{p.card(s, brief, p.row.Reasons, p.photo, root, content)}
	}
	for _, circle := range c.Circles {
		m.Circles = append(m.Circles, Name{Href: address(root, circlePath(circle.Slug)), Name: circle.Name})
	}
	for _, tag := range front.Tags {
		m.Tags = append(m.Tags, w.tagged(tag))
	}
	for _, section := range content.Prose {
		w.fill(&s.markup, section.HTML)
	}
	m.Prose = s.cut()
	p.tasks(&m, content, root)
	m.Years = p.timeline(s, content, root)
	return p.theme.render(b, "contact", m)
}

// whoParts says who somebody is: role, place and pronouns.
func whoParts(front *note.Front) []string {
	place := front.Location + front.Timezone
	if front.Location != "" && front.Timezone != "" {
		place = front.Location + " (" + front.Timezone + ")"
	}
	return slices.DeleteFunc([]string{role(front), place, front.Pronouns}, func(s string) bool { return s == "" })
}

func statusSentence(s note.Status) string {
	switch s {
	case note.Paused:
		return "Resting for now: nothing here will ask for your attention."
	case note.Archived:
		return "Archived: kept, and out of the way."
	case note.Memorial:
		return "In memory."
	}
	return ""
}

// contactProblems returns what stands at the top of a contact's page: what could
// not be read.
func contactProblems(f *journal.File) []Problem {
	var list []Problem
	for _, p := range f.Problems {
		if p.Severity == note.Error {
			list = append(list, problem(p))
		}
	}
	return list
}

// met says how you met.
func (p contactPage) met(m *markup, w writer, content *note.Content) {
	front := p.row.Contact.Front()
	switch {
	case !front.Met.IsZero():
		m.add("You met on ", string(p.on(front.Met, inWords(front.Met))), ", ")
		m.time(front.Met, due.When(p.today, front.Met), "")
		m.add(". ")
	case front.MetText != "":
		m.add(`You met: <span dir="auto">`, esc(front.MetText), "</span>. ")
	}
	if len(content.Via) > 0 {
		m.add("Through ")
		for i, f := range content.Via {
			m.add(joint(i, len(content.Via)))
			w.fill(m, f)
		}
		m.add(". ")
	}
	if met := p.row.Contact.Introduced; len(met) > 0 {
		m.add("Through ", due.PronounsOf(front).Them, " you met ")
		for i, f := range met {
			m.add(joint(i, len(met)))
			m.linkTo("person", w.root, f.Slug, f.Name)
		}
		m.add(".")
	}
}

// stand says where you stand with them: whose turn it is, how often you want to
// be in touch and who chose that, when the next time is, give and take.
func (p contactPage) stand(m *markup, root string) {
	r, c := p.row, p.row.Contact
	say := func(parts ...template.HTML) {
		for _, part := range parts {
			m.add(string(part))
		}
		m.add(" ")
	}
	memorial, they := c.Front().Status == note.Memorial, due.PronounsOf(c.Front())
	if !they.Given {
		they.Given = true // no name stands beside the sentences
	}
	switch {
	case r.Last.IsZero():
		say("Nothing is written down yet of a letter or a talk.")
	case memorial:
		say("You were last in touch on ", p.on(r.Last, inWords(r.Last)), ".")
	case r.Turn == due.Yours:
		say(escHTML(they.Did("wrote")), " ", p.when(r.Last), "; the next word is yours.")
	case r.Turn == due.Theirs:
		say("You wrote last, ", p.when(r.Last), ".")
	default:
		say("You were last in touch ", p.when(r.Last), ".")
	}
	if memorial {
		return
	}
	if c.Cadence.Recurs() {
		say("Every ", template.HTML(every(c.Cadence)), p.chosenBy(root), ".")
	} else if c.Cadence == civil.Never {
		say("No reminders", p.chosenBy(root), ".")
	}
	p.sayNext(say)
	if n := p.helps(); n > 0 {
		say(escHTML(they.Did(they.Has() + " helped you " + times(n) + ".")))
	}
}

// helps counts how often they helped you.
func (p contactPage) helps() (n int) {
	for _, ref := range p.row.Contact.Entries {
		if ref.Has(note.Got) && !ref.Entry().Date.After(p.today) {
			n++
		}
	}
	return n
}

// chosenBy says who chose the cadence.
func (p contactPage) chosenBy(root string) template.HTML {
	c := p.row.Contact
	slug, isCircle := strings.CutPrefix(c.CadenceFrom, "circle:")
	switch {
	case isCircle:
		i := slices.IndexFunc(c.Circles, func(r journal.CircleRef) bool { return r.Slug == slug })
		if i < 0 {
			return ""
		}
		var m markup
		m.link("circle", root, circlePath(slug), c.Circles[i].Name)
		return ", like your " + m.html()
	case c.CadenceFrom == "settings":
		return ", your usual"
	case c.Cadence == civil.Never:
		return ", by choice"
	}
	return ""
}

// sayNext says when the next time is.
func (p contactPage) sayNext(say func(parts ...template.HTML)) {
	r, snooze := p.row, p.row.Contact.Front().Snooze
	switch {
	case r.State == due.Paused:
	case snooze.After(p.today):
		say("Quiet until ", p.on(snooze, inWords(snooze)), ".")
	case !r.Planned.IsZero():
		say("Planned for ", p.on(r.Planned, inWords(r.Planned)), ", ", timeHTML(r.Planned, due.When(p.today, r.Planned), ""), ".")
	case r.State == due.Overdue:
		say("Ready to reconnect since ", p.on(r.Due, inWords(r.Due)), ".")
	case r.State == due.DueToday:
		say(next(r.Due), "Today is a good day to write.", "</span>")
	case !r.Due.IsZero():
		say(next(r.Due), "Next about ", p.on(r.Due, inWords(r.Due)), ".", "</span>")
	}
}

// next begins a sentence about the next time, which the page's script replaces once
// that is past.
func next(d civil.Date) template.HTML { return template.HTML(`<span data-next="` + d.String() + `">`) }

// tasks shows what is done, with all that is written below it, and of whom died what is
// not; else that is on the card.
func (p contactPage) tasks(m *contactModel, own *note.Content, root string) {
	for _, t := range p.row.Contact.Tasks {
		task, memorial := t.Task(), p.row.Contact.Front().Status == note.Memorial
		if !task.Done && !memorial {
			continue
		}
		v := p.taskView("", t, root)
		v.Text = p.wholeTask(p.row.Contact.File, t, own, root)
		if task.Done {
			v.Due = When{}
			m.Kept = append(m.Kept, v)
			continue
		}
		v.Before, v.Due = "by", p.dated(task.Due, inWords(task.Due)) // how long ago is never said of the dead
		m.Rest = append(m.Rest, v)
	}
}

// wholeTask is a task with all that is written below it, on the page of a note that has
// the content own.
func (f *frame) wholeTask(page *journal.File, t journal.TaskRef, own *note.Content, root string) template.HTML {
	content := own
	if t.File != page {
		content = f.contents.of(t.File.Note)
	}
	// More than its line is below it: blocks, of which a heading is one line, too.
	all, text := string(content.Tasks[t.Index]), t.Task().Text
	if text == "" || strings.Contains(all, "\n") || strings.Contains(all, "<p>") || strings.Contains(all, "<h") {
		return writer{t.File, root}.html(note.Fragment(all))
	}
	return f.contents.line(t.File, text, root)
}

// dates are the birthday and the other yearly dates.
func (p contactPage) dates() (list []YearlyDate) {
	front := p.row.Contact.Front()
	add := func(label string, y civil.Yearly) {
		if y.IsZero() {
			return
		}
		day, n, known := y.Next(p.today)
		d := YearlyDate{Label: label, Words: yearlyWords(y), Next: p.seen(day)}
		if known && n > 0 && front.Status != note.Memorial {
			d.Years = years(label, n)
		}
		list = append(list, d)
	}
	add("birthday", front.Birthday)
	for _, d := range front.Dates {
		add(d.Label, d.Date)
	}
	return list
}

// yearlyWords says a yearly date: 10 December 1815, or 10 December.
func yearlyWords(y civil.Yearly) string {
	words := inWords(civil.In(2000, int(y.Month), int(y.Day)))
	words = strings.TrimSuffix(words, " 2000")
	if y.Year != 0 {
		words += " " + strconv.Itoa(int(y.Year))
	}
	return words
}

// timeline shows all entries by year, newest first, and what is planned before
// them.
func (p contactPage) timeline(s *sheet, own *note.Content, root string) []YearEntries {
	c := p.row.Contact
	var years []YearEntries
	last := 0 // the year, or -1 for what is ahead
	entries := make([]Entry, 0, len(c.Entries))
	first := 0 // of the year
	for i, ref := range c.Entries {
		e := ref.Entry()
		if year := p.yearOf(e); i == 0 || year != last {
			label := "Ahead"
			if year >= 0 {
				label = strconv.Itoa(year)
			}
			years, last, first = append(years, YearEntries{Label: label}), year, i
		}
		said := note.EntryContent{}
		if ref.File == c.File {
			said = own.Entries[ref.Index]
		} else {
			said = p.contents.entry(ref)
		}
		entry := p.entry(s, ref, said, c.Slug, root)
		entry.Day = p.dated(e.Date, short(e.Date))
		entries = append(entries, entry)
		years[len(years)-1].Entries = entries[first:]
	}
	return years
}

// yearOf returns the year of an entry, -1 if it is still ahead.
func (f *frame) yearOf(e *note.Entry) int {
	if e.Date.After(f.today) {
		return -1
	}
	return e.Date.Year()
}

// mentions shows who mentions them, with the sentence that does.
func (p contactPage) mentions(root string) (list []Mention) {
	for _, mention := range p.row.Contact.Mentions {
		f := mention.File
		v := Mention{Sentence: writer{f, root}.html(p.contents.sentence(mention)), Where: Name{Name: fileTitle(f)}}
		if at := notePath(f); at != "" {
			v.Where.Href = address(root, at)
		}
		if entry := f.Links[mention.Link].Entry; entry >= 0 {
			day := f.Entries[entry].Date
			v.Day = p.dated(day, inWords(day))
		}
		list = append(list, v)
	}
	return list
}

// fileTitle is what a note is called: its name, or the day of a daily note.
func fileTitle(f *journal.File) string {
	if d := fileDay(f.Note); !d.IsZero() {
		return inWords(d)
	}
	return f.Name
}
