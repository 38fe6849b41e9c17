package site

import (
	"html/template"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

func (s *Site) contactsPages() []File {
	return []File{{Path: "contacts.html", Inputs: contactsPage{s.frame, s.directory}}}
}

// contactsPage lists everybody.
type contactsPage struct {
	*frame
	directory *directory
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

func (p contactsPage) Render(b []byte) ([]byte, error) {
	r := p.directory.list()
	m := contactsModel{
		Page: p.page("contacts.html", "People", inPeople), Count: r.count,
		Circles: r.circles, Tags: r.tags,
	}
	for _, s := range r.sections {
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

// A directory has everybody, some as nextListed has them. Like all lists of a site it
// never changes, and there is a new one if somebody in it is not as they were. What it
// lists is put together when it is first asked for.
type directory struct {
	list func() *roll
	made atomic.Pointer[roll] // what list has returned, if it has

	last  *roll             // one that was made before, or nil
	since changes[*due.Row] // what has changed since that
}

// A roll is everybody by name, those who are archived last, and what contacts.html is
// made of: the rows of its lists as they stand there, since of thirty thousand of them
// most are always as they were. It is made when the page is.
type roll struct {
	rows          []*due.Row
	terms         terms
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
	next := &directory{since: c}
	if d != nil {
		if len(c.gone)+len(c.come) == 0 {
			return d
		}
		if next.last = d.made.Load(); next.last == nil && len(d.since.come) <= sectionSize {
			next.last = d.last
			next.since = changes[*due.Row]{slices.Concat(d.since.gone, c.gone), slices.Concat(d.since.come, c.come)}
		}
	}
	next.list = sync.OnceValue(func() *roll {
		r := next.last.follow(next.since)
		if r == nil {
			r = newRoll(all)
		}
		next.made.Store(r)
		return r
	})
	return next
}

// follow returns the roll after some changes, if everybody keeps their place, name,
// circles and tags, as at most saves; else it returns nil, as it does if r is.
func (r *roll) follow(c changes[*due.Row]) *roll {
	if r == nil || len(c.gone) != len(c.come) || len(c.come) > sectionSize {
		return nil
	}
	next := *r
	next.rows, next.sections = slices.Clone(r.rows), slices.Clone(r.sections)
	touched := map[int]bool{} // indices of rows
	for _, row := range c.come {
		i, ok := slices.BinarySearchFunc(r.rows, row, compareListed)
		if !ok || !slices.Equal(r.rows[i].Contact.Circles, row.Contact.Circles) ||
			!slices.Equal(r.rows[i].Contact.Front().Tags, row.Contact.Front().Tags) {
			return nil
		}
		next.rows[i], touched[i] = row, true
	}
	first := 0
	for i := range next.sections {
		s := &next.sections[i]
		for at := first; at < first+s.size; at++ {
			if touched[at] {
				s.rows = next.terms.rows(next.rows[first : first+s.size])
				break
			}
		}
		first += s.size
	}
	return &next
}

// newRoll puts everybody together.
func newRoll(all []*due.Row) *roll {
	list := &roll{rows: slices.Clone(all), terms: terms{map[journal.CircleRef]int{}, map[string]int{}}}
	slices.SortFunc(list.rows, compareListed)
	active := len(list.rows)
	for i, r := range list.rows {
		for _, c := range r.Contact.Circles {
			list.terms.circles[c] = 0
		}
		for _, tag := range r.Contact.Front().Tags {
			list.terms.tags[tag] = 0
		}
		if archived(r) {
			active = min(active, i)
		}
	}
	list.count = counted(active, "person", "people")
	if n := len(list.rows) - active; n > 0 {
		list.count += ", " + thousands(n) + " archived"
	}
	circles := slices.SortedFunc(maps.Keys(list.terms.circles), func(a, b journal.CircleRef) int {
		return strings.Compare(note.Fold(a.Name)+"\x00"+a.Slug, note.Fold(b.Name)+"\x00"+b.Slug)
	})
	for i, c := range circles {
		list.terms.circles[c] = i
		list.circles = append(list.circles, Choice{c.Slug, c.Name})
	}
	for i, tag := range slices.Sorted(maps.Keys(list.terms.tags)) {
		list.terms.tags[tag] = i
		list.tags = append(list.tags, Choice{tag, tag})
	}
	last := ""
	for rest := list.rows; len(rest) > 0; {
		s := section{archived: archived(rest[0]), label: letter(rest[0].Contact.Name)}
		for s.size = 1; s.size < min(sectionSize, len(rest)); s.size++ {
			if r := rest[s.size]; archived(r) != s.archived || !s.archived && letter(r.Contact.Name) != s.label {
				break
			}
		}
		s.rows, rest = list.terms.rows(rest[:s.size]), rest[s.size:]
		if s.archived || s.label == last {
			s.label = ""
		} else {
			last = s.label
		}
		list.sections = append(list.sections, s)
	}
	return list
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
	for _, r := range rows {
		c := r.Contact
		m.add("<li")
		m.contact(r, false)
		m.add(` data-k="`)
		switch status := c.Front().Status; status {
		case note.Archived:
			m.number(keyArchived)
		case note.Memorial:
			m.number(keyMemorial)
		default:
			m.number(int(r.State))
		}
		for _, d := range []civil.Date{r.Due, r.Last} {
			m.add(",")
			if !d.IsZero() {
				m.number(d.SinceEpoch())
			}
		}
		separator := ","
		for _, circle := range c.Circles {
			m.add(separator)
			m.number(t.circles[circle])
			separator = " "
		}
		if len(c.Circles) == 0 {
			m.add(",")
		}
		separator = ","
		for _, tag := range c.Front().Tags {
			m.add(separator)
			m.number(t.tags[tag])
			separator = " "
		}
		m.add(`"><a href="contacts/`)
		m.path(pageName(c.Slug))
		m.add(`.html">`)
		m.say(c.Name)
		m.add("</a><p>")
		before := len(m)
		if m.whoLine(c); len(m) > before {
			m.add("</p>")
		} else {
			m = m[:before-len("<p>")]
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
// without accents; one sign for all of a script that has thousands, and for all that
// begin with none, which come first.
func letter(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	switch {
	case !unicode.IsLetter(r):
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
