package note

import (
	"slices"
	"strings"
)

// A heading is one of the top level. Those of a note are kept if one of them says
// something of its own: it is shown with each entry and task below it (FORMAT.md,
// "Nothing that was written goes unseen").
type heading struct {
	line   int32
	parent int32 // the index of the one that it stands below, or -1
	text   part
	level  uint8
	own    bool // it is not plain
}

// addHeading adds a heading, of which the text is a part of the body, to those read so far.
func (s *scan) addHeading(level, start, end int) {
	if s.known != nil {
		return
	}
	parent := int32(len(s.headings) - 1)
	for parent >= 0 && int(s.headings[parent].level) >= level {
		parent = s.headings[parent].parent
	}
	s.headings = append(s.headings, heading{s.pos(start).Line, parent, s.part(start, end), uint8(level), s.ownHeading})
}

// giveHeadings gives the note its headings.
func (s *scan) giveHeadings() {
	if slices.ContainsFunc(s.headings, func(h heading) bool { return h.own }) {
		s.note.headings = slices.Clone(s.headings)
	}
}

// Above returns the headings above a line that say something of their own, as Markdown,
// the highest first.
func (n *Note) Above(line int32) []string {
	i, found := slices.BinarySearchFunc(n.headings, line, compareHeading)
	switch {
	case found: // the line itself
		i = int(n.headings[i].parent)
	default:
		i--
	}
	var above []string
	for ; i >= 0; i = int(n.headings[i].parent) {
		if h := &n.headings[i]; h.own {
			above = append(above, n.headingText(h))
		}
	}
	slices.Reverse(above)
	return above
}

// HeadingAt returns the heading on a line, as Markdown, if it says something of its own.
func (n *Note) HeadingAt(line int32) string {
	i, found := slices.BinarySearchFunc(n.headings, line, compareHeading)
	if !found || !n.headings[i].own {
		return ""
	}
	return n.headingText(&n.headings[i])
}

func compareHeading(h heading, line int32) int { return int(h.line - line) }

func (n *Note) headingText(h *heading) string {
	return strings.Join(strings.Fields(h.text.of(n.Source)), " ")
}
