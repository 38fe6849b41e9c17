package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
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
		{"a damaged cache", slices.Concat(data[:len(data)/2], []byte{data[len(data)/2] + 1}, data[len(data)/2+1:]), "v1", same, all, "x"},
		{"a cache with something after it", append(data[:len(data):len(data)], 0), "v1", same, all, "x"},
		{"a cache that is twice there", slices.Concat(data, data), "v1", same, all, "x"},
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

// Whoever made something of the journal that is remembered has it again, and the one
// there is now shares with it all that is the same. What is added to the cache is
// worth as much as one that is written anew.
func TestReadAfter(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fsys := fstest.MapFS{}
	put := func(name, text string) { fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: now} }
	for i := range worthwhile + 20 {
		put(fmt.Sprintf("content/contacts/p%d.md", i), fmt.Sprintf("---\nname: P %d\n---\n- 2026-11-02 call with [[P 7]]: x\n", i))
	}
	var data []byte
	var last *Journal
	name, added := "", 0
	for round := range 200 {
		now = now.Add(time.Duration(r.IntN(4)) * time.Second)
		p := fmt.Sprintf("content/contacts/p%d.md", r.IntN(10))
		switch r.IntN(12) {
		case 0:
			delete(fsys, p)
		case 1:
			put("content/contacts/p7.jpg", "x")
		case 2:
			delete(fsys, "content/contacts/p7.jpg")
		case 3:
			put("kith.toml", fmt.Sprintf("every = \"%d weeks\"\n", 1+r.IntN(9)))
		case 4:
			put("content/contacts/x.MD", "")
		case 5:
			put(p, "---\nname: [\n---\n")
		case 6:
			put(p, "---\nname: P 7\nphoto: p7.jpg\n---\n")
		case 7:
			put("kith.toml", "[kinds]\ntalk = [\"zoom\"]\n")
		case 8: // two processes write at the same time
			data = append(data[:len(data):len(data)], data[len(data)-min(100, len(data)):]...)
		default:
			put(p, fmt.Sprintf("---\nname: P 7\n---\n- 2026-11-02 call with [[p%d]]: x\n", r.IntN(worthwhile)))
		}
		c := OpenCache(holding(data), "v1", now)
		was, is := c.ReadAfter(name, fsys)
		if (was != nil) != (last != nil && name == c.had.name && sameKinds(last.Settings.Kinds, is.Settings.Kinds)) {
			t.Fatalf("round %d: a journal of before is there: %v", round, was != nil)
		}
		if was != nil {
			wantSame(t, was, last)
			for _, f := range is.Files {
				if old := was.File(f.Path); old != nil && old.Source == f.Source && old.Note != f.Note && !f.Broken {
					t.Errorf("round %d: %s is not shared", round, f.Path)
				}
			}
		}
		fresh := Read(fsys)
		wantSame(t, is, fresh)
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
		if c.Behind() || c.Stale() {
			var b bytes.Buffer
			if c.Adds() {
				added++
				b.Write(data)
				_, _ = c.AddTo(&b)
			} else {
				_, _ = c.WriteTo(&b)
			}
			data = b.Bytes()
		}
		if last, name = fresh, c.Name(); name == "" {
			t.Fatalf("round %d: the journal is not remembered", round)
		}
		anew := OpenCache(holding(nil), "v1", now.Add(time.Hour))
		anew.Read(fsys)
		if _, _ = anew.WriteTo(io.Discard); anew.Name() != name {
			t.Fatalf("round %d: the same journal has the names %s and %s", round, anew.Name(), name)
		}
	}
	if added < 30 {
		t.Errorf("the cache was added to %d times", added)
	}
}

// wantSame fails unless two journals say the same.
func wantSame(t *testing.T, got, want *Journal) {
	t.Helper()
	if len(got.Files) != len(want.Files) || len(got.Contacts) != len(want.Contacts) || got.Settings.Every != want.Settings.Every ||
		!slices.Equal(got.Attachments, want.Attachments) || !slices.Equal(got.Problems(), want.Problems()) {
		t.Errorf("%d files, %d people, %v, %v\nwant %d, %d, %v, %v", len(got.Files), len(got.Contacts), got.Attachments, got.Problems(),
			len(want.Files), len(want.Contacts), want.Attachments, want.Problems())
		return
	}
	for i, f := range got.Files {
		w := want.Files[i]
		if f.Path != w.Path || f.Source != w.Source || f.Unused != w.Unused || !slices.Equal(f.Targets, w.Targets) || !slices.Equal(f.Shown, w.Shown) {
			t.Errorf("%s is %q %q, want %s %q %q", f.Path, f.Source, f.Targets, w.Path, w.Source, w.Targets)
		}
	}
	for i, c := range got.Contacts {
		w := want.Contacts[i]
		if c.Name != w.Name || c.sortKey != w.sortKey || c.Cadence != w.Cadence || c.CadenceFrom != w.CadenceFrom || len(c.Entries) != len(w.Entries) || len(c.From) != len(w.From) {
			t.Errorf("%s is %q (%x), %v, %d entries from %d", c.Slug, c.Name, c.sortKey, c.Cadence, len(c.Entries), len(c.From))
		}
	}
}

// Two processes that add to a cache at the same time do not mislead a third: what the
// second says is about a cache that is no more.
func TestCacheAddedToAtTheSameTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fsys := fstest.MapFS{}
	put := func(name, text string) {
		fsys["content/contacts/"+name+".md"] = &fstest.MapFile{Data: []byte(text), ModTime: now.Add(-time.Hour)}
	}
	for i := range worthwhile {
		put(fmt.Sprint("p", i), "one")
	}
	var data bytes.Buffer
	c := OpenCache(holding(nil), "v1", now)
	c.Read(fsys)
	if _, err := c.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	first, second := OpenCache(holding(data.Bytes()), "v1", now), OpenCache(holding(data.Bytes()), "v1", now)
	put("p1", "two!")
	first.Read(fsys)
	put("p2", "two!")
	second.Read(fsys)
	both := bytes.Clone(data.Bytes())
	for _, c := range []*Cache{first, second} {
		if !c.Adds() {
			t.Fatal("all is to be written anew")
		}
		var b bytes.Buffer
		if _, err := c.AddTo(&b); err != nil {
			t.Fatal(err)
		}
		both = append(both, b.Bytes()...)
	}
	third := OpenCache(holding(both), "v1", now)
	was, is := third.ReadAfter(first.Name(), fsys)
	if was == nil || was.Contact("p1").File.Source != "two!" || was.Contact("p2").File.Source != "one" || is.Contact("p2").File.Source != "two!" {
		t.Errorf("the journal of the first one is %+v", was)
	}
	if third.Adds() {
		t.Error("something is to be added after what cannot be read")
	}
	third = OpenCache(holding(both), "v1", now)
	if was, _ := third.ReadAfter(second.Name(), fsys); was != nil {
		t.Error("the second one is believed")
	}
}

// What is added to a cache does not come to be much beside the rest, whatever it is.
func TestCacheIsWrittenAnew(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, change := range map[string]func(fsys fstest.MapFS, round int){
		"a note": func(fsys fstest.MapFS, round int) {
			fsys["content/contacts/p7.md"] = &fstest.MapFile{Data: fmt.Append(nil, "round ", round), ModTime: now}
		},
		"a photo among many": func(fsys fstest.MapFS, round int) {
			for i := range 2000 {
				fsys[fmt.Sprintf("content/contacts/photo-of-%d-%d.jpg", i, round)] = &fstest.MapFile{}
			}
		},
	} {
		fsys := fstest.MapFS{}
		for i := range worthwhile {
			fsys[fmt.Sprintf("content/contacts/p%d.md", i)] = &fstest.MapFile{Data: []byte("one"), ModTime: now.Add(-time.Hour)}
		}
		var data []byte
		most, anew := 0, 0
		for round := range 200 {
			now = now.Add(time.Minute)
			change(fsys, round%3)
			c := OpenCache(holding(data), "v1", now)
			c.Read(fsys)
			var b bytes.Buffer
			switch {
			case !c.Behind() && !c.Stale():
				continue
			case c.Adds():
				b.Write(data)
				_, _ = c.AddTo(&b)
			default:
				anew++
				_, _ = c.WriteTo(&b)
			}
			data = b.Bytes()
			fresh, whole := OpenCache(holding(nil), "v1", now), bytes.Buffer{}
			fresh.Read(fsys)
			_, _ = fresh.WriteTo(&whole)
			most = max(most, 100*len(data)/whole.Len())
		}
		if anew < 2 || most > 250 {
			t.Errorf("%s: the cache is written anew %d times, and takes up to %d%% of one that is", name, anew, most)
		}
	}
}

// Whatever is in the file of a cache, with its sum or without, nobody is stopped by it.
func FuzzCacheFile(f *testing.F) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fsys := fstest.MapFS{
		"kith.toml":                {Data: []byte("title = \"Ours\"\n")},
		"content/contacts/ada.md":  {Data: []byte("---\nname: Ada\n---\n- 2026-11-02 call with [[Bob]]: x\n")},
		"content/contacts/bob.md":  {Data: []byte("---\nname: Bob\n---\n")},
		"content/contacts/b.jpg":   {},
		"content/contacts/ada.MD":  {},
		"content/journal/notes.md": {Data: []byte("Fog.\n")},
	}
	c := OpenCache(holding(nil), "", now)
	c.Read(fsys)
	var b bytes.Buffer
	_, _ = c.WriteTo(&b)
	head := len(appendText([]byte(cacheMagic), ""))
	f.Add(b.Bytes()[head : b.Len()-blockEnd])
	f.Add([]byte{0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, block []byte) {
		data := append(appendText([]byte(cacheMagic), ""), block...)
		data = binary.LittleEndian.AppendUint64(data, uint64(len(block)))
		data = binary.LittleEndian.AppendUint32(data, crc32.Checksum(data[head:], castagnoli))
		for _, data := range [][]byte{data, block} {
			var h had
			if h.load(data, ""); len(h.notes) > len(block) || len(h.around.attachments) > len(block) || len(h.around.problems) > len(block) {
				t.Errorf("%d bytes hold %d notes, %d attachments, %d problems", len(block), len(h.notes), len(h.around.attachments), len(h.around.problems))
			}
		}
	})
}
