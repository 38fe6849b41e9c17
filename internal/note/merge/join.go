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
// entries, tasks and list items among those that are there, each once, in the file's
// order, and its prose after the prose. Where that cannot be done soundly, all of it
// comes at the end, below a heading with the other's name.
func Join(p *note.Parser, path string, kind note.Kind, src []byte, otherPath string, other []byte) (revise.Change, error) {
	n, o := p.Parse(path, kind, src), p.Parse(otherPath, kind, other)
	body := strings.Trim(o.Body(), "\n")
	if strings.TrimSpace(body) == "" {
		return revise.Change{Source: src}, nil
	}
	if folder(path) != folder(otherPath) && linksBeside(p, o) {
		return revise.Change{}, &revise.Error{File: otherPath, Message: "its text has links to files, which would lead elsewhere from " + path, Hint: "move the two notes, and what they link to, into one folder first"}
	}
	// To merge, both notes begin with the prose that this one begins with.
	base := opening(n)
	theirs := base + "\n" + body + "\n"
	for _, joined := range []func() (string, bool){
		func() (string, bool) {
			merged, conflicts, ok := Notes(p, path, kind, []byte(base), []byte(n.Source), []byte(theirs), 7)
			return string(merged), ok && conflicts == 0
		},
		func() (string, bool) {
			ours := strings.TrimRight(n.Source, "\n")
			return fmt.Sprintf("%s\n\n%s %s\n\n%s\n", ours, strings.Repeat("#", topHeading(n)), o.Name, body), true
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

// opening is the front matter and the prose before the first heading, entry or task.
func opening(n *note.Note) string {
	lines := strings.SplitAfter(n.Source, "\n")
	first := len(lines) + 1
	for i := range n.Entries {
		first = min(first, int(n.Entries[i].Line))
	}
	for _, t := range n.Tasks {
		first = min(first, int(t.Line))
	}
	for i := n.BodyLine(); i < first; i++ {
		if strings.HasPrefix(lines[i-1], "#") {
			first = i
		}
	}
	if first > len(lines) {
		return n.Source
	}
	return strings.TrimRight(strings.Join(lines[:first-1], ""), "\n") + "\n"
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

// holds says whether a text has all entries, tasks and lines of two notes.
func holds(p *note.Parser, path string, kind note.Kind, text string, notes ...*note.Note) bool {
	got := p.Parse(path, kind, []byte(text))
	said := func(n *note.Note) []string {
		var all []string
		for i := range n.Entries {
			e := &n.Entries[i]
			all = append(all, fmt.Sprint("entry ", e.Date, e.Time, e.Direction, n.EntryKind(e), e.Marks.All(), n.EntryTags(e), n.EntryText(e)))
		}
		for _, t := range n.Tasks {
			all = append(all, fmt.Sprint("task ", t.Ask, t.Done, t.Text, t.Due))
		}
		for line := range strings.Lines(n.Body()) {
			if line = strings.TrimLeft(strings.TrimSpace(line), "-*+ "); line != "" {
				all = append(all, "line "+line)
			}
		}
		return all
	}
	have := said(got)
	for _, n := range notes {
		for _, s := range said(n) {
			if !slices.Contains(have, s) {
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
