package note

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"kith/internal/civil"
)

// This file reads and renders the Markdown that notes mostly are, paragraphs,
// headings and lists of one level, without building a tree of it, which takes a
// fraction of the time; to read and show a journal is little else. Whatever is
// more than that is left to goldmark: the inline text of a block by itself, or
// all of the body. What is read here is read, and looks, as goldmark has it: a
// fuzz test holds the two together.

// A plainBlock is a heading, a paragraph, or a paragraph of a list item.
type plainBlock struct {
	kind plainKind
	// text is where its inline text is: without the date and header of an entry,
	// or the box of a task. The lines after the first are indented as items are.
	text        span
	level       int // of a heading
	entry, task int // which entry or task begins here, or -1
	day         civil.Date
	list        int      // the first block of the list it is in; of no meaning elsewhere
	loose       bool     // of a list's first block: empty lines stand in the list
	tree        ast.Node // holds the inline text if that is not plain
}

type plainKind uint8

const (
	plainHeading plainKind = iota
	plainParagraph
	plainItem // the first paragraph of a list item
	plainMore // another one
)

// maxPlain is the size in bytes of a block from which on it is left to goldmark,
// for which it may be too dense.
const maxPlain = 2000

// plainBody is a body being read line by line.
type plainBody struct {
	*scan
	source string

	list   int  // the first block of the open list, or -1
	marker byte // the bullet of its items
	open   bool // the last block is a paragraph that may go on
	blank  bool // the last line was empty
	gap    bool // the line before it was
}

// plainBody returns the body of which nothing is read yet.
func (s *scan) plainBody() *plainBody {
	s.blocks = s.blocks[:0]
	return &plainBody{scan: s, source: s.body(), list: -1}
}

// readPlain reads the blocks of a body, with their entries and tasks. ok is false
// if it is not plain; what was added to the note until then is of no use.
func (s *scan) readPlain() (b *plainBody, ok bool) {
	b = s.plainBody()
	for at := 0; at < len(b.source); {
		end := at + strings.IndexByte(b.source[at:], '\n') + 1
		if end == at {
			end = len(b.source)
		}
		if !b.line(at, end) {
			return nil, false
		}
		at = end
	}
	return b, b.close()
}

// line reads a line, from its start to after its end.
func (b *plainBody) line(start, end int) bool {
	line := strings.TrimSuffix(b.source[start:end], "\n")
	if line == "" {
		b.blank = true
		return b.close()
	}
	switch last := len(line) - 1; {
	case line[last] == '\\':
		return false
	case line[last] == ' ' && (last == 0 || line[0] == '#' || line[last-1] == ' '): // two of them break the line
		return false
	}
	b.gap, b.blank = b.blank, false
	switch c := line[0]; {
	case c == '#' && hashes(line) < len(line) && line[hashes(line)] == ' ':
		return b.readHeading(start, line)
	case (c == '-' || c == '*' || c == '+') && len(line) > 1 && line[1] == ' ':
		return b.readItem(start, end, line)
	case c == ' ': // what belongs to an item stands where its text began
		return b.list >= 0 && len(line) > 2 && line[1] == ' ' && b.readText(plainMore, start+2, end)
	case b.list >= 0 && !b.gap: // it may be a lazy line of the item's
		return false
	}
	b.list = -1
	return b.readText(plainParagraph, start, end)
}

func hashes(line string) int {
	n := 0
	for n < len(line) && line[n] == '#' {
		n++
	}
	return n
}

// opensText says whether a line can be nothing but text of a paragraph.
func opensText(line string) bool {
	switch c := line[0]; {
	case c == '[' || c == '"' || c == '\'' || c == '(':
		return true
	case c == '`' || c == '*' || c == '_': // code or emphasis
		text := strings.TrimPrefix(line[1:], line[:1])
		return text != "" && isAlnum(text[0])
	case c == '#': // a hashtag
		return len(line) > 1 && line[1] != '[' && opensText(line[1:])
	case isDigit(c):
		n := 1
		for n < len(line) && isDigit(line[n]) {
			n++
		}
		return n < len(line) && line[n] != '.' && line[n] != ')'
	default:
		return c >= utf8.RuneSelf || c|0x20 >= 'a' && c|0x20 <= 'z'
	}
}

// add begins a block.
func (b *plainBody) add(kind plainKind, start, end int) *plainBlock {
	b.blocks = append(b.blocks, plainBlock{kind: kind, text: span{start, end}, entry: -1, task: -1, list: b.list})
	return &b.blocks[len(b.blocks)-1]
}

// readText reads a line of a paragraph.
func (b *plainBody) readText(kind plainKind, start, end int) bool {
	if !opensText(b.source[start:end]) {
		return false
	}
	if b.open {
		b.blocks[len(b.blocks)-1].text.end = end
		return true
	}
	if kind == plainMore {
		if last := b.blocks[len(b.blocks)-1]; last.text.start == last.text.end { // the item's line was all header
			return false
		}
		b.blocks[b.list].loose = true
	}
	b.add(kind, start, end)
	b.open = true
	return true
}

func (b *plainBody) readItem(start, end int, line string) bool {
	if !b.close() || len(line) < 3 || !opensText(line[2:]) || b.list >= 0 && b.marker != line[0] {
		return false
	}
	item := b.add(plainItem, start+2, end)
	switch {
	case b.list < 0:
		item.list = len(b.blocks) - 1
		b.list, b.marker = item.list, line[0]
	case b.gap:
		b.blocks[b.list].loose = true
	}
	b.open = true
	return true
}

func (b *plainBody) readHeading(start int, line string) bool {
	if !b.close() {
		return false
	}
	b.list = -1
	level := hashes(line)
	from := level + len(line[level:]) - len(strings.TrimLeft(line[level:], " "))
	if level > 6 || line[len(line)-1] == '#' || len(line) > maxPlain || !noControls(line) {
		return false
	}
	h := b.add(plainHeading, start+from, start+len(line))
	h.level = level
	if b.note.Kind == Circle {
		return true
	}
	entry, day, cut := b.heading(level, text.NewSegment(h.text.start, h.text.end), h.text.end)
	if h.entry, h.day = entry, day; cut > h.text.start {
		b.cut(h, cut)
	}
	return true
}

// close ends the open paragraph. It is not plain if it is large, or may hold the
// definition of a link. It holds no table, of which the second line opens no text.
func (b *plainBody) close() bool {
	if !b.open {
		return true
	}
	b.open = false
	p := &b.blocks[len(b.blocks)-1]
	whole := b.source[p.text.start:p.text.end]
	if len(whole) > maxPlain || !noControls(whole) {
		return false
	}
	// Dashes and dots that are not ASCII begin with one of two bytes.
	if p.kind != plainMore && b.note.Kind != Circle && b.known == nil &&
		(strings.IndexByte(whole, '\xe2') >= 0 || strings.IndexByte(whole, '\xc2') >= 0) && strings.ContainsAny(whole, "–—‐‒•·") {
		b.loosePlain(p)
	}
	if p.kind == plainItem && b.note.Kind != Circle {
		line := text.NewSegment(p.text.start, p.text.start+len(firstLine(whole)))
		entry, task, cut := b.itemText(line, true)
		if p.entry, p.task = entry, task; cut > p.text.start {
			b.cut(p, cut)
		}
	}
	for p.text.end > p.text.start && isBlank(b.source[p.text.end-1]) {
		p.text.end--
	}
	rest := b.source[p.text.start:p.text.end]
	return !strings.HasPrefix(rest, "[") || strings.HasPrefix(rest, "[[") || !strings.Contains(rest, "]:")
}

// loosePlain reports the lines of a paragraph that looseLines does.
func (b *plainBody) loosePlain(p *plainBlock) {
	lines := text.NewSegments()
	for at := p.text.start; at < p.text.end; {
		end := at + len(firstLine(b.source[at:p.text.end]))
		lines.Append(text.NewSegment(at, end))
		at = end
	}
	b.looseLines(lines, map[plainKind]int{plainItem: 1}[p.kind])
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' }

// noControls says whether a text has no control characters but line ends.
func noControls(text string) bool {
	for i := range len(text) {
		if controls[text[i]] {
			return false
		}
	}
	return true
}

var controls = func() (t [256]bool) {
	for c := range ' ' {
		t[c] = c != '\n'
	}
	return t
}()

// firstLine returns the first line of a text, with its end.
func firstLine(text string) string {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return text[:i+1]
	}
	return text
}

// cut makes the text of a block begin at an offset of its first line, or with the
// next line if nothing is left of that one.
func (b *plainBody) cut(p *plainBlock, at int) {
	at = min(at, p.text.end)
	line := firstLine(b.source[at:p.text.end])
	for p.text.start = at; p.text.start < at+len(line) && isBlank(b.source[p.text.start]); {
		p.text.start++
	}
	if p.kind == plainItem && strings.HasSuffix(line, "\n") && p.text.start == at+len(line) && p.text.start < p.text.end {
		p.text.start += 2 // its indent
	}
}

// visit reads the inline text of all blocks into the note.
func (b *plainBody) visit() {
	b.each(func(i int, v visitor) {
		if p := &b.blocks[i]; mayLink(b.textOf(p)) {
			b.appendInline(nil, p, v, nil)
		}
	})
}

// each goes through the blocks, with a visitor that knows what each is in.
func (b *plainBody) each(do func(i int, v visitor)) {
	v := visitor{scan: b.scan, entry: -1, task: -1}
	item := v
	for i := range b.blocks {
		switch p := &b.blocks[i]; p.kind {
		case plainHeading:
			if p.entry >= 0 {
				v.entry, v.level = p.entry, p.level
			} else if !p.day.IsZero() || p.level <= v.level {
				v.entry, v.level = -1, 0
			}
			do(i, v)
		case plainItem:
			item = v
			if p.entry >= 0 {
				item.entry = p.entry
			}
			if p.task >= 0 {
				item.task = p.task
				b.note.Tasks[p.task].Entry = item.entry
			}
			do(i, item)
		case plainMore:
			do(i, item)
		default:
			do(i, v)
		}
	}
}

// content renders the body; it does what contentRenderer.take does with a tree.
func (b *plainBody) content(r *contentRenderer, c *Content) {
	size := 0
	if last := len(b.blocks) - 1; last >= 0 { // of an entry by itself they are few
		size = b.blocks[last].text.end - b.blocks[0].text.start
	}
	b.html = slices.Grow(b.html, 2*size+size/4) // first what is in the blocks, then these
	b.inline = b.inline[:0]
	b.each(func(i int, v visitor) {
		start := len(b.html)
		b.html = b.appendInline(b.html, &b.blocks[i], v, r)
		b.inline = append(b.inline, written(b.html[start:]))
	})
	w := plainWriter{b}
	var days openDays
	var day civil.Date
	var section, above []int
	emptied := map[int]bool{} // headings above what was taken out
	flush := func() {
		if f := w.fragment(dropEmptyHeadings(section, emptied, func(i int) int { return b.blocks[i].level })); f != "" {
			c.Prose = append(c.Prose, Section{day, f})
		}
		section = nil
	}
	for i, end := 0, 0; i < len(b.blocks); i = end {
		p := &b.blocks[i]
		if p.kind == plainHeading {
			if days.heading(p.level, p.day); days.day() != day {
				flush()
				day = days.day()
			}
		}
		switch end = i + 1; {
		case p.kind == plainHeading && p.entry >= 0:
			for end < len(b.blocks) && !b.ends(end, p.level) {
				if t := b.blocks[end].task; t >= 0 {
					c.Tasks[t] = w.line(end)
				}
				end++
			}
			c.Entries[p.entry] = EntryContent{w.line(i), w.fragment(between(i+1, end))}
			for _, h := range above {
				emptied[h] = emptied[h] || b.blocks[h].level < p.level
			}
		case p.kind == plainHeading && !p.day.IsZero():
		case p.kind == plainHeading:
			above = slices.DeleteFunc(above, func(h int) bool { return b.blocks[h].level >= p.level })
			above, section = append(above, i), append(section, i)
		case p.kind == plainItem:
			for end < len(b.blocks) && b.blocks[end].kind == plainMore {
				end++
			}
			switch {
			case p.entry >= 0:
				c.Entries[p.entry] = EntryContent{w.line(i), w.paragraphs(i+1, end)}
			case p.task >= 0:
				c.Tasks[p.task] = w.line(i) + w.paragraphs(i+1, end)
			}
			if p.entry < 0 && (p.task < 0 || r.tasksStay) {
				section = append(section, between(i, end)...)
				continue
			}
			for _, h := range above {
				emptied[h] = true
			}
		default:
			section = append(section, i)
		}
	}
	flush()
}

// ends says whether a block ends the entry of a heading of the given level.
func (b *plainBody) ends(i, level int) bool {
	p := &b.blocks[i]
	return p.kind == plainHeading && (p.entry >= 0 || !p.day.IsZero() || p.level <= level)
}

// between returns the numbers from start up to end.
func between(start, end int) []int {
	list := make([]int, 0, end-start)
	for i := start; i < end; i++ {
		list = append(list, i)
	}
	return list
}

// A plainWriter puts blocks together as HTML.
type plainWriter struct{ *plainBody }

// line returns what is in a block.
func (w plainWriter) line(i int) Fragment { return Fragment(strings.TrimSpace(w.inline[i])) }

// paragraphs returns paragraphs of an item.
func (w plainWriter) paragraphs(start, end int) Fragment {
	if start == end {
		return ""
	}
	from := len(w.html)
	for i := start; i < end; i++ {
		w.html = w.paragraph(w.html, i)
	}
	return fragment(w.html[from:])
}

func (w plainWriter) paragraph(html []byte, i int) []byte {
	html = append(html, "<p>"...)
	html = append(html, w.inline[i]...)
	return append(html, "</p>\n"...)
}

// fragment returns whole blocks.
func (w plainWriter) fragment(blocks []int) Fragment {
	if len(blocks) == 0 {
		return ""
	}
	html, from := w.html, len(w.html)
	list := -1 // the open one
	for n, i := range blocks {
		p := &w.blocks[i]
		inList := p.kind == plainItem || p.kind == plainMore
		if list >= 0 && (!inList || p.list != list) {
			html, list = append(html, "</ul>\n"...), -1
		}
		if inList && list < 0 {
			html, list = append(html, "<ul>\n"...), p.list
		}
		switch p.kind {
		case plainHeading:
			level := byte('0' + min(p.level+1, 6))
			html = append(html, '<', 'h', level, '>')
			html = append(html, w.inline[i]...)
			html = append(html, '<', '/', 'h', level, '>', '\n')
		case plainParagraph:
			html = w.paragraph(html, i)
		case plainItem, plainMore:
			html = w.item(html, i, n+1 == len(blocks) || w.blocks[blocks[n+1]].kind != plainMore)
		}
	}
	if list >= 0 {
		html = append(html, "</ul>\n"...)
	}
	w.html = html
	return fragment(html[from:])
}

// fragment returns HTML, which is not changed any more, without space around it.
func fragment(html []byte) Fragment { return Fragment(written(bytes.TrimSpace(html))) }

// written returns what was written, and is not written again while the room is used.
func written(html []byte) string { return unsafe.String(unsafe.SliceData(html), len(html)) }

// item adds a paragraph of a list item, of which it may be the last.
func (w plainWriter) item(html []byte, i int, last bool) []byte {
	p := &w.blocks[i]
	loose := w.blocks[p.list].loose
	if p.kind == plainItem {
		html = append(html, "<li"...)
		if p.task >= 0 {
			html = append(html, ` class="task `...)
			html = append(append(html, w.note.Tasks[p.task].class()...), '"')
		}
		if html = append(html, '>'); loose && p.text.start < p.text.end {
			html = append(html, '\n')
		}
	}
	switch {
	case p.text.start == p.text.end:
	case loose:
		html = w.paragraph(html, i)
	default:
		html = append(html, w.inline[i]...)
	}
	if last {
		html = append(html, "</li>\n"...)
	}
	return html
}

// A builtParser gives goldmark blocks that are built already, of which it is to
// read the inline text.
type builtParser struct{}

func (builtParser) Trigger() []byte { return nil }

func (builtParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	end := len(reader.Source())
	reader.SetPosition(0, text.NewSegment(end, end))
	return pc.Get(scanKey).(*scan).built, parser.NoChildren
}

func (builtParser) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }

func (builtParser) Close(ast.Node, text.Reader, parser.Context) {}

func (builtParser) CanInterruptParagraph() bool { return false }

func (builtParser) CanAcceptIndentedLine() bool { return true }
