package note

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// hostile are texts that a parser may take long over, made to be about n bytes
// long. Time for each must grow in step with n: BenchmarkHostile shows it.
var hostile = []struct {
	name string
	make func(n int) string
}{
	{"opening brackets", fill("[")},
	{"opening double brackets", fill("[[")},
	{"double brackets with letters", fill("[[a")},
	{"closing brackets", fill("]")},
	{"link openings", fill("[a](")},
	{"bracket pairs", fill("[]")},
	{"bracket parenthesis", fill("](")},
	{"parentheses", fill("(")},
	{"stars", fill("*")},
	{"stars with letters", fill("*a ")},
	{"star pairs", fill("a**b")},
	{"stars mixed", fill("*a_ ")},
	{"underlines", fill("_")},
	{"tildes", fill("~")},
	{"tildes with letters", fill("~~a ")},
	{"backticks", fill("`")},
	{"backticks of growing length", growing("`")},
	{"hashes", fill("#")},
	{"hashes with spaces", fill("# ")},
	{"images", fill("![")},
	{"image links", fill("![a](")},
	{"less-than signs", fill("<")},
	{"less-than letters", fill("<a ")},
	{"comments", fill("<!--")},
	{"cdata", fill("<![CDATA[")},
	{"processing", fill("<?")},
	{"ampersands", fill("&")},
	{"entities", fill("&#")},
	{"backslashes", fill("\\")},
	{"pipes", fill("|")},
	{"wide table", func(n int) string {
		return strings.Repeat("|a", n/5) + "\n" + strings.Repeat("|-", n/5) + "\n" + "|a\n"
	}},
	{"wide table with short rows", func(n int) string {
		return strings.Repeat("|a", n/8) + "\n" + strings.Repeat("|-", n/8) + "\n" + strings.Repeat("|\n", n/4)
	}},
	{"long table", func(n int) string { return "|a|b|\n|-|-|\n" + strings.Repeat("|c|d|\n", n/6) }},
	{"quotes on a line", fill("> ")},
	{"quote signs", fill(">")},
	{"quotes growing", growing("> ")},
	{"list items on a line", func(n int) string { return strings.Repeat("- ", n/2) + "a" }},
	{"numbers on a line", fill("1. ")},
	{"items and quotes on a line", fill("- > ")},
	{"nested list", nested("- a")},
	{"nested empty list", nested("-")},
	{"nested tasks", nested("- [ ] a")},
	{"flat list", fill("- a\n")},
	{"loose list", fill("- a\n\n")},
	{"tasks", fill("- [ ] x\n")},
	{"tasks with a date", fill("- [ ] x by 2026-01-01\n")},
	{"words on a line", fill("word ")},
	{"words on a task line", pre("- [ ] ", fill("word "))},
	{"words in an entry", pre("- 2026-01-01 ", fill("word "))},
	{"words before a colon", func(n int) string { return "- 2026-01-01 " + strings.Repeat("word ", n/5) + ": x" }},
	{"slips after an arrow", func(n int) string { return "- 2026-01-01 > " + strings.Repeat("cal ", n/4) + ": x" }},
	{"strange words after an arrow", func(n int) string { return "- 2026-01-01 > " + strings.Repeat("xyzzy ", n/6) + ": x" }},
	{"marks in a header", pre("- 2026-01-01 < email ", fill("asked "))},
	{"links in a header", pre("- 2026-01-01 call ", fill("[[a]] "))},
	{"links on a line", fill("[[a]] ")},
	{"links on lines", fill("[[a]]\n")},
	{"tags on a line", fill("#a ")},
	{"tags on lines", fill("#a\n")},
	{"different tags in an entry", pre("- 2026-01-01 ", numbered("#a%d ", ""))},
	{"different tags in a header", pre("- 2026-01-01 call ", numbered("#a%d ", ""))},
	{"different tags on a line", numbered("#a%d ", "")},
	{"entries", fill("- 2026-01-01 a\n")},
	{"entries with a header", fill("- 2026-01-01 call got [[Ada]]: a #b\n")},
	{"entries as headings", fill("# 2026-01-01 a\n")},
	{"headings", fill("# a\n")},
	{"setext headings", fill("a\n=\n")},
	{"one paragraph", fill("a\n")},
	{"paragraphs", fill("a\n\n")},
	{"link definitions", numbered("[a%d]: /b\n", "")},
	{"link definitions of a name", fill("[a]: /b\n")},
	{"link definitions and uses", numbered("[a%d]: /b\n", "[a1] ")},
	{"uses of no definition", fill("[a] ")},
	{"definition openings", fill("[a]: ")},
	{"definition titles", fill("[a]: b 'c\n")},
	{"addresses", fill("www.a.b ")},
	{"address schemes", fill("http://")},
	{"mail addresses", fill("a@b.c ")},
	{"at signs", fill("a@")},
	{"colons", fill("a:")},
	{"code fences", fill("```\na\n")},
	{"fences and tildes", fill("```\n~~~\n")},
	{"indented code", fill("    a\n")},
	{"tabs", fill("\t")},
	{"spaces", fill(" ")},
	{"empty lines", fill("\n")},
	{"thematic breaks", fill("---\n")},
	{"emphasis nested", func(n int) string { return strings.Repeat("*a ", n/6) + strings.Repeat(" b*", n/6) }},
	{"strong nested", func(n int) string { return strings.Repeat("**a", n/6) + strings.Repeat("b**", n/6) }},
	{"links nested", func(n int) string { return strings.Repeat("[", n/5) + "a" + strings.Repeat("](b)", n/5) }},
	{"images nested", func(n int) string { return strings.Repeat("![", n/6) + "a" + strings.Repeat("](b)", n/6) }},
	{"list then wide indent", func(n int) string { return "- a\n" + strings.Repeat(" ", n/2) + "b\n" + strings.Repeat("c\n", n/4) }},
	{"yaml keys", front("---", numbered("k%d: v\n", ""))},
	{"yaml key again and again", front("---", fill("k: v\n"))},
	{"yaml tags", front("---", pre("tags: [", numbered("a%d, ", "")), "]\n")},
	{"yaml circles", front("---", pre("circles: [", numbered("a%d, ", "")), "]\n")},
	{"yaml wrong dates", front("---", pre("dates: {", numbered("a%d: x, ", "")), "}\n")},
	{"yaml via", front("---", pre("via: [", numbered(`"[[a%d]]", `, "")), "]\n")},
	{"yaml via in one text", front("---", pre("via: '", numbered(`[[a%d]] `, "")), "'\n")},
	{"yaml opening brackets", front("---", pre("a: ", fill("[")))},
	{"yaml opening braces", front("---", pre("a: ", fill("{")))},
	{"yaml items on a line", front("---", pre("a:\n ", fill("- ")))},
	{"yaml question marks", front("---", fill("? "))},
	{"yaml colons", front("---", fill(": "))},
	{"yaml anchors", front("---", numbered("a%d: &a%[1]d x\n", ""))},
	{"yaml aliases", front("---", pre("a: &a x\nb: [", fill("*a, ")), "]\n")},
	{"yaml merges", front("---", func(n int) string {
		return "a: &a {" + numbered("k%d: v, ", "")(n/2) + "}\nb:\n  <<: *a\n" + numbered("  j%d: v\n", "")(n/2)
	})},
	{"yaml long text", front("---", pre("name: ", fill("word ")))},
	{"yaml lines of text", front("---", pre("name: |\n", fill("  word\n")))},
	{"yaml quotes", front("---", pre("name: \"", fill("\\n")), "\"\n")},
	{"yaml comments", front("---", fill("# x\n"))},
	{"yaml indented fences", front("---", pre("a: |\n", fill("  ---\n")))},
	{"yaml unclosed", pre("---\n", fill("a: b\n"))},
	{"toml keys", front("+++", numbered("k%d = 1\n", ""))},
	{"toml tables", front("+++", numbered("[k%d]\n", ""))},
	{"toml tables of tables", front("+++", numbered("[a.k%d]\n", ""))},
	{"toml arrays of tables", front("+++", fill("[[a]]\n"))},
	{"toml opening brackets", front("+++", pre("a = ", fill("[")))},
	{"toml dots", front("+++", pre("a", fill(".a")), " = 1\n")},
	{"toml inline table", front("+++", pre("a = {", numbered("k%d = 1, ", "")), "z = 1}\n")},
	{"toml array", front("+++", pre("a = [", fill("1, ")), "]\n")},
	{"json keys", front(";;;", func(n int) string { return "{" + numbered("\"k%d\": 1,\n", "")(n) + "\"z\": 1}\n" })},
	{"json array", front(";;;", func(n int) string { return "{\"a\": [" + strings.Repeat("1,", n/2) + "1]}\n" })},
	{"json opening brackets", front(";;;", fill("["))},
	{"closing braces", pre("{\n", fill("}\na\n"))},
}

func fill(s string) func(int) string {
	return func(n int) string { return strings.Repeat(s, n/len(s)) }
}

func pre(before string, f func(int) string) func(int) string {
	return func(n int) string { return before + f(n) }
}

func growing(s string) func(int) string {
	return func(n int) string {
		var b strings.Builder
		for i := 1; b.Len() < n; i++ {
			b.WriteString(strings.Repeat(s, i) + "a\n")
		}
		return b.String()
	}
}

func nested(item string) func(int) string {
	return func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(strings.Repeat("  ", i) + item + "\n")
		}
		return b.String()
	}
}

func numbered(format, after string) func(int) string {
	return func(n int) string {
		var b strings.Builder
		for i := 1; b.Len() < n; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String() + after
	}
}

func front(fence string, f func(int) string, after ...string) func(int) string {
	return func(n int) string {
		return fence + "\n" + f(n) + strings.Join(after, "") + "\n" + fence + "\n"
	}
}

// BenchmarkHostile shows that time is in step with size: the times of 2x and 4x
// are to be about twice and four times that of 1x.
func BenchmarkHostile(b *testing.B) {
	p := NewParser(Kinds{})
	for _, h := range hostile {
		b.Run(strings.ReplaceAll(h.name, " ", "-"), func(b *testing.B) {
			for _, times := range []int{1, 2, 4} {
				text := []byte(h.make(times * 1_250_000))
				b.Run(fmt.Sprintf("%dx", times), func(b *testing.B) {
					b.SetBytes(int64(len(text)))
					for b.Loop() {
						p.Parse("content/contacts/ada.md", Contact, text)
					}
				})
			}
		})
	}
}

// TestBytesInStepWithSize is the cheap part of BenchmarkHostile: reading a text
// twice as long may take about twice the memory. It is not parallel, so that
// nothing else is counted.
func TestBytesInStepWithSize(t *testing.T) {
	taken := func(text []byte) float64 {
		p := NewParser(Kinds{}) // one that has no room yet
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p.Parse("content/contacts/ada.md", Contact, text)
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	for _, h := range hostile {
		const slack = 200_000
		size := 4_000
		if strings.HasPrefix(h.name, "yaml") || strings.HasPrefix(h.name, "toml") || strings.HasPrefix(h.name, "json") {
			size = 70_000 // what is too long for front matter is not looked into
		}
		once, twice := taken([]byte(h.make(size))), taken([]byte(h.make(2*size)))
		if twice > 2.8*once+slack {
			t.Errorf("%s: %d bytes of text take %.0f kB, %d take %.0f kB", h.name, size, once/1000, 2*size, twice/1000)
		}
	}
}
