package site

import (
	"cmp"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"kith/internal/journal"
	"kith/internal/note"
)

// contents renders notes. It keeps what those look like of which many pages show a part
// that would take long by itself: the files of the journal and of circles, and a contact's
// that is large. What is kept depends on one note alone.
type contents struct {
	parser *note.Parser
	kept   sync.Map // path → *keptContent
}

type keptContent struct {
	note    *note.Note
	content func() *note.Content
}

// large is the size in bytes of a contact's note from which on it is rendered whole, once,
// where a part of it is shown, since to find a part takes as long as there is before it.
const large = 64 << 10

func keeps(n *note.Note) bool { return n.Kind != note.Contact || len(n.Source) >= large }

// several is how many entries a note has at least that is rendered whole, once, for those
// of them that cannot be rendered alone.
const several = 16

// of returns what a note looks like.
func (c *contents) of(n *note.Note) *note.Content {
	if !keeps(n) {
		return c.parser.Content(n)
	}
	return c.keep(n)
}

// keep returns what a note looks like, and keeps it.
func (c *contents) keep(n *note.Note) *note.Content {
	have, _ := c.kept.Load(n.Path)
	for {
		if k, ok := have.(*keptContent); ok && k.note == n {
			return k.content()
		}
		k := &keptContent{n, sync.OnceValue(func() *note.Content { return c.parser.Content(n) })}
		if have == nil {
			have, _ = c.kept.LoadOrStore(n.Path, k)
		} else if c.kept.CompareAndSwap(n.Path, have, k) {
			have = k
		} else {
			have, _ = c.kept.Load(n.Path)
		}
	}
}

// entry returns what an entry looks like.
func (c *contents) entry(ref journal.EntryRef) note.EntryContent {
	n := ref.File.Note
	if !keeps(n) {
		if e, ok := c.parser.PlainEntry(n, int(ref.Index)); ok {
			return e
		}
		if len(n.Entries) < several {
			return c.parser.Content(n).Entries[ref.Index]
		}
	}
	return c.keep(n).Entries[ref.Index]
}

// gist returns the line of an entry, as lists show it.
func (c *contents) gist(ref journal.EntryRef, root string) template.HTML {
	return writer{ref.File, root}.html(c.entry(ref).Gist())
}

// line renders a line of Markdown about a note.
func (c *contents) line(f *journal.File, markdown, root string) template.HTML {
	return writer{f, root}.html(c.parser.Line(f.Note, markdown))
}

// above returns the headings above a line of a note that say something of their own.
func (c *contents) above(f *journal.File, line int32, root string) template.HTML {
	var m markup
	for i, heading := range f.Above(line) {
		if i > 0 {
			m.add(" › ")
		}
		writer{f, root}.fill(&m, c.parser.Line(f.Note, heading))
	}
	return m.html()
}

// sentence returns the sentence of a note that mentions somebody.
func (c *contents) sentence(m journal.Mention) (said note.Fragment) {
	f := m.File
	if heading := f.HeadingAt(f.Links[m.Link].Pos.Line); heading != "" {
		return c.parser.Line(f.Note, heading)
	}
	if i := f.Links[m.Link].Entry; i >= 0 {
		return c.entry(journal.EntryRef{File: f, Index: int32(i)}).Sentence(m.Link)
	}
	if !keeps(f.Note) {
		c.show(f.Note, func(content *note.Content) { said = content.Sentence(m.Link) })
		return said
	}
	return c.of(f.Note).Sentence(m.Link)
}

// forget gives up what is kept of notes that are not those of a journal any more.
func (c *contents) forget(gone []*journal.File, j *journal.Journal) {
	for _, f := range gone {
		if now := j.File(f.Path); now != nil && now.Note == f.Note {
			continue
		}
		if have, ok := c.kept.Load(f.Path); ok && have.(*keptContent).note == f.Note {
			c.kept.CompareAndDelete(f.Path, have)
		}
	}
}

// show calls do with what a contact's note looks like, which may be gone when it returns.
func (c *contents) show(n *note.Note, do func(*note.Content)) {
	if keeps(n) {
		do(c.of(n))
		return
	}
	c.parser.Show(n, do)
}

// A writer fills the fragments of a note's HTML for a page.
type writer struct {
	file *journal.File
	root string // what leads from the page to the site's root
}

func (w writer) html(f note.Fragment) template.HTML {
	if f == "" {
		return ""
	}
	m := make(markup, 0, len(f)+64)
	w.fill(&m, f)
	return m.html()
}

// fill adds a fragment's HTML.
func (w writer) fill(m *markup, f note.Fragment) { *m = f.Fill(*m, w.hole) }

// hole writes what goes into a hole of a fragment.
func (w writer) hole(b []byte, kind note.HoleKind, arg string) []byte {
	m := markup(b)
	switch kind {
	case note.LinkHole:
		if i, err := strconv.Atoi(arg); err == nil && i >= 0 && i < len(w.file.Links) {
			w.link(&m, i)
		}
	case note.TagHole:
		w.tag(&m, arg)
	case note.PathHole, note.PictureHole:
		m.say(w.address(arg))
	}
	return m
}

// link writes the i-th wiki link of the note: a link to the contact it leads to,
// or plain text.
func (w writer) link(m *markup, i int) {
	slug := w.file.Targets[i]
	text := w.called(i)
	if l := &w.file.Links[i]; slug == "" && l.File && !strings.HasPrefix(l.Target, journal.ContactsFolder) {
		m.add(`<a href="`, w.page(l.Target), `">`)
		m.say(text)
		m.add("</a>")
		return
	}
	if slug == "" {
		m.say(text)
		return
	}
	m.linkTo("person", w.root, slug, text)
}

// called returns the text of the i-th wiki link of the note.
func (w writer) called(i int) string {
	l := &w.file.Links[i]
	return cmp.Or(l.Label, w.file.Shown[i], l.Target)
}

// tag writes a hashtag as a link to its page; as text if it is none of the note's, as
// where it stands in code.
func (w writer) tag(m *markup, tag string) {
	slug := note.TagSlug(tag)
	if slug == "" || !w.file.HasTag(slug) {
		m.add("#")
		m.say(tag)
		return
	}
	m.linkIn("tag", w.root, "tags/", slug, "#", tag)
}
