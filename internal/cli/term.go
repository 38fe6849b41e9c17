package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
	"golang.org/x/text/width"
)

// A style marks words for a terminal, or leaves them as they are.
type style bool

func (a *app) style() style    { return a.styleFor(a.StdoutIsTerminal) }
func (a *app) errStyle() style { return a.styleFor(a.StderrIsTerminal) }

// styleFor honours --color, then the common NO_COLOR, FORCE_COLOR and TERM=dumb.
func (a *app) styleFor(terminal bool) style {
	switch {
	case a.color == "always":
		return true
	case a.color == "never", a.Getenv("NO_COLOR") != "":
		return false
	case a.Getenv("FORCE_COLOR") != "":
		return true
	}
	return style(terminal && a.Getenv("TERM") != "dumb")
}

func (s style) mark(code, text string) string {
	if !s || text == "" {
		return text
	}
	begin := string([]byte{escape, '['})
	return begin + code + "m" + text + begin + "0m"
}

func (s style) bold(text string) string   { return s.mark("1", text) }
func (s style) dim(text string) string    { return s.mark("2", text) }
func (s style) red(text string) string    { return s.mark("31", text) }
func (s style) yellow(text string) string { return s.mark("33", text) }
func (s style) green(text string) string  { return s.mark("32", text) }

// escape begins the marks of a style until they are written. It is a byte that
// no text has, so that a note cannot make a mark of its own.
const escape = '\xff'

// A calmWriter writes to a terminal, which the control characters of a note may
// not steer: it lets only line feeds, tabs and the marks of a style through.
type calmWriter struct{ w io.Writer }

func (c calmWriter) Write(p []byte) (int, error) {
	calm := make([]byte, 0, len(p))
	for rest := p; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case rest[0] == escape:
			calm = append(calm, '\x1b')
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			calm = append(calm, '?')
		default:
			calm = append(calm, rest[:n]...)
		}
		rest = rest[n:]
	}
	if _, err := c.w.Write(calm); err != nil {
		return 0, err
	}
	return len(p), nil
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

// A jsonWriter writes JSON, which has a way to say the control characters that a
// calmWriter does not let through, and that encoding/json leaves as they are.
type jsonWriter struct{ w io.Writer }

func (j jsonWriter) Write(p []byte) (int, error) {
	escaped := make([]byte, 0, len(p))
	for rest := p; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if unicode.IsControl(r) && r != '\n' {
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

// printTable prints rows of cells in columns, two spaces apart; the style of a
// cell does not count for its width.
func (a *app) printTable(rows [][]string, styles ...func(string) string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	var table strings.Builder // written at once: a terminal or pipe takes its time over each line
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			text := cell
			if i < len(row)-1 {
				text = pad(cell, widths[i]+2)
			}
			if i < len(styles) && styles[i] != nil {
				text = styles[i](text)
			}
			line.WriteString(text)
		}
		table.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	fmt.Fprint(a.Stdout, table.String())
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
