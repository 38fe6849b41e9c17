// Package revise edits a note: each edit takes a file's bytes, with BOM and line
// ends as they are, and returns them changed in the one place it is about.
//
// An edit has guesses, the best first, at where and how the file's own style would
// have what is wanted (body.go, front.go). Each is made, and what comes out is read
// again and compared with what went in (check.go): unless the wanted is there and all
// else is as it was (each value of the front matter, entry, task, link and tag, and
// what the note looks like), it is dropped. That is why the guesses may be simple. If
// none is left, the edit is refused with an [*Error], and a person has to make it.
package revise

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"kith/internal/note"
)

// Change is what an edit makes of a file.
type Change struct {
	Source   []byte         // the file's new bytes: those it had, but for what the edit was about
	Line     int            // the line that was written, from 1; 0 if the file is as it was
	Problems []note.Problem // what is wrong on that line, advice as well
	Note     *note.Note     // how the changed file is read; nil if it is as it was
}

// Error says why an edit was not made. The file is then as it was, and a person has
// to make the edit.
type Error struct {
	File    string // relative to the journal, with slashes
	Line    int    // from 1, where to edit by hand; 0 where the file as a whole is meant
	Message string // why
	Hint    string // what to do
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// AddEntry adds an entry, given as its line from the date on: "2026-11-23
// coffee: text". It goes where the file's entries are, in their order and their
// style: among list items as one of them, among dated headings as a heading, into
// a daily note below its day. A file without entries gets a heading "## Log" at
// its end, unless it has one.
func AddEntry(p *note.Parser, path string, kind note.Kind, src []byte, entry string) (Change, error) {
	return edit(p, path, kind, src, func(e *editor) (Change, error) { return e.addEntry(entry) })
}

// AddTask adds a task, given as its box and text: "[ ] send the paper by
// 2026-12-01" or "[?] how did it go". It goes after the last task of a list of
// the top level that is open, or else done, or else to the end of what stands
// before the first entry and its heading.
func AddTask(p *note.Parser, path string, kind note.Kind, src []byte, task string) (Change, error) {
	return edit(p, path, kind, src, func(e *editor) (Change, error) { return e.addTask(task) })
}

// CloseTask marks the task on a line, from 1, as done. One that is done stays as
// it is.
func CloseTask(p *note.Parser, path string, kind note.Kind, src []byte, line int) (Change, error) {
	return edit(p, path, kind, src, func(e *editor) (Change, error) { return e.closeTask(line) })
}

// SetKey gives a key of the front matter a value, which the zero Value takes
// away again, key and all. The value of a key that is there is replaced in its
// place, in its style; a new key comes after the last one. A file without front
// matter gets one, in YAML. Values are quoted where a reader of the format would
// take them for something other than a text; dates are not.
func SetKey(p *note.Parser, path string, kind note.Kind, src []byte, key string, value note.Value) (Change, error) {
	return edit(p, path, kind, src, func(e *editor) (Change, error) { return e.setKey(key, value) })
}

// AddToList adds an item to the list that a key of the front matter has, in its
// style. A single text becomes a list of two, a missing key one of one item. An
// item that is there already changes nothing.
func AddToList(p *note.Parser, path string, kind note.Kind, src []byte, key, item string) (Change, error) {
	return edit(p, path, kind, src, func(e *editor) (Change, error) { return e.addToList(key, item) })
}

// Relink gives every [[link]] another target for which rename knows one: those
// of the front matter's via, of headers and of running text, but not what looks
// like one in code. Labels stay.
func Relink(p *note.Parser, path string, kind note.Kind, src []byte, rename func(target string) (string, bool)) (Change, error) {
	return edit(p, path, kind, src, func(e *editor) (Change, error) { return e.relink(rename) })
}

// An editor is one file that is being edited. Places in it are offsets in its
// text: without BOM, with LF line ends.
type editor struct {
	*note.Parser
	src   []byte
	note  *note.Note
	text  string
	front note.Fences
	top   int   // where the text below the front matter begins
	crlf  []int // the offsets of the line feeds that are CR LF in the file
	bom   int   // how many bytes the file has before its text
}

// edit makes an edit of a file.
func edit(p *note.Parser, path string, kind note.Kind, src []byte, make func(*editor) (Change, error)) (Change, error) {
	n := p.Parse(path, kind, src)
	for _, pr := range n.Problems {
		if n.Broken && n.Source == "" || pr.Code == note.ConflictMarkers {
			return Change{}, &Error{path, pr.Line, pr.Message, pr.Hint}
		}
	}
	e := &editor{Parser: p, src: src, note: n, text: n.Source, front: n.Fences(), top: len(n.Source) - len(n.Body())}
	rest, found := bytes.CutPrefix(src, []byte("\ufeff"))
	if found {
		e.bom = len(src) - len(rest)
	}
	for i, c := range rest {
		if c == '\n' && i > 0 && rest[i-1] == '\r' {
			e.crlf = append(e.crlf, i-1-len(e.crlf))
		}
	}
	return make(e)
}

// refuse returns the error that an edit cannot be made.
func (e *editor) refuse(line int, message, hint string) error {
	return &Error{e.note.Path, line, message, hint}
}

// A splice puts a text, with LF line ends, in the place of text[start:end].
type splice struct {
	start, end int
	text       string
}

// raw returns where in the file an offset of the text is.
func (e *editor) raw(offset int) int {
	return e.bom + offset + sort.SearchInts(e.crlf, offset)
}

// lineEnd returns the line end that is used where an offset is: within a line its
// own, else that of the line before.
func (e *editor) lineEnd(offset int) string {
	at := strings.LastIndexByte(e.text[:offset], '\n')
	if next := strings.IndexByte(e.text[offset:], '\n'); next >= 0 && at != offset-1 || at < 0 {
		at = offset + next
	}
	if _, found := slices.BinarySearch(e.crlf, at); found {
		return "\r\n"
	}
	return "\n"
}

// splice returns the file's bytes with splices made, which are in order and do
// not overlap.
func (e *editor) splice(splices []splice) []byte {
	var b []byte
	last := 0
	for _, s := range splices {
		b = append(b, e.src[last:e.raw(s.start)]...)
		b = append(b, strings.ReplaceAll(s.text, "\n", e.lineEnd(s.start))...)
		last = e.raw(s.end)
	}
	return append(b, e.src[last:]...)
}

// moved returns where something at an offset of the text is after splices.
func moved(splices []splice, offset int) int {
	by := 0
	for _, s := range splices {
		switch {
		case offset >= s.end:
			by += len(s.text) - (s.end - s.start)
		case offset > s.start:
			return s.start + by
		}
	}
	return offset + by
}

// An attempt is one way of making an edit.
type attempt struct {
	splices []splice
	at      int // the offset whose line is the one written, once the splices are made
	// What there is then to be in the file, beside what was there before and is
	// not given up.
	added []fact
	gone  func(fact) bool           // nil: nothing is given up
	via   func(note.Link) note.Link // what becomes of the links that were there; nil: nothing
	chunk *chunk                    // what is inserted, with a line at which says something and looks like it; nil: nothing
}

// try makes the first of some attempts after which the file is as it should be.
// If there is none, the message is of what was wrong with the first.
func (e *editor) try(what, hint string, line int, attempts ...attempt) (Change, error) {
	var first string
	for i, a := range attempts {
		if len(a.splices) == 0 {
			return Change{Source: e.src}, nil
		}
		src := e.splice(a.splices)
		n := e.Parse(e.note.Path, e.note.Kind, src)
		wrong := e.compare(n, a)
		if wrong == "" {
			c := Change{Source: src, Line: int(n.Pos(a.at).Line), Note: n}
			for _, pr := range n.Problems {
				if pr.Line == c.Line {
					c.Problems = append(c.Problems, pr)
				}
			}
			return c, nil
		}
		if i == 0 {
			first = wrong
		}
	}
	return Change{}, e.refuse(line, fmt.Sprintf("cannot %s without changing something else: %s", what, first), hint)
}

// compare says what is wrong with the note that an attempt made of the file, or
// nothing.
func (e *editor) compare(n *note.Note, a attempt) string {
	if n.Broken && n.Source == "" {
		return n.Problems[0].Message
	}
	if len(n.Source) != moved(a.splices, len(e.text)) {
		return "the line ends would run together"
	}
	// Problems on a line that is written anew are its own.
	var old, written []span
	by := 0
	for _, s := range a.splices {
		start := s.start + by
		if s.start < s.end || s.start > 0 && e.text[s.start-1] != '\n' {
			old = append(old, linesOf(e.note, s.start, s.end))
		}
		if s.text != "" || start > 0 && n.Source[start-1] != '\n' {
			written = append(written, linesOf(n, start, start+len(s.text)))
		}
		by += len(s.text) - (s.end - s.start)
	}
	place := func(p note.Pos) note.Pos { return n.Pos(moved(a.splices, e.note.Offset(p))) }
	var want []fact
	for _, f := range e.facts(e.note, place, a) {
		if f.about == "problem" && within(f.line, old) || a.gone != nil && a.gone(f) {
			continue
		}
		if f.line > 0 {
			f.line = place(note.Pos{Line: f.line, Column: 1}).Line
		}
		want = append(want, f)
	}
	want = append(want, a.added...)
	line := n.Pos(a.at).Line
	if a.chunk != nil {
		want = append(want, e.chunkFacts(*a.chunk, line)...)
	}
	var have []fact
	for _, f := range e.facts(n, func(p note.Pos) note.Pos { return p }, attempt{}) {
		switch {
		case f.about == "problem" && within(f.line, written):
		case a.chunk != nil && f.line == line && strings.HasPrefix(f.about, "text"):
		default:
			have = append(have, f)
		}
	}
	slices.SortFunc(want, fact.compare)
	slices.SortFunc(have, fact.compare)
	for i := range max(len(want), len(have)) {
		switch {
		case i == len(have) || i < len(want) && want[i].compare(have[i]) < 0:
			return want[i].missing()
		case i == len(want) || want[i].compare(have[i]) > 0:
			return have[i].strange()
		}
	}
	return ""
}

// A span is a first and a last line.
type span struct{ start, end int }

// linesOf returns the first and last line of the text between two offsets.
func linesOf(n *note.Note, start, end int) span {
	if start < end {
		end-- // a line end belongs to the line before
	}
	return span{int(n.Pos(start).Line), int(n.Pos(end).Line)}
}

func within(line int32, spans []span) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return int(line) >= s.start && int(line) <= s.end })
}

// lineStart and lineStop return where the line of an offset begins, and where its
// text ends.
func lineStart(text string, offset int) int { return strings.LastIndexByte(text[:offset], '\n') + 1 }

func lineStop(text string, offset int) int {
	if n := strings.IndexByte(text[offset:], '\n'); n >= 0 {
		return offset + n
	}
	return len(text)
}

// relink makes the edit of [Relink].
func (e *editor) relink(rename func(string) (string, bool)) (Change, error) {
	becomes := func(l note.Link) note.Link {
		if to, ok := rename(l.Target); ok {
			l.Target = to
		}
		return l
	}
	var body, front []splice
	inFront, asWritten := false, true // whether a link of the front matter changes, and each stands there as it is read
	line := 0
	for _, l := range e.note.Links {
		to := becomes(l)
		if to == l {
			continue
		}
		if text := "[[" + to.Target + "]]"; !l.File && (!isLink(text) || note.NewLink(text).Target != to.Target) {
			return Change{}, e.refuse(int(l.Pos.Line), fmt.Sprintf("%q cannot be the name in a [[link]]", to.Target), "leave out [ ] and |, and line ends")
		}
		if line == 0 {
			line = int(l.Pos.Line)
		}
		start, end := e.target(l)
		s := splice{start, end, to.Target}
		if l.File {
			s.text = e.note.FileAddress(to.Target, e.text[start:end])
		}
		if l.Where == note.InVia {
			inFront, asWritten = true, asWritten && e.text[start:end] == l.Target
			front = append(front, s)
		} else {
			body = append(body, s)
		}
	}
	a := attempt{via: becomes}
	if inFront {
		v := relinked(note.Lookup(e.note.FrontMatter(), "via").Value, becomes)
		a.added = []fact{{about: "key via", text: canonical(v)}}
		a.gone = func(f fact) bool { return f.about == "key via" }
		var attempts []attempt
		if asWritten {
			attempts = append(attempts, a.with(front, body))
		}
		for _, way := range e.valueAttempts("via", v) {
			attempts = append(attempts, a.with(way.splices, body))
		}
		return e.try("change the links", "change them by hand", line, attempts...)
	}
	return e.try("change the links", "change them by hand", line, a.with(nil, body))
}

// with returns the attempt with splices of the front matter and of the body.
func (a attempt) with(front, body []splice) attempt {
	a.splices = inOrder(slices.Concat(front, body))
	if len(a.splices) > 0 {
		a.at = a.splices[0].start
	}
	return a
}

// isLink says whether a text is a [[link]].
func isLink(text string) bool {
	for start, end := range note.FindLinks(text) {
		return start == 0 && end == len(text)
	}
	return false
}

// target returns where the target of a link is written.
func (e *editor) target(l note.Link) (start, end int) {
	at := e.note.Offset(l.Pos)
	if l.File {
		if start, end, ok := note.AddressIn(e.text[at:lineStop(e.text, at)]); ok {
			return at + start, at + end
		}
		return at, at // one that is written in some other way
	}
	for from, to := range note.FindLinks(e.text[at:lineStop(e.text, at)]) {
		if from == 0 {
			start, end = targetIn(e.text[at : at+to])
			return at + start, at + end
		}
		break
	}
	return at, at // in the front matter, in some other way
}

// targetIn returns where in a [[link]] its target is written.
func targetIn(link string) (start, end int) {
	target := note.NewLink(link).Target
	start = strings.Index(link, target)
	return start, start + len(target)
}

// relinked returns a value in which every [[link]] has become another.
func relinked(v note.Value, becomes func(note.Link) note.Link) note.Value {
	v = v.Unwiki()
	v.Items = slices.Clone(v.Items)
	for i := range v.Items {
		v.Items[i] = relinked(v.Items[i], becomes)
	}
	if v.Shape != note.Scalar {
		return v
	}
	var b strings.Builder
	last := 0
	for at, end := range note.FindLinks(v.Text) {
		link := v.Text[at:end]
		from, to := targetIn(link)
		b.WriteString(v.Text[last:at+from] + becomes(note.NewLink(link)).Target)
		last = at + to
	}
	v.Text = b.String() + v.Text[last:]
	return v
}

func inOrder(splices []splice) []splice {
	slices.SortStableFunc(splices, func(a, b splice) int { return cmp.Compare(a.start, b.start) })
	return slices.CompactFunc(splices, func(a, b splice) bool { return a == b })
}
