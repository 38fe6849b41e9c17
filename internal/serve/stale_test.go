package serve

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/publish"
	"kith/internal/site"
	"kith/internal/watch"
	"kith/templates"
)

// kept is a journal that is served and written, without the clock and the events
// that drive [Run].
type kept struct {
	*rapid.T
	fsys   fstest.MapFS
	today  civil.Date
	keeper keeper
	folder *os.Root
	output *publish.Output
}

func keep(t *rapid.T, dir string, fsys fstest.MapFS) *kept {
	k := &kept{T: t, fsys: fsys, today: civil.FromTime(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))}
	k.keeper = keeper{fsys: fsys, opts: Options{Templates: templates.FS, Today: k.day}}
	k.keeper.readTheme()
	k.keeper.read(journal.Read(fsys))
	k.keeper.server = New(fsys, k.keeper.site, k.keeper.site.Problems())
	var err error
	if k.folder, err = os.OpenRoot(dir); err != nil {
		t.Fatal(err)
	}
	k.start()
	return k
}

func (k *kept) day(s journal.Settings) (civil.Date, bool) {
	if !s.Today.IsZero() {
		return s.Today, true
	}
	return k.today, false
}

// start writes to public/ as a new process does.
func (k *kept) start() {
	k.output = publish.New(k.folder, k.fsys)
	k.output.Shared = k.keeper.server.render
}

func (k *kept) publish() {
	if _, err := k.output.Publish(context.Background(), k.keeper.site.Files(), k.keeper.server.lookedAt()); err != nil {
		k.Fatal(err)
	}
}

// ask returns what the server answers, as a build writes it.
func (k *kept) ask(address string) (status int, page string) {
	front := httptest.NewRequest("GET", "http://127.0.0.1:5484/"+address, nil)
	front = front.WithContext(context.WithValue(front.Context(), http.LocalAddrContextKey, localAddr{}))
	answer := httptest.NewRecorder()
	k.keeper.server.ServeHTTP(answer, front)
	return answer.Code, liveTags.ReplaceAllString(answer.Body.String(), "")
}

var liveTags = regexp.MustCompile(`<link[^>]*/_kith/[^>]*>|<script[^>]*/_kith/[^>]*></script>`)

type localAddr struct{}

func (localAddr) Network() string { return "tcp" }
func (localAddr) String() string  { return "127.0.0.1:5484" }

// clean returns the pages of a clean build; false if a note or a template is in
// error.
func (k *kept) clean() (map[string]string, bool) {
	j := journal.Read(k.fsys)
	today, pinned := k.day(j.Settings)
	s := site.New(due.New(j, today), site.NewTheme(templates.FS, k.fsys), pinned)
	if len(errorsOf(s.Problems())) > 0 {
		return nil, false
	}
	pages := map[string]string{}
	for _, f := range s.Files() {
		b, err := f.Render(nil)
		if f.Source != "" {
			b, err = fs.ReadFile(k.fsys, f.Source)
		}
		if err != nil {
			return nil, false
		}
		pages[f.Path] = string(b)
	}
	return pages, true
}

// edit changes the journal in a random way, and returns the paths that changed.
func (k *kept) edit() []string {
	contacts := []string{"content/contacts/ada.md", "content/contacts/work/bob.md", "content/contacts/Bob.md", "content/contacts/zoë.md", "content/contacts/cy.md"}
	put := func(name, text string) []string {
		k.fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Now()}
		return []string{name}
	}
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(k.T, label) }
	switch what := pick("what", "note", "note", "note", "key", "key", "line", "line", "remove", "rename", "circle", "circle", "journal", "settings", "theme", "photo"); what {
	case "note":
		front := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
			"name: Ada", "name: Bob", "aliases: [Bo]", "every: 2 weeks", "every: 1 year", "every: never", "circles: [friends]", "circles: [friends, work]",
			"tags: [sea]", "met: 2026-01-02", "via: '[[Bob]]'", "birthday: 11-24", "snooze: 2026-12-01", "status: archived", "photo: ada.jpg", "needs: [a boat]", "name: [",
		}), 0, 5, func(s string) string { return strings.SplitN(s, ":", 2)[0] }).Draw(k.T, "front")
		return put(pick("contact", contacts...), "---\n"+strings.Join(front, "\n")+"\n---\n"+lines(k.T))
	case "key": // one alone, in a note that is there: nothing else is another
		name, key := pick("contact", contacts...), pick("key", "snooze", "every", "every", "circles")
		if k.fsys[name] == nil {
			return put(name, lines(k.T))
		}
		var text strings.Builder
		for line := range strings.Lines(string(k.fsys[name].Data)) {
			if !strings.HasPrefix(line, key+":") {
				text.WriteString(line)
			}
		}
		values := map[string][]string{
			"snooze":  {"2026-11-24", "2026-12-01", "2026-12-02", "2027-02-01"},
			"every":   {"2 weeks", "2 weeks", "1 month"}, // as a circle and the settings say, too
			"circles": {"[friends]", "[work]"},
		}
		after, fenced := strings.CutPrefix(text.String(), "---\n")
		if value := pick("value", append(values[key], "")...); value != "" && fenced {
			after = key + ": " + value + "\n" + after
		}
		if fenced {
			after = "---\n" + after
		}
		return put(name, after)
	case "line":
		name := pick("contact", contacts...)
		if k.fsys[name] != nil {
			return put(name, string(k.fsys[name].Data)+"\n"+lines(k.T))
		}
		return put(name, lines(k.T))
	case "remove", "rename":
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(k.fsys))).Draw(k.T, "name")
		was := k.fsys[name]
		delete(k.fsys, name)
		if what == "rename" && strings.HasPrefix(name, "content/contacts/") {
			to := pick("to", contacts...)
			k.fsys[to] = was
			return []string{name, to}
		}
		return []string{name}
	case "circle":
		return put(pick("circle", "content/circles/friends.md", "content/circles/friends.md", "content/circles/work.md"),
			pick("text", "---\nevery: 1 week\n---\n", "---\nevery: 2 weeks\n---\n", "---\nevery: 3 months\n---\nOld [[Ada]].\n", "---\nevery: never\n---\n", "---\nname: Pals\n---\n"))
	case "journal":
		return put(pick("file", "content/journal/2026-11-20.md", "content/journal/log.md"), lines(k.T))
	case "settings":
		return put("kith.toml", pick("settings", "", "title = \"Friends\"", "daily = 1", "every = \"1 month\"", "every = \"2 weeks\"", "[kinds]\ntalk = [\"zoom\"]", "today = \"2026-12-24\"", "daily = \"x\""))
	case "theme":
		return put("templates/pages/contact.html", pick("template", `{{define "main"}}Dear {{.Name}}{{end}}`, `{{define "main"}}{{if}}`, `{{define "main"}}{{.Nope}}{{end}}`))
	}
	return put("content/contacts/ada.jpg", pick("picture", "one", "two"))
}

func lines(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
		"- 2026-11-22 call with [[Bob]]: on the boat #sea", "- 2026-11-23 > letter: sent", "- 2026-11-01 < letter: hers", "- 2026-10-05 zoom [[Zoë]]: x",
		"- 2025-03-01 call got #sea: help", "- 2026-11-21 news #sea: I sail", "- [ ] a map by 2026-11-25", "- [?] how [[Ada]] is", "See [[Bo]] and [[Cy]].", "## 2026-11-19",
		"- zoom with [[Ada]]: hello", "- > [[Bob]]", "- [ ] mend the boat", "## Plain",
	}), 0, 4).Draw(t, "lines"), "\n") + "\n"
}

// After any sequence of edits, additions, removals, renames, changes of settings,
// of the theme and of the day, and of breaking and mending, what the server answers
// and what is in public/ is what a clean build makes, byte for byte; while
// something is in error, the server goes on.
func TestNothingIsEverStale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		k := keep(rt, dir, fstest.MapFS{
			"content/contacts/ada.md":     {Data: []byte(ada + "- 2026-10-01 call got: x\n")},
			"content/contacts/cy.md":      {Data: []byte("---\ncircles: [friends]\n---\nKnows [[Ada Lovelace]].\n")},
			"content/circles/friends.md":  {Data: []byte("---\nevery: 2 weeks\n---\n")},
			"content/journal/2026-11.md":  {Data: []byte("- 2026-11-02 tea with [[Ada Lovelace]]: #sea\n")},
			"content/contacts/other.jpeg": {Data: []byte("x")},
		})
		defer k.folder.Close()
		k.publish()
		known := map[string]bool{} // every page there ever was
		for range rapid.IntRange(1, 5).Draw(rt, "rounds") {
			var batch watch.Batch
			for range rapid.IntRange(0, 3).Draw(rt, "edits") {
				batch.Paths = append(batch.Paths, k.edit()...)
			}
			slices.Sort(batch.Paths)
			batch.Paths = slices.Compact(batch.Paths)
			switch rapid.SampledFrom([]string{"files", "files", "folders", "all"}).Draw(rt, "told") {
			case "folders":
				for i, name := range batch.Paths {
					if dir := path.Dir(name); dir != "." {
						batch.Paths[i] = dir
					}
				}
			case "all":
				batch = watch.Batch{All: true}
			}
			if len(batch.Paths) == 0 && !batch.All { // a night
				k.today = k.today.AddDays(rapid.IntRange(1, 40).Draw(rt, "days"))
			}
			copied := false
			if k.keeper.newDay() {
				k.keeper.read(k.keeper.site.View.Journal)
			}
			if len(batch.Paths) > 0 || batch.All {
				copied = k.keeper.reread(batch)
			}
			k.keeper.server.Update(k.keeper.site, k.keeper.site.Problems(), copied)

			want, ok := k.clean()
			if !ok {
				if status, _ := k.ask("index.html"); status != http.StatusOK {
					rt.Fatalf("after %v, while something is in error, the first page is answered with %d", batch, status)
				}
				continue
			}
			k.compare(batch, want, known)
			if rapid.IntRange(0, 4).Draw(rt, "restart") == 0 {
				k.start()
			}
			k.publish()
			k.compare(batch, want, known) // now from public/
			if wrong := differs(os.DirFS(dir), want); wrong != "" {
				rt.Fatalf("after %v, public/ %s", batch, wrong)
			}
		}
	})
}

// compare asks for every page there is or was.
func (k *kept) compare(batch watch.Batch, want map[string]string, known map[string]bool) {
	for name := range want {
		known[name] = true
	}
	for name := range known {
		text, there := want[name]
		status, got := k.ask((&url.URL{Path: name}).EscapedPath())
		switch {
		case !there && status != http.StatusNotFound:
			k.Fatalf("after %v, %s is gone, and is answered with %d", batch, name, status)
		case there && (status != http.StatusOK || got != text):
			k.Fatalf("after %v, %s is answered with %d and\n%s\nwant\n%s", batch, name, status, got, text)
		}
	}
}

// differs says in what a folder is not what was wanted.
func differs(public fs.FS, want map[string]string) (wrong string) {
	left := maps.Clone(want)
	_ = fs.WalkDir(public, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, ".kith-") {
			return err
		}
		if got, err := fs.ReadFile(public, name); err != nil || left[name] != string(got) {
			wrong = fmt.Sprintf("has another %s (%v)", name, err)
		}
		delete(left, name)
		return nil
	})
	for name := range left {
		wrong = "lacks " + name
	}
	return wrong
}
