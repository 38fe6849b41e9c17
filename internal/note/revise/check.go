package revise

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"kith/internal/note"
)

// A fact is one thing that a note says, as a text that compares. Two notes that
// have the same facts mean the same and look the same.
type fact struct {
	about string // entry, task, link, …; "key " and the key
	line  int32  // 0 where the note as a whole is meant
	text  string
}

func (f fact) compare(g fact) int {
	return cmp.Or(cmp.Compare(f.line, g.line), strings.Compare(f.about, g.about), strings.Compare(f.text, g.text))
}

func (f fact) missing() string {
	return fmt.Sprintf("the %s would no longer be there as it is", f.name())
}

func (f fact) strange() string {
	return fmt.Sprintf("there would be another %s", f.name())
}

func (f fact) name() string {
	if f.line == 0 {
		return f.about
	}
	return fmt.Sprintf("%s on line %d", f.about, f.line)
}

// facts returns what a note says, each thing at the place that the function
// gives for its own, and with the texts and links that an attempt makes of its
// own.
func (e *editor) facts(n *note.Note, place func(note.Pos) note.Pos, a attempt) []fact {
	var facts []fact
	add := func(about string, line int32, format string, args ...any) {
		facts = append(facts, fact{about, line, fmt.Sprintf(format, args...)})
	}
	entryLine := func(i int) int32 {
		if i < 0 {
			return 0
		}
		return place(note.Pos{Line: n.Entries[i].Line, Column: 1}).Line
	}
	link := func(l note.Link) note.Link {
		if a.via != nil {
			return a.via(l)
		}
		return l
	}
	links := func(indices []int) (texts []string) {
		for _, i := range indices {
			l := link(n.Links[i])
			texts = append(texts, l.Target+"|"+l.Label)
		}
		return texts
	}
	add("name", 0, "%q", n.Name)
	add("front matter", 0, "broken %t", n.Broken)
	seen := map[string]bool{}
	for _, f := range n.FrontMatter() {
		key := strings.ToLower(f.Key)
		if about := "key " + key; !seen[key] {
			add(about, 0, "%s", canonical(f.Value))
		} else {
			add("another "+about, 0, "%s", canonical(f.Value))
		}
		seen[key] = true
	}
	for i := range n.Entries {
		en := &n.Entries[i]
		add("entry", en.Line, "%s %s %s %q %v %q %q %q %t %t", en.Date, en.Time, en.Direction, n.EntryKind(en), en.Marks.All(), links(slices.Collect(en.Links.All())), n.EntryTags(en),
			spliced(n, n.EntryStart(en), n.EntryText(en), a.splices), en.Heading, en.Daily)
	}
	for _, t := range n.Tasks {
		add("task", t.Line, "%t %t %q %s %q in %d", t.Ask, t.Done, spliced(n, taskStart(n, &t), t.Text, a.splices), t.Due, links(t.Links), entryLine(t.Entry))
	}
	for _, l := range n.Links {
		if l.Where != note.InVia { // which the key says already
			to := link(l)
			add("link", l.Pos.Line, "%q %q %d %d in %d", to.Target, to.Label, l.Where, place(l.Pos).Column, entryLine(l.Entry))
		}
	}
	for _, t := range n.Tags {
		add("tag", t.Line, "%s", t.Slug)
	}
	for _, p := range n.Problems {
		if p.Code != "empty-file" {
			add("problem", int32(p.Line), "%s %d %d", p.Code, p.Severity, place(note.Pos{Line: int32(p.Line), Column: int32(p.Column)}).Column)
		}
	}
	return append(facts, e.looks(n, link)...)
}

var (
	headingHTML = regexp.MustCompile(`(?s)<h[1-6][^>]*>.*?</h[1-6]>\n?`)
	taskClass   = regexp.MustCompile(`class="task [a-z]+"`)
)

// looks returns what a note looks like, which shows what its other facts do not:
// which blocks belong to an entry, where a paragraph ends. A heading is left out
// of the prose, since one below which the first entry comes is no longer prose;
// what became of its text would show elsewhere.
func (e *editor) looks(n *note.Note, link func(note.Link) note.Link) []fact {
	var facts []fact
	c := e.Parts(n) // a new task is not another prose
	add := func(about string, line int32, f note.Fragment) {
		html := f.Fill(nil, func(b []byte, kind note.HoleKind, arg string) []byte {
			if kind == note.LinkHole {
				var i int
				fmt.Sscan(arg, &i)
				l := link(n.Links[i])
				arg = l.Target + "|" + l.Label
			}
			return fmt.Appendf(b, "{%c %s}", kind, arg)
		})
		text := string(html)
		if line == 0 {
			text = headingHTML.ReplaceAllString(text, "")
		}
		if text = strings.TrimSpace(taskClass.ReplaceAllString(text, "")); text != "" {
			facts = append(facts, fact{about, line, text})
		}
	}
	for i, en := range c.Entries {
		add("text", n.Entries[i].Line, en.Line)
		add("text below", n.Entries[i].Line, en.Rest)
	}
	for i, t := range c.Tasks {
		add("text", n.Tasks[i].Line, t)
	}
	for _, s := range c.Prose {
		about := "prose"
		if !s.Day.IsZero() {
			about += " of " + s.Day.String()
		}
		add(about, 0, s.HTML)
	}
	return facts
}

// taskStart returns where in a note's source the text of a task begins, behind its box.
func taskStart(n *note.Note, t *note.Task) int {
	line := n.LineText(t.Line)
	box := strings.IndexByte(line, ']') + 1
	return n.Offset(note.Pos{Line: t.Line, Column: 1}) + box + len(line[box:]) - len(strings.TrimLeftFunc(line[box:], unicode.IsSpace))
}

// spliced returns what splices make of a text that stands in a note's source.
func spliced(n *note.Note, at int, text string, splices []splice) string {
	var b strings.Builder
	last := at
	for _, s := range splices {
		if s.start >= at && s.end <= at+len(text) && s.start < s.end {
			b.WriteString(n.Source[last:s.start] + s.text)
			last = s.end
		}
	}
	return b.String() + n.Source[last:at+len(text)]
}

// canonical spells a value so that two which are read alike are spelled alike.
func canonical(v note.Value) string {
	v = v.Unwiki()
	var b strings.Builder
	switch v.Shape {
	case note.Null:
		return "null"
	case note.Scalar:
		return fmt.Sprintf("%q", v.Text)
	case note.List:
		for _, it := range v.Items {
			b.WriteString(canonical(it) + ",")
		}
		return "[" + b.String() + "]"
	}
	for _, f := range v.Fields {
		fmt.Fprintf(&b, "%q: %s,", f.Key, canonical(f.Value))
	}
	return "{" + b.String() + "}"
}
