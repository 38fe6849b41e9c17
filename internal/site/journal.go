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

// A period is what a page of the journal shows: a month, or a year if the month
// is 0.
type period struct{ year, month int }

// noMonth is that of the journal files that have no date at all.
var noMonth = period{}

func monthOf(d civil.Date) period {
	y, m, _ := d.YMD()
	return period{y, int(m)}
}

// days returns the first day of a period and the last.
func (p period) days() (from, to civil.Date) {
	if p.month == 0 {
		return civil.In(p.year, 1, 1), civil.In(p.year, 12, 31)
	}
	return civil.In(p.year, p.month, 1), civil.In(p.year, p.month, civil.DaysIn(p.year, p.month))
}

func (p period) compare(o period) int { return cmp.Or(p.year-o.year, p.month-o.month) }

// appendMonths appends the months that a note has something of, each once.
func (c *contents) appendMonths(months []period, f *journal.File) []period {
	add := func(d civil.Date) {
		if m := monthOf(d); !d.IsZero() && !slices.Contains(months, m) {
			months = append(months, m)
		}
	}
	for i := range f.Entries {
		add(f.Entries[i].Date)
	}
	if f.Kind == note.Journal {
		add(fileDay(f.Note))
		loose := false // whether there is prose of no day
		for _, section := range c.of(f.Note).Prose {
			add(section.Day)
			loose = loose || section.Day.IsZero()
		}
		if len(months) == 0 || loose && homeYear(f.Note) == 0 {
			months = append(months, noMonth)
		}
	}
	return months
}

// mostInYear is how many entries the page of a year shows. If there are more, each
// month has a page of its own.
const mostInYear = 1500

func (s *Site) journalPages() []File {
	files := []File{{Path: journalPath(0), Inputs: journalPage{s.frame, s.months, s.tally.in(s.View.Today.Year())}}}
	years := yearsOf(s.months)
	for i, p := range years {
		p.frame = s.frame
		if i > 0 {
			p.later = years[i-1].year
		}
		if i+1 < len(years) {
			p.earlier = years[i+1].year
		}
		total := 0
		p.numbers = s.tally.in(p.year)
		for _, n := range p.numbers {
			total += n.all()
		}
		if p.divided = total > mostInYear; p.divided {
			files = append(files, p.monthPages()...)
		}
		files = append(files, File{Path: journalPath(p.year), Inputs: p})
	}
	return files
}

// yearsOf returns the years that have a page, the newest first.
func yearsOf(x *index[period, *journal.File]) []yearPage {
	var years []yearPage
	for _, m := range newestFirst(x) {
		if n := len(years); n == 0 || years[n-1].year != m.year {
			years = append(years, yearPage{year: m.year})
		}
		years[len(years)-1].months[m.month-1] = x.lists[m]
	}
	return years
}

// newestFirst returns the months that there is something of, the newest first.
func newestFirst(x *index[period, *journal.File]) []period {
	months := make([]period, 0, len(x.lists))
	for m := range x.lists {
		if m != noMonth {
			months = append(months, m)
		}
	}
	slices.SortFunc(months, func(a, b period) int { return b.compare(a) })
	return months
}

// Month is a month of the journal.
type Month struct {
	Label, Id string
	Days      []Day
}

// Day is a day of the journal.
type Day struct {
	Id      string
	When    When
	Prose   template.HTML // of the daily note
	Entries []Entry
}

// Prose is the text of a journal file that belongs to no day.
type Prose struct {
	Title string
	HTML  template.HTML
}

// journalPage shows the newest months.
type journalPage struct {
	*frame
	months  *index[period, *journal.File]
	numbers [12]*numbers // of this year
}

type journalModel struct {
	Page   Page
	Heat   template.HTML // the heat map of this year
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

func (p journalPage) Render(b []byte) ([]byte, error) {
	m := journalModel{Page: p.page("journal.html", "Journal", inJournal)}
	for _, y := range yearsOf(p.months) {
		m.Years = append(m.Years, Anchor{Href: journalPath(y.year), Label: strconv.Itoa(y.year)})
		if y.year == p.today.Year() {
			m.Heat = p.heatMap(y.year, p.numbers)
		}
	}
	since := p.today.AddMonths(-2)
	_, _, day := since.YMD()
	since = since.AddDays(1 - day)
	var c chronicle
	for _, month := range newestFirst(p.months) {
		if month.compare(monthOf(since)) < 0 && len(c.entries) >= fewestNew {
			m.More = true
			break
		}
		c.add(p.frame, inOrder(p.months.lists[month].members), month, "")
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
	s := p.theme.sheet()
	defer p.theme.done(s)
	m.Months = c.months(p.frame, s, "", true)
	if undated := p.months.lists[noMonth]; undated != nil {
		var c chronicle
		c.add(p.frame, inOrder(undated.members), noMonth, "")
		m.Prose = c.loose
	}
	return p.theme.render(b, "journal", m)
}

// yearPage shows a year, or leads to the pages of its months.
type yearPage struct {
	*frame
	year           int
	months         [12]*list[*journal.File] // nil for a month that has nothing
	numbers        [12]*numbers
	divided        bool // the months have pages of their own
	earlier, later int  // the years beside it that have a page, or 0
}

type yearModel struct {
	Page           Page
	Title          string
	Heat           template.HTML // the heat map, but of a month
	Review         []Said        // what it was like, of a year
	Months         []Month
	Links          []Anchor // to the pages of the months, if they have any
	Prose          []Prose
	Year           Anchor // of a month
	Earlier, Later Anchor
}

func (p yearPage) Render(b []byte) ([]byte, error) {
	path := journalPath(p.year)
	root := rootOf(path)
	year := strconv.Itoa(p.year)
	var c chronicle
	c.addFiles(p.frame, p.files(), period{year: p.year}, root)
	m := yearModel{Page: p.page(path, year, inJournal), Title: year, Heat: p.heatMap(p.year, p.numbers), Prose: c.loose}
	s := p.theme.sheet()
	defer p.theme.done(s)
	m.Review = p.review(s, root)
	if p.divided {
		m.Links = p.links(root)
	} else {
		for i, notes := range p.months {
			if notes != nil {
				c.addEntries(inOrder(notes.members), period{p.year, i + 1})
			}
		}
		c.sort()
		m.Months = c.months(p.frame, s, root, false)
	}
	if p.earlier != 0 {
		m.Earlier = Anchor{Href: root + journalPath(p.earlier), Label: strconv.Itoa(p.earlier)}
	}
	if p.later != 0 {
		m.Later = Anchor{Href: root + journalPath(p.later), Label: strconv.Itoa(p.later)}
	}
	return p.theme.render(b, "year", m)
}

// files returns the journal files that the page shows something of, each once.
func (p yearPage) files() []*journal.File {
	var files []*journal.File
	for _, month := range p.months {
		if month == nil {
			continue
		}
		for _, f := range month.members {
			if f.Kind == note.Journal {
				files = append(files, f)
			}
		}
	}
	return slices.Compact(inOrder(files))
}

// inOrder returns notes in the order of their paths.
func inOrder(notes []*journal.File) []*journal.File {
	return slices.SortedFunc(slices.Values(notes), func(a, b *journal.File) int { return strings.Compare(a.Path, b.Path) })
}

// links leads to the pages of the months, and says how much there is in each.
func (p yearPage) links(root string) []Anchor {
	var links []Anchor
	for m := 11; m >= 0; m-- {
		if p.months[m] != nil {
			month := period{p.year, m + 1}
			links = append(links, Anchor{Href: root + monthPath(month), Label: month.words(), Note: counted(p.numbers[m].all(), "entry", "entries")})
		}
	}
	return links
}

// monthPage shows a month of a year that is too much for one page.
type monthPage struct {
	*frame
	month          period
	notes          *list[*journal.File]
	earlier, later period // the months beside it that have a page
}

// monthPages returns those of a year, of which each leads to the ones beside it.
func (p yearPage) monthPages() []File {
	var pages []monthPage
	for m, notes := range p.months {
		if notes == nil {
			continue
		}
		page := monthPage{frame: p.frame, month: period{p.year, m + 1}, notes: notes}
		if n := len(pages); n > 0 {
			page.earlier, pages[n-1].later = pages[n-1].month, page.month
		}
		pages = append(pages, page)
	}
	files := make([]File, len(pages))
	for i, page := range pages {
		files[i] = File{Path: monthPath(page.month), Inputs: page}
	}
	return files
}

func (p monthPage) Render(b []byte) ([]byte, error) {
	path := monthPath(p.month)
	root := rootOf(path)
	var c chronicle
	c.add(p.frame, inOrder(p.notes.members), p.month, root)
	c.sort()
	s := p.theme.sheet()
	defer p.theme.done(s)
	m := yearModel{Page: p.page(path, p.month.words(), inJournal), Title: p.month.words(), Months: c.months(p.frame, s, root, false)}
	m.Year = Anchor{Href: root + journalPath(p.month.year), Label: strconv.Itoa(p.month.year)}
	if p.earlier != noMonth {
		m.Earlier = Anchor{Href: root + monthPath(p.earlier), Label: p.earlier.words()}
	}
	if p.later != noMonth {
		m.Later = Anchor{Href: root + monthPath(p.later), Label: p.later.words()}
	}
	return p.theme.render(b, "year", m)
}

func (p period) words() string { return month(civil.In(p.year, p.month, 1)) }

// A chronicle is what happened, of many notes.
type chronicle struct {
	entries []journal.EntryRef
	prose   map[civil.Date]template.HTML
	loose   []Prose
}

// add adds what notes, in the order of their paths, have of a month.
func (c *chronicle) add(f *frame, notes []*journal.File, in period, root string) {
	c.addEntries(notes, in)
	c.addFiles(f, notes, in, root)
}

func (c *chronicle) addEntries(notes []*journal.File, in period) {
	from, to := in.days()
	c.entries = slices.Grow(c.entries, len(notes)) // mostly one each
	for _, n := range notes {
		for i := range n.Entries {
			if d := n.Entries[i].Date; !d.Before(from) && !d.After(to) {
				c.entries = append(c.entries, journal.EntryRef{File: n, Index: int32(i)})
			}
		}
	}
}

// addFiles adds the prose of those that are journal files.
func (c *chronicle) addFiles(f *frame, notes []*journal.File, in period, root string) {
	if c.prose == nil {
		c.prose = map[civil.Date]template.HTML{}
	}
	for _, n := range notes {
		if n.Kind == note.Journal {
			c.addProse(f, n, in, root)
		}
	}
}

// addProse adds the prose of a journal file: to its day, or below the file's name
// on the page of the file's year.
func (c *chronicle) addProse(f *frame, n *journal.File, in period, root string) {
	named := fileDay(n.Note)
	from, to := in.days()
	var loose template.HTML
	for _, s := range f.contents.of(n.Note).Prose {
		switch day := cmp.Or(s.Day, named); {
		case !day.IsZero() && !day.Before(from) && !day.After(to):
			c.prose[day] += writer{n, root}.html(s.HTML)
		case day.IsZero() && in == (period{year: homeYear(n.Note)}):
			loose += writer{n, root}.html(s.HTML)
		}
	}
	if loose != "" {
		c.loose = append(c.loose, Prose{fileTitle(n), loose})
	}
}

// sort puts the entries in order, those of one time as they were added. There
// may be a hundred thousand, for which a stable sort takes many times as long, and
// so does one that looks at the entries for each comparison.
func (c *chronicle) sort() {
	type placed struct {
		date civil.Date
		time note.Time
		at   int32
	}
	order := make([]placed, len(c.entries))
	for i, ref := range c.entries {
		e := ref.Entry()
		order[i] = placed{e.Date, e.Time, int32(i)}
	}
	slices.SortFunc(order, func(a, b placed) int {
		return cmp.Or(journal.CompareTimes(a.date, b.date, a.time, b.time), int(a.at-b.at))
	})
	sorted := make([]journal.EntryRef, len(order))
	for i, p := range order {
		sorted[i] = c.entries[p.at]
	}
	c.entries = sorted
}

// months puts the entries and the prose, newest first, under their days and
// months. With ahead, what is still to come stands under a heading of its own.
func (c *chronicle) months(f *frame, s *sheet, root string, ahead bool) []Month {
	days := make([]civil.Date, 0, len(c.prose))
	for d := range c.prose {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b civil.Date) int { return b.Compare(a) })
	const usual = 120 // bytes of what an entry says
	s.grow(usual * len(c.entries))
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
			m.Days = append(m.Days, Day{Id: d.String(), When: f.dated(d, words), Prose: c.prose[d]})
			last = d
		}
		return &m.Days[len(m.Days)-1]
	}
	entries := make([]Entry, 0, len(c.entries))
	for i, ref := range c.entries {
		d := ref.Entry().Date
		for ; len(days) > 0 && days[0].After(d); days = days[1:] {
			on(days[0])
		}
		if len(days) > 0 && days[0] == d {
			days = days[1:]
		}
		entries = append(entries, f.journalEntry(s, ref, root))
		if i+1 == len(c.entries) || c.entries[i+1].Entry().Date != d {
			on(d).Entries = entries
			entries = entries[len(entries):]
		}
	}
	for _, d := range days {
		on(d)
	}
	return months
}

// journalEntry is an entry on a page that is nobody's own: whom it is about, and what
// happened.
func (f *frame) journalEntry(s *sheet, ref journal.EntryRef, root string) Entry {
	n, said := ref.File, f.contents.entry(ref)
	if n.Kind == note.Contact {
		said = note.EntryContent{Line: said.Gist()}
	}
	v := f.entry(s, ref, said, n.Slug, root)
	if n.Kind == note.Contact {
		v.Who = names([]participant{{n.Slug, n.Name}}, root)
	} else {
		v.Who, v.With = v.With, nil
	}
	return v
}
