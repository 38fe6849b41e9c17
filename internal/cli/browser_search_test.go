//go:build browser

package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/note"
)

func TestBrowserSearch(t *testing.T) {
	b := startBrowser(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, browser)
	}{
		{"finds", testSearchFinds},
		{"keyboard", testSearchKeyboard},
		{"live", testSearchLive},
		{"months", testSearchMonths},
		{"sound", testSearchSound},
		{"without scripts", testSearchWithoutScripts},
		{"folding", testSearchFolding},
		{"words of days", testWordsOfDays},
		{"ageing", testAgeing},
		{"keys", testKeys},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// searchWords are for expressions about what was found.
const searchWords = `(() => {
	const panel = document.querySelector(".found");
	return panel && !panel.hidden ? [...panel.querySelectorAll("[role=option]")].map((o) =>
		o.parentNode.getAttribute("aria-label") + ": " + o.innerText.replace(/\s+/g, " ")).join("\n") : "";
})()`

// press presses keys as a hand does: what a key types is part of its going down,
// which a page can prevent, and not an event of its own.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.call(func(ctx context.Context, t *chromedp.Target) error {
		for _, r := range keys {
			events := kb.Encode(r)
			if len(events) == 3 {
				events[0].Text = events[1].Text
				events = []*input.DispatchKeyEventParams{events[0], events[2]}
			}
			for _, event := range events {
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// search opens the search box with its key and types.
func (p *tab) search(text string) {
	p.t.Helper()
	p.press("/")
	p.wait(`document.activeElement === document.querySelector(".search input")`)
	p.press(text)
	p.wait(`document.querySelector(".found [role=status]").textContent.includes("found")`)
}

func onDisk(journal folder) string {
	return "file://" + escaped(filepath.ToSlash(journal.dir)) + "/public/"
}

// From the disk and from the server, a search finds people by everything that is
// said of them, and the sentence in a note.
func testSearchFinds(t *testing.T, b browser) {
	journal, _ := demoJournal(t)
	s := serveJournal(t, journal.dir)
	b.open(t, s.url)
	for name, root := range map[string]string{"disk": onDisk(journal), "server": s.site} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := b.open(t, "about:blank")
			for _, test := range []struct{ typed, want string }{
				{"dario", "People: Dario Bressan"},
				{"bressan dario", "People: Dario Bressan"},
				{"Daroi", "People: Dario Bressan"},         // two letters swapped
				{"brezzan", "People: Dario Bressan"},       // two slips in a long word
				{"hanh nguyen", "People: Nguyễn Thị Hạnh"}, // without its accents
				{"سلمى", "People: سلمى خوري"},
				{"淑", "People: 李淑云"},
				{"captain hor", "also Captain Horvat"},
				{"orourke", "People: Siobhán O'Rourke"},
				{"rufus@exam", "Addresses and more: Rufus Lang"},
				{"01423000118", "Addresses and more: Rufus Lang"},
				{"shuttering ribbons", "In your notes: "}, // shutters, ribbon
				{"rijeka", "Work and place: Ana Horvat Rijeka"},
				{"puppets", "Tags and circles: #puppets"},
				{"cold-water", "Tags and circles: Cold-water swimmers"},
				{"calm weather", "Can give: Ana Horvat a place on the bridge in calm weather"},
			} {
				open.goTo(root + "journal/2025.html")
				open.search(test.typed)
				open.wait(fmt.Sprintf(`%s.includes(%q)`, searchWords, test.want))
			}

			// What was found is marked, and leads there.
			open.goTo(root + "contacts/dario-bressan.html")
			open.search("stairs choir")
			open.wait(`[...document.querySelectorAll(".found mark")].some((m) => m.textContent.toLowerCase() === "stairs")`)
			open.wait(searchWords + `.includes("In your notes: ")`)
			open.press(kb.Enter)
			open.wait(`!location.href.includes("dario-bressan") && document.readyState === "complete" && main()`)

			// A query that nothing answers says so.
			open.search("qqqxyz")
			open.wait(`document.querySelector(".found [role=status]").textContent.startsWith("Nothing found. Try fewer words")`)
			open.only(root)
			open.quiet()
		})
	}
}

// The keyboard is enough: it opens the box, goes through what was found, and
// leaves, and the focus is where it was.
func testSearchKeyboard(t *testing.T, b browser) {
	journal := smallJournal(t)
	s := serveJournal(t, journal.dir)
	open := b.open(t, s.url+"contacts.html")
	open.text(`document.querySelector('main a[href$="grace-hopper.html"]').focus() + ""`)
	open.search("friend 0")
	active := `document.getElementById(document.querySelector(".search input").getAttribute("aria-activedescendant"))?.textContent`
	open.press(kb.ArrowDown)
	open.wait(active + ` === "Friend 00"`)
	open.press(kb.ArrowDown + kb.ArrowDown + kb.ArrowUp)
	open.wait(active + ` === "Friend 01"`)
	open.press(kb.Escape)
	open.wait(`document.activeElement.href?.endsWith("grace-hopper.html") && document.querySelector(".found").hidden`)
	if !open.is(`document.querySelector(".search input").value === ""`) {
		t.Error("the box still has what was typed")
	}
	open.search("friend 07")
	open.press(kb.Enter)
	open.wait(`location.href.endsWith("friend-07.html")`)
	open.quiet()
}

// What is saved is found at once, and what was deleted is not.
func testSearchLive(t *testing.T, b browser) {
	journal := smallJournal(t)
	s := serveJournal(t, journal.dir)
	open := b.open(t, s.url+"contacts/ada-lovelace.html") // which the saves do not change
	open.search("hopper nanosecond")
	open.wait(`document.querySelector(".found [role=status]").textContent.startsWith("Nothing found. Try fewer words")`)
	journal.write(graceFile, graceAfter)
	open.wait(searchWords + `.includes("In your notes: Grace Hopper 23 November 2026 call: She sends me a nanosecond.")`)
	journal.remove(graceFile)
	open.wait(`document.querySelector(".found [role=status]").textContent.startsWith("Nothing found. Try fewer words")`)
	open.quiet("404 (Not Found)")
}

// What was found is sound on each device.
func testSearchSound(t *testing.T, b browser) {
	journal, _ := demoJournal(t)
	s := serveJournal(t, journal.dir)
	open := b.open(t, "about:blank")
	for _, look := range looks() {
		open.look(look)
		open.goTo(s.url)
		open.search("the")
		open.wait(searchWords + `.includes("In your notes: ")`)
		open.press(kb.ArrowDown)
		open.sound(look)
	}
	open.quiet()
}

// Without JavaScript there is no search box, and no empty place for one.
func testSearchWithoutScripts(t *testing.T, b browser) {
	journal := smallJournal(t)
	s := serveJournal(t, journal.dir)
	open := b.open(t, "about:blank")
	open.call(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
	open.goTo(s.url)
	if open.is(`document.querySelector("input") || document.querySelector(".search").checkVisibility()`) {
		t.Error("there is a search box that does nothing")
	}
}

// The script folds words as the index has them folded.
func testSearchFolding(t *testing.T, b browser) {
	journal := smallJournal(t)
	open := b.open(t, serveJournal(t, journal.dir).url)
	open.search("ada")
	texts := []string{
		"Ada", "ÉCLAIR", "Łódź", "Straße", "ΣΊΣΥΦΟΣ", "Nguyễn", "naïve", "Ωμέγα", "Жёлтый", "İstanbul", "ısı", "smørrebrød",
		"سَلمى", "שָׁלוֹם", "ﬁn", "Ｆｕｌｌ", "が", "서울", "李淑云", "Æsir", "œuvre", "Đặng", "हिन्दी", "ไทย",
	}
	given, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(open.text(fmt.Sprintf(`%s.map(kith.fold).join("\n")`, given)), "\n")
	for i, text := range texts {
		if want := note.Fold(text); got[i] != want {
			t.Errorf("%q folds to %q in the script, to %q in the index", text, got[i], want)
		}
	}
}

// The script says days in the words of package due.
func testWordsOfDays(t *testing.T, b browser) {
	journal := smallJournal(t)
	open := b.open(t, serveJournal(t, journal.dir).url)
	const days = 3000
	got := strings.Split(open.text(fmt.Sprintf(`Array.from({ length: %d }, (_, i) => kith.when(0, i - %d)).join("\n")`, 2*days, days)), "\n")
	today, err := civil.Parse(browserDay)
	if err != nil {
		t.Fatal(err)
	}
	for i, words := range got {
		if want := due.When(today, today.AddDays(i-days)); words != want {
			t.Errorf("%d days from today: %q in the script, %q in the pages", i-days, words, want)
		}
	}
}

// What is found on a day of a year that is too large for one page leads to the day
// on the page of its month, from anywhere.
func testSearchMonths(t *testing.T, b browser) {
	journal := folder{t, t.TempDir()}
	var year strings.Builder
	day, err := civil.Parse("2025-01-01")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1700 {
		fmt.Fprintf(&year, "- %v call with [[Bo]]: number-%d.\n", day.AddDays(i%120), i)
	}
	journal.write("content/contacts/bo.md", "---\nname: Bo\n---\n")
	journal.write("content/journal/2025.md", year.String())
	if out, err := kith("--dir", journal.dir, "build").CombinedOutput(); err != nil {
		t.Fatalf("kith build: %v\n%s", err, out)
	}
	for _, from := range []string{"contacts/bo.html", "journal/2025.html"} {
		open := b.open(t, onDisk(journal)+from)
		open.search("number-1233")
		open.wait(searchWords + `.includes("number-1233")`)
		open.press(kb.Enter)
		open.wait(`location.href.endsWith("journal/2025-02.html#2025-02-03") && document.readyState === "complete"`)
		if !open.is(`document.getElementById("2025-02-03").innerText.includes("number-1233")`) {
			t.Errorf("from %s: the day of the month does not have what was found", from)
		}
		open.quiet()
	}
}

// agedJournal builds a site today, which is not pinned, and returns its folder and
// the day.
func agedJournal(t *testing.T) (folder, civil.Date) {
	t.Helper()
	f := folder{t, t.TempDir()}
	for {
		day := localDay(t)
		ago := func(days int) string { return day.AddDays(-days).String() }
		f.write("content/contacts/ada-lovelace.md", "---\nname: Ada Lovelace\nevery: 12 weeks\nmet: "+ago(3000)+"\nbirthday: "+ago(-8)[5:]+
			"\n---\n- [ ] send the paper by "+ago(-45)+"\n\n- "+ago(40)+" > letter got: She helped.\n")
		f.write("content/contacts/charles-babbage.md", "---\nname: Charles Babbage\nevery: 3 weeks\n---\n- "+ago(20)+" call: Cogs.\n")
		f.write("content/contacts/george-boole.md", "---\nname: George Boole\nevery: 3 weeks\n---\n- "+ago(10)+" call: Or else.\n")
		f.write("content/contacts/mary-somerville.md", "---\nname: Mary Somerville\nevery: 6 weeks\n---\n- "+ago(60)+" call: Seas.\n")
		for _, due := range []int{0, 2, 3, 5, 6, 8, 29, 60} {
			f.write(fmt.Sprintf("content/contacts/due-%d.md", due), "---\nevery: 100 weeks\n---\n- "+ago(700+due)+" call: Hello.\n")
		}
		cmd := kith("--dir", f.dir, "build")
		cmd.Env = append(cmd.Env, "KITH_TODAY=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("kith build: %v\n%s", err, out)
		}
		if localDay(t) == day { // else it was midnight
			return f, day
		}
	}
}

func localDay(t *testing.T) civil.Date {
	t.Helper()
	day, err := civil.Parse(time.Now().Format(time.DateOnly))
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// at makes the clock of the pages that the tab opens stand at noon of a day.
func (p *tab) at(day civil.Date) {
	p.t.Helper()
	source := fmt.Sprintf(`{
		const noon = new Date(%q + "T12:00:00").getTime();
		const Real = Date;
		globalThis.Date = class extends Real {
			constructor(...given) { given.length ? super(...given) : super(noon); }
			static now() { return noon; }
		};
	}`, day.String())
	p.call(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
		return err
	})
}

// standings says for each person of a list how it stands with them, and below
// which heading.
const standings = `[...document.querySelectorAll("main .group li[data-contact]")].map((li) => [
	li.closest("section").querySelector("h2, h3").id, li.dataset.contact, li.dataset.state, li.querySelector(".when").textContent,
].join(" ")).join("\n")`

// A page that was built some days ago reads as one built today, where it says days,
// and says how old it is if that is more than a day.
func testAgeing(t *testing.T, b browser) {
	journal, day := agedJournal(t)
	for _, days := range []int{0, 1, 5, 100, -1} {
		t.Run(fmt.Sprint(days), func(t *testing.T) {
			t.Parallel()
			now := day.AddDays(days)
			fresh := folder{t, t.TempDir()}
			if out, err := kith("--dir", journal.dir, "--today", now.String(), "build", "--out", filepath.Join(fresh.dir, "public")).CombinedOutput(); err != nil {
				t.Fatalf("kith build: %v\n%s", err, out)
			}
			open := b.open(t, "about:blank")
			open.at(now)
			both := func(name, expression string) (aged, made string) {
				open.goTo(onDisk(journal) + name)
				aged = open.text(expression)
				open.goTo(onDisk(fresh) + name)
				return aged, open.text(expression)
			}
			if days < 40 {
				const story = `said("main article")`
				if aged, made := both("contacts/ada-lovelace.html", story); aged != made {
					t.Errorf("her page says\n%s\nbuilt on the day it says\n%s", aged, made)
				}
				const mary = `said('[data-contact="mary-somerville"]')`
				if aged, made := both("due.html", mary); aged != made {
					t.Errorf("the list says %q, built on the day it says %q", aged, made)
				}
				const birthday = `said('[data-contact="ada-lovelace"]')`
				if aged, made := both("dates.html", birthday); aged != made {
					t.Errorf("the page of dates says %q, built on the day it says %q", aged, made)
				}
			}
			// On the first page people stand where they would, whoever has a card there.
			open.goTo(onDisk(journal) + "index.html")
			places, last := []string{"seasons", "months", "weeks", "days", "today"}, 0
			for line := range strings.Lines(open.text(standings)) {
				var place, state string
				var since int
				if _, err := fmt.Sscanf(line, "%s due-%d %s", &place, &since, &state); err != nil || since+days < 0 {
					continue
				}
				want := 0
				for _, long := range []int{90, 30, 7, 1} {
					if since+days < long {
						want++
					}
				}
				said := "for " + due.Span(since+days)
				if since+days == 0 {
					said = "today"
				}
				if at := slices.Index(places, place); at != want || at < last || !strings.HasSuffix(strings.TrimSpace(line), " "+said) {
					t.Errorf("the first page says %q of somebody who has been due for %d days", line, since+days)
				} else {
					last = at
				}
			}
			sorted := `(` + standings + `).split("\n").sort().join("\n")`
			if aged, made := both("due.html", sorted); aged != made {
				t.Errorf("the list says\n%s\nbuilt on the day it says\n%s", aged, made)
			}
			open.goTo(onDisk(journal) + "contacts/charles-babbage.html")
			if due := day.AddDays(1); days > 1 && !open.is(fmt.Sprintf(`main().includes("Ready to reconnect since " + kith.inWords(%q))`, due.String())) {
				t.Errorf("his page says %s", open.text(`main()`))
			}
			says := open.text(`document.querySelector(".stale")?.textContent ?? ""`)
			if want := days > 1; (says != "") != want || want && !strings.Contains(says, due.Span(days)+" old") {
				t.Errorf("after %d days the page says %q of its age", days, says)
			}
			// One that is pinned to its day stays as it is.
			open.at(now.AddDays(9))
			const page = `main() + document.querySelector(".colophon").textContent`
			open.goTo(onDisk(fresh) + "due.html")
			pinned := open.text(page)
			open.at(now)
			open.goTo(onDisk(fresh) + "due.html")
			if text := open.text(page); text != pinned || !strings.Contains(text, "A demo day") {
				t.Errorf("pinned to its day, the page says\n%s\nlater it says\n%s", text, pinned)
			}
			open.quiet()
		})
	}
	t.Run("served", func(t *testing.T) {
		cmd := kith("serve", "--dir", journal.dir, "--addr", "127.0.0.1:0")
		cmd.Env = append(cmd.Env, "KITH_TODAY=")
		s := start(t, cmd)
		open := b.open(t, "about:blank")
		open.at(day.AddDays(5))
		open.goTo(s.url)
		if open.is(`document.querySelector(".stale")`) {
			t.Error("a page that is served says that it is old")
		}
	})
}

// j and k go through what a page lists, Enter opens it, and ? tells the keys.
func testKeys(t *testing.T, b browser) {
	journal := smallJournal(t)
	open := b.open(t, serveJournal(t, journal.dir).url+"contacts.html")
	on := func(name string) string { return fmt.Sprintf(`document.activeElement.textContent === %q`, name) }
	open.press("j")
	open.wait(on("Ada Lovelace"))
	open.press("jj")
	open.wait(on("Friend 01"))
	open.press("k")
	open.wait(on("Friend 00"))
	open.press("?")
	open.wait(`document.querySelector("dialog[open]")?.textContent.includes("search")`)
	open.press("j") // does nothing here
	for _, look := range looks() {
		open.look(look)
		open.sound(look)
	}
	open.press(kb.Escape)
	open.wait(`!document.querySelector("dialog")`)
	open.wait(on("Friend 00"))
	open.press(kb.Enter)
	open.wait(`location.href.endsWith("friend-00.html") && document.readyState === "complete"`)
	open.press("/j?k")
	open.wait(`document.querySelector(".search input").value === "j?k"`)
	open.quiet()
}
