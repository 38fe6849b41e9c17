package merge

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"kith/internal/civil"
	"kith/internal/note"
)

// A mergeCase is one of testdata: its sections are named CASE: SIDE, or
// CASE: PATH: SIDE for a note that is not a contact's.
type mergeCase struct {
	name, path         string
	base, ours, theirs []byte
	want               []byte
	conflict           bool
}

func mergeCases(t testing.TB) []mergeCase {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no merges in testdata", err)
	}
	var cases []mergeCase
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			parts := strings.Split(f.Name, ": ")
			if len(cases) == 0 || cases[len(cases)-1].name != parts[0] {
				c := mergeCase{name: parts[0], path: "content/contacts/ada.md"}
				if len(parts) == 3 {
					c.path = parts[1]
				}
				cases = append(cases, c)
			}
			c := &cases[len(cases)-1]
			switch parts[len(parts)-1] {
			case "base":
				c.base = f.Data
			case "ours":
				c.ours = f.Data
			case "theirs":
				c.theirs = f.Data
			case "merged":
				c.want = f.Data
			case "conflict":
				c.want, c.conflict = f.Data, true
			default:
				t.Fatalf("%s: what is %q?", file, f.Name)
			}
		}
	}
	return cases
}

func kindOfPath(path string) note.Kind {
	switch strings.Split(path, "/")[1] {
	case "circles":
		return note.Circle
	case "journal":
		return note.Journal
	}
	return note.Contact
}

func TestMerges(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	for _, c := range mergeCases(t) {
		for _, style := range []struct {
			name string
			as   func([]byte) []byte
		}{
			{"", func(b []byte) []byte { return b }},
			{" in Windows' way", func(b []byte) []byte {
				return append([]byte("\ufeff"), bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))...)
			}},
			{" without a last line end", func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\n")) }},
		} {
			t.Run(c.name+style.name, func(t *testing.T) {
				t.Parallel()
				want := style.as(c.want)
				if bytes.HasSuffix(want, []byte("> theirs")) {
					want = c.want // a marker has a line of its own
				}
				var base []byte
				if c.base != nil {
					base = style.as(c.base)
				}
				got, conflicts, ok := Notes(p, c.path, kindOfPath(c.path), base, style.as(c.ours), style.as(c.theirs), 7)
				if !ok {
					t.Fatal("left to git")
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("merged (-want +got):\n%s", diff)
				}
				if (conflicts > 0) != c.conflict {
					t.Errorf("%d conflicts", conflicts)
				}
			})
		}
	}
}

// checkMerge checks what holds for a merge of any three texts.
func checkMerge(t rapid.TB, p *note.Parser, path string, base, ours, theirs []byte) {
	t.Helper()
	kind := kindOfPath(path)
	merge := func(base, ours, theirs []byte) ([]byte, int, bool) {
		return Notes(p, path, kind, base, ours, theirs, 7)
	}
	for _, c := range []struct{ base, ours, theirs, want []byte }{
		{base, base, theirs, theirs}, {base, ours, base, ours}, {base, ours, ours, ours},
	} {
		if got, conflicts, ok := merge(c.base, c.ours, c.theirs); !ok || conflicts > 0 || !bytes.Equal(got, c.want) {
			t.Errorf("where one side did nothing, or both the same: %q and %q, from %q, merge to %q", c.ours, c.theirs, c.base, got)
		}
	}
	if bytes.Equal(base, ours) || bytes.Equal(base, theirs) || bytes.Equal(ours, theirs) {
		return
	}
	merged, conflicts, ok := merge(base, ours, theirs)
	if !ok || conflicts > 0 {
		return
	}
	// Counted by their words alone, apart from how the merge counts.
	var notes [3]*note.Note
	for i, data := range [][]byte{base, ours, theirs} {
		notes[i] = p.Parse(path, kind, data)
	}
	n := p.Parse(path, kind, merged)
	if n.Broken {
		t.Errorf("the merge of %q and %q cannot be read: %q", ours, theirs, merged)
	}
	was := func(n *note.Note, text string) int {
		count := 0
		for i := range n.Entries {
			if n.EntryText(&n.Entries[i]) == text {
				count++
			}
		}
		for _, task := range n.Tasks {
			if task.Text == text {
				count++
			}
		}
		return count
	}
	for i, side := range notes[1:] {
		texts := map[string]bool{}
		for i := range side.Entries {
			texts[side.EntryText(&side.Entries[i])] = true
		}
		for _, task := range side.Tasks {
			texts[task.Text] = true
		}
		for text := range texts {
			b, o, s, got := was(notes[0], text), was(side, text), was(notes[2-i], text), was(n, text)
			if b == 0 && got < max(o, s) || b == o && b == s && got != b || got > o+s {
				t.Errorf("%q stands %d times in base, %d and %d in the sides, and %d in the merge\nbase:   %q\nours:   %q\ntheirs: %q\nmerged: %q",
					text, b, o, s, got, base, ours, theirs, merged)
			}
		}
	}
}

// paths are those of a note of each kind.
var paths = [...]string{
	note.Contact: "content/contacts/2026-11-23.md", note.Circle: "content/circles/2026-11-23.md", note.Journal: "content/journal/2026-11-23.md",
}

// goldmark has the item at the end begin after the end of the text.
func TestMergeOfAnEmptyItemBelowATab(t *testing.T) {
	base, ours, theirs := "- 2026-11-02 call: Tea.\n\t", "\t", "- 2026-11-02 call: Tea.\n\n\t-\n"
	checkMerge(t, note.NewParser(note.Kinds{}), "content/contacts/ada.md", []byte(base), []byte(ours), []byte(theirs))
}

func TestMergesOfRandomNotes(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	rapid.Check(t, func(t *rapid.T) {
		// Three texts that have much in common, each with its own changes.
		lines := rapid.SliceOfN(rapid.SampledFrom(mergePieces), 0, 12).Draw(t, "lines")
		front := rapid.SampledFrom([]string{"", "---\nname: Ada\ntags: [a]\n---\n", "+++\nname = \"Ada\"\n+++\n"}).Draw(t, "front")
		side := func(name string) []byte {
			list := append([]string(nil), lines...)
			for range rapid.IntRange(0, 4).Draw(t, name+" changes") {
				at := rapid.IntRange(0, len(list)).Draw(t, name+" at")
				if rapid.Bool().Draw(t, name+" removes") && at < len(list) {
					list = append(list[:at], list[at+1:]...)
				} else {
					list = append(list[:at], append([]string{rapid.SampledFrom(mergePieces).Draw(t, name+" adds")}, list[at:]...)...)
				}
			}
			return []byte(front + strings.Join(list, ""))
		}
		path := rapid.SampledFrom([]string{"content/contacts/ada.md", "content/journal/2026-11-23.md", "content/circles/a.md"}).Draw(t, "path")
		checkMerge(t, p, path, []byte(front+strings.Join(lines, "")), side("ours"), side("theirs"))
	})
}

var mergePieces = []string{
	"\n", "## Log\n\n", "# A\n", "### 2026-11-02 call\n\n", "## 2026-11-03\n\n", "## 2026-11-04 > letter: Long.\n\n",
	"- 2026-11-02 call: Tea.\n", "- 2026-11-02 call: Tea and looms.\n", "- 2026-11-05 > email gave: A note.\n", "* 2026-10-01 walk\n", "- 2026-11-02 call\n",
	"- [ ] send the paper\n", "- [x] send the paper\n", "- [ ] send the paper by 2026-12-01\n", "  - [ ] nested\n", "  - [x] nested\n", "  - a note\n", "    and more\n",
	"- with [[Ada]]: Early.\n", "- news #a: A hat.\n", "- a thing\n", "1. one\n", "2. two\n", "  lazy\n", "lazy\n", "\n  more\n\n", "- - [ ] twice\n", "-\n",
	"A paragraph.\n\n", "Another\nof two lines.\n\n", "> quoted\n\n", "> - [ ] quoted\n", "```\ncode\n", "```\n", "***\n", "===\n", "---\n", "<div>\n", "[a]: /b\n", "\t", "    ",
	"- > [[Ada]]: sent\n", "|a|b|\n|-|-|\n", "=======\n", "\r\n", "- [ ] open", "name: Ada\n",
}

func FuzzMerge(f *testing.F) {
	for _, c := range mergeCases(f) {
		f.Add(c.base, c.ours, c.theirs, uint8(kindOfPath(c.path)))
	}
	for i, piece := range mergePieces {
		f.Add([]byte("- [ ] a\n"), []byte("- [x] a\n"+piece), []byte(piece+"- [ ] a b\n"), uint8(i%3))
	}
	p := note.NewParser(note.Kinds{})
	f.Fuzz(func(t *testing.T, base, ours, theirs []byte, kind uint8) {
		checkMerge(t, p, paths[kind%3], base, ours, theirs)
	})
}

func TestMergesAcrossLineEnds(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	const base = "---\nname: Ada\n---\n- 2026-10-02 coffee\n- 2026-09-01 walk\n"
	ours := strings.Replace(base, "- 2026-10", "- 2026-11-20 call\n- 2026-10", 1)
	theirs := strings.Replace(base, "Ada\n", "Ada\nsnooze: 2026-12-24\n", 1)
	both := strings.Replace(ours, "Ada\n", "Ada\nsnooze: 2026-12-24\n", 1)
	windows := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	open := func(s string) string { return strings.TrimSuffix(s, "\n") }
	for _, c := range []struct{ name, base, ours, theirs, want string }{
		{"theirs turned to CRLF", base, ours, windows(theirs), windows(both)},
		{"ours turned to CRLF", base, windows(ours), theirs, windows(both)},
		{"ours turned to LF", windows(base), ours, windows(theirs), both},
		{"theirs gained a BOM", base, ours, "\ufeff" + theirs, "\ufeff" + both},
		{"ours lost its BOM", "\ufeff" + base, ours, "\ufeff" + theirs, both},
		{"theirs lost its last line end", base, ours, open(theirs), open(both)},
		{"ours gained a last line end", open(base), ours, open(theirs), both},
		{
			"a line with CRLF among others", strings.Replace(base, "walk\n", "walk\r\n", 1), strings.Replace(ours, "walk\n", "walk\r\n", 1),
			strings.Replace(theirs, "walk\n", "walk\r\n", 1), strings.Replace(both, "walk\n", "walk\r\n", 1),
		},
	} {
		got, conflicts, ok := Notes(p, "content/contacts/ada.md", note.Contact, []byte(c.base), []byte(c.ours), []byte(c.theirs), 7)
		if !ok || conflicts != 0 || string(got) != c.want {
			t.Errorf("%s: %q, want %q (%d conflicts, %v)", c.name, got, c.want, conflicts, ok)
		}
	}
}

func TestWhatIsLeftToGit(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	const base = "---\nname: Ada\n---\n- 2026-10-02 coffee\n"
	theirs := base + "- 2026-09-01 walk\n"
	for name, ours := range map[string]string{
		"a front matter that is not closed": "---\nname: Ada\n- 2026-10-02 coffee\n",
		"a front matter that is not YAML":   "---\nname: [Ada\n---\n- 2026-10-02 coffee\n",
		"another format":                    "+++\nname = \"Ada\"\n+++\n- 2026-10-02 coffee\n",
		"a conflict from before":            "---\nname: Ada\n---\n<<<<<<< ours\n- 2026-10-02 coffee\n=======\n>>>>>>> theirs\n",
		"what is not UTF-8":                 base + "\xff\n",
		"a file that is no text":            base + "\x00\n",
	} {
		if got, _, ok := Notes(p, "content/contacts/ada.md", note.Contact, []byte(base), []byte(ours), []byte(theirs), 7); ok {
			t.Errorf("%s was merged: %q", name, got)
		}
	}
}

// A merge takes time about in step with the size of the notes, also where
// everything in them changed.
func TestMergesOfLargeNotes(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	entries := func(from, to int, text string) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "- %s call: %s %d and what came of it\n", civil.Date{}.AddDays(738000+to-i), text, i)
		}
		return b.String()
	}
	const n = 1000
	base := entries(0, n, "Tea")
	got, conflicts, ok := Notes(p, "content/contacts/ada.md", note.Contact, []byte(base), []byte(base+entries(n, 2*n, "Ours")), []byte(entries(n, 2*n, "Theirs")+base), 7)
	if merged := p.Parse("content/contacts/ada.md", note.Contact, got); !ok || conflicts != 0 || len(merged.Entries) != 3*n {
		t.Errorf("%d entries, %d conflicts, %v", len(merged.Entries), conflicts, ok)
	}
	if _, _, ok := Notes(p, "content/contacts/ada.md", note.Contact, []byte(base), []byte(entries(0, n, "Milk")), []byte(entries(0, n, "Beer")), 7); ok {
		t.Error("what was made of which of 1000 entries was guessed")
	}
}
