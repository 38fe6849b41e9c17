package note

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"

	"kith/internal/civil"
)

// MaxSize is the size in bytes over which a file is not read as a note
// (FORMAT.md, "The journal").
const MaxSize = 10 << 20

// Kind says what a note is about, which its folder decides.
type Kind uint8

// The kinds of note.
const (
	Contact Kind = iota
	Circle
	Journal
)

// Note is one Markdown file of a journal. It is a value that is not changed
// once it is made.
type Note struct {
	Path     string // relative to the journal, with slashes: content/contacts/ada.md
	Slug     string // of the file's name
	Name     string // the front matter's, else made from the file's name
	Front    Front
	Entries  []Entry // in file order
	Tasks    []Task  // in file order
	Links    []Link  // every [[link]]: of the front matter, of headers, of running text, each in file order
	Tags     []Tag   // every hashtag outside entries, in file order
	Problems []Problem
	Kind     Kind
	// Broken says that the front matter, or the file as a whole, could not be
	// read: nothing is known but the name and the entries.
	Broken bool
	// Stale says that the file can no longer be read, and that this is what it
	// was when it could (see [Note.Keep]).
	Stale bool
	// Source is the file's text, without BOM and with LF line ends, so that
	// lines and columns are those of the file.
	Source string

	entryTags []string                 // of one entry after the other
	tagUses   func() map[string]TagUse // nil if there are few tags
	headings  []heading

	front span   // where in Source the front matter's text is
	fence string // the line it begins with, see fenceOf
	body  int    // where in Source the Markdown begins
	lines *lines // nil if they are to be found anew: see places
}

// Time is a time of day in minutes since midnight.
type Time int16

// NoTime is the time of an entry that has none.
const NoTime Time = -1

// String spells t as HH:MM; no time is the empty string.
func (t Time) String() string {
	if t < 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", t/60, t%60)
}

// Entry is something that happened on a day (FORMAT.md, "Entries"). There are hundreds
// of thousands, so it has no texts of its own: [Note.EntryText], [Note.EntryKind] and
// [Note.EntryTags] find them in the note.
type Entry struct {
	Date      civil.Date
	Line      int32
	Links     Indices // the participants, of Note.Links
	tags      Indices // of Note.entryTags
	text      part
	kind      string // empty if none is written
	Time      Time
	Direction Direction
	// Heading says that the entry is a dated heading and what follows it, not
	// a list item.
	Heading bool
	// Daily says that the date is not the entry's own but that of its day in
	// a daily note.
	Daily bool
	// Header says that the line has a header; all of it is text else.
	Header bool
	inText bool   // the participants stand in the text
	shown  uint16 // how many bytes of the header before the text a page shows
	Marks  Marks  // those that count, in the order they are written
}

// A part of Note.Source, from a byte up to another.
type part struct{ start, end int32 }

func (p part) of(text string) string { return text[p.start:p.end] }

// EntryText returns the Markdown of an entry's line, without date and header.
func (n *Note) EntryText(e *Entry) string { return e.text.of(n.Source) }

// EntryStart returns where in Source the text of an entry begins, if it has any.
func (n *Note) EntryStart(e *Entry) int { return int(e.text.start) }

// EntryKind returns the kind of an entry in lower case, empty if none is written.
func (n *Note) EntryKind(e *Entry) string { return e.kind }

// EntryTags returns the tags of an entry, which are not to be changed.
func (n *Note) EntryTags(e *Entry) []string {
	return n.entryTags[e.tags.First : e.tags.First+e.tags.Count : e.tags.First+e.tags.Count]
}

// Indices are those of a part of a list.
type Indices struct{ First, Count int32 }

// All returns the indices one after the other.
func (x Indices) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range x.Count {
			if !yield(int(x.First + i)) {
				return
			}
		}
	}
}

// Touch says whether the entry is contact at all.
func (e *Entry) Touch() bool { return e.Direction != NoContact }

// Has says whether the entry has a mark that counts.
func (e *Entry) Has(m Mark) bool {
	return slices.Contains(e.Marks.All(), m)
}

// Task is something promised or to be asked (FORMAT.md, "Tasks").
type Task struct {
	Ask   bool // to ask them; else a promise of yours
	Done  bool
	Text  string // the Markdown of its line, without box and due date
	Due   civil.Date
	Links []int // every [[link]] of the line, as indices of Note.Links
	Line  int32
	// Entry is the index in Note.Entries of the entry the task stands in, or -1.
	Entry int
}

// Link is a wiki link, [[Name]], [[slug]] or [[Name|label]], or a Markdown link to a
// note, [label](slug.md).
type Link struct {
	Target string // what is looked up; of a Markdown link the path of the note, as Note.Path
	Label  string // what is shown, if it was written
	Pos    Pos
	Where  Where
	File   bool // it is a Markdown link
	// Entry is the index in Note.Entries of the entry the link stands in, or -1.
	Entry int
}

// Where says what part of a note a link stands in.
type Where uint8

// A link in running text is a mention; in an entry's header it is a
// participant; in the front matter it is who introduced you.
const (
	InText Where = iota
	InHeader
	InVia
)

// Tag is a hashtag outside of entries.
type Tag struct {
	Slug string
	Line int32
}

// Body returns the Markdown of the note: its text below the front matter.
func (n *Note) Body() string { return n.Source[n.body:] }

// LineText returns the text of a line of the note, from 1, without its end.
func (n *Note) LineText(line int32) string {
	text, _, _ := strings.Cut(n.Source[n.lineStart(line):], "\n")
	return text
}

// lineStart returns where a line of the note begins, from 1; the end of the note if it
// has no such line.
func (n *Note) lineStart(line int32) int {
	switch {
	case line < 1 || n.lines != nil && int(line) > len(n.lines.starts):
		return len(n.Source)
	case n.lines != nil:
		return int(n.lines.starts[line-1])
	}
	at := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(n.Source[at:], '\n')
		if next < 0 {
			return len(n.Source)
		}
		at += next + 1
	}
	return at
}

// longNote is the size in bytes from which a note keeps where its lines begin. They
// are found in a shorter one when somebody asks.
const longNote = 16 << 10

// places returns where the lines of the note begin.
func (n *Note) places() *lines {
	if n.lines != nil {
		return n.lines
	}
	l := newLines(n.Source)
	return &l
}

// Pos returns the place of an offset in Source.
func (n *Note) Pos(offset int) Pos { return n.places().pos(offset) }

// Offset returns where in Source a place is.
func (n *Note) Offset(p Pos) int { return n.places().offset(p) }

// BodyLine returns the line, from 1, on which the Markdown begins after the front
// matter.
func (n *Note) BodyLine() int { return int(n.places().pos(n.body).Line) }

// FrontMatter returns the keys and values of the front matter as they are
// written, their places counted from its first line. It reads them again from the
// source, since few ask.
func (n *Note) FrontMatter() []Field {
	if n.Broken || n.front == (span{}) {
		return nil
	}
	f, _ := fenceOf(n.fence)
	fields, _ := n.fields(f, 1, nil) // without an error, as it was read before
	return fields
}

func (n *Note) problem(pos Pos, severity Severity, code, message, hint string) {
	n.Problems = append(n.Problems, Problem{
		File: n.Path, Line: int(pos.Line), Column: int(pos.Column), Severity: severity,
		Code: code, Message: message, Hint: hint, Source: clip(n.places().line(pos.Line)),
	})
}

// clip keeps a line short enough to be shown.
func clip(line string) string {
	const most = 500
	if len(line) <= most {
		return line
	}
	for i := most; ; i-- {
		if utf8.RuneStart(line[i]) {
			return line[:i]
		}
	}
}

// Unreadable returns the note of a file that could not be read at all, for a
// reason that a person can mend.
func Unreadable(path string, kind Kind, code, message, hint string) *Note {
	n := newNote(path, kind)
	n.Broken = true
	n.problem(Pos{1, 1}, Error, code, message, hint)
	return n
}

// Reads says whether a file's bytes are those the note was read from, so that
// there is no need to read it again.
func (n *Note) Reads(data []byte) bool {
	return !n.Stale && !n.Broken && sourceOf(util.BytesToReadOnlyString(data)) == n.Source
}

// sourceOf returns a file's text as a note keeps it: without BOM and with LF line
// ends.
func sourceOf(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return text
}

// Hash names a text, such as a line that a page shows, in a few letters: another text
// has another one.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// FrontHash is the [Hash] of the note's front matter.
func (n *Note) FrontHash() string { return Hash(n.Source[:n.body]) }

// Keep returns the note as it is with other problems: those of its file, which
// can no longer be read.
func (n *Note) Keep(problems []Problem) *Note {
	kept := *n
	kept.Problems, kept.Stale = problems, true
	return &kept
}

func newNote(path string, kind Kind) *Note {
	n := nameless(path, kind)
	n.Name = nameOf(n.Path)
	return n
}

// nameless returns a note whose name is still to be read.
func nameless(path string, kind Kind) *Note {
	base := path[strings.LastIndexByte(path, '/')+1:]
	return &Note{Path: path, Kind: kind, Slug: Slug(strings.TrimSuffix(base, ".md"))}
}

// TooLarge returns the note of a file over [MaxSize].
func TooLarge(path string, kind Kind, size int64) *Note {
	return Unreadable(path, kind, "too-large",
		fmt.Sprintf("the file has %.1f MiB, which is more than the 10 MiB a note may have", math.Ceil(float64(size)/(1<<20)*10)/10),
		"move what is not a note (a picture, a recording) to a file of its own and link to it")
}

// Parse reads the note in data, a file's bytes; path is where it is, relative
// to the journal and with slashes. It never fails: what cannot be read is in the
// note's problems.
func (p *Parser) Parse(path string, kind Kind, data []byte) *Note {
	if len(data) > MaxSize {
		return TooLarge(path, kind, int64(len(data)))
	}
	text := sourceOf(string(data))
	if !utf8.ValidString(text) {
		n := Unreadable(path, kind, "not-utf8", "the file is not UTF-8 text", "save it with the encoding UTF-8")
		n.Problems[0].Line, n.Problems[0].Column = badByte(text)
		return n
	}
	n := nameless(path, kind)
	r := p.enter()
	defer p.leave(r)
	n.Source = text
	n.lines = r.places(text)
	if n.Slug == "" {
		hint := "name it after the person, with a letter or digit in it"
		if kind == Circle {
			hint = "name it after the circle, with a letter or digit in it"
		}
		n.problem(Pos{1, 1}, Error, "empty-slug", "the file's name has no letter or digit to make an address of", hint)
	}
	if kind == Contact && strings.TrimSpace(text) == "" {
		n.problem(Pos{1, 1}, Warning, "empty-file", "the file is empty",
			"write what you know about them; the name is that of the file, unless front matter says another")
	}
	if line := n.conflict(); line > 0 {
		n.broken(Pos{line, 1}, ConflictMarkers, "git left a conflict here, between lines that begin with <<<<<<< and >>>>>>>",
			"keep what is right of the two sides, and take the lines with the markers away")
	}
	n.readFront(r)
	n.strayFront()
	if n.Name == "" {
		n.Name = nameOf(path)
	}
	p.readBody(n, r)
	if len(n.Front.Tags)+len(n.Tags)+len(n.entryTags) >= manyTags {
		n.tagUses = sync.OnceValue(n.allTagUses)
	}
	n.lines = nil
	if len(text) >= longNote {
		n.lines = n.places()
	}
	SortProblems(n.Problems)
	return n
}

// badByte returns the place of the first byte that is not UTF-8.
func badByte(text string) (line, column int) {
	line, column = 1, 1
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == '\n':
			line, column = line+1, 0
		case r == utf8.RuneError && n == 1:
			return line, column
		}
		text = text[n:]
		column++
	}
	return line, column
}
