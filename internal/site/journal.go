package site

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

// A yearIndex has the notes of each year.
type yearIndex = index[int, *journal.File]

// yearsOf returns the years that a note has something of, 0 for a journal file
// that has no date at all.
func yearsOf(f *journal.File) []int {
	var years []int
	for i := range f.Entries {
		if y := f.Entries[i].Date.Year(); !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	if d := fileDay(f.Note); !d.IsZero() && !slices.Contains(years, d.Year()) {
		years = append(years, d.Year())
	}
	if len(years) == 0 && f.Kind == note.Journal {
		years = append(years, 0)
	}
	return years
}

func (s *Site) journalPages() []File {
	files := []File{{Path: journalPath(0), Inputs: journalPage{s.frame, s.years}}}
	years := newestFirst(s.years)
	for i, year := range years {
		p := yearPage{frame: s.frame, year: year, notes: s.years.lists[year]}
		if i > 0 {
			p.later = years[i-1]
		}
		if i+1 < len(years) {
			p.earlier = years[i+1]
		}
		files = append(files, File{Path: journalPath(year), Inputs: p})
	}
	return files
}

// newestFirst returns the years that have a page, the newest first.
func newestFirst(x *yearIndex) []int {
	years := make([]int, 0, len(x.lists))
	for y := range x.lists {
		if y != 0 {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	return years
}

// Month is a month of the journal.
type Month struct {
	Label, Id string
	Days      []Day
}

// Day is a day of the journal.
type Day struct {
	Id      string
	When    template.HTML
	Prose   template.HTML // of the daily note
	Entries template.HTML // items

	entries markup
}

// Prose is the text of a journal file that belongs to no day.
type Prose struct {
	Title string
	HTML  template.HTML
}

// journalPage shows the newest months.
type journalPage struct {
	*frame
	years *yearIndex
}

type journalModel struct {
	Page   Page
	Months []Month
	Prose  []Prose // of the files that have no date
	Years  []Anchor
	More   bool // there is more than is shown
}

// The journal's first page shows what happened since the first day of the month
// two months ago, but not more entries than these, and not fewer if there are.
const (
	mostNew   = 200
	fewestNew = 30
)

func (p journalPage) render(b []byte) ([]byte, error) {
	m := journalModel{Page: p.page("journal.html", "Journal", inJournal)}
	var c chronicle
	for _, y := range newestFirst(p.years) {
		m.Years = append(m.Years, Anchor{Href: journalPath(y), Label: strconv.Itoa(y)})
	}
	since := p.today.AddMonths(-2)
	_, _, day := since.YMD()
	since = since.AddDays(1 - day)
	for _, y := range newestFirst(p.years) {
		if y < since.Year() && len(c.entries) >= fewestNew {
			m.More = true
			break
		}
		c.add(p.frame, p.years.lists[y].members, y, "")
	}
	c.sort()
	keep := 0
	for keep < len(c.entries) && keep < mostNew && (keep < fewestNew || !c.entries[keep].Entry().Date.Before(since)) {
		keep++
	}
	if keep < len(c.entries) {
		m.More = true
		last := c.entries[keep].Entry().Date
		for keep > 1 && c.entries[keep-1].Entry().Date == last { // no half days
			keep--
		}
		c.entries = c.entries[:keep]
		for d := range c.prose {
			if !d.After(last) {
				delete(c.prose, d)
			}
		}
	}
	m.Months = c.months(p.frame, "", true)
	if undated := p.years.lists[0]; undated != nil {
		var c chronicle
		c.add(p.frame, undated.members, 0, "")
		m.Prose = c.loose
	}
	return p.theme.render(b, "journal", m)
}

// yearPage shows a year.
type yearPage struct {
	*frame
	year           int
	notes          *list[*journal.File]
	earlier, later int // the years beside it that have a page, or 0
}

type yearModel struct {
	Page           Page
	Year           string
	Months         []Month
	Prose          []Prose
	Earlier, Later Anchor
}

func (p yearPage) render(b []byte) ([]byte, error) {
	path := journalPath(p.year)
	root := rootOf(path)
	year := strconv.Itoa(p.year)
	var c chronicle
	c.add(p.frame, p.notes.members, p.year, root)
	c.sort()
	m := yearModel{Page: p.page(path, year, inJournal), Year: year, Months: c.months(p.frame, root, false), Prose: c.loose}
	if p.earlier != 0 {
		m.Earlier = Anchor{Href: root + journalPath(p.earlier), Label: strconv.Itoa(p.earlier)}
	}
	if p.later != 0 {
		m.Later = Anchor{Href: root + journalPath(p.later), Label: strconv.Itoa(p.later)}
	}
	return p.theme.render(b, "year", m)
}

// A chronicle is what happened, of many notes.
type chronicle struct {
	entries []journal.EntryRef
	prose   map[civil.Date]template.HTML
	loose   []Prose
}

// add adds what notes have of a year.
func (c *chronicle) add(f *frame, notes []*journal.File, year int, root string) {
	notes = slices.SortedFunc(slices.Values(notes), func(a, b *journal.File) int { return strings.Compare(a.Path, b.Path) })
	if c.prose == nil {
		c.prose = map[civil.Date]template.HTML{}
	}
	for _, n := range notes {
		for i := range n.Entries {
			if n.Entries[i].Date.Year() == year {
				c.entries = append(c.entries, journal.EntryRef{File: n, Index: i})
			}
		}
		if n.Kind == note.Journal {
			c.addProse(f, n, year, root)
		}
	}
}

// addProse adds the prose of a journal file: to its day, or below the file's name
// on the page of the file's year.
func (c *chronicle) addProse(f *frame, n *journal.File, year int, root string) {
	home, named, years := homeYear(n.Note), fileDay(n.Note), yearsOf(n)
	var loose template.HTML
	for _, s := range f.contents.of(n.Note).Prose {
		day := s.Day
		if day.IsZero() {
			day = named
		}
		switch {
		case !day.IsZero() && slices.Contains(years, day.Year()):
			if day.Year() == year {
				c.prose[day] += writer{n, root}.html(s.HTML)
			}
		case home == year:
			loose += writer{n, root}.html(s.HTML)
		}
	}
	if loose != "" {
		c.loose = append(c.loose, Prose{fileTitle(n), loose})
	}
}

// sort puts the entries in order, those of one time as they were added. There
// may be a hundred thousand, for which a stable sort takes many times as long.
func (c *chronicle) sort() {
	type placed struct {
		*note.Entry
		at int
	}
	order := make([]placed, len(c.entries))
	for i, ref := range c.entries {
		order[i] = placed{ref.Entry(), i}
	}
	slices.SortFunc(order, func(a, b placed) int { return cmp.Or(journal.CompareEntries(a.Entry, b.Entry), a.at-b.at) })
	sorted := make([]journal.EntryRef, len(order))
	for i, p := range order {
		sorted[i] = c.entries[p.at]
	}
	c.entries = sorted
}

// months puts the entries and the prose, newest first, under their days and
// months. With ahead, what is still to come stands under a heading of its own.
func (c *chronicle) months(f *frame, root string, ahead bool) []Month {
	days := make([]civil.Date, 0, len(c.prose))
	for d := range c.prose {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b civil.Date) int { return b.Compare(a) })
	var months []Month
	var last civil.Date
	on := func(d civil.Date) *Day {
		label, id := month(d), d.String()[:7]
		words := d.Weekday().String()[:3] + " " + short(d)
		if ahead && d.After(f.today) {
			label, id = "Ahead", "ahead"
			if d.Year() != f.today.Year() {
				words = inWords(d)
			}
		}
		if n := len(months); n == 0 || months[n-1].Id != id {
			months = append(months, Month{Label: label, Id: id})
		}
		m := &months[len(months)-1]
		if d != last {
			m.Days = append(m.Days, Day{Id: d.String(), When: f.on(d, words), Prose: c.prose[d]})
			last = d
		}
		return &m.Days[len(m.Days)-1]
	}
	for i, ref := range c.entries {
		d := ref.Entry().Date
		for ; len(days) > 0 && days[0].After(d); days = days[1:] {
			on(days[0])
		}
		if len(days) > 0 && days[0] == d {
			days = days[1:]
		}
		day := on(d)
		f.journalEntry(&day.entries, ref, root)
		if i+1 == len(c.entries) || c.entries[i+1].Entry().Date != d {
			day.Entries = day.entries.html()
		}
	}
	for _, d := range days {
		on(d)
	}
	return months
}

// journalEntry adds an entry to a page that is nobody's own, as a list item: whom
// it is about, and what happened.
func (f *frame) journalEntry(m *markup, ref journal.EntryRef, root string) {
	e, n := ref.Entry(), ref.File
	var who string
	var with []string
	var line, rest template.HTML
	switch {
	case n.Kind == note.Contact:
		var name markup
		name.link("person", root+escapePath(contactPath(n.Slug)), n.Name)
		who, with = string(name), withWhom(ref, n.Slug, root)
		line = writer{n, root}.line(gist(n, e))
	case ownNews(ref):
		who = "Your news"
		line, rest = f.contents.entry(n, ref.Index, root)
	default:
		who = andList(withWhom(ref, "", root))
		line, rest = f.contents.entry(n, ref.Index, root)
	}
	m.add(`<li class="`, class(e, f.today), `"><p class="head">`)
	if who != "" {
		m.add(`<span class="whom">`, who, "</span> ")
	}
	m.head(ref, with, root)
	m.add("</p>\n")
	m.text(line, rest)
	m.add("</li>\n")
}
