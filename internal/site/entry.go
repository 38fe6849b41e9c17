package site

import (
	"math"
	"slices"
	"strings"

	"kith/internal/journal"
	"kith/internal/note"
)

// ownNews says whether an entry is your own news: the text is all there is to it.
func ownNews(ref journal.EntryRef) bool {
	e := ref.Entry()
	return ref.File.Kind == note.Journal && ref.Kind() == "news" && e.Links.Count == 0
}

// A participant is somebody who took part in an entry; the slug is empty if there
// is no such contact.
type participant struct{ slug, name string }

// participants returns those who took part in an entry, other than self: the contact
// whose page it is on, or the one whose file it stands in.
func participants(ref journal.EntryRef, self string) []participant {
	var list []participant
	if f := ref.File; f.Kind == note.Contact && f.Slug != self {
		list = append(list, participant{f.Slug, f.Name})
	}
	w := writer{file: ref.File}
	for i := range ref.Entry().Links.All() {
		slug := ref.File.Targets[i]
		if slug != "" && (slug == self || slices.ContainsFunc(list, func(p participant) bool { return p.slug == slug })) {
			continue
		}
		list = append(list, participant{slug, w.called(i)})
	}
	return list
}

// participants adds links to people as a list: a, b and c.
func (m *markup) participants(list []participant, root string) {
	for i, p := range list {
		m.add(joint(i, len(list)))
		if p.slug == "" {
			m.say(p.name)
		} else {
			m.linkTo("person", root, p.slug, p.name)
		}
	}
}

// gist returns the Markdown of an entry's line, or of the first lines below a
// heading that has no text of its own.
func gist(f *journal.File, e *note.Entry) string {
	if text := f.EntryText(e); text != "" || !e.Heading {
		return text
	}
	var lines []string
	for at := e.Line + 1; ; at++ {
		line := strings.TrimSpace(f.LineText(at))
		switch {
		case line == "" && len(lines) == 0 && strings.TrimSpace(f.LineText(at+1)) != "":
		case line == "" || strings.IndexByte("#|<`~", line[0]) >= 0:
			return strings.Join(lines, " ")
		default:
			lines = append(lines, strings.TrimLeft(line, ">-*+ "))
		}
	}
}

// An entryText is what an entry says, as Markdown or rendered already.
type entryText struct {
	writer
	markdown string // of its line
	content  note.EntryContent
}

func (t entryText) line(m *markup) {
	if t.markdown != "" {
		t.appendLine(m, t.markdown)
	} else {
		t.fill(m, t.content.Line)
	}
}

// rest adds the blocks that follow the line.
func (t entryText) rest(m *markup) { t.fill(m, t.content.Rest) }

// entry returns what an entry of a note other than the page's own says. Few entries
// of contacts have more than a line, and to render the whole file for one is waste.
func (c *contents) entry(f *journal.File, index int32, root string) entryText {
	e := &f.Entries[index]
	w := writer{f, root}
	if f.Kind == note.Contact && !more(f, e) {
		return entryText{writer: w, markdown: f.EntryText(e)}
	}
	if f.Kind == note.Contact {
		if excerpt, content := c.excerpt(f, index); excerpt != nil {
			return entryText{writer: writer{excerpt, root}, content: content}
		}
	}
	return entryText{writer: w, content: c.of(f.Note).Entries[index]}
}

// excerpt reads and renders an entry as if it were a note of its own, from its
// line up to the next entry. It is nil if that is not how it reads.
func (c *contents) excerpt(f *journal.File, index int32) (*journal.File, note.EntryContent) {
	from, to := f.Entries[index].Line, int32(math.MaxInt32)
	for i := range f.Entries {
		if line := f.Entries[i].Line; line > from && line < to {
			to = line
		}
	}
	n := c.parser.Parse(f.Path, f.Kind, []byte(f.Lines(from, to)))
	if len(n.Entries) != 1 || n.EntryText(&n.Entries[0]) != f.EntryText(&f.Entries[index]) || n.Entries[0].Date != f.Entries[index].Date {
		return nil, note.EntryContent{}
	}
	excerpt := &journal.File{Note: n, Targets: make([]string, len(n.Links)), Shown: make([]string, len(n.Links))}
	for i, l := range n.Links {
		if k := slices.IndexFunc(f.Links, func(o note.Link) bool { return o.Target == l.Target }); k >= 0 {
			excerpt.Targets[i], excerpt.Shown[i] = f.Targets[k], f.Shown[k]
		}
	}
	return excerpt, c.parser.Content(n).Entries[0]
}

// more says whether an entry may have more than its line: whether what follows
// begins neither another list item nor a heading, or is indented.
func more(f *journal.File, e *note.Entry) bool {
	if e.Heading {
		return true
	}
	next := f.LineText(e.Line + 1)
	gap := next == ""
	if gap {
		next = f.LineText(e.Line + 2)
	}
	if next == "" {
		return false
	}
	if next[0] == ' ' || next[0] == '\t' {
		return true
	}
	return !gap && next[0] != '#' && (len(next) < 2 || next[1] != ' ' || strings.IndexByte("-*+", next[0]) < 0)
}
