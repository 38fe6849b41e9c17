package site

import (
	"html/template"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// This file has the views: what the templates of a theme get to show of the things that
// pages are full of. Each has a partial of its name, which shows it on every page: an
// [Entry] is shown by partials/entry.html. A view has values and words, and HTML only
// where a note's Markdown is shown.

// When is a day, or words where there is none.
type When struct {
	Date  string // YYYY-MM-DD
	Words string // as it is said
	Title string // said on hover, if anything
}

// Name is a name in a text, such as that of a person.
type Name struct {
	Before string       // what joins it to the name before it: a, b and c
	Href   template.URL // of its page; empty where there is none
	Name   string
}

// Tag is a tag that stands by itself.
type Tag struct {
	Href template.URL // of its page; empty where there is none
	Name string       // without #
}

// Person is somebody in a list.
type Person struct {
	Attrs  template.HTMLAttr // data-contact; in a list of who is due data-due and data-state too
	Who    Name
	When   When          // beside the name
	Away   When          // how far that day is from today, if it is said too
	Deed   template.HTML // what was done
	Became template.HTML // what became of it
	Line   template.HTML // what there is to say about them
	With   []Name        // whom they are listed with
	Bar    template.HTML // a drawing
}

// Entry is an entry of a note.
type Entry struct {
	Class    string        // inbound, outbound, mutual or note; and planned, if it is still to come
	Day      When          // where it does not stand below its day
	Who      []Name        // whom it is about, on pages that are nobody's own
	OwnNews  bool          // it is your news, and nobody took part
	Clock    string        // the time of day, if it is known
	Inbound  bool          // they wrote
	Outbound bool          // you wrote
	Kind     string        // of contact
	With     []Name        // who else took part
	Marks    []string      // what was asked, given and thanked for, in words
	Tags     []Tag         // those that its line does not show
	Above    template.HTML // the headings it stands below that say something of their own
	Line     template.HTML // what it says
	Rest     template.HTML // the blocks that follow
}

// Task is something promised or to be asked.
type Task struct {
	Above  template.HTML // as that of an Entry
	Who    string        // the slug of the contact; empty if it is done
	Hash   string        // of its line, for the script of a served page
	Text   template.HTML
	Before string // what is said before the day: for or by
	Due    When   // when it is due, if that is said
}

// Way is a way to reach somebody.
type Way struct {
	Href template.URL // where it leads; empty if there is nothing to follow
	Icon template.HTML
	Text string
}

// entry returns the view of an entry, of which the page shows what said has. The contact
// with the slug self is the one whose page it is on.
func (f *frame) entry(s *sheet, ref journal.EntryRef, said note.EntryContent, self, root string) Entry {
	e, w := ref.Entry(), writer{ref.File, root}
	v := Entry{
		Class: class(e, f.today), OwnNews: ownNews(ref), Clock: e.Time.String(),
		Inbound: e.Direction == note.Inbound, Outbound: e.Direction == note.Outbound,
		With: names(participants(ref, self), root),
	}
	if !v.OwnNews {
		v.Kind = ref.Kind()
		if v.Kind == "" && (v.Inbound || v.Outbound) {
			v.Kind = "wrote"
		}
	}
	for _, mark := range ref.Marks() {
		words := markWords[mark]
		if mark == note.Got && ref.File.Kind == note.Contact {
			if they := due.PronounsOf(&ref.File.Front); they.Given {
				words = they.They + " helped"
			}
		}
		v.Marks = append(v.Marks, words)
	}
	for _, tag := range ref.Tags() {
		if !said.Shows(tag) {
			v.Tags = append(v.Tags, w.tagged(tag))
		}
	}
	v.Above = f.contents.above(ref.File, e.Line, root)
	w.fill(&s.markup, said.Line)
	v.Line = s.cut()
	w.fill(&s.markup, said.Rest)
	v.Rest = s.cut()
	return v
}

// class is the class of an entry's element.
func class(e *note.Entry, today civil.Date) string {
	class := "note"
	if e.Touch() {
		class = e.Direction.String()
	}
	if e.Date.After(today) {
		class += " planned"
	}
	return class
}

// names joins those who took part.
func names(list []participant, root string) []Name {
	if len(list) == 0 {
		return nil
	}
	joined := make([]Name, len(list))
	for i, p := range list {
		joined[i] = Name{Before: joint(i, len(list)), Name: p.name}
		if p.slug != "" {
			joined[i].Href = address(root, contactPath(p.slug))
		}
	}
	return joined
}

// address is that of a path of the site.
func address(root, path string) template.URL { return template.URL(root + escapePath(path)) }

// tagged is a tag of the note, by itself.
func (w writer) tagged(tag string) Tag {
	slug := note.TagSlug(tag)
	if slug == "" || !w.file.HasTag(slug) {
		return Tag{Name: tag}
	}
	return Tag{address(w.root, tagPath(slug)), tag}
}

// attrs are the attributes of an element that stands for a contact in a list (FORMAT.md,
// "The site").
func attrs(r *due.Row, inDueList bool) template.HTMLAttr {
	m := make(markup, 0, 80)
	m.add(`data-contact="`, esc(r.Contact.Slug), `"`)
	if inDueList {
		if !r.Due.IsZero() {
			m.add(` data-due="`)
			m = append(r.Due.Append(m), '"')
		}
		m.add(` data-state="`, r.State.String(), `"`)
	}
	return template.HTMLAttr(m.html())
}

// called is the name of a contact, which leads to their page.
func called(c *journal.Contact, root string) Name {
	return Name{Href: address(root, contactPath(c.Slug)), Name: c.Name}
}

// seen is a day as seen from today, such as 3 weeks ago, and its date on hover.
func (f *frame) seen(d civil.Date) When {
	if d.IsZero() {
		return When{}
	}
	return When{d.String(), due.When(f.today, d), inWords(d)}
}

// dated is a day as a date, and how long ago on hover.
func (f *frame) dated(d civil.Date, words string) When {
	if d.IsZero() {
		return When{}
	}
	title := make([]byte, 0, 64)
	title = append(append(title, d.Weekday().String()...), ", "...)
	title = append(appendInWords(title, d), " · "...)
	return When{d.String(), words, string(due.AppendWhen(title, f.today, d))}
}
