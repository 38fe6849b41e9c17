package note

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLine(t *testing.T) {
	p := NewParser(Kinds{})
	n := p.Parse("content/contacts/ada.md", Contact, []byte("---\nvia: '[[Cy]]'\n---\n[[Bo]] and [[Cy]] #chess\n"))
	for _, c := range []struct{ line, want string }{
		{"words", "words"},
		{`a < b & "c"`, "a &lt; b &amp; &quot;c&quot;"},
		{"[site](https://e.org/a_(b)) x", `<a href="https://e.org/a_(b)" rel="noopener noreferrer">site</a> x`},
		{`[x](https://e.org "a ) title") y`, `<a href="https://e.org" rel="noopener noreferrer" title="a ) title">x</a> y`},
		{"``a `b` c``", "<code>a `b` c</code>"},
		{"`[[Bo]]` *[[Bo]]*", "<code>[[Bo]]</code> <em>⟨Bo⟩</em>"},
		{"[[Cy]], [[Di|her]] \\[[[Di]]", "⟨Cy⟩, her [Di"},
		{"#chess", "⟨#chess⟩"},
		{strings.Repeat("*", maxSigns+1), strings.Repeat("*", maxSigns+1)},
	} {
		if got := show(n, p.Line(n, c.line)); got != c.want {
			t.Errorf("%s: %s, want %s", c.line, got, c.want)
		}
	}
}

func TestGist(t *testing.T) {
	p := NewParser(Kinds{})
	for _, c := range []struct{ body, want string }{
		{"- 2026-01-02 call: one\n  and two\n\n  Three.\n", "one\nand two"},
		{"## 2026-01-02 call\n\nOne.\nTwo.\n\nThree.\n", "One.\nTwo."},
		{"## 2026-01-02 call\n- *one*\n- two\n", "<em>one</em>"},
		{"## 2026-01-02 call\n\n- one\n\n- two\n", "one"},
		{"## 2026-01-02 call\n\n- [ ] one\n", "one"},
		{"## 2026-01-02 call\n\n> one\n", "one"},
		{"## 2026-01-02 call\n\n    code\n", ""},
		{"## 2026-01-02 call\n\n### More\n\nx\n", ""},
		{"## 2026-01-02 call\n", ""},
	} {
		n := p.Parse("content/contacts/ada.md", Contact, []byte(c.body))
		if got := show(n, p.Content(n).Entries[0].Gist()); got != c.want {
			t.Errorf("%q: %q, want %q", c.body, got, c.want)
		}
	}
}

func TestSentence(t *testing.T) {
	p := NewParser(Kinds{})
	for _, c := range []struct{ body, want string }{
		{"We sang. Then [[Ada]] came. It rained.", "Then ⟨Ada⟩ came."},
		{"*He sang.* Then [[Ada]] came", "Then ⟨Ada⟩ came"},
		{"It was `x. y [[Ada]]. z` and [[Ada]] was. Not.", "It was <code>x. y [[Ada]]. z</code> and ⟨Ada⟩ was."},
		{`Wait! "[[Ada]]," he said.`, "&quot;⟨Ada⟩,&quot; he said."},
		{"[a. b](https://e.org/x.) of *[[Ada]]. Who?* No.", `<a href="https://e.org/x." rel="noopener noreferrer">a. b</a> of <em>⟨Ada⟩. Who?</em>`},
		{"One. Two of them\nwith [[Ada]], on\ntwo lines. Three.", "Two of them\nwith ⟨Ada⟩, on\ntwo lines."},
		{"- one\n- of [[Ada]]\n- two\n", "of ⟨Ada⟩"},
		{"| a | b |\n|---|---|\n| c. | [[Ada]] d |\n", "⟨Ada⟩ d"},
		{"- 2026-01-02 call: One.\n\n  Two. [[Ada]] [x](a>b._c) three.\n", `⟨Ada⟩ <a href="a>b._c">x</a> three.`},
	} {
		n := p.Parse("content/contacts/bo.md", Contact, []byte(c.body))
		if got := show(n, p.Content(n).Sentence(0)); got != c.want {
			t.Errorf("%q: %q, want %q", c.body, got, c.want)
		}
	}
}

func TestFiles(t *testing.T) {
	p := NewParser(Kinds{})
	n := p.Parse("content/contacts/ada.md", Contact, []byte("[a](a%20b.pdf \"x ) y\") ![c](d.png) [e](https://e.org/f) `[g](h.pdf)`\n\n"+
		"- 2026-01-02 call: [i][1] [k](l_(m).txt)\n  - [ ] [n](<o p>)\n\n```\n[q](r)\n```\n\n[1]: j.pdf\n"))
	linked, shown := p.Files(n)
	if diff := cmp.Diff([]string{"a%20b.pdf", "j.pdf", "l_(m).txt", "o p"}, slices.Compact(linked)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"d.png"}, shown); diff != "" {
		t.Error(diff)
	}
}
