package journal

import (
	"bytes"
	"fmt"
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
	first := OpenCache(nil, "v1", read)
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
			c := OpenCache(test.data, test.key, read.Add(time.Minute))
			j := c.Read(folder(test.change))
			if got := j.Contact("p1").Entries[0].Entry().Text; got != test.text {
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
		c := OpenCache(data, "v1", read.Add(after))
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
	first := OpenCache(nil, "v1", read)
	first.ReadPeople(fsys)
	data, ok := written(t, first)
	if !ok {
		t.Fatal("a large journal read for the first time is not remembered")
	}
	again := OpenCache(data, "v1", read.Add(time.Minute))
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
