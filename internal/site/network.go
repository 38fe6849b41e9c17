package site

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strings"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/site/draw"
)

// Ties are what a note says of who knows whom, as texts of slugs that compare with ==.
type ties struct {
	slug, name string // of the contact whose note it is; else empty
	circles    string // theirs, with spaces between
	via        string // who introduced them to you
	with       string // whom their note has links to
	together   string // a line for each: who else is in one entry
}

// A crowd is too large to say much of who knows whom: those of an entry that has
// so many are not tied to one another.
const crowd = 12

func tiesOf(f *journal.File, row *due.Row) ties {
	var t ties
	if row != nil {
		t.slug, t.name = f.Slug, f.Name
		t.circles = strings.Join(appendCircles(nil, row), " ")
	}
	var via, with, together []string
	entries := map[int][]string{}
	for i, to := range f.Targets {
		l := &f.Links[i]
		switch {
		case to == "" || to == t.slug:
		case l.Where == note.InVia:
			via = append(via, to)
		default:
			if row != nil {
				with = append(with, to)
			}
			if l.Entry >= 0 {
				entries[l.Entry] = append(entries[l.Entry], to)
			}
		}
	}
	for _, members := range entries {
		if members = unique(members); len(members) > 1 && len(members) < crowd {
			together = append(together, strings.Join(members, " "))
		}
	}
	t.via, t.with, t.together = strings.Join(unique(via), " "), strings.Join(unique(with), " "), strings.Join(unique(together), "\n")
	return t
}

// unique sorts a list and leaves out doubles.
func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// A network is the ties of all notes of a journal. It never changes, and there is a new one
// only if a tie, a name or the circles of somebody are not as they were.
type network struct{ notes []ties }

func newNetwork(people []*person) *network {
	n := &network{make([]ties, 0, len(people))}
	for _, p := range people {
		n.notes = append(n.notes, p.ties)
	}
	return n
}

func (s *Site) networkPages() []File {
	return []File{{Path: "network.html", Inputs: networkPage{s.frame, s.network, s.groups}}}
}

// networkPage draws who introduced whom and who is mentioned with whom.
type networkPage struct {
	*frame
	network *network
	groups  *groups
}

type networkModel struct {
	Page           Page
	Sentence       string // what the drawing shows
	Drawing        template.HTML
	Key            string   // how to read it
	Introductions  []Person // who introduced whom
	MoreIntroduced string   // how many of them are not shown
	Together       []Person // who is mentioned with whom
	MoreTogether   string   // how many of them are not shown
}

// The most people that are drawn one by one, the most circles that are drawn, and
// the most lines of a list.
const (
	mostDrawn   = 400
	mostCircles = 60
	mostTies    = 150 // between circles
	mostListed  = 400
	mostNamed   = 12 // in one line
)

// An acquaintance is a contact with those they are tied to, all by their index.
type acquaintance struct {
	*ties
	introduced  []int // whom they introduced to you
	introducers []int // who introduced them
	with        []int // who else they are mentioned with
}

// acquaintances returns all contacts in the order of their slugs.
func (n *network) acquaintances() []acquaintance {
	all := make([]acquaintance, 0, len(n.notes))
	for i := range n.notes {
		if t := &n.notes[i]; t.slug != "" {
			all = append(all, acquaintance{ties: t})
		}
	}
	slices.SortFunc(all, func(a, b acquaintance) int { return strings.Compare(a.slug, b.slug) })
	index := make(map[string]int, len(all))
	for i, a := range all {
		index[a.slug] = i
	}
	each := func(slugs string, do func(i int)) {
		for slug := range strings.FieldsSeq(slugs) {
			if i, ok := index[slug]; ok {
				do(i)
			}
		}
	}
	meet := func(i, k int) {
		if i != k {
			all[i].with, all[k].with = append(all[i].with, k), append(all[k].with, i)
		}
	}
	for i := range all {
		each(all[i].via, func(k int) {
			all[k].introduced = append(all[k].introduced, i)
			all[i].introducers = append(all[i].introducers, k)
		})
	}
	for i := range n.notes {
		t := &n.notes[i]
		if t.slug != "" {
			i := index[t.slug]
			each(t.with, func(k int) { meet(i, k) })
		}
		for line := range strings.Lines(t.together) {
			each(line, func(i int) {
				each(line, func(k int) {
					if i < k {
						meet(i, k)
					}
				})
			})
		}
	}
	for i := range all {
		a := &all[i]
		slices.Sort(a.with)
		a.with = slices.DeleteFunc(slices.Compact(a.with), func(k int) bool {
			return slices.Contains(a.introduced, k) || slices.Contains(a.introducers, k)
		})
	}
	return all
}

// degree is how many somebody is tied to.
func (a *acquaintance) degree() int { return len(a.introduced) + len(a.introducers) + len(a.with) }

func (p networkPage) Render(b []byte) ([]byte, error) {
	m := networkModel{Page: p.page("network.html", "Network", inNetwork)}
	all := p.network.acquaintances()
	tied := 0
	for i := range all {
		if all[i].degree() > 0 {
			tied++
		}
	}
	var d *draw.Network
	switch {
	case tied == 0:
		return p.theme.render(b, "network", m)
	case tied <= mostDrawn:
		d, m.Sentence = drawPeople(all), peopleSentence(all, tied)
		m.Key = "An arrow leads from who introduced you to whom you met; a thin line joins people who are mentioned together."
	default:
		d, m.Sentence = p.drawCircles(all, tied)
		m.Key = "The more people in a circle, the larger its dot; the more of them know one another, the wider the line."
	}
	if d != nil {
		m.Drawing = d.SVG(m.Sentence + " The same is in the lists below.")
	}
	m.Introductions, m.MoreIntroduced = listed(all, func(a *acquaintance) []int { return a.introduced })
	m.Together, m.MoreTogether = listed(all, once(all))
	return p.theme.render(b, "network", m)
}

// drawPeople draws those who are tied to somebody.
func drawPeople(all []acquaintance) *draw.Network {
	var nodes []draw.Node
	var edges []draw.Edge
	at := make([]int, len(all))
	for i := range all {
		a := &all[i]
		if a.degree() == 0 {
			continue
		}
		at[i] = len(nodes)
		nodes = append(nodes, draw.Node{
			Address: escapePath(contactPath(a.slug)), Label: a.name, Title: a.name, Class: "h" + hue(a.slug),
			Radius: min(4+1.6*math.Sqrt(float64(a.degree())), 16),
		})
	}
	for i := range all {
		for _, k := range all[i].introduced {
			edges = append(edges, draw.Edge{From: at[i], To: at[k], Arrow: true})
		}
		for _, k := range all[i].with {
			if i < k {
				edges = append(edges, draw.Edge{From: at[i], To: at[k], Width: 1})
			}
		}
	}
	return draw.NewNetwork(nodes, edges)
}

// peopleSentence says what the drawing of people shows.
func peopleSentence(all []acquaintance, tied int) string {
	introduced, most, alone := 0, &all[0], true
	for i := range all {
		if len(all[i].introducers) > 0 {
			introduced++
		}
		if n := len(all[i].introduced); n > len(most.introduced) {
			most, alone = &all[i], true
		} else if i > 0 && n == len(most.introduced) {
			alone = false
		}
	}
	s := counted(tied, "person", "people") + " who know one another"
	if introduced > 0 {
		s += ". " + thousands(introduced) + " came to you through another"
	}
	if n := len(most.introduced); n > 1 && alone {
		s += "; " + most.name + " opened the most doors: " + thousands(n)
	}
	return s + "."
}

// drawCircles draws the circles of all people: two are tied by each two people,
// one of either, who are.
func (p networkPage) drawCircles(all []acquaintance, tied int) (*draw.Network, string) {
	index := map[string]int{}
	for i, g := range p.groups.list {
		index[g.slug] = i
	}
	members := make([]int, len(p.groups.list))
	of := make([][]int, len(all)) // the circles of each
	for i := range all {
		for slug := range strings.FieldsSeq(all[i].circles) {
			if g, ok := index[slug]; ok {
				members[g]++
				of[i] = append(of[i], g)
			}
		}
	}
	var drawn []int // the circles with the most members
	for g, n := range members {
		if n > 0 {
			drawn = append(drawn, g)
		}
	}
	slices.SortStableFunc(drawn, func(a, b int) int { return members[b] - members[a] })
	drawn = drawn[:min(len(drawn), mostCircles)]
	at := make([]int, len(members)) // the node of each circle, from 1 on
	var nodes []draw.Node
	for _, g := range drawn {
		circle := p.groups.list[g]
		nodes = append(nodes, draw.Node{
			Address: escapePath(circlePath(circle.slug)), Label: circle.name, Class: "h" + hue(circle.slug),
			Title:  circle.name + ": " + counted(members[g], "person", "people"),
			Radius: 6 + 24*math.Sqrt(float64(members[g])/float64(members[drawn[0]])),
		})
		at[g] = len(nodes)
	}
	strengths := map[[2]int]int{}
	tie := func(i, k int) {
		for _, a := range of[i] {
			for _, b := range of[k] {
				if a, b := at[a]-1, at[b]-1; a >= 0 && b >= 0 && a != b {
					strengths[[2]int{min(a, b), max(a, b)}]++
				}
			}
		}
	}
	for i := range all {
		for _, k := range all[i].introduced {
			tie(i, k)
		}
		for _, k := range all[i].with {
			if i < k {
				tie(i, k)
			}
		}
	}
	s := counted(tied, "person", "people") + " know one another, too many to draw one by one"
	if len(nodes) == 0 {
		return nil, s + ". Put them into circles, and this page will draw how the circles hang together."
	}
	s += ": each dot is a circle."
	var edges []draw.Edge
	strongest := 0
	for pair, n := range strengths {
		edges = append(edges, draw.Edge{From: pair[0], To: pair[1], Width: n})
		strongest = max(strongest, n)
	}
	slices.SortFunc(edges, func(a, b draw.Edge) int { return cmp.Or(b.Width-a.Width, a.From-b.From, a.To-b.To) })
	edges = edges[:min(len(edges), mostTies)]
	if len(edges) > 0 {
		s += " " + p.groups.list[drawn[edges[0].From]].name + " and " + p.groups.list[drawn[edges[0].To]].name + " have the most in common: " + counted(strongest, "tie", "ties") + "."
	}
	for i := range edges {
		edges[i].Width = 1 + 4*edges[i].Width/strongest
	}
	return draw.NewNetwork(nodes, edges), s
}

// once returns a way to go over the pairs of those who are mentioned together
// that has each pair once, with the one who is tied to more.
func once(all []acquaintance) func(a *acquaintance) []int {
	return func(a *acquaintance) []int {
		var mine []int
		for _, k := range a.with {
			other := &all[k]
			if c := cmp.Compare(a.degree(), other.degree()); c > 0 || c == 0 && a.slug < other.slug {
				mine = append(mine, k)
			}
		}
		return mine
	}
}

// listed lists people with others: those with the most first. It says how many
// lines there are beyond those shown.
func listed(all []acquaintance, others func(a *acquaintance) []int) (people []Person, more string) {
	type line struct {
		who    *acquaintance
		others []int
	}
	var lines []line
	for i := range all {
		if list := others(&all[i]); len(list) > 0 {
			lines = append(lines, line{&all[i], list})
		}
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(len(b.others)-len(a.others), strings.Compare(a.who.slug, b.who.slug))
	})
	if n := len(lines) - mostListed; n > 0 {
		lines, more = lines[:mostListed], thousands(n)
	}
	name := func(a *acquaintance) Name { return Name{Href: address("", contactPath(a.slug)), Name: a.name} }
	for _, l := range lines {
		p := Person{
			Attrs: template.HTMLAttr(`data-contact="` + esc(l.who.slug) + `"`), Who: name(l.who),
			When: When{Words: thousands(len(l.others))},
		}
		n := min(len(l.others), mostNamed+1)
		for i, k := range l.others[:n] {
			with := name(&all[k])
			if left := len(l.others) - i; i == mostNamed && left > 1 {
				with = Name{Name: thousands(left) + " more"}
			}
			with.Before = joint(i, n)
			p.With = append(p.With, with)
		}
		people = append(people, p)
	}
	return people, more
}
