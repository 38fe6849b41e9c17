package merge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kith/internal/note"
	"kith/internal/note/merge"
)

func TestJoin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, src, other, want string }{
		{"nothing", "---\nname: A\n---\nx\n", "---\nname: B\n---\n\n", "---\nname: A\n---\nx\n"},
		{
			"entries in order, each once", "---\nname: A\n---\nProse.\n\n## Log\n\n- 2026-03-01 call\n- 2026-01-01 tea\n",
			"---\nname: B\n---\nMore.\n\n## Log\n\n- 2026-03-01 call\n- 2026-02-01 walk: far\n  - with\n    a dog\n",
			"---\nname: A\n---\nProse.\n\nMore.\n\n## Log\n\n- 2026-03-01 call\n- 2026-02-01 walk: far\n  - with\n    a dog\n- 2026-01-01 tea\n",
		},
		{"into an empty file", "---\nname: A\n---\n", "- 2026-02-01 walk\n", "---\nname: A\n---\n\n- 2026-02-01 walk\n"},
		{
			"a copy, on which a promise was kept", "---\nname: A\n---\nProse.\n\n- [ ] send it by 2026-11-20\n- [?] how is the cat\n- [x] call\n\n## Log\n\n- 2026-03-01 call\n- 2026-01-01 tea\n",
			"---\nname: A\n---\nProse.\n\n- [x] send it by 2026-11-20\n- [X] how is the cat\n- [ ] call\n\n## Log\n\n- 2026-02-01 walk\n- 2026-01-01 tea\n",
			"---\nname: A\n---\nProse.\n\n- [x] send it by 2026-11-20\n- [X] how is the cat\n- [x] call\n\n## Log\n\n- 2026-03-01 call\n- 2026-02-01 walk\n- 2026-01-01 tea\n",
		},
		{
			"what both say otherwise", "One.\nTwo.\n\n- [ ] send it by 2026-11-20\n- 2026-01-01 tea: long\n  and green\n", "One.\nThree.\n\n- [ ] send it by 2026-11-21\n- 2026-01-01 tea: long\n  and black\n",
			"One.\nTwo.\n\nOne.\nThree.\n\n- [ ] send it by 2026-11-20\n- [ ] send it by 2026-11-21\n- 2026-01-01 tea: long\n  and green\n- 2026-01-01 tea: long\n  and black\n",
		},
		{
			"with the file's BOM and line ends", "\ufeff---\r\nname: A\r\n---\r\n- 2026-03-01 call\r\n", "- 2026-02-01 walk\n",
			"\ufeff---\r\nname: A\r\n---\r\n- 2026-03-01 call\r\n- 2026-02-01 walk\r\n",
		},
		{
			"into a file with both kinds of line ends", "---\r\nname: A\r\n---\r\nOne\nTwo\n\n- 2026-03-01 call\r\n- 2026-01-01 tea\n", "- 2026-02-01 walk\n",
			"---\r\nname: A\r\n---\r\nOne\nTwo\n\n- 2026-03-01 call\r\n- 2026-02-01 walk\r\n- 2026-01-01 tea\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := merge.Join(note.NewParser(note.Kinds{}), "content/contacts/a.md", note.Contact, []byte(c.src), "content/contacts/b.md", []byte(c.other))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got.Source)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A link to a file beside a note leads elsewhere from another folder.
func TestJoinOfAnotherFolder(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	for text, refused := range map[string]bool{
		"![me](bob.jpg)\n": true, "- 2026-01-01 call: see [it](notes/a.pdf)\n": true, "- [ ] read [it](a.pdf)\n": true,
		"Knows [Cy](cy.md).\n": true,
		"See [it](https://example.org/a.pdf) and [[Ada]] in Paris. #P\n": false,
	} {
		for path, other := range map[string]bool{"content/contacts/b.md": false, "content/contacts/sub/b.md": true} {
			_, err := merge.Join(p, "content/contacts/a.md", note.Contact, []byte("x\n"), path, []byte(text))
			if (err != nil) != (refused && other) {
				t.Errorf("%q of %s: %v", text, path, err)
			}
		}
	}
}

// Copies of one note, to which something was added or in which something was done, come
// to one note that has each of it once.
func TestJoinOfCopies(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	rapid.Check(t, func(t *rapid.T) {
		tasks := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{3,9}( by 2026-12-0[1-9])?`), 0, 5, rapid.ID).Draw(t, "tasks")
		entries := rapid.SliceOfNDistinct(rapid.StringMatching(`2026-0[1-9]-1[0-9] (call|tea): [a-z]{3,9}`), 0, 8, func(s string) string { return s[:10] }).Draw(t, "entries")
		slices.Sort(entries)
		slices.Reverse(entries)
		const open, done, absent = "- [ ] ", "- [x] ", ""
		want := map[string]bool{}
		states := rapid.SliceOfN(rapid.SampledFrom([]string{open, open, done, absent}), len(tasks), len(tasks))
		there := rapid.SliceOfN(rapid.IntRange(0, 3), len(entries), len(entries))
		copied := func(name string) string {
			lines, before := []string{"---", "name: Ada", "---", "Prefers letters."}, ""
			add := func(line string) {
				if before[:min(3, len(before))] != line[:3] {
					lines = append(lines, "")
				}
				lines, before = append(lines, line), line
			}
			for i, state := range states.Draw(t, name+" tasks") {
				if state != absent {
					add(state + tasks[i])
					want[tasks[i]] = want[tasks[i]] || state == done
				}
			}
			add("## Log")
			for i, n := range there.Draw(t, name+" entries") {
				if n > 0 {
					add("- " + entries[i])
					want[entries[i]] = false
				}
			}
			return strings.Join(lines, "\n") + "\n"
		}
		src, other := copied("one"), copied("other")
		got, err := merge.Join(p, "content/contacts/a.md", note.Contact, []byte(src), "content/contacts/b.md", []byte(other))
		if err != nil {
			t.Fatal(err)
		}
		text := string(got.Source)
		for line, isDone := range want {
			if n := strings.Count(text, " "+line+"\n"); n != 1 || strings.Contains(text, done+line+"\n") != isDone {
				t.Errorf("%q is there %d times", line, n)
			}
		}
		if strings.Count(text, "## Log\n") != 1 || strings.Count(text, "Prefers letters.\n") != 1 || strings.Contains(text, "\n\n\n") {
			t.Error("a heading, a paragraph or a blank line is there twice")
		}
		for _, item := range []string{"- [", "- 2026"} {
			if strings.Contains(text, "\n\n"+item) && strings.Contains(text[:strings.LastIndex(text, "\n\n"+item)], "\n"+item) {
				t.Errorf("a blank line parts items that begin with %q", item)
			}
		}
		if t.Failed() {
			t.Log(text)
		}
	})
}

// Whatever two notes are, joined they have the entries and tasks of both, or they
// are not joined.
func TestJoinLosesNothing(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	lines := []string{
		"- 2026-01-02 call: a", "- 2026-03-04 > email: b", "* 2026-02-02 tea", "  - nested", "    deeper", "- [ ] do it", "- [?] ask it",
		"- [x] did it", "## Log", "# Top", "### 2026-05-05 visit", "2026-06-06 lunch\n===", "Some prose.", "", "", "> quote", "1. one", "```", "x: y",
	}
	text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(lines), 0, 12), func(l []string) string { return strings.Join(l, "\n") })
	front := rapid.SampledFrom([]string{"", "---\nname: A\n---\n", "+++\nname = \"A\"\n+++\n"})
	rapid.Check(t, func(t *rapid.T) {
		src, other := front.Draw(t, "front")+text.Draw(t, "text"), front.Draw(t, "other front")+text.Draw(t, "other text")
		got, err := merge.Join(p, "content/contacts/a.md", note.Contact, []byte(src), "content/contacts/b.md", []byte(other))
		if err != nil {
			return
		}
		n := p.Parse("content/contacts/a.md", note.Contact, got.Source)
		have := map[string]bool{}
		for i := range n.Entries {
			have[n.Entries[i].Date.String()+n.EntryText(&n.Entries[i])] = true
		}
		for _, task := range n.Tasks {
			have[task.Text] = true
		}
		for _, from := range []string{src, other} {
			o := p.Parse("content/contacts/a.md", note.Contact, []byte(from))
			for i := range o.Entries {
				if !have[o.Entries[i].Date.String()+o.EntryText(&o.Entries[i])] {
					t.Fatalf("the entry %q is lost in\n%s", o.EntryText(&o.Entries[i]), got.Source)
				}
			}
			for _, task := range o.Tasks {
				if !have[task.Text] {
					t.Fatalf("the task %q is lost in\n%s", task.Text, got.Source)
				}
			}
		}
	})
}
