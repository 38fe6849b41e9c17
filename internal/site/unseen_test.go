package site_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
)

// unseenPieces are what random notes are made of: each W is a word that is found nowhere
// else.
var unseenPieces = []string{
	"W ", "W\n", "\n", "\n\n", "- W\n", "* W\n", "1. W\n", "> W\n", "# W\n", "## W\n", "### W W\n", "## Log\n", "W\n===\n", "W\nW\n---\n", "  W\n", "    W\n", "\tW\n", "---\n",
	"- 2026-11-02 W\n", "- 2026-11-02 call: W\n", "- 2026-11-02 > W: W\n", "- 2026-11-02 call with [[Bo]] W\n", "- 2026-11-02 asked W: W\n", "- 2026-11-02 W W: W\n",
	"- 2026-11-02 no reply W\n", "- 2026-11-02 she wrote: W\n", "- 2026-11-02 coffee was cancelled W\n", "- 2026-11-02 9:30 - W\n", "- 2026-11-02 to 2026-11-04: W\n", "- **2026-11-02** W\n",
	"## 2026-11-02 W\n", "# 2026-11-02 call\n", "- [ ] W\n", "- [?] W by 2026-12-01\n", "- [x] W (due 2026-11-01) #W\n", "  - [ ] W\n", "- [ ] by 2026-12-01 W\n", "- [] W\n", "20.11.2026 W\n",
	"<W W>", "<div>\n", "</div>\n", "<b W=\"W\">", "<br>", "<W\n", "<!-- W", "<?W?>", "<!W>", "<![CDATA[W]]>", "<script>W</script>\n", "<pre>\nW\n", "&W; ", "<https://W.org>",
	"![[W.jpg]] W ", "![[x.pdf|W]] ", "[[W]] ", "[[Bo|W]] ", "[[W#W]] ", "[W](x.md) ", "[W](https://e.org) ", "[W](<a b> \"W\") ", "![W](p.jpg) ", "![W](https://e.org/p.jpg) ", "[[", "]]", "[W", "][", "](", "[W]: https://e.org\n", "[W]: W\n", "[W]: /x 'W'\n", "[^W]: W\n",
	"*W* ", "**W", "_W_ ", "`W` ", "``W", "```W\nW\n```\n", "~~~\nW\n", "~~W~~ ", "|W|W|\n|-|-|\n|W|W|\n", "|W|W|W|\n", "#W ", "\\", "\\W ", ": ", "W:: W\n", "%W% ", "é", "\u2028", "W^W ",
}

// Every word of a note's body stands on the page of the contact (FORMAT.md, "Nothing that
// was written goes unseen").
func TestEveryWordIsOnThePage(t *testing.T) {
	look, today := theme(t, nil), date(t, "2026-11-23")
	rapid.Check(t, func(t *rapid.T) {
		var body strings.Builder
		words := 0
		for _, piece := range rapid.SliceOfN(rapid.SampledFrom(unseenPieces), 1, 12).Draw(t, "pieces") {
			for strings.Contains(piece, "W") {
				piece = strings.Replace(piece, "W", fmt.Sprintf("qx%dz", words), 1)
				words++
			}
			body.WriteString(piece)
		}
		j := journal.Read(fstest.MapFS{
			"content/contacts/ada.md": {Data: []byte("---\nname: Ada\n---\n" + body.String())},
			"content/contacts/bo.md":  {Data: []byte("---\nname: Bo\n---\n")},
		})
		page := rendered(t, site.New(due.New(j, today), look, true), "contacts/ada.html")
		for i := range words {
			if word := fmt.Sprintf("qx%dz", i); !strings.Contains(page, word) {
				t.Fatalf("%s is not on the page of\n%s", word, body.String())
			}
		}
	})
}
