package note

import (
	"bytes"
	"slices"
	"strings"
)

// Merge merges what two people, or one person in two places, made of a note:
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
func (p *Parser) Merge(path string, kind Kind, base, ours, theirs []byte, markerSize int) (merged []byte, conflicts int, ok bool) {
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
		m.sides[i] = p.newSide(path, kind, data, mixed)
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

type resolution int

const (
	marked resolution = iota // conflicts stand in markers
	asOurs
	asTheirs
)

func (f form) write(pieces []piece, how resolution) []byte {
	var lines []string
	for _, c := range pieces {
		switch {
		case !c.conflict || how == asOurs:
			lines = append(lines, c.lines...)
		case how == asTheirs:
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
	note      *Note
	bom, open bool
	head      []string // the lines up to the front matter's, its fence included
	front     *block   // has the keys as blocks; nil if they do not stand on lines of their own
	frontText []string
	foot      []string // the closing fence
	body      *block
	tail      []string // the blank lines at the end of the file
}

// fence returns how the front matter is read.
func (s *side) fence() fence {
	f, _ := fenceOf(s.note.fence)
	return f
}

// newSide reads a version of a note, or returns nil if it cannot be read. With
// keepReturns, a line keeps the carriage return at its end.
func (p *Parser) newSide(path string, kind Kind, data []byte, keepReturns bool) *side {
	if len(data) > MaxSize || bytes.IndexByte(data, 0) >= 0 {
		return nil
	}
	n := newNote(path, kind)
	s := &side{note: n, open: len(data) > 0 && data[len(data)-1] != '\n'}
	n.Source = sourceOf(string(data))
	n.lines = n.places()
	if text := strings.ToValidUTF8(n.Source, ""); len(text) != len(n.Source) {
		return nil
	}
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
	n.readFront(&room{})
	if n.Broken {
		return nil
	}
	bodyLine := len(lines)
	if n.body < len(n.Source) {
		bodyLine = int(n.places().pos(n.body).Line) - 1
	}
	if n.front != (span{}) {
		// The brackets of a JSON object are fences here, whatever stands around them.
		from, to := int(n.places().pos(n.front.start).Line)-1, int(n.places().pos(n.front.end).Line)-1
		if n.fence == "{" {
			to = bodyLine
		}
		s.head, s.frontText, s.foot = lines[:from], lines[from:to], lines[to:bodyLine]
		s.front = frontBlocks(s.frontText, n.FrontMatter(), s.fence())
	}
	s.body, s.tail = p.bodyBlocks(n, lines, bodyLine)
	return s
}

func isMarker(line string) bool {
	return strings.HasPrefix(line, "<<<<<<<") || strings.HasPrefix(line, ">>>>>>>") || strings.HasPrefix(line, "|||||||")
}

// A merger merges three sides.
type merger struct {
	parser *Parser
	path   string
	kind   Kind
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
	if o.note.fence != t.note.fence && o.note.fence != "" && t.note.fence != "" {
		return nil, false
	}
	if b.note.fence != "" && (o.note.fence != b.note.fence || t.note.fence != b.note.fence) {
		return nil, false
	}
	frame := o
	if o.note.fence == "" {
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
func (m *merger) soundFront(n *Note, how resolution) bool {
	var v [3]Value
	for i, s := range m.sides {
		v[i] = Value{Shape: Mapping, Fields: s.note.FrontMatter()}
	}
	return Value{Shape: Mapping, Fields: n.FrontMatter()}.meaning() == mergeValues(v[0], v[1], v[2], how).meaning()
}

// mergeValues merges what three front matters say, without regard to how they
// are written.
func mergeValues(base, ours, theirs Value, how resolution) Value {
	b, o, t := base.meaning(), ours.meaning(), theirs.meaning()
	switch {
	case o == t, t == b:
		return ours
	case o == b:
		return theirs
	case ours.Shape == Mapping && theirs.Shape == Mapping && (base.Shape == Mapping || base.Shape == Null):
		merged := Value{Shape: Mapping}
		for _, f := range slices.Concat(ours.Fields, theirs.Fields) {
			if lookup(merged.Fields, f.Key) == nil {
				if f.Value = mergeValues(base.at(f.Key), ours.at(f.Key), theirs.at(f.Key), how); f.Value.Shape != Null {
					merged.Fields = append(merged.Fields, f)
				}
			}
		}
		return merged
	case base.Shape != Mapping && ours.Shape != Mapping && theirs.Shape != Mapping && (ours.Shape == List || theirs.Shape == List):
		return mergeLists(base, ours, theirs)
	case how == asTheirs:
		return theirs
	}
	return ours
}

// mergeLists merges lists, or texts in place of them, as sets: what is on both
// sides, and what either added, in the order of ours.
func mergeLists(base, ours, theirs Value) Value {
	if ours.Shape != List {
		ours, theirs = theirs, ours
	}
	merged := Value{Shape: List}
	old, here, there, done := base.set(), ours.set(), theirs.set(), map[string]bool{}
	for _, it := range slices.Concat(ours.items(), theirs.items()) {
		if k := it.meaning(); !done[k] && (!old[k] || here[k] && there[k]) {
			done[k] = true
			merged.Items = append(merged.Items, it)
		}
	}
	return merged
}

// items returns what a list has; a text in place of one is an item.
func (v Value) items() []Value {
	switch v = v.Unwiki(); v.Shape {
	case Scalar:
		return []Value{v}
	case List:
		return v.Items
	}
	return nil
}

func (v Value) set() map[string]bool {
	set := map[string]bool{}
	for _, it := range v.items() {
		set[it.meaning()] = true
	}
	return set
}

func (v Value) at(key string) Value {
	if f := lookup(v.Fields, key); f != nil {
		return f.Value.Unwiki()
	}
	return Value{}
}

// meaning returns a text that two values have in common exactly if they say the
// same: a list is a set, and one text is a list of it.
func (v Value) meaning() string {
	v = v.Unwiki()
	var parts []string
	switch v.Shape {
	case Scalar:
		return strings.TrimSpace(v.Text)
	case List:
		for _, it := range v.Items {
			parts = append(parts, it.meaning())
		}
	case Mapping:
		for _, f := range v.Fields {
			if text := f.Value.meaning(); text != "" {
				parts = append(parts, "\x01"+strings.ToLower(f.Key)+"\x02"+text+"\x03")
			}
		}
	}
	slices.Sort(parts)
	return strings.Join(slices.Compact(parts), "\x00")
}

// soundBody says whether a merged note has every entry and task as often as it
// must, and every line that one side wrote.
func (m *merger) soundBody(n *Note, pieces []piece, how resolution) bool {
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
		has[i] = s.note.bodyLines()
	}
	merged := n.bodyLines()
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
func (n *Note) bodyLines() map[string]bool {
	set := map[string]bool{}
	for l := range strings.SplitSeq(n.Source[n.body:], "\n") {
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

func itemKeys(n *Note) []keyAt {
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
