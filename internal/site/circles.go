package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// appendCircles appends the slugs of the circles of a contact.
func appendCircles(slugs []string, r *due.Row) []string {
	for _, c := range r.Contact.Circles {
		slugs = append(slugs, c.Slug)
	}
	return slugs
}

// groups are the circles, without their members.
type groups struct{ list []group }

type group struct {
	slug, name string
	every      civil.Cadence
	file       *journal.File // nil if it has none
}

// next returns the circles of a journal; g itself if they are the same.
func (g *groups) next(circles []*journal.Circle) *groups {
	list := make([]group, 0, len(circles))
	for _, c := range circles {
		list = append(list, group{c.Slug, c.Name, c.Every, c.File})
	}
	if g != nil && slices.Equal(g.list, list) {
		return g
	}
	return &groups{list}
}

func (s *Site) circlePages() []File {
	files := []File{{Path: "circles.html", Inputs: circlesPage{s.frame, s.groups, s.circles}}}
	for _, g := range s.groups.list {
		files = append(files, File{Path: circlePath(g.slug), Inputs: circlePage{s.frame, g, s.circles.lists[g.slug]}})
	}
	return files
}

// circlesPage lists the circles.
type circlesPage struct {
	*frame
	groups  *groups
	members *index[string, *due.Row]
}

type circlesModel struct {
	Page    Page
	Circles []CircleLine
}

// CircleLine is a circle in a list.
type CircleLine struct {
	Href, Name string
	Every      string // 6 weeks; never; or empty
	People     string // how many
	Ready      string // how many are due, or empty
}

func (p circlesPage) Render(b []byte) ([]byte, error) {
	m := circlesModel{Page: p.page("circles.html", "Circles", inCircles)}
	for _, g := range p.groups.list {
		line := CircleLine{Href: escapePath(circlePath(g.slug)), Name: g.name, Every: rhythm(g.every)}
		rows := p.members.members(g.slug)
		line.People = counted(len(rows), "person", "people")
		ready := 0
		for _, r := range rows {
			if r.State.IsDue() {
				ready++
			}
		}
		if ready > 0 {
			line.Ready = thousands(ready) + " ready to reconnect"
		}
		m.Circles = append(m.Circles, line)
	}
	slices.SortStableFunc(m.Circles, func(a, b CircleLine) int { return strings.Compare(note.Fold(a.Name), note.Fold(b.Name)) })
	return p.theme.render(b, "circles", m)
}

// rhythm says a cadence that a circle gives, if it does.
func rhythm(c civil.Cadence) string {
	switch {
	case c == civil.Never:
		return "no reminders"
	case c.Recurs():
		return "every " + every(c)
	}
	return ""
}

// circlePage is the page of one circle.
type circlePage struct {
	*frame
	group   group
	members *list[*due.Row]
}

type circleModel struct {
	Page     Page
	Name     string
	Every    string
	Count    string
	Prose    template.HTML
	Rhythm   string   // how the circle keeps to its rhythm: a sentence
	Drifting []Person // those with whom it has been longer than their rhythm
	People   []Person // the others
	Source   string   // the path of its note, if it has one
}

func (p circlePage) Render(b []byte) ([]byte, error) {
	path := circlePath(p.group.slug)
	root := rootOf(path)
	m := circleModel{Page: p.page(path, p.group.name, inCircles), Name: p.group.name, Every: rhythm(p.group.every)}
	if f := p.group.file; f != nil {
		m.Source = f.Path
		content := p.contents.of(f.Note)
		for _, s := range content.Prose {
			m.Prose += writer{f, root}.html(s.HTML)
		}
	}
	var rows, drifting, others []*due.Row
	if p.members != nil {
		rows = p.members.members
	}
	for _, r := range rows {
		if r.Drifting() {
			drifting = append(drifting, r)
		} else {
			others = append(others, r)
		}
	}
	slices.SortFunc(drifting, func(a, b *due.Row) int {
		return cmp.Or(cmp.Compare(b.Urgency(), a.Urgency()), journal.CompareNames(a.Contact, b.Contact))
	})
	for _, r := range drifting {
		m.Drifting = append(m.Drifting, p.duePerson(r, root))
	}
	m.People = p.listed(others, root)
	m.Rhythm, m.Count = rhythmSentence(due.RhythmOf(rows)), counted(len(rows), "person", "people")
	return p.theme.render(b, "circle", m)
}

// rhythmSentence says how a circle keeps to its rhythm; nothing where it has none.
func rhythmSentence(h due.Rhythm) string {
	away := h.Tracked - h.Within
	switch {
	case h.Tracked == 0:
		return ""
	case h.Kept() && h.Tracked == 1:
		return "You are in touch."
	case h.Kept():
		return "You are in touch with everybody here."
	case h.Within == 0 && away == 1:
		return "It has been longer than you meant. A line would do."
	case h.Within == 0:
		return "It has been longer than you meant, with everybody here. One line to one of them is a beginning."
	case away == 1:
		return "You are in touch with all but one; a line would do."
	}
	return "You are in touch with " + thousands(h.Within) + " of " + thousands(h.Tracked) + "; the others would be glad of a line."
}
