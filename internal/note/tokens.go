package note

import (
	"regexp"
	"slices"
	"strings"
)

// A TokenKind says what a [Token] is.
type TokenKind uint8

// The kinds of tokens: of an entry's line its date with weekday and time, the words of its
// header, those for a kind among them, arrows, marks and tags; of a task its box and the
// date that it is due by; and each link to somebody.
const (
	DateToken TokenKind = iota
	KindToken
	ArrowToken
	MarkToken
	TagToken
	PersonToken
	BoxToken
)

// A Token is a part of a note's text that means something by itself.
type Token struct {
	Start, End int // in Note.Source
	Kind       TokenKind
}

// Tokens returns the tokens of a note that this parser, or one of the same kinds, has read,
// in no order.
func (p *Parser) Tokens(n *Note) []Token {
	var tokens []Token
	add := func(kind TokenKind, start, end int) {
		if start < end {
			tokens = append(tokens, Token{start, end, kind})
		}
	}
	places, words := n.places(), p.words.lexiconOf(n)
	for i := range n.Links {
		if start := places.offset(n.Links[i].Pos); start < len(n.Source) {
			add(PersonToken, start, start+anyLinkLen(n.Source[start:]))
		}
	}
	var said []wordAt
	for i := range n.Entries {
		e := &n.Entries[i]
		line := places.line(e.Line)
		start := int(places.starts[e.Line-1])
		at := opening(line)
		end := at
		if d, found, err := readDate(line[at:]); found && err == nil && !e.Daily {
			end = min(at+d.end, len(line))
			add(DateToken, start+at, start+at+len(strings.TrimRight(line[at:end], " \t-–—=|:,")))
		}
		if !e.Header {
			continue
		}
		rest := line[end:]
		colon, _ := headerColon(rest)
		said = words.words(said[:0], rest, colon)
		header := n.EntryStart(e) - start - end // how long it is
		for _, w := range said {
			if w.end > header {
				break
			}
			from, to := start+end+w.start, start+end+w.end
			switch {
			case w.class == tagWord:
				add(TagToken, from, to)
			case w.class.kind(), w.phrases != 0 && w.class == unknownWord:
				add(KindToken, from, to)
			case w.class.arrow():
				add(ArrowToken, from, to)
			case w.class == markWord:
				add(MarkToken, from, to)
			}
		}
	}
	for i := range n.Tasks {
		line, start := places.line(n.Tasks[i].Line), int(places.starts[n.Tasks[i].Line-1])
		at := opening(line)
		if strings.HasPrefix(line[at:], "[") {
			add(BoxToken, start+at, start+min(at+3, len(line)))
		}
		if day := n.Tasks[i].Due.String(); day != "" {
			if at := strings.LastIndex(line, day); at >= 0 {
				add(DateToken, start+at, start+at+len(day))
			}
		}
	}
	return tokens
}

// opening returns the length of what a line has before the text of a list item or heading:
// space, a bullet, number or the signs of a heading, and space again. It is that of the
// space alone if it is neither.
func opening(line string) int {
	i := leadingSpace(line)
	n := len(anOpening.FindString(line[i:]))
	return i + n
}

var anOpening = regexp.MustCompile(`^(?:[-*+]|#{1,6}|\d{1,9}[.)])\s+`)

// A Beginning is how far a line is that somebody is in the middle of, up to the word that
// they are about to write: what it can be depends on that.
type Beginning struct {
	Text  int  // where the text of the list item or heading begins; 0 if it is neither
	Task  bool // it is an open task
	Rest  int  // where what stands behind the date begins, or the text in a daily note; 0 if there is neither
	Dated bool // it has a date of its own
	// Header says that all behind the date is words of a header, so that another may
	// follow.
	Header bool
	Kind   string // in full, of the header so far
	Arrow  bool
	Marks  []Mark
	Joins  bool // the last word wants somebody behind it: with, and
}

// Begin reads the beginning of a line of a note, which ends before the word that somebody
// is about to write.
func (p *Parser) Begin(n *Note, line string) Beginning {
	var b Beginning
	if b.Text = opening(line); b.Text == leadingSpace(line) {
		return Beginning{}
	}
	text := line[b.Text:]
	if strings.HasPrefix(text, "[ ] ") || strings.HasPrefix(text, "[?] ") {
		b.Task = true
		return b
	}
	d, found, err := readDate(text)
	switch {
	case found && err == nil && !d.span:
		b.Dated, b.Rest = true, b.Text+min(d.end, len(text))
	case n.Kind == Journal:
		b.Rest = b.Text
	default:
		return b
	}
	rest := line[b.Rest:]
	if colon, _ := headerColon(rest); colon >= 0 {
		return b
	}
	words := p.words.lexiconOf(n).words(nil, rest, -1)
	if run(words, true) < len(words) {
		return b
	}
	var h header
	h.read(words)
	b.Header, b.Kind = true, h.kind
	for _, w := range words {
		b.Arrow = b.Arrow || w.class.arrow()
	}
	for _, m := range h.marks {
		b.Marks = append(b.Marks, m.mark)
	}
	b.Joins = len(words) > 0 && words[len(words)-1].hangs()
	return b
}

// MarkWords returns the words for what you did or got, in their order.
func MarkWords() []string { return slices.Clone(markWords[:]) }
