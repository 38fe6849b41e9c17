package note

import (
	"fmt"
	"strings"
	"testing"
)

// show fills a fragment: a wiki link as ⟨TARGET⟩, a hashtag as ⟨#TAG⟩, a
// relative address as it is.
func show(n *Note, f Fragment) string {
	return string(f.Fill(nil, func(b []byte, kind HoleKind, arg string) []byte {
		switch kind {
		case LinkHole:
			var i int
			if _, err := fmt.Sscan(arg, &i); err != nil || i < 0 || i >= len(n.Links) {
				return append(b, "BAD LINK "+arg...)
			}
			return append(b, "⟨"+n.Links[i].Target+"⟩"...)
		case TagHole:
			return append(b, "⟨#"+arg+"⟩"...)
		case PathHole, PictureHole:
			return append(b, arg...)
		}
		return append(b, "BAD HOLE"...)
	}))
}

func pathOf(kind Kind, file string) string {
	return "content/" + map[Kind]string{Contact: "contacts", Circle: "circles", Journal: "journal"}[kind] + "/" + file
}

func TestEntriesOfANote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		kind       Kind
		text, want string
	}{
		{"list items", "x.md", Contact, "- 2026-11-02 a\n- 2026-11-01 b\n", "2026-11-02 mutual | a\n2026-11-01 mutual | b"},
		{"a loose list", "x.md", Contact, "- 2026-11-02 a\n\n- 2026-11-01 b\n", "2026-11-02 mutual | a\n2026-11-01 mutual | b"},
		{"an ordered list", "x.md", Contact, "1. 2026-11-02 a\n2. 2026-11-01 b\n", "2026-11-02 mutual | a\n2026-11-01 mutual | b"},
		{"other list marks", "x.md", Contact, "* 2026-11-02 a\n+ 2026-11-01 b\n", "2026-11-02 mutual | a\n2026-11-01 mutual | b"},
		{"a tab after the mark", "x.md", Contact, "-\t2026-11-02 a\n", "2026-11-02 mutual | a"},
		{"an indented list", "x.md", Contact, "  - 2026-11-02 a\n", "2026-11-02 mutual | a"},
		{"an item that begins on the next line", "x.md", Contact, "-\n  2026-11-02 a\n", "2026-11-02 mutual | a"},
		{"a list after prose", "x.md", Contact, "Prose\n- 2026-11-02 a\n", "2026-11-02 mutual | a"},
		{"a nested item is none", "x.md", Contact, "- a\n  - 2026-11-02 b\n", ""},
		{"an item in an entry is its body", "x.md", Contact, "- 2026-11-02 a\n  - 2026-11-01 b\n", "2026-11-02 mutual | a"},
		{"a list in a quote is none", "x.md", Contact, "> - 2026-11-02 a\n", ""},
		{"prose is none", "x.md", Contact, "2026-11-02 a\n", ""},
		{"code is none", "x.md", Contact, "```\n- 2026-11-02 a\n```\n\n    - 2026-11-02 a\n", ""},
		{"HTML is none", "x.md", Contact, "<div>\n- 2026-11-02 a\n</div>\n", ""},
		{"the second paragraph of an item is none", "x.md", Contact, "- a\n\n  2026-11-02 b\n", ""},
		{"the second line of an item is its body", "x.md", Contact, "- 2026-11-02 call: a\n  b\n", "2026-11-02 mutual call | a"},
		{"headings", "x.md", Contact, "## 2026-11-02 call: a\n\ntext\n", "2026-11-02 mutual call | a"},
		{"a heading with closing signs", "x.md", Contact, "## 2026-11-02 call: a ##\n", "2026-11-02 mutual call | a"},
		{"an underlined heading", "x.md", Contact, "2026-11-02 call: a\n---\n", "2026-11-02 mutual call | a"},
		{"a doubly underlined heading", "x.md", Contact, "2026-11-02 call: a\n===\n", "2026-11-02 mutual call | a"},
		{"a heading in an item is none", "x.md", Contact, "- # 2026-11-02 a\n", ""},
		{"a heading in a quote is none", "x.md", Contact, "> # 2026-11-02 a\n", ""},
		{"items below a dated heading are its body", "x.md", Contact, "# 2026-11-02 a\n\n- 2026-11-01 b\n", "2026-11-02 mutual | a"},
		{"also below a deeper heading", "x.md", Contact, "# 2026-11-02 a\n\n## Log\n\n- 2026-11-01 b\n", "2026-11-02 mutual | a"},
		{"a heading of the same level ends it", "x.md", Contact, "# 2026-11-02 a\n\n# Log\n\n- 2026-11-01 b\n", "2026-11-02 mutual | a\n2026-11-01 mutual | b"},
		{"a higher heading ends it", "x.md", Contact, "## 2026-11-02 a\n\n# Log\n\n- 2026-11-01 b\n", "2026-11-02 mutual | a\n2026-11-01 mutual | b"},
		{"a deeper dated heading ends it", "x.md", Contact, "# 2026-11-02 a\n\n## 2026-11-01 b\n\n- 2026-10-31 c\n", "2026-11-02 mutual | a\n2026-11-01 mutual | b"},
		{"an undated heading deeper than the second ends neither", "x.md", Contact, "# 2026-11-02 a\n\n## 2026-11-01 b\n\n### c\n\n- 2026-10-31 d\n", "2026-11-02 mutual | a\n2026-11-01 mutual | b"},
		{"a heading with no such day is none", "x.md", Contact, "# 2026-02-30 a\n\n- 2026-11-01 b\n", "2026-11-01 mutual | b"},
		{"a bare date heading of a contact is an entry", "x.md", Contact, "# 2026-11-02\n\n- 2026-11-01 b\n", "2026-11-02 mutual | "},
		{"a task with a date is none", "x.md", Contact, "- [ ] 2026-11-02 a\n", ""},
		{"a circle has none", "x.md", Circle, "- 2026-11-02 a\n\n# 2026-11-02 a\n", ""},
		{"headers and order", "x.md", Contact, "# 2026-11-03 call\n# x\n- 2026-11-02 a\n\n2026-11-04 b\n---\n\n# y\n- 2026-11-05 c", "2026-11-03 mutual call | \n2026-11-02 mutual | a\n2026-11-04 mutual | b\n2026-11-05 | c"},
		// Journal files.
		{"a journal file", "notes.md", Journal, "- 2026-11-02 dinner with [[Ada]]: a\n- dinner with [[Ada]]: b\n", "2026-11-02 mutual dinner [[Ada]] | a"},
		{"a daily note: a participant", "2026-11-23.md", Journal, "- coffee with [[Ada]]: a\n", "2026-11-23 mutual coffee [[Ada]] | a"},
		{"a daily note: rule 3", "2026-11-23.md", Journal, "- coffee with [[Ada]] at the sea\n", "2026-11-23 mutual coffee [[Ada]] | at the sea"},
		{"a daily note: news", "2026-11-23.md", Journal, "- news #job: a\n", "2026-11-23 news #job | a"},
		{"a daily note: a time", "2026-11-23.md", Journal, "- 10:30 coffee with [[Ada]]: a\n", "2026-11-23 10:30 mutual coffee [[Ada]] | a"},
		{"a daily note: no participant", "2026-11-23.md", Journal, "- coffee: a\n- milk\n- note: x\n", ""},
		{"a daily note: a mention is no participant", "2026-11-23.md", Journal, "- a card for [[Ada]]\n", ""},
		{"a daily note: a phrase", "2026-11-23.md", Journal, "- saw [[Ada]]\n", "2026-11-23 mutual visit [[Ada]] | "},
		{"a daily note: an item with a date of its own", "2026-11-23.md", Journal, "- 2026-11-20 coffee with [[Ada]]\n", "2026-11-20 mutual coffee [[Ada]] | "},
		{"a daily note: a nested item", "2026-11-23.md", Journal, "- a\n  - coffee with [[Ada]]: a\n", ""},
		{"a daily note: a task", "2026-11-23.md", Journal, "- [ ] call [[Ada]]\n", ""},
		{"a daily note: no such day", "2026-02-30.md", Journal, "- coffee with [[Ada]]: a\n", ""},
		{"a daily note in a folder", "2026/2026-11-23.md", Journal, "- coffee with [[Ada]]: a\n", "2026-11-23 mutual coffee [[Ada]] | a"},
		{"below a date heading", "log.md", Journal, "## 2026-11-22\n\n- coffee with [[Ada]]: a\n", "2026-11-22 mutual coffee [[Ada]] | a"},
		{"below a date heading, under a deeper one", "log.md", Journal, "## 2026-11-22\n\n### Morning\n\n- coffee with [[Ada]]: a\n", "2026-11-22 mutual coffee [[Ada]] | a"},
		{"after the date heading's part", "log.md", Journal, "## 2026-11-22\n\n## Other\n\n- coffee with [[Ada]]: a\n", ""},
		{"below the second of two date headings", "log.md", Journal, "## 2026-11-22\n## 2026-11-21\n- coffee with [[Ada]]: a\n", "2026-11-21 mutual coffee [[Ada]] | a"},
		{"a date heading is stronger than the file's name", "2026-11-23.md", Journal, "## 2026-11-22\n\n- coffee with [[Ada]]: a\n\n# Rest\n\n- tea with [[Ada]]: b\n", "2026-11-22 mutual coffee [[Ada]] | a\n2026-11-23 mutual tea [[Ada]] | b"},
		{"a date heading with more is an entry", "log.md", Journal, "## 2026-11-22 coffee with [[Ada]]\n\n- tea with [[Ada]]: b\n", "2026-11-22 mutual coffee [[Ada]] | "},
		{"a contact's file has no daily notes", "2026-11-23.md", Contact, "- coffee with [[Ada]]: a\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := NewParser(Kinds{})
			n := p.Parse(pathOf(c.kind, c.file), c.kind, []byte(c.text))
			if got := entryTexts(n); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
			}
			if got := len(p.Content(n).Entries); got != len(n.Entries) {
				t.Errorf("%d entries in the content, %d in the note", got, len(n.Entries))
			}
		})
	}
}

func TestLookOfANote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, prose, entries, tasks string }{
		{"an entry and its blocks", "- 2026-11-02 call: *a*\n\n  b\n\n  - c\n", "", "<em>a</em> + <p>b</p>\n<ul>\n<li>c</li>\n</ul>", ""},
		{"an entry of a tight list and its items", "- 2026-11-02 call: a\n  - c\n", "", "a + <ul>\n<li>c</li>\n</ul>", ""},
		{"an entry over two lines", "- 2026-11-02 call: a\n  b\n", "", "a\nb + ", ""},
		{"an entry whose text is on the next line", "- 2026-11-02 call:\n  b\n", "", "b + ", ""},
		{"an entry that is a heading", "# 2026-11-02 call: a\n\nb\n\n- 2026-11-01 c\n", "", "a + <p>b</p>\n<ul>\n<li>2026-11-01 c</li>\n</ul>", ""},
		{"prose around entries", "a\n\n- 2026-11-02 b\n- c\n\nd\n", "<p>a</p>\n<ul>\n<li>c</li>\n</ul>\n<p>d</p>", "b + ", ""},
		{"a heading over nothing but entries goes", "a\n\n## Log\n\n- 2026-11-02 b\n", "<p>a</p>", "b + ", ""},
		{"two headings over nothing but entries go", "a\n\n## Log\n\n### 2026\n\n- 2026-11-02 b\n", "<p>a</p>", "b + ", ""},
		{"a heading over a table of entries and prose stays", "## Log\n\n- 2026-11-02 b\n\nc\n", "<h3>Log</h3>\n<p>c</p>", "b + ", ""},
		{"a task", "- [ ] a [[Ada]] by 2026-12-01\n", "", "", "a ⟨Ada⟩ by 2026-12-01"},
		{"a task in an entry", "- 2026-11-02 a\n  - [?] b\n", "", "a + <ul>\n<li class=\"task ask\">b</li>\n</ul>", "b"},
		{"a task in a list", "- a\n  - [x] b\n", "<ul>\n<li>a\n<ul>\n<li class=\"task done\">b</li>\n</ul>\n</li>\n</ul>", "", "b"},
		{"a task with blocks", "- [ ] a\n\n  b\n", "", "", "a<p>b</p>"},
		{
			"tasks in a task without text", "- x\n  - [x]\n    - [ ] y\n    - [ ] z\n",
			"<ul>\n<li>x\n<ul>\n<li class=\"task done\">\n<ul>\n<li class=\"task promise\">y</li>\n<li class=\"task promise\">z</li>\n</ul>\n</li>\n</ul>\n</li>\n</ul>", "",
			"<ul>\n<li class=\"task promise\">y</li>\n<li class=\"task promise\">z</li>\n</ul>\ny\nz",
		},
		{"HTML is text", "a <b>c</b> <Ana rang>\n\n<script>x</script>\n\n<div>\n[[Ada]] & *b*\n</div>\n", "<p>a &lt;b&gt;c&lt;/b&gt; &lt;Ana rang&gt;</p>\n<p>&lt;script&gt;x&lt;/script&gt;</p>\n<p>&lt;div&gt;\n[[Ada]] &amp; *b*\n&lt;/div&gt;</p>", "", ""},
		{"HTML that breaks a line", "a<br>b<BR />c\n\n<div>a<br/>b</div>", "<p>a<br>b<br>c</p>\n<p>&lt;div&gt;a<br>b&lt;/div&gt;</p>", "", ""},
		{"comments", "a <!-- b --> c\n%%d\n\n- [ ] e\n%% f\n\n<!-- g --> *h* `<!-- i -->`\n\n%% j %% k\n\n<!-- l", "<p>a \t\t\t\t\t\t\t\t\t\t c</p>\n<p>f</p>\n<p> <em>h</em> <code>&lt;!-- i --&gt;</code></p>\n<p> k</p>\n<p>&lt;!-- l</p>", "", ""},
		{"embeds", "a ![[ada.jpg]] b ![[my cat.PNG|the cat]] c ![[x.pdf]] d ![[Bo]] e", `<p>a <img src="ada.jpg" alt="ada.jpg" loading="lazy"> b <img src="my%20cat.PNG" alt="the cat" loading="lazy"> c <a href="x.pdf">x.pdf</a> d ⟨Bo⟩ e</p>`, "", ""},
		{"a comment in code", "```\n%% a %%\n```", "<pre><code>%% a %%\n</code></pre>", "", ""},
		{"an address in brackets", "<https://example.org/a?b&c>\n", "<p><a href=\"https://example.org/a?b&amp;c\" rel=\"noopener noreferrer\">https://example.org/a?b&amp;c</a></p>", "", ""},
		{"a bare address", "Look: https://example.org/a.\n", "<p>Look: <a href=\"https://example.org/a\" rel=\"noopener noreferrer\">https://example.org/a</a>.</p>", "", ""},
		{"a bare e-mail address", "ada@example.org\n", "<p><a href=\"mailto:ada@example.org\" rel=\"noopener noreferrer\">ada@example.org</a></p>", "", ""},
		{"a dangerous address in brackets is emptied", "<javascript:x>\n", "<p><a href=\"\" rel=\"noopener noreferrer\">javascript:x</a></p>", "", ""},
		{"a dangerous address is emptied", "[a](javascript:x)\n", "<p><a href=\"\" rel=\"noopener noreferrer\">a</a></p>", "", ""},
		{"a relative link", "[a](b.pdf)\n", "<p><a href=\"b.pdf\">a</a></p>", "", ""},
		{"a picture", "![a *b*](c.jpg \"d\")\n", "<p><img src=\"c.jpg\" alt=\"a b\" title=\"d\" loading=\"lazy\"></p>", "", ""},
		{"a picture's text with a link", "![me and [[Ada]] #b](c.jpg)\n", "<p><img src=\"c.jpg\" alt=\"me and Ada #b\" loading=\"lazy\"></p>", "", ""},
		{"a picture from elsewhere is a link", "![a](https://example.org/a.jpg)\n", "<p><a href=\"https://example.org/a.jpg\" rel=\"noopener noreferrer\">a</a></p>", "", ""},
		{"a wiki link and a tag", "see [[Ada|her]] #work\n", "<p>see ⟨Ada⟩ ⟨#work⟩</p>", "", ""},
		{"a wiki link in a link is text", "[see [[Ada]] #x](b.pdf)\n", "<p><a href=\"b.pdf\">see Ada #x</a></p>", "", ""},
		{"a wiki link in emphasis", "**[[Ada]]**\n", "<p><strong>⟨Ada⟩</strong></p>", "", ""},
		{"a wiki link in a table", "|a|\n|-|\n|[[Ada]]|\n", "<table tabindex=\"0\">\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>⟨Ada⟩</td>\n</tr>\n</tbody>\n</table>", "", ""},
		{"signs are escaped", "- 2026-11-02 a < b & \"c\"\n", "", "a &lt; b &amp; &quot;c&quot; + ", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := NewParser(Kinds{})
			n := p.Parse("content/contacts/x.md", Contact, []byte(c.text))
			content := p.Content(n)
			var prose, entries, tasks []string
			for _, s := range content.Prose {
				prose = append(prose, show(n, s.HTML))
			}
			for _, e := range content.Entries {
				entries = append(entries, show(n, e.Line)+" + "+show(n, e.Rest))
			}
			for _, f := range content.Tasks {
				tasks = append(tasks, show(n, f))
			}
			for _, part := range [][2]string{{strings.Join(prose, "\n"), c.prose}, {strings.Join(entries, "\n"), c.entries}, {strings.Join(tasks, "\n"), c.tasks}} {
				if part[0] != part[1] {
					t.Errorf("%s\n got %s\nwant %s", c.text, part[0], part[1])
				}
			}
		})
	}
}

// An item of a daily note that begins with the arrow > is a quote to Markdown, of which
// nothing may be left when it is read.
func TestAQuotedArrowWithoutText(t *testing.T) {
	t.Parallel()
	p := NewParser(Kinds{})
	for text, want := range map[string]string{
		"- > [[Ada]]\n":                 " + ",
		"- > news\n":                    " + ",
		"- > [[Ada]]: \n":               " + ",
		"- > [[Ada]]\n\n  more\n":       "more + ",
		"- > email [[Ada]]: *hi*\n":     "<em>hi</em> + ",
		"- > email [[Ada]]: a\n  > b\n": "a\nb + ",
	} {
		n := p.Parse("content/journal/2026-11-23.md", Journal, []byte(text))
		if len(n.Entries) != 1 {
			t.Errorf("%q has %d entries", text, len(n.Entries))
			continue
		}
		e := p.Content(n).Entries[0]
		if got := show(n, e.Line) + " + " + show(n, e.Rest); got != want {
			t.Errorf("%q looks like %q, want %q", text, got, want)
		}
	}
}

func TestDaysOfAJournalFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, prose, entries string }{
		{
			"a heading that is a date is a day", "before\n\n## 2026-11-22\n\nfirst\n\n- coffee with [[Ada]]: a\n\n## 2026-11-21\n\nsecond\n",
			" <p>before</p>; 2026-11-22 <p>first</p>; 2026-11-21 <p>second</p>", "2026-11-22",
		},
		{
			"a deeper heading is of the day", "## 2026-11-22\n\n### Plans\n\nfirst\n\n- news: a\n",
			"2026-11-22 <h4>Plans</h4>\n<p>first</p>", "2026-11-22",
		},
		{
			"one of the same level ends it", "## 2026-11-22\n\nfirst\n\n## Plain\n\nlater\n\n- news: a\n- b\n",
			"2026-11-22 <p>first</p>;  <h3>Plain</h3>\n<p>later</p>\n<ul>\n<li>b</li>\n</ul>", "2026-11-20",
		},
		{
			"so does a higher one", "## 2026-11-22\n\nfirst\n\n# Plain\n\nlater\n",
			"2026-11-22 <p>first</p>;  <h2>Plain</h2>\n<p>later</p>", "",
		},
		{
			"and an entry", "## 2026-11-22\n\nfirst\n\n## 2026-11-21 news: a\n\nof it\n",
			"2026-11-22 <p>first</p>", "2026-11-21",
		},
		{
			"tasks stand in it, as they may be nobody's", "## To do\n\n- [ ] buy ink by 2026-12-01\n- [x] thing [[Ada]]\n\n## 2026-11-22\n\n- [?] ask\n\n  more\n- news: a\n",
			" <h3>To do</h3>\n<ul>\n<li class=\"task promise\">buy ink by 2026-12-01</li>\n<li class=\"task done\">thing ⟨Ada⟩</li>\n</ul>; " +
				"2026-11-22 <ul>\n<li class=\"task ask\">\n<p>ask</p>\n<p>more</p>\n</li>\n</ul>", "2026-11-22",
		},
		{
			"a day in a day", "# 2026-11-10\n\none\n\n## 2026-11-11\n\ntwo\n\n- news: a\n\n## Notes\n\nthree\n\n- news: b\n\n# Plain\n\nfour\n\n- news: c\n",
			"2026-11-10 <p>one</p>; 2026-11-11 <p>two</p>; 2026-11-10 <h3>Notes</h3>\n<p>three</p>;  <h2>Plain</h2>\n<p>four</p>", "2026-11-11 2026-11-10 2026-11-20",
		},
	} {
		for how, text := range map[string]string{"": c.text, " with a table": c.text + "\n|a|\n|-|\n"} {
			t.Run(c.name+how, func(t *testing.T) {
				t.Parallel()
				p := NewParser(Kinds{})
				n := p.Parse("content/journal/2026-11-20.md", Journal, []byte(text))
				var prose, entries []string
				for _, s := range p.Content(n).Prose {
					html, _, _ := strings.Cut(show(n, s.HTML), "<table")
					if html = strings.TrimSpace(html); html != "" {
						prose = append(prose, s.Day.String()+" "+html)
					}
				}
				for _, e := range n.Entries {
					entries = append(entries, e.Date.String())
				}
				if got := strings.Join(prose, "; "); got != c.prose {
					t.Errorf("%s\n got %q\nwant %q", text, got, c.prose)
				}
				if got := strings.Join(entries, " "); got != c.entries {
					t.Errorf("%s\nentries of %s, want %s", text, got, c.entries)
				}
			})
		}
	}
}

func TestTasks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a promise", "- [ ] a", "promise a (1, entry -1)"},
		{"something to ask", "- [?] a", "ask a (1, entry -1)"},
		{"done", "- [x] a\n- [X] b", "done a (1, entry -1); done b (2, entry -1)"},
		{"without a text", "- [ ]", "promise  (1, entry -1)"},
		{"in an ordered list", "1. [ ] a", "promise a (1, entry -1)"},
		{"deeper in a list", "- a\n  - b\n    - [ ] c", "promise c (3, entry -1)"},
		{"in an entry", "- 2026-11-02 a\n  - [ ] b", "promise b (2, entry 0)"},
		{"below an entry that is a heading", "# 2026-11-02 a\n\n- [ ] b\n\n# c\n\n- [ ] d", "promise b (3, entry 0); promise d (7, entry -1)"},
		{"in a quote", "> - [ ] a", "promise a (1, entry -1)"},
		{"with links", "- [ ] a [[Ada]] and [[Jo]]\n  not [[Mary]]", "promise a [[Ada]] and [[Jo]] (1, entry -1) Ada Jo"},
		{"with a tag", "- [ ] a #b by 2026-12-01", "promise a #b (1, entry -1)"},
		{"another box is none", "- [-] a\n- [/] b", ""},
		{"no space after the box is none", "- [ ]a", ""},
		{"a box in a paragraph is none", "[ ] a", ""},
		{"a box further on is none", "- a [ ] b", ""},
		{"code is none", "```\n- [ ] a\n```", ""},
		{"a reference is none", "- [x]: /a", ""},
		{"a link definition does not take it away", "- [x] a\n\n[x]: /a", "done a (1, entry -1)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := parse(Contact, c.text)
			var got []string
			for _, task := range n.Tasks {
				kind := "promise"
				switch {
				case task.Done:
					kind = "done"
				case task.Ask:
					kind = "ask"
				}
				s := fmt.Sprintf("%s %s (%d, entry %d)", kind, task.Text, task.Line, task.Entry)
				for _, i := range task.Links {
					s += " " + n.Links[i].Target
				}
				got = append(got, s)
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, "; "), c.want)
			}
		})
	}
}

func TestWikiLinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"in prose", "see [[Ada]]", "Ada 1:5"},
		{"with a label", "see [[ada|her]]", "ada|her 1:5"},
		{"with spaces", "[[ Ada Lovelace | her ]]", "Ada Lovelace|her 1:1"},
		{"after letters of two bytes", "éé [[Ada]]", "Ada 1:4"},
		{"on the second line", "a\nb [[Ada]]", "Ada 2:3"},
		{"after front matter", "---\nname: x\n---\n\n[[Ada]]", "Ada 5:1"},
		{"in a heading", "# a [[Ada]]", "Ada 1:5"},
		{"in a quote", "> a [[Ada]]", "Ada 1:5"},
		{"in a nested item", "- a\n  - b [[Ada]]", "Ada 2:7"},
		{"after a tab", "-\t[[Ada]]", "Ada 1:3"},
		{"in emphasis", "*[[Ada]]*", "Ada 1:2"},
		{"in a table", "|a|\n|-|\n|[[Ada]]|", "Ada 3:2"},
		{"after a bracket", "[[[Ada]]]", "Ada 1:2"},
		{"in an entry's header", "- 2026-11-02 call [[Ada]]: x", "Ada 1:19"},
		{"in an entry's text", "- 2026-11-02 call: x [[Ada]]", "Ada 1:22"},
		{"two in one line", "[[A]][[B]]", "A 1:1, B 1:6"},
		{"of headers first, then of running text", "- 2026-11-02 call [[A]]: x [[B]]\n- 2026-11-01 call [[C]]", "A 1:19, C 2:19, B 1:28"},
		{"not in a code span", "`[[Ada]]`", ""},
		{"not in code of several backticks", "``a ` [[Ada]]``", ""},
		{"not in a code block", "```\n[[Ada]]\n```", ""},
		{"not in indented code", "    [[Ada]]", ""},
		{"not in an HTML block", "<div>\n[[Ada]]\n</div>", ""},
		{"not in an HTML tag", "a <b title=\"[[Ada]]\">", ""},
		{"not in a comment", "a <!-- [[Ada]] -->", ""},
		{"not when escaped", "\\[[Ada]]", ""},
		{"not over two lines", "[[Ada\nLovelace]]", ""},
		{"not when empty", "[[]] [[ ]]", ""},
		{"not when only a label", "[[|Ada]]", ""},
		{"a link of Markdown to a note", "[Ada](ada.md)", "content/contacts/ada.md|Ada 1:1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := parse(Contact, c.text)
			var got []string
			for _, l := range n.Links {
				s := l.Target
				if l.Label != "" {
					s += "|" + l.Label
				}
				got = append(got, fmt.Sprintf("%s %d:%d", s, l.Pos.Line, l.Pos.Column))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, ", "), c.want)
			}
		})
	}
}

func TestHashtagsOutsideEntries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"at the start", "#a b", "a 1"},
		{"after a space", "b #a", "a 1"},
		{"after an opening bracket", "(#a) [#b] {#c}", "a 1, b 1, c 1"},
		{"on the second line of a paragraph", "one\ntwo #a", "a 2"},
		{"in a table", "|x|\n|-|\n|#a|\n", "a 3"},
		{"with digits, signs and a slash", "#a-1_b/c", "a-1_b/c 1"},
		{"digits and a letter", "#1a", "1a 1"},
		{"Unicode", "#Égypte #日本", "égypte 1, 日本 1"},
		{"before a full stop", "#a. #b, #c!", "a 1, b 1, c 1"},
		{"twice", "#a #a", "a 1, a 1"},
		{"in a heading", "# x #a", "a 1"},
		{"in emphasis", "**x #a**", "a 1"},
		{"not after a letter", "b#a", ""},
		{"not after a slash", "http://x/#a", ""},
		{"not digits alone", "#1 #2026-11", ""},
		{"not a heading", "# a", ""},
		{"not in code", "`#a`\n\n```\n#b\n```", ""},
		{"not in HTML", "<b id=\" #a\">", ""},
		{"not when escaped", "\\#a", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := parse(Contact, c.text)
			var got []string
			for _, tag := range n.Tags {
				got = append(got, fmt.Sprintf("%s %d", tag.Slug, tag.Line))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, ", "), c.want)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, text, problems string }{
		{"a byte that is not UTF-8", "x.md", "a\nb\xffc\n", "2:2 not-utf8"},
		{"a byte that is not UTF-8 after letters of two bytes", "x.md", "éé\xff", "1:3 not-utf8"},
		{"a byte that is not UTF-8 after a replacement character", "x.md", "\ufffd\n\xff", "2:1 not-utf8"},
		{"a replacement character", "x.md", "a \ufffd\n", ""},
		{"Latin-1", "x.md", "name: Ren\xe9\n", "1:10 not-utf8"},
		{"UTF-16", "x.md", "\xff\xfea\x00", "1:1 not-utf8"},
		{"too large", "x.md", strings.Repeat("a\n", MaxSize/2) + "a", "1:1 too-large"},
		{"as large as may be", "x.md", strings.Repeat("\n", MaxSize-1) + "a", ""},
		{"an empty file", "x.md", "", "1:1 empty-file"},
		{"nothing but spaces", "x.md", " \n\n", "1:1 empty-file"},
		{"a name without letters", "---.md", "a\n", "1:1 empty-slug"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := NewParser(Kinds{}).Parse("content/contacts/"+c.file, Contact, []byte(c.text))
			if got := problemTexts(n); got != c.problems {
				t.Errorf("problems %q, want %q", got, c.problems)
			}
			if broken := strings.Contains(c.problems, "utf8") || strings.Contains(c.problems, "large"); n.Broken != broken {
				t.Errorf("broken is %v", n.Broken)
			}
		})
	}
}

func TestANoteKeptWhileItsFileIsBroken(t *testing.T) {
	t.Parallel()
	n := parse(Contact, "---\nname: Ada\n---\n- 2026-11-02 call\n")
	broken := parse(Contact, "---\nname: [Ada\n---\n- 2026-11-02 call\n")
	kept := n.Keep(broken.Problems)
	if kept.Name != "Ada" || !kept.Stale || kept.Broken || len(kept.Problems) != 1 || len(kept.Entries) != 1 {
		t.Errorf("kept %+v", kept)
	}
	if n.Stale || len(n.Problems) > 0 {
		t.Error("the note it was kept from has changed")
	}
}

// A line is found by its number, in a short note as in a long one that keeps where
// its lines begin.
func TestLineText(t *testing.T) {
	const short = "---\nname: Ada\n---\n\nFirst.\n\n- 2026-03-01 walk: Rain"
	for _, text := range []string{"", "\n", short, short + "\n", short + strings.Repeat("\nOne more line of a long note.", longNote/20)} {
		n := NewParser(Kinds{}).Parse("content/contacts/ada.md", Contact, []byte(text))
		lines := strings.Split(n.Source, "\n")
		for i := -1; i < len(lines)+3; i++ {
			want := ""
			if i >= 1 && i <= len(lines) {
				want = lines[i-1]
			}
			if got := n.LineText(int32(i)); got != want {
				t.Errorf("line %d of %d is %q, want %q", i, len(lines), got, want)
			}
		}
	}
}

// A heading over entries that are headings themselves stands with each of them, or says
// nothing: it is not left behind alone.
func TestHeadingsOverDatedHeadings(t *testing.T) {
	t.Parallel()
	const entries = "### 2026-11-02 call: x\n\nmore\n\n### 2026-10-02 coffee\n"
	for text, want := range map[string]string{
		"## Log\n\n" + entries:                             "",
		"## Her garden\n\n" + entries:                      "",
		"## Her garden\n\nRoses.\n\n" + entries:            "<h3>Her garden</h3>\n<p>Roses.</p>",
		"## Her garden\n\n## 2026-11-02 call: x\n\nmore\n": "<h3>Her garden</h3>",
		"## Log\n\n<b>\n\n" + entries:                      "<h3>Log</h3>\n<p>&lt;b&gt;</p>",
	} {
		p := NewParser(Kinds{})
		n := p.Parse("content/contacts/ada.md", Contact, []byte(text))
		var got string
		for _, s := range p.Content(n).Prose {
			got += strings.TrimSpace(string(s.HTML))
		}
		if got != want {
			t.Errorf("%q is\n%s\nwant\n%s", text, got, want)
		}
	}
}
