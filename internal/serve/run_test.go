package serve

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/site"
	"kith/templates"
)

// running is a journal that is served.
type running struct {
	*testing.T
	dir    string
	at     *url.URL
	events *stream
	tick   chan time.Time // what the server waits for
	waits  chan time.Duration
	stop   func() error // and what Run returned

	mu  sync.Mutex
	now time.Time
	log []string
}

func run(t *testing.T, pairs ...string) *running {
	t.Helper()
	k := &running{
		T: t, dir: t.TempDir(), tick: make(chan time.Time), waits: make(chan time.Duration, 100),
		now: time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC),
	}
	k.write("content/contacts/ada.md", ada)
	for i := 0; i < len(pairs); i += 2 {
		k.write(pairs[i], pairs[i+1])
	}
	root, err := os.OpenRoot(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })

	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- Run(ctx, Options{
			Journal: root, Templates: templates.FS, Addr: "127.0.0.1:0",
			Now: k.clock,
			Today: func(s journal.Settings) (civil.Date, bool) {
				if !s.Today.IsZero() {
					return s.Today, true
				}
				return civil.FromTime(k.clock()), false
			},
			Ready: func(url string) { ready <- url },
			Log: func(format string, args ...any) {
				k.mu.Lock()
				defer k.mu.Unlock()
				k.log = append(k.log, fmt.Sprintf(format, args...))
			},
			after: func(d time.Duration) <-chan time.Time {
				k.waits <- d
				return k.tick
			},
		})
	}()
	k.stop = sync.OnceValue(func() error {
		start := time.Now()
		cancel()
		err := <-done
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("stopping took %v", took)
		}
		if k.events != nil {
			for range k.events.events { // until the stream has ended
			}
		}
		for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before+2; runtime.Gosched() {
			if time.Now().After(deadline) {
				stacks := make([]byte, 1<<20)
				t.Errorf("goroutines are left:\n%s", stacks[:runtime.Stack(stacks, true)])
				break
			}
		}
		return err
	})
	t.Cleanup(func() { k.stop() })
	select {
	case at := <-ready:
		if k.at, err = url.Parse(at); err != nil || !strings.HasSuffix(at, "/") {
			t.Fatalf("ready at %q: %v", at, err)
		}
		k.at.Path = ""
	case err := <-done:
		done <- err
		t.Fatal(err)
	}
	k.events = listenTo(t, k.at)
	k.events.next()
	return k
}

func (k *running) clock() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *running) setClock(now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = now
}

// write saves a file.
func (k *running) write(name, text string) {
	k.Helper()
	at := filepath.Join(k.dir, name)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		k.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		k.Fatal(err)
	}
}

func (k *running) page(path string) string {
	k.Helper()
	_, body := ask(k.T, k.at, "GET", path)
	return body
}

// until waits, from one update to the next, until a page is as wanted.
func (k *running) until(path string, ok func(page string) bool) {
	k.Helper()
	for !ok(k.page(path)) {
		k.events.next()
	}
}

func holds(text string) func(string) bool {
	return func(page string) bool { return strings.Contains(page, text) }
}

func lacks(text string) func(string) bool {
	return func(page string) bool { return !strings.Contains(page, text) }
}

// clear puts a folder that kith may be writing to into the bin, in one step, as
// a desktop does: whoever removes it file by file comes upon new ones.
func (k *running) clear(folder string) {
	k.Helper()
	if err := os.Rename(filepath.Join(k.dir, folder), filepath.Join(k.TempDir(), "bin")); err != nil {
		k.Fatal(err)
	}
}

// published waits until public/ holds what is served.
func (k *running) published() {
	k.Helper()
	root, err := os.OpenRoot(k.dir)
	if err != nil {
		k.Fatal(err)
	}
	defer root.Close()
	j := journal.Read(root.FS())
	theme := site.NewTheme(templates.FS, root.FS())
	today, pinned := civil.FromTime(k.clock()), false
	if !j.Settings.Today.IsZero() {
		today, pinned = j.Settings.Today, true
	}
	s := site.New(due.New(j, today), theme, pinned)
	deadline := time.Now().Add(20 * time.Second)
	for {
		wrong := k.compare(s)
		if wrong == "" {
			return
		}
		if time.Now().After(deadline) {
			k.Fatalf("public/ is not what it should be: %s; log: %v", wrong, k.log)
		}
		runtime.Gosched()
	}
}

// compare says in what public/ and a site differ.
func (k *running) compare(s *site.Site) string {
	public := os.DirFS(filepath.Join(k.dir, publicFolder))
	left := map[string]bool{}
	_ = fs.WalkDir(public, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(name, ".kith-") {
			left[name] = true
		}
		return nil
	})
	for _, f := range s.Files() {
		var want []byte
		var err error
		if f.Source != "" {
			want, err = os.ReadFile(filepath.Join(k.dir, f.Source))
		} else {
			want, err = f.Render(nil)
		}
		got, err2 := os.ReadFile(filepath.Join(k.dir, publicFolder, f.Path))
		if err != nil || err2 != nil || string(want) != string(got) {
			return fmt.Sprint(f.Path, " ", err, " ", err2)
		}
		delete(left, f.Path)
	}
	for name := range left {
		return name + " is left over"
	}
	return ""
}

func TestRun(t *testing.T) {
	k := run(t, "content/contacts/photo.jpg", "one")
	k.published()

	// Somebody works on the journal.
	k.write("content/contacts/ada.md", ada+"\nShe plays the harp.\n")
	k.until("/contacts/ada", holds("plays the harp"))
	k.write("content/contacts/new/grace.md", "---\nname: Grace Hopper\nevery: 2 weeks\n---\nA friend of [[Ada Lovelace]].\n")
	k.until("/contacts", holds("Grace Hopper"))
	k.until("/", holds("Grace Hopper"))
	k.until("/contacts/ada", holds("grace.html"))
	k.published()
	k.write("kith.toml", "title = \"Friends\"\n")
	k.until("/", holds("Friends"))
	k.write("templates/pages/contact.html", `{{define "main"}}<h1>Dear {{.Name}}</h1>{{end}}`)
	k.until("/contacts/grace", holds("Dear Grace Hopper"))
	k.write("content/contacts/photo.jpg", "two")
	k.until("/contacts/photo.jpg", holds("two"))
	k.published()
	if err := os.RemoveAll(filepath.Join(k.dir, "content/contacts/new")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(k.dir, "templates")); err != nil {
		t.Fatal(err)
	}
	k.until("/contacts/grace", lacks("Dear"))
	k.until("/contacts", lacks("Grace"))
	k.until("/contacts/ada", holds("plays the harp"))
	k.published()

	// Somebody clears up.
	k.clear(publicFolder)
	k.write("content/contacts/ada.md", ada)
	k.until("/contacts/ada", lacks("harp"))
	k.published()

	if err := k.stop(); err != nil {
		t.Error(err)
	}
	if len(k.log) > 0 {
		t.Errorf("log %q", k.log)
	}
	k.published()
}

// A note that cannot be read stops nothing, is told on the open page, and the
// page stays as it was until the note is mended.
func TestRunBrokenNote(t *testing.T) {
	k := run(t, "content/contacts/grace.md", "---\nname: Grace Hopper\n---\nFirst.\n")
	k.write("content/contacts/grace.md", "---\nname: [Grace Hopper\n---\nSecond.\n")
	for _, path := range []string{"/", "/contacts/ada", "/contacts/grace"} {
		k.until(path, func(page string) bool {
			return strings.Contains(cut(page, `id="kith-notice"`, "</details></div>"), "content/contacts/grace.md:3:1")
		})
	}
	if page := k.page("/contacts/grace"); !strings.Contains(page, "Grace Hopper") || !strings.Contains(page, "First.") {
		t.Errorf("the page did not stay:\n%s", page)
	}
	k.write("content/contacts/ada.md", ada+"Others go on.\n")
	k.until("/contacts/ada", holds("Others go on"))
	k.write("content/contacts/grace.md", "---\nname: Grace Hopper\n---\nThird.\n")
	for _, path := range []string{"/", "/contacts/ada", "/contacts/grace"} {
		k.until(path, lacks("kith-notice"))
	}
	k.until("/contacts/grace", holds("Third."))
	k.published()
}

// A template that cannot be read is replaced by the built-in one until it is
// mended.
func TestRunBrokenTemplate(t *testing.T) {
	k := run(t)
	k.write("templates/pages/contact.html", "{{define \"main\"}}\n{{if}}")
	k.until("/", holds("templates/pages/contact.html:2"))
	k.until("/contacts/ada", holds("Prefers letters"))
	k.write("templates/pages/contact.html", `{{define "main"}}Dear {{.Name}}{{end}}`)
	k.until("/contacts/ada", holds("Dear Ada"))
	k.until("/", lacks("kith-notice"))
}

// Whatever a zone makes of midnight, the clock is looked at when the day begins, and once
// a minute at the most.
func TestWhenTheClockIsLookedAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, from, day string }{
		{"UTC", "2026-11-23 22:00:30", "2026-11-24 00:00:00"},
		{"America/Santiago", "2026-09-05 22:00:30", "2026-09-06 01:00:00"},   // where midnight is left out
		{"Asia/Beirut", "2026-03-28 22:00:30", "2026-03-29 01:00:00"},        // and here
		{"America/Havana", "2026-10-31 22:00:30", "2026-11-01 00:00:00"},     // and here comes twice
		{"Asia/Kathmandu", "2026-11-23 22:00:30.5", "2026-11-24 00:00:00"},   // no whole hours from UTC
		{"America/Santiago", "2026-04-04 22:00:30.5", "2026-04-05 00:00:00"}, // an hour of which comes twice
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err) // Go brings the zones along
		}
		now, err := time.ParseInLocation(time.DateTime, c.from, zone)
		if err != nil {
			t.Fatal(err)
		}
		k := keeper{opts: Options{Now: func() time.Time { return now }}}
		looks := 0
		for began := now; civil.FromTime(now) == civil.FromTime(began); looks++ {
			now = now.Add(k.untilTick())
		}
		if got := now.Format(time.DateTime); got != c.day || looks > 4*60 {
			t.Errorf("%s: the day changes at %s after %d looks, want %s", c.zone, got, looks, c.day)
		}
	}
}

func TestRunDayChange(t *testing.T) {
	k := run(t)
	nextWait := func(want time.Duration) {
		t.Helper()
		if got := <-k.waits; got != want {
			t.Errorf("waits %v, want %v", got, want)
		}
	}
	day := func(d int, hour, minute, second int) time.Time {
		return time.Date(2026, 11, d, hour, minute, second, 0, time.UTC)
	}
	nextWait(time.Minute) // it is ten in the evening
	k.setClock(day(23, 23, 59, 30))
	k.tick <- k.clock()
	nextWait(30 * time.Second)
	if page := k.page("/"); !strings.Contains(page, "2026-11-23") {
		t.Errorf("before midnight:\n%s", page)
	}
	k.setClock(day(24, 0, 0, 0))
	k.tick <- k.clock()
	k.until("/", holds("2026-11-24"))
	nextWait(time.Minute)

	// After a sleep, who looks at the site need not wait for the tick.
	k.setClock(day(27, 9, 0, 0))
	k.until("/", holds("2026-11-27"))
	k.published()

	// A pinned day does not change.
	k.write("kith.toml", "today = \"2026-11-23\"\n")
	k.until("/", holds("2026-11-23"))
	k.until("/", holds("A demo day"))
	k.setClock(day(28, 9, 0, 0))
	k.tick <- k.clock()
	nextWait(time.Minute)
	k.published()
	k.write("kith.toml", "")
	k.until("/", holds("2026-11-28"))
	k.until("/", lacks("A demo day"))
	k.published()
}

// What is in public/ and is not kith's is named, once, and left alone.
func TestRunForeign(t *testing.T) {
	k := run(t, "public/CNAME", "example.org", "public/index.html", "mine", "public/.gitkeep", "")
	k.write("content/contacts/ada.md", ada+"More.")
	k.until("/contacts/ada", holds("More."))
	k.until("/", lacks("mine"))
	path := filepath.Join(k.dir, publicFolder, "contacts/ada.html")
	for deadline := time.Now().Add(20 * time.Second); ; runtime.Gosched() {
		if b, _ := os.ReadFile(path); strings.Contains(string(b), "More.") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("public/ was not written")
		}
	}
	k.stop()
	slices.Sort(k.log)
	want := []string{
		"public/CNAME was not written by kith: it is left alone",
		"public/index.html was not written by kith: it is left alone, and what belongs there is not written",
	}
	if !slices.Equal(k.log, want) {
		t.Errorf("log %q, want %q", k.log, want)
	}
	for name, want := range map[string]string{"CNAME": "example.org", "index.html": "mine"} {
		if b, err := os.ReadFile(filepath.Join(k.dir, publicFolder, name)); string(b) != want {
			t.Errorf("%s holds %q, %v", name, b, err)
		}
	}
}

// public/ as a link is followed to no other place.
func TestRunPublicIsALink(t *testing.T) {
	outside := t.TempDir()
	testPublicIsALink(t, outside, outside)
}

func TestRunPublicIsALinkToTheNotes(t *testing.T) {
	k := testPublicIsALink(t, "content", "")
	if entries, err := os.ReadDir(filepath.Join(k.dir, "content")); len(entries) > 3 || err != nil {
		t.Errorf("written among the notes: %v, %v", entries, err)
	}
}

func testPublicIsALink(t *testing.T, to, outside string) *running {
	t.Helper()
	k := run(t)
	k.published()
	k.clear(publicFolder)
	if err := os.Symlink(to, filepath.Join(k.dir, publicFolder)); err != nil {
		t.Fatal(err)
	}
	k.write("content/contacts/ada.md", ada+"More.")
	k.until("/contacts/ada", holds("More."))
	for deadline := time.Now().Add(20 * time.Second); ; runtime.Gosched() {
		k.mu.Lock()
		told := len(k.log) > 0
		k.mu.Unlock()
		if told {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody said that public/ cannot be written")
		}
	}
	if outside == "" {
		return k
	}
	if entries, err := os.ReadDir(outside); len(entries) > 0 || err != nil {
		t.Errorf("written outside the journal: %v, %v", entries, err)
	}
	return k
}

// publisherOf returns the folder of a journal, and what writes all of a site into its
// public/.
func publisherOf(t *testing.T, server *Server) (*os.Root, func(*site.Site)) {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	p := &publisher{opts: Options{Journal: root, Log: t.Logf}, fsys: folder.New(root), server: server, named: map[string]bool{}}
	t.Cleanup(p.close)
	calmed := make(chan struct{})
	close(calmed)
	return root, func(s *site.Site) { p.publish(t.Context(), s, calmed) }
}

// A page that is open is written as it was rendered for who has it open.
func TestOpenPagesAreShared(t *testing.T) {
	fsys := files()
	server, at := serverOf(t, fsys)
	ask(t, at, "GET", "/contacts")
	s := server.now.Load().site
	f, _ := s.File("contacts.html")
	server.pages = cache{}
	_, now, _ := server.pages.begin(f.Path, f.Inputs)
	now.page, now.err = []byte("as it was rendered"), nil
	server.pages.end(f.Path, now)

	root, publish := publisherOf(t, server)
	publish(s)
	if page, err := root.ReadFile("public/contacts.html"); string(page) != "as it was rendered" {
		t.Errorf("public/ has %q (%v)", page, err)
	}
}

// Many saves in a row: the end of it is what counts.
func TestRunManySaves(t *testing.T) {
	k := run(t)
	for i := range 50 {
		k.write(fmt.Sprintf("content/contacts/person-%d.md", i%20), fmt.Sprintf("---\nname: Person %d\n---\nSave %d of [[Ada Lovelace]].\n", i%20, i))
	}
	for i := 30; i < 50; i++ {
		k.until(fmt.Sprintf("/contacts/person-%d", i%20), holds(fmt.Sprintf("Save %d of", i)))
	}
	k.published()
}

func TestRunRefuses(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	err = Run(t.Context(), Options{Journal: root, Templates: templates.FS, Addr: "0.0.0.0:80"})
	if err == nil || !strings.Contains(err.Error(), "this machine only") {
		t.Error(err)
	}
}

// A file of the theme that is saved without a change makes nothing new.
func TestReadTheme(t *testing.T) {
	fsys := fstest.MapFS{"templates/styles/own.css": {Data: []byte("a{}")}}
	k := keeper{fsys: fsys, opts: Options{Templates: templates.FS}}
	k.readTheme()
	first := k.theme
	k.readTheme()
	if k.theme != first {
		t.Error("another theme, and nothing changed")
	}
	fsys["templates/styles/own.css"] = &fstest.MapFile{Data: []byte("b{}")}
	k.readTheme()
	if k.theme == first {
		t.Error("the same theme, and something changed")
	}
}

// What could not be written, as to a full disk, is written as soon as it can be, without
// another save.
func TestWritesWhatCouldNotBeWritten(t *testing.T) {
	t.Parallel()
	k := run(t, "content/contacts/ada.md", "x\n", publicFolder, "in the way")
	for told := false; !told; runtime.Gosched() {
		k.mu.Lock()
		told = len(k.log) > 0
		k.mu.Unlock()
	}
	if err := os.Remove(filepath.Join(k.dir, publicFolder)); err != nil {
		t.Fatal(err)
	}
	k.published()
}
