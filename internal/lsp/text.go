package lsp

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"kith/internal/note"
)

// A text is what a client has in a buffer, with its places. It never changes.
type text struct {
	all    string
	starts []int // of its lines, each of which ends with \n
}

func newText(all string) text {
	starts := make([]int, 1, 1+strings.Count(all, "\n"))
	for i := 0; i < len(all); i++ {
		n := strings.IndexByte(all[i:], '\n')
		if n < 0 {
			break
		}
		i += n
		starts = append(starts, i+1)
	}
	return text{all, starts}
}

// line returns a line, from 0, without its end; nothing if there is no such line.
func (t text) line(n int) string {
	if n < 0 || n >= len(t.starts) {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSuffix(t.all[t.starts[n]:t.end(n)], "\n"), "\r")
}

// end returns where a line ends, its line end included.
func (t text) end(n int) int {
	if n+1 < len(t.starts) {
		return t.starts[n+1]
	}
	return len(t.all)
}

// lineAt returns the line, from 0, that an offset is on.
func (t text) lineAt(offset int) int {
	i, found := slices.BinarySearch(t.starts, offset)
	if !found {
		i--
	}
	return i
}

// An encoding is the unit in which a client counts the columns of a line.
type encoding protocol.PositionEncodingKind

// units returns how many units a character has.
func (e encoding) units(r rune, size int) int {
	switch protocol.PositionEncodingKind(e) {
	case protocol.PositionEncodingKindUTF8:
		return size
	case protocol.PositionEncodingKindUTF32:
		return 1
	}
	if r > 0xffff {
		return 2
	}
	return 1
}

// length returns how many units a text has.
func (e encoding) length(s string) int {
	n := 0
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		n += e.units(r, size)
	}
	return n
}

// offset returns where in a text a client's position is. One behind the end of a line is
// its end, one behind the last line the end of the text, and one in the middle of a
// character the beginning of it.
func (e encoding) offset(t text, p protocol.Position) int {
	if int64(p.Line) >= int64(len(t.starts)) {
		return len(t.all)
	}
	line, left := t.line(int(p.Line)), int64(p.Character)
	at := 0
	for at < len(line) {
		r, size := utf8.DecodeRuneInString(line[at:])
		if left -= int64(e.units(r, size)); left < 0 {
			break
		}
		at += size
	}
	return t.starts[p.Line] + at
}

// position returns the position of an offset in a text.
func (e encoding) position(t text, offset int) protocol.Position {
	line := t.lineAt(offset)
	return protocol.Position{Line: uint32(line), Character: uint32(e.length(t.all[t.starts[line]:min(offset, t.starts[line]+len(t.line(line)))]))}
}

// between returns the range from an offset up to another.
func (e encoding) between(t text, start, end int) protocol.Range {
	return protocol.Range{Start: e.position(t, start), End: e.position(t, end)}
}

// bom is what a file may begin with, and a note is read without.
const bom = "\ufeff"

// offsetOf returns where in a text a place of its note is: a note is read without a BOM.
func (t text) offsetOf(p note.Pos) int {
	n := int(max(p.Line, 1)) - 1
	if n >= len(t.starts) {
		return len(t.all)
	}
	line, at := t.line(n), 0
	if n == 0 && strings.HasPrefix(line, bom) {
		at = len(bom)
	}
	for column := p.Column; column > 1 && at < len(line); column-- {
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return t.starts[n] + at
}

// offsetIn returns where in the source of a note an offset of its text is.
func (t text) offsetIn(n *note.Note, offset int) int {
	line := t.lineAt(offset)
	start := t.starts[line]
	if line == 0 && strings.HasPrefix(t.all, bom) {
		start = len(bom)
	}
	at := max(min(offset-start, len(t.line(line))), 0)
	return min(n.Offset(note.Pos{Line: int32(line + 1), Column: 1})+at, len(n.Source))
}

// offsetFrom returns where in a text an offset of the source of its note is.
func (t text) offsetFrom(n *note.Note, offset int) int {
	return t.offsetOf(n.Pos(offset))
}

var errRange = errors.New("the range of the change ends before it begins")

// change returns a text after a client's changes, and the line that the last of them ends
// on, or -1 if there was none.
func (e encoding) change(t text, changes []protocol.TextDocumentContentChangeEvent) (next text, line int, err error) {
	line = -1
	for _, c := range changes {
		start, end, with := 0, len(t.all), ""
		switch c := c.(type) {
		case *protocol.TextDocumentContentChangePartial:
			start, end, with = e.offset(t, c.Range.Start), e.offset(t, c.Range.End), c.Text
			if end < start {
				return t, line, errRange
			}
		case *protocol.TextDocumentContentChangeWholeDocument:
			start, end, with = difference(t.all, c.Text)
		}
		before := len(t.all)
		t = newText(t.all[:start] + with + t.all[end:])
		if with != "" || end > start || before == 0 {
			line = t.lineAt(start + len(with))
		}
	}
	return t, line, nil
}

// difference returns which part of a text stands in place of what in another.
func difference(before, after string) (start, end int, with string) {
	most := min(len(before), len(after))
	for start < most && before[start] == after[start] {
		start++
	}
	for start > 0 && start < len(after) && !utf8.RuneStart(after[start]) {
		start--
	}
	same := 0
	for same < most-start && before[len(before)-1-same] == after[len(after)-1-same] {
		same++
	}
	for same > 0 && !utf8.RuneStart(after[len(after)-same]) {
		same--
	}
	return start, len(before) - same, after[start : len(after)-same]
}
