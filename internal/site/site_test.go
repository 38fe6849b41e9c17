package site_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
	"weak"

	"github.com/google/go-cmp/cmp"

	"kith/content"
	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/site"
	"kith/templates"
)

var update = flag.Bool("update", false, "write the golden files")

func date(t testing.TB, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func theme(t testing.TB, user fs.FS) *site.Theme {
	t.Helper()
	theme := site.NewTheme(templates.FS, user)
	for _, p := range theme.Problems() {
		t.Error(p)
	}
	return theme
}

func newSite(t testing.TB, fsys fs.FS) *site.Site {
	t.Helper()
	return site.New(due.New(journal.Read(fsys), date(t, "2026-11-23")), theme(t, nil), true)
}

// saved is the next site, after some files of the journal were written or are gone.
func saved(s *site.Site, fsys fs.FS, paths ...string) *site.Site {
	return s.Next(s.View.Next(s.View.Journal.Reread(fsys, paths), s.View.Today), s.Theme)
}

// wantFresh checks that a site is that made anew of the same files.
func wantFresh(t testing.TB, s *site.Site, fsys fs.FS, after string) {
	t.Helper()
	fresh := newSite(t, fsys)
	if diff := cmp.Diff(paths(fresh), paths(s)); diff != "" {
		t.Errorf("%s: %s", after, diff)
	}
	for _, f := range fresh.Files() {
		if f.Source == "" && render(t, s, f.Path) != render(t, fresh, f.Path) {
			t.Errorf("%s: %s is not that of a fresh site", after, f.Path)
		}
	}
}

// demo is the site of the demo journal.
func demo(t testing.TB) *site.Site {
	t.Helper()
	fsys := fstest.MapFS{}
	err := fs.WalkDir(content.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := content.FS.ReadFile(p)
		fsys["content/"+p] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return newSite(t, fsys)
}

// small is a journal with a little of everything.
func small() fstest.MapFS {
	files := map[string]string{
		"kith.toml": "title = \"Ada & friends\"\n",
		"content/contacts/ada-lovelace.md": `---
name: Ada Lovelace
aliases: [Augusta Ada King]
every: 6 weeks
circles: [mentors]
tags: [mathematics]
met: 2019-05-02
via: "[[Charles Babbage]]"
email: ada@example.org
phone: +44 (0)20 7946 0000
links: {site: "https://example.org/?a=1&b=2", old: "javascript:alert(1)"}
birthday: 1815-12-10
needs: [a publisher]
offers: [proof-reading]
photo: ada.svg
shoe size: 37
---
Prefers letters to calls. See [the sheet](ada.svg) and [him](charles-babbage.md).

- [?] how did the lecture in *Turin* go
- [ ] send her the Jacquard paper by 2026-12-01
- [x] return her umbrella

## Log

- 2026-12-24 dinner: At hers.
- 2026-10-02 15:30 coffee with [[Charles Babbage]]: Talked about the engine. #engine
- 2026-08-20 < letter closed: Long answer.
- 2026-08-14 > email gave: Sent the note on looms.
- 2025-03-01 call got #job-search: She put me in touch with the head of the Mint.
`,
		"content/contacts/ada.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"content/contacts/charles-babbage.md": `---
name: Charles Babbage
circles: [mentors]
---
Grumbles about [[Ada Lovelace|the Countess]] and street music.

## 2026-11-23 > letter

Two pages, and a drawing of a cog.

## 2026-09-01 < letter: On cogs

> They turn.
`,
		"content/contacts/سلمى.md":   "---\nname: سلمى خوري\nevery: 1 month\nbirthday: 1996-02-29\ndates: {her shop: 11-25}\nemail: salma@example.org\noffers: [printing and publishing]\n---\n",
		"content/contacts/broken.md": "---\nname: [Mary\n---\nText.\n\n- 2026-01-02 tea with [[Ada Lovelace]]: Scones.\n",
		"content/contacts/gone.md":   "---\nname: Old Friend\nstatus: archived\n---\n",
		"content/circles/mentors.md": "---\nname: My mentors\nevery: 3 months\n---\nThose who taught me, [[Ada Lovelace]] first. #engine\n",
		"content/journal/2026-11-20.md": `Fog.

- tea with [[Ada Lovelace]] and [[Charles Babbage]]: Fog, seen from inside.
- news #job-search: I start at the Mint.
- [ ] bring [[Charles Babbage]] his hat by 2026-11-22
`,
		"content/journal/notes.md": "What I want to remember.\n\n- 2025-12-31 note: A quiet year.\n",
		"content/journal/odd.md":   "A page without a day.\n",
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func render(t testing.TB, s *site.Site, path string) string {
	t.Helper()
	f, ok := s.File(path)
	if !ok {
		t.Fatalf("there is no %s", path)
	}
	b, err := f.Render(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// pages are the files of a site that are rendered and are HTML.
func pages(t testing.TB, s *site.Site) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range s.Files() {
		if f.Source == "" && strings.HasSuffix(f.Path, ".html") {
			all[f.Path] = render(t, s, f.Path)
		}
	}
	return all
}

func TestGolden(t *testing.T) {
	s := newSite(t, small())
	all := pages(t, s)
	all["calendar.ics"] = render(t, s, "calendar.ics")
	maps.DeleteFunc(all, func(p, _ string) bool { return strings.HasPrefix(p, "help") }) // tested by their own package
	const folder = "testdata/golden"
	if *update {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		for p, text := range all {
			file := filepath.Join(folder, filepath.FromSlash(p))
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := map[string]string{}
	err := filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		rel, _ := filepath.Rel(folder, file)
		want[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("pages differ from testdata/golden (-want +got); go test -update if that is meant:\n%s", diff)
	}
}

func TestFiles(t *testing.T) {
	s := newSite(t, small())
	var got []string
	for _, f := range s.Files() {
		if !strings.HasPrefix(f.Path, "help/") {
			got = append(got, f.Path)
		}
	}
	want := []string{
		"404.html", "assets/contacts.js", "assets/kith.css", "assets/kith.js", "assets/kith.svg", "assets/search.js", "calendar.ics", "circles.html", "circles/mentors.html", "contacts.html",
		"contacts/ada-lovelace.html", "contacts/ada.svg", "contacts/broken.html", "contacts/charles-babbage.html",
		"contacts/gone.html", "contacts/سلمى.html", "dates.html", "due.html", "give-and-take.html", "help.html", "index.html",
		"insights.html", "journal.html", "journal.json", "journal/2025.html", "journal/2026.html", "network.html", "problems.html", "promises.html",
		"search/names-000.js", "search/text-00000.js", "search/words-00-000.js", "tags.html", "tags/engine.html", "tags/job-search.html",
		"tags/mathematics.html",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

var address = regexp.MustCompile(`(?:href|src)="([^"]*)"`)

// Every link of the demo site that does not leave it leads to a file, and to an
// element where it names one.
func TestLinks(t *testing.T) {
	for name, s := range map[string]*site.Site{"demo": demo(t), "small": newSite(t, small()), "long": newSite(t, longNames())} {
		all := pages(t, s)
		for at, text := range all {
			for _, m := range address.FindAllStringSubmatch(text, -1) {
				to := strings.ReplaceAll(m[1], "&amp;", "&")
				u, err := url.Parse(to)
				if err != nil {
					t.Errorf("%s: %s: %v", name, at, err)
					continue
				}
				if u.Scheme != "" {
					continue
				}
				target := path.Join(path.Dir(at), u.Path)
				switch {
				case u.Path == "":
					target = at
				case strings.HasPrefix(u.Path, "/") && at == "404.html":
					target = u.Path[1:]
				}
				if _, ok := s.File(target); !ok {
					t.Errorf("%s: %s links to %s, which there is not", name, at, to)
				} else if u.Fragment != "" && !strings.Contains(all[target], `id="`+u.Fragment+`"`) {
					t.Errorf("%s: %s links to %s, and there is no such element", name, at, to)
				}
			}
		}
	}
}

// longNames is a journal with slugs that are longer than the name of a file may be.
func longNames() fstest.MapFS {
	x, cyrillic := strings.Repeat("x", 252), strings.Repeat("я", 130)
	return fstest.MapFS{
		"content/contacts/" + x + "a.md": {Data: []byte("---\ncircles: [" + cyrillic + "]\ntags: [a/" + cyrillic + "/b, " + strings.Repeat("ab/", 100) + "c]\nevery: 1w\n---\n" +
			"- 2026-11-01 call with [[" + x + "b]]: x #" + cyrillic + "\n- [ ] y by 2026-11-20\n")},
		"content/contacts/" + x + "b.md":      {Data: []byte("---\ncircles: [" + x + "]\nvia: \"[[" + x + "a]]\"\nbirthday: 12-01\n---\n")},
		"content/circles/" + cyrillic + ".md": {Data: []byte("---\nname: The Gang\n---\n")},
	}
}

// A page whose slug is too long for the name of a file has a name all the same, and its own.
func TestLongNames(t *testing.T) {
	s := newSite(t, longNames())
	seen := map[string]bool{}
	for _, f := range s.Files() {
		if seen[f.Path] {
			t.Errorf("two pages are %s", f.Path)
		}
		seen[f.Path] = true
		for name := range strings.SplitSeq(f.Path, "/") {
			if len(name) > 255 || !utf8.ValidString(name) {
				t.Errorf("%q, of %d bytes, is no name of a file", name, len(name))
			}
		}
	}
	n := 0
	for _, text := range pages(t, s) {
		n += strings.Count(text, "href=\"contacts/x")
	}
	if n < 4 {
		t.Errorf("%d links lead to them", n)
	}
	var names string
	for _, f := range s.Files() {
		if strings.HasPrefix(f.Path, "search/names-") {
			names += render(t, s, f.Path)
		}
	}
	for at := range seen {
		if page := strings.TrimSuffix(at, ".html"); page != at && len(page) > 200 && !strings.HasPrefix(at, "tags/") && !strings.Contains(names, path.Base(page)) {
			t.Errorf("the search does not lead to %s", at)
		}
	}
}

// ourScripts are the elements for the theme's scripts.
var ourScripts = regexp.MustCompile(`<script src="(\.\./|/)*assets/[a-z]+\.js" defer></script>`)

// What a person writes is text, wherever it is shown.
func TestEscaping(t *testing.T) {
	const evil = `"><script>alert(1)</script>'&`
	fsys := fstest.MapFS{
		"kith.toml": {Data: []byte("title = '''" + evil + "'''\n")},
		"content/contacts/eve.md": {Data: []byte("---\nname: '" + strings.ReplaceAll(evil, "'", "''") + "'\n" +
			"aliases: ['<script>']\nrole: '<script>'\nlocation: '<script>'\nneeds: ['<script>']\noffers: ['<script>']\n" +
			"email: '\"><script>'\nphone: '<script>123'\nlinks: {'<script>': 'javascript:alert(1)', b: 'JaVaScRiPt:alert(1)', c: 'https://example.org/\"><script>'}\n" +
			"met: '<script>'\nvia: '<script>'\ncircles: ['<script>']\ntags: ['<script>']\n'<script>': '<script>'\ndates: {'<script>': 01-02}\n" +
			"every: 1 week\nphoto: '<script>.png'\n---\n" +
			"<script>alert(1)</script> [x](javascript:alert(1)) ![x](data:text/html,1) [[eve|<script>]] [[<script>]]\n\n" +
			"- [ ] <script> [[eve|<script>]] by 2026-11-20\n- [?] <script>\n- 2026-11-01 call got: <script> `<script>` *<script>* [<script>](y) \\<script>\n" +
			"- 2026-11-01 <script>: x\n")},
		"content/contacts/bob.md":       {Data: []byte("[[eve|<script>]] wrote <script>\n\n- 2026-10-01 tea with [[eve|<script>]]: <script>\n  <script>\n")},
		"content/journal/2026-11-20.md": {Data: []byte("<script>\n\n- news #x: <script>\n- tea with [[eve|<script>]]: <script>\n- [ ] [[eve|<script>]] <script> by 2026-11-20\n")},
		"content/circles/script.md":     {Data: []byte("---\nname: <script>\n---\n<script>\n")},
		"content/contacts/bad.md":       {Data: []byte("---\nname: [<script>\n---\n")},
	}
	for at, text := range pages(t, newSite(t, fsys)) {
		if strings.HasPrefix(at, "help") {
			continue
		}
		lower := strings.ToLower(ourScripts.ReplaceAllString(text, ""))
		for _, bad := range []string{"<script", "javascript:", "data:text", " style=", " onclick"} {
			for rest := lower; ; {
				i := strings.Index(rest, bad)
				if i < 0 {
					break
				}
				if bad != "javascript:" && bad != "data:text" || strings.HasSuffix(rest[:i], `="`) {
					t.Errorf("%s has %s: %.200q", at, bad, rest[max(0, i-60):])
				}
				rest = rest[i+len(bad):]
			}
		}
		wellFormed(t, at, text)
	}
}

func TestWellFormed(t *testing.T) {
	for _, s := range []*site.Site{demo(t), newSite(t, small()), newSite(t, fstest.MapFS{})} {
		for at, text := range pages(t, s) {
			wellFormed(t, at, text)
		}
	}
}

var (
	tag       = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*(/?)>`)
	attribute = regexp.MustCompile(`([a-zA-Z-]+)(?:="([^"]*)")?`)
	void      = []string{"meta", "link", "img", "br", "hr", "input"}
	// What an element may not be inside of.
	notWithin = map[string][]string{"a": {"a"}, "p": {"p", "h1", "h2", "span"}, "div": {"p", "span"}, "ul": {"p", "span"}, "ol": {"p", "span"}, "li": {"p", "span"}}
)

// wellFormed reports elements that are not closed in order, stray angle brackets,
// ids and attributes that stand twice, and the inline styles and scripts that a
// strict Content-Security-Policy forbids.
func wellFormed(t *testing.T, at, text string) {
	t.Helper()
	text = strings.ReplaceAll(text, "<!-- raw HTML omitted -->", "") // what goldmark leaves of raw HTML
	text, ok := strings.CutPrefix(text, "<!doctype html>")
	if !ok {
		t.Errorf("%s has no doctype", at)
	}
	var open []string
	ids := map[string]bool{}
	end := 0
	for _, m := range tag.FindAllStringSubmatchIndex(text, -1) {
		if between := text[end:m[0]]; strings.ContainsAny(between, "<>") {
			t.Errorf("%s: stray < in %q", at, between)
		}
		end = m[1]
		name := text[m[4]:m[5]]
		if text[m[2]:m[3]] == "/" {
			if len(open) == 0 || open[len(open)-1] != name {
				t.Errorf("%s: </%s> closes %v: …%s", at, name, open, text[max(0, m[0]-100):m[1]])
				return
			}
			open = open[:len(open)-1]
			continue
		}
		seen := map[string]bool{}
		for _, a := range attribute.FindAllStringSubmatch(text[m[6]:m[7]], -1) {
			if seen[a[1]] || a[1] == "style" || strings.HasPrefix(a[1], "on") {
				t.Errorf("%s: attribute %s in %s", at, a[1], text[m[0]:m[1]])
			}
			seen[a[1]] = true
			if a[1] == "id" {
				if ids[a[2]] {
					t.Errorf("%s: two elements have the id %s", at, a[2])
				}
				ids[a[2]] = true
			}
		}
		for _, outer := range open {
			if slices.Contains(notWithin[name], outer) {
				t.Errorf("%s: %s within %s: %s", at, name, outer, text[max(0, m[0]-100):m[1]])
			}
		}
		if name == "script" && !seen["src"] {
			t.Errorf("%s: inline script", at)
		}
		if !slices.Contains(void, name) && text[m[8]:m[9]] == "" {
			open = append(open, name)
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: not closed: %v", at, open)
	}
}

// The first page lists everybody who is due once, with the attributes that
// FORMAT.md, "The site", promises: who is among today's few as a card, the others
// by how long they have been due. due.html has them in due order.
func TestDueIndex(t *testing.T) {
	s := demo(t)
	var want []string
	for _, r := range s.View.Due(civil.Date{}) {
		want = append(want, fmt.Sprintf(`data-contact="%s" data-due="%s" data-state="%s"`, r.Contact.Slug, r.Due, r.State))
	}
	attrs := regexp.MustCompile(`data-contact="[^"]*" data-due="[^"]*" data-state="[^"]*"`)
	if got := attrs.FindAllString(render(t, s, "due.html"), len(want)); !slices.Equal(got, want) {
		t.Errorf("due.html begins with %v", got)
	}
	got := attrs.FindAllString(render(t, s, "index.html"), -1)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("index.html: %s", diff)
	}
}

func TestDueByHowLong(t *testing.T) {
	fsys := fstest.MapFS{"kith.toml": {Data: []byte("daily = 1\n")}}
	for slug, last := range map[string]string{
		"picked": "2020-01-01", "winter": "2026-08-18", "autumn": "2026-08-19", "october": "2026-10-17", "november": "2026-10-18",
		"week": "2026-11-09", "days": "2026-11-10", "yesterday": "2026-11-15", "today": "2026-11-16", "not-yet": "2026-11-17",
	} {
		fsys["content/contacts/"+slug+".md"] = &fstest.MapFile{Data: []byte("---\nevery: 1 week\n---\n- " + last + " call\n")}
	}
	text := render(t, newSite(t, fsys), "index.html")
	var got []string
	for _, m := range regexp.MustCompile(`<h3 id="([a-z]+)">|<li data-contact="([^"]*)" data-due`).FindAllStringSubmatch(text, -1) {
		got = append(got, m[1]+m[2])
	}
	want := []string{"seasons", "winter", "months", "autumn", "october", "weeks", "november", "week", "days", "days", "yesterday", "today", "today"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDueIndexIsLimited(t *testing.T) {
	fsys := fstest.MapFS{}
	for i := range 250 {
		fsys[fmt.Sprintf("content/contacts/p%d.md", i)] = &fstest.MapFile{Data: []byte("---\nevery: 1 week\n---\n")}
	}
	text := render(t, newSite(t, fsys), "index.html")
	if n := strings.Count(text, "data-due="); n != 200 {
		t.Errorf("%d people are listed", n)
	}
	if !strings.Contains(text, `<a href="due.html">All 250 who are due</a>`) {
		t.Error("there is no link to the others")
	}
}

// A page whose inputs are the same has the same bytes, and one whose bytes would
// differ has other inputs: after any change, what Next shares with the site
// before equals a fresh site.
func TestNextIsNeverStale(t *testing.T) {
	fsys := small()
	put := func(name, text string) func() string {
		return func() string {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
			return name
		}
	}
	edit := func(name, old, new string) func() string {
		return func() string {
			text := string(fsys[name].Data)
			if !strings.Contains(text, old) {
				t.Fatalf("%s has no %s", name, old)
			}
			return put(name, strings.ReplaceAll(text, old, new))()
		}
	}
	remove := func(name string) func() string {
		return func() string { delete(fsys, name); return name }
	}
	const ada, charles = "content/contacts/ada-lovelace.md", "content/contacts/charles-babbage.md"
	steps := []struct {
		name   string
		change func() string
	}{
		{"an entry more", edit(ada, "## Log\n", "## Log\n\n- 2026-11-22 > text: Good night.\n")},
		{"a name", edit(charles, "name: Charles Babbage", "name: Charles B.\naliases: [Charles Babbage]")},
		{"a tag", edit(charles, "circles: [mentors]", "circles: [mentors, friends]\ntags: [cogs/brass]")},
		{"a circle's name", edit("content/circles/mentors.md", "My mentors", "Mentors")},
		{"a circle's cadence", edit("content/circles/mentors.md", "3 months", "1 week")},
		{"a daily note", edit("content/journal/2026-11-20.md", "Fog.", "Sun.")},
		{"news", put("content/journal/news.md", "- 2026-11-21 news #engine: It runs.\n")},
		{"a broken note", edit(ada, "name: Ada", "name: [Ada")},
		{"a mended note", edit(ada, "name: [Ada", "name: Ada")},
		{"a photo gone", remove("content/contacts/ada.svg")},
		{"a person gone", remove("content/contacts/broken.md")},
		{"a person of an earlier file", put("content/contacts/a/charles-babbage.md", "A namesake.\n\n- 2020-01-01 call: x\n")},
		{"and gone again", remove("content/contacts/a/charles-babbage.md")},
		{"a circle's file gone", remove("content/circles/mentors.md")},
		{"an attachment in a page's place", put("content/journal/2026.html", "<p>x</p>")},
		{"help", edit(charles, "street music.\n", "street music.\n\n- 2026-11-02 call got asked #engine: He lent me his lathe.\n")},
		{"thanks", edit(charles, "street music.\n", "street music.\n\n- 2026-11-03 > card thanked\n")},
		{"an offer", put("content/contacts/di.md", "---\nname: Di\nemail: di@example.org\noffers: [a publishing house]\nbirthday: 05-06\nevery: 1 week\n---\n")},
		{"an address", edit("content/contacts/di.md", "di@", "di@mail.")},
		{"an acquaintance", edit("content/contacts/di.md", "week\n---\n", "week\n---\nKnows [[Ada Lovelace]].\n")},
		{"a stranger again", edit("content/contacts/di.md", "Knows [[Ada Lovelace]].", "")},
		{"a birthday", edit("content/contacts/di.md", "05-06", "1990-11-23")},
		{"resting", edit("content/contacts/di.md", "every", "status: paused\nevery")},
		{"archived", edit("content/contacts/di.md", "paused", "archived")},
		{"thanks of tomorrow", put("content/contacts/ed.md", "---\nstatus: paused\n---\n- 2026-11-01 call got: x\n- 2026-11-24 note thanked: y\n")},
		{"a promise", put("content/contacts/ed.md", "- [ ] the book due 2026-11-20\n")},
		{"another day", edit("content/contacts/ed.md", "11-20", "11-24")},
		{"a promise kept", edit("content/contacts/ed.md", "[ ]", "[x]")},
		{"settings", edit("kith.toml", "Ada & friends", "Friends")},
		{"kinds", put("kith.toml", "[kinds]\ntalk = [\"seance\"]\n")},
	}
	theme := theme(t, nil)
	today := date(t, "2026-11-23")
	s := site.New(due.New(journal.Read(fsys), today), theme, false)
	shared := 0
	for _, step := range steps {
		before := map[string]site.File{}
		bytesBefore := map[string][]byte{}
		for _, f := range s.Files() {
			if f.Source == "" {
				b, err := f.Render(nil)
				if err != nil {
					t.Fatal(err)
				}
				before[f.Path], bytesBefore[f.Path] = f, b
			}
		}
		name := step.change()
		j := s.View.Journal.Reread(fsys, []string{name})
		next := s.Next(s.View.Next(j, today), theme)
		fresh := site.New(due.New(j, today), theme, false)
		if got, want := paths(next), paths(fresh); !slices.Equal(got, want) {
			t.Fatalf("%s: files are %v, of a fresh site %v", step.name, got, want)
		}
		for _, f := range next.Files() {
			if f.Source != "" {
				continue
			}
			now, want := render(t, next, f.Path), render(t, fresh, f.Path)
			if now != want {
				t.Errorf("%s: %s differs from that of a fresh site: %s", step.name, f.Path, cmp.Diff(want, now))
			}
			if old, ok := before[f.Path]; ok && old.Inputs == f.Inputs {
				shared++
				if !bytes.Equal(bytesBefore[f.Path], []byte(now)) {
					t.Errorf("%s: %s changed, its inputs did not", step.name, f.Path)
				}
			}
		}
		s = next
	}
	if shared < 200 {
		t.Errorf("only %d pages were shared", shared)
	}
	tomorrow := s.Next(s.View.Next(s.View.Journal, today.AddDays(1)), theme)
	fresh := site.New(due.New(s.View.Journal, today.AddDays(1)), theme, false)
	for at, text := range pages(t, tomorrow) {
		if diff := cmp.Diff(render(t, fresh, at), text); diff != "" {
			t.Errorf("on a new day, %s differs from that of a fresh site: %s", at, diff)
		}
	}
	if render(t, tomorrow, "index.html") == render(t, s, "index.html") {
		t.Error("the first page does not know of a new day")
	}
}

func paths(s *site.Site) []string {
	var all []string
	for _, f := range s.Files() {
		all = append(all, f.Path)
	}
	return all
}

// An edit of one note makes anew the pages that show something of it, and no
// others.
func TestNextShares(t *testing.T) {
	fsys := small()
	s := newSite(t, fsys)
	const gone = "content/contacts/gone.md"
	fsys[gone] = &fstest.MapFile{Data: append(fsys[gone].Data, "Moved to Turin.\n"...)}
	next := saved(s, fsys, gone)
	var changed []string
	for _, f := range next.Files() {
		if old, _ := s.File(f.Path); old.Inputs != f.Inputs {
			changed = append(changed, f.Path)
		}
	}
	want := []string{"contacts.html", "contacts/gone.html", "due.html", "insights.html", "journal.json", "problems.html", "search/text-00000.js", "search/words-00-000.js"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Error(diff)
	}
}

// Lists of people, and of what happened under a tag, show what an edit made of somebody
// in them.
func TestNextListsWhatChanged(t *testing.T) {
	const ada, ben = "content/contacts/ada.md", "content/contacts/ben.md"
	fsys := fstest.MapFS{
		ada: {Data: []byte("---\nname: Ada Byron\nevery: monthly\ncircles: [friends]\ntags: [math]\nrole: countess\n---\n\nWrites.\n\n- 2026-11-02 call #tea: Soup\n- 2026-09-01 walk: Rain\n- [ ] bring a book\n")},
		ben: {Data: []byte("---\nname: Ben\ntags: [ships]\n---\n\nKnows [[ada]].\n")},
	}
	s := newSite(t, fsys)
	for _, c := range []struct{ path, old, is string }{
		{ben, "Knows [[ada]].", "Knows [[ada]] well."},
		{ben, "Knows", "- 2026-11-03 call with [[ada]]: Tea\n\nKnows"}, // she was reached
		{ada, "Writes.", "Writes letters."},
		{ada, "walk: Rain", "walk: Snow"},
		{ada, "Soup", "Stew"},
		{ada, "Soup", "Soup, #math"},
		{ada, "countess", "author"},
		{ada, "Ada Byron", "Ada King"},
		{ada, "2026-11-02", "2026-11-03"},
		{ada, "every: monthly", "every: weekly"},
		{ada, "every: monthly", "every: monthly\nsnooze: 2026-12-24"},
		{ada, "every: monthly", "every: monthly\nstatus: paused"},
		{ada, "tags: [math]", "tags: [math, poetry]"},
		{ada, "bring a book", "bring a book by 2026-11-20"}, // journal.json has the reason
		{ada, "circles: [friends]", "circles: [friends, work]"},
	} {
		next := maps.Clone(fsys)
		text := strings.Replace(string(fsys[c.path].Data), c.old, c.is, 1)
		if text == string(fsys[c.path].Data) {
			t.Fatalf("%s has no %q", c.path, c.old)
		}
		next[c.path] = &fstest.MapFile{Data: []byte(text)}
		wantFresh(t, saved(s, next, c.path), next, fmt.Sprintf("%q for %q", c.is, c.old))
	}
}

// Whatever a key of the front matter says, every page that shows it is made anew when it
// is taken away or put back.
func TestNextSeesEveryKey(t *testing.T) {
	const path = "content/contacts/ada.md"
	keys := []string{
		"name: Ada Byron", "aliases: [Countess]", "every: monthly", "circles: [friends]", "tags: [math]", "met: 2021-06-15", "added: 2021-06-16",
		"via: \"[[Ben]]\"", "email: ada@example.org", "phone: \"+44 1\"", "links: [https://example.org]", "company: Engines", "role: countess",
		"location: London", "timezone: Europe/London", "pronouns: she/her", "birthday: 1815-12-10", "dates: {wedding: 07-08}",
		"snooze: 2026-12-24", "status: paused", "needs: [a ship]", "offers: [a sum]", "photo: ada.jpg", "language: de", "ids: [\"linkedin:ada\"]", "shoe size: 38",
	}
	note := func(keys []string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\n" + strings.Join(keys, "\n") + "\n---\n\nWith [[Ben]] and [[Countess]].\n\n- 2026-11-02 call #tea: Soup\n- 2026-09-01 < letter got: Rain\n- [ ] bring a book by 2026-11-20\n\n## 2026-08-02 walk #tea\n\n    [[Ben]]\n")}
	}
	fsys := fstest.MapFS{
		path:                         note(keys),
		"content/contacts/ada.jpg":   {Data: []byte("x")},
		"content/contacts/ben.md":    {Data: []byte("---\nname: Ben\ntags: [math]\ncircles: [friends]\nneeds: [a sum]\noffers: [a ship]\n---\n\nKnows [[Countess]].\n\n- 2026-11-03 tea with [[Ada Byron]] #tea: Cake\n")},
		"content/circles/friends.md": {Data: []byte("---\nevery: 6 weeks\n---\n")},
		"content/journal/log.md":     {Data: []byte("- 2026-11-04 news #tea: I sail\n- 2026-11-05 call with [[ada]] and [[ben]]: Wind\n")},
	}
	s := newSite(t, fsys)
	full := reflect.ValueOf(s.View.Journal.Contact("ada").File.Front)
	for i := range full.NumField() {
		if full.Field(i).IsZero() && full.Type().Field(i).Name != "MetText" {
			t.Errorf("no key gives %s", full.Type().Field(i).Name)
		}
	}
	save := func(key string, is *fstest.MapFile) {
		t.Helper()
		fsys[path] = is
		s = saved(s, fsys, path)
		wantFresh(t, s, fsys, key)
	}
	for i, key := range keys {
		save("without "+key, note(slices.Delete(slices.Clone(keys), i, i+1)))
		save("with "+key, note(keys))
	}
	introduced := note(keys)
	introduced.Data = bytes.Replace(introduced.Data, []byte("With [[Ben]] and"), []byte("With"), 1)
	save("with a link in via alone", introduced)
	save("with one in the text alone", note(slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return strings.HasPrefix(key, "via") })))
}

// A list has everybody once, also after a change of many.
func TestNextListsEachOnce(t *testing.T) {
	const others = 120
	fsys := fstest.MapFS{
		"content/contacts/ada.md": {Data: []byte("---\nname: Ada\nevery: monthly\ncircles: [friends]\ntags: [math]\n---\n")},
		"content/contacts/ben.md": {Data: []byte("---\nname: Ben\n---\n\nKnows [[ada]].\n")},
	}
	other := func(i int) string { return fmt.Sprintf("content/contacts/other-%03d.md", i) }
	for i := range others {
		fsys[other(i)] = &fstest.MapFile{Data: []byte("---\ncircles: [friends]\ntags: [math]\n---\n")}
	}
	s := newSite(t, fsys)
	save := func(more string, paths ...string) {
		t.Helper()
		for _, path := range paths {
			is := &fstest.MapFile{}
			if old := fsys[path]; old != nil {
				is.Data = old.Data
			}
			is.Data = append(slices.Clip(is.Data), more...)
			fsys[path] = is
		}
		s = saved(s, fsys, paths...)
		wantFresh(t, s, fsys, paths[0]+" and others")
	}
	save("And [[ada|her]] sister.\n", "content/contacts/ben.md")
	many := []string{"content/contacts/aaron.md"} // who comes before her
	for i := range others / 2 {
		many = append(many, other(i))
	}
	save("Well.\n", many...)
	save("\n- 2026-11-02 call: Soup\n", "content/contacts/ada.md")
}

// Of a long log that many are named in, few of its old versions are held, however often
// it is saved.
func TestNextLetsGo(t *testing.T) {
	const log, people, saves = "content/journal/log.md", 40, 120
	fsys := fstest.MapFS{log: {Data: bytes.Repeat([]byte("Nothing happened at all, and it took its time.\n\n"), 4000)}}
	for i := range people {
		fsys[fmt.Sprintf("content/contacts/p%02d.md", i)] = &fstest.MapFile{Data: []byte("---\nevery: monthly\ntags: [math]\n---\n")}
	}
	s := newSite(t, fsys)
	var old []weak.Pointer[journal.File]
	for i := range saves {
		old = append(old, weak.Make(s.View.Journal.File(log)))
		text := fmt.Appendf(slices.Clip(fsys[log].Data), "- 2026-01-%02d tea with [[p%02d]]: %d\n", 1+i%28, i%people, i)
		fsys[log] = &fstest.MapFile{Data: text}
		s = saved(s, fsys, log)
	}
	runtime.GC()
	held := 0
	for _, f := range old {
		if f.Value() != nil {
			held++
		}
	}
	if held > people/2 {
		t.Errorf("%d of %d versions are held", held, saves)
	}
	wantFresh(t, s, fsys, "many saves")
}

// Whatever a person wrote is on a page.
func TestNothingVanishes(t *testing.T) {
	s := newSite(t, fstest.MapFS{
		"content/journal/diary.md":   {Data: []byte("First words.\n\n## 2026-11-20\n\n- Bought ink.\n\n# Later\n\nLast words.\n")},
		"content/journal/trip.md":    {Data: []byte("Other words.\n\n- 2025-03-01 news: far\n")},
		"content/contacts/ada.md":    {Data: []byte("- [ ]\n  call her\n- [?] other\n\n  Below it\n  ===\n- [x] done\n\n  ***\n")},
		"content/contacts/hooft.md":  {Data: []byte("---\nname: \"'t Hooft\"\n---\n")},
		"content/contacts/tom.md":    {Data: []byte("- 2026-11-02 call: see ``a ` #b`` and https://x.org/(#frag) #real [[tom\\|the Tom]]\n- 2026-11-03 call: `code #c\n  more` end\n\n## 2026-11-04 call\n\n    indented #d\n")},
		"content/contacts/number.md": {Data: []byte("---\nname: 7 of 9\n---\n")},
	})
	all := pages(t, s)
	for page, words := range map[string][]string{
		"journal.html": {"First words.", "Bought ink.", "Last words."}, "journal/2025.html": {"Other words."}, "contacts/ada.html": {"call her", "Below it", "<hr"},
	} {
		for _, word := range words {
			if !strings.Contains(all[page], word) {
				t.Errorf("%s lacks %q", page, word)
			}
		}
	}
	for at, text := range all {
		for _, tag := range []string{"b", "c", "d", "frag"} {
			if strings.Contains(text, "tags/"+tag+".html") {
				t.Errorf("%s links to the page of the tag %s, which there is not", at, tag)
			}
		}
	}
	if !strings.Contains(all["journal.html"], `href="tags/real.html"`) {
		t.Error("a tag is no link")
	}
	if !strings.Contains(all["journal.html"], `>the Tom</a>`) {
		t.Error("a link with a label as in a table is no link")
	}
	var letters []string
	for _, m := range regexp.MustCompile(`id="letter-([^"]*)"`).FindAllStringSubmatch(all["contacts.html"], -1) {
		letters = append(letters, m[1])
	}
	if got := strings.Join(letters, " "); got != "… A T" {
		t.Errorf("people are listed below %s", got)
	}
}

// A word that becomes a kind is read as one in every note, and no longer shown as text.
func TestNextAfterTheKindsChanged(t *testing.T) {
	fsys := fstest.MapFS{
		"content/journal/2026-11-20.md": {Data: []byte("Fog.\n\n- zoom with [[ada]]: hello\n- zoom\n\n  with more\n")},
		"content/contacts/ada.md":       {Data: []byte("- 2026-11-01 zoom: hello\n\n  and more\n")},
	}
	s := newSite(t, fsys)
	pages(t, s)
	for _, settings := range []string{"[kinds]\ntalk = [\"zoom\"]\n", "title = \"x\"\n[kinds]\nwrite = [\"zoom\"]\n", ""} {
		fsys["kith.toml"] = &fstest.MapFile{Data: []byte(settings)}
		s = saved(s, fsys, "kith.toml")
		wantFresh(t, s, fsys, settings)
	}
}

// What a file looked like is forgotten with it.
func TestNextForgetsWhatIsDeleted(t *testing.T) {
	const day, circle = "content/journal/2026-11-20.md", "content/circles/old.md"
	fsys := fstest.MapFS{
		day: {Data: []byte("Fog.\n")}, circle: {Data: []byte("Friends.\n")}, "content/journal/2026-11-21.md": {Data: []byte("Sun.\n")},
		"content/contacts/ada.md": {Data: []byte("---\ncircles: old\n---\n")},
	}
	s := newSite(t, fsys)
	if !strings.Contains(render(t, s, "journal.html"), "Fog.") || !strings.Contains(render(t, s, "circles/old.html"), "Friends.") {
		t.Fatal("the files are not shown")
	}
	var gone []weak.Pointer[note.Note]
	for _, path := range []string{day, circle} {
		gone = append(gone, weak.Make(s.View.Journal.File(path).Note))
		delete(fsys, path)
	}
	s = saved(s, fsys, day, circle)
	if text := render(t, s, "journal.html"); strings.Contains(text, "Fog.") || !strings.Contains(text, "Sun.") {
		t.Error("the page is as it was")
	}
	runtime.GC()
	for i, n := range gone {
		if n.Value() != nil {
			t.Errorf("file %d is held", i)
		}
	}
	runtime.KeepAlive(s)
}

func TestOverrides(t *testing.T) {
	const shout = "content/contacts/ada-lovelace.md"
	own := func(pairs ...string) fstest.MapFS {
		fsys := fstest.MapFS{shout: {Data: []byte("---\nevery: 1 week\n---\n")}}
		for i := 0; i < len(pairs); i += 2 {
			fsys["templates/"+pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
		}
		return fsys
	}
	build := func(t *testing.T, fsys fstest.MapFS) (*site.Site, []string) {
		theme := site.NewTheme(templates.FS, fsys)
		var told []string
		for _, p := range theme.Problems() {
			told = append(told, p.String())
		}
		return site.New(due.New(journal.Read(fsys), date(t, "2026-11-23")), theme, false), told
	}
	t.Run("none", func(t *testing.T) {
		if _, problems := build(t, own()); problems != nil {
			t.Error(problems)
		}
	})
	t.Run("copies of what is built in", func(t *testing.T) {
		built, _ := build(t, own())
		copies := own()
		for _, name := range []string{"pages/index.html", "styles/kith.css", "scripts/kith.js"} {
			text, err := fs.ReadFile(templates.FS, name)
			if err != nil {
				t.Fatal(err)
			}
			copies["templates/"+name] = &fstest.MapFile{Data: text}
		}
		s, problems := build(t, copies)
		if problems != nil {
			t.Error(problems)
		}
		for _, path := range []string{"index.html", "assets/kith.css", "assets/kith.js"} {
			if diff := cmp.Diff(render(t, built, path), render(t, s, path)); diff != "" {
				t.Errorf("%s (-built in +copied):\n%s", path, diff)
			}
		}
	})
	t.Run("a page, a partial of its own, styles and scripts", func(t *testing.T) {
		s, problems := build(t, own(
			"pages/contact.html", `{{define "main"}}<h1>Hello {{.Name}}</h1>{{template "partials/wave.html" .}}{{end}}`,
			"partials/wave.html", `<p>👋</p>`,
			"styles/mine.css", "p { color: red }",
			"scripts/mine.js", "1",
		))
		if problems != nil {
			t.Fatal(problems)
		}
		text := render(t, s, "contacts/ada-lovelace.html")
		for _, want := range []string{"<h1>Hello Ada Lovelace</h1><p>👋</p>", `href="../assets/mine.css"`, `<script src="../assets/mine.js" defer></script>`, `href="../assets/kith.css"`} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in %s", want, text)
			}
		}
		if render(t, s, "assets/mine.css") != "p { color: red }" {
			t.Error("the style sheet is not copied")
		}
		if !strings.Contains(render(t, s, "index.html"), "For today") {
			t.Error("the first page is not the built-in one")
		}
	})
	for _, tt := range []struct{ name, file, text, problem string }{
		{"syntax", "pages/contact.html", "{{define \"main\"}}\n{{if .Name}}\n{{end", "templates/pages/contact.html:3:1: error: unclosed action"},
		{"function", "pages/contact.html", "{{define \"main\"}}\n  {{shout .Name}}{{end}}", `templates/pages/contact.html:2:1: error: function "shout" not defined`},
		{"no such partial", "pages/contact.html", "{{define \"main\"}}\n  {{template \"nope\"}}{{end}}", `templates/pages/contact.html:2:14: error: no such template "nope"`},
		{"unsafe", "pages/contact.html", "{{define \"main\"}}\n<a href=\"{{end}}", "templates/pages/contact.html:1:1: error:"},
		{"no main", "pages/contact.html", "Hello", "templates/pages/contact.html:1:1: error:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, problems := build(t, own(tt.file, tt.text, "pages/due.html", `{{define "main"}}mine{{end}}`))
			if len(problems) != 1 || !strings.HasPrefix(problems[0], tt.problem) {
				t.Errorf("problems are %q, want %q", problems, tt.problem)
			}
			if !strings.Contains(render(t, s, "contacts/ada-lovelace.html"), "data-touch") {
				t.Error("the built-in page is not used")
			}
			if !strings.Contains(render(t, s, "due.html"), "mine") {
				t.Error("the good page is not used")
			}
		})
	}
	t.Run("an error when a page is made", func(t *testing.T) {
		s, problems := build(t, own("pages/contact.html", "{{define \"main\"}}\n\n  {{.Nmae}}{{end}}"))
		if problems != nil {
			t.Error(problems)
		}
		f, _ := s.File("contacts/ada-lovelace.html")
		b, err := f.Render([]byte("before"))
		var told *site.TemplateError
		if !errors.As(err, &told) || told.Problem.File != "templates/pages/contact.html" || told.Problem.Line != 3 {
			t.Errorf("the error is %v", err)
		}
		if string(b) != "before" {
			t.Errorf("half a page was written: %q", b)
		}
		render(t, s, "index.html")
	})
}

func TestStylesAskForNothing(t *testing.T) {
	text, err := templates.FS.ReadFile("styles/kith.css")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("http")) || bytes.Contains(text, []byte("@import")) {
		t.Error("the style sheet asks for something from elsewhere")
	}
}

// The page of somebody who is remembered asks nothing.
func TestMemorial(t *testing.T) {
	text := render(t, demo(t), "contacts/bernard-achterberg.html")
	for _, not := range []string{"have not heard", "reconnect", "next time", "every quarter", "turns "} {
		if strings.Contains(text, not) {
			t.Errorf("the page says %q", not)
		}
	}
	if !strings.Contains(text, "In memory.") {
		t.Error("the page does not say so")
	}
	text = render(t, newSite(t, fstest.MapFS{"content/contacts/ada.md": {Data: []byte(
		"---\nstatus: memorial\nevery: 1 week\n---\n- 2026-11-01 < letter\n- [ ] a stone for the garden by 2026-01-05\n",
	)}}), "contacts/ada.html")
	text = text[strings.Index(text, "<main"):]
	if !strings.Contains(text, "a stone for the garden") || !strings.Contains(text, ">by <time") || regexp.MustCompile(`\bdue\b[^-"]`).MatchString(text) {
		t.Errorf("the page says when a promise was due:\n%s", text)
	}
}

func TestPinned(t *testing.T) {
	view := due.New(journal.Read(small()), date(t, "2026-11-23"))
	for _, pinned := range []bool{true, false} {
		s := site.New(view, theme(t, nil), pinned)
		if got := strings.Contains(render(t, s, "index.html"), "A demo day: "); got != pinned {
			t.Errorf("pinned %v: the first page says so: %v", pinned, got)
		}
	}
}

// A year of more than a page can hold has a page for each of its months, and
// nothing is on two of them or on none.
func TestAYearTooLargeForOnePage(t *testing.T) {
	var year strings.Builder
	day := date(t, "2025-01-01")
	for i := range 1700 {
		fmt.Fprintf(&year, "- %v call with [[Bo]]: number-%d.\n", day.AddDays(i%120), i)
	}
	s := newSite(t, fstest.MapFS{
		"content/contacts/bo.md":        {Data: []byte("---\nname: Bo\n---\n- 2026-01-02 tea\n- 2025-03-01 tea\n")},
		"content/journal/2025.md":       {Data: []byte(year.String())},
		"content/journal/2025-07-01.md": {Data: []byte("A day of rest.\n")},
	})
	all := render(t, s, "journal/2025.html")
	for _, want := range []string{`href="../journal/2025-01.html">January 2025</a> <span class="when">`, `href="../journal/2025-07.html"`, "701 times on 120 days"} {
		if !strings.Contains(all, want) {
			t.Errorf("the year's page lacks %s", want)
		}
	}
	for _, month := range []string{"01", "02", "03", "04", "07"} {
		all += render(t, s, "journal/2025-"+month+".html")
	}
	for i := range 1700 {
		if n := strings.Count(all, fmt.Sprintf("number-%d.", i)); n != 1 {
			t.Fatalf("entry %d is on %d pages", i, n)
		}
	}
	if strings.Count(all, "A day of rest.") != 1 {
		t.Error("the prose of a day is not on its month's page")
	}
	if _, ok := s.File("journal/2026-01.html"); ok || !strings.Contains(render(t, s, "journal/2026.html"), "2 Jan") {
		t.Error("a small year is not on a page of its own")
	}
}

// What the first page says of the days ahead does not depend on how the site
// came to be: the lists that it is chosen from are those of a fresh site.
func TestDaysAhead(t *testing.T) {
	contact := func(lines ...string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\n" + strings.Join(lines, "\n") + "\n---\n- [ ] a word by 2027-03-07\n- [ ] a letter by 2027-03-15\n")}
	}
	fsys := fstest.MapFS{
		"content/contacts/leap.md":  contact("birthday: 2000-02-29"),
		"content/contacts/both.md":  contact("birthday: 02-27", "dates: {wedding: 1990-03-07, moved: 03-08}"),
		"content/contacts/past.md":  contact("birthday: 02-20"),
		"content/contacts/gone.md":  contact("birthday: 02-27", "status: archived"),
		"content/contacts/later.md": contact("birthday: 03-08"),
		"content/contacts/quiet.md": contact("birthday: 03-08", "snooze: 2027-02-22"),
		"content/contacts/again.md": contact("birthday: 03-08", "snooze: 2027-02-21"),
	}
	s := site.New(due.New(journal.Read(fsys), date(t, "2027-02-21")), theme(t, nil), true)
	text := render(t, s, "index.html")
	for _, want := range []string{"birthday, turns 27", "wedding, 37 years", "28 Feb, ", "27 Feb, ", "7 Mar, ", "a word", "again.html"} {
		if !strings.Contains(text, want) {
			t.Errorf("the first page does not say %q", want)
		}
	}
	for _, not := range []string{"20 Feb", "8 Mar", "a letter", "gone.html", "quiet.html"} {
		if strings.Contains(text, not) {
			t.Errorf("the first page says %q", not)
		}
	}
}
