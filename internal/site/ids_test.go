package site_test

import (
	"fmt"
	"regexp"
	"testing"
	"testing/fstest"

	"kith/internal/site"
)

// No two parts of a page have one id, whatever is in the journal.
func TestIdsAreUnique(t *testing.T) {
	hostile := fstest.MapFS{
		"kith.toml": {Data: []byte("today = 2026-11-23\n")},
		"content/contacts/main.md": {Data: []byte("---\nname: Main\nevery: 1 week\nbirthday: 12-01\ntags: [main, brief]\ncircles: [main, Main, brief]\n---\n" +
			"# Main\n\n# Main\n\n## Draft\n\n- [ ] a by 2026-11-24\n- [ ] a by 2026-11-24\n- [?] b\n\n- 2026-11-02 call asked: x\n- 2026-11-02 call asked: x\n- 2026-11-02 email from them got: y\n")},
		"content/contacts/brief.md":       {Data: []byte("---\nname: Brief\nevery: 1 week\nneeds: a job in engines\n---\n- 2026-11-01 call got: z\n")},
		"content/contacts/1.md":           {Data: []byte("---\nname: '1'\noffers: a job in engines\n---\n")},
		"content/contacts/é.md":           {Data: []byte("---\nname: É\n---\n")},
		"content/contacts/e.md":           {Data: []byte("---\nname: e\n---\n")},
		"content/circles/main.md":         {Data: []byte("# Main\n\n# introductions\n\n- 2026-11-02 note: x\n")},
		"content/journal/2026-11-02.md":   {Data: []byte("# 2026-11-02\n\nIt rained.\n\n- 2026-11-02 news: x\n- 2026-11-02 news: x\n")},
		"content/journal/2026.md":         {Data: []byte("# Main\n\n- 2026-11-02 news: y\n")},
		"content/journal/rest/2026-11.md": {Data: []byte("- 2026-11-02 news: z\n")},
	}
	for i, name := range []string{"1", "!x", "Zed", "É", "e", "Æ", "ǆ", "ß", "中", "_", "9", "ab", "’n", "Ω", "🙂", "ı", "İ", "ａ", "ʼa", "—", "٣"} {
		hostile[fmt.Sprintf("content/contacts/n%d.md", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "---\nname: %q\nevery: %d weeks\n---\n- [ ] x by 2026-12-%02d\n- 2026-12-%02d call: y\n", name, i+1, i+1, i+1)}
	}
	ids := regexp.MustCompile(`<[^>]*\sid="([^"]*)"`)
	for _, s := range []*site.Site{newSite(t, hostile), demo(t)} {
		for name, page := range pages(t, s) {
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(page, -1) {
				if seen[m[1]] {
					t.Errorf("%s has the id %q twice", name, m[1])
				}
				seen[m[1]] = true
			}
		}
	}
}
