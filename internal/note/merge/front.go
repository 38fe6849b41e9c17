package merge

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kith/internal/note"
	"kith/internal/note/revise"
)

// frontBlocks reads the lines of a front matter into a block for each key. It
// returns nil if the keys do not stand on lines of their own, so that only lines
// can be merged.
func frontBlocks(lines []string, fields []note.Field, in note.Format) *block {
	root := &block{shape: wholeBody}
	inside, first := lines, 0
	if in == note.JSON {
		from, to := firstText(lines), len(lines)-1
		for to > from && blank(lines[to]) {
			to--
		}
		if from < 0 || to == from || strings.TrimSpace(lines[from]) != "{" || strings.TrimSpace(lines[to]) != "}" {
			return nil
		}
		inside, first = lines[from+1:to], from+1
		root.lines, root.tail, root.commas = lines[:first], lines[to:], true
	}
	if !root.addFields(inside, first, fields) {
		return nil
	}
	return root
}

// addFields adds a block for each key of a mapping, whose lines begin at the
// given one of the front matter. It fails if two stand on one line.
func (b *block) addFields(lines []string, first int, fields []note.Field) bool {
	var starts []int
	keys := map[string]bool{}
	last := -1
	for _, f := range fields {
		at := int(f.Pos.Line) - 1 - first
		if at <= last || at >= len(lines) || keys[strings.ToLower(f.Key)] || f.Key == "" {
			return false
		}
		keys[strings.ToLower(f.Key)] = true
		before := lines[at][:columnOffset(lines[at], f.Pos.Column)]
		if strings.Trim(before, " \t[\"'") != "" {
			return false
		}
		in := indent(before)
		start := at
		for start-1 > last && isComment(lines[start-1], in) {
			start--
		}
		starts = append(starts, start)
		c := &block{shape: fieldShape, key: strings.ToLower(f.Key), value: f.Value.Unwiki(), lead: at - start, first: first + start}
		if strings.HasPrefix(strings.TrimSpace(lines[at]), "[") {
			c.shape = tableShape
		}
		b.add(c)
		last = at
	}
	end := len(lines)
	if len(starts) == 0 {
		if firstText(lines) >= 0 && !slices.ContainsFunc(lines, func(l string) bool { return isComment(l, 0) }) {
			return false
		}
		b.tail = slices.Concat(lines, b.tail)
		return true
	}
	for end-1 > last && isComment(lines[end-1], indent(lines[last])) {
		end--
	}
	b.tail = slices.Concat(lines[end:], b.tail)
	starts = append(starts, end)
	b.lines = slices.Concat(b.lines, lines[:starts[0]])
	for i, c := range b.children {
		c.lines = lines[starts[i]:starts[i+1]]
		if b.commas {
			c.lines = slices.Clone(c.lines)
			n := len(c.lines) - 1
			c.lines[n] = strings.TrimSuffix(strings.TrimRight(c.lines[n], " \t\r"), ",")
		}
	}
	return true
}

// columnOffset returns where in a line a column, counted from 1 in characters,
// begins.
func columnOffset(line string, column int32) int {
	at := 0
	for ; column > 1 && at < len(line); column-- {
		_, n := utf8.DecodeRuneInString(line[at:])
		at += n
	}
	return at
}

// isComment says whether a line is blank, or a comment that is not indented more
// than the keys around it, so is not part of a text of several lines.
func isComment(line string, in int) bool {
	body := strings.TrimLeft(line, " \t")
	return strings.TrimSpace(body) == "" || body[0] == '#' && len(line)-len(body) <= in
}

// mergeFront merges front matter key by key.
func (m *merger) mergeFront(base, ours, theirs *block) (pieces []piece, ok bool) {
	if base == nil {
		base = &block{shape: wholeBody}
	}
	return m.mergeFields(base, ours, theirs)
}

func (m *merger) mergeFields(base, ours, theirs *block) (pieces []piece, ok bool) {
	t := newTree(base, ours, theirs)
	if !t.settle(m.mergeField) {
		return nil, false
	}
	pieces = mergeLines(base.lines, ours.lines, theirs.lines)
	for i, u := range t.root.children {
		comma := ours.commas && i+1 < len(t.root.children)
		for j, c := range u.pieces {
			if comma && j == len(u.pieces)-1 {
				c.lines, c.theirs = withComma(c.lines), withComma(c.theirs)
			}
			pieces = append(pieces, c)
		}
	}
	return append(pieces, mergeLines(base.tail, ours.tail, theirs.tail)...), true
}

func withComma(lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	lines = slices.Clone(lines)
	lines[len(lines)-1] += ","
	return lines
}

// own returns the lines of a key without the comments before it.
func (b *block) own() []string {
	if b == nil {
		return nil
	}
	return b.lines[b.lead:]
}

func (b *block) comments() []string {
	if b == nil {
		return nil
	}
	return b.lines[:b.lead]
}

// valueOf returns the value of a key, which is nothing where there is no key.
func valueOf(b *block) note.Value {
	if b == nil {
		return note.Value{}
	}
	return b.value
}

// mergeField merges the lines of a key. It returns nothing if the key goes.
func (m *merger) mergeField(u *unit) []piece {
	b, o, t := u.base, u.ours, u.theirs
	comments := mergeLines(b.comments(), o.comments(), t.comments())
	var base []string
	if b != nil {
		base = b.own()
	}
	bv, ov, tv := meaning(valueOf(b)), meaning(valueOf(o)), meaning(valueOf(t))
	var own []piece
	switch {
	case slices.Equal(o.own(), t.own()), b != nil && slices.Equal(base, t.own()):
		own = []piece{intact(o.own())}
	case b != nil && slices.Equal(base, o.own()):
		own = []piece{intact(t.own())}
	case o != nil && t != nil && (ov == tv || b != nil && tv == bv):
		own = []piece{intact(o.own())}
	case b != nil && t != nil && o != nil && ov == bv:
		own = []piece{intact(t.own())}
	default:
		merged, ok := m.mergeCollection(b, o, t)
		switch {
		case ok && merged == nil:
			return nil
		case ok:
			own = merged
		case o == nil || t == nil:
			return []piece{{lines: blockLines(o), theirs: blockLines(t), conflict: true}}
		default:
			own = mergeLines(base, o.own(), t.own())
		}
	}
	return append(comments, own...)
}

func blockLines(b *block) []string {
	if b == nil {
		return nil
	}
	return b.lines
}

// mergeCollection merges a list as a set and a mapping key by key. ok is false
// for anything else, and for what is written in a way that it does not know.
func (m *merger) mergeCollection(b, o, t *block) (pieces []piece, ok bool) {
	shapes := [3]note.Shape{valueOf(b).Shape, valueOf(o).Shape, valueOf(t).Shape}
	mappings := 0
	for _, s := range shapes {
		if s == note.Mapping {
			mappings++
		}
	}
	lead := o
	switch {
	case shapes[1] == note.Mapping && shapes[2] == note.Mapping && (mappings == 3 || shapes[0] == note.Null):
		if !o.flow() && !t.flow() {
			return m.mergeBlockMapping(b, o, t)
		}
		if meaning(mergeValues(valueOf(b), o.value, t.value, asOurs)) != meaning(mergeValues(valueOf(b), o.value, t.value, asTheirs)) {
			return nil, false
		}
	case mappings > 0 || shapes[1] != note.List && shapes[2] != note.List:
		return nil, false
	case shapes[1] != note.List:
		lead = t
	}
	merged := mergeValues(valueOf(b), valueOf(o), valueOf(t), asOurs)
	if len(merged.Items)+len(merged.Fields) == 0 && (o == nil || t == nil) {
		return nil, true
	}
	lines, ok := m.rewrite(lead, merged)
	return []piece{intact(lines)}, ok
}

// flow says whether a mapping stands between brackets.
func (b *block) flow() bool {
	line := int(b.value.Pos.Line) - 1 - b.first
	return line >= 0 && line < len(b.lines) && strings.HasPrefix(b.lines[line][columnOffset(b.lines[line], b.value.Pos.Column):], "{")
}

// rewrite returns the lines of a key with another value, in the style that they
// have.
func (m *merger) rewrite(b *block, v note.Value) (lines []string, ok bool) {
	// A note of that key alone is what the edit of a note can change.
	read := m.sides[1].fences
	if read.Open == "" {
		read = m.sides[2].fences
	}
	before, after := []string{read.Open}, []string{read.Close}
	switch {
	case read.Open == "{":
	case read.Format == note.JSON:
		before, after = append(before, "{"), append([]string{"}"}, after...)
	}
	own := b.own()
	source := strings.Join(slices.Concat(before, own, after), "\n") + "\n"
	changed, err := revise.SetKey(m.parser, m.path, m.kind, []byte(source), b.key, v)
	if err != nil {
		return nil, false
	}
	lines = strings.Split(strings.TrimSuffix(string(changed.Source), "\n"), "\n")
	if len(lines) < len(before)+len(after) {
		return nil, false
	}
	return lines[len(before) : len(lines)-len(after)], true
}

func (m *merger) mergeBlockMapping(b, o, t *block) (pieces []piece, ok bool) {
	var roots [3]*block
	for i, f := range []*block{b, o, t} {
		roots[i] = &block{shape: wholeBody}
		if f == nil || f.value.Shape != note.Mapping {
			continue
		}
		own := f.own()
		if !roots[i].addFields(own[1:], f.first+f.lead+1, f.value.Fields) {
			return nil, false
		}
	}
	var head []string
	if b != nil {
		head = b.own()[:1]
	}
	inside, ok := m.mergeFields(roots[0], roots[1], roots[2])
	return append(mergeLines(head, o.own()[:1], t.own()[:1]), inside...), ok
}
