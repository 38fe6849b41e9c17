package site_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
)

// The page of a year begins with what it was like.
func TestYearLooksBack(t *testing.T) {
	fsys := notes( // on 23 November 2026
		"contacts/ann.md", "- 2026-02-01 email from her: Hello.\n- 2026-03-01 call got: A bed for a week.\n- 2026-03-02 letter thanked: For it.\n- 2026-12-01 tea: planned\n- 2025-01-01 tea\n- [x] the key due 2026-05-01\n- [x] the lock due 2025-05-01\n",
		"contacts/bob.md", "- 2026-01-05 tea with [[Ann|her]] gave: A map.\n- [x] no date\n",
		"journal/moving.md", "- 2026-08-01 visit [[Ann]], [[Bob]] got: Carried boxes.\n",
	)
	s := site.New(due.New(journal.Read(fsys), date(t, "2026-11-23")), theme(t, nil), false)
	want := []string{
		"# You were in touch with", "Bob and Ann",
		"# You heard from", "Ann",
		"# Who stood by you", "Ann : A bed for a week. 1 Mar", "Ann and Bob : Carried boxes. 1 Aug",
		"# You said thanks to", "Ann",
		"# What you gave", "Bob : A map. 5 Jan",
		"# Promises you kept", "Ann : the key",
	}
	_, text, _ := strings.Cut(render(t, s, "journal/2026.html"), `<section class="review">`)
	text, _, _ = strings.Cut(text, `<section class="month">`)
	text = strings.NewReplacer("<h2>Looking back</h2>", "", "<h3>", "¶# <h3>", "<li", "¶<li").Replace(text)
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
