package site

import (
	"cmp"
	"html"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/note"
)

// line renders a line of a note's Markdown, for the lists that show a line of
// each of a great many notes: links, hashtags, emphasis and code, and everything
// else as it is written. It knows less than package note, and costs a fiftieth of
// rendering the note.
func (w writer) line(markdown string) template.HTML {
	m := make(markup, 0, len(markdown)+64)
	w.appendLine(&m, markdown)
	return m.html()
}

func (w writer) appendLine(m *markup, s string) {
	text := 0 // where the text that is not written yet begins
	flush := func(end int) { m.say(html.UnescapeString(s[text:end])) }
	for i := 0; i < len(s); {
		if !mayOpen[s[i]] {
			i++
			continue
		}
		before := 'a' // what was written there
		switch {
		case i == 0:
			before = ' '
		case i > text:
			before, _ = utf8.DecodeLastRuneInString(s[:i])
		}
		n, write := w.span(s, i, before)
		if n == 0 {
			i++
			continue
		}
		flush(i)
		write(m)
		i += n
		text = i
	}
	flush(len(s))
}

// mayOpen has the bytes that a span may begin with.
var mayOpen = [256]bool{'\\': true, '`': true, '*': true, '_': true, '!': true, '[': true, '#': true}

// span reads what begins at s[i], if it is more than a letter: how long it is and
// what writes it.
func (w writer) span(s string, i int, before rune) (n int, write func(m *markup)) {
	rest := s[i:]
	switch rest[0] {
	case '\\':
		if len(rest) > 1 && rest[1] < utf8.RuneSelf && unicode.In(rune(rest[1]), unicode.P, unicode.S) {
			return 2, func(m *markup) { m.say(rest[1:2]) }
		}
	case '`':
		if end := strings.IndexByte(rest[1:], '`'); end > 0 {
			return end + 2, func(m *markup) {
				m.add("<code>")
				m.say(rest[1 : end+1])
				m.add("</code>")
			}
		}
	case '*', '_':
		return w.emphasis(rest, before)
	case '!':
		if strings.HasPrefix(rest, "![") && !strings.HasPrefix(rest, "![[") {
			return 1, func(*markup) {}
		}
	case '[':
		return w.bracket(rest)
	case '#':
		if !unicode.IsSpace(before) && !strings.ContainsRune("([{", before) {
			return 0, nil
		}
		end := 1 + len(rest[1:]) - len(strings.TrimLeftFunc(rest[1:], tagRune))
		tag := rest[1:end]
		if !strings.ContainsFunc(tag, unicode.IsLetter) {
			return 0, nil
		}
		return end, func(m *markup) { w.tag(m, tag) }
	}
	return 0, nil
}

func tagRune(r rune) bool {
	return r == '_' || r == '-' || r == '/' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// emphasis reads *text*, _text_, **text** and __text__.
func (w writer) emphasis(s string, before rune) (n int, write func(m *markup)) {
	mark, element := s[:1], "em"
	if strings.HasPrefix(s[1:], mark) {
		mark, element = s[:2], "strong"
	}
	if mark[0] == '_' && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
		return 0, nil
	}
	end := strings.Index(s[len(mark):], mark)
	if end <= 0 {
		return 0, nil
	}
	inner := s[len(mark) : len(mark)+end]
	if strings.TrimSpace(inner) != inner {
		return 0, nil
	}
	return end + 2*len(mark), func(m *markup) {
		m.add("<", element, ">")
		w.appendLine(m, inner)
		m.add("</", element, ">")
	}
}

// bracket reads [[Name]], [[Name|label]] and [text](address), of which it writes
// the text alone: where that leads is told on the page of the note.
func (w writer) bracket(s string) (n int, write func(m *markup)) {
	if strings.HasPrefix(s, "[[") {
		end := strings.Index(s, "]]")
		if end < 0 {
			return 0, nil
		}
		link := note.NewLink(s[:end+2])
		for i := range w.file.Links {
			if l := &w.file.Links[i]; l.Target == link.Target && l.Label == link.Label && l.Where != note.InVia {
				return end + 2, func(m *markup) { w.link(m, i) }
			}
		}
		return end + 2, func(m *markup) { m.say(cmp.Or(link.Label, link.Target)) }
	}
	middle := strings.Index(s, "](")
	if middle < 0 || strings.ContainsRune(s[1:middle], '[') && !strings.Contains(s[1:middle], "[[") {
		return 0, nil
	}
	end := strings.IndexByte(s[middle:], ')')
	if end < 0 {
		return 0, nil
	}
	return middle + end + 1, func(m *markup) { w.appendLine(m, s[1:middle]) }
}
