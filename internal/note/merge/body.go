package merge

import (
	"slices"
	"strings"
)

// mergeBody merges what stands below the front matter.
func (m *merger) mergeBody() (pieces []piece, ok bool) {
	t := newTree(m.sides[0].body, m.sides[1].body, m.sides[2].body)
	if !t.settle(m.mergeBlock) {
		return nil, false
	}
	t.root.joinProse()
	t.root.takeBullets()
	before := t.root
	t.root.each(func(u *unit) {
		if u != t.root {
			gap := t.gap(before, u)
			if before.whole { // the blank lines go with what may go
				c := &pieces[len(pieces)-1]
				if before.ours != nil {
					c.lines = slices.Concat(c.lines, gap)
				} else {
					c.theirs = slices.Concat(c.theirs, gap)
				}
				gap = nil
			}
			pieces = append(pieces, intact(gap))
			pieces = append(pieces, u.pieces...)
			before = u
		}
	})
	b, o, s := m.sides[0], m.sides[1], m.sides[2]
	return append(pieces, intact(pickLines(b.tail, o.tail, s.tail))), true
}

func pickLines(base, ours, theirs []string) []string {
	if slices.Equal(base, ours) {
		return theirs
	}
	return ours
}

// mergeBlock merges the own lines of a block that both sides have.
func (m *merger) mergeBlock(u *unit) []piece {
	b, o, s := u.base, u.ours, u.theirs
	var lines []string
	if b != nil {
		lines = b.lines
	}
	switch {
	case slices.Equal(o.lines, s.lines), b != nil && slices.Equal(lines, s.lines):
		return []piece{intact(o.lines)}
	case b != nil && slices.Equal(lines, o.lines):
		return []piece{intact(s.lines)}
	case u.shape() != itemShape:
		pieces := mergeLines(lines, o.lines, s.lines)
		for i, c := range pieces {
			if c.conflict && len(o.items)+len(s.items) > 0 {
				pieces[i].items = itemsOf(b, o, s)
				break
			}
		}
		return pieces
	}
	made := made{items: itemsOf(b, o, s), of: [2]string{o.lines[0], s.lines[0]}}
	made.lines = made.of
	if b != nil {
		made.lines = mergeItem(lines[0], o.lines[0], s.lines[0])
		lines = lines[1:]
	}
	m.made = append(m.made, made)
	head := piece{lines: made.lines[:1], theirs: made.lines[1:], conflict: made.lines[0] != made.lines[1]}
	return append([]piece{head}, mergeLines(lines, o.lines[1:], s.lines[1:])...)
}

func itemsOf(blocks ...*block) (items [3][]itemKey) {
	for i, b := range blocks {
		if b != nil {
			items[i] = b.items
		}
	}
	return items
}

// mergeItem merges the first line of a list item part by part: one side may tick
// a task while the other words it better. Where both changed a part differently,
// it returns a line for each side, else the same twice.
func mergeItem(base, ours, theirs string) (lines [2]string) {
	b, o, t := splitItem(base), splitItem(ours), splitItem(theirs)
	for i := range lines {
		part := func(base, ours, theirs string) string {
			if i == 1 && ours != base && theirs != base && !strings.EqualFold(strings.TrimSpace(ours), strings.TrimSpace(theirs)) {
				return theirs
			}
			return pick(base, ours, theirs)
		}
		lines[i] = itemLine{
			bullet: pick(b.bullet, o.bullet, t.bullet), box: part(b.box, o.box, t.box), date: part(b.date, o.date, t.date),
			text: part(b.text, o.text, t.text), due: part(b.due, o.due, t.due),
		}.String()
	}
	return lines
}

// each calls f for a unit and all in it, in the order of the merged note.
func (u *unit) each(f func(*unit)) {
	f(u)
	for _, c := range u.children {
		c.each(f)
	}
}

// added says which side added a unit that the other side has not: 1 ours, 2
// theirs, 0 neither.
func (u *unit) added() int {
	switch {
	case u.base != nil || u.ours != nil && u.theirs != nil:
		return 0
	case u.ours != nil:
		return 1
	}
	return 2
}

// joinProse makes a conflict of text that both sides wrote in the same place:
// unlike entries, paragraphs do not stand for themselves.
func (u *unit) joinProse() {
	for i := 0; i < len(u.children); i++ {
		var sides [3][]*block
		end := i
		for ; end < len(u.children); end++ {
			c := u.children[end]
			if c.shape() != proseShape || c.added() == 0 {
				break
			}
			sides[c.added()] = append(sides[c.added()], c.any())
		}
		if len(sides[1]) > 0 && len(sides[2]) > 0 {
			first := u.children[i]
			first.ours, first.theirs = sides[1][0], sides[2][0]
			c := piece{conflict: true}
			for side, list := range sides {
				var lines []string
				for n, b := range list {
					if n > 0 {
						lines = append(lines, b.gap...)
					}
					lines = append(lines, b.lines...)
					c.items[side] = append(c.items[side], b.items...)
					first.last[side] = b
				}
				if side == 1 {
					c.lines = lines
				} else if side == 2 {
					c.theirs = lines
				}
			}
			first.pieces = []piece{c}
			u.children = slices.Delete(u.children, i+1, end)
		}
		u.children[i].joinProse()
	}
}

// takeBullets gives the items that one side added the bullet of the list that
// they come into, if the sides use different ones.
func (u *unit) takeBullets() {
	for i, c := range u.children {
		c.takeBullets()
		if side := c.added(); side != 0 && c.shape() == itemShape && i > 0 {
			n := u.children[i-1]
			if n.shape() != itemShape || n.side(side) == nil || len(n.pieces) == 0 || len(n.pieces[0].lines) == 0 {
				continue
			}
			own, _ := splitBullet(c.any().lines[0])
			there, _ := splitBullet(n.side(side).lines[0])
			here, _ := splitBullet(n.pieces[0].lines[0])
			if own == there && here != own && len(here) == len(own) && strings.ContainsAny(strings.TrimSpace(own)[:1], "-*+") {
				lines := slices.Clone(c.any().lines)
				lines[0] = here + lines[0][len(own):]
				c.pieces = []piece{intact(lines)}
			}
		}
	}
}

// at returns where a unit's lines begin and end in a side, as indices of blocks,
// or -2 if that side has none of them.
func (u *unit) at(side int) (first, last int) {
	b := u.side(side)
	switch {
	case b == nil:
		return -2, -2
	case b.parent == nil: // the whole body
		return -1, -1
	case u.last[side] != nil:
		return b.index, u.last[side].index
	case u.whole:
		return b.index, b.index + b.size() - 1
	}
	return b.index, b.index
}

// use says whether a list item is a task, an entry or neither: tasks and entries often
// stand in one place, with a blank line between the last and the first.
func (b *block) use() string {
	if len(b.items) > 0 {
		return b.items[0].what
	}
	return ""
}

// gap returns the blank lines between two units that follow each other in the
// merged note: those between them in the sides, if they follow each other there.
func (t *tree) gap(u, v *unit) []string {
	var between [3][]string
	var found [3]bool
	for side := range between {
		_, end := u.at(side)
		start, _ := v.at(side)
		if end > -2 && start == end+1 {
			between[side], found[side] = v.side(side).gap, true
		}
	}
	switch {
	case found[1] && found[2] && found[0]:
		return pickLines(between[0], between[1], between[2])
	case found[1]:
		return between[1]
	case found[2]:
		return between[2]
	case found[0]:
		return between[0]
	}
	own := v.any().gap
	if v.shape() == itemShape && u.shape() == itemShape {
		before := u
		for before.parent != v.parent && before.parent != nil {
			before = before.parent
		}
		sameUse := before.parent == nil || before.any().use() == v.any().use()
		for _, blocks := range t.blocks {
			for i := 1; i < len(blocks); i++ {
				a, b := blocks[i-1], blocks[i]
				if a.shape == itemShape && b.shape == itemShape && a.parent == b.parent && a.parent.unit == v.parent && (a.use() == b.use()) == sameUse {
					return b.gap
				}
			}
		}
		if sameUse {
			return nil
		}
	}
	if len(own) == 0 && u != t.root {
		return []string{""}
	}
	return own
}
