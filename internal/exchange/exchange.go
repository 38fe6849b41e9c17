// Package exchange brings people in from other programs, and takes them out again.
//
// Each format has one small file, whose reader makes a [Batch] of what it finds:
// people with their front matter and what happened with them. Nothing in a Batch
// knows of the journal. [Compare] finds who of them is there already and works out
// what is new; the package cli writes that with the journal's own edits. The writers
// turn people of a journal into another program's file.
package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/note"
)

// A Person is what a source says of somebody.
type Person struct {
	Slug string // of the note that they come from, if it is known
	Name string
	// Fields are their front matter, by the keys of FORMAT.md, without the name.
	Fields []note.Field
	Text   string   // what the body of their note begins with
	Tasks  []string // each as its line: [ ] send the paper by 2026-12-01
	// Entries are what happened, of their own file.
	Entries []Entry
	Photo   Photo
	Place   Place
	// Row is what the source has of them, shortened, for showing.
	Row string
	// Guest says that the source alone does not make them somebody you know: they
	// wrote a message, or were at a meeting.
	Guest bool
}

// A Photo is a picture, and the end of its file's name: "jpg".
type Photo struct {
	Data []byte
	Ext  string
}

// A Place is where something stands in a source.
type Place struct {
	File        string
	Row, Column int // from 1; 0 where the whole is meant
}

func (p Place) String() string {
	switch {
	case p.Row == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Row)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Row, p.Column)
}

// A Problem is what could not be read.
type Problem struct {
	Place
	Message string
}

func (p Problem) String() string { return p.Place.String() + ": " + p.Message }

// An Entry is something that happened on a day.
type Entry struct {
	Date      civil.Date
	Time      string // HH:MM, or ""
	Kind      string
	Direction note.Direction
	Marks     []string
	With      []*Person // who else took part
	Mentions  []*Person // who is only mentioned, in the text
	Text      string    // Markdown, one line
}

// Line spells the entry as a line of a note, from the date on. link returns the
// [[link]] that leads to somebody, "" if none does.
func (e *Entry) Line(link func(*Person) string) string {
	words := []string{e.Date.String(), e.Time, map[note.Direction]string{note.Outbound: ">", note.Inbound: "<"}[e.Direction], e.Kind}
	words = append(words, e.Marks...)
	var with, mentions []string
	for _, p := range e.With {
		if to := link(p); to != "" {
			with = append(with, to)
		}
	}
	for _, p := range e.Mentions {
		mentions = append(mentions, cmp.Or(link(p), p.Name))
	}
	if len(with) > 0 {
		words = append(words, "with", strings.Join(with, ", "))
	}
	line := strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
	text := e.Text
	if len(mentions) > 0 {
		text += " (with " + strings.Join(mentions, ", ") + ")"
	}
	if text = strings.TrimSpace(text); text != "" {
		line += ": " + text
	}
	return line
}

// A Batch is what a source holds.
type Batch struct {
	Kind   string // of the source: linkedin
	People []*Person
	// News are entries of nobody's file: your own news.
	News     []Entry
	Problems []Problem
	// Left counts what was left out on purpose, by why.
	Left map[string]int

	byKey map[string]*Person
}

// leave counts something that is left out.
func (b *Batch) leave(why string) {
	if b.Left == nil {
		b.Left = map[string]int{}
	}
	b.Left[why]++
}

func (b *Batch) problem(place Place, format string, args ...any) {
	b.Problems = append(b.Problems, Problem{place, fmt.Sprintf(format, args...)})
}

// person returns the one whom a source knows by a key, and whether they are new.
func (b *Batch) person(key, name string) (*Person, bool) {
	if p := b.byKey[key]; p != nil && key != "" {
		return p, false
	}
	p := &Person{Name: name}
	b.People = append(b.People, p)
	b.know(key, p)
	return p, true
}

// know lets a person be found by a key.
func (b *Batch) know(key string, p *Person) {
	if b.byKey == nil {
		b.byKey = map[string]*Person{}
	}
	if key != "" && b.byKey[key] == nil {
		b.byKey[key] = p
	}
}

// listKeys are the keys of the front matter that hold a text or a list of texts.
var listKeys = []string{"aliases", "circles", "tags", "via", "email", "phone", "needs", "offers", "ids"}

// order is how the keys of a new note follow one another.
var order = []string{
	"name", "aliases", "every", "circles", "tags", "met", "added", "via", "email", "phone", "links", "company", "role",
	"location", "timezone", "pronouns", "birthday", "dates", "snooze", "status", "needs", "offers", "photo", "language", "ids",
}

// Get returns a field, or nil.
func (p *Person) Get(key string) *note.Field { return note.Lookup(p.Fields, key) }

// Value returns the text of a key, empty if it has none.
func (p *Person) Value(key string) string {
	if f := p.Get(key); f != nil {
		return f.Value.Text
	}
	return ""
}

// List returns the texts of a key.
func (p *Person) List(key string) []string {
	f := p.Get(key)
	if f == nil {
		return nil
	}
	return texts(*f)
}

// isList says whether each text of a field stands for itself.
func isList(f note.Field) bool {
	return slices.Contains(listKeys, f.Key) || f.Value.Shape == note.List
}

func texts(f note.Field) []string {
	var list []string
	for _, v := range note.Listed(f) {
		if v = v.Unwiki(); v.Shape == note.Scalar && strings.TrimSpace(v.Text) != "" {
			list = append(list, strings.TrimSpace(v.Text))
		}
	}
	return list
}

// Set gives a key a text, unless that is empty.
func (p *Person) Set(key, text string) {
	if text = clean(text); text != "" {
		p.put(key, note.TextValue(text))
	}
}

func (p *Person) put(key string, v note.Value) {
	if f := p.Get(key); f != nil {
		f.Value = v
		return
	}
	p.Fields = append(p.Fields, note.Field{Key: key, Value: v})
	slices.SortStableFunc(p.Fields, func(a, b note.Field) int { return cmp.Compare(rank(a.Key), rank(b.Key)) })
}

func rank(key string) int {
	if i := slices.Index(order, strings.ToLower(key)); i >= 0 {
		return i
	}
	return len(order)
}

// Add adds texts to a list, each once, but for what is no address or number.
func (p *Person) Add(key string, items ...string) {
	have := p.List(key)
	for _, item := range items {
		item = clean(item)
		if key == "email" && !strings.Contains(item, "@") || key == "phone" && !strings.ContainsAny(item, "0123456789") {
			continue
		}
		if item != "" && !slices.ContainsFunc(have, func(h string) bool { return sameItem(key, h, item) }) {
			have = append(have, item)
		}
	}
	if len(have) > 0 {
		p.put(key, note.ListValue(have...))
	}
}

// Label gives a label of a mapping, as links and dates are, a text. A label that has
// another already is counted on.
func (p *Person) Label(key, label, text string) {
	if text = clean(text); text == "" {
		return
	}
	var fields []note.Field
	if f := p.Get(key); f != nil {
		fields = slices.Clone(f.Value.Fields)
	}
	label = cmp.Or(clean(label), "other")
	for n, try := 2, label; ; n++ {
		f := note.Lookup(fields, try)
		if f == nil {
			fields = append(fields, note.Field{Key: try, Value: note.TextValue(text)})
			break
		}
		if f.Value.Text == text {
			break
		}
		try = fmt.Sprintf("%s %d", label, n)
	}
	p.put(key, note.Value{Shape: note.Mapping, Fields: fields})
}

// sameItem says whether two texts of a list mean the same.
func sameItem(key, a, b string) bool {
	switch key {
	case "phone":
		return lastDigits(a) == lastDigits(b) && lastDigits(a) != "" || a == b
	case "tags":
		return note.TagSlug(a) == note.TagSlug(b)
	}
	return note.Fold(a) == note.Fold(b)
}

// lastDigits are the last nine of a phone number, which are the same however the
// country is written; empty if there are fewer than seven.
func lastDigits(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
	if len(digits) < 7 {
		return ""
	}
	return digits[max(0, len(digits)-9):]
}

// clean is a text in one line, without the invisible signs that direct writing and
// that programs put around numbers.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\ufeff', r == '\u200b':
			return -1
		case r < ' ' || r == 0x7f:
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return strings.Join(strings.Fields(text), " ")
}

// plain is a text of a source as the text of an entry: what would be a link, a tag or
// a comment in a note stands for itself.
func plain(text string) string {
	return strings.TrimPrefix(unmarked.Replace(" "+clean(text)), " ")
}

var unmarked = strings.NewReplacer("[[", "[ [", "]]", "] ]", "%%", "% %", "<!--", "< !--", " #", ` \#`)

// firstWords is the beginning of a text, up to so many letters.
func firstWords(text string, most int) string {
	text = clean(text)
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	text = string(runes[:most])
	if i := strings.LastIndexByte(text, ' '); i > most/2 {
		text = text[:i]
	}
	return strings.TrimRight(text, " ,;:-–") + "…"
}
