package revise_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/internal/note"
	"kith/internal/note/notetest"
	"kith/internal/note/revise"
)

func TestAddLetter(t *testing.T) {
	t.Parallel()
	const letter = "Dear Bo,\n\nall is well.\n- [ ] call me\n# Not a heading\n2026-01-01 coffee\n---\n<!-- so --> [[Ada]] #tag\n> you wrote\nYours, Ada\n"
	const quoted = "> Dear Bo,\n>\n> all is well.\n> - \\[ \\] call me\n> \\# Not a heading\n> 2026-01-01 coffee\n> \\---\n> \\<\\!-- so --> \\[\\[Ada]] \\#tag\n> > you wrote\n> Yours, Ada\n"
	for _, c := range []struct{ name, before, after string }{
		{"an empty file", "", "## 2026-11-23 < letter\n\n" + quoted},
		{
			"behind a list of entries",
			"---\nname: Ada\n---\n\n## Log\n\n- 2026-10-02 coffee\n",
			"---\nname: Ada\n---\n\n## Log\n\n- 2026-10-02 coffee\n\n## 2026-11-23 < letter\n\n" + quoted,
		},
		{
			"among dated headings, the newest first",
			"# Ada\n\n### 2026-12-01 call\n\nlong\n\n### 2026-10-02 coffee\n\ngood\n",
			"# Ada\n\n### 2026-12-01 call\n\nlong\n\n### 2026-11-23 < letter\n\n" + quoted + "\n### 2026-10-02 coffee\n\ngood\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := revise.AddLetter(note.NewParser(note.Kinds{}), "content/contacts/ada.md", note.Contact, []byte(c.before), "2026-11-23 < letter", letter)
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Source) != c.after {
				t.Errorf("got\n%s\nwant\n%s", got.Source, c.after)
			}
		})
	}
}

// Whatever is pasted is one entry, and says nothing more.
func TestALetterIsOneEntryWhateverItSays(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	rapid.Check(t, func(t *rapid.T) {
		letter := notetest.Text().Draw(t, "letter")
		before := p.Parse("content/contacts/ada.md", note.Contact, []byte("- [ ] a\n\n## Log\n\n- 2026-10-02 coffee: b\n"))
		c, err := revise.AddLetter(p, before.Path, before.Kind, []byte(before.Source), "2026-11-23 < letter", letter)
		if strings.ContainsFunc(letter, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' }) || !strings.Contains(letter, "\n") {
			return // no letter
		}
		if err != nil {
			t.Fatalf("%q: %v", letter, err)
		}
		n := p.Parse(before.Path, before.Kind, c.Source)
		if len(n.Entries) != 2 || len(n.Tasks) != 1 || len(n.Links) != 0 || len(n.Tags) != 0 || len(n.EntryTags(&n.Entries[1])) != 0 {
			t.Fatalf("%q became %q: %d entries, %d tasks, %d links, %d tags", letter, c.Source, len(n.Entries), len(n.Tasks), len(n.Links), len(n.Tags))
		}
	})
}
