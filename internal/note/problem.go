package note

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Severity says how bad a problem is.
type Severity uint8

// An error is something the program could not read as it was meant; a warning
// is something that is probably not what was meant; advice is shown only to
// those who ask for it with check --strict.
const (
	Error Severity = iota
	Warning
	Advice
)

// String returns the word that a person sees. Advice is a warning to whoever
// asked for it.
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// Problem is one mistake in one file. It is made where the mistake is seen and
// shown alike by every command, by the site and by an editor.
type Problem struct {
	File     string // relative to the journal, with slashes
	Line     int    // from 1; 0 where the file as a whole is meant
	Column   int    // from 1, in characters; 0 where the line as a whole is meant
	Severity Severity
	Code     string // stable, for scripts: unknown-key
	Message  string // what is wrong and what is accepted
	Hint     string // how to mend it, possibly empty
	Source   string // the text of the line, for a caret; possibly empty
}

// String is FILE:LINE:COL: error|warning: message, as compilers print it and
// editors read it.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, max(p.Line, 1), max(p.Column, 1), p.Severity, p.Message)
}

// SortProblems puts problems in the order of file, line and column.
func SortProblems(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column,
			int(a.Severity)-int(b.Severity), strings.Compare(a.Message, b.Message))
	})
}

// Pos is a place in a file: a line and a column from 1, the column in
// characters. The zero Pos is the file as a whole.
type Pos struct{ Line, Column int32 }

// lines finds the place of a byte offset.
type lines struct {
	text   string
	starts []int32
	// runes has how many characters there are before every columnStep-th byte,
	// if a line is longer than that: counting from its start each time would
	// take time in step with the square of its length.
	runes []int32
}

const columnStep = 1024

func newLines(text string) lines {
	var l lines
	l.find(text)
	return l
}

// find finds the lines of a text, in the room of those of another.
func (l *lines) find(text string) {
	starts := l.starts[:0]
	if cap(starts) == 0 {
		starts = make([]int32, 0, 1+strings.Count(text, "\n"))
	}
	starts = append(starts, 0)
	longest := 0
	for i := 0; i < len(text); {
		n := strings.IndexByte(text[i:], '\n')
		if n < 0 {
			longest = max(longest, len(text)-i)
			break
		}
		longest = max(longest, n)
		i += n + 1
		starts = append(starts, int32(i))
	}
	*l = lines{text: text, starts: starts}
	if longest > columnStep {
		n := 0
		for i := range len(text) {
			if i%columnStep == 0 {
				l.runes = append(l.runes, int32(n))
			}
			if utf8.RuneStart(text[i]) {
				n++
			}
		}
		l.runes = append(l.runes, int32(n))
	}
}

// before returns how many characters begin before an offset.
func (l lines) before(offset int) int {
	n := int(l.runes[offset/columnStep])
	for i := offset - offset%columnStep; i < offset; i++ {
		if utf8.RuneStart(l.text[i]) {
			n++
		}
	}
	return n
}

// pos returns the place of the byte at offset.
func (l lines) pos(offset int) Pos {
	for offset > 0 && offset < len(l.text) && !utf8.RuneStart(l.text[offset]) {
		offset--
	}
	i, found := slices.BinarySearch(l.starts, int32(offset))
	if !found {
		i--
	}
	start := int(l.starts[i])
	if offset-start > columnStep {
		return Pos{int32(i + 1), int32(l.before(offset) - l.before(start) + 1)}
	}
	return Pos{int32(i + 1), int32(utf8.RuneCountInString(l.text[start:offset]) + 1)}
}

// offset returns the offset of a place, the inverse of pos.
func (l lines) offset(p Pos) int {
	if p.Line < 1 || int(p.Line) > len(l.starts) {
		return 0
	}
	at := int(l.starts[p.Line-1])
	for i := range l.line(p.Line) {
		if p.Column--; p.Column < 1 {
			return at + i
		}
	}
	return at + len(l.line(p.Line))
}

// line returns the text of line n, from 1, without its end.
func (l lines) line(n int32) string {
	if n < 1 || int(n) > len(l.starts) {
		return ""
	}
	end := len(l.text)
	if int(n) < len(l.starts) {
		end = int(l.starts[n]) - 1
	}
	return l.text[l.starts[n-1]:end]
}
