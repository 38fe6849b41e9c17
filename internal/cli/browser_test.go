//go:build browser

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// These tests look at what kith serve and kith build make through the eyes of a
// browser: a real one, and a real kith process, which is this test binary run
// again (TestMain). Nothing here waits for a time, only for what a page shows.

const (
	// browserDay is the day of the demo journal and of the small one below.
	browserDay = "2026-11-23"
	// patience is for a slow machine. Nothing should take as long.
	patience = 10 * time.Second
)

// axe looks for what keeps people from using a page.
//
//go:embed testdata/axe/axe.min.js
var axe string

func TestBrowser(t *testing.T) {
	b := startBrowser(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, browser)
	}{
		{"saves", testSaves},
		{"mistakes", testMistakes},
		{"restart", testRestart},
		{"pages", testPages},
		{"first screen", testFirstScreen},
		{"from disk", testFromDisk},
		{"without scripts", testWithoutScripts},
		{"other sites", testOtherSites},
		{"other names", testOtherNames},
		{"attachments", testAttachments},
		{"opened", testOpened},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// The small journal has a contact whose page is long and stays so while her own
// file is half written, and a list of due people that is long, too.
const (
	graceFile = "content/contacts/navy/grace-hopper.md"

	graceBefore = "---\nname: Grace Hopper\nevery: 6 weeks\n---\n" +
		"Met through [[Ada Lovelace]]. She knows [[Annie Easley]].\n\n- 2026-08-03 call: Compilers, mostly.\n"
	graceAfter = graceBefore + "- 2026-11-23 call: She sends me a nanosecond.\n"

	ada   = "---\nname: Ada Lovelace\nevery: 6 weeks\n---\n- 2026-01-01 call: Hello.\n"
	annie = "---\nname: Annie Easley\nevery: 6 weeks\n---\n- 2026-01-02 call: Batteries.\n"
)

func smallJournal(t *testing.T) folder {
	t.Helper()
	f := folder{t, t.TempDir()}
	f.write(graceFile, graceBefore)
	f.write("content/contacts/ada-lovelace.md", ada)
	for i := range 30 {
		f.write(fmt.Sprintf("content/contacts/friend-%02d.md", i),
			fmt.Sprintf("---\nname: Friend %02d\nevery: 6 weeks\n---\n- 2026-02-%02d call: Hello.\n", i, i%28+1))
	}
	meetings := "- [x] thank [[Grace Hopper]] for the clock\n\n"
	for i := range 60 {
		meetings += fmt.Sprintf("- %d-06-01 note [[Grace Hopper]]: Meeting %d.\n", 1940+i, i)
	}
	f.write("content/journal/meetings.md", meetings)
	return f
}

// Each way in which a file comes to be saved changes the pages that are open,
// in place.
func testSaves(t *testing.T, b browser) {
	const (
		told      = `main().includes("She sends me a nanosecond.")`
		notDue    = `!document.querySelector('[data-contact="grace-hopper"][data-state="overdue"]')`
		gone      = `document.querySelector("h1") && !document.querySelector("h1").textContent.includes("Grace Hopper")`
		goneToo   = `!document.querySelector('[data-contact="grace-hopper"]')`
		annieMet  = `document.querySelector('main a[href$="annie-easley.html"]')`
		annieDue  = `document.querySelector('[data-contact="annie-easley"][data-state="overdue"]')`
		moved     = `main().includes("content/contacts/fleet/grace-hopper.md")`
		stillThen = `document.querySelector('[data-contact="grace-hopper"][data-state="overdue"]')`
	)
	for _, test := range []struct {
		name          string
		save          func(f folder, open *tab) // with her page open
		contact, list string                    // what is true of the pages then
		gone          bool                      // her page is another one then
	}{
		{
			name: "in place",
			save: func(f folder, _ *tab) { f.write(graceFile, graceAfter) },
		},
		{
			name: "vim",
			save: func(f folder, _ *tab) {
				f.write("content/contacts/navy/.grace-hopper.md.swp", "b0VIM")
				f.write("content/contacts/navy/4913", "")
				f.remove("content/contacts/navy/4913")
				f.rename(graceFile, graceFile+"~")
				f.write(graceFile, graceAfter)
				f.remove(graceFile + "~")
				f.remove("content/contacts/navy/.grace-hopper.md.swp")
			},
		},
		{
			name: "VS Code and others, renaming over",
			save: func(f folder, _ *tab) {
				f.write(graceFile+".tmp", graceAfter)
				f.rename(graceFile+".tmp", graceFile)
			},
		},
		{
			name: "a temporary name that is a note's",
			save: func(f folder, _ *tab) {
				f.write("content/contacts/navy/grace-hopper-1.md", graceAfter)
				f.rename("content/contacts/navy/grace-hopper-1.md", graceFile)
			},
		},
		{
			name: "Emacs",
			save: func(f folder, _ *tab) {
				f.symlink("me@here.1234:1700000000", "content/contacts/navy/.#grace-hopper.md")
				f.write("content/contacts/navy/#grace-hopper.md#", graceAfter)
				f.rename(graceFile, graceFile+"~")
				f.write(graceFile, graceAfter)
				f.remove("content/contacts/navy/.#grace-hopper.md")
				f.remove("content/contacts/navy/#grace-hopper.md#")
			},
		},
		{
			name: "JetBrains",
			save: func(f folder, _ *tab) {
				f.write(graceFile+"___jb_tmp___", graceAfter)
				f.rename(graceFile, graceFile+"___jb_old___")
				f.rename(graceFile+"___jb_tmp___", graceFile)
				f.remove(graceFile + "___jb_old___")
			},
		},
		{
			name: "Obsidian",
			save: func(f folder, _ *tab) {
				f.write(".obsidian/workspace.json", "{}")
				f.write(graceFile, graceAfter)
				f.write(".obsidian/workspace.json", "{\"active\": 1}")
			},
		},
		{
			name: "removed and made anew",
			save: func(f folder, _ *tab) {
				f.remove(graceFile)
				f.write(graceFile, graceAfter)
			},
		},
		{
			name: "truncated and written in pieces",
			save: func(f folder, _ *tab) { // slowly, but what is there is never a note before all is
				f.pieces(graceFile, []string{"---\nname: ", "Grace", " Hopper\nevery:", strings.TrimPrefix(graceAfter, "---\nname: Grace Hopper\nevery:")}, func() {})
			},
		},
		{
			name: "seen when half written",
			save: func(f folder, open *tab) {
				half := strings.Index(graceAfter, "Hopper")
				f.pieces(graceFile, []string{graceAfter[:half], graceAfter[half:]}, func() { open.wait(`notice()`) })
				open.wait(`!notice()`)
			},
		},
		{
			name:    "a file in a new folder",
			save:    func(f folder, _ *tab) { f.write("content/contacts/nasa/computers/annie-easley.md", annie) },
			contact: annieMet, list: annieDue,
		},
		{
			name: "a folder moved in",
			save: func(f folder, _ *tab) {
				f.write("elsewhere/computers/annie-easley.md", annie)
				f.rename("elsewhere", "content/contacts/nasa")
			},
			contact: annieMet, list: annieDue,
		},
		{
			name:    "a folder renamed",
			save:    func(f folder, _ *tab) { f.rename("content/contacts/navy", "content/contacts/fleet") },
			contact: moved, list: stillThen,
		},
		{
			name:    "a folder moved out",
			save:    func(f folder, _ *tab) { f.rename("content/contacts/navy", "navy") },
			contact: gone, list: goneToo, gone: true,
		},
		{
			name:    "a folder deleted",
			save:    func(f folder, _ *tab) { f.remove("content/contacts/navy") },
			contact: gone, list: goneToo, gone: true,
		},
		{
			name:    "a file deleted",
			save:    func(f folder, _ *tab) { f.remove(graceFile) },
			contact: gone, list: goneToo, gone: true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.contact == "" {
				test.contact, test.list = told, notDue
			}
			journal := smallJournal(t)
			s := serveJournal(t, journal.dir)
			contact := b.open(t, s.url+"contacts/grace-hopper.html")
			contact.wait(`document.querySelector("main details")`)
			contact.settleIn(`main a[href$="ada-lovelace.html"]`)
			lists := []*tab{b.open(t, s.url), b.open(t, s.url+"due.html")}
			for _, list := range lists {
				list.settleIn(`[data-contact="friend-20"][data-state] a`)
			}
			if contact.is(test.contact) {
				t.Fatalf("before the save: %s", test.contact)
			}

			test.save(journal, contact)

			contact.wait(test.contact)
			for _, list := range lists {
				list.wait(test.list)
			}
			for _, open := range append(lists, contact) {
				another := test.gone && open == contact
				open.unmoved(another)
				if another {
					open.quiet("404 (Not Found)") // which Chromium tells of each
				} else {
					open.quiet()
				}
			}
			s.stop() // with the pages open
		})
	}
}

// A mistake in a file shows on the page that is open, which stays; mended, it
// goes.
func testMistakes(t *testing.T, b browser) {
	for _, test := range []struct {
		name, file, broken, mended string
		says                       []string // the notice
		stays                      string   // what the page still shows
		reload                     bool     // the page may be loaded anew
	}{
		{
			name: "a contact", file: graceFile,
			broken: "---\nname: Grace Hopper\nevery: [\n---\nStill here.\n", mended: graceAfter,
			says: []string{graceFile + ":4", "YAML"}, stays: "Meeting 17.",
		},
		{
			name: "another contact", file: "content/contacts/ada-lovelace.md",
			broken: "---\nname: Ada Lovelace\nevery: [\n---\n", mended: ada,
			says: []string{"content/contacts/ada-lovelace.md:4", "YAML"}, stays: "Compilers, mostly.",
		},
		{
			name: "the settings", file: "kith.toml",
			broken: "title = \"Mine\"\ndaily = \n", mended: "daily = 3\n",
			says: []string{"kith.toml:2"}, stays: "Compilers, mostly.",
		},
		{
			name: "a template", file: "templates/pages/contact.html",
			broken: "{{define \"main\"}}\n{{.Nothing}}\n{{end}}", mended: "{{define \"main\"}}<h1>{{.Name}}</h1>{{end}}",
			says: []string{"templates/pages/contact.html:2", "Nothing"}, stays: "Compilers, mostly.", reload: true,
		},
		{
			name: "the form of a template", file: "templates/pages/contact.html",
			broken: "{{define \"main\"}}\n{{if}}\n{{end}}", mended: "{{define \"main\"}}<h1>{{.Name}}</h1>{{end}}",
			says: []string{"templates/pages/contact.html:2", "missing value for if"}, stays: "Compilers, mostly.", reload: true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			journal := smallJournal(t)
			s := serveJournal(t, journal.dir)
			open := b.open(t, s.url+"contacts/grace-hopper.html")
			open.settleIn(`main a[href$="ada-lovelace.html"]`)

			journal.write(test.file, test.broken)
			open.wait(`notice()`)
			for _, says := range test.says {
				open.wait(fmt.Sprintf(`notice().includes(%q)`, says))
			}
			if !open.is(fmt.Sprintf(`main().includes(%q)`, test.stays)) {
				t.Errorf("with the mistake, the page no longer shows %q", test.stays)
			}
			if !test.reload {
				open.unmoved(false)
			}
			for _, look := range looks() {
				if look.width != 768 {
					open.look(look)
					open.sound(look)
				}
			}

			journal.write(test.file, test.mended)
			open.wait(`!notice() && document.querySelector("h1").textContent.includes("Grace Hopper")`)
			open.quiet()
		})
	}
}

// A page that is open outlives its server, and goes on with the next one.
func testRestart(t *testing.T, b browser) {
	journal := smallJournal(t)
	s := serveJournal(t, journal.dir)
	open := b.open(t, s.url+"contacts/grace-hopper.html")
	s.stop()
	journal.write(graceFile, graceAfter)
	at, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	next := serveJournal(t, journal.dir, "--addr", at.Host)
	b.open(t, next.url) // which has another key
	open.wait(`main().includes("She sends me a nanosecond.")`)
}

// Each page of the demo is sound on each device.
func testPages(t *testing.T, b browser) {
	journal, pages := demoJournal(t)
	s := serveJournal(t, journal.dir)
	for _, name := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := b.open(t, "about:blank")
			for _, look := range looks() {
				open.look(look)
				open.goTo(s.url + escaped(name))
				open.sound(look)
			}
			open.only(s.site)
			open.quiet()
		})
	}
}

// The site that kith build writes can be walked through without a server.
func testFromDisk(t *testing.T, b browser) {
	journal, pages := demoJournal(t)
	root := "file://" + escaped(filepath.ToSlash(journal.dir)) + "/public/"
	open := b.open(t, "about:blank")
	for _, name := range pages {
		if name == "404.html" {
			continue // stands in for pages anywhere below a host, and leads to its root
		}
		open.goTo(root + escaped(name))
		if !open.is(`main().trim() && document.styleSheets.length > 0`) {
			t.Errorf("%s shows nothing, or has no style", name)
		}
	}
	for _, walk := range []struct{ from, link, to string }{
		{"index.html", `main a[href^="contacts/"]`, "contacts/"},
		{"index.html", `nav a[href$="contacts.html"]`, "contacts.html"},
		{"contacts.html", `main a[href="` + escaped("contacts/李淑云.html") + `"]`, escaped("contacts/李淑云.html")},
		{"contacts/dario-bressan.html", `main a[href*="circles/"]`, "circles/"},
		{"journal.html", `main a[href*="contacts/"]`, "contacts/"},
		{"journal/2025.html", `.masthead a[href$="index.html"]`, "index.html"},
	} {
		open.goTo(root + escaped(walk.from))
		open.click(walk.link)
		open.wait(fmt.Sprintf(`location.href.startsWith(%q) && document.readyState === "complete" && main()`, root+walk.to))
		open.do(chromedp.NavigateBack())
		open.wait(fmt.Sprintf(`location.href === %q && document.readyState === "complete" && main()`, root+escaped(walk.from)))
	}
	open.only(root)
	open.quiet()
}

// The first screen of Today and of somebody's page names a person, says why to write to
// them, and has the way to write, which opens with a draft.
func testFirstScreen(t *testing.T, b browser) {
	journal, _ := demoJournal(t)
	root := "file://" + escaped(filepath.ToSlash(journal.dir)) + "/public/"
	open := b.open(t, "about:blank")
	for _, screen := range []struct{ width, fold int64 }{{360, 400}, {1280, 740}} {
		for _, name := range []string{"index.html", "contacts/philippa-boyle.html", "contacts/siobhan-orourke.html"} {
			open.goTo(root + name)
			open.look(look{screen.width, "light"})
			way := open.text(`((w, c) => [c.querySelector(".why").textContent.trim() ? "" : "no reason", w.textContent.trim(),
				w.href.split("&body=")[1] ? "" : "no draft", Math.ceil(w.getBoundingClientRect().bottom + scrollY)].join("|"))(
				document.querySelector(".write a"), document.querySelector(".card"))`)
			bottom, err := strconv.ParseInt(way[strings.LastIndex(way, "|")+1:], 10, 64)
			if want := "|Write, with a beginning||"; err != nil || !strings.HasPrefix(way, want) || bottom > screen.fold {
				t.Errorf("%s at %d px: the first way to write is %q, want %q and to end above %d", name, screen.width, way, want, screen.fold)
			}
		}
	}
	open.quiet()
}

// Without JavaScript, pages show what they have, and nothing that is dead.
func testWithoutScripts(t *testing.T, b browser) {
	journal, pages := demoJournal(t)
	s := serveJournal(t, journal.dir)
	open := b.open(t, "about:blank")
	open.call(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
	for name, shown := range map[string][]string{
		"index.html":                  {"23 November 2026", "Philippa Boyle", "Ana Horvat"},
		"due.html":                    {"Jonah Tarrant", "Maarja Kivisild"},
		"contacts.html":               {"李淑云", "سلمى خوري", "Nguyễn Thị Hạnh", "Siobhán O'Rourke", "Zdena Vránová"},
		"contacts/dario-bressan.html": {"Dario Bressan", "Write, with a beginning", "House-warming"},
		"journal.html":                {"The choir sings from the stairs"},
		"circles.html":                {"Choir", "Cold-water swimmers"},
		"circles/choir.html":          {"Matteo Stancich"},
		"tags.html":                   {"bread"},
		"network.html":                {"Who introduced whom", "Ingrid Vaage"},
		"insights.html":               {"Your rhythms ask for", "The longest silences"},
		"problems.html":               {"What needs a look"},
		"help/format.html":            {"Promises, and things to ask"},
	} {
		if !slices.Contains(pages, name) {
			t.Errorf("the demo has no page %s", name)
			continue
		}
		open.goTo(s.url + name)
		for _, want := range shown {
			if !open.is(fmt.Sprintf(`shows(%q)`, want)) {
				t.Errorf("%s does not show %q:\n%.600s", name, want, open.text(`main()`))
			}
		}
		if dead := open.text(`[...document.querySelectorAll("input, button, select, textarea")].filter(e => e.checkVisibility()).map(e => e.outerHTML).join("\n")`); dead != "" {
			t.Errorf("%s shows what does nothing:\n%s", name, dead)
		}
	}
}

// A page of another site cannot get at the journal, whatever it tries. It can
// get at a server that does not mind, or the test would prove nothing.
func testOtherSites(t *testing.T, b browser) {
	journal := smallJournal(t)
	journal.write("content/contacts/navy/grace.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`)
	s := serveJournal(t, journal.dir)

	mindless := httptest.NewServer(http.HandlerFunc(answerAnybody))
	t.Cleanup(mindless.Close)
	another := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!doctype html><title>Another site</title><h1>Look</h1><a href=%q>people</a>", s.site)
	}))
	t.Cleanup(another.Close)
	b.open(t, s.url)

	for _, test := range []struct{ name, from, at, want string }{
		{"a server that does not mind", another.URL, mindless.URL + "/", "got"},
		{"another port", another.URL, s.url, "refused"},
		{"another port, the browser being let in", another.URL, s.site, "refused"},
		{"another name", strings.Replace(another.URL, "127.0.0.1", "localhost", 1), s.url, "refused"},
		{"another name of this one", another.URL, strings.Replace(s.url, "127.0.0.1", "localhost", 1), "refused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			open := b.open(t, test.from)
			got := map[string]string{}
			open.eval(fmt.Sprintf(`(%s)(%q)`, attack, test.at), &got)
			if len(got) < 9 {
				t.Errorf("only %d of the tries ended: %v", len(got), got)
			}
			for try, answer := range got {
				if answer != test.want {
					t.Errorf("%s: %s, want %s", try, answer, test.want)
				}
			}
			// A frame of another site is in a process of its own.
			if strings.Contains(test.at, "localhost") != strings.Contains(open.text(`location.host`), "localhost") {
				return
			}
			for _, frame := range open.frames() {
				if shown := frame.UnreachableURL == ""; shown != (test.want == "got") {
					t.Errorf("a frame shows %s: %t", test.at, shown)
				}
			}
		})
	}

	// A link shows nothing either, but the reader may go on from there.
	open := b.open(t, another.URL)
	open.click("a")
	open.wait(`location.href === ` + fmt.Sprintf("%q", s.site) + ` && document.readyState === "complete" && document.querySelector("a")`)
	if text := open.text(`document.documentElement.textContent`); strings.Contains(text, "Ada") || strings.Contains(text, "Friend") {
		t.Errorf("a link from another site leads to:\n%s", text)
	}
	open.click("a")
	open.wait(`main().includes("Ada Lovelace")`)
}

// attack is what a page can do to get at another site. Its result says for each
// try whether it got something.
const attack = `async (at) => {
	const got = {};
	const element = (tag, attributes) => new Promise((yes, no) => {
		const e = Object.assign(document.createElement(tag), attributes);
		e.onload = yes;
		e.onerror = no;
		document.body.append(e);
	});
	const read = async (path) => {
		const text = await (await fetch(at + path)).text();
		if (!text) throw new Error("nothing");
	};
	const tries = {
		"fetch a page": () => read("contacts/grace-hopper.html"),
		"fetch the first page": () => read(""),
		"fetch the data": () => read("journal.json"),
		"fetch without looking": () => fetch(at + "journal.json", { mode: "no-cors" }),
		"post": () => fetch(at, { method: "POST", mode: "no-cors", body: "x" }),
		"a script": () => element("script", { src: at + "_kith/live.js" }),
		"the data as a script": () => element("script", { src: at + "journal.json" }),
		"a style sheet": () => element("link", { rel: "stylesheet", href: at + "assets/kith.css" }),
		"a picture": () => element("img", { src: at + "contacts/navy/grace.svg" }),
		"the events": () => new Promise((yes, no) => {
			const events = new EventSource(at + "_kith/events");
			events.onmessage = yes;
			events.onerror = no;
		}).then(() => true),
	};
	for (const [name, attempt] of Object.entries(tries)) {
		got[name] = await attempt().then(() => "got", () => "refused");
	}
	await element("iframe", { src: at + "contacts/grace-hopper.html" }).catch(() => {});
	return got;
}`

// answerAnybody answers each request of the attack.
func answerAnybody(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	kind, text := "text/html", "<p>Here you are.</p>"
	switch path.Base(r.URL.Path) {
	case "live.js", "journal.json":
		kind, text = "text/javascript", "0"
	case "kith.css":
		kind, text = "text/css", "p {}"
	case "grace.svg":
		kind, text = "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`
	case "events":
		kind, text = "text/event-stream", "data: 1\n\n"
	}
	w.Header().Set("Content-Type", kind)
	_, _ = io.WriteString(w, text)
}

// A file that somebody sent is shown, and runs nowhere: neither from the disk nor from
// the server. It asks nobody for anything.
func testAttachments(t *testing.T, b browser) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("somebody was asked for %s", r.URL)
	}))
	t.Cleanup(elsewhere.Close)
	page := fmt.Sprintf(`<html xmlns="http://www.w3.org/1999/xhtml"><head><link rel="preconnect" href=%[1]q/><link rel="stylesheet" href=%[1]q/></head>`+
		`<body><img src=%[1]q/><script>document.documentElement.setAttribute("ran", "yes")</script>evil</body></html>`, elsewhere.URL)
	drawing := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg"><image href=%q/><script>document.documentElement.setAttribute("ran", "yes")</script><text>evil</text></svg>`, elsewhere.URL)
	journal := smallJournal(t)
	names := []string{"page.html", "page.xhtml", "page.xml", "noname", "drawing.svg"}
	for _, name := range names {
		text := page
		if strings.HasSuffix(name, ".svg") {
			text = drawing
		}
		journal.write("content/contacts/"+name, text)
	}
	if out, err := kith("build", "--dir", journal.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := serveJournal(t, journal.dir)
	open := b.open(t, s.url)
	for _, root := range []string{onDisk(journal), s.site} {
		for _, name := range names {
			open.goTo(root + "contacts/" + name)
			// What has no ending is text to this browser, and a page to others.
			if text := open.text(`document.documentElement.textContent`); !strings.Contains(text, "evil") || !strings.Contains(text, "<script>") && name != "noname" {
				t.Errorf("%s%s shows\n%s", root, name, text)
			}
			if open.is(`document.documentElement.hasAttribute("ran")`) {
				t.Errorf("%s%s was run", root, name)
			}
		}
	}
	open.goTo(onDisk(journal) + "contacts/page.html")
	open.click("a")
	open.wait(`location.href.endsWith("page.html.txt") && document.documentElement.textContent.includes("<script>")`)
}

// The file that kith serve --open makes leads a browser to the site.
func testOpened(t *testing.T, b browser) {
	s := serveJournal(t, smallJournal(t).dir)
	f := folder{t, t.TempDir()}
	f.write("open.html", fmt.Sprintf("<!doctype html><meta http-equiv=refresh content=\"0; url=%s\">\n", s.url))
	open := b.open(t, "file://"+escaped(filepath.ToSlash(f.path("open.html"))))
	open.wait(fmt.Sprintf(`location.href === %q && document.readyState === "complete" && main().includes("Ada Lovelace")`, s.site))
}

// A name of somebody's own that is made to lead to this machine opens nothing.
func testOtherNames(t *testing.T, b browser) {
	s := serveJournal(t, smallJournal(t).dir)
	at, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		host   string
		status int
	}{
		{at.Host, http.StatusOK},
		{"localhost:" + at.Port(), http.StatusOK},
		{reboundHost + ":" + at.Port(), http.StatusForbidden},
		{reboundHost, http.StatusForbidden},
		{"127.0.0.1", http.StatusForbidden},
		{"localhost." + reboundHost + ":" + at.Port(), http.StatusForbidden},
		{"192.0.2.7:" + at.Port(), http.StatusForbidden},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = test.host
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if shown := bytes.Contains(body, []byte("Ada Lovelace")); answer.StatusCode != test.status || shown != (test.status == http.StatusOK) {
			t.Errorf("asked as %s: %s, shows the journal: %t, want status %d", test.host, answer.Status, shown, test.status)
		}
	}

	open := b.open(t, "about:blank")
	open.goTo("http://" + reboundHost + ":" + at.Port() + at.Path)
	if text := open.text(`document.documentElement.textContent`); !strings.Contains(text, "private") || strings.Contains(text, "Ada") {
		t.Errorf("http://%s shows:\n%s", reboundHost, text)
	}
}

// A look is a device.
type look struct {
	width  int64
	scheme string
}

func (l look) String() string { return fmt.Sprintf("%d px, %s", l.width, l.scheme) }

func looks() []look {
	var all []look
	for _, width := range []int64{360, 768, 1280} {
		all = append(all, look{width, "light"}, look{width, "dark"})
	}
	return all
}

// demoJournal makes and builds the demo, and returns its folder and pages that
// stand for all of its site: those at the top, those of the people whose names
// are hard, and one or two of each kind.
func demoJournal(t *testing.T) (folder, []string) {
	t.Helper()
	f := folder{t, filepath.Join(t.TempDir(), "demo")}
	for _, args := range [][]string{{"init", "--demo", f.dir}, {"--dir", f.dir, "build"}} {
		if out, err := kith(args...).CombinedOutput(); err != nil {
			t.Fatalf("kith %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	pages := []string{
		"contacts/dario-bressan.html",   // a photo
		"contacts/edith-tarrant.html",   // often written to
		"contacts/shirin-kamrani.html",  // from right to left
		"contacts/salma-khoury.html",    // the same
		"contacts/李淑云.html",             // neither
		"contacts/tomasz-gawlik.html",   // archived
		"contacts/siobhan-orourke.html", // an apostrophe
		"journal/2024.html", "circles/choir.html", "help/format.html",
	}
	err := filepath.WalkDir(filepath.Join(f.dir, "public"), func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".html" {
			return err
		}
		name, err = filepath.Rel(filepath.Join(f.dir, "public"), name)
		name = filepath.ToSlash(name)
		alike := func(other string) bool { return path.Dir(other) == path.Dir(name) }
		if path.Dir(name) == "." || !slices.ContainsFunc(pages, alike) {
			pages = append(pages, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f, pages
}

// escaped returns a path as it stands in an address.
func escaped(name string) string { return (&url.URL{Path: name}).EscapedPath() }

// kith returns the command.
func kith(args ...string) *exec.Cmd {
	cmd := exec.Command("kith", args...)
	cmd.Env = append(os.Environ(), "KITH_TODAY="+browserDay, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	return cmd
}

// A server is a kith serve.
type server struct {
	url  string // as it is printed, with the key
	site string // the same without it, as a browser goes on
	stop func() // as Ctrl-C does
}

// serveJournal serves a journal until the test ends, at the latest.
func serveJournal(t *testing.T, dir string, args ...string) server {
	t.Helper()
	if len(args) == 0 {
		args = []string{"--addr", "127.0.0.1:0"}
	}
	return start(t, kith(append([]string{"serve", "--dir", dir}, args...)...))
}

// start starts a kith serve.
func start(t *testing.T, cmd *exec.Cmd) server {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stdout := bufio.NewReader(pipe)
	tooSlow := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	line, err := stdout.ReadString('\n')
	tooSlow.Stop()
	if err != nil || !strings.HasPrefix(line, "http://127.0.0.1:") {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Fatalf("kith serve began with %q (%v)\n%s", line, err, &stderr)
	}
	stop := sync.OnceFunc(func() {
		began := time.Now()
		tooSlow := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		defer tooSlow.Stop()
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Errorf("kith serve had ended: %v", err)
		}
		rest, err := io.ReadAll(stdout)
		if err := errors.Join(err, cmd.Wait()); err != nil {
			t.Errorf("kith serve ended with %v\n%s", err, &stderr)
		}
		if len(rest) > 0 {
			t.Errorf("kith serve printed more than its address: %q", rest)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("kith serve took %v to end", took)
		}
	})
	t.Cleanup(stop)
	at, err := url.Parse(strings.TrimSuffix(line, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return server{at.String(), "http://" + at.Host + "/", stop}
}

// A folder is a journal's, changed as editors and people do.
type folder struct {
	t   *testing.T
	dir string
}

func (f folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f folder) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// write writes a file, into the one that is there if there is one.
func (f folder) write(name, text string) {
	f.t.Helper()
	f.must(os.MkdirAll(filepath.Dir(f.path(name)), 0o755))
	f.must(os.WriteFile(f.path(name), []byte(text), 0o644))
}

// pieces truncates a file and writes it piece by piece, with something to do
// between two of them.
func (f folder) pieces(name string, pieces []string, between func()) {
	f.t.Helper()
	file, err := os.Create(f.path(name))
	f.must(err)
	defer file.Close()
	for i, piece := range pieces {
		if i > 0 {
			between()
		}
		_, err := file.WriteString(piece)
		f.must(err)
		f.must(file.Sync())
	}
}

func (f folder) rename(from, to string) {
	f.t.Helper()
	f.must(os.Rename(f.path(from), f.path(to)))
}

func (f folder) remove(name string) {
	f.t.Helper()
	f.must(os.RemoveAll(f.path(name)))
}

func (f folder) symlink(target, name string) {
	f.t.Helper()
	f.must(os.Symlink(target, f.path(name)))
}

// reboundHost is a name that the browser takes for this machine. It knows no
// other but those of this machine.
const reboundHost = "rebound.example"

// A browser is a Chromium, whose tabs the tests open.
type browser struct{ ctx context.Context }

func startBrowser(t *testing.T) browser {
	t.Helper()
	var chromium string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if at, err := exec.LookPath(name); err == nil {
			chromium = at
			break
		}
	}
	if chromium == "" {
		t.Fatal("these tests need Chromium: make test installs it, or on Debian: apt-get install chromium")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium),
		chromedp.NoSandbox, // which it cannot have as root; it only sees pages of these tests
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		// So that frames of sealed pages are in the process that the tests talk to.
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,IsolateSandboxedIframes"),
		chromedp.Flag("host-resolver-rules", "MAP "+reboundHost+" 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
		chromedp.WSURLReadTimeout(patience),
	)
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(options...))
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("closing the browser: %v", err)
		}
		cancel()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting %s: %v", chromium, err)
	}
	return browser{ctx}
}

// A tab is a tab of the browser.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	errors   []string // in its console
	requests []string // the addresses it asked for
}

// open opens a tab until the test ends.
func (b browser) open(t *testing.T, address string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	// What moves would be looked at half-way.
	p.media(&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	p.do(chromedp.EmulateViewport(1280, 800))
	p.goTo(address)
	return p
}

// hear keeps what the tab tells and asks for.
func (p *tab) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	complain := func(format string, args ...any) { p.errors = append(p.errors, fmt.Sprintf(format, args...)) }
	switch event := event.(type) {
	case *runtime.EventConsoleAPICalled:
		switch event.Type {
		case runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning, runtime.ConsoleAPICalledTypeAssert:
			var said []string
			for _, arg := range event.Args {
				said = append(said, string(arg.Value)+arg.Description)
			}
			complain("%s: %s", event.Type, strings.Join(said, " "))
		}
	case *runtime.EventExceptionThrown:
		what := event.ExceptionDetails.Text
		if e := event.ExceptionDetails.Exception; e != nil {
			what += " " + e.Description
		}
		complain("exception: %s at %s:%d", what, event.ExceptionDetails.URL, event.ExceptionDetails.LineNumber+1)
	case *log.EventEntryAdded:
		if event.Entry.Level == log.EntryLevelError || event.Entry.Level == log.EntryLevelWarning {
			complain("%s: %s %s", event.Entry.Level, event.Entry.Text, event.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, event.Request.URL)
	}
}

// quiet checks that there was nothing in the console since it was last asked,
// except for what is expected.
func (p *tab) quiet(expected ...string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.errors {
		if !slices.ContainsFunc(expected, func(part string) bool { return strings.Contains(e, part) }) {
			p.t.Errorf("in the console: %s", e)
		}
	}
	p.errors = nil
}

// only checks that the tab asked for nothing but what is below an address.
func (p *tab) only(root string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.requests) == 0 {
		p.t.Error("the tab asked for nothing at all")
	}
	for _, r := range p.requests {
		if !strings.HasPrefix(r, root) && !strings.HasPrefix(r, "data:") && r != "about:blank" {
			p.t.Errorf("the tab asked for %s", r)
		}
	}
	p.requests = nil
}

// limited returns a context that ends before the patience of a test does.
func (p *tab) limited() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, patience)
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) call(f func(context.Context, *chromedp.Target) error) {
	p.t.Helper()
	p.do(chromedp.Func(f))
}

func (p *tab) goTo(address string) {
	p.t.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		p.t.Fatalf("going to %s: %v", address, err)
	}
}

// click follows a link. Not by its place, as what was never in view has none yet.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.text(fmt.Sprintf(`document.querySelector(%q).click() + ""`, selector))
}

// look shows the page on another device.
func (p *tab) look(l look) {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(l.width, 800))
	p.media(&emulation.MediaFeature{Name: "prefers-color-scheme", Value: l.scheme},
		&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
}

func (p *tab) media(features ...*emulation.MediaFeature) {
	p.t.Helper()
	p.call(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	})
}

// frames returns the frames in the page.
func (p *tab) frames() []*cdp.Frame {
	p.t.Helper()
	var frames []*cdp.Frame
	p.call(func(ctx context.Context, t *chromedp.Target) error {
		tree, err := cdp.Call(ctx, t, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return err
		}
		for _, child := range tree.FrameTree.ChildFrames {
			frames = append(frames, child.Frame)
		}
		return nil
	})
	if len(frames) == 0 {
		p.t.Error("there is no frame in the page")
	}
	return frames
}

// words is what expressions about a page can be made of.
const words = `
	const main = () => document.querySelector("main")?.textContent ?? "";
	const shows = (text) => [...document.querySelectorAll("body *")].some((e) => e.checkVisibility() &&
		e.textContent.includes(text) && ![...e.children].some((child) => child.textContent.includes(text)));
	// Not by innerText, which is empty before a list below the fold is laid out.
	const said = (selector) => document.querySelector(selector).textContent.replace(/\s+/g, " ").trim();
	const notice = () => document.querySelector("#kith-notice")?.textContent;
`

// evaluate returns what an expression or a promise comes to in a page.
func evaluate[T any](ctx context.Context, expression string) (T, error) {
	return chromedp.Run(ctx, chromedp.Evaluate[T](fmt.Sprintf("(() => {%s return (%s)})()", words, expression), chromedp.EvalAwaitPromise))
}

func (p *tab) eval(expression string, into *map[string]string) {
	p.t.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	var err error
	if *into, err = evaluate[map[string]string](ctx, expression); err != nil {
		p.t.Fatal(err)
	}
}

// is says whether an expression is true of the page.
func (p *tab) is(expression string) bool {
	p.t.Helper()
	return p.text(`!!(`+expression+`) + ""`) == "true"
}

// text returns the text that an expression comes to.
func (p *tab) text(expression string) string {
	p.t.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	text, err := evaluate[string](ctx, expression)
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return text
}

// wait waits until an expression is true of the page, whether it changes in
// place or another one takes its place.
func (p *tab) wait(expression string) {
	p.t.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	// Not by chromedp.Poll, whose functions made of text no page of ours allows.
	condition := fmt.Sprintf(`new Promise((done) => {
		const watcher = new MutationObserver(look);
		function look() {
			let is = false;
			try { is = %s; } catch {}
			if (!is) return;
			watcher.disconnect();
			document.removeEventListener("readystatechange", look);
			done(true);
		}
		watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		document.addEventListener("readystatechange", look);
		look();
	})`, expression)
	for {
		_, err := evaluate[bool](ctx, condition)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			break
		}
		// Another page came. It may not be there yet.
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.t.Fatalf("never came true: %s\n%s shows:\n%.2000s", expression, p.text(`location.href`), p.text(`document.body?.innerText ?? ""`))
}

// settleIn does to a page what a reader does: they scroll, open what can be
// opened, and stand on something.
func (p *tab) settleIn(focus string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelector(%q)`, focus))
	failed := p.text(fmt.Sprintf(`(() => {
		const details = [...document.querySelectorAll("main details")];
		for (const d of details) d.open = true;
		const focus = document.querySelector(%q);
		focus.focus({ preventScroll: true });
		scrollTo({ top: 1000, behavior: "instant" });
		if (scrollY < 800) return "the page is too short to scroll";
		const middle = innerHeight / 2;
		const seen = [...document.querySelectorAll("main :is(h1, h2, h3, p, li, tr, dt, dd)")]
			.map((block) => ({ block, text: block.textContent, top: block.getBoundingClientRect().top }))
			.filter(({ block, top }) => top > 0 && top < innerHeight && block.checkVisibility())
			.sort((a, b) => Math.abs(a.top - middle) - Math.abs(b.top - middle));
		window.before = { details, focus, seen, y: scrollY };
		return "";
	})()`, focus))
	if failed != "" {
		p.t.Fatal(failed)
	}
}

// unmoved checks that a page is where its reader had settled in, or at least
// that it was not loaded anew if it had to become another one.
func (p *tab) unmoved(another bool) {
	p.t.Helper()
	lost := p.text(fmt.Sprintf(`(() => {
		const before = window.before;
		if (!before) return "the page was loaded anew";
		if (%t) return "";
		const lost = [];
		const near = (a, b) => Math.abs(a - b) < 2;
		// What is read stays where it is, whatever comes or goes above it.
		const read = before.seen.find(({ block, text }) => block.isConnected && block.textContent === text);
		if (!near(scrollY, before.y) && !(read && near(read.block.getBoundingClientRect().top, read.top))) {
			lost.push("scrolled from " + before.y + " to " + scrollY);
		}
		if (document.activeElement !== before.focus) lost.push("the focus is on " + document.activeElement?.outerHTML.slice(0, 200));
		if (!before.details.every((d) => d.isConnected && d.open)) lost.push("what was open is closed");
		return lost.join(", ");
	})()`, another))
	if lost != "" {
		p.t.Errorf("%s: %s", p.text(`location.href`), lost)
	}
}

// sound checks that the page is not wider than the window, and that everybody
// can use it. What is dark differs from what is light in its colours alone.
func (p *tab) sound(l look) {
	p.t.Helper()
	rules := ""
	if l.scheme == "dark" {
		rules = `, runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] }`
	}
	if !p.is(`window.axe`) {
		p.do(chromedp.Evaluate[chromedp.Void](axe + ";0"))
	}
	faults := p.text(`(async () => {
		const faults = [];
		const wide = document.documentElement.scrollWidth;
		if (wide > innerWidth) {
			const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
			faults.push("it is " + wide + " px wide: " + out.slice(-3).map((e) => e.outerHTML.slice(0, 150)).join(" | "));
		}
		const { violations } = await axe.run(document, { resultTypes: ["violations"]` + rules + ` });
		for (const { id, nodes } of violations) {
			for (const node of nodes.slice(0, 3)) {
				faults.push("axe: " + id + " (" + nodes.length + "): " + node.target + ": " + node.html.slice(0, 150) + "\n" + node.failureSummary);
			}
		}
		return faults.join("\n");
	})()`)
	if faults != "" {
		p.t.Errorf("%s: %s", l, faults)
	}
}
