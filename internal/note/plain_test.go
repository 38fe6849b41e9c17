package note

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kith/internal/civil"
)

// plainBodies are read without goldmark, whether or not its help is needed for
// some of their text.
var plainBodies = []string{
	"Prefers letters.\nKnows [[Bo]], #chess\n(#a/b) and [[Cy|him]].\n",
	"- 2026-10-02 coffee with [[Bo]]: Talked. #engine\n- 2026-08-14 > email gave: A note, see https://example.org/a_b.\n",
	"# Ada\n\nText.\n## Log\n\n- 2026-10-02 call got\n- a thing\n\n  More of it,\n  on two lines.\n\n- [?] how *it* went\n- [ ] send `it` by 2026-12-01\n",
	"## 2026-10-02 call: x\n\n- 2026-01-01 body\n\n## 2026-10-01\n\n- [[Bo]]: tea\n",
	"* one\n* two\n\nText\n+ three\n\n# four",
	"3 apples\n- 12 pears\n- #tag\n- \"x\" ! [[Bo]]\n",
	"- [ ] y\n\n[[Bo]]: hello\n",
	"One \ntwo *it* \n- 2026-10-02 call got \n  More \n  of it. \n- [ ] x by 2026-12-01 \n",
	"Read `a_b <c` twice, *it* and **them**: see [the list](https://example.org/a_b?c=1#d).\n- _one_ (*two*)\n  __three__, `[[Bo]]`\n",
	"- 2026-10-02 call got\n\n\n- 2026-10-03 call\n\nText ![[Bo]] a & b &amp; c &#65; d\n",
}

// plainPieces are mostly plain.
var plainPieces = []string{
	"- ", "- ", "* ", "# ", "## ", "  ", "\n", "\n", "\n\n", "\n\n", "word ", "word\n", " \n", "word \n", "A b.\n", "3 c\n", "1. x\n", "é ", "…", "\"q\" ",
	"2026-11-02 ", "2026-11-02: ", "10:30 ", "call ", "> email gave", "got", "closed ", "with ", ": ", ":", "news ", "cofee: ",
	"[[Ada]] ", "[[Ada|her]]", "[[", "]]", "[", "]", "](x)", "!", "[a]: /b\n", "[[Ada]]: b\n", "#tag ", "#", "(#a/b) ", "[ ] ", "[?] ", "[x] ", "by 2026-12-01",
	"*it*", "*it*", "**so**", "_it_", "`c`", "`c` ", "`", "`` ", "*", "**", " * ", "_", "[a](https://x.org/y) ", "[a](http://x.org)", "](http://x.org)", "(", ")", "a", ".", "|", "-", "=", "\\", "&amp;", "&#65;", "<b>", "http://x.org ", "www.x.org ", "a@b.org ", "\u2028", "\u0085", "李小龙 ",
}

func checkPlain(t interface {
	Helper()
	Errorf(string, ...any)
}, p *Parser, path string, kind Kind, data []byte,
) (plain bool) {
	t.Helper()
	n := p.Parse(path, kind, data)
	fresh := func() *scan { s := p.scanAgain(n, &room{}); s.known = nil; return s }
	facts, tree := fresh(), fresh()
	body, ok := p.parsePlain(facts)
	if !ok {
		return false
	}
	body.visit()
	want := tree.contentOf(n)
	doc := p.parse(tree)
	p.newContent(tree, kind == Journal).take(doc, want)
	facts.giveTags()
	tree.giveTags()
	here, theirs := facts.note, tree.note
	SortProblems(here.Problems)
	SortProblems(theirs.Problems)
	opts := []cmp.Option{cmp.AllowUnexported(civil.Date{}, Marks{}, Entry{}, part{}), cmpopts.IgnoreUnexported(Note{}, Front{}), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(theirs.entryTags, here.entryTags, opts...); diff != "" {
		t.Errorf("%q has not the tags that goldmark reads (-goldmark +here):\n%s", data, diff)
	}
	if diff := cmp.Diff(theirs, here, opts...); diff != "" {
		t.Errorf("%q is not read as goldmark reads it (-goldmark +here):\n%s", data, diff)
	}
	for i, e := range want.Entries {
		if alone, ok := p.PlainEntry(n, i); ok && alone != e {
			t.Errorf("entry %d of %q looks by itself like %q, with goldmark like %q", i, data, alone, e)
		}
	}
	for what, show := range map[string]func(*Note, func(*Content)){
		"here":                                 func(n *Note, show func(*Content)) { show(p.Content(n)) },
		"in a room that others were in before": p.Show,
	} {
		show(n, func(got *Content) {
			if diff := cmp.Diff(want, got, opts...); diff != "" {
				t.Errorf("%q does not look as goldmark has it (-goldmark +%s):\n%s", data, what, diff)
			}
		})
	}
	return true
}

func TestPlainBodies(t *testing.T) {
	p := NewParser(Kinds{})
	for _, body := range plainBodies {
		for kind, path := range []string{"content/contacts/ada.md", "content/circles/ada.md", "content/journal/2026-11-23.md"} {
			if !checkPlain(t, p, path, Kind(kind), []byte(body)) {
				t.Errorf("%q is left to goldmark", body)
			}
		}
	}
}

// What is read without goldmark is read as goldmark reads it.
func TestPlainIsWhatGoldmarkReads(t *testing.T) {
	p := NewParser(Kinds{})
	rapid.Check(t, func(t *rapid.T) {
		file := anyFile().Draw(t, "file")
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(plainPieces), 0, 30).Draw(t, "pieces"), "")
		checkPlain(t, p, file[1].(string), file[0].(Kind), []byte(text))
	})
}

func FuzzPlain(f *testing.F) {
	for i, body := range append(plainBodies, plainPieces...) {
		f.Add([]byte(body), uint8(i))
	}
	p := NewParser(Kinds{})
	f.Fuzz(func(t *testing.T, data []byte, kind uint8) {
		if k := Kind(kind % 3); utf8.Valid(data) {
			checkPlain(t, p, pathOf(k, "2026-11-23.md"), k, data)
		}
	})
}
