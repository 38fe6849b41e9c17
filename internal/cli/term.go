package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
	"golang.org/x/text/width"
)

// A text is what a terminal shows: words, each span of them in a style of its own.
type text []span

// A span is words in one style: the number by which a terminal knows it, or none.
type span struct{ style, words string }

func plain(words string) text  { return text{{"", words}} }
func bold(words string) text   { return text{{"1", words}} }
func dim(words string) text    { return text{{"2", words}} }
func red(words string) text    { return text{{"31", words}} }
func yellow(words string) text { return text{{"33", words}} }
func green(words string) text  { return text{{"32", words}} }

// String returns the words alone.
func (t text) String() string {
	var words strings.Builder
	for _, s := range t {
		words.WriteString(s.words)
	}
	return words.String()
}

// spaced joins the texts that are not empty with spaces.
func spaced(texts ...text) text {
	var all text
	for _, t := range texts {
		if t.String() == "" {
			continue
		}
		if all != nil {
			all = append(all, span{words: " "})
		}
		all = append(all, t...)
	}
	return all
}

// addf adds what fmt.Sprintf would return, with the texts among args in their styles.
func (t *text) addf(format string, args ...any) {
	for len(format) > 0 {
		at := directives.FindStringIndex(format)
		if at == nil {
			at = []int{len(format), len(format)}
		}
		*t = append(*t, span{words: format[:at[0]]})
		directive := format[at[0]:at[1]]
		format = format[at[1]:]
		switch {
		case directive == "":
		case directive == "%%":
			*t = append(*t, span{words: "%"})
		default:
			if styled, ok := args[0].(text); ok {
				*t = append(*t, styled...)
			} else {
				*t = append(*t, span{words: fmt.Sprintf(directive, args[0])})
			}
			args = args[1:]
		}
	}
}

// directives are the places of a format that an argument fills, or that stand for a percent sign.
var directives = regexp.MustCompile(`%[-+# 0-9.]*[a-zA-Z%]`)

// A screen writes for a terminal, which nothing that somebody else wrote may steer: of
// all bytes only words, line feeds and tabs get through. What is coloured is a text.
type screen struct {
	w      io.Writer
	colour func() bool
	mu     sync.Mutex // of what is below
	begun  []byte     // of a character whose rest is still to come
}

// Write writes plain words.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	words := append(s.begun, p...)
	whole := len(words)
	for n := 1; n < utf8.UTFMax && n <= len(words); n++ {
		if last := words[len(words)-n:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				whole -= n
			}
			break
		}
	}
	s.begun = slices.Clone(words[whole:])
	if _, err := s.w.Write(calm(words[:whole])); err != nil {
		return 0, err
	}
	return len(p), nil
}

// printf writes what fmt.Fprintf would, with the texts among args in their styles.
func (s *screen) printf(format string, args ...any) {
	var t text
	t.addf(format, args...)
	_ = s.print(t)
}

// print writes a text at once, since a terminal or a pipe takes its time over each piece.
func (s *screen) print(t text) error {
	colour := s.colour()
	var out []byte
	for _, span := range t {
		words := calm([]byte(span.words))
		if colour && span.style != "" && len(words) > 0 {
			out = fmt.Appendf(out, "\x1b[%sm%s\x1b[0m", span.style, words)
		} else {
			out = append(out, words...)
		}
	}
	_, err := s.w.Write(out)
	return err
}

// calm returns words with a question mark for each thing that is none.
func calm(words []byte) []byte {
	calm := make([]byte, 0, len(words))
	for len(words) > 0 {
		r, n := utf8.DecodeRune(words)
		if r != '\n' && r != '\t' && steers(r, n) {
			calm = append(calm, '?')
		} else {
			calm = append(calm, words[:n]...)
		}
		words = words[n:]
	}
	return calm
}

// steers says whether a character of n bytes does something to a terminal that shows it:
// the controls, what overrides or isolates the direction of the words around it, what
// separates lines without being a line feed, and a byte of no character, since one above
// 0x7F may be a control where a terminal reads another encoding.
func steers(r rune, n int) bool {
	return unicode.IsControl(r) || r == utf8.RuneError && n == 1 ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029
}

// colourFor says whether colour is used on a stream that is a terminal, or none. It
// honours --color, then the common NO_COLOR, FORCE_COLOR and TERM=dumb.
func (a *app) colourFor(terminal bool) bool {
	switch {
	case a.color == "always":
		return true
	case a.color == "never", a.Getenv("NO_COLOR") != "":
		return false
	case a.Getenv("FORCE_COLOR") != "":
		return true
	}
	return terminal && a.Getenv("TERM") != "dumb"
}

// An answer is what a command prints on standard output. It remembers the first error,
// for which nobody looks who prints a line.
type answer struct {
	w   io.Writer
	err error
}

func (a *answer) Write(p []byte) (int, error) {
	n, err := a.w.Write(p)
	a.err = cmp.Or(a.err, err)
	return n, err
}

// A jsonWriter writes JSON, which has a way to say the characters that a screen does not
// let through, and that encoding/json leaves as they are.
type jsonWriter struct{ w io.Writer }

func (j jsonWriter) Write(p []byte) (int, error) {
	escaped := make([]byte, 0, len(p))
	for rest := p; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r != '\n' && steers(r, n) {
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		} else {
			escaped = append(escaped, rest[:n]...)
		}
		rest = rest[n:]
	}
	if _, err := j.w.Write(escaped); err != nil {
		return 0, err
	}
	return len(p), nil
}

// columns returns how many columns of a terminal a text takes.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch k := width.LookupRune(r).Kind(); {
		case r >= 0x300 && r < 0x370: // a combining mark
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// pad fills a text with spaces up to a number of columns.
func pad(text string, to int) string {
	return text + strings.Repeat(" ", max(0, to-columns(text)))
}

// printTable prints rows of cells in columns, two spaces apart.
func (a *app) printTable(rows [][]string, styles ...func(string) text) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	var table text
	for _, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" { // nothing to fill the columns before it for
			row = row[:len(row)-1]
		}
		for i, cell := range row {
			styled := plain
			if i < len(styles) {
				styled = styles[i]
			}
			table = append(table, styled(cell)...)
			if i < len(row)-1 {
				table.addf("%s", strings.Repeat(" ", widths[i]+2-columns(cell)))
			}
		}
		table.addf("\n")
	}
	_ = a.out.print(table)
}

// printJSON prints one JSON document.
func (a *app) printJSON(doc any) error {
	enc := json.NewEncoder(jsonWriter{a.Stdout})
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

// The keys that end questions on any terminal: Ctrl-C, Ctrl-D and Esc.
const (
	endOfText  = 3
	endOfInput = 4
	escapeKey  = 27
)

// readKey reads a key from a terminal, which need not be followed by Enter, in lower case.
func (a *app) readKey() (byte, error) {
	if f, ok := a.Stdin.(*os.File); ok {
		if before, err := term.MakeRaw(int(f.Fd())); err == nil {
			defer func() { _ = term.Restore(int(f.Fd()), before) }()
		}
	}
	var key [1]byte
	if _, err := io.ReadFull(a.Stdin, key[:]); errors.Is(err, io.EOF) {
		return endOfInput, nil
	} else if err != nil {
		return 0, fail("reading a key: "+reason(err), "")
	}
	return byte(unicode.ToLower(rune(key[0]))), nil
}
