package site

import (
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

func (s *Site) contactsPages() []File {
	return []File{{Path: "contacts.html", Inputs: contactsPage{s.frame, s.directory.roll}}}
}

// contactsPage lists everybody.
type contactsPage struct {
	*frame
	roll *roll
}

type contactsModel struct {
	Page     Page
	Count    string        // how many people there are
	Letters  []PeopleGroup // without people: the letters that names begin with
	Groups   []PeopleGroup // a hundred people at most in each; the first of a letter has it as its label
	Archived []PeopleGroup // the same, without letters
	Circles  []Choice      // that people are in, by name
	Tags     []Choice      // that people have
}

// Choice is something that people can be filtered by.
type Choice struct{ Value, Label string }

func (p contactsPage) render(b []byte) ([]byte, error) {
	m := contactsModel{
		Page: p.page("contacts.html", "People", inPeople), Count: p.roll.count,
		Circles: p.roll.circles, Tags: p.roll.tags,
	}
	for _, s := range p.roll.sections {
		group := PeopleGroup{Label: s.label, People: template.HTML(s.rows)}
		if s.archived {
			m.Archived = append(m.Archived, group)
			continue
		}
		if s.label != "" {
			group.Id = "letter-" + s.label
			m.Letters = append(m.Letters, PeopleGroup{Label: group.Label, Id: group.Id})
		}
		m.Groups = append(m.Groups, group)
	}
	return p.theme.render(b, "contacts", m)
}

// A directory is everybody by name, those who are archived last, and what
// contacts.html says of them. Like all lists of a site it never changes, and the
// next one shares what it can with it.
type directory struct {
	rows  []*due.Row
	terms terms
	roll  *roll
}

// A roll is what contacts.html is made of: the rows of its lists as they stand
// there, since of thirty thousand of them most are always as they were.
type roll struct {
	count         string
	circles, tags []Choice
	sections      []section
}

// A section is a part of a list that a browser lays out when it comes into view.
type section struct {
	label    string // the letter that the names begin with; empty where that is the one before
	archived bool
	rows     string // HTML
	size     int
}

// sectionSize is how many people a section has at most.
const sectionSize = 100

// terms are what people are filtered by, and the place of each on the page,
// which stands for it in the rows.
type terms struct {
	circles map[journal.CircleRef]int
	tags    map[string]int
}

func archived(r *due.Row) bool { return r.Contact.Front().Status == note.Archived }

// compareListed orders people as the directory does.
func compareListed(a, b *due.Row) int {
	if x, y := archived(a), archived(b); x != y {
		if x {
			return 1
		}
		return -1
	}
	return journal.CompareNames(a.Contact, b.Contact)
}

// next returns the directory after some changes of rows; d itself if there are
// none. all are the rows of everybody.
func (d *directory) next(c changes[*due.Row], all []*due.Row) *directory {
	switch {
	case d == nil:
		return newDirectory(all, nil)
	case len(c.gone) == 0 && len(c.come) == 0:
		return d
	}
	if next := d.follow(c); next != nil {
		return next
	}
	return newDirectory(all, d)
}

// follow is next where everybody keeps their place, name, circles and tags, as
// at most saves; else it returns nil.
func (d *directory) follow(c changes[*due.Row]) *directory {
	if len(c.gone) != len(c.come) || len(c.come) > sectionSize {
		return nil
	}
	next := &directory{rows: slices.Clone(d.rows), terms: d.terms}
	touched := map[int]bool{} // indices of rows
	for _, r := range c.come {
		i, ok := slices.BinarySearchFunc(d.rows, r, compareListed)
		if !ok || !slices.Equal(d.rows[i].Contact.Circles, r.Contact.Circles) ||
			!slices.Equal(d.rows[i].Contact.Front().Tags, r.Contact.Front().Tags) {
			return nil
		}
		next.rows[i], touched[i] = r, true
	}
	roll := *d.roll
	roll.sections = slices.Clone(d.roll.sections)
	first := 0
	for i := range roll.sections {
		s := &roll.sections[i]
		for at := first; at < first+s.size; at++ {
			if touched[at] {
				s.rows = next.terms.rows(next.rows[first : first+s.size])
				break
			}
		}
		first += s.size
	}
	next.roll = d.roll.orSame(&roll)
	return next
}

// newDirectory puts everybody together.
func newDirectory(all []*due.Row, before *directory) *directory {
	d := &directory{rows: slices.Clone(all)}
	slices.SortFunc(d.rows, compareListed)
	d.terms = terms{map[journal.CircleRef]int{}, map[string]int{}}
	active := len(d.rows)
	for i, r := range d.rows {
		for _, c := range r.Contact.Circles {
			d.terms.circles[c] = 0
		}
		for _, tag := range r.Contact.Front().Tags {
			d.terms.tags[tag] = 0
		}
		if archived(r) {
			active = min(active, i)
		}
	}
	roll := &roll{count: counted(active, "person", "people")}
	if n := len(d.rows) - active; n > 0 {
		roll.count += ", " + thousands(n) + " archived"
	}
	circles := slices.SortedFunc(maps.Keys(d.terms.circles), func(a, b journal.CircleRef) int {
		return strings.Compare(note.Fold(a.Name)+"\x00"+a.Slug, note.Fold(b.Name)+"\x00"+b.Slug)
	})
	for i, c := range circles {
		d.terms.circles[c] = i
		roll.circles = append(roll.circles, Choice{c.Slug, c.Name})
	}
	for i, tag := range slices.Sorted(maps.Keys(d.terms.tags)) {
		d.terms.tags[tag] = i
		roll.tags = append(roll.tags, Choice{tag, tag})
	}
	last := ""
	for rest := d.rows; len(rest) > 0; {
		s := section{archived: archived(rest[0]), label: letter(rest[0].Contact.Name)}
		for s.size = 1; s.size < min(sectionSize, len(rest)); s.size++ {
			if r := rest[s.size]; archived(r) != s.archived || !s.archived && letter(r.Contact.Name) != s.label {
				break
			}
		}
		s.rows, rest = d.terms.rows(rest[:s.size]), rest[s.size:]
		if s.archived || s.label == last {
			s.label = ""
		} else {
			last = s.label
		}
		roll.sections = append(roll.sections, s)
	}
	d.roll = roll
	if before != nil {
		d.roll = before.roll.orSame(roll)
	}
	return d
}

// orSame returns the next roll; r itself if it is the same.
func (r *roll) orSame(next *roll) *roll {
	if r.count == next.count && slices.Equal(r.circles, next.circles) && slices.Equal(r.tags, next.tags) && slices.Equal(r.sections, next.sections) {
		return r
	}
	return next
}

// The first part of data-k, by which a row is filtered: the states, as numbers,
// and after them those that a paused contact may be in.
const (
	keyArchived = 6
	keyMemorial = 7
)

// rows writes people as items. With thousands of them on one page every byte
// counts: the style sheet knows what they are by where they stand.
func (t terms) rows(rows []*due.Row) string {
	m := make(markup, 0, 192*len(rows))
	number := func(n int) { m = strconv.AppendInt(m, int64(n), 10) }
	for _, r := range rows {
		c := r.Contact
		m.add("<li")
		m.contact(r, false)
		m.add(` data-k="`)
		switch status := c.Front().Status; status {
		case note.Archived:
			number(keyArchived)
		case note.Memorial:
			number(keyMemorial)
		default:
			number(int(r.State))
		}
		for _, d := range []civil.Date{r.Due, r.Last} {
			m.add(",")
			if !d.IsZero() {
				number(d.SinceEpoch())
			}
		}
		separator := ","
		for _, circle := range c.Circles {
			m.add(separator)
			number(t.circles[circle])
			separator = " "
		}
		if len(c.Circles) == 0 {
			m.add(",")
		}
		separator = ","
		for _, tag := range c.Front().Tags {
			m.add(separator)
			number(t.tags[tag])
			separator = " "
		}
		m.add(`"><a href="`, esc(escapePath(contactPath(c.Slug))), `">`, esc(c.Name), "</a>")
		if who := whoLine(c); who != "" {
			m.add("<p>", esc(who), "</p>")
		}
		switch r.State {
		case due.Overdue, due.DueToday:
			m.add("<small>ready to reconnect</small>")
		case due.Paused:
			if said := statusWords[c.Front().Status]; said != "archived" {
				m.add("<small>", string(said), "</small>")
			}
		}
		m.add("</li>\n")
	}
	return string(m)
}

// letter returns the heading below which a name is listed: its first letter
// without accents; one sign for all of a script that has thousands.
func letter(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }))
	switch {
	case r == utf8.RuneError:
		return "…"
	case unicode.Is(unicode.Han, r):
		return "漢"
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return "あ"
	case unicode.Is(unicode.Hangul, r):
		return "가"
	}
	return upperFirst(note.Fold(string(r)))
}
