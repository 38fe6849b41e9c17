// Package merge merges notes by what they mean.
//
// [Notes] reads three versions of a note into trees of blocks (block.go: headings,
// list items, other Markdown; front.go: keys of the front matter), pairs the blocks
// that are the same or were made of one another, and settles for each whether it is
// there, below what, and in what order (tree.go). Lines are moved and never written
// anew. What comes out is read again and counted against what went in (sound): if an
// entry, task, value or line would be missing or there twice, the merge is left to git.
//
// [Join] makes one note of two, by way of such a merge.
package merge

import (
	"bytes"
	"slices"
	"strings"

	"kith/internal/note"
)

// Notes merges what two people, or one person in two places, made of a note:
// ours and theirs, of which base is the file that both began with, empty if
// there was none. It merges by meaning: entries, tasks and other list items
// added on either side are all kept, each once, in the file's order; the front
// matter merges key by key, and a list in it as a set; what only one side
// changed follows that side. What both changed differently is a conflict, and
// stands in git's conflict markers, of markerSize signs, around that line alone.
//
// ok is false for what this cannot do soundly: a note that cannot be read or
// already has conflict markers, front matters in different formats, a merge
// after which an entry, task, value or line would be lost or there twice. That
// is left to git's own merge.
func Notes(p *note.Parser, path string, kind note.Kind, base, ours, theirs []byte, markerSize int) (merged []byte, conflicts int, ok bool) {
	switch {
	case bytes.Equal(ours, theirs), bytes.Equal(base, theirs):
		return ours, 0, true
	case bytes.Equal(base, ours):
		return theirs, 0, true
	}
	m := merger{parser: p, path: path, kind: kind}
	endings := [3]string{lineEnds(base), lineEnds(ours), lineEnds(theirs)}
	mixed := slices.Contains(endings[:], "")
	var ends string
	if mixed { // a line keeps the end it has
		ends = "\n"
	} else if ends = endings[1]; len(base) > 0 {
		ends = pick(endings[0], endings[1], endings[2])
	}
	for i, data := range [][]byte{base, ours, theirs} {
		m.sides[i] = newSide(p, path, kind, data, mixed)
		if m.sides[i] == nil {
			return nil, 0, false
		}
	}
	pieces, ok := m.merge()
	if !ok {
		return nil, 0, false
	}
	for _, c := range pieces {
		if c.conflict {
			conflicts++
		}
	}
	b, o, t := m.sides[0], m.sides[1], m.sides[2]
	if len(base) == 0 {
		b = o
	}
	f := form{ends: ends, markerSize: markerSize, bom: pick(b.bom, o.bom, t.bom), open: pick(b.open, o.open, t.open)}
	if !m.sound(pieces, f, conflicts) {
		return nil, 0, false
	}
	return f.write(pieces, marked), conflicts, true
}

// lineEnds returns the line end that a file has, or the empty string if it has
// two kinds.
func lineEnds(data []byte) string {
	switch all, windows := bytes.Count(data, []byte("\n")), bytes.Count(data, []byte("\r\n")); windows {
	case 0:
		return "\n"
	case all:
		return "\r\n"
	}
	return ""
}

// pick returns what three versions of one value merge to; ours if both sides
// changed it.
func pick[T comparable](base, ours, theirs T) T {
	if ours == base {
		return theirs
	}
	return ours
}

// A piece is some lines of a merged file, or what the sides made of them where
// that is a conflict.
type piece struct {
	lines    []string // those of our side, in a conflict
	theirs   []string
	conflict bool
	items    [3][]itemKey // the entries and tasks that each side has there, in a conflict
}

func intact(lines []string) piece { return piece{lines: lines} }

// A form is how a merged file is written.
type form struct {
	ends       string
	markerSize int
	bom, open  bool // open: its last line has no end
}

// isProse says whether a line begins a paragraph, and no item of a list.
func isProse(line string) bool {
	bullet, _ := splitBullet(line)
	return bullet == "" && indent(line) == 0
}

type resolution int

const (
	marked resolution = iota // conflicts stand in markers
	asOurs
	asTheirs
	asBoth // what each side has, ours first
)

func (f form) write(pieces []piece, how resolution) []byte {
	var lines []string
	for _, c := range pieces {
		switch {
		case !c.conflict || how == asOurs:
			lines = append(lines, c.lines...)
		case how == asTheirs:
			lines = append(lines, c.theirs...)
		case how == asBoth:
			lines = append(lines, c.lines...)
			if len(c.lines) > 0 && len(c.theirs) > 0 && isProse(c.theirs[0]) {
				lines = append(lines, "")
			}
			lines = append(lines, c.theirs...)
		default:
			lines = append(lines, strings.Repeat("<", f.markerSize)+" ours")
			lines = append(lines, c.lines...)
			lines = append(lines, strings.Repeat("=", f.markerSize))
			lines = append(lines, c.theirs...)
			lines = append(lines, strings.Repeat(">", f.markerSize)+" theirs")
		}
	}
	var b []byte
	if f.bom {
		b = append(b, "\ufeff"...)
	}
	b = append(b, strings.Join(lines, f.ends)...)
	if len(lines) > 0 && (!f.open || how == marked && pieces[len(pieces)-1].conflict) {
		b = append(b, f.ends...)
	}
	return b
}

// A side is one of the three versions of a note.
type side struct {
	note      *note.Note
	fences    note.Fences
	bom, open bool
	head      []string // the lines up to the front matter's, its fence included
	front     *block   // has the keys as blocks; nil if they do not stand on lines of their own
	frontText []string
	foot      []string // the closing fence
	body      *block
	tail      []string // the blank lines at the end of the file
}

// newSide reads a version of a note, or returns nil if it cannot be read. With
// keepReturns, a line keeps the carriage return at its end.
func newSide(p *note.Parser, path string, kind note.Kind, data []byte, keepReturns bool) *side {
	n := p.Parse(path, kind, data)
	if n.Broken || bytes.IndexByte(data, 0) >= 0 {
		return nil
	}
	s := &side{note: n, fences: n.Fences(), open: len(data) > 0 && data[len(data)-1] != '\n'}
	text, bom := strings.CutPrefix(string(data), "\ufeff")
	s.bom = bom
	if !keepReturns {
		text = n.Source
	}
	lines := strings.Split(text, "\n")
	if !s.open {
		lines = lines[:len(lines)-1]
	}
	for _, l := range lines {
		if isMarker(l) {
			return nil
		}
	}
	bodyLine := len(lines)
	if n.Body() != "" {
		bodyLine = n.BodyLine() - 1
	}
	if f := s.fences; f.Open != "" {
		// The brackets of a JSON object are fences here, whatever stands around them.
		from, to := int(n.Pos(f.Start).Line)-1, int(n.Pos(f.End).Line)-1
		if f.Open == "{" {
			to = bodyLine
		}
		s.head, s.frontText, s.foot = lines[:from], lines[from:to], lines[to:bodyLine]
		s.front = frontBlocks(s.frontText, meant(n), f.Format)
	}
	s.body, s.tail = bodyBlocks(p, n, lines, bodyLine)
	return s
}

func isMarker(line string) bool {
	return strings.HasPrefix(line, "<<<<<<<") || strings.HasPrefix(line, ">>>>>>>") || strings.HasPrefix(line, "|||||||")
}

// A merger merges three sides.
type merger struct {
	parser *note.Parser
	path   string
	kind   note.Kind
	sides  [3]*side // base, ours, theirs
	made   []made
}

// made says what was made of the first lines of a list item that both sides
// changed: a line for each way to settle a conflict in it.
type made struct {
	items     [3][]itemKey // the entry or task that each side has there
	of, lines [2]string
}

func (m *merger) merge() (pieces []piece, ok bool) {
	b, o, t := m.sides[0], m.sides[1], m.sides[2]
	if o.fences.Open != t.fences.Open && o.fences.Open != "" && t.fences.Open != "" {
		return nil, false
	}
	if b.fences.Open != "" && (o.fences.Open != b.fences.Open || t.fences.Open != b.fences.Open) {
		return nil, false
	}
	frame := o
	if o.fences.Open == "" {
		frame = t
	}
	pieces = append(pieces, intact(frame.head))
	if o.front != nil && t.front != nil && (b.front != nil || b.frontText == nil) {
		front, ok := m.mergeFront(b.front, o.front, t.front)
		if !ok {
			return nil, false
		}
		pieces = append(pieces, front...)
	} else {
		pieces = append(pieces, mergeLines(b.frontText, o.frontText, t.frontText)...)
	}
	pieces = append(pieces, intact(frame.foot))
	body, ok := m.mergeBody()
	pieces = append(pieces, body...)
	return slices.DeleteFunc(pieces, func(c piece) bool { return !c.conflict && len(c.lines) == 0 }), ok
}

// sound reads the merged note again, once with each conflict settled for one
// side, and says whether it has what it must have.
func (m *merger) sound(pieces []piece, f form, conflicts int) bool {
	for _, how := range []resolution{asOurs, asTheirs} {
		if how == asTheirs && conflicts == 0 {
			break
		}
		n := m.parser.Parse(m.path, m.kind, f.write(pieces, how))
		if n.Broken || !m.soundFront(n, how) || !m.soundBody(n, pieces, how) {
			return false
		}
	}
	return true
}

// soundFront says whether a merged note has the front matter that it must have.
func (m *merger) soundFront(n *note.Note, how resolution) bool {
	var v [3]note.Value
	for i, s := range m.sides {
		v[i] = note.Value{Shape: note.Mapping, Fields: meant(s.note)}
	}
	return meaning(note.Value{Shape: note.Mapping, Fields: meant(n)}) == meaning(mergeValues(v[0], v[1], v[2], how))
}

// mergeValues merges what three front matters say, without regard to how they
// are written.
func mergeValues(base, ours, theirs note.Value, how resolution) note.Value {
	b, o, t := meaning(base), meaning(ours), meaning(theirs)
	switch {
	case o == t, t == b:
		return ours
	case o == b:
		return theirs
	case ours.Shape == note.Mapping && theirs.Shape == note.Mapping && (base.Shape == note.Mapping || base.Shape == note.Null):
		merged := note.Value{Shape: note.Mapping}
		for _, f := range slices.Concat(ours.Fields, theirs.Fields) {
			if note.Lookup(merged.Fields, f.Key) == nil {
				if f.Value = mergeValues(at(base, f.Key), at(ours, f.Key), at(theirs, f.Key), how); f.Value.Shape != note.Null {
					merged.Fields = append(merged.Fields, f)
				}
			}
		}
		return merged
	case base.Shape != note.Mapping && ours.Shape != note.Mapping && theirs.Shape != note.Mapping && (ours.Shape == note.List || theirs.Shape == note.List):
		return mergeLists(base, ours, theirs)
	case how == asTheirs:
		return theirs
	}
	return ours
}

// mergeLists merges lists, or texts in place of them, as sets: what is on both
// sides, and what either added, in the order of ours.
func mergeLists(base, ours, theirs note.Value) note.Value {
	if ours.Shape != note.List {
		ours, theirs = theirs, ours
	}
	merged := note.Value{Shape: note.List}
	old, here, there, done := set(base), set(ours), set(theirs), map[string]bool{}
	for _, it := range slices.Concat(listed(ours), listed(theirs)) {
		if k := meaning(it); !done[k] && (!old[k] || here[k] && there[k]) {
			done[k] = true
			merged.Items = append(merged.Items, it)
		}
	}
	return merged
}

// listed returns what a list has; a text in place of one is an item.
func listed(v note.Value) []note.Value { return note.Listed(note.Field{Value: v}) }

// meant returns the keys of a note's front matter, of which a text that stands for a list
// is one (FORMAT.md, "Frontmatter").
func meant(n *note.Note) []note.Field {
	fields := slices.Clone(n.FrontMatter())
	for i, f := range fields {
		if values := note.Listed(f); len(values) > 1 {
			fields[i].Value = note.Value{Shape: note.List, Items: values, Pos: f.Value.Pos}
		}
	}
	return fields
}

func set(v note.Value) map[string]bool {
	set := map[string]bool{}
	for _, it := range listed(v) {
		set[meaning(it)] = true
	}
	return set
}

func at(v note.Value, key string) note.Value {
	if f := note.Lookup(v.Fields, key); f != nil {
		return f.Value.Unwiki()
	}
	return note.Value{}
}

// meaning returns a text that two values have in common exactly if they say the
// same: a list is a set, and one text is a list of it.
func meaning(v note.Value) string {
	v = v.Unwiki()
	var parts []string
	switch v.Shape {
	case note.Scalar:
		return strings.TrimSpace(v.Text)
	case note.List:
		for _, it := range v.Items {
			parts = append(parts, meaning(it))
		}
	case note.Mapping:
		for _, f := range v.Fields {
			if text := meaning(f.Value); text != "" {
				parts = append(parts, "\x01"+strings.ToLower(f.Key)+"\x02"+text+"\x03")
			}
		}
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), "\x00")
}

// soundBody says whether a merged note has every entry and task as often as it
// must, and every line that one side wrote.
func (m *merger) soundBody(n *note.Note, pieces []piece, how resolution) bool {
	// Out of the count of each side comes what the merge knows to be changed.
	var count [3]map[itemKey]int
	for i, s := range m.sides {
		count[i] = map[itemKey]int{}
		for _, k := range itemKeys(s.note) {
			count[i][k.key]++
		}
	}
	want, given := map[itemKey]int{}, map[string]bool{} // given: the lines that are not kept
	drop := func(items [3][]itemKey) {
		for i, list := range items {
			for _, k := range list {
				count[i][k]--
			}
		}
	}
	for _, made := range m.made {
		drop(made.items)
		line, kept := made.lines[0], made.items[1]
		if how == asTheirs {
			line, kept = made.lines[1], made.items[2]
		}
		switch {
		case line == made.of[0]:
			kept = made.items[1]
		case line == made.of[1]:
			kept = made.items[2]
		case len(kept) == 0:
			kept = slices.Concat(made.items[1], made.items[2])
		}
		for _, k := range kept {
			k.line = lineKey(line)
			want[k]++
		}
		given[lineKey(made.of[0])], given[lineKey(made.of[1])] = true, true
	}
	for _, c := range pieces {
		if !c.conflict {
			continue
		}
		drop(c.items)
		kept, other := c.items[1], c.theirs
		if how == asTheirs {
			kept, other = c.items[2], c.lines
		}
		for _, k := range kept {
			want[k]++
		}
		for _, l := range other {
			given[lineKey(l)] = true
		}
	}
	keys := map[itemKey]bool{}
	for i := range count {
		for k := range count[i] {
			keys[k] = true
		}
	}
	for k := range keys {
		switch b, o, t := count[0][k], count[1][k], count[2][k]; {
		case o == b:
			want[k] += t
		case t == b || o == t:
			want[k] += o
		case o > b && t > b:
			want[k] += max(o, t)
		default: // one side took one away, and the other added one
			want[k] += max(o+t-b, 0)
		}
	}
	for _, k := range itemKeys(n) {
		want[k.key]--
	}
	for _, left := range want {
		if left != 0 {
			return false
		}
	}
	var has [3]map[string]bool
	for i, s := range m.sides {
		has[i] = bodyLines(s.note)
	}
	merged := bodyLines(n)
	for i := 1; i <= 2; i++ {
		for l := range has[i] {
			if (!has[0][l] || has[3-i][l]) && !merged[l] && !given[l] {
				return false
			}
		}
	}
	return true
}

// bodyLines returns the lines of a note's body that say something.
func bodyLines(n *note.Note) map[string]bool {
	set := map[string]bool{}
	for l := range strings.SplitSeq(n.Body(), "\n") {
		if l = lineKey(l); l != "" {
			set[l] = true
		}
	}
	return set
}

// An itemKey is what makes an entry or a task the same in two versions of a
// note.
type itemKey struct {
	what string // entry or task
	day  string // of an entry in a daily note
	line string
}

type keyAt struct {
	key  itemKey
	line int // from 0
}

func itemKeys(n *note.Note) []keyAt {
	var keys []keyAt
	for _, e := range n.Entries {
		k := itemKey{what: "entry", line: lineKey(n.LineText(e.Line))}
		if e.Daily {
			k.day = e.Date.String()
		}
		keys = append(keys, keyAt{k, int(e.Line) - 1})
	}
	for _, t := range n.Tasks {
		keys = append(keys, keyAt{itemKey{what: "task", line: lineKey(n.LineText(t.Line))}, int(t.Line) - 1})
	}
	slices.SortStableFunc(keys, func(a, b keyAt) int { return a.line - b.line })
	return keys
}

// lineKey returns a line without what does not change what it says: its indent
// and bullet, and space at its end.
func lineKey(line string) string {
	bullet, rest := splitBullet(line)
	if bullet == "" {
		rest = line
	}
	return strings.TrimSpace(rest)
}
