package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"kith/internal/note"
)

// decode returns a file's text as UTF-8, whatever it is written in, without BOM.
func decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		if text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data); err == nil {
			return string(text)
		}
	case utf8.Valid(data):
	default:
		if text, ok := decodeAs(data, chardet.Detect(data[:min(len(data), 1<<16)]).Encoding); ok {
			return text
		}
		text, _ := decodeAs(data, "windows-1252")
		return text
	}
	return strings.TrimPrefix(string(data), "\ufeff")
}

// decodeAs decodes text in a charset, if it is one.
func decodeAs(data []byte, charset string) (string, bool) {
	if strings.EqualFold(charset, "utf-8") || charset == "" {
		return string(data), utf8.Valid(data)
	}
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return "", false
	}
	text, err := enc.NewDecoder().Bytes(data)
	return string(text), err == nil
}

// A table is a file of rows with a header.
type table struct {
	file   string
	header []string
	csv    *csv.Reader // behind the header
}

type row struct {
	cells []string
	file  string
	line  int // on which it begins
}

// readTable reads CSV with commas, semicolons or tabs, up to its rows. The header is the
// first row that is one, by what it holds; what stands above is a preamble.
func readTable(file, text string, isHeader func(cells []string) bool) (*table, error) {
	var last error
	for _, comma := range delimiters(text) {
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
		for range 30 {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				last = err
				break
			}
			if isHeader(cells) {
				return &table{file, cells, r}, nil
			}
		}
	}
	if last == nil {
		last = errors.New("no row names the columns")
	}
	return nil, last
}

// rows reads the rows one by one, once: a large table never is in memory. One that is
// kept keeps its text.
func (t *table) rows(yield func(row) bool) {
	for {
		cells, err := t.csv.Read()
		if err != nil {
			return
		}
		line, _ := t.csv.FieldPos(0)
		if !yield(row{cells, t.file, line}) {
			return
		}
	}
}

// delimiters are those that a file may have, the most frequent in its first lines
// first.
func delimiters(text string) []rune {
	head := text[:min(len(text), 4096)]
	best := []rune{',', ';', '\t'}
	for i := range best {
		for k := i; k > 0 && strings.Count(head, string(best[k])) > strings.Count(head, string(best[k-1])); k-- {
			best[k], best[k-1] = best[k-1], best[k]
		}
	}
	return best
}

// column returns the index of the first column with one of the names, or -1. Case and
// accents do not matter.
func (t *table) column(names ...string) int { return column(t.header, names...) }

func column(header []string, names ...string) int {
	for _, name := range names {
		for i, h := range header {
			if note.Fold(clean(h)) == note.Fold(name) {
				return i
			}
		}
	}
	return -1
}

// cell is the text of a row in a column.
func (r row) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return unquoted(strings.TrimSpace(r.cells[i]))
}

// place is where a cell stands.
func (r row) place(i int) Place {
	if i < 0 || i >= len(r.cells) {
		return Place{File: r.file, Row: r.line}
	}
	line := r.line
	for _, before := range r.cells[:i] {
		line += strings.Count(before, "\n")
	}
	return Place{File: r.file, Row: line, Column: i + 1}
}

// shown is the row as it stands, shortened.
func (r row) shown() string {
	var line strings.Builder
	w := csv.NewWriter(&line)
	_ = w.Write(r.cells) // a builder takes everything
	w.Flush()
	return firstWords(line.String(), 160)
}
