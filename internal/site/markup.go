package site

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
)

// This file has HTML that is made here and not by templates: of notes and of sentences
// that have links and days among their words.

// markup is HTML in the making.
type markup []byte

// add appends HTML.
func (m *markup) add(parts ...string) {
	b := *m
	for _, p := range parts {
		b = append(b, p...)
	}
	*m = b
}

// html returns m, which must not be added to any more, as HTML. It is not copied:
// most of what a site is made of passes through here.
func (m markup) html() template.HTML {
	return template.HTML(unsafe.String(unsafe.SliceData(m), len(m)))
}

// say adds a text, escaped.
func (m *markup) say(text string) { m.add(esc(text)) }

// esc escapes a text for HTML, inside and outside of attributes.
func esc(text string) string { return template.HTMLEscapeString(text) }

func escHTML(text string) template.HTML { return template.HTML(esc(text)) }

// A sheet is room for the pieces of one page. It is used again for another one, so
// no piece may be kept longer than its page is in the making.
type sheet struct {
	markup
	from int // where the piece begins
}

// cut ends a piece and begins the next.
func (s *sheet) cut() template.HTML {
	piece := s.markup[s.from:].html()
	s.from = len(s.markup)
	return piece
}

// grow makes room for more. What was cut stays where it is.
func (s *sheet) grow(n int) { s.markup = slices.Grow(s.markup, n) }

// sheet returns an empty one.
func (t *Theme) sheet() *sheet {
	if s, ok := t.sheets.Get().(*sheet); ok {
		return s
	}
	return &sheet{}
}

// done takes a sheet back when its page is made.
func (t *Theme) done(s *sheet) {
	s.markup, s.from = s.markup[:0], 0
	t.sheets.Put(s)
}

// link adds a link to a path of the site, of which root leads to the top.
func (m *markup) link(class, root, path, text string) {
	m.add(`<a class="`, class, `" href="`, root)
	m.path(path)
	m.add(`" dir="auto">`)
	m.say(text)
	m.add("</a>")
}

// linkTo adds a link to the page of a contact, at [contactPath].
func (m *markup) linkTo(class, root, slug, name string) {
	m.linkIn(class, root, "contacts/", slug, "", name)
}

// linkIn adds a link to a page in a folder, with a sign before the text. A site has
// hundreds of thousands of these, so neither path nor text is put together first.
func (m *markup) linkIn(class, root, folder, slug, sign, text string) {
	m.add(`<a class="`, class, `" href="`, root, folder)
	m.path(pageName(slug))
	m.add(`.html" dir="auto">`, sign)
	m.say(text)
	m.add("</a>")
}

// path adds a path, escaped as escapePath does.
func (m *markup) path(p string) {
	if plainPath(p) {
		m.add(p)
	} else {
		m.say(escapePath(p))
	}
}

// time adds a day in words, with the exact date for machines and on hover.
func (m *markup) time(d civil.Date, words, title string) {
	if d.IsZero() {
		return
	}
	m.openTime(d)
	if title != "" {
		m.add(`" title="`, title)
	}
	m.add(`">`, words, "</time>")
}

// openTime adds the start of an element for a day, within the first attribute.
func (m *markup) openTime(d civil.Date) {
	m.add(`<time datetime="`)
	*m = d.Append(*m)
}

func timeHTML(d civil.Date, words, title string) template.HTML {
	m := make(markup, 0, 96)
	m.time(d, words, title)
	return m.html()
}

// openInWords adds the start of an element for a day, with its date on hover.
func (m *markup) openInWords(d civil.Date) {
	m.openTime(d)
	m.add(`" title="`)
	*m = appendInWords(*m, d)
	m.add(`">`)
}

// number adds a number.
func (m *markup) number(n int) { *m = strconv.AppendInt(*m, int64(n), 10) }

// when is a day as seen from today: 3 weeks ago.
func (f *frame) when(d civil.Date) template.HTML {
	if d.IsZero() {
		return ""
	}
	m := make(markup, 0, 96)
	f.addWhen(&m, d)
	return m.html()
}

// addWhen adds a day, which is not zero, as when has it.
func (f *frame) addWhen(m *markup, d civil.Date) {
	m.openInWords(d)
	*m = due.AppendWhen(*m, f.today, d)
	m.add("</time>")
}

// ago marks words that say how long ago a day was, in a text that says it: the
// first such words, or the last. The words stay true as the page ages.
func ago(text template.HTML, words string, d civil.Date, last bool) template.HTML {
	at := strings.Index(string(text), words)
	if last {
		at = strings.LastIndex(string(text), words)
	}
	if at < 0 || d.IsZero() {
		return text
	}
	m := make(markup, 0, len(text)+40)
	m.add(string(text[:at]))
	m.time(d, words, "")
	m.add(string(text[at+len(words):]))
	return m.html()
}

// why says a reason to write to somebody.
func (f *frame) why(r *due.Row, reason due.Reason, root string) template.HTML {
	text, words, since := f.contents.line(r.Contact.File, reason.Why, root), due.When(f.today, reason.Since), reason.Since
	if reason.Kind == due.Due {
		since = r.Base
		if words = due.When(f.today, since); !strings.Contains(reason.Why, words) {
			words = due.Span(f.today.Sub(since))
		}
	}
	return ago(text, words, since, reason.Kind == due.Tell)
}

// on is a day as a date, and how long ago on hover.
func (f *frame) on(d civil.Date, words string) template.HTML {
	if d.IsZero() {
		return ""
	}
	m := make(markup, 0, 128)
	f.openOn(&m, d)
	m.add(words, "</time>")
	return m.html()
}

// openOn adds the start of an element for a day, which is not zero.
func (f *frame) openOn(m *markup, d civil.Date) {
	m.openTime(d)
	m.add(`" title="`, d.Weekday().String(), ", ")
	*m = appendInWords(*m, d)
	m.add(" · ")
	*m = due.AppendWhen(*m, f.today, d)
	m.add(`">`)
}

// face is a contact's photo, or the letters and the colour that stand for it.
func face(c *journal.Contact, photo, root string) template.HTML {
	var m markup
	if photo != "" {
		m.add(`<img class="face" src="`, esc(root+escapePath(photo)), `" alt="" width="96" height="96">`)
	} else {
		m.add(`<span class="face h`, hue(c.Slug), `" aria-hidden="true">`, esc(initials(c.Name)), "</span>")
	}
	return m.html()
}
