//go:build browser

package cli_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// peopleJournal has seven people who differ in what contacts.html sorts and
// filters by.
func peopleJournal(t *testing.T) folder {
	t.Helper()
	f := folder{t, t.TempDir()}
	for slug, text := range map[string]string{
		"ada":   "name: Ada\nevery: 1 week\ncircles: [Choir, Rowers]\ntags: [tea]\n---\n- 2026-11-01 call\n",           // due since 8 November
		"bo":    "name: Bo\nevery: 1 week\ncircles: [Choir]\ntags: [tea, a/b]\n---\n- 2026-11-17 call\n",               // due on 24 November
		"cy":    "name: Cy\nevery: 10 weeks\ncircles: [Rowers]\n---\n- 2026-11-10 call\n",                              // due in January
		"dora":  "name: Dora\ntags: [tea]\n---\n- 2026-10-01 call\n",                                                   // no rhythm
		"emil":  "name: Emil\nevery: 1 week\nstatus: paused\ncircles: [Choir]\n---\n- 2026-10-15 call\n",               // resting
		"fay":   "name: Fay\nevery: 1 week\nstatus: archived\ncircles: [Choir]\ntags: [tea]\n---\n- 2020-01-01 call\n", // archived
		"grace": "name: Grace\nevery: 1 week\nstatus: memorial\n---\n",                                                 // in memory, never written to
	} {
		f.write("content/contacts/"+slug+".md", "---\n"+text)
	}
	return f
}

// listed is who is shown on contacts.html, in order, and what is said of their day.
const (
	listed = `[...document.querySelectorAll(".directory [data-contact] a")].filter((a) => a.checkVisibility()).map((a) => a.textContent).join(" ")`
	days   = `[...document.querySelectorAll(".hits small")].map((e) => e.textContent).join(", ")`
)

// choose does what a reader does to a control.
func (p *tab) choose(name, value string) {
	p.t.Helper()
	p.text(fmt.Sprintf(`(() => {
		const field = document.querySelector(".sift").elements[%q];
		if (!field.checkVisibility()) throw new Error("it is not shown");
		if (field.type === "checkbox") field.checked = %q !== "";
		else field.value = %q;
		field.dispatchEvent(new Event("change", { bubbles: true }));
		return field.value;
	})()`, name, value, value))
}

func (p *tab) lists(want string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`%s === %q`, listed, want))
}

func TestBrowserPeople(t *testing.T) {
	b := startBrowser(t)
	journal := peopleJournal(t)
	out := filepath.Join(t.TempDir(), "site")
	if said, err := kith("--dir", journal.dir, "build", "--out", out).CombinedOutput(); err != nil {
		t.Fatalf("kith build: %v\n%s", err, said)
	}
	disk := "file://" + escaped(filepath.ToSlash(out)) + "/"
	s := serveJournal(t, journal.dir)
	for name, root := range map[string]string{"from the disk": disk, "from the server": s.url} {
		t.Run(name, func(t *testing.T) {
			p := b.open(t, root+"contacts.html")
			const everybody = "Ada Bo Cy Dora Emil Grace"
			p.lists(everybody)
			if !p.is(`document.querySelector(".opening").innerText.includes("6 people, 1 archived")`) {
				t.Errorf("the page does not say how many people there are: %s", p.text(`document.querySelector(".opening").innerText`))
			}

			for _, step := range []struct{ control, value, want, hash string }{
				{"sort", "due", "Ada Bo Cy Dora Emil Grace", "#sort=due"},
				{"sort", "last", "Dora Emil Ada Cy Bo Grace", "#sort=last"},
				{"circle", "choir", "Emil Ada Bo", "#sort=last&circle=choir"},
				{"archived", "too", "Fay Emil Ada Bo", "#sort=last&circle=choir&archived=too"},
				{"sort", "", "Ada Bo Emil Fay", "#circle=choir&archived=too"},
				{"tag", "tea", "Ada Bo Fay", "#circle=choir&tag=tea&archived=too"},
				{"archived", "", "Ada Bo", "#circle=choir&tag=tea"},
				{"state", "ready", "Ada", "#state=ready&circle=choir&tag=tea"},
				{"circle", "", "Ada", "#state=ready&tag=tea"},
				{"tag", "a/b", "", "#state=ready&tag=a%2Fb"},
				{"state", "soon", "Bo", "#state=soon&tag=a%2Fb"},
				{"tag", "", "Bo", "#state=soon"},
				{"state", "later", "Cy", "#state=later"},
				{"state", "free", "Dora", "#state=free"},
				{"state", "resting", "Emil", "#state=resting"},
				{"state", "memory", "Grace", "#state=memory"},
				{"state", "", everybody, "#"},
			} {
				p.choose(step.control, step.value)
				p.lists(step.want)
				if !p.is(fmt.Sprintf(`("#" + location.href.split("#")[1]) === %q`, step.hash)) {
					t.Errorf("with %s %q the address is %s, want %s", step.control, step.value, p.text(`location.href`), step.hash)
				}
			}

			// The address brings it back, and what it cannot mean is left out.
			for hash, want := range map[string]string{
				"#state=ready&circle=rowers":            "Ada",
				"#sort=last&circle=rowers":              "Ada Cy",
				"#circle=nobody&sort=nonsense&tag=#x&y": everybody,
				"#letter-C":                             everybody,
			} {
				p.goTo("about:blank")
				p.goTo(root + "contacts.html" + hash)
				p.lists(want)
			}
			p.goTo(root + "contacts.html#sort=due")
			p.wait(days + ` === "8 Nov 2026, 24 Nov 2026, 19 Jan 2027, resting, in memory"`)
			if !p.is(`getComputedStyle(document.querySelector(".hits")).position === "static"`) {
				t.Error("the people who were found do not stand below what was chosen")
			}
			p.click(`.hits a[href="#"]`)
			p.lists(everybody)
			p.quiet()
		})
	}

	t.Run("a save", func(t *testing.T) {
		p := b.open(t, s.url+"contacts.html#sort=due&state=ready")
		p.lists("Ada")
		journal.write("content/contacts/bo.md", "---\nname: Bo\nevery: 1 week\n---\n- 2026-10-01 call\n")
		p.lists("Bo Ada")
		journal.write("content/contacts/ada.md", "---\nname: Adele\nevery: 1 week\n---\n- 2026-11-23 call\n")
		p.lists("Bo")
		p.choose("state", "")
		p.lists("Bo Adele Cy Dora Emil Grace")
		p.quiet()
	})

	t.Run("without scripts", func(t *testing.T) {
		p := b.open(t, "about:blank")
		p.call(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			return err
		})
		p.goTo(disk + "contacts.html#sort=due")
		p.lists("Ada Bo Cy Dora Emil Grace")
		if !p.is(`[...document.querySelectorAll("form, select, input, button")].every((e) => !e.checkVisibility())`) {
			t.Error("controls are shown that do nothing")
		}
		if !p.is(`document.querySelector("main details summary").checkVisibility() && document.querySelector("main details").textContent.includes("Fay")`) {
			t.Error("those who are archived cannot be reached")
		}
	})
}

// Of many who are found, some are shown, and more when asked for.
func TestBrowserManyPeople(t *testing.T) {
	b := startBrowser(t)
	journal := folder{t, t.TempDir()}
	for i := range 250 {
		journal.write(fmt.Sprintf("content/contacts/p%03d.md", i), fmt.Sprintf("---\nname: Person %03d\nevery: 1 week\n---\n- 2026-01-01 call\n", i))
	}
	s := serveJournal(t, journal.dir)
	p := b.open(t, s.url+"contacts.html#state=ready")
	for _, want := range []string{"100 true", "200 true", "250 false"} {
		p.wait(fmt.Sprintf(`document.querySelectorAll(".hits li").length + " " + document.querySelector(".hits button").checkVisibility() === %q`, want))
		p.click(".hits button")
	}
	for _, look := range looks() {
		p.look(look)
		p.sound(look)
	}
	// Whoever comes first moves everybody else one place on.
	p.goTo(s.url + "contacts.html")
	p.settleIn(`[data-contact="p123"] a`)
	journal.write("content/contacts/new.md", "---\nname: Person 0\n---\n")
	p.wait(`document.querySelector('[data-contact="new"]')`)
	p.wait(`[...document.querySelectorAll(".directory .group")].map((g) => g.querySelectorAll("li").length).join() === "100,100,51"`)
	if !p.is(`document.activeElement.matches('[data-contact="p123"] a')`) {
		t.Error("the focus is lost")
	}
	p.quiet()
}

// A long page that was patched again and again is the page that is served, though
// most of it was sent but once.
func TestBrowserLongPages(t *testing.T) {
	b := startBrowser(t)
	journal := folder{t, t.TempDir()}
	random := rand.New(rand.NewPCG(1, 2))
	person := func(name string, i int) {
		journal.write(fmt.Sprintf("content/contacts/p%03d.md", i), fmt.Sprintf("---\nname: %s %03d\nevery: %d weeks\n---\n- %s call\n",
			name, i, 1+random.IntN(8), []string{"2026-01-01", "2026-10-11", browserDay}[random.IntN(3)]))
	}
	for i := range 250 {
		person("Person", i)
	}
	s := serveJournal(t, journal.dir)
	pages := []string{"due.html", "contacts.html", "contacts.html#state=ready&sort=last"}
	var open []*tab
	for _, page := range pages {
		p := b.open(t, s.url+page)
		p.wait(`document.readyState === "complete" && document.querySelector('[data-contact="p123"]')`)
		open = append(open, p)
	}
	fresh := b.open(t, s.url)
	for round := range 8 {
		if round == 4 { // somebody is not where the server thinks they are
			for _, p := range open {
				p.text(`([...document.querySelectorAll(".people:not(.hits *) > [data-contact]")].at(-2).remove(), "")`)
			}
		}
		for range 1 + random.IntN(6) {
			switch i := random.IntN(260); random.IntN(4) {
			case 0:
				_ = os.Remove(journal.path(fmt.Sprintf("content/contacts/p%03d.md", i)))
			case 1:
				person([]string{"Aaron", "Zoë"}[random.IntN(2)], i)
			default:
				person("Person", i)
			}
		}
		journal.write("content/contacts/round.md", fmt.Sprintf("---\nname: Round %d\nevery: 1 week\n---\n- 2026-01-01 call\n", round))
		for i, p := range open {
			p.wait(fmt.Sprintf(`document.querySelector('[data-contact="round"]')?.textContent.includes("Round %d") && !document.querySelector("[data-same]")`, round))
			fresh.goTo("about:blank")
			fresh.goTo(s.url + pages[i])
			fresh.wait(`document.readyState === "complete"`)
			want, got := fresh.text(`document.body.outerHTML`), p.text(`document.body.outerHTML`)
			if got != want {
				at := 0
				for at < min(len(got), len(want)) && got[at] == want[at] {
					at++
				}
				t.Errorf("round %d: the patched %s is not the one that is served:\n%.300s\nwant\n%.300s", round, pages[i], got[at:], want[at:])
			}
		}
	}
	for _, p := range open {
		if !p.is(`performance.getEntriesByType("resource").filter((e) => e.responseStatus === 226).length >= 4`) {
			t.Errorf("%s was sent anew", p.text(`location.href`))
		}
		p.quiet()
	}
}
