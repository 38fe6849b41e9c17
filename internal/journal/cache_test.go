package journal

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
	"time"
)

// written returns what is written of a cache, if it is.
func written(t *testing.T, c *Cache) ([]byte, bool) {
	t.Helper()
	if !c.Stale() {
		return nil, false
	}
	var b bytes.Buffer
	n, err := c.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Errorf("%d bytes of %d, %v", n, b.Len(), err)
	}
	return b.Bytes(), true
}

func holding(data []byte) func() []byte { return func() []byte { return data } }

// The cache is never trusted over the notes.
func TestCache(t *testing.T) {
	t.Parallel()
	read := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	folder := func(change func(fstest.MapFS)) fstest.MapFS {
		fsys := fstest.MapFS{}
		for i := range worthwhile + 50 {
			fsys[fmt.Sprintf("content/contacts/p%d.md", i)] = &fstest.MapFile{
				Data: fmt.Appendf(nil, "---\nname: P %d\n---\n- 2026-11-02 call: x\n", i), ModTime: read.Add(-time.Hour),
			}
		}
		change(fsys)
		return fsys
	}
	first := OpenCache(holding(nil), "v1", read)
	first.Read(folder(func(fsys fstest.MapFS) {
		fsys["content/contacts/p1.md"].ModTime = read.Add(-time.Second)
	}))
	data, ok := written(t, first)
	if !ok {
		t.Fatal("a large journal read for the first time is not remembered")
	}
	edit := func(text string, at time.Time) func(fstest.MapFS) {
		return func(fsys fstest.MapFS) {
			fsys["content/contacts/p1.md"] = &fstest.MapFile{Data: []byte(text), ModTime: at}
		}
	}
	same := func(fstest.MapFS) {}
	all := worthwhile + 50
	for _, test := range []struct {
		name   string
		data   []byte
		key    string
		change func(fstest.MapFS)
		missed int
		text   string // of p1's entry
	}{
		{"nothing changed", data, "v1", same, 0, "x"},
		{"a note changed", data, "v1", edit("---\nname: P 1\n---\n- 2026-11-02 call: other\n", read.Add(time.Hour)), 1, "other"},
		{"a note changed in size alone", data, "v1", edit("---\nname: P 1\n---\n- 2026-11-02 call: longer\n", read.Add(-time.Second)), 1, "longer"},
		{"a note changed in the moment it was read", data, "v1", edit("---\nname: P 1\n---\n- 2026-11-02 call: y\n", read.Add(-time.Second)), 1, "y"},
		{"a note was saved and is the same", data, "v1", edit("---\nname: P 1\n---\n- 2026-11-02 call: x\n", read.Add(time.Hour)), 0, "x"},
		{"a new kind of contact", data, "v1", func(fsys fstest.MapFS) {
			fsys["kith.toml"] = &fstest.MapFile{Data: []byte("[kinds]\ntalk = [\"zoom\"]\n")}
		}, all, "x"},
		{"another version of the program", data, "v2", same, all, "x"},
		{"a torn cache", data[:len(data)/2], "v1", same, all, "x"},
		{"a damaged cache", append(data[:len(data):len(data)], 0), "v1", same, all, "x"},
		{"a foreign file", []byte("kith notes"), "v1", same, all, "x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := OpenCache(holding(test.data), test.key, read.Add(time.Minute))
			j := c.Read(folder(test.change))
			if got := j.Contact("p1").Entries[0].Text(); got != test.text {
				t.Errorf("the entry says %q, want %q", got, test.text)
			}
			if c.missed != test.missed {
				t.Errorf("%d notes were read anew, want %d", c.missed, test.missed)
			}
		})
	}
}

// A journal that was just cloned is new to the file system. That must not make
// every later command read all of it.
func TestCacheOfNewFiles(t *testing.T) {
	t.Parallel()
	read := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fsys := fstest.MapFS{}
	for i := range worthwhile {
		fsys[fmt.Sprintf("content/contacts/p%d.md", i)] = &fstest.MapFile{Data: []byte("x"), ModTime: read}
	}
	run := func(data []byte, after time.Duration) ([]byte, bool) {
		c := OpenCache(holding(data), "v1", read.Add(after))
		c.Read(fsys)
		return written(t, c)
	}
	data, _ := run(nil, 0)
	if _, ok := run(data, time.Second); ok {
		t.Error("the cache is written again, which changes nothing yet")
	}
	data, ok := run(data, time.Minute)
	if !ok {
		t.Fatal("all notes will be read at every run")
	}
	if _, ok := run(data, 2*time.Minute); ok {
		t.Error("the cache is written again and again")
	}
}

// People are found as in the journal itself, and from what is remembered as well as
// from the notes.
func TestReadPeople(t *testing.T) {
	t.Parallel()
	read := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fsys := fstest.MapFS{
		"content/circles/choir.md":     {Data: []byte("---\nname: The choir\n---\n")},
		"content/contacts/ada.md":      {Data: []byte("---\nname: Ada Lovelace\naliases: [Countess]\ncircles: [choir, chess]\nemail: ada@example.org\n---\n- 2026-11-02 call with [[p1]]: x\n")},
		"content/contacts/p1/clash.md": {Data: []byte("---\nname: P 1\n---\n")},
		"content/journal/2026.md":      {Data: []byte("- 2026-11-02 news: x\n")},
		"kith.toml":                    {Data: []byte("today = \"2026-11-23\"\n[kinds]\ntalk = [\"zoom\"]\n")},
	}
	for i := range worthwhile {
		fsys[fmt.Sprintf("content/contacts/p%d.md", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "---\nname: P %d\n---\n", i)}
	}
	for _, f := range fsys {
		f.ModTime = read.Add(-time.Hour)
	}
	whole := Read(fsys)
	first := OpenCache(holding(nil), "v1", read)
	first.ReadPeople(fsys)
	data, ok := written(t, first)
	if !ok {
		t.Fatal("a large journal read for the first time is not remembered")
	}
	again := OpenCache(holding(data), "v1", read.Add(time.Minute))
	j := again.ReadPeople(fsys)
	if again.missed > 0 {
		t.Errorf("%d notes were read anew", again.missed)
	}
	if j.Settings.Today != whole.Settings.Today || len(j.Circles) != 2 || len(j.Contacts) != len(whole.Contacts) {
		t.Errorf("%d contacts, %d circles", len(j.Contacts), len(j.Circles))
	}
	if ada := j.Contact("ada"); ada.Front().Email[0] != "ada@example.org" || ada.File.Path != "content/contacts/ada.md" || len(ada.Entries) > 0 {
		t.Errorf("Ada is %+v", ada)
	}
	for _, who := range []string{"ada", "Ada LOVELACE", "countess", "lovel", "p", "P 1", "clash", "nobody", ""} {
		want, got := whole.Find(who), j.Find(who)
		same := len(want) == len(got)
		for i := range min(len(want), len(got)) {
			same = same && want[i].Slug == got[i].Slug
		}
		if !same {
			t.Errorf("%q finds %d people, want %d", who, len(got), len(want))
		}
	}
	for slug, want := range map[string]string{"ada": "[[Ada Lovelace]]", "p1": "[[p1]]", "p2": "[[P 2]]"} {
		if got := j.Link(j.Contact(slug)); got != want {
			t.Errorf("a link to %s is %s, want %s", slug, got, want)
		}
	}
}

// Where links lead is remembered with the notes, and forgotten when somebody comes,
// goes or gets another name.
func TestCacheOfLinks(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fsys := fstest.MapFS{}
	put := func(name, text string) {
		fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: now.Add(-time.Hour)}
	}
	for i := range worthwhile {
		put(fmt.Sprintf("content/contacts/p%d.md", i), fmt.Sprintf("---\nname: P %d\n---\n- 2026-11-02 call with [[ada]]: x\n", i))
	}
	put("content/contacts/ada.md", "---\nname: Ada\ncircles: [choirs]\nphoto: ada.jpg\n---\nA friend of [[Bob]] and [[Bobb]].\n")
	put("content/contacts/bob.md", "---\nname: Bob\n---\n")
	put("content/contacts/z/ada.md", "---\nname: Another Ada\n---\n- 2026-11-02 call with [[Bob]]: x\n")
	put("content/contacts/cy.md", "---\nname: Cy\nphoto: cy.jpg\n---\n- 2026-11-02 call with [[Bob]]: x\n")
	put("content/contacts/cy.jpg", "")
	put("content/contacts/fay.md", "---\nname: Fay\n---\n- 2026-11-02 call with [[Bob]]: x\n")
	put("content/contacts/dee.md", "---\nname: Dee\n---\n- 2026-11-02 call with [[Cyy]]: x\n")
	var data []byte
	for _, change := range []struct {
		name   string
		change func()
	}{
		{"the first time", func() {}},
		{"nothing", func() {}},
		{"a text", func() { put("content/contacts/p7.md", "---\nname: P 7\n---\n[[Ada]] and [[Robert]]\n") }},
		{"somebody has another name", func() { put("content/contacts/bob.md", "---\nname: Robert\n---\n") }},
		{"nothing since", func() {}},
		{"an alias", func() { put("content/contacts/bob.md", "---\nname: Robert\naliases: [Bobb]\n---\n") }},
		{"a circle", func() { put("content/circles/choir.md", "") }},
		{"a circle has another name", func() { put("content/circles/choir.md", "---\nname: The choirs\n---\n") }},
		{"a photo", func() { put("content/contacts/ada.jpg", "") }},
		{"somebody comes", func() { put("content/contacts/bo.md", "---\nname: Bob\n---\n") }},
		{"somebody goes", func() { delete(fsys, "content/contacts/bo.md") }},
		{"no photo", func() { delete(fsys, "content/contacts/cy.jpg") }},
		{"somebody cannot be read, and another goes", func() {
			put("content/contacts/bob.md", "---\nname: [\n---\n")
			delete(fsys, "content/contacts/p8.md")
		}},
		{"and goes", func() { delete(fsys, "content/contacts/bob.md") }},
		{"one goes and another comes", func() {
			delete(fsys, "content/contacts/p9.md")
			put("content/contacts/bob.md", "---\nname: Bob\n---\n")
		}},
		{"the first of two goes", func() { delete(fsys, "content/contacts/ada.md") }},
		{"somebody comes at last", func() { put("content/contacts/eve.md", "---\nname: Eve\n---\n") }},
	} {
		now = now.Add(24 * time.Hour)
		change.change()
		c := OpenCache(holding(data), "v1", now)
		got, want := c.Read(fsys), Read(fsys)
		if again, ok := written(t, c); ok {
			data = again
		}
		if len(got.Files) != len(want.Files) || len(got.Contacts) != len(want.Contacts) {
			t.Fatalf("%s: %d files, %d contacts", change.name, len(got.Files), len(got.Contacts))
		}
		for i, f := range got.Files {
			w := want.Files[i]
			if f.Path != w.Path || f.Unused != w.Unused || !slices.Equal(f.Targets, w.Targets) || !slices.Equal(f.Shown, w.Shown) || !slices.Equal(f.Problems, w.Problems) {
				t.Errorf("%s: %s is\n%q %q %v, want\n%q %q %v", change.name, f.Path, f.Targets, f.Shown, f.Problems, w.Targets, w.Shown, w.Problems)
			}
		}
		for i, c := range got.Contacts {
			w := want.Contacts[i]
			if c.Name != w.Name || c.sortKey != w.sortKey || len(c.Entries) != len(w.Entries) || len(c.From) != len(w.From) {
				t.Errorf("%s: %s has name %q (%x), %d entries", change.name, c.Slug, c.Name, c.sortKey, len(c.Entries))
			}
		}
		if found := len(got.Find("bob")); found != len(want.Find("bob")) {
			t.Errorf("%s: bob finds %d", change.name, found)
		}
	}
	c := OpenCache(holding(data), "v1", now)
	if c.Read(fsys); !c.fits {
		t.Error("what links lead to is not remembered")
	}
}
