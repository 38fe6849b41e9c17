package note

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// This file has what a note looks like in part: lists show an entry, a line or a
// sentence of each of a great many notes. What is plain (plain.go) is read without the
// rest of its note, in a small part of the time; the rest is cut out of all of it.

// PlainEntry renders an entry of a note as [Parser.Content] does, but without the rest of
// the note; ok is false if that cannot be done.
func (p *Parser) PlainEntry(n *Note, index int) (e EntryContent, ok bool) {
	r := p.enter()
	defer p.leave(r)
	e, ok = p.plainEntry(n, index, r)
	return EntryContent{Fragment(strings.Clone(string(e.Line))), Fragment(strings.Clone(string(e.Rest)))}, ok
}

// entryStart returns where the line of an entry begins.
func (n *Note) entryStart(index int) int {
	e := &n.Entries[index]
	if e.text.end > e.text.start {
		return strings.LastIndexByte(n.Source[:e.text.start], '\n') + 1
	}
	return n.lineStart(e.Line)
}

// defines says whether the body may have addresses that its links refer to, as in
// [label]: address.
func (n *Note) defines() bool {
	for before, rest, found := strings.Cut(n.Body(), "]:"); found; before, rest, found = strings.Cut(rest, "]:") {
		if !strings.HasSuffix(before, "]") || strings.HasSuffix(before, `\]`) { // else it is that of a wiki link
			return true
		}
	}
	return false
}

// plainEntry renders an entry whose line and all that follows are plain. Those of
// journal files may take their day from what stands above them.
func (p *Parser) plainEntry(n *Note, index int, r *room) (EntryContent, bool) {
	if n.Kind == Journal {
		return EntryContent{}, false
	}
	s := p.scanAgain(n, r)
	s.from = index
	b, ok := s.readPlainEntry(n.entryStart(index) - n.body)
	if !ok || b.refers() && n.defines() {
		return EntryContent{}, false
	}
	if first := slices.IndexFunc(n.Links, func(l Link) bool { return l.Where == InText && l.Entry == index }); first >= 0 {
		s.note.Links = append(s.note.Links[:0], n.Links[:first]...) // so that those of its text get their own indices
	}
	b.parseTrees(p, false)
	c := r.contentOf(&Note{Entries: n.Entries[index : index+1], Tasks: s.note.Tasks})
	b.content(p.newContent(s, false), c)
	r.read = s.note.Entries
	return c.Entries[0], true
}

// readPlainEntry reads the blocks of the entry that begins at an offset of the body.
func (s *scan) readPlainEntry(at int) (*plainBody, bool) {
	b := s.plainBody()
	for at < len(b.source) {
		end := at + len(firstLine(b.source[at:]))
		line := strings.TrimSuffix(b.source[at:end], "\n")
		if len(b.blocks) > 0 && b.blocks[0].kind == plainItem && b.endsItem(line) {
			break
		}
		if !b.line(at, end) {
			return nil, false
		}
		if last := len(b.blocks) - 1; last > 0 && b.blocks[0].kind == plainHeading && b.ends(last, b.blocks[0].level) {
			b.blocks = b.blocks[:last]
			break
		}
		at = end
	}
	return b, b.close() && len(b.blocks) > 0 && b.blocks[0].entry == 0
}

// endsItem says whether a line ends the list item that was read up to it.
func (b *plainBody) endsItem(line string) bool {
	switch {
	case line == "":
		return false
	case line[0] == '#':
		return hashes(line) < len(line) && line[hashes(line)] == ' '
	case b.blank && line[0] != ' ' && line[0] != '\t':
		return true
	}
	return len(line) > 1 && strings.IndexByte("-*+", line[0]) >= 0 && line[1] == ' '
}

// refers says whether a block may have a link whose address stands elsewhere.
func (b *plainBody) refers() bool {
	return slices.ContainsFunc(b.blocks, func(p plainBlock) bool { return !onlyText(b.textOf(&p)) })
}

// Line renders a line of Markdown that is written about a note or taken from it, such
// as a task's, as inline HTML. A wiki link in it is the note's that has the same name.
func (p *Parser) Line(n *Note, line string) Fragment {
	r := p.enter()
	defer p.leave(r)
	s := p.scanLine(line, r)
	s.known, s.note.Path = n, n.Path // where links are relative to
	block := plainBlock{kind: plainParagraph, text: span{0, len(line)}}
	if !onlyText(s.body()) || !noControls(s.body()) {
		if block.tree = s.parseLine(p); block.tree == nil {
			return Fragment(util.EscapeHTML([]byte(line)))
		}
	}
	b := s.plainBody()
	b.html = b.appendInline(b.html, &block, visitor{scan: s, entry: -1, task: -1}, p.newContent(s, false))
	return Fragment(strings.TrimSpace(string(b.html)))
}

// PlainText returns a line of Markdown as a letter would have it: without the signs of
// emphasis and code, a link by what it is called.
func (p *Parser) PlainText(line string) string {
	if onlyText(line) && !strings.ContainsAny(line, "[`*_#\n\r") && strings.TrimSpace(line) == line {
		return line
	}
	return p.readText(line)
}

// readText is PlainText by way of goldmark.
func (p *Parser) readText(line string) string {
	r := p.enter()
	defer p.leave(r)
	s := p.scanLine(line, r)
	tree := s.parseLine(p)
	if tree == nil {
		return line
	}
	return plainText(tree, []byte(s.body()))
}

// scanLine returns a scan of a line by itself.
func (p *Parser) scanLine(line string, r *room) *scan {
	r.again = Note{Source: line}
	s := p.newScan(&r.again, r)
	s.lineOnly = true
	return s
}

// parseLine has goldmark read the line of a scan; nil if that takes too long.
func (s *scan) parseLine(p *Parser) ast.Node {
	tree := ast.NewTextBlock()
	tree.Lines().Append(text.NewSegment(0, len(s.note.Source)))
	if dense(tree.Lines(), util.StringToReadOnlyBytes(s.note.Source)) {
		return nil
	}
	s.built = ast.NewDocument()
	s.built.AppendChild(s.built, tree)
	s.run(p.inline, p.inlineLinking)
	return tree
}

// Gist is the line of an entry or, of one that is a heading without a text, the first
// paragraph or item below it.
func (e EntryContent) Gist() Fragment {
	if e.Line != "" {
		return e.Line
	}
	text := string(e.Rest)
	for {
		text = strings.TrimLeft(text, "\n")
		tag, rest, _ := strings.Cut(text, ">")
		switch name, _, _ := strings.Cut(tag, " "); name {
		case "<p", "<ul", "<ol", "<li", "<blockquote":
			text = rest
			continue
		}
		break
	}
	return Fragment(strings.TrimSpace(text[:blockEnd(text)]))
}

// blockEnd returns where a block ends whose inside a text begins with; 0 if it begins
// with another block.
func blockEnd(text string) int {
	for at := range tags(text) {
		if !inlineTag(text[at:]) {
			return at
		}
	}
	return len(text)
}

// Shows says whether the text of the entry's line has a hashtag, by its slug.
func (e EntryContent) Shows(tag string) bool {
	found := false
	e.Line.holes(func(kind HoleKind, arg string) { found = found || kind == TagHole && TagSlug(arg) == tag })
	return found
}

// holes calls do for each hole of the fragment.
func (f Fragment) holes(do func(kind HoleKind, arg string)) {
	for _, rest, found := strings.Cut(string(f), holeByte); found; _, rest, found = strings.Cut(rest, holeByte) {
		var arg string
		arg, rest, _ = strings.Cut(rest, holeByte)
		do(HoleKind(arg[0]), arg[1:])
	}
}

// Files returns the addresses of the files of the journal that a note links to, and
// those of the pictures that it shows, as they are written and as often as they are shown.
func (p *Parser) Files(n *Note) (linked, shown []string) {
	if !strings.Contains(n.Body(), "](") && !n.defines() {
		return nil, nil
	}
	p.Show(n, func(c *Content) {
		for _, f := range c.Fragments() {
			f.holes(func(kind HoleKind, arg string) {
				switch kind {
				case PathHole:
					linked = append(linked, strings.Clone(arg))
				case PictureHole:
					shown = append(shown, strings.Clone(arg))
				}
			})
		}
	})
	return linked, shown
}

// Sentence returns the sentence that has a link, by its index in Note.Links; nothing
// if the entry has it not in its text.
func (e EntryContent) Sentence(link int) Fragment {
	if s := e.Line.sentence(link); s != "" {
		return s
	}
	return e.Rest.sentence(link)
}

// Sentence returns the sentence of the note's body that has a link, by its index in
// Note.Links.
func (c *Content) Sentence(link int) Fragment {
	for _, f := range c.Fragments() {
		if s := f.sentence(link); s != "" {
			return Fragment(strings.Clone(string(s)))
		}
	}
	return ""
}

// sentence returns the sentence that has a link, of the block that has it. One ends
// with a sign before a space, outside of all that has an end of its own.
func (f Fragment) sentence(link int) Fragment {
	text := string(f)
	at := strings.Index(text, hole(LinkHole, strconv.Itoa(link)))
	if at < 0 {
		return ""
	}
	start, end := 0, len(text)
	for tag := range tags(text) {
		if inlineTag(text[tag:]) {
			continue
		}
		if tag > at {
			end = tag
			break
		}
		start = tag + tagEnd(text[tag:])
	}
	depth := 0
	for i := start; i < end; {
		switch text[i] {
		case holeByte[0], '<':
			depth += nesting(text[i:])
			i += tagEnd(text[i:])
			continue
		case '.', '!', '?':
			next := i + 1
			for next < end {
				size := closer(text[next:])
				if size == 0 {
					break
				}
				if text[next] == '<' {
					depth--
				}
				next += size
			}
			i = next
			if depth > 0 || next == end || text[next] != ' ' && text[next] != '\n' {
				continue
			}
			if next > at {
				return Fragment(strings.TrimSpace(text[start:next]))
			}
			start = next + 1
		default:
			i++
		}
	}
	return Fragment(strings.TrimSpace(text[start:end]))
}

// closer returns the size of what may stand between the end of a sentence and the
// space after it.
func closer(text string) int {
	for _, sign := range []string{"&quot;", "'", "”", "’", ")"} {
		if strings.HasPrefix(text, sign) {
			return len(sign)
		}
	}
	if strings.HasPrefix(text, "</") && inlineTag(text) {
		return tagEnd(text)
	}
	return 0
}

// tags goes over where the tags of a fragment begin.
func tags(text string) func(yield func(at int) bool) {
	return func(yield func(at int) bool) {
		for i := 0; i < len(text); {
			switch text[i] {
			case '<':
				if !yield(i) {
					return
				}
				i += tagEnd(text[i:])
			case holeByte[0]:
				i += tagEnd(text[i:])
			default:
				i++
			}
		}
	}
}

// tagEnd returns the size of the tag or hole that a text begins with.
func tagEnd(text string) int {
	if text[0] == holeByte[0] {
		return 2 + strings.Index(text[1:], holeByte)
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '>':
			return i + 1
		case holeByte[0]: // an address, in which any sign may be
			i += tagEnd(text[i:]) - 1
		}
	}
	return len(text)
}

// nesting is what a tag or hole does to how deep in other elements a text is.
func nesting(tag string) int {
	switch {
	case tag[0] == holeByte[0] || strings.HasPrefix(tag, "<br") || strings.HasPrefix(tag, "<img"):
		return 0
	case strings.HasPrefix(tag, "</"):
		return -1
	}
	return 1
}

// inlineTag says whether a tag stands for a part of a text, and not for a block.
func inlineTag(tag string) bool {
	name := strings.TrimPrefix(tag[1:], "/")
	if end := strings.IndexAny(name, " >"); end >= 0 {
		name = name[:end]
	}
	return slices.Contains([]string{"a", "em", "strong", "code", "del", "br", "img"}, name)
}
