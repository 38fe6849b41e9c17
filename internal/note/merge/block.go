package merge

import (
	"slices"
	"strings"
	"unicode"

	"kith/internal/note"
)

// A block is a part of a note that merges as one: a heading with what stands
// below it, a list item with the items in it, any other block of Markdown, or a
// key of the front matter. The lines of all blocks, in their order, with the
// blank lines before each, are the lines of the note.
type block struct {
	shape    shape
	lines    []string // its own, up to its first child, without blank lines at the end
	gap      []string // the blank lines before it
	parent   *block
	children []*block
	index    int // among all blocks, in the order of the file
	unit     *unit

	level int       // of a heading
	date  string    // that its line begins with, and the time, if it has one
	items []itemKey // the entries and tasks on its lines

	key   string     // of the front matter, in lower case
	lead  int        // how many of its lines stand before the key: comments
	value note.Value // its places count from the first line of the front matter
	first int        // the line of the front matter that it begins on, from 0
	// Of what has the keys: the lines after them, and whether each key but the
	// last ends with a comma, as in JSON.
	tail   []string
	commas bool
}

type shape uint8

const (
	wholeBody shape = iota
	sectionShape
	itemShape
	proseShape
	fieldShape
	tableShape // a [table] of TOML
)

// ends says whether blocks of other shapes cannot follow a block in what both
// stand in, since they would become a part of it.
func (s shape) ends() bool { return s == sectionShape || s == tableShape }

func (b *block) add(c *block) {
	c.parent = b
	b.children = append(b.children, c)
}

// each calls f for a block and all in it, in the order of the file.
func (b *block) each(f func(*block)) {
	f(b)
	for _, c := range b.children {
		c.each(f)
	}
}

// all returns all blocks in a block, in the order of the file, numbered.
func (b *block) all() []*block {
	var list []*block
	b.each(func(c *block) {
		if c != b {
			c.index = len(list)
			list = append(list, c)
		}
	})
	return list
}

// size returns how many blocks a block is, itself included.
func (b *block) size() (n int) {
	b.each(func(*block) { n++ })
	return n
}

// text returns all lines of a block and of those in it.
func (b *block) text() []string {
	var lines []string
	b.each(func(c *block) {
		if c != b {
			lines = append(lines, c.gap...)
		}
		lines = append(lines, c.lines...)
	})
	return lines
}

// bodyBlocks reads the body of a note, of whose lines it is what begins at the
// given one, into blocks and the blank lines that follow the last.
func bodyBlocks(p *note.Parser, n *note.Note, lines []string, bodyLine int) (body *block, tail []string) {
	body = &block{shape: wholeBody}
	if strings.TrimSpace(n.Body()) == "" {
		return body, lines[bodyLine:]
	}
	w := blockWalk{note: n, last: bodyLine - 1}
	w.body(p.Blocks(n), body)
	starts := append(w.starts, len(lines))
	if first := firstText(lines[bodyLine:starts[0]]); first >= 0 { // what Markdown does not show
		stray := &block{shape: proseShape, parent: body}
		body.children = slices.Insert(body.children, 0, stray)
		starts = slices.Insert(starts, 0, bodyLine+first)
	}
	blocks := body.all()
	from := bodyLine
	for i, b := range blocks {
		end := starts[i+1]
		for blank(lines[end-1]) && end-1 > starts[i] {
			end--
		}
		b.gap, b.lines = lines[from:starts[i]], lines[starts[i]:end]
		from = end
	}
	for _, k := range itemKeys(n) {
		i, found := slices.BinarySearch(starts, k.line)
		if !found {
			i--
		}
		blocks[i].items = append(blocks[i].items, k.key)
	}
	return body, lines[from:]
}

func blank(line string) bool { return strings.TrimSpace(line) == "" }

func firstText(lines []string) int {
	return slices.IndexFunc(lines, func(l string) bool { return !blank(l) })
}

// A blockWalk finds the blocks of a parsed body, and the line, from 0, that each
// begins on.
type blockWalk struct {
	note   *note.Note
	starts []int
	last   int
}

// begin says whether a block begins on a line of its own: two on one line are one.
func (w *blockWalk) begin(b *note.Block) bool {
	if b.Start < 0 || b.Start >= len(w.note.Source) { // an item is said to stand behind the end where a tab stands before it
		return false
	}
	line := int(w.note.Pos(b.Start).Line) - 1
	if line <= w.last {
		return false
	}
	w.starts, w.last = append(w.starts, line), line
	return true
}

func (w *blockWalk) body(all *note.Block, body *block) {
	in := body // the innermost heading's
	for _, n := range all.Blocks {
		switch n.Shape {
		case note.HeadingBlock:
			if !w.begin(n) {
				continue
			}
			for in.shape == sectionShape && in.level >= n.Level {
				in = in.parent
			}
			b := &block{shape: sectionShape, level: n.Level, date: w.dateOf(n)}
			in.add(b)
			in = b
		case note.ListBlock:
			w.list(n, in)
		default:
			if w.begin(n) {
				in.add(&block{shape: proseShape})
			}
		}
	}
}

func (w *blockWalk) list(l *note.Block, in *block) {
	for _, item := range l.Blocks {
		b := in
		if w.begin(item) {
			b = &block{shape: itemShape, date: w.dateOf(item)}
			in.add(b)
		}
		lists := false
		for _, n := range item.Blocks {
			if n.Shape == note.ListBlock {
				w.list(n, b)
				lists = true
			} else if lists && w.begin(n) {
				b.add(&block{shape: proseShape})
			}
		}
	}
}

// dateOf returns the date that a heading or an entry begins with.
func (w *blockWalk) dateOf(b *note.Block) string {
	if !b.Day.IsZero() {
		return b.Day.String()
	}
	if b.Entry < 0 || w.note.Entries[b.Entry].Daily {
		return ""
	}
	e := w.note.Entries[b.Entry]
	return strings.TrimSpace(e.Date.String() + " " + e.Time.String())
}

// An itemLine is the first line of a list item, in its parts.
type itemLine struct {
	bullet string // with indent, and the spaces after it
	box    string // of a task, with the spaces after it
	date   string // of an entry
	text   string
	due    string // of a task, with the word before it
}

func splitBullet(line string) (bullet, rest string) {
	from := indent(line)
	i := from
	for i < len(line) && line[i] >= '0' && line[i] <= '9' {
		i++
	}
	switch {
	case i == len(line), i > from+9:
		return "", line
	case i == from && strings.IndexByte("-*+", line[i]) < 0, i > from && line[i] != '.' && line[i] != ')':
		return "", line
	}
	rest = strings.TrimLeftFunc(line[i+1:], unicode.IsSpace)
	if rest != "" && len(rest) == len(line[i+1:]) {
		return "", line
	}
	return line[:len(line)-len(rest)], rest
}

// indent returns how many blanks a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

func splitItem(line string) itemLine {
	var it itemLine
	it.bullet, it.text = splitBullet(line)
	if t := it.text; len(t) >= 3 && t[0] == '[' && strings.IndexByte(" ?xX", t[1]) >= 0 && t[2] == ']' && (len(t) == 3 || t[3] == ' ' || t[3] == '\t') {
		rest := strings.TrimLeftFunc(t[3:], unicode.IsSpace)
		it.box = t[:len(t)-len(rest)]
		it.text, it.due = note.CutDue(rest)
	} else {
		it.date, it.text = note.CutDate(t)
	}
	return it
}

func (it itemLine) String() string { return it.bullet + it.box + it.date + it.text + it.due }
