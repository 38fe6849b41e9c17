//go:build browser

package cli_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestBrowserSeal(t *testing.T) {
	b := startBrowser(t)
	journal, _ := demoJournal(t)
	journal.write("content/contacts/dario.ics", "BEGIN:VCALENDAR\n")
	journal.write("content/contacts/zed.md", "---\nname: Zed\n---\n[His days](dario.ics), [sent](sent.html), ![[photo.svg]].\n\n# 2026-01-02\n\nHello.\n")
	journal.write("content/contacts/photo.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="20"/></svg>`)
	journal.write("content/contacts/sent.html", "<!doctype html><h1>Sent</h1><script src=sent.js></script><script>document.title = 'ran'</script>")
	journal.write("content/contacts/sent.js", "document.title = 'ran'")
	journal.write("passphrase", passphrase+"\n")
	seal := []string{"--seal", "--passphrase-file", journal.path("passphrase")}
	for _, args := range [][]string{{}, seal, append(seal, "--single", "--out", journal.path("one"))} {
		args = append([]string{"--dir", journal.dir, "build"}, args...)
		if out, err := kith(args...).CombinedOutput(); err != nil {
			t.Fatalf("kith %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	host := httptest.NewServer(http.FileServer(http.Dir(journal.path("sealed"))))
	t.Cleanup(host.Close)
	for name, root := range map[string]string{
		"folder": fileURL(journal.path("sealed")), "single": fileURL(journal.path("one")), "host": host.URL + "/",
	} {
		t.Run(name, func(t *testing.T) { testSealed(t, b, root) })
	}
	t.Run("at rest", func(t *testing.T) { testSealedAtRest(t, b, fileURL(journal.path("one"))) })
	t.Run("sound", func(t *testing.T) { testSealedSound(t, b, fileURL(journal.path("sealed"))) })
	t.Run("plain http", func(t *testing.T) {
		at, err := url.Parse(host.URL)
		if err != nil {
			t.Fatal(err)
		}
		open := b.open(t, "http://"+reboundHost+":"+at.Port()+"/")
		open.wait(`shows("A browser opens this only from an address with https:")`)
		if open.is(`document.querySelector("input").checkVisibility()`) {
			t.Error("it asks for the passphrase")
		}
	})
	t.Run("age", func(t *testing.T) { testSealedAge(t, journal) })
	t.Run("missing", func(t *testing.T) {
		if err := os.RemoveAll(journal.path("sealed/data")); err != nil {
			t.Fatal(err)
		}
		open := b.open(t, fileURL(journal.path("sealed")))
		open.unseal(passphrase)
		open.wait(`shows("A file of what is sealed here is missing, or the network is.")`)
	})
}

const passphrase = "fünf stille Eulen am Mittag"

func fileURL(dir string) string { return "file://" + escaped(filepath.ToSlash(dir)) + "/index.html" }

// A sealed site opens with its passphrase alone, is walked through and searched, is
// remembered by the tab, and can be locked.
func testSealed(t *testing.T, b browser, address string) {
	open := b.open(t, address)
	for _, wrong := range []string{"fünf stille Eulen am Abend", " " + passphrase} {
		open.unseal(wrong)
		open.wait(`shows("That is not the passphrase.")`)
	}
	// It may be typed in another Unicode form.
	open.unseal(strings.ReplaceAll(passphrase, "ü", "u\u0308"))
	open.waitInside(`main().includes("Philippa Boyle") && said("h1").includes("23 November")`)
	if open.is(`document.querySelector("#door").checkVisibility()`) {
		t.Error("it still asks")
	}
	if !open.isInside(`getComputedStyle(document.querySelector("nav a")).fontFamily.includes("Segoe")`) {
		t.Error("the page has no style")
	}

	// A link works, and the way back.
	open.clickInside(`nav a[href="contacts.html"]`)
	open.waitInside(`document.title.startsWith("People") && main().includes("李淑云")`)
	open.clickInside(`main a[href="` + escaped("contacts/李淑云.html") + `"]`)
	open.waitInside(`said("h1").includes("李淑云")`)
	open.do(chromedp.NavigateBack())
	open.waitInside(`document.title.startsWith("People")`)
	open.textInside(`(() => { const s = document.querySelector(".sift select[name=state]"); s.selectedIndex = 1; s.dispatchEvent(new Event("change", { bubbles: true })); return ""; })()`)
	open.waitInside(`!document.querySelector(".hits").hidden`)

	// What is chosen there outlives a way to a page and back, and is not in the history.
	open.clickInside(`main .hits ol a`)
	open.waitInside(`!document.title.startsWith("People")`)
	open.do(chromedp.NavigateBack())
	open.waitInside(`document.title.startsWith("People") && !document.querySelector(".hits").hidden`)
	if state := open.text(`JSON.stringify(history.state)`); strings.Contains(state, "state") {
		t.Errorf("the history has %s", state)
	}

	// Pictures are shown, and a file goes to the reader. What somebody sent is text.
	saved := t.TempDir()
	open.call(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{Behavior: "allow", DownloadPath: saved})
		return err
	})
	open.clickInside(`main a[href="contacts/zed.html"]`)
	open.waitInside(`((i) => { i.scrollIntoView(); return i.complete && i.naturalWidth === 40; })(document.querySelector("main img"))`)
	open.clickInside(`main a[href$="dario.ics"]`)
	open.saved(saved, "dario.ics", "BEGIN:VCALENDAR\n")
	open.clickInside(`main a[href$="sent.html"]`)
	open.waitInside(`said("pre").includes("<h1>Sent</h1>") && document.title === "sent.html"`)
	open.clickInside(`a[href="sent.html.txt"]`)
	open.saved(saved, "sent.html.txt", "<!doctype html><h1>Sent</h1>")
	open.do(chromedp.NavigateBack())
	open.waitInside(`document.querySelector('main a[href$="dario.ics"]')`)

	// The search finds what notes say, and leads there.
	open.waitInside(`document.querySelector(".search input")`)
	open.press("/")
	open.waitInside(`document.activeElement === document.querySelector(".search input")`)
	open.press("stairs choir")
	open.waitInside(searchWords + `.includes("In your notes: ")`)
	open.press(kb.Enter)
	open.waitInside(`!said("h1").includes("Zed") && main().includes("stairs")`)
	heading := open.textInside(`said("h1")`)

	// The tab asks once; it shows the same page, and names nobody where others look.
	open.do(chromedp.Reload())
	open.waitInside(fmt.Sprintf(`said("h1") === %q`, heading))
	if at := open.text(`location.href + " " + document.title`); at != address+" Sealed" {
		t.Errorf("the address and the title are %s", at)
	}
	if kept := open.text(`JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage), document.cookie, history.state])`); strings.Contains(kept, "Eulen") || strings.Contains(kept, "contacts") {
		t.Errorf("the tab keeps %s", kept)
	}
	if got := open.textInside(`(() => { try { return parent.sessionStorage.length + ""; } catch { return "refused"; } })()`); got != "refused" {
		t.Errorf("a page sees what the tab keeps: %s", got)
	}

	open.click("#bar button")
	open.wait(`document.querySelector("#passphrase")?.checkVisibility() && !document.querySelector("iframe")`)
	open.do(chromedp.Reload())
	open.wait(`document.querySelector("#passphrase")?.checkVisibility()`)
	if kept := open.text(`sessionStorage.getItem("sealed") + ""`); kept != "null" {
		t.Errorf("locked, the tab keeps %s", kept)
	}
	another := b.open(t, address)
	another.wait(`document.querySelector("#passphrase")?.checkVisibility()`)
	open.only(strings.TrimSuffix(address, "index.html"))
	open.quiet()
}

// After ten minutes at rest it locks, also if the browser slept.
func testSealedAtRest(t *testing.T, b browser, address string) {
	open := b.open(t, address)
	later := func(minutes int) {
		open.text(fmt.Sprintf(`(() => { const now = Date.now() + %d * 60e3; Date.now = () => now; document.dispatchEvent(new Event("visibilitychange")); dispatchEvent(new Event("focus")); return ""; })()`, minutes))
	}
	open.unseal(passphrase)
	open.waitInside(`main().includes("Philippa Boyle")`)
	later(9)
	open.clickInside(`nav a[href="contacts.html"]`)
	open.waitInside(`document.title.startsWith("People")`)
	later(9)
	open.waitInside(`document.title.startsWith("People")`)
	later(2)
	open.wait(`document.querySelector("#passphrase")?.checkVisibility() && !document.querySelector("iframe")`)
	open.quiet()
}

// What is around the pages is sound on each device.
func testSealedSound(t *testing.T, b browser, address string) {
	open := b.open(t, address)
	for _, look := range looks() {
		open.look(look)
		open.sound(look)
		open.shoot("door", look)
	}
	open.unseal(passphrase)
	open.waitInside(`main().includes("Philippa Boyle")`)
	for _, look := range looks() {
		open.look(look)
		if wide := open.textInside(`document.documentElement.scrollWidth > innerWidth ? "wide" : ""`); wide != "" {
			t.Errorf("%s: the page is wider than its frame", look)
		}
		open.sound(look)
		open.shoot("today", look)
	}
}

// On a terminal kith asks twice for a new passphrase, and age opens what it wrote.
func testSealedAge(t *testing.T, journal folder) {
	out := t.TempDir()
	if err := os.Symlink(journal.dir, filepath.Join(out, "journal")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		command, typed, says string
		fails                bool
	}{
		{"kith --dir journal backup notes.age", passphrase + "\n" + passphrase + "!\n", "the two are not the same", true},
		{"kith --dir journal backup notes.age", passphrase + "\n" + passphrase + "\n", "Passphrase: \r\nThe same again: \r\nnotes.age holds the notes", false},
		{"age -d -o notes.tar notes.age", passphrase + "\n", "", false},
		{"age -d -o site.tar journal/sealed/site.age", passphrase + "\n", "", false},
		{"tar xf notes.tar && tar xf site.tar", "", "", false},
		{"kith restore notes.age --into again", "another passphrase\n", "the passphrase does not open it", true},
		{"kith restore notes.age --into again", passphrase + "\n", "again is the journal", false},
	} {
		// In a terminal of its own.
		cmd := exec.Command("script", "-qec", test.command, os.DevNull)
		cmd.Env = append(os.Environ(), "KITH_TODAY="+browserDay)
		cmd.Dir = out
		cmd.Stdin = strings.NewReader(test.typed)
		said, err := cmd.CombinedOutput()
		if (err != nil) != test.fails || !strings.Contains(string(said), test.says) {
			t.Fatalf("%s: %v\n%s", test.command, err, said)
		}
	}
	for _, pair := range [][2]string{
		{"content/contacts/zed.md", journal.path("content/contacts/zed.md")},
		{"again/content/contacts/zed.md", journal.path("content/contacts/zed.md")},
		{"again/kith.toml", journal.path("kith.toml")},
		{"site/contacts/zed.html", journal.path("public/contacts/zed.html")},
	} {
		got, err := os.ReadFile(filepath.Join(out, pair[0]))
		want, failed := os.ReadFile(pair[1])
		if err := errors.Join(err, failed); err != nil || string(got) != string(want) {
			t.Errorf("%s is not %s (%v)", pair[0], pair[1], err)
		}
	}
}

// unseal types a passphrase into the form, and opens it.
func (p *tab) unseal(words string) {
	p.t.Helper()
	p.wait(`document.activeElement === document.querySelector("#passphrase")`)
	p.text(fmt.Sprintf(`((i) => { i.value = %q; i.form.requestSubmit(); return ""; })(document.querySelector("#passphrase"))`, words))
}

// inside evaluates an expression in the frame that shows a page, or in the one to come.
func (p *tab) inside(ctx context.Context, expression string) (string, error) {
	var frame cdp.FrameID
	_, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (string, error) {
		tree, err := cdp.Call(ctx, t, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return "", err
		}
		for _, child := range tree.FrameTree.ChildFrames {
			frame = child.Frame.ID
		}
		return "", nil
	})
	if err != nil || frame == "" {
		return "", fmt.Errorf("there is no frame (%v)", err)
	}
	var world runtime.ExecutionContextID
	_, err = chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (string, error) {
		made, err := cdp.Call(ctx, t, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame})
		if err == nil {
			world = made.ExecutionContextID
		}
		return "", err
	})
	if err != nil {
		return "", err
	}
	return chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("(() => {%s return (%s) + ''})()", words, expression), chromedp.EvalAwaitPromise,
		func(e *runtime.EvaluateParams) { e.ContextID = world }))
}

func (p *tab) textInside(expression string) string {
	p.t.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	text, err := p.inside(ctx, expression)
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return text
}

func (p *tab) isInside(expression string) bool {
	p.t.Helper()
	return p.textInside(`!!(`+expression+`)`) == "true"
}

func (p *tab) clickInside(selector string) {
	p.t.Helper()
	p.textInside(fmt.Sprintf(`document.querySelector(%q).click()`, selector))
}

// waitInside waits until an expression is true of the page that is shown.
func (p *tab) waitInside(expression string) {
	p.t.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	last := ""
	for ctx.Err() == nil {
		if text, err := p.inside(ctx, `document.readyState === "complete" && !!(`+expression+`)`); err == nil && text == "true" {
			return
		} else if err != nil {
			last = err.Error()
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.t.Fatalf("never came true inside: %s (%s)\nthe page shows:\n%.500s", expression, last, p.text(`document.body.innerText + document.querySelector("iframe")?.srcdoc.slice(0, 300)`))
}

// saved waits until the tab has saved a file that begins with a text.
func (p *tab) saved(dir, name, begins string) {
	p.t.Helper()
	ctx, cancel := p.limited()
	defer cancel()
	for {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil && strings.HasPrefix(string(text), begins) {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("%s was not saved", name)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// shoot keeps what the tab looks like in the folder that KITH_SHOTS names.
func (p *tab) shoot(name string, l look) {
	dir := os.Getenv("KITH_SHOTS")
	if dir == "" {
		return
	}
	p.call(func(ctx context.Context, t *chromedp.Target) error {
		shot, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{})
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, l.width, l.scheme)), shot.Data, 0o600)
	})
}
