package draw

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// tied is a drawing's worth of people, of whom each but the first knows one
// before them, and some know others.
func tiedPeople(n int) ([]Node, []Edge) {
	r := rand.New(rand.NewPCG(1, 2))
	nodes := make([]Node, n)
	var edges []Edge
	for i := range nodes {
		nodes[i] = Node{Address: fmt.Sprintf("p%d.html", i), Label: strings.Repeat("a", 5+r.IntN(15)), Title: "x", Class: "h1", Radius: 4 + float64(r.IntN(12))}
		if i > 0 {
			edges = append(edges, Edge{From: r.IntN(i), To: i, Arrow: true})
		}
		if i > 10 && r.IntN(3) == 0 {
			edges = append(edges, Edge{From: i - 1 - r.IntN(9), To: i})
		}
	}
	return nodes, edges
}

// Whatever there is to draw, everything is inside of the drawing, and labels can
// be read: no name is on another one.
func TestNetwork(t *testing.T) {
	type graph struct {
		nodes []Node
		edges []Edge
	}
	graphs := map[string]graph{}
	for _, n := range []int{1, 2, 3, 12, 60, 61, 150, 400} {
		nodes, edges := tiedPeople(n)
		graphs[fmt.Sprintf("%d people", n)] = graph{nodes, edges}
		graphs[fmt.Sprintf("%d people, none tied", n)] = graph{nodes, nil}
		var all []Edge // everybody knows the first
		for i := 1; i < n; i++ {
			all = append(all, Edge{From: 0, To: i, Arrow: true})
		}
		graphs[fmt.Sprintf("%d people, all by one", n)] = graph{nodes, all}
	}
	nodes, _ := tiedPeople(12)
	var clique []Edge
	for i := range nodes {
		for k := range i {
			clique = append(clique, Edge{From: k, To: i})
		}
	}
	graphs["all know all"] = graph{nodes, clique}
	for name, g := range graphs {
		d := NewNetwork(g.nodes, g.edges)
		if again := NewNetwork(g.nodes, g.edges); d.SVG("") != again.SVG("") {
			t.Errorf("%s: drawn twice, it is not the same", name)
		}
		overlaps := 0
		for i := range d.nodes {
			a := d.nodes[i].box()
			if math.IsNaN(a.x+a.y) || a.x-a.w < -1 || a.x+a.w > d.width+1 || a.y-a.h < -1 || a.y+a.h > d.height+1 {
				t.Errorf("%s: %v is not inside of %v × %v", name, a, d.width, d.height)
			}
			for k := range i {
				b := d.nodes[k].box()
				if x, y := a.over(b); x > 3 && y > 3 {
					overlaps++
				}
			}
		}
		if overlaps > 0 {
			t.Errorf("%s: %d names are on another one", name, overlaps)
		}
		if d.height > 90*float64(len(d.nodes))+100 || d.height > 6000 {
			t.Errorf("%s is %v high", name, d.height)
		}
	}
}

func BenchmarkNetwork(b *testing.B) {
	nodes, edges := tiedPeople(400)
	for b.Loop() {
		d := NewNetwork(nodes, edges)
		d.SVG("")
	}
}
