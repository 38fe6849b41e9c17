package site_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
)

// notes is a journal of notes by their paths below content/.
func notes(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i]
		if name != "kith.toml" {
			name = "content/" + name
		}
		fsys[name] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// section returns a page's text from a heading on, up to the next section.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "<h2>"+heading+"</h2>")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "</section>")
	return rest
}

var whoIsListed = regexp.MustCompile(`data-contact="([^"]*)"`)

// contactsIn returns whom a text lists.
func contactsIn(text string) string {
	var slugs []string
	for _, m := range whoIsListed.FindAllStringSubmatch(text, -1) {
		slugs = append(slugs, m[1])
	}
	return strings.Join(slugs, " ")
}

// A circle's page tells who is drifting from who is not, those first with whom it
// has been too long by most.
func TestCircle(t *testing.T) {
	const front = "---\ncircles: [poets]\nevery: %s\nstatus: %s\n---\n- %s call: x\n"
	fsys := notes(
		"contacts/ann.md", fmt.Sprintf(front, "1 week", "active", "2026-11-20"),
		"contacts/ben.md", fmt.Sprintf(front, "1 month", "active", "2026-10-01"),
		"contacts/cat.md", fmt.Sprintf(front, "1 week", "active", "2026-10-01"),
		"contacts/dan.md", fmt.Sprintf(front, "1 week", "paused", "2026-10-01"),
		"contacts/eve.md", fmt.Sprintf(front, "1 week", "active", "2026-11-16"),
		"contacts/fay.md", fmt.Sprintf(front, "never", "active", "2020-10-01"),
		"circles/empty.md", "Nobody.\n",
	)
	s := newSite(t, fsys)
	text := render(t, s, "circles/poets.html")
	if got := contactsIn(section(t, text, "It has been a while")); got != "cat ben" {
		t.Errorf("drifting are %q", got)
	}
	if got := contactsIn(section(t, text, "And the others")); got != "ann dan eve fay" {
		t.Errorf("the others are %q", got)
	}
	if want := "You are in touch with 2 of 4; the others would be glad of a line."; !strings.Contains(text, want) {
		t.Errorf("the page does not say: %s", want)
	}
	for _, gone := range []string{"content/contacts/ben.md", "content/contacts/cat.md"} {
		delete(fsys, gone)
	}
	text = render(t, newSite(t, fsys), "circles/poets.html")
	if section(t, text, "It has been a while") != "" || contactsIn(section(t, text, "Everybody")) != "ann dan eve fay" || !strings.Contains(text, "You are in touch with everybody here.") {
		t.Error("the page of a circle in touch speaks of drifting")
	}
	text = render(t, newSite(t, notes("contacts/new.md", "---\ncircles: [poets]\nevery: 1 week\n---\n")), "circles/poets.html")
	if strings.Contains(text, "in touch") || contactsIn(section(t, text, "Everybody")) != "new" {
		t.Error("the page of a circle speaks of being in touch with somebody who was never written to")
	}
	if text := render(t, s, "circles/empty.html"); !strings.Contains(text, "Nobody is in this circle yet") {
		t.Error("an empty circle's page does not say so")
	}
}

func TestHeatMap(t *testing.T) {
	fsys := notes("contacts/ada.md", "- 2024-01-01 call: x\n- 2024-02-29 call: x\n- 2024-02-29 > email: x\n- 2024-02-29 < email: x\n- 2024-03-02 note: x\n- 2024-12-31 > text: x\n"+
		"- 2026-11-23 call: x\n- 2026-11-24 call: to come\n")
	text := render(t, newSite(t, fsys), "journal/2024.html")
	var titles []string
	for _, m := range regexp.MustCompile(`<path opacity="([^"]*)" d="M(\d+) (\d+)[^>]*><title>([^<]*)`).FindAllStringSubmatch(text, -1) {
		titles = append(titles, fmt.Sprintf("%s %s,%s %s", m[1], m[2], m[3], m[4]))
	}
	// 1 January 2024 was a Monday, the first square; 29 February a Thursday, in the
	// ninth week; 31 December, seven months before which is a Monday, 1 July, a
	// Tuesday in the 27th.
	want := []string{".28 16,14 1 touch on 1 January", ".76 112,50 3 touches on 29 February", ".28 328,26 1 touch on 31 December"}
	if !slices.Equal(titles, want) {
		t.Errorf("the days are %q, want %q", titles, want)
	}
	for _, want := range []string{
		"In touch 5 times on 3 days, most in February.",
		`role="img" aria-label="Touches in 2024: January 1, February 3, March 0, April 0, May 0, June 0"`,
		`aria-label="Touches in 2024: July 0, August 0, September 0, October 0, November 0, December 1"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page of 2024 has no %s", want)
		}
	}
	if text := render(t, newSite(t, fsys), "journal.html"); !strings.Contains(text, "In touch once on 1 day in November.") {
		t.Error("the journal's first page has no map of this year, or one with the day to come")
	}
	fsys["kith.toml"] = &fstest.MapFile{Data: []byte(`week_starts = "sunday"`)}
	if text := render(t, newSite(t, fsys), "journal/2024.html"); !strings.Contains(text, `<path opacity=".28" d="M16 26h10v10h-10z"><title>1 touch on 1 January`) {
		t.Error("a week that starts on Sunday has its Monday elsewhere than below it")
	}
	if text := render(t, newSite(t, notes("contacts/ada.md", "- 2024-01-01 note: x\n")), "journal/2024.html"); strings.Contains(text, "<svg") {
		t.Error("there is a map of a year without a touch")
	}
}

// Every day of every year has its square, whatever day the week starts with.
func TestHeatMapHasEveryDay(t *testing.T) {
	for year := 2000; year < 2028; year++ {
		var lines strings.Builder
		first := date(t, fmt.Sprintf("%d-01-01", year))
		days := 0
		for d := first; d.Year() == year; d = d.AddDays(1) {
			fmt.Fprintf(&lines, "- %s call: x\n", d)
			days++
		}
		week := []string{"monday", "sunday", "saturday", "wednesday"}[year%4]
		view := due.New(journal.Read(notes("contacts/ada.md", lines.String(), "kith.toml", fmt.Sprintf("week_starts = %q\n", week))), date(t, "2030-01-01"))
		text := render(t, site.New(view, theme(t, nil), true), fmt.Sprintf("journal/%d.html", year))
		halves := strings.SplitAfter(text, "</svg>")[:2]
		seen := map[string]bool{}
		for half, svg := range halves {
			for _, m := range regexp.MustCompile(`d="M(\d+) (\d+)h10v10h-10z"><title>`).FindAllStringSubmatch(svg, -1) {
				var x, y int
				fmt.Sscan(m[1], &x)
				fmt.Sscan(m[2], &y)
				if x+10 > 352 || y+10 > 98 {
					t.Errorf("%d: a square is outside, at %d, %d", year, x, y)
				}
				seen[fmt.Sprint(half, m[1:])] = true
			}
		}
		if len(seen) != days {
			t.Errorf("%d has %d squares for %d days", year, len(seen), days)
		}
	}
}

func TestInsights(t *testing.T) {
	fsys := notes(
		"contacts/ada.md", "---\nevery: 1 week\ncircles: [poets, engines]\nadded: 2024-01-01\n---\n- 2026-11-20 call: x\n- 2026-10-01 < letter: x\n- 2026-10-02 > letter: x\n",
		"contacts/bo.md", "---\nname: Bo & Co\nevery: 1 week\ncircles: [poets]\nadded: 2026-02-01\n---\n- 2026-05-01 call: x\n",
		"contacts/cy.md", "- 2025-05-01 call: x\n",
	)
	text := render(t, newSite(t, fsys), "insights.html")
	for _, want := range []string{
		"You were in touch 5 times in two years, 1 of them a letter or message that came to you. The liveliest month was October 2026, with 2.",
		"<title>October 2026: 0 talks, 1 from you, 1 from them</title>",
		"Your rhythms ask for 2 people a week, and in the last 90 days you were in touch with 0.2. Longer rhythms for some would ask less. A year ago it was 0.",
		"In 1 of your 2 circles you are in touch with everybody within their rhythm.",
		"It has been quiet with Cy for longest: 19 months.",
		`<tr><th scope="row">October 2026</th><td>0</td><td>1</td><td>1</td><td>2</td><td>0.1</td></tr>`,
		`<tr><th scope="row">January 2026</th><td>0</td><td>0</td><td>0</td><td>1</td><td>0</td></tr>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say: %s", want)
		}
	}
	if got := contactsIn(section(t, text, "The longest silences")); got != "cy bo" {
		t.Errorf("the silences are those of %q", got)
	}
	for _, picture := range regexp.MustCompile(`<svg[^>]*>`).FindAllString(text, -1) {
		if !strings.Contains(picture, `role="img" aria-label="`) && !strings.Contains(picture, `aria-hidden="true"`) {
			t.Errorf("no text for %s", picture)
		}
	}
	text = render(t, newSite(t, notes("contacts/ada.md", "---\nevery: 1 week\n---\n- 2026-11-01 call: x\n")), "insights.html")
	for _, want := range []string{"You were in touch once in two years, none of them a letter or message that came to you.", "Your rhythms ask for 1 person a week, and"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say: %s", want)
		}
	}
	if text := render(t, newSite(t, fstest.MapFS{}), "insights.html"); strings.Contains(text, "<svg") || !strings.Contains(text, "nothing to look back on yet") {
		t.Error("an empty journal has pictures")
	}
}

// A note that is saved changes the network only if who is tied to whom, or what
// they are called, is not as it was.
func TestNetworkStaysTheSame(t *testing.T) {
	fsys := small()
	s := newSite(t, fsys)
	const ada, daily = "content/contacts/ada-lovelace.md", "content/journal/2026-11-20.md"
	for _, step := range []struct {
		file, old, new string
		changes        bool
	}{
		{ada, "## Log\n", "## Log\n\n- 2026-11-22 > text: Good night.\n", false},
		{ada, "## Log\n", "## Log\n\n- 2026-11-21 tea with [[Charles Babbage]]: Again.\n", false},
		{ada, "every: 6 weeks", "every: 1 week", false},
		{daily, "Fog, seen", "Sun, seen", false},
		{ada, "## Log\n", "## Log\n\n- 2026-11-21 tea with [[Old Friend]]: New.\n", true},
		{ada, "name: Ada Lovelace", "name: Ada King\naliases: [Ada Lovelace]", true},
		{ada, "circles: [mentors]", "circles: [engines]", true},
		{ada, `via: "[[Charles Babbage]]"`, "", true},
		{daily, " and [[Charles Babbage]]", " and [[سلمى خوري]]", true},
	} {
		text := string(fsys[step.file].Data)
		if !strings.Contains(text, step.old) {
			t.Fatalf("%s has no %s", step.file, step.old)
		}
		fsys[step.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, step.old, step.new, 1))}
		next := saved(s, fsys, step.file)
		was, _ := s.File("network.html")
		is, _ := next.File("network.html")
		if (was.Inputs != is.Inputs) != step.changes {
			t.Errorf("%q for %q: the network changes: %v", step.new, step.old, !step.changes)
		}
		s = next
	}
}

func TestNetwork(t *testing.T) {
	guests := ""
	fsys := notes(
		"contacts/ada.md", "---\nname: Ada\nvia: [[[Bo]], [[Nobody]], [[Ada]]]\n---\nKnows [[Cy]] and [[Bo]].\n\n- 2026-01-01 tea with [[Dora]] and [[Eve]]: x\n",
		"contacts/bo.md", "---\nname: Bo\n---\n",
		"contacts/cy.md", "---\nname: Cy\nvia: \"[[Bo]]\"\n---\n",
		"contacts/dora.md", "---\nname: Dora\n---\n",
		"contacts/eve.md", "---\nname: Eve\n---\n",
		"contacts/fay.md", "---\nname: Fay\n---\n",
		"journal/log.md", "[[Fay]] and [[Cy]] are in no entry.\n\n- 2026-01-02 tea with [[Cy]]: about [[Dora]]\n",
	)
	text := render(t, newSite(t, fsys), "network.html")
	list := func(heading string) string {
		var lines []string
		for _, item := range strings.Split(section(t, text, heading), "<li")[1:] {
			lines = append(lines, strings.TrimSpace(regexp.MustCompile(`<[^>]*>|^[^>]*>`).ReplaceAllString(item, "")))
		}
		return strings.Join(lines, "; ")
	}
	if got, want := list("Who introduced whom"), "Bo 2 Ada and Cy"; got != want {
		t.Errorf("introduced: %s, want %s", got, want)
	}
	if got, want := list("Who is mentioned with whom"), "Ada 3 Cy, Dora and Eve; Cy 1 Dora; Dora 1 Eve"; got != want {
		t.Errorf("together: %s, want %s", got, want)
	}
	if n := strings.Count(text, "<circle"); n != 5 {
		t.Errorf("%d people are drawn, not 5", n)
	}
	if want := "5 people who know one another. 2 came to you through another; Bo opened the most doors: 2."; !strings.Contains(text, want) {
		t.Errorf("the page does not say: %s", want)
	}

	// A crowd ties nobody to anybody, but for the one whose note it is in.
	for i := range 20 {
		fsys[fmt.Sprintf("content/contacts/g%d.md", i)] = &fstest.MapFile{}
		guests += fmt.Sprintf(" [[g%d]]", i)
	}
	fsys["content/journal/party.md"] = &fstest.MapFile{Data: []byte("- 2026-02-01 party with" + guests + ": x\n")}
	if n := strings.Count(render(t, newSite(t, fsys), "network.html"), "<circle"); n != 5 {
		t.Errorf("with a party in the journal %d people are drawn", n)
	}
	fsys["content/contacts/fay.md"] = fsys["content/journal/party.md"]
	if n := strings.Count(render(t, newSite(t, fsys), "network.html"), "<circle"); n != 26 {
		t.Errorf("with the party in a note %d people are drawn", n)
	}

	if text := render(t, newSite(t, notes("contacts/ada.md", "Alone.\n")), "network.html"); strings.Contains(text, "<svg") || !strings.Contains(text, "Nobody here knows anybody else yet") {
		t.Error("there is a drawing of nobody")
	}
}

// More people than can be drawn are drawn by circle, and their lists end.
func TestNetworkByCircle(t *testing.T) {
	fsys := fstest.MapFS{}
	put := func(i int, circles, via string) {
		fsys[fmt.Sprintf("content/contacts/p%04d.md", i)] = &fstest.MapFile{Data: []byte(fmt.Sprintf("---\ncircles: [%s]\nvia: \"[[%s]]\"\n---\n", circles, via))}
	}
	for i := range 900 {
		via := fmt.Sprintf("p%04d", i/2)
		if i == 0 {
			via = ""
		}
		put(i, []string{"poets", "engines", "poets, tea"}[i%3], via)
	}
	text := render(t, newSite(t, fsys), "network.html")
	for _, want := range []string{
		"900 people know one another, too many to draw one by one: each dot is a circle.", `href="circles/poets.html"`, "<title>poets: 600 people</title>",
		"<title>engines: 300 people</title>", "And 50 more, on the pages of the people.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if n := strings.Count(text, "<circle"); n != 3 {
		t.Errorf("%d circles are drawn", n)
	}
	if len(text) > 300_000 {
		t.Errorf("the page has %d bytes", len(text))
	}
	for i := range 900 {
		put(i, "", "p0000")
	}
	text = render(t, newSite(t, fsys), "network.html")
	if strings.Contains(text, "<svg") || !strings.Contains(text, "Put them into circles") {
		t.Error("without circles there is a drawing, or no word of it")
	}
	if !strings.Contains(text, "and 887 more") {
		t.Error("a line names everybody")
	}
}
