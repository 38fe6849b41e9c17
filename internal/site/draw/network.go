package draw

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"
	"unicode"
)

// A Network shows who is tied to whom: a dot for each, with its label below it, and
// lines between them. Where things stand follows from the nodes and edges alone, by way
// of no clock and no chance: the same ties make the same drawing. It takes some 40 ms
// for 400 nodes.
type Network struct {
	nodes         []placedNode
	edges         []Edge
	width, height float64
	between       float64 // nodes that are tied, where nothing else pulls at them
}

// A Node is a dot of a network, which leads to a page.
type Node struct {
	Address, Label, Title string
	Class                 string // of its dot
	Radius                float64
}

type placedNode struct {
	Node
	x, y  float64 // of the middle of its dot
	small bool    // there is room for its label also where the drawing is small
}

// An Edge is a line between two nodes, by their index.
type Edge struct {
	From, To int
	Arrow    bool // from the first to the second
	Width    int  // from 1 on
}

// The sizes of a drawing, in its units, which are pixels where there is room for
// it. Where it is small its labels are larger by half and more, and fewer (the
// style sheet has the sizes).
const (
	narrowDrawing = 720
	wideDrawing   = 960 // of more than these nodes:
	manyNodes     = 60

	labelLetter  = 12.0 // the size of a label's letters
	narrowLetter = 26.0
	wideLetter   = 34.0
	labelBelow   = labelLetter + 5
	longestLabel = 22 // letters
)

// NewNetwork arranges nodes and edges. The labels of nodes are shortened.
func NewNetwork(nodes []Node, edges []Edge) *Network {
	d := &Network{nodes: make([]placedNode, len(nodes)), edges: edges, width: narrowDrawing, between: 70}
	for i, n := range nodes {
		n.Label = shorten(n.Label)
		d.nodes[i].Node = n
		d.between = max(d.between, 60+3*n.Radius)
	}
	if len(nodes) > manyNodes {
		d.width = wideDrawing
	}
	d.shelve(d.clusters())
	d.chooseSmall()
	return d
}

// clusters returns the nodes that are tied to one another, directly or by way of
// others: the largest cluster first, in each the best tied node first and then
// those that are reached from it.
func (d *Network) clusters() [][]int {
	ties := make([][]int, len(d.nodes))
	for _, e := range d.edges {
		ties[e.From], ties[e.To] = append(ties[e.From], e.To), append(ties[e.To], e.From)
	}
	order := make([]int, len(d.nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(ties[b]) - len(ties[a]) })
	seen := make([]bool, len(d.nodes))
	var clusters [][]int
	for _, start := range order {
		if seen[start] {
			continue
		}
		seen[start] = true
		cluster := []int{start}
		for at := 0; at < len(cluster); at++ {
			for _, next := range ties[cluster[at]] {
				if !seen[next] {
					seen[next] = true
					cluster = append(cluster, next)
				}
			}
		}
		clusters = append(clusters, cluster)
	}
	slices.SortStableFunc(clusters, func(a, b []int) int { return len(b) - len(a) })
	return clusters
}

// shelve arranges each cluster and puts them beside and below one another.
func (d *Network) shelve(clusters [][]int) {
	const gap = 16
	var shelf [][]int
	x, height := 0.0, 0.0
	done := func() { // put the shelf in the middle
		for _, cluster := range shelf {
			for _, i := range cluster {
				d.nodes[i].x += (d.width - (x - gap)) / 2
			}
		}
		d.height += height + gap
		shelf, x, height = nil, 0, 0
	}
	for _, cluster := range clusters {
		w, h := d.arrange(cluster)
		if x+w > d.width {
			done()
		}
		for _, i := range cluster {
			d.nodes[i].x += x
			d.nodes[i].y += d.height
		}
		shelf, x, height = append(shelf, cluster), x+w+gap, max(height, h)
	}
	done()
}

// arrange places the nodes of a cluster, so that no label is on another one as
// far as that can be had, and returns the size of it all, no wider than the
// drawing.
func (d *Network) arrange(cluster []int) (w, h float64) {
	place := d.spread(cluster)
	lay(place)
	left, right := place[0].x, place[0].x
	for _, p := range place {
		left, right = min(left, p.x), max(right, p.x)
	}
	top, bottom, area := place[0].y, place[0].y, 0.0
	for at, i := range cluster {
		top, bottom = min(top, place[at].y), max(bottom, place[at].y)
		b := d.nodes[i].box()
		area += 4 * b.w * b.h
	}
	// Labels are wide, so there is need of room from side to side, as far as there
	// is any. From top to bottom there is, but not for a page without an end.
	across, down := 1.5, 1.0
	if room := d.width - 160; (right-left)*across > room {
		across = room / (right - left)
	}
	airy := 3.5
	if d.width == wideDrawing {
		airy = 2
	}
	if room := airy * area / ((right-left)*across + 160); bottom-top > room {
		down = room / (bottom - top)
	}
	for at, i := range cluster {
		d.nodes[i].x = d.width/2 + (place[at].x-(left+right)/2)*across
		d.nodes[i].y = place[at].y * down
	}
	d.separate(cluster)
	low, high := d.width, 0.0
	top, bottom = math.Inf(1), math.Inf(-1)
	for _, i := range cluster {
		b := d.nodes[i].box()
		low, high, top, bottom = min(low, b.x-b.w), max(high, b.x+b.w), min(top, b.y-b.h), max(bottom, b.y+b.h)
	}
	for _, i := range cluster {
		d.nodes[i].x -= low
		d.nodes[i].y -= top
	}
	return high - low, bottom - top
}

type point struct{ x, y float64 }

// spread places the nodes of a cluster as if they pushed one another away and
// their ties were springs, which cools down (Fruchterman and Reingold, 1991). It
// starts from a spiral, and goes on for fewer rounds the more nodes there are.
func (d *Network) spread(cluster []int) []point {
	n, between := len(cluster), d.between
	place, push := make([]point, n), make([]point, n)
	at := make(map[int]int, n)
	turn := point{1, 0}
	for i, node := range cluster {
		at[node] = i
		far := between * 0.6 * math.Sqrt(float64(i))
		place[i] = point{turn.x * far, turn.y * far}
		const cos, sin = -0.73736888, 0.67549029 // of the golden angle
		turn = point{turn.x*cos - turn.y*sin, turn.x*sin + turn.y*cos}
	}
	var springs [][2]int
	for _, e := range d.edges {
		if a, ok := at[e.From]; ok {
			springs = append(springs, [2]int{a, at[e.To]})
		}
	}
	rounds := min(300, max(60, 4_000_000/(n*n)))
	const pull = 0.06 // to the middle
	hot := between * math.Sqrt(float64(n)) / 4
	for round := range rounds {
		clear(push)
		for i := range n {
			p, sum := place[i], push[i]
			for k := i + 1; k < n; k++ {
				x, y := p.x-place[k].x, p.y-place[k].y
				f := between * between / (x*x + y*y + 1)
				sum.x += x * f
				sum.y += y * f
				push[k].x -= x * f
				push[k].y -= y * f
			}
			push[i] = sum
		}
		for _, s := range springs {
			a, b := s[0], s[1]
			x, y := place[a].x-place[b].x, place[a].y-place[b].y
			f := math.Sqrt(x*x+y*y) / between
			push[a].x -= x * f
			push[a].y -= y * f
			push[b].x += x * f
			push[b].y += y * f
		}
		heat := hot * (1 - float64(round)/float64(rounds))
		for i := range n {
			x, y := push[i].x-place[i].x*pull, push[i].y-place[i].y*pull
			if far := math.Sqrt(x*x + y*y); far > heat {
				x, y = x*heat/far, y*heat/far
			}
			place[i].x += x
			place[i].y += y
		}
	}
	return place
}

// lay turns places so that they reach farthest from side to side.
func lay(place []point) {
	var middle point
	for _, p := range place {
		middle.x += p.x / float64(len(place))
		middle.y += p.y / float64(len(place))
	}
	var xx, xy, yy float64
	for i := range place {
		place[i] = point{place[i].x - middle.x, place[i].y - middle.y}
		p := place[i]
		xx, xy, yy = xx+p.x*p.x, xy+p.x*p.y, yy+p.y*p.y
	}
	sin, cos := math.Sincos(math.Atan2(2*xy, xx-yy) / 2)
	for i, p := range place {
		place[i] = point{p.x*cos + p.y*sin, p.y*cos - p.x*sin}
	}
}

// A box is the room that a node takes with its label: its middle, and half its
// width and height.
type box struct{ x, y, w, h float64 }

func (n *placedNode) box() box {
	top, bottom := n.Radius+4, n.Radius+labelBelow
	return box{n.x, n.y + (bottom-top)/2, max(textWidth(n.Label)*labelLetter/2, n.Radius) + 6, (top + bottom) / 2}
}

// separate moves nodes apart whose boxes overlap.
func (d *Network) separate(cluster []int) {
	type placed struct {
		box
		node *placedNode
	}
	boxes := make([]placed, len(cluster))
	highest := 0.0
	for at, i := range cluster {
		boxes[at] = placed{d.nodes[i].box(), &d.nodes[i]}
		highest = max(highest, boxes[at].h)
	}
	sort := func() {
		slices.SortStableFunc(boxes, func(a, b placed) int { return cmp.Compare(a.y, b.y) })
	}
	for again, round := true, 0; again && round < 100; round++ {
		again = false
		sort()
		for i := range boxes {
			a := &boxes[i]
			for k := i + 1; k < len(boxes) && boxes[k].y-a.y < a.h+highest; k++ {
				b := &boxes[k]
				x, y := a.over(b.box)
				if x <= 0.5 || y <= 0.5 {
					continue
				}
				again = true
				// To the side in which less of them is on one another.
				if x*(a.h+b.h) < y*(a.w+b.w) {
					move := math.Copysign(x/2, b.x-a.x)
					a.x, b.x = a.x-move, b.x+move
				} else {
					move := math.Copysign(y/2, b.y-a.y)
					a.y, b.y = a.y-move, b.y+move
				}
			}
			a.x = min(max(a.x, a.w), max(d.width-a.w, a.w))
		}
	}
	// Who is on another one still moves down until there is room.
	sort()
	for i := range boxes {
		a := &boxes[i]
		for k := 0; k < i; k++ {
			b := boxes[k].box
			if x, y := a.over(b); x > 1 && y > 1 {
				a.y = b.y + b.h + a.h
				k = -1 // another may be in this place
			}
		}
	}
	for _, b := range boxes {
		was := b.node.box()
		b.node.x += b.x - was.x
		b.node.y += b.y - was.y
	}
}

// over says by how much two boxes are on one another, from side to side and from
// top to bottom: not at all if either is not more than 0.
func (a *box) over(b box) (x, y float64) {
	return a.w + b.w - math.Abs(b.x-a.x), a.h + b.h - math.Abs(b.y-a.y)
}

// chooseSmall chooses the labels that are shown where the drawing is small: those
// of the largest dots that have room.
func (d *Network) chooseSmall() {
	size := narrowLetter
	if d.width == wideDrawing {
		size = wideLetter
	}
	order := make([]int, len(d.nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(d.nodes[b].Radius, d.nodes[a].Radius) })
	var taken []box
	for _, i := range order {
		n := &d.nodes[i]
		b := box{n.x, n.y + n.Radius + size*0.6, textWidth(n.Label) * size / 2, size * 0.6}
		n.small = b.x-b.w >= 0 && b.x+b.w <= d.width && b.y+b.h <= d.height && !slices.ContainsFunc(taken, func(o box) bool {
			x, y := b.over(o)
			return x > 0 && y > 0
		})
		if n.small {
			taken = append(taken, b)
		}
	}
}

// textWidth says about how wide a text is, in the size of its letters.
func textWidth(text string) float64 {
	w := 0.0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.M, r):
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
			w += 1
		case unicode.IsUpper(r):
			w += 0.68
		default:
			w += 0.53
		}
	}
	return w
}

// shorten returns a text that is short enough to be a label.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > longestLabel {
		return string(runes[:longestLabel-1]) + "…"
	}
	return text
}

// SVG draws the network, with a text for those who cannot see it.
func (d *Network) SVG(alternative string) template.HTML {
	whole := func(f float64) string { return strconv.Itoa(int(math.Round(f))) }
	var m, lines, arrows, heads svg
	class := "net tint"
	if d.width == wideDrawing {
		class += " wide"
	}
	m.add(`<svg class="`, class, `" viewBox="0 0 `, whole(d.width), " ", whole(d.height), `" width="`, whole(d.width), `" height="`, whole(d.height),
		`" role="group" aria-label="`, escape(alternative), "\">\n")
	for _, e := range d.edges {
		a, b := d.nodes[e.From], d.nodes[e.To]
		line := "M" + whole(a.x) + " " + whole(a.y) + "L" + whole(b.x) + " " + whole(b.y)
		switch {
		case e.Arrow:
			arrows.add(line)
			x, y := b.x-a.x, b.y-a.y
			far := max(math.Sqrt(x*x+y*y), 1)
			x, y = x/far, y/far
			// In the middle, where neither dot nor label hides it.
			midX, midY := (a.x+b.x)/2-x*5, (a.y+b.y)/2-y*5
			heads.add("M", whole(midX+x*10), " ", whole(midY+y*10), "L", whole(midX-y*4), " ", whole(midY+x*4), "L", whole(midX+y*4), " ", whole(midY-x*4), "z")
		case e.Width > 1:
			m.add(`<path stroke="currentColor" opacity=".28" stroke-width="`, strconv.Itoa(e.Width), `" d="`, line, "\"/>\n")
		default:
			lines.add(line)
		}
	}
	m.add(`<path stroke="currentColor" opacity=".28" d="`, lines.String(), `"/><path stroke="currentColor" opacity=".76" d="`, arrows.String(),
		`"/><path fill="currentColor" d="`, heads.String(), "\"/>\n")
	for _, n := range d.nodes {
		m.add(`<a href="`, escape(n.Address), `" tabindex="-1"><title>`, escape(n.Title), `</title><circle class="`, n.Class,
			`" cx="`, whole(n.x), `" cy="`, whole(n.y), `" r="`, whole(n.Radius), `"/><text x="`, whole(n.x), `" y="`, whole(n.y+n.Radius+2), `" dy=".9em"`)
		if !n.small {
			m.add(` class="far"`)
		}
		m.add(">", escape(n.Label), "</text></a>\n")
	}
	m.add("</svg>\n")
	return m.html()
}
