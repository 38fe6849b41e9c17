package site_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
)

func TestGiveAndTake(t *testing.T) {
	s := newSite(t, fstest.MapFS{ // on 23 November 2026
		"content/contacts/thanked.md": {Data: []byte("- 2026-11-01 call got: Her ladder.\n- 2026-11-10 > card thanked\n- 2026-11-12 call: x\n")},
		"content/contacts/owed.md":    {Data: []byte("- 2026-11-02 call got: His saw.\n")},
		"content/contacts/tell.md":    {Data: []byte("- 2026-10-01 call got thanked #mint: A word with the head of it.\n")},
		"content/contacts/quiet.md":   {Data: []byte("- 2026-01-01 call got thanked: A bed for the night.\n")},
		"content/contacts/given.md":   {Data: []byte("- 2026-03-01 > email gave: A map.\n- 2026-05-01 call offered\n")},
		"content/contacts/need.md":    {Data: []byte("- 2026-03-01 call asked: x\n- 2026-04-01 call asked: y\n- 2026-02-01 call asked: y\n")},
		"content/contacts/rest.md":    {Data: []byte("---\nstatus: paused\n---\n- 2025-11-01 call got: A chair.\n- 2026-06-01 call: x\n")},
		"content/contacts/gone.md":    {Data: []byte("---\nstatus: archived\n---\n- 2026-11-02 call got: x\n")},
		"content/contacts/plain.md":   {Data: []byte("- 2026-11-02 call: x\n")},
		"content/contacts/ahead.md":   {Data: []byte("- 2026-12-02 call gave: x\n")},
		"content/journal/2026.md":     {Data: []byte("- 2026-11-20 news #mint: I start there.\n")},
	})
	text := strings.ReplaceAll(render(t, s, "give-and-take.html"), "<h2>", "<h2 >")
	want := []string{
		"# Thanks still to say",
		"Owed 3 weeks ago His saw.",
		"# They have not heard how it turned out",
		"Quiet 11 months ago A bed for the night. Might wonder how it turned out",
		"Tell 7 weeks ago A word with the head of it. Helped with mint. Tell them: &quot;I start there.&quot;",
		"# Who helped you",
		"Thanked 3 weeks ago Her ladder. You thanked them 13 days ago",
		"Rest 13 months ago A chair. In touch since, 6 months ago",
		"# Whom you helped",
		"Given 7 months ago call",
		"# Write for no reason",
		"Need 8 months ago",
	}
	if diff := cmp.Diff(want, said(text)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// An introduction says what both wrote, and gives a letter to both where there is
// an address of each.
func TestIntroductionsYouCouldMake(t *testing.T) {
	s := newSite(t, fstest.MapFS{
		"content/contacts/ada.md": {Data: []byte("---\nname: Ada & Co\nemail: [ada@example.org, other@example.org]\nneeds: [a publisher, ink]\n---\n")},
		"content/contacts/bo.md":  {Data: []byte("---\nemail: 'bo+mail@example.org'\noffers: [publishing]\n---\n")},
		"content/contacts/cy.md":  {Data: []byte("---\noffers: [ink]\n---\n")},
	})
	text := render(t, s, "give-and-take.html")
	for _, want := range []string{
		`Ada &amp; Co</a></span> is looking for <q dir="auto">a publisher</q>; <span data-contact="bo"><a class="person" href="contacts/bo.html" dir="auto">Bo</a></span> can give <q dir="auto">publishing</q>. <span class="when"><a href="mailto:ada@example.org,bo&#43;mail@example.org?subject=Ada%20%26%20Co%2C%20meet%20Bo">Write to both</a>`,
		`can give <q dir="auto">ink</q>.</p></li>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if n := strings.Count(text, "is looking for"); n != 2 {
		t.Errorf("%d introductions", n)
	}
}

// The card of somebody who looks for something says who else could give it, of
// those whom they do not know.
func TestCardsSayWhoElseCanGive(t *testing.T) {
	s := newSite(t, fstest.MapFS{ // on 23 November 2026
		"content/contacts/ada.md": {Data: []byte("---\nevery: 1 week\nneeds: [a publisher, ink & paper, tea]\n---\nKnows [[Di]].\n")},
		"content/contacts/bo.md":  {Data: []byte("---\noffers: [publishing]\n---\n")},
		"content/contacts/cy.md":  {Data: []byte("---\noffers: [ink, paper & ink]\n---\n")},
		"content/contacts/di.md":  {Data: []byte("---\noffers: [tea]\n---\n")},
	})
	text := render(t, s, "index.html")
	for _, want := range []string{
		`ink &amp; paper <span class="when"><a class="person" href="contacts/cy.html" dir="auto">Cy</a> can give <q dir="auto">paper &amp; ink</q></span></li>`,
		`<li dir="auto">tea</li>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

// However many there are, the page stays of a size that a browser likes.
func TestGiveAndTakeIsLimited(t *testing.T) {
	fsys := fstest.MapFS{}
	for i := range 250 {
		fsys[fmt.Sprintf("content/contacts/p%d.md", i)] = &fstest.MapFile{Data: []byte("---\nneeds: [ink]\noffers: [ink]\n---\n- 2026-11-02 call got gave: x\n")}
	}
	text := render(t, newSite(t, fsys), "give-and-take.html")
	if n := strings.Count(text, "<li "); n > 310 {
		t.Errorf("%d items are listed", n)
	}
	if n := strings.Count(text, "and 150 more, each on their own page"); n != 2 {
		t.Errorf("%d lists say how many more there are", n)
	}
	if n := strings.Count(text, "is looking for"); n != 30 {
		t.Errorf("%d introductions", n)
	}
}

func TestNoGiveAndTake(t *testing.T) {
	text := render(t, newSite(t, fstest.MapFS{"content/contacts/ada.md": {Data: []byte("- 2026-11-02 call: x\n")}}), "give-and-take.html")
	if !strings.Contains(text, "No help is written down yet") || strings.Contains(text, "<section") {
		t.Error(text)
	}
}

// After a save that changes one thing, the page is that of a fresh site.
func TestGiveAndTakeAfterASave(t *testing.T) {
	const ada, bo = "content/contacts/ada.md", "content/contacts/bo.md"
	files := map[string]string{
		ada:                       "---\nname: Ada\n---\n- 2026-10-01 call got #mint: Her [[bo]].\n- 2026-09-01 > card thanked\n- 2026-08-01 > email gave: A map.\n- 2026-07-01 > email asked: x\n",
		bo:                        "---\nname: Bo\n---\n- 2026-03-01 call asked: x\n- 2026-04-01 call asked: y\n",
		"content/contacts/cy.md":  "- 2026-11-01 call got: A chair.\n- 2026-11-10 > card thanked\n- 2026-11-12 call: x\n",
		"content/contacts/dan.md": "- 2026-01-01 call got thanked: A bed.\n",
		"content/contacts/eve.md": "---\nstatus: paused\n---\n- 2026-01-01 call got: A bed.\n- 2026-06-01 call: x\n",
		"content/journal/2026.md": "- 2026-11-20 news #mint: I start there.\n",
	}
	theme, today := theme(t, nil), date(t, "2026-11-23")
	for _, c := range []struct{ file, old, is string }{
		{ada, "name: Ada", "name: Lady Ada"},
		{bo, "name: Bo", "name: Bob"}, // in a line of hers
		{ada, "got #mint: Her", "got #mint: His"},
		{ada, "A map", "A card"},
		{ada, "2026-08-01", "2026-08-02"},
		{ada, "2026-10-01", "2026-10-02"},
		{bo, "2026-04-01", "2026-04-02"},
		{bo, "call asked: x", "call: x"},
		{"content/contacts/cy.md", "2026-11-10", "2026-11-11"},
		{"content/contacts/dan.md", "2026-01-01 call got thanked", "2026-01-01 < letter got"},
		{"content/contacts/dan.md", "got thanked: A bed", "got: A bed"},
		{"content/contacts/eve.md", "2026-06-01", "2026-06-02"},
		{"content/journal/2026.md", "#mint", "#tea"},
	} {
		fsys := fstest.MapFS{}
		for p, text := range files {
			fsys[p] = &fstest.MapFile{Data: []byte(text)}
		}
		s := site.New(due.New(journal.Read(fsys), today), theme, false)
		changed := strings.Replace(files[c.file], c.old, c.is, 1)
		if changed == files[c.file] {
			t.Fatalf("no %q", c.old)
		}
		fsys[c.file] = &fstest.MapFile{Data: []byte(changed)}
		next := saved(s, fsys, c.file)
		fresh := site.New(due.New(journal.Read(fsys), today), theme, false)
		if render(t, fresh, "give-and-take.html") == render(t, s, "give-and-take.html") {
			t.Errorf("%q for %q changes nothing", c.is, c.old)
		}
		if render(t, next, "give-and-take.html") != render(t, fresh, "give-and-take.html") {
			t.Errorf("%q for %q: the page is stale", c.is, c.old)
		}
	}
}
