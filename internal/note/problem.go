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
}

func newLines(text string) lines {
	starts := make([]int32, 1, 1+strings.Count(text, "\n"))
	for i := 0; i < len(text); {
		n := strings.IndexByte(text[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		starts = append(starts, int32(i))
	}
	return lines{text, starts}
}

// pos returns the place of the byte at offset.
func (l lines) pos(offset int) Pos {
	i, found := slices.BinarySearch(l.starts, int32(offset))
	if !found {
		i--
	}
	return Pos{int32(i + 1), int32(utf8.RuneCountInString(l.text[l.starts[i]:offset]) + 1)}
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
