//go:build browser

package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserStays holds what a save must leave alone on an open page: whom a row is
// about, what is read, what was opened, and every tab's news.
func TestBrowserStays(t *testing.T) {
	b := startBrowser(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, browser)
	}{
		{"nobody is mixed with another", testNobodyIsMixed},
		{"what is read stays where it is", testReadingStays},
		{"more stays shown", testMoreStays},
		{"the keys go on after Back", testKeysAfterBack},
		{"the tenth tab hears of a save", testManyTabs},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// friends writes people whom the first page has as cards, by how long ago the talk was.
func friends(f folder, count int) {
	for i := range count {
		f.write(fmt.Sprintf("content/contacts/friend-%02d.md", i), friend(i, fmt.Sprintf("2026-0%d-%02d", 1+i/28, 1+i%28)))
	}
}

func friend(i int, last string) string {
	return fmt.Sprintf("---\nname: Friend %02d\nevery: 1 week\nemail: friend-%02d@example.org\nneeds: [need of %02d]\n---\n- [?] question of %02d\n\n- %s call: Hello from %02d.\n",
		i, i, i, i, last, i)
}

// What stands for one person never shows another's name, address or question,
// whatever has the focus while the first of them leaves the page.
func testNobodyIsMixed(t *testing.T, b browser) {
	// pure says whether everything in an element with data-contact is about that one.
	const pure = `[...document.querySelectorAll("main [data-contact^='friend-']")].every((e) => {
		const own = e.dataset.contact.slice(-2);
		return [...(e.textContent + " " + [...e.querySelectorAll("a")].map((a) => a.href).join(" ")).matchAll(/(?:[Ff]riend[- ]|of |from )(\d\d)/g)].every((m) => m[1] === own);
	})`
	for _, focus := range []string{
		`[data-contact="friend-00"] a[href*="friend-00.html"]`,
		`[data-contact="friend-00"] a[href^="mailto:"]`,
		`[data-contact="friend-03"] a`,
	} {
		journal := folder{t, t.TempDir()}
		friends(journal, 40)
		s := serveJournal(t, journal.dir)
		open := b.open(t, s.url)
		if !open.is(pure) {
			t.Fatal("before the save people are mixed: the test is wrong")
		}
		open.wait(fmt.Sprintf(`document.querySelector('%s')`, focus))
		open.text(fmt.Sprintf(`document.querySelector('%s').focus() + ""`, focus))
		for i := range 3 {
			journal.write(fmt.Sprintf("content/contacts/friend-%02d.md", i), friend(i, "2026-11-22"))
			open.wait(fmt.Sprintf(`!document.querySelector('[data-contact="friend-%02d"][data-state="overdue"]')`, i))
			if !open.is(pure) {
				t.Errorf("with the focus on %s, after friend %d: people are mixed:\n%s", focus, i, open.text(`main()`))
			}
		}
		if focus := open.text(`document.activeElement.closest("[data-contact]")?.dataset.contact ?? ""`); strings.Contains(focus, "friend-03") != (focus != "") {
			t.Errorf("the focus went to %s", focus)
		}
		open.quiet()
	}
}

// A save that adds lines above what is read moves none of it, to a pixel or two.
func testReadingStays(t *testing.T, b browser) {
	journal := smallJournal(t)
	friends(journal, 60)
	s := serveJournal(t, journal.dir)
	top := func(open *tab, text string) string {
		return open.text(fmt.Sprintf(`[...document.querySelectorAll("main li")].filter((e) => e.textContent.includes(%q)).at(-1).getBoundingClientRect().top.toFixed(0)`, text))
	}
	near := func(a, b string) bool {
		var x, y int
		_, _ = fmt.Sscan(a, &x)
		_, _ = fmt.Sscan(b, &y)
		return x-y <= 2 && y-x <= 2
	}
	person := b.open(t, s.url+"contacts/grace-hopper.html")
	today := b.open(t, s.url)
	for _, c := range []struct {
		open *tab
		text string
	}{{person, "Meeting 30."}, {today, "Friend 45"}} {
		c.open.text(fmt.Sprintf(`[...document.querySelectorAll("main li")].filter((e) => e.textContent.includes(%q)).at(-1).scrollIntoView({block: "start"}) + ""`, c.text))
	}
	was, wasToday := top(person, "Meeting 30."), top(today, "Friend 45")
	journal.write(graceFile, strings.Replace(graceAfter, "Met through", strings.Repeat("A line more.\n\n", 5)+"Met through", 1))
	journal.write("content/contacts/friend-09.md", strings.Replace(friend(9, "2026-01-10"), "need of 09", "need of 09, need of 09 and need of 09", 1))
	person.wait(`main().includes("She sends me a nanosecond.")`)
	today.wait(`!document.querySelector('[data-contact="grace-hopper"][data-state="overdue"]')`)
	if is := top(person, "Meeting 30."); !near(is, was) {
		t.Errorf("on a contact's page what is read went from %s to %s", was, is)
	}
	if is := top(today, "Friend 45"); !near(is, wasToday) {
		t.Errorf("on Today what is read went from %s to %s", wasToday, is)
	}
}

// Who asked for more of a list has it after a save.
func testMoreStays(t *testing.T, b browser) {
	journal := folder{t, t.TempDir()}
	for i := range 130 {
		journal.write(fmt.Sprintf("content/contacts/friend-%03d.md", i), fmt.Sprintf("---\nname: Friend %03d\nevery: weekly\n---\n- 2026-01-01 call\n", i))
	}
	s := serveJournal(t, journal.dir)
	open := b.open(t, s.url+"contacts.html#sort=due")
	const many = `document.querySelectorAll(".hits li").length + ""`
	open.wait(`document.querySelectorAll(".hits li").length === 100`)
	open.click(".hits button")
	if got := open.text(many); got != "130" {
		t.Fatalf("with more shown there are %s rows", got)
	}
	journal.write("content/contacts/friend-005.md", "---\nname: Friend Five\nevery: weekly\n---\n- 2026-01-01 call\n")
	open.wait(`shows("Friend Five")`)
	if got := open.text(many); got != "130" {
		t.Errorf("after a save there are %s rows", got)
	}
}

// After Back, j goes on from the person whose page was read.
func testKeysAfterBack(t *testing.T, b browser) {
	journal := smallJournal(t)
	s := serveJournal(t, journal.dir)
	open := b.open(t, s.url+"due.html")
	const focused = `document.activeElement.getAttribute("href") ?? ""`
	press := func(key string) string {
		return open.text(fmt.Sprintf(`(document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: %q, bubbles: true, cancelable: true})), %s)`, key, focused))
	}
	press("j")
	second := press("j")
	third := press("j")
	if press("k") != second || second == third {
		t.Fatalf("the keys go to %s and %s", second, third)
	}
	open.click(`main a[href="` + second + `"]`)
	open.wait(`location.href.includes("/contacts/") && document.readyState === "complete"`)
	open.do(chromedp.NavigateBack())
	open.wait(`location.href.includes("/due") && document.readyState === "complete"`)
	if got := press("j"); got != third {
		t.Errorf("after Back, j goes to %s, want %s", got, third)
	}
}

// Browsers allow six connections to a server: more tabs than that all hear of a save.
func testManyTabs(t *testing.T, b browser) {
	journal := smallJournal(t)
	s := serveJournal(t, journal.dir)
	var tabs []*tab
	for range 10 {
		tabs = append(tabs, b.open(t, s.url+"contacts/grace-hopper.html"))
	}
	journal.write(graceFile, graceAfter)
	for _, open := range tabs {
		open.wait(`main().includes("She sends me a nanosecond.")`)
		open.quiet()
	}
}
