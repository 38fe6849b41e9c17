package merge

import "slices"

// mergeLines merges three versions of some lines as diff3 does: what both sides
// changed differently is a conflict. Lines that were changed in their places are
// compared one by one, so that changes on neighbouring lines are none.
func mergeLines(base, ours, theirs []string) []piece {
	var pieces []piece
	add := func(c piece) {
		if last := len(pieces) - 1; last >= 0 && !c.conflict && !pieces[last].conflict {
			pieces[last].lines = slices.Concat(pieces[last].lines, c.lines)
			return
		}
		if len(c.lines)+len(c.theirs) > 0 {
			pieces = append(pieces, c)
		}
	}
	region := func(b, o, t []string) {
		switch {
		case slices.Equal(o, t), slices.Equal(b, t):
			add(intact(o))
		case slices.Equal(b, o):
			add(intact(t))
		case len(b) == len(o) && len(b) == len(t) && len(b) > 1:
			for i := range b {
				if b[i] == o[i] || b[i] == t[i] || o[i] == t[i] {
					add(intact([]string{pick(b[i], o[i], t[i])}))
				} else {
					add(piece{lines: o[i : i+1], theirs: t[i : i+1], conflict: true})
				}
			}
		default:
			head := 0
			for head < min(len(o), len(t)) && o[head] == t[head] {
				head++
			}
			tail := 0
			for tail < min(len(o), len(t))-head && o[len(o)-1-tail] == t[len(t)-1-tail] {
				tail++
			}
			add(intact(o[:head]))
			add(piece{lines: o[head : len(o)-tail], theirs: t[head : len(t)-tail], conflict: true})
			add(intact(o[len(o)-tail:]))
		}
	}
	inOurs, inTheirs := common(base, ours), common(base, theirs)
	b, o, t := 0, 0, 0
	for i := range base {
		if inOurs[i] < 0 || inTheirs[i] < 0 {
			continue
		}
		region(base[b:i], ours[o:inOurs[i]], theirs[t:inTheirs[i]])
		add(intact(base[i : i+1]))
		b, o, t = i+1, inOurs[i]+1, inTheirs[i]+1
	}
	region(base[b:], ours[o:], theirs[t:])
	return pieces
}

// maxLines bounds what is looked at to find the common lines of two texts, since
// that takes time in step with the product of their lengths.
const maxLines = 4 << 20

// common says which line of b each line of a is, or -1, for as many as can be
// without changing their order.
func common(a, b []string) []int {
	at := make([]int, len(a))
	for i := range at {
		at[i] = -1
	}
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		at[head] = head
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
		at[len(a)-tail] = len(b) - tail
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(x)*len(y) > maxLines {
		return at
	}
	// best[i][j] is how many lines x[i:] and y[j:] have in common.
	best := make([][]int32, len(x)+1)
	for i := range best {
		best[i] = make([]int32, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				best[i][j] = best[i+1][j+1] + 1
			} else {
				best[i][j] = max(best[i+1][j], best[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			at[head+i] = head + j
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return at
}
