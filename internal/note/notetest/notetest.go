// Package notetest makes random notes for tests.
package notetest

import (
	"strings"

	"pgregory.net/rapid"
)

// Pieces are what random notes are made of: each may be right, half right, or
// out of place.
var Pieces = []string{
	"---\n", "+++\n", ";;;\n", "{\n", "}\n", "---yaml\n", "---toml\n", "---json\n", " ---\n",
	"name: Ada\n", "every: 6 weeks\n", "every: biweekly\n", "via: \"[[Ada]]\"\n", "via: [[Ada]]\n", "birthday: 12-10\n", "met: é 2026-02-30\n",
	"tags: [a, B/c]\n", "needs: |\n  ---\n  x\n", "a: &a [x]\nb: *a\n", "evrey: x\n", "dates: {a: 12-10}\n", "name = \"Ada\"\n", "[links]\nsite = 'x'\n",
	"met = 2026-01-01\n", "\"name\": \"Ada\",\n", "{\"every\": 10}\n", "needs = [\"\", {}, []]\n", "x = \"\\u00e9\"\n", "\"é\\n\" = 1\n",
	"- ", "* ", "1. ", "> ", "# ", "## ", "### ", "  ", "    ", "\t", "\n", "\n\n", "---\n", "===\n", "```\n", "~~~\n", "`", "``", "<div>\n", "</div>\n", "<!-- ", " -->",
	"2026-11-02 ", "2026-11-02", "2026-02-30 ", "2026/1/5 ", "10:30 ", "call ", "> email gave", "< fax", "got", "asked ", "closed ", "closed: ", "with ", ": ", ":", "news ", "cofee: ",
	"[[Ada]] ", "[[Ada|her]]", "[[", "]]", "[", "]", "](", ")", "![", "[a]: /b\n", "[[Ada]]: /b\n", "#tag ", "#", "(#a/b) ", "#1 ", "[ ] ", "[?] ", "[x] ", "by 2026-12-01", "due 2026-02-30", "📅2026-12-01",
	"**", "*", "_", "~~", "|", "|a|b|\n|-|-|\n", "\\", "&amp;", "&#0;", "<b>", "http://x.org ", "www.x.org ", "a@b.org ", "é", "e\u0301", "李小龙 ", "نور ", "\u2028", "\u0085", "\x00", "\r", "\ufffd", "word ", "a", "...\n",
}

// Text generates notes of these.
func Text() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(Pieces), 0, 40).Draw(t, "pieces"), "")
	})
}
