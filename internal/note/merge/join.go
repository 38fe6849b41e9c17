package merge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"kith/internal/note"
	"kith/internal/note/revise"
)

// Join puts the text of another note, without its front matter, into a note: its
// entries, tasks and list items among those that are there, in the file's order, and its
// prose after the prose. What both have stays once, and what is done in one of them is
// done. Where that cannot be done soundly, what the other alone has comes at the end,
// below a heading with its name.
func Join(p *note.Parser, path string, kind note.Kind, src []byte, otherPath string, other []byte) (revise.Change, error) {
	n, o := p.Parse(path, kind, src), p.Parse(otherPath, kind, other)
	if strings.TrimSpace(o.Body()) == "" {
		return revise.Change{Source: src}, nil
	}
	if folder(path) != folder(otherPath) && linksBeside(p, o) {
		return revise.Change{}, &revise.Error{File: otherPath, Message: "its text has links to files, which would lead elsewhere from " + path, Hint: "move the two notes, and what they link to, into one folder first"}
	}
	ours, theirs := newSide(p, path, kind, []byte(n.Source), false), newSide(p, path, kind, []byte(withBody(n, o)), false)
	if ours == nil || theirs == nil {
		return revise.Change{}, &revise.Error{File: path, Message: "it or " + otherPath + " has conflict markers in it, or cannot be read", Hint: "mend that first"}
	}
	for _, joined := range []func() (string, bool){
		func() (string, bool) { return united(p, path, kind, n, ours, theirs) },
		func() (string, bool) {
			left := theirs.body.without(ours.body)
			if len(left) == 0 {
				return n.Source, true
			}
			here := strings.TrimRight(n.Source, "\n")
			return fmt.Sprintf("%s\n\n%s %s\n\n%s\n", here, strings.Repeat("#", topHeading(n)), o.Name, strings.Join(left, "\n")), true
		},
	} {
		text, ok := joined()
		if !ok || !holds(p, path, kind, text, n, o) {
			continue
		}
		old, now := strings.SplitAfter(n.Source, "\n"), strings.SplitAfter(text, "\n")
		line := 1
		for line <= min(len(old), len(now)) && old[line-1] == now[line-1] {
			line++
		}
		for line < len(now) && strings.TrimSpace(now[line-1]) == "" {
			line++
		}
		return revise.Change{Source: asFile(src, text), Line: line}, nil
	}
	return revise.Change{}, &revise.Error{File: path, Message: "the text of " + otherPath + " cannot be put into it without changing what it means", Hint: "put it there by hand"}
}

func folder(path string) string { return path[:strings.LastIndexByte(path, '/')+1] }

// linksBeside says whether the text of a note has relative links.
func linksBeside(p *note.Parser, n *note.Note) (found bool) {
	p.Show(n, func(c *note.Content) {
		for _, f := range c.Fragments() {
			f.Fill(nil, func(b []byte, kind note.HoleKind, _ string) []byte {
				found = found || kind == note.PathHole || kind == note.PictureHole
				return b
			})
		}
	})
	return found || slices.ContainsFunc(n.Links, func(l note.Link) bool { return l.File })
}

// withBody returns a note with the body of another in place of its own.
func withBody(n, o *note.Note) string {
	body := strings.Trim(o.Body(), "\n") + "\n"
	front, begun := strings.CutSuffix(n.Source, n.Body())
	if own := strings.TrimLeft(n.Body(), "\n"); begun && own != "" {
		return front + n.Body()[:len(n.Body())-len(own)] + body
	}
	return front + "\n" + body
}

// united merges two notes as if both had been made of what they have in common.
func united(p *note.Parser, path string, kind note.Kind, n *note.Note, ours, theirs *side) (text string, ok bool) {
	shared := theirs.body.byJoinKey()
	base := strings.TrimSuffix(n.Source, n.Body()) + strings.Join(ours.body.in(shared), "\n") + "\n"
	m := merger{parser: p, path: path, kind: kind, sides: [3]*side{newSide(p, path, kind, []byte(base), false), ours, theirs}}
	if m.sides[0] == nil {
		return "", false
	}
	pieces, ok := m.merge()
	return string(form{ends: "\n"}.write(pieces, asBoth)), ok
}

// byJoinKey returns all blocks in a block by what they have in common with those of
// another note that are the same.
func (b *block) byJoinKey() map[string][]*block {
	blocks := map[string][]*block{}
	for _, c := range b.all() {
		blocks[c.joinKey()] = append(blocks[c.joinKey()], c)
	}
	return blocks
}

// joinKey is the text of a block; of a task, without its box.
func (b *block) joinKey() string {
	if b.shape != itemShape {
		return b.matchKey()
	}
	it := splitItem(b.lines[0])
	if it.box == "" {
		return b.matchKey()
	}
	it.bullet, it.box = "", ""
	return "task\n" + strings.Join(append([]string{strings.TrimSpace(it.String())}, b.lines[1:]...), "\n")
}

// in returns the lines of the blocks in a block that are among others, each of which is
// taken from them. A task that was done in one of the notes is one that was open before.
func (b *block) in(others map[string][]*block) []string {
	var lines []string
	for _, c := range b.children {
		key := c.joinKey()
		list := others[key]
		if len(list) == 0 {
			continue
		}
		box, otherBox := "", ""
		if c.shape == itemShape {
			box, otherBox = splitItem(c.lines[0]).box, splitItem(list[0].lines[0]).box
		}
		before := c.lines
		switch {
		case isDone(box) && !isDone(otherBox):
			before = list[0].lines
		case !isDone(box) && !isDone(otherBox) && strings.TrimSpace(box) != strings.TrimSpace(otherBox):
			continue // a promise, and a question
		}
		others[key] = list[1:]
		lines = slices.Concat(lines, c.gap, before, c.in(others))
	}
	return lines
}

func isDone(box string) bool { return strings.ContainsAny(box, "xX") }

// without returns the lines of the blocks in a block that another has not.
func (b *block) without(other *block) []string {
	said := map[string]bool{}
	key := func(c *block) string {
		var text strings.Builder
		c.each(func(c *block) { text.WriteString(c.matchKey()) })
		return text.String()
	}
	for _, c := range other.all() {
		said[key(c)] = true
	}
	var left func(b *block) []string
	left = func(b *block) (lines []string) {
		for _, c := range b.children {
			switch {
			case c.shape != sectionShape && !said[key(c)]:
				lines = slices.Concat(lines, c.gap, c.text())
			case c.shape == sectionShape:
				if in := left(c); len(in) > 0 || len(c.children) == 0 && !said[key(c)] {
					lines = slices.Concat(lines, c.gap, c.lines, in)
				}
			}
		}
		return lines
	}
	lines := left(b)
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	return lines
}

// topHeading is the level of a heading that ends every entry of the note.
func topHeading(n *note.Note) int {
	level := 2
	for i := range n.Entries {
		if e := &n.Entries[i]; e.Heading {
			line := strings.TrimLeft(n.LineText(e.Line), " ")
			if !strings.HasPrefix(line, "#") || strings.HasPrefix(line, "# ") {
				level = 1 // underlined headings may be of the first level
			}
		}
	}
	return level
}

// holds says whether a text has all entries, tasks and lines of two notes. What was open in
// one of them may be done.
func holds(p *note.Parser, path string, kind note.Kind, text string, notes ...*note.Note) bool {
	got := p.Parse(path, kind, []byte(text))
	said := func(n *note.Note) map[string]bool {
		all := map[string]bool{}
		for i := range n.Entries {
			e := &n.Entries[i]
			all[fmt.Sprint("entry ", e.Date, e.Time, e.Direction, n.EntryKind(e), e.Marks.All(), n.EntryTags(e), n.EntryText(e))] = true
		}
		for line := range strings.Lines(n.Body()) {
			if line = lineKey(line); line != "" {
				it := splitItem(line)
				it.box = ""
				all["line "+it.String()] = true
			}
		}
		return all
	}
	have := said(got)
	for _, n := range notes {
		for s := range said(n) {
			if !have[s] {
				return false
			}
		}
		for _, t := range n.Tasks {
			if !slices.ContainsFunc(got.Tasks, func(g note.Task) bool {
				return g.Text == t.Text && g.Due == t.Due && (g.Done || !t.Done && g.Ask == t.Ask)
			}) {
				return false
			}
		}
	}
	return strings.TrimSuffix(got.Source, got.Body()) == strings.TrimSuffix(notes[0].Source, notes[0].Body())
}

// asFile gives a text the BOM and the line ends that a file has. Where it has both kinds,
// each line that stays keeps its own, and another has that of the line before.
func asFile(file []byte, text string) []byte {
	text = strings.TrimPrefix(text, "\ufeff")
	old := strings.SplitAfter(strings.TrimPrefix(string(file), "\ufeff"), "\n")
	var b bytes.Buffer
	if bytes.HasPrefix(file, []byte("\ufeff")) {
		b.WriteString("\ufeff")
	}
	end := "\n"
	if strings.HasSuffix(old[0], "\r\n") {
		end = "\r\n"
	}
	for line := range strings.Lines(text) {
		line, whole := strings.CutSuffix(line, "\n")
		same := func(o string) bool { return strings.TrimRight(o, "\r\n") == line }
		far := farLines
		if line == "" { // of which there are many
			far = 1
		}
		if i := slices.IndexFunc(old[:min(len(old), far)], same); i >= 0 {
			if strings.HasSuffix(old[i], "\r\n") {
				end = "\r\n"
			} else if strings.HasSuffix(old[i], "\n") {
				end = "\n"
			}
			old = old[i+1:]
		}
		b.WriteString(line)
		if whole {
			b.WriteString(end)
		}
	}
	return b.Bytes()
}

// farLines is how many lines further down in its file a line is looked for.
const farLines = 200
