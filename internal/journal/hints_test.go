package journal_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/journal"
)

// What the hint of a link shows is put in its place, and the note is read again: the
// problem is gone, and no other came.
func TestHintsOfLinks(t *testing.T) {
	const path = "content/contacts/me.md"
	people := fstest.MapFS{}
	for file, front := range map[string]string{
		"ada-lovelace": "name: Ada Lovelace\naliases: [Countess]", "ana-horvat": "name: Ana Horvat",
		"ana-2": "name: Ana Horvat\nemail: other@example.org", "odd": "name: 'Odd [One]|Name'", "jose": "name: José Núñez",
	} {
		people["content/contacts/"+file+".md"] = &fstest.MapFile{Data: []byte("---\n" + front + "\n---\n")}
	}
	followed := map[string]int{}
	for _, name := range []string{"Ada Lovelce", "Ada Lovelac", "Countes", "Ana Horvat", "Ana Horvt", "Jose Nunes", "Odd [One]Name", "ada-lovelase"} {
		for _, label := range []string{"", "|her", "|x & y"} {
			for _, around := range []string{"- 2026-11-02 call with LINK: hi", "- 2026-11-02 LINK came", "LINK is a friend.", "---\nvia: \"LINK\"\n---\n", "- [ ] ask LINK"} {
				link := "[[" + name + label + "]]"
				read := func(link string) *journal.Journal {
					people[path] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(around, "LINK", link) + "\n")}
					return journal.Read(people)
				}
				for _, p := range read(link).Problems() {
					if p.File != path {
						continue
					}
					_, shown, ok := strings.Cut(p.Hint, "[[")
					if !ok {
						continue
					}
					for _, left := range read("[[" + shown).Problems() {
						if left.File == path {
							t.Errorf("%s in %s\n  hint: %s\n  leaves %s", link, around, p.Hint, left.Message)
						}
					}
					followed[p.Code]++
				}
			}
		}
	}
	if followed["ambiguous-link"] < 10 || followed["unknown-contact"] < 40 {
		t.Errorf("followed %v, want more", followed)
	}
}
