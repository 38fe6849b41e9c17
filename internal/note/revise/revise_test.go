package revise

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/note"
)

const adaPath, diaryPath = "content/contacts/ada.md", "content/journal/diary.md"

// An editCase is a file before and after an edit. Where after is empty, the edit
// is refused with an error that says so.
type editCase struct {
	name          string
	before, after string
	refused       string
}

func runEdits(t *testing.T, path string, kind note.Kind, cases []editCase, edit func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error)) {
	t.Helper()
	p := note.NewParser(note.Kinds{})
	for _, c := range cases {
		for _, form := range []struct {
			name string
			of   func(string) string
		}{
			{"LF", func(s string) string { return s }},
			{"CRLF", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
			{"BOM", func(s string) string { return "\ufeff" + s }},
		} {
			t.Run(c.name+" "+form.name, func(t *testing.T) {
				if form.name == "CRLF" && !strings.Contains(c.before, "\n") {
					return // there is no line end to go by
				}
				before := form.of(c.before)
				got, err := edit(p, path, kind, []byte(before))
				if string(before) != form.of(c.before) {
					t.Error("the edit changed what it was given")
				}
				if c.refused != "" {
					var refused *Error
					if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.refused) || !strings.HasPrefix(err.Error(), path) {
						t.Fatalf("error %v, want one with %q", err, c.refused)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(form.of(c.after), string(got.Source)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if same := c.before == c.after; same != (got.Line == 0) {
					t.Errorf("the line written is said to be %d", got.Line)
				}
			})
		}
	}
}

func TestAddEntry(t *testing.T) {
	t.Parallel()
	const entry = "2026-11-23 coffee: new"
	runEdits(t, adaPath, note.Contact, []editCase{
		{name: "newest first", before: "## Log\n\n- 2026-12-01 a\n- 2026-11-01 b\n", after: "## Log\n\n- 2026-12-01 a\n- 2026-11-23 coffee: new\n- 2026-11-01 b\n"},
		{name: "newest last", before: "## Log\n\n- 2026-11-01 b\n- 2026-12-01 a\n", after: "## Log\n\n- 2026-11-01 b\n- 2026-11-23 coffee: new\n- 2026-12-01 a\n"},
		{name: "at the top", before: "## Log\n\n- 2026-10-01 a\n- 2026-09-01 b\n", after: "## Log\n\n- 2026-11-23 coffee: new\n- 2026-10-01 a\n- 2026-09-01 b\n"},
		{name: "at the end", before: "## Log\n\n- 2026-09-01 a\n- 2026-10-01 b\n", after: "## Log\n\n- 2026-09-01 a\n- 2026-10-01 b\n- 2026-11-23 coffee: new\n"},
		{name: "at the end, newest first", before: "- 2026-12-09 a\n- 2026-12-01 b\n", after: "- 2026-12-09 a\n- 2026-12-01 b\n- 2026-11-23 coffee: new\n"},
		{name: "at the end, no last newline", before: "- 2026-09-01 a\n- 2026-10-01 b", after: "- 2026-09-01 a\n- 2026-10-01 b\n- 2026-11-23 coffee: new"},
		{name: "one entry", before: "- 2026-09-01 a\n", after: "- 2026-11-23 coffee: new\n- 2026-09-01 a\n"},
		{name: "same day, newest first", before: "- 2026-11-23 a\n- 2026-11-22 b\n", after: "- 2026-11-23 coffee: new\n- 2026-11-23 a\n- 2026-11-22 b\n"},
		{name: "same day, newest last", before: "- 2026-11-22 b\n- 2026-11-23 a\n\nafter\n", after: "- 2026-11-22 b\n- 2026-11-23 a\n- 2026-11-23 coffee: new\n\nafter\n"},
		{name: "bullet and indent", before: "  *   2026-09-01 a\n  *   2026-08-01 b\n", after: "  *   2026-11-23 coffee: new\n  *   2026-09-01 a\n  *   2026-08-01 b\n"},
		{name: "plus", before: "+ 2026-08-01 a\n+ 2026-09-01 b\n", after: "+ 2026-08-01 a\n+ 2026-09-01 b\n+ 2026-11-23 coffee: new\n"},
		{name: "numbers", before: "1. 2026-08-01 a\n2. 2026-09-01 b\n", after: "1. 2026-08-01 a\n2. 2026-09-01 b\n3. 2026-11-23 coffee: new\n"},
		{name: "loose", before: "- 2026-09-01 a\n\n- 2026-08-01 b\n", after: "- 2026-11-23 coffee: new\n\n- 2026-09-01 a\n\n- 2026-08-01 b\n"},
		{name: "loose, newest last", before: "- 2026-08-01 b\n\n- 2026-09-01 a\n\n\nend\n", after: "- 2026-08-01 b\n\n- 2026-09-01 a\n\n- 2026-11-23 coffee: new\n\n\nend\n"},
		{name: "after the blocks of an entry", before: "- 2026-08-01 b\n- 2026-09-01 a\n  - c\n\n    d\nlazy\n", after: "- 2026-08-01 b\n- 2026-09-01 a\n  - c\n\n    d\nlazy\n- 2026-11-23 coffee: new\n"},
		{name: "before a heading right below", before: "- 2026-08-01 b\n- 2026-09-01 a\n## Next\n", after: "- 2026-08-01 b\n- 2026-09-01 a\n- 2026-11-23 coffee: new\n## Next\n"},
		{name: "before a reference", before: "- 2026-08-01 [b]\n- 2026-09-01 a\n\n[b]: /x\n", after: "- 2026-08-01 [b]\n- 2026-09-01 a\n- 2026-11-23 coffee: new\n\n[b]: /x\n"},
		{name: "in the year's list", before: "## 2026\n\n- 2026-12-01 a\n\n## 2025\n\n- 2025-01-01 b\n", after: "## 2026\n\n- 2026-12-01 a\n- 2026-11-23 coffee: new\n\n## 2025\n\n- 2025-01-01 b\n"},
		{name: "a new year", before: "## 2025\n\n- 2025-05-01 a\n\n## 2024\n\n- 2024-01-01 b\n", after: "## 2026\n\n- 2026-11-23 coffee: new\n\n## 2025\n\n- 2025-05-01 a\n\n## 2024\n\n- 2024-01-01 b\n"},
		{name: "a new year at the end", before: "### 2024\n- 2024-01-01 b\n\n### 2025\n- 2025-05-01 a\n", after: "### 2024\n- 2024-01-01 b\n\n### 2025\n- 2025-05-01 a\n\n### 2026\n\n- 2026-11-23 coffee: new\n"},
		{name: "not among the items of a day", before: "- 2026-08-01 a\n\n## 2026-07-01 dinner\n\n- 2026-06-01 not an entry\n", after: "- 2026-11-23 coffee: new\n- 2026-08-01 a\n\n## 2026-07-01 dinner\n\n- 2026-06-01 not an entry\n"},
		{name: "headings", before: "## 2026-12-01 dinner\n\nText.\n\n## 2026-07-01 party\n\nText.\n", after: "## 2026-12-01 dinner\n\nText.\n\n## 2026-11-23 coffee: new\n\n## 2026-07-01 party\n\nText.\n"},
		{name: "headings, newest last", before: "# Ada\n\n### 2026-07-01 party\n\nText.\n### 2026-08-01 dinner\nText.\n\n# More\n", after: "# Ada\n\n### 2026-07-01 party\n\nText.\n### 2026-08-01 dinner\nText.\n\n### 2026-11-23 coffee: new\n\n# More\n"},
		{name: "a dated heading under another", before: "## 2026-07-01 party\n\n- 2026-01-01 body\n", after: "## 2026-11-23 coffee: new\n\n## 2026-07-01 party\n\n- 2026-01-01 body\n"},
		{name: "headings at the top", before: "---\nname: Ada\n---\n## 2026-07-01 party\nText.\n", after: "---\nname: Ada\n---\n## 2026-11-23 coffee: new\n\n## 2026-07-01 party\nText.\n"},
		{name: "headings without empty lines", before: "Words.\n## 2026-12-01 party\nText.\n## 2026-07-01 party\nText.\n", after: "Words.\n## 2026-12-01 party\nText.\n## 2026-11-23 coffee: new\n## 2026-07-01 party\nText.\n"},
		{name: "no entries", before: "---\nname: Ada\n---\nProse.\n", after: "---\nname: Ada\n---\nProse.\n\n## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "no entries, an empty line at the end", before: "Prose.\n\n", after: "Prose.\n\n## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "no entries, no last newline", before: "Some\nprose.", after: "Some\nprose.\n\n## Log\n\n- 2026-11-23 coffee: new"},
		{name: "empty", before: "", after: "## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "front matter only", before: "---\nname: Ada\n---\n", after: "---\nname: Ada\n---\n\n## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "front matter only, no last newline", before: "---\nname: Ada\n---", after: "---\nname: Ada\n---\n\n## Log\n\n- 2026-11-23 coffee: new"},
		{name: "an empty log", before: "Prose.\n\n## Log\n", after: "Prose.\n\n## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "an empty log with an empty line", before: "Prose.\n\n## Log\n\n", after: "Prose.\n\n## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "an empty log before a heading", before: "## Log\n\n## Else\n", after: "## Log\n\n- 2026-11-23 coffee: new\n\n## Else\n"},
		{name: "an empty log, underlined", before: "Log\n---\nText.\n", after: "Log\n---\n\n- 2026-11-23 coffee: new\n\nText.\n"},
		{name: "the file's bullet", before: "* [ ] x\n", after: "* [ ] x\n\n## Log\n\n* 2026-11-23 coffee: new\n"},
		{name: "a list that would take it in", before: "- a\n  - b\n\n    c\n", after: "- a\n  - b\n\n    c\n\n## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "an open code block", before: "Prose.\n\n```\ncode\n", after: "Prose.\n\n## Log\n\n- 2026-11-23 coffee: new\n\n```\ncode\n"},
		{name: "an open comment", before: "Prose.\n\n<!-- never\n\nclosed\n", after: "Prose.\n\n<!-- never\n\nclosed\n\n## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "an open tag", before: "<div>\nx\n", after: "<div>\nx\n\n## Log\n\n- 2026-11-23 coffee: new\n"},
		{name: "an entry in an open code block", before: "- 2026-12-01 a\n\n  ```\n  - 2026-11-30 b\n- 2026-11-20 c\n", after: "- 2026-12-01 a\n\n  ```\n  - 2026-11-30 b\n- 2026-11-23 coffee: new\n- 2026-11-20 c\n"},
		{name: "above a line with a problem", before: "- 2026-10-01 > fax: a\n- 2026-02-30 b\n", after: "- 2026-11-23 coffee: new\n- 2026-10-01 > fax: a\n- 2026-02-30 b\n"},
		{name: "broken front matter", before: "---\nname: [\n---\n- 2026-01-01 a\n", after: "---\nname: [\n---\n- 2026-11-23 coffee: new\n- 2026-01-01 a\n"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return AddEntry(p, path, kind, src, entry)
	})
}

func TestAddEntryByTime(t *testing.T) {
	t.Parallel()
	runEdits(t, adaPath, note.Contact, []editCase{
		{name: "newest first", before: "- 2026-11-23 20:00 a\n- 2026-11-23 08:00 b\n", after: "- 2026-11-23 20:00 a\n- 2026-11-23 12:30 call\n- 2026-11-23 08:00 b\n"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return AddEntry(p, path, kind, src, "2026-11-23 12:30 call")
	})
}

func TestAddEntryToADailyNote(t *testing.T) {
	t.Parallel()
	cases := []editCase{
		{name: "its day", before: "## 2026-11-23\n\n- lunch with [[Ada]]: x\n\n## 2026-11-01\n\n- prose\n", after: "## 2026-11-23\n\n- lunch with [[Ada]]: x\n- news: new\n\n## 2026-11-01\n\n- prose\n"},
		{name: "its empty day", before: "## 2026-11-23\n\nText.\n", after: "## 2026-11-23\n\n- news: new\n\nText.\n"},
		{name: "a new day", before: "Words.\n\n## 2026-11-01\n\n- lunch with [[Ada]]: x\n", after: "Words.\n\n## 2026-11-23\n\n- news: new\n\n## 2026-11-01\n\n- lunch with [[Ada]]: x\n"},
		{name: "a new day at the end", before: "# 2026-11-01\n- news: x\n\n# 2026-11-02\n- lunch with [[Ada]]: x", after: "# 2026-11-01\n- news: x\n\n# 2026-11-02\n- lunch with [[Ada]]: x\n\n# 2026-11-23\n\n- news: new"},
		{name: "a list of entries", before: "- 2026-11-01 news: x\n", after: "- 2026-11-23 news: new\n- 2026-11-01 news: x\n"},
	}
	runEdits(t, diaryPath, note.Journal, cases, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return AddEntry(p, path, kind, src, "2026-11-23 news: new")
	})
	runEdits(t, "content/journal/2026-11-23.md", note.Journal, []editCase{
		{name: "the file's own day", before: "It rained.\n", after: "It rained.\n\n- news: new\n"},
		{name: "after the last of the day", before: "- news: x\n\nIt rained.\n", after: "- news: x\n- news: new\n\nIt rained.\n"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return AddEntry(p, path, kind, src, "2026-11-23 news: new")
	})
	runEdits(t, diaryPath, note.Journal, []editCase{
		{name: "no participant", before: "## 2026-11-23\n\n- news: x\n", after: "## 2026-11-23\n\n- news: x\n- 2026-11-23 coffee: alone\n"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return AddEntry(p, path, kind, src, "2026-11-23 coffee: alone")
	})
}

func TestAddEntryRefuses(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	for _, c := range []struct {
		kind        note.Kind
		src, entry  string
		line        int
		want, hints string
	}{
		{note.Contact, "", "coffee: no date", 0, "is no entry", "2026-11-23 coffee"},
		{note.Contact, "", "2026-11-23 two\nlines", 0, "one line", "line ends"},
		{note.Contact, "", "2026-02-30 no day", 0, "is no entry", "begin with the day"},
		{note.Circle, "", "2026-11-23 coffee", 0, "no entries", "contact"},
		{note.Contact, "a\xff", "2026-11-23 coffee", 1, "not UTF-8", "UTF-8"},
		{note.Contact, "<!-- open\n", "2026-11-23 coffee", 0, "", ""},
	} {
		_, err := AddEntry(p, adaPath, c.kind, []byte(c.src), c.entry)
		if c.want == "" {
			if err != nil {
				t.Errorf("%q: %v", c.src, err)
			}
			continue
		}
		var refused *Error
		if !errors.As(err, &refused) || refused.Line != c.line || !strings.Contains(refused.Message, c.want) || !strings.Contains(refused.Hint, c.hints) {
			t.Errorf("%q into %q: %#v", c.entry, c.src, err)
		}
	}
}

func TestAddTask(t *testing.T) {
	t.Parallel()
	runEdits(t, adaPath, note.Contact, []editCase{
		{name: "after the last open task", before: "- [?] a\n- [ ] b\n- [x] c\n\n## Log\n\n- 2026-01-01 x\n  - [ ] in an entry\n", after: "- [?] a\n- [ ] b\n- [ ] new by 2026-12-01\n- [x] c\n\n## Log\n\n- 2026-01-01 x\n  - [ ] in an entry\n"},
		{name: "after a done one", before: "Prose.\n\n* [x] c\n\nMore.\n", after: "Prose.\n\n* [x] c\n* [ ] new by 2026-12-01\n\nMore.\n"},
		{name: "not among the nested", before: "- Trip\n  - [ ] a\n  - b\n- Else\n", after: "- Trip\n  - [ ] a\n  - b\n- Else\n- [ ] new by 2026-12-01\n"},
		{name: "after its blocks", before: "- [ ] a\n\n  text\n\nend\n", after: "- [ ] a\n\n  text\n- [ ] new by 2026-12-01\n\nend\n"},
		{name: "before the log", before: "Prose.\n\n## Log\n\n- 2026-01-01 x\n", after: "Prose.\n\n- [ ] new by 2026-12-01\n\n## Log\n\n- 2026-01-01 x\n"},
		{name: "before an empty log", before: "Prose.\n\n## Log\n", after: "Prose.\n\n- [ ] new by 2026-12-01\n\n## Log\n"},
		{name: "before the entries", before: "Prose.\n\n* 2026-01-01 x\n", after: "Prose.\n\n* [ ] new by 2026-12-01\n\n* 2026-01-01 x\n"},
		{name: "below the title", before: "# Ada\n\n- 2026-01-01 x\n", after: "# Ada\n\n- [ ] new by 2026-12-01\n\n- 2026-01-01 x\n"},
		{name: "before dated headings", before: "Prose.\n\n## 2026-01-01 dinner\n\n- [ ] in an entry\n", after: "Prose.\n\n- [ ] new by 2026-12-01\n\n## 2026-01-01 dinner\n\n- [ ] in an entry\n"},
		{name: "at the end", before: "---\nname: Ada\n---\nProse.\n", after: "---\nname: Ada\n---\nProse.\n\n- [ ] new by 2026-12-01\n"},
		{name: "at the end, no last newline", before: "Prose.", after: "Prose.\n\n- [ ] new by 2026-12-01"},
		{name: "front matter only", before: "---\nname: Ada\n---\n", after: "---\nname: Ada\n---\n\n- [ ] new by 2026-12-01\n"},
		{name: "empty", before: "", after: "- [ ] new by 2026-12-01\n"},
		{name: "after a list in the prose", before: "- likes tea\n- hates tea\n\n## Log\n", after: "- likes tea\n- hates tea\n- [ ] new by 2026-12-01\n\n## Log\n"},
		{name: "before an open code block", before: "Prose.\n\n```\ncode\n", after: "Prose.\n\n- [ ] new by 2026-12-01\n\n```\ncode\n"},
	}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return AddTask(p, path, kind, src, "[ ] new by 2026-12-01")
	})
}

func TestCloseTask(t *testing.T) {
	t.Parallel()
	const text = "---\nvia: x\n---\n- [ ] a by 2026-12-01  \n- [?] [ ] b\n- [x] c\n* 2026-01-01 d\n  1. [ ]\te [[Ada]]\n\nprose\n"
	for line, want := range map[int]string{
		4: strings.Replace(text, "- [ ] a", "- [x] a", 1),
		5: strings.Replace(text, "- [?] [ ]", "- [x] [ ]", 1),
		6: text,
		8: strings.Replace(text, "1. [ ]", "1. [x]", 1),
	} {
		runEdits(t, adaPath, note.Contact, []editCase{{name: "task", before: text, after: want}}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
			return CloseTask(p, path, kind, src, line)
		})
	}
	runEdits(t, adaPath, note.Contact, []editCase{{name: "no task", before: text, refused: "there is no task on this line"}}, func(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
		return CloseTask(p, path, kind, src, 7)
	})
}

// In a file with line ends of both kinds, the lines that are not written keep theirs.
func TestEditKeepsMixedLineEnds(t *testing.T) {
	p := note.NewParser(note.Kinds{})
	before := "---\naliases:\r\n  - A\r\n  - B\ntags: [a]\r\n---\n"
	want := "---\naliases:\r\n  - A\r\n  - B\n  - C\ntags: [a]\r\n---\n"
	got, err := AddToList(p, "content/contacts/ada.md", note.Contact, []byte(before), "aliases", "C")
	if err != nil || string(got.Source) != want {
		t.Errorf("got %q, %v, want %q", got.Source, err, want)
	}
}
