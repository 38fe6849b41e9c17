package merge

import (
	"cmp"
	"slices"
	"strings"
)

// A unit is one block as the three sides have it; nil where a side has not.
type unit struct {
	base, ours, theirs *block
	parent             *unit
	children           []*unit // in the order of the merged note
	gone               bool
	pieces             []piece   // of its own lines
	whole              bool      // the pieces have the lines of all in it
	last               [3]*block // the last block of each side in it, if it has several
}

func (u *unit) side(i int) *block { return [...]*block{u.base, u.ours, u.theirs}[i] }

// any returns the block of the side that counts where it does not matter.
func (u *unit) any() *block { return cmp.Or(u.ours, u.theirs, u.base) }

func (u *unit) shape() shape { return u.any().shape }

func (u *unit) date() string {
	b, o, t := u.base, u.ours, u.theirs
	switch {
	case o == nil && t == nil:
		return b.date
	case o == nil:
		return t.date
	case t == nil || b == nil:
		return o.date
	}
	return pick(b.date, o.date, t.date)
}

// A tree merges three trees of blocks. merge makes the pieces of a unit that
// both sides have and that is not the same in all, or that only base and one
// side have and that side changed.
type tree struct {
	root   *unit
	units  []*unit
	blocks [3][]*block // of base, ours and theirs
	failed bool        // too much changed to tell what was made of what
}

// newTree pairs the blocks of three sides.
func newTree(base, ours, theirs *block) *tree {
	t := &tree{root: &unit{base: base, ours: ours, theirs: theirs}}
	for i, b := range []*block{base, ours, theirs} {
		b.unit = t.root
		t.blocks[i] = b.all()
	}
	for _, b := range t.blocks[0] {
		b.unit = &unit{base: b}
		t.units = append(t.units, b.unit)
	}
	for of, b := range t.pairs(1) {
		b.unit, of.unit.ours = of.unit, b
	}
	for of, b := range t.pairs(2) {
		b.unit, of.unit.theirs = of.unit, b
	}
	t.pairNew()
	for _, u := range t.units {
		u.parent = t.parentOf(u)
	}
	return t
}

// A place is a block's key with the keys of all it stands in.
func (b *block) place() string {
	if b.parent == nil {
		return ""
	}
	return b.parent.place() + "\n" + b.matchKey()
}

// matchKey is what blocks that are the same have in common.
func (b *block) matchKey() string {
	if b.key != "" {
		return b.key
	}
	var s strings.Builder
	s.WriteByte('0' + byte(b.shape))
	for _, l := range b.lines {
		s.WriteString(lineKey(l))
		s.WriteByte('\n')
	}
	return s.String()
}

// pairs pairs the blocks of base with those of a side: first those that are the
// same, where they stand and then elsewhere; then those that one was probably
// made of the other.
func (t *tree) pairs(side int) map[*block]*block {
	base, blocks := t.blocks[0], t.blocks[side]
	pairs, taken := map[*block]*block{}, map[*block]bool{}
	pair := func(b, s *block) { pairs[b], taken[s] = s, true }
	for _, key := range []func(*block) string{(*block).place, (*block).matchKey} {
		waiting := map[string][]*block{}
		for _, s := range blocks {
			if !taken[s] {
				waiting[key(s)] = append(waiting[key(s)], s)
			}
		}
		for _, b := range base {
			if list := waiting[key(b)]; pairs[b] == nil && len(list) > 0 {
				pair(b, list[0])
				waiting[key(b)] = list[1:]
			}
		}
	}
	var changed []candidate
	if (len(base)-len(pairs))*(len(blocks)-len(taken)) > maxCandidates {
		t.failed = true
		return pairs
	}
	for _, b := range base {
		if pairs[b] != nil || b.key != "" {
			continue
		}
		for _, s := range blocks {
			if taken[s] || s.shape != b.shape {
				continue
			}
			if score := t.likeness(b, s, pairs); score > 0 {
				changed = append(changed, candidate{b, s, score})
			}
		}
	}
	slices.SortStableFunc(changed, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	for _, c := range changed {
		if pairs[c.base] == nil && !taken[c.block] {
			pair(c.base, c.block)
		}
	}
	// What stands alone between the same neighbours was put in the other's place.
	next := func(list []*block, i int, done func(*block) bool) (only *block) {
		for ; i < len(list) && !done(list[i]); i++ {
			if only != nil {
				return nil
			}
			only = list[i]
		}
		return only
	}
	for i := -1; i < len(base); i++ {
		at := -1
		if i >= 0 {
			if pairs[base[i]] == nil {
				continue
			}
			at = pairs[base[i]].index
		}
		b := next(base, i+1, func(b *block) bool { return pairs[b] != nil })
		s := next(blocks, at+1, func(s *block) bool { return taken[s] })
		if b == nil || s == nil || b.shape != s.shape || b.key != "" {
			continue
		}
		if after := i + 2; after < len(base) && (s.index+1 == len(blocks) || pairs[base[after]] != blocks[s.index+1]) {
			continue
		}
		if b.shape == proseShape || b.date != "" && dayOf(b.date) == dayOf(s.date) {
			pair(b, s)
		}
	}
	return pairs
}

// maxCandidates bounds what is compared letter by letter: a few hundred blocks
// that are new or changed on one side.
const maxCandidates = 100_000

type candidate struct {
	base, block *block
	score       float64
}

func dayOf(date string) string { return date[:min(len(date), 10)] }

// likeness says how probable it is that a block was made of another, or 0 if it
// is not.
func (t *tree) likeness(b, s *block, pairs map[*block]*block) float64 {
	if len(b.lines) == 0 || len(s.lines) == 0 {
		return 0
	}
	if b.shape == sectionShape && len(b.children) > 0 {
		same := 0
		for _, c := range b.children {
			if p := pairs[c]; p != nil && p.parent == s {
				same++
			}
		}
		if 2*same > len(b.children) {
			return 2
		}
	}
	x, y := strings.Join(b.lines, " "), strings.Join(s.lines, " ")
	least := 0.5
	if b.shape == itemShape {
		old, new := splitItem(b.lines[0]), splitItem(s.lines[0])
		if (old.box == "") != (new.box == "") {
			return 0
		}
		x, y = old.text+strings.Join(b.lines[1:], " "), new.text+strings.Join(s.lines[1:], " ")
	}
	switch score := alike(x, y); {
	case b.date != "" && dayOf(b.date) == dayOf(s.date):
		if strings.HasPrefix(y, x) || strings.HasPrefix(x, y) { // somebody wrote on
			return max(score, 0.5)
		}
		least = 0.4
		fallthrough
	case (b.date == "") == (s.date == ""):
		if score < least {
			return 0
		}
		return score
	case score < 0.75:
		return 0
	default:
		return score
	}
}

// alike returns how many of the pairs of letters of two texts are the same, from
// 0 to 1.
func alike(x, y string) float64 {
	if x == y {
		return 1
	}
	pairs := map[string]int{}
	for i := 0; i+2 <= len(x); i++ {
		pairs[x[i:i+2]]++
	}
	same := 0
	for i := 0; i+2 <= len(y); i++ {
		if pairs[y[i:i+2]] > 0 {
			pairs[y[i:i+2]]--
			same++
		}
	}
	return 2 * float64(same) / float64(max(len(x)+len(y)-2, 1))
}

// pairNew makes units of what base has not, one of what both sides added alike.
func (t *tree) pairNew() {
	type at struct {
		in  *unit
		key string
	}
	waiting := map[at][]*block{}
	elsewhere := map[string][]*block{}
	for _, o := range t.blocks[1] {
		if o.unit == nil {
			o.unit = &unit{ours: o}
			t.units = append(t.units, o.unit)
			for _, key := range o.newKeys() {
				waiting[at{o.parent.unit, key}] = append(waiting[at{o.parent.unit, key}], o)
			}
			elsewhere[o.matchKey()] = append(elsewhere[o.matchKey()], o)
		}
	}
	take := func(list []*block) *block {
		for _, o := range list {
			if o.unit.theirs == nil {
				return o
			}
		}
		return nil
	}
	for _, s := range t.blocks[2] {
		if s.unit != nil {
			continue
		}
		var o *block
		for _, key := range s.newKeys() {
			o = cmp.Or(o, take(waiting[at{s.parent.unit, key}]))
		}
		if o == nil && len(s.items) > 0 {
			o = take(elsewhere[s.matchKey()])
		}
		if o != nil {
			s.unit, o.unit.theirs = o.unit, s
			continue
		}
		s.unit = &unit{theirs: s}
		t.units = append(t.units, s.unit)
	}
}

// newKeys are what makes a block the same as one that the other side added: its
// text, and of a task its text without box and date.
func (b *block) newKeys() []string {
	keys := []string{b.matchKey()}
	if b.shape == itemShape {
		if it := splitItem(b.lines[0]); it.box != "" {
			keys = append(keys, "task\n"+strings.TrimSpace(it.text))
		}
	}
	return keys
}

func (t *tree) parentOf(u *unit) *unit {
	of := func(b *block) *unit {
		if b == nil {
			return nil
		}
		return b.parent.unit
	}
	b, o, s := of(u.base), of(u.ours), of(u.theirs)
	switch {
	case o == nil && s == nil:
		return b
	case o == nil:
		return s
	case s == nil || b == nil:
		return o
	}
	return pick(b, o, s)
}

// same says whether two blocks have the same lines, and the same blocks in them.
func same(a, b *block) bool { return slices.Equal(a.text(), b.text()) }

// settle decides what of the units is in the merged note, with the pieces of
// each as merge makes them. It fails where that cannot be told, as where a unit
// would stand in itself.
func (t *tree) settle(merge func(*unit) []piece) bool {
	if t.failed {
		return false
	}
	for _, u := range t.units {
		o, s := u.ours, u.theirs
		switch {
		case o == nil && s == nil:
			u.gone = true
		case u.base == nil && (o == nil || s == nil):
			u.pieces = []piece{intact(u.any().lines)}
		case o == nil || s == nil: // one side took it away
			left := cmp.Or(o, s)
			switch {
			case slices.Equal(left.lines, u.base.lines) && (u.shape() == sectionShape || same(left, u.base)):
				u.gone = true
			case u.shape() == fieldShape || u.shape() == tableShape:
				u.pieces = merge(u)
				u.gone = u.pieces == nil
			default:
				if !t.takenWhole(u) {
					return false
				}
			}
		default:
			u.pieces = merge(u)
		}
	}
	// What stands in a list item that is gone, or shown whole, goes with it.
	for _, u := range t.units {
		for p := u.parent; p != nil && !u.gone; p = p.parent {
			u.gone = p.whole
		}
	}
	t.adopt()
	for _, u := range t.units {
		steps := 0
		for p := u; p != t.root; p = p.parent {
			if steps++; steps > len(t.units) {
				return false
			}
		}
	}
	inside := map[*unit][]*unit{}
	for _, u := range t.units {
		if !u.gone {
			inside[u.parent] = append(inside[u.parent], u)
		}
	}
	for parent, units := range inside {
		t.order(parent, units)
	}
	return true
}

// takenWhole makes a conflict of a block that one side took away, with all in it,
// and the other changed. It fails if there is something in it that did not share
// its fate.
func (t *tree) takenWhole(u *unit) bool {
	c := piece{conflict: true}
	kept, away := 1, 2
	if u.ours == nil {
		kept, away = 2, 1
	}
	whole := true
	for _, side := range []int{0, kept} {
		u.side(side).each(func(b *block) {
			whole = whole && b.unit.side(away) == nil
			c.items[side] = append(c.items[side], b.items...)
		})
	}
	if kept == 1 {
		c.lines = u.ours.text()
	} else {
		c.theirs = u.theirs.text()
	}
	u.whole, u.pieces = true, []piece{c}
	return whole
}

// adopt finds a place for what one side put below a heading that the other took
// away: where its neighbours are now, else below that heading after all.
func (t *tree) adopt() {
	for _, u := range t.units {
		if u.gone || !u.parent.gone {
			continue
		}
		from := cmp.Or(u.theirs, u.ours)
		if u.ours != nil && u.ours.parent.unit == u.parent {
			from = u.ours
		}
		siblings := from.parent.children
		at := slices.Index(siblings, from)
		for step := 1; step < len(siblings) && u.parent.gone; step++ {
			for _, i := range []int{at - step, at + step} {
				if i < 0 || i >= len(siblings) {
					continue
				}
				if n := siblings[i].unit; !n.gone && n.parent != u.parent && !n.parent.gone {
					u.parent = n.parent
				}
			}
		}
		for p := u.parent; p.gone; p = p.parent {
			p.gone = false
			p.pieces = []piece{intact(p.any().lines)}
		}
	}
}

// order puts the units in a parent into the order of the file: that of the side
// that changed the order, with what the other side added in its place.
func (t *tree) order(parent *unit, units []*unit) {
	lead, other := 1, 2
	if t.inOrder(units, 1, 0) && !t.inOrder(units, 2, 0) {
		lead, other = 2, 1
	}
	has := func(side int) (list, rest []*unit) {
		for _, u := range units {
			if b := u.side(side); b != nil && b.parent.unit == parent {
				list = append(list, u)
			} else {
				rest = append(rest, u)
			}
		}
		slices.SortStableFunc(list, func(x, y *unit) int { return x.side(side).index - y.side(side).index })
		return list, rest
	}
	list, rest := has(lead)
	slices.SortStableFunc(rest, func(x, y *unit) int {
		at := func(u *unit) int { return cmp.Or(u.side(other), u.any()).index }
		return at(x) - at(y)
	})
	if len(rest) == 0 {
		parent.children = list
		return
	}
	newest, reordered := t.newestFirst(parent, lead), !t.inOrder(list, lead, other)
	for _, u := range rest {
		list = t.insert(list, u, other, reordered, newest)
	}
	parent.children = list
}

// inOrder says whether the units that two sides have are in the same order.
func (t *tree) inOrder(units []*unit, a, b int) bool {
	var list []*unit
	for _, u := range units {
		if u.side(a) != nil && u.side(b) != nil {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(x, y *unit) int { return x.side(a).index - y.side(a).index })
	return slices.IsSortedFunc(list, func(x, y *unit) int { return x.side(b).index - y.side(b).index })
}

// newestFirst says in which order the dated blocks in a unit are, on the side
// that leads, and if that does not tell, on all sides and in the whole note.
func (t *tree) newestFirst(parent *unit, lead int) bool {
	balance := func(sides [][]*block, in func(*block) bool) int {
		n := 0
		for _, blocks := range sides {
			last := ""
			for _, b := range blocks {
				if b.date != "" && in(b) {
					if last != "" {
						n += strings.Compare(last, b.date)
					}
					last = b.date
				}
			}
		}
		return n
	}
	here := func(b *block) bool { return b.parent.unit == parent }
	anywhere := func(*block) bool { return true }
	return cmp.Or(
		balance(t.blocks[lead:lead+1], here), balance(t.blocks[:], here), balance(t.blocks[:], anywhere),
	) >= 0
}

// insert puts a unit among those of another side: between its neighbours, by
// date if it has one, else after what the other side put there. Between those
// that were reordered, there is only the date to go by.
func (t *tree) insert(list []*unit, u *unit, side int, reordered, newest bool) []*unit {
	lo, hi := 0, len(list)
	if b := u.side(side); b != nil {
		before, after := -1, len(t.blocks[side])
		for i, n := range list {
			switch s := n.side(side); {
			case s == nil:
			case s.index < b.index && s.index > before:
				before, lo = s.index, i+1
			case s.index > b.index && s.index < after:
				after, hi = s.index, i
			}
		}
	}
	date := u.date()
	hi = max(lo, hi)
	if reordered && date != "" {
		lo, hi = 0, len(list)
	}
	first := slices.IndexFunc(list, func(n *unit) bool { return n.shape().ends() })
	if first < 0 {
		first = len(list)
	}
	if u.shape().ends() {
		lo = max(lo, first)
		hi = max(lo, hi)
	} else {
		hi = min(hi, first)
		lo = min(lo, hi)
	}
	at := lo
	if date == "" {
		for at < hi && list[at].shape() == u.shape() && list[at].date() == "" {
			at++
		}
		return slices.Insert(list, at, u)
	}
	for i := lo; i < hi; i++ {
		n := list[i]
		if n.date() == "" || n.shape() != u.shape() {
			continue
		}
		if c := strings.Compare(n.date(), date); newest && c < 0 || !newest && c > 0 {
			break
		}
		at = i + 1
	}
	return slices.Insert(list, at, u)
}
