package site_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
)

var tags = regexp.MustCompile(`<[^>]*>`)

// The page of promises has what is open with everybody, by person, due first.
func TestPromises(t *testing.T) {
	fsys := notes( // on 23 November 2026
		"contacts/ask.md", "- [?] how is the knee\n",
		"contacts/late.md", "- [ ] the map due 2026-12-01\n- [ ] the key due 2026-11-20\n- [?] who won\n",
		"contacts/soon.md", "- [ ] the sheet due 2026-11-24\n- [x] the stamp due 2026-11-20\n",
		"contacts/some.md", "---\nphone: 01423 000 118\n---\n- [ ] a sketch\n",
		"contacts/none.md", "- [x] all done\n",
		"contacts/dead.md", "---\nstatus: memorial\n---\n- [ ] her letters\n",
		"journal/day.md", "- [ ] the photographs for [[Soon]] and [[Ask]] due 2026-12-05\n",
	)
	s := site.New(due.New(journal.Read(fsys), date(t, "2026-11-23")), theme(t, nil), false)
	want := []string{
		"# Ready now",
		"Late the key for 20 November the map for 1 December who won Draft",
		"# With a date",
		"Soon the sheet for 24 November the photographs for Soon and Ask for 5 December Draft",
		"Ask the photographs for Soon and Ask for 5 December how is the knee Draft",
		"# Whenever it suits",
		"Some a sketch Call",
	}
	_, text, _ := strings.Cut(render(t, s, "promises.html"), `<div class="open">`)
	text, _, _ = strings.Cut(text, "</main>")
	text = strings.NewReplacer("<h2", "¶# <h2", "<li data-contact", "¶<li data-contact").Replace(text)
	var got []string
	for line := range strings.SplitSeq(tags.ReplaceAllString(text, " "), "¶") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			got = append(got, line)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
