package site

import (
	"html/template"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

func (s *Site) contactsPages() []File {
	return []File{{Path: "contacts.html", Inputs: contactsPage{s.frame, s.View}}}
}

// contactsPage lists everybody.
type contactsPage struct {
	*frame
	view *due.View
}

type contactsModel struct {
	Page     Page
	Count    string        // how many people there are
	Groups   []PeopleGroup // by the first letter of the name
	Archived template.HTML // items
}

func (p contactsPage) render(b []byte) ([]byte, error) {
	m := contactsModel{Page: p.page("contacts.html", "People", inPeople)}
	rows := slices.Clone(p.view.Rows)
	slices.SortFunc(rows, func(a, b *due.Row) int { return journal.CompareNames(a.Contact, b.Contact) })
	var groups grouping
	var archived markup
	count := 0
	for _, r := range rows {
		if r.Contact.Front().Status == note.Archived {
			p.listedPerson(&archived, r, "")
			continue
		}
		count++
		label := letter(r.Contact.Name)
		p.listedPerson(groups.under(label, "letter-"+label), r, "")
	}
	m.Count, m.Groups, m.Archived = counted(count, "person", "people"), groups.list(), archived.html()
	return p.theme.render(b, "contacts", m)
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
