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
	return []File{{Path: "contacts.html", Inputs: contactsPage{s.frame, s.everybody}}}
}

// contactsPage lists everybody.
type contactsPage struct {
	*frame
	everybody *everybody
}

type contactsModel struct {
	Page     Page
	Count    string      // how many people there are
	Letters  []Directory // without people: the letters that names begin with
	Groups   []Directory // a hundred people at most in each; the first of a letter has it as its label
	Archived []Directory // the same, without letters
	Circles  []Choice    // that people are in, by name
	Tags     []Choice    // that people have
}

// Directory is a part of the list of everybody.
type Directory struct {
	Label, Id string
	People    []Listing
}

// Listing is somebody in the list of everybody. With thousands of them on one page every
// byte counts: the style sheet knows what their parts are by where they stand.
type Listing struct {
	Slug string
	Key  string       // by which the page's script sorts and filters
	Href template.URL // of their page
	Name string
	Line string // who they are
	Says string // how it stands with them
}

// Choice is something that people can be filtered by.
type Choice struct{ Value, Label string }

func (p contactsPage) Render(b []byte) ([]byte, error) {
	m := contactsModel{Page: p.page("contacts.html", "People", inPeople)}
	m.list(p.everybody.rows)
	return p.theme.render(b, "contacts", m)
}

// sectionSize is how many people a part of a list has at most, which a browser lays out
// when it comes into view.
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

// list puts everybody together.
func (m *contactsModel) list(all []*due.Row) {
	rows := slices.SortedFunc(slices.Values(all), compareListed)
	t := terms{map[journal.CircleRef]int{}, map[string]int{}}
	active := len(rows)
	for i, r := range rows {
		for _, c := range r.Contact.Circles {
			t.circles[c] = 0
		}
		for _, tag := range r.Contact.Front().Tags {
			t.tags[tag] = 0
		}
		if archived(r) {
			active = min(active, i)
		}
	}
	m.Count = counted(active, "person", "people")
	if n := len(rows) - active; n > 0 {
		m.Count += ", " + thousands(n) + " archived"
	}
	circles := slices.SortedFunc(maps.Keys(t.circles), func(a, b journal.CircleRef) int {
		return strings.Compare(note.Fold(a.Name)+"\x00"+a.Slug, note.Fold(b.Name)+"\x00"+b.Slug)
	})
	for i, c := range circles {
		t.circles[c] = i
		m.Circles = append(m.Circles, Choice{c.Slug, c.Name})
	}
	for i, tag := range slices.Sorted(maps.Keys(t.tags)) {
		t.tags[tag] = i
		m.Tags = append(m.Tags, Choice{tag, tag})
	}
	last, times := "", map[string]int{}
	for i := 0; i < active; {
		group, n := Directory{}, 1
		label := letter(rows[i].Contact.Name)
		for n < min(sectionSize, active-i) && letter(rows[i+n].Contact.Name) == label {
			n++
		}
		if label != last {
			last, group = label, Directory{Label: label, Id: "letter-" + label}
			// Signs stand before the letters, and behind those of other scripts, too.
			if times[label]++; times[label] > 1 {
				group.Id += "-" + strconv.Itoa(times[label])
			}
			m.Letters = append(m.Letters, group)
		}
		group.People = t.rows(rows[i : i+n])
		m.Groups = append(m.Groups, group)
		i += n
	}
	for part := range slices.Chunk(rows[active:], sectionSize) {
		m.Archived = append(m.Archived, Directory{People: t.rows(part)})
	}
}

// The first part of a key: the states, as numbers, and after them those that a paused
// contact may be in.
const (
	keyArchived = 6
	keyMemorial = 7
)

func (t terms) rows(rows []*due.Row) []Listing {
	list := make([]Listing, len(rows))
	for i, r := range rows {
		c := r.Contact
		list[i] = Listing{Slug: c.Slug, Key: t.key(r), Href: address("", contactPath(c.Slug)), Name: c.Name, Line: whoLine(c)}
		switch {
		case r.State.IsDue():
			list[i].Says = "ready to reconnect"
		case r.State == due.Paused && c.Front().Status != note.Archived:
			list[i].Says = statusWords[c.Front().Status]
		}
	}
	return list
}

// key returns the state of a contact, their due date and that of the last touch as days
// since 1970, and the places of their circles and tags.
func (t terms) key(r *due.Row) string {
	c := r.Contact
	key := make(markup, 0, 32)
	switch c.Front().Status {
	case note.Archived:
		key.number(keyArchived)
	case note.Memorial:
		key.number(keyMemorial)
	default:
		key.number(int(r.State))
	}
	for _, d := range []civil.Date{r.Due, r.Last} {
		key.add(",")
		if !d.IsZero() {
			key.number(d.SinceEpoch())
		}
	}
	separator := ","
	for _, circle := range c.Circles {
		key.add(separator)
		key.number(t.circles[circle])
		separator = " "
	}
	if len(c.Circles) == 0 {
		key.add(",")
	}
	separator = ","
	for _, tag := range c.Front().Tags {
		key.add(separator)
		key.number(t.tags[tag])
		separator = " "
	}
	return string(key)
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
	return due.UpperFirst(note.Fold(string(r)))
}
