package site_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// What an entry says looks the same on its contact's page, on that of somebody who took
// part, and wherever else it is listed.
func TestAnEntryLooksTheSameEverywhere(outer *testing.T) {
	pieces := []string{
		"words ", "A word. ", "[site](https://e.org/a_(b)) ", `[t](https://e.org "a ) title") `, "``a `b` c`` ", "`[x](p.pdf)` ", "*it* ", "**so*", "_", "`",
		"[p](p.pdf) ", "![c](c.png) ", "[[Bo]] ", "[[Cy|him]] ", "\\[[[", "]] ", "[1] ", "[a][1] ", "#tag ", "#other ", "`#tag` ", "<b>", "&amp; ", "\" ", "~~no~~ ", "https://e.org/x_(y) ", "\n  more ",
	}
	text := regexp.MustCompile(`(?s)<div class="text" dir="auto"><p>(.*?)</p>`)
	deed := regexp.MustCompile(`(?s)<span class="deed" dir="auto">(.*?)</span>`)
	rapid.Check(outer, func(t *rapid.T) {
		line := strings.TrimSpace(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 8).Draw(t, "pieces"), ""))
		bullet := rapid.SampledFrom([]string{"- ", "* ", "### ", "1. "}).Draw(t, "bullet")
		end := rapid.SampledFrom([]string{"\n", "\n\n[1]: https://e.org/1\n", "\n\nText.\n", "\n- more\n"}).Draw(t, "end")
		s := newSite(outer, fstest.MapFS{
			"content/contacts/ada.md":   {Data: []byte("---\nname: Ada\n---\n\n" + bullet + "2026-01-02 call with [[Bo]] got #kept: x" + line + end)},
			"content/contacts/bo.md":    {Data: []byte("---\nname: Bo\n---\n")},
			"content/contacts/p.pdf":    {},
			"content/contacts/c.png":    {},
			"content/journal/2026-1.md": {Data: []byte("Nothing.\n")},
		})
		seen := map[string]string{}
		for _, at := range []string{"contacts/ada.html", "contacts/bo.html", "journal.html", "tags/kept.html"} {
			page := strings.ReplaceAll(render(outer, s, at), "../", "")
			m := text.FindStringSubmatch(page)
			if m == nil {
				t.Fatalf("%s lacks the entry", at)
			}
			seen[m[1]] = at
		}
		if m := deed.FindStringSubmatch(render(outer, s, "give-and-take.html")); m != nil && !strings.Contains(m[1], "<span") {
			seen[m[1]] = "give-and-take.html"
		}
		if len(seen) > 1 {
			t.Errorf("%q looks different: %q", line, seen)
		}
	})
}
