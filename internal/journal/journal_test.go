package journal_test

import (
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"weak"

	"pgregory.net/rapid"

	"kith/internal/journal"
	"kith/internal/note"
)

// folder makes a journal's folder of a path, a text, a path, a text…
func folder(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys["content/"+files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

// facts is everything a journal says, as text.
func facts(j *journal.Journal) string {
	var b strings.Builder
	fmt.Fprintf(&b, "settings %+v\nattachments %v\n", j.Settings, j.Attachments)
	for _, f := range j.Files {
		n := f.Note
		fmt.Fprintf(&b, "file %s %s %q broken %v stale %v\n  %q\n", f.Path, f.Slug, f.Name, f.Broken, f.Stale, n.Source)
		fmt.Fprintf(&b, "  %+v\n  %+v\n  %+v\n  %v\n  targets %q shown %q\n", n.Entries, n.Tasks, n.Links, n.Tags, f.Targets, f.Shown)
		for _, p := range f.Problems {
			fmt.Fprintf(&b, "  %s %s %s\n", p, p.Code, p.Hint)
		}
	}
	for _, c := range j.Contacts {
		fmt.Fprintf(&b, "contact %s %q %s %s %v from", c.Slug, c.Name, c.Cadence, c.CadenceFrom, c.Circles)
		for _, f := range c.From {
			fmt.Fprintf(&b, " %s", f.Path)
		}
		for _, e := range c.Entries {
			fmt.Fprintf(&b, "\n  entry %s %d %v", e.File.Path, e.Index, e.Guest)
		}
		for _, t := range c.Tasks {
			fmt.Fprintf(&b, "\n  task %s %d", t.File.Path, t.Index)
		}
		for _, m := range c.Mentions {
			fmt.Fprintf(&b, "\n  mention %s %d %s", m.File.Path, m.Line(), m.Text())
		}
		fmt.Fprintf(&b, "\n  found %v by slug %v\n", j.Contact(c.Slug) == c, j.File(c.File.Path) == c.File)
	}
	for _, c := range j.Circles {
		fmt.Fprintf(&b, "circle %s %q %s %v %v\n", c.Slug, c.Name, c.Every, c.File != nil, c.Members)
	}
	for _, e := range j.News {
		fmt.Fprintf(&b, "news %s %d\n", e.File.Path, e.Index)
	}
	for _, p := range j.Problems() {
		fmt.Fprintf(&b, "%s %s %s\n", p, p.Code, p.Hint)
	}
	return b.String()
}

var editable = []string{
	"content/contacts/ada.md", "content/contacts/Ada.md", "content/contacts/work/ada.md", "content/contacts/bo-li.md", "content/contacts/work/bo-li.md",
	"content/contacts/rené.md", "content/contacts/rene.md", "content/contacts/---.md", "content/contacts/cy.md", "content/contacts/zoë.md",
	"content/circles/mentors.md", "content/circles/book-club.md",
	"content/journal/2026-11-23.md", "content/journal/log.md", "content/journal/2026/log.md",
	"content/contacts/ada.jpg", "content/contacts/ada.html", "content/journal/notes.pdf", "content/contacts/_draft.md", "content/contacts/.hidden/x.md", "content/circles/deep/x.md",
	"content/contacts/ada (conflicted copy).md", "content/contacts/ada 2.md", "content/contacts/cy.md.orig", "content/circles/mentors (1).md", "content/journal/log_2.md",
	"kith.toml",
}

func anyNote() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		front := []string{"name: Ada", "name: Ada L", "name: Bo Li", "aliases: [Ada, Bo]", "every: 2 weeks", "every: never", "circles: [mentors, Book Club]", "circles: [Mentors, mentor]", "met: 2026-01-01", "via: '[[Ada]]'", "photo: ada.jpg", "tags: [x]", "every: biweekly", "email: ada@example.org"}
		lines := []string{"- 2026-11-02 call [[Ada]]: a #x", "- 2026-11-03 zoom with [[rene]]", "- 2026-11-01 call got: x [[Bo Li]]", "- coffee with [[ada]]: b", "- news #x: c", "- 2026-11-05 news: d", "- [ ] a [[Bo]] by 2026-11-01", "- [?] b [[cy]]", "see [[Adda]] and [[zoe]]", "## 2026-11-22", "# x", "[[bo-li]] [[Nobody At All]]", ""}
		b := ""
		if keys := rapid.SliceOfNDistinct(rapid.SampledFrom(front), 0, 4, func(s string) string { return strings.SplitN(s, ":", 2)[0] }).Draw(t, "front"); len(keys) > 0 {
			b = "---\n" + strings.Join(keys, "\n") + "\n---\n"
		}
		return b + strings.Join(rapid.SliceOfN(rapid.SampledFrom(lines), 0, 5).Draw(t, "lines"), "\n")
	})
}

// edit changes a folder in one way and returns the path that changed.
func edit(t *rapid.T, fsys fstest.MapFS) string {
	path := rapid.SampledFrom(editable).Draw(t, "path")
	switch {
	case rapid.IntRange(0, 3).Draw(t, "delete") == 0:
		delete(fsys, path)
	case path == "kith.toml":
		text := rapid.SampledFrom([]string{"", "every = \"6 months\"", "[kinds]\ntalk = [\"zoom\"]", "daily = 0", "daily ="}).Draw(t, "settings")
		fsys[path] = &fstest.MapFile{Data: []byte(text)}
	default:
		fsys[path] = &fstest.MapFile{Data: []byte(anyNote().Draw(t, "note"))}
	}
	return path
}

func TestRereadingIsReading(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		fsys := fstest.MapFS{}
		for range rapid.IntRange(0, 12).Draw(t, "files") {
			edit(t, fsys)
		}
		j := journal.Read(fsys)
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			var paths []string
			for range rapid.IntRange(1, 3).Draw(t, "edits") {
				paths = append(paths, edit(t, fsys))
			}
			before := facts(j)
			switch rapid.SampledFrom([]string{"paths", "paths", "paths", "folders", "all"}).Draw(t, "told") {
			case "folders": // an event for a folder, beside those for its files
				for _, p := range paths {
					if i := strings.LastIndexByte(p, '/'); i > 0 {
						paths = append(paths, p[:i])
					}
				}
			case "all":
				paths = nil
			}
			next := j.Reread(fsys, paths)
			if got, want := facts(next), facts(journal.Read(fsys)); got != want {
				t.Fatalf("after %q\n%s", paths, firstDifference(got, want))
			}
			if after := facts(j); after != before {
				t.Fatalf("the journal before has changed: %s", firstDifference(after, before))
			}
			j = next
		}
	})
}

// A file is a copy of another as long as their texts are alike: somebody who turns out to
// be a person of their own is found by name at once.
func TestACopyBecomesAPerson(t *testing.T) {
	t.Parallel()
	fsys := folder("contacts/ada.md", "", "contacts/ada 2.md", "---\nname: Bo Li\n---\n- 2026-11-02 call: a\n")
	j := journal.Read(fsys)
	fsys["content/contacts/ada.md"] = &fstest.MapFile{Data: []byte("- 2026-11-01 call: x [[Bo Li]]\n")}
	if got, want := facts(j.Reread(fsys, []string{"content/contacts/ada.md"})), facts(journal.Read(fsys)); got != want {
		t.Error(firstDifference(got, want))
	}
}

// Links that are there still lead where they did, however far they move, and new ones
// where they are to.
func TestLinksThatMove(t *testing.T) {
	t.Parallel()
	const path = "content/contacts/cy.md"
	fsys := folder("contacts/ada.md", "---\nname: Ada\naliases: [Countess]\n---\n", "contacts/ben.md", "x", "contacts/cy.md", "x")
	var links []string
	for i := range 60 {
		links = append(links, []string{"[[Ada]]", "[[ben|B]]", "[[Nobody]]", "[[cy]]"}[i%4])
	}
	before := journal.Read(fsys)
	for _, list := range [][]string{
		links,
		links[25:],
		slices.Concat(slices.Repeat([]string{"[[Countess]]"}, 25), links),
		slices.Concat(links[30:], links[:30]),
		{"[[ben]]", "[[Ada|her]]"},
		nil,
	} {
		fsys[path] = &fstest.MapFile{Data: []byte(strings.Join(list, " "))}
		next := before.Reread(fsys, []string{path})
		if got, want := facts(next), facts(journal.Read(fsys)); got != want {
			t.Errorf("after %q\n%s", list, firstDifference(got, want))
		}
		before = next
	}
}

// What a circle's file says of its cadence is followed, not built anew: it holds
// for its members and for nobody else.
func TestTheCadenceOfACircleChanges(t *testing.T) {
	t.Parallel()
	fsys := folder(
		"circles/mentors.md", "---\nevery: 6 weeks\n---\n",
		"contacts/ada.md", "---\ncircles: [mentors]\n---\n",
		"contacts/bo.md", "---\nevery: 1 week\ncircles: [mentors]\n---\n",
		"contacts/cy.md", "Knows [[ada]].\n",
	)
	before := journal.Read(fsys)
	for _, text := range []string{"---\nevery: 2 weeks\n---\n", "---\nevery: never\n---\n[[cy]]\n", "", "---\nevery: 2 weeks\n---\n"} {
		fsys["content/circles/mentors.md"] = &fstest.MapFile{Data: []byte(text)}
		next := before.Reread(fsys, []string{"content/circles/mentors.md"})
		if got, want := facts(next), facts(journal.Read(fsys)); got != want {
			t.Errorf("after %q\n%s", text, firstDifference(got, want))
		}
		if next.Circle("mentors").Every != before.Circle("mentors").Every && next.Contact("ada") == before.Contact("ada") {
			t.Errorf("after %q, a member is as before", text)
		}
		before = next
	}
}

// A journal that is built anew does not hold on to the one before, or a server
// would keep all there ever were.
func TestAJournalLetsGoOfTheOneBefore(t *testing.T) {
	t.Parallel()
	fsys := folder("contacts/ada.md", "x")
	first := journal.Read(fsys)
	gone := weak.Make(first)
	fsys["content/contacts/bo.md"] = &fstest.MapFile{Data: []byte("y")}
	second := first.Reread(fsys, []string{"content/contacts/bo.md"})
	first = nil
	runtime.GC()
	if gone.Value() != nil {
		t.Error("the journal before is still there")
	}
	runtime.KeepAlive(second)
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

func TestWhoIsUntouchedStays(t *testing.T) {
	t.Parallel()
	fsys := folder(
		"contacts/ada.md", "- 2026-11-02 call\n",
		"contacts/bo.md", "- 2026-11-02 call with [[Ada]]\n",
		"contacts/cy.md", "---\ncircles: [mentors]\n---\n",
		"circles/mentors.md", "---\nevery: 2 weeks\n---\n",
		"journal/log.md", "- 2026-11-03 dinner with [[Ada]], [[Cy]]\n",
	)
	for _, c := range []struct{ name, path, text, changed string }{
		{"nothing", "content/contacts/ada.md", "- 2026-11-02 call\n", ""},
		{"a file of nobody else", "content/contacts/ada.md", "- 2026-11-01 call\n", "ada"},
		{"a file that mentions somebody", "content/contacts/bo.md", "- 2026-11-01 call with [[Ada]]\n", "ada bo"},
		{"a file that mentions somebody no more", "content/contacts/bo.md", "- 2026-11-01 call\n", "ada bo"},
		{"a circle's cadence", "content/circles/mentors.md", "---\nevery: 3 weeks\n---\n", "cy"},
		{"a circle's text", "content/circles/mentors.md", "---\nevery: 2 weeks\n---\nx\n", ""},
		{"a journal file", "content/journal/log.md", "- 2026-11-03 dinner with [[Cy]]\n", "ada cy"},
		{"another journal file", "content/journal/2026.md", "prose\n", ""},
		{"somebody new", "content/contacts/dora.md", "x\n", "dora"},
		{"somebody who takes a name away", "content/contacts/eve.md", "---\nname: Ada\n---\n", "eve"},
		{"an attachment", "content/contacts/ada.jpg", "x", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			j := journal.Read(fsys)
			changed := fstest.MapFS{c.path: {Data: []byte(c.text)}}
			for p, f := range fsys {
				if changed[p] == nil {
					changed[p] = f
				}
			}
			next := j.Reread(changed, []string{c.path})
			var got []string
			for _, contact := range next.Contacts {
				if j.Contact(contact.Slug) != contact {
					got = append(got, contact.Slug)
				}
			}
			if strings.Join(got, " ") != c.changed {
				t.Errorf("%q changed, want %q", got, c.changed)
			}
		})
	}
}

func TestAFileThatIsReadAgainStays(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"LF": "- 2026-11-02 call\n", "CRLF": "- 2026-11-02 call\r\n", "a BOM": "\ufeff- 2026-11-02 call\n", "empty": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fsys := folder("contacts/ada.md", text)
			j := journal.Read(fsys)
			if next := j.Reread(fsys, nil); next.Contact("ada") != j.Contact("ada") {
				t.Error("the contact is another")
			}
		})
	}
}

func TestAFileThatIsBrokenForAWhile(t *testing.T) {
	t.Parallel()
	const path = "content/contacts/ada.md"
	good := folder("contacts/ada.md", "---\nname: Ada\nevery: 2 weeks\n---\n- 2026-11-02 call\n", "contacts/bo.md", "[[Ada]]\n")
	broken := folder("contacts/ada.md", "---\nname: [Ada\n---\n- 2026-11-02 call\n- 2026-11-03 call\n", "contacts/bo.md", "[[Ada]]\n")
	j := journal.Read(good)
	kept := j.Reread(broken, []string{path})
	c := kept.Contact("ada")
	if c.Name != "Ada" || !c.File.Stale || c.Cadence.String() != "2 weeks" || len(c.Entries) != 1 {
		t.Errorf("while it is broken: %+v", c)
	}
	if !slices.ContainsFunc(kept.Problems(), func(p note.Problem) bool { return p.Code == "bad-front-matter" }) {
		t.Errorf("no problem says so: %v", kept.Problems())
	}
	if again := kept.Reread(broken, nil); facts(again) != facts(kept) {
		t.Error("read once more, it is not the same")
	}
	if mended := kept.Reread(good, []string{path}); facts(mended) != facts(j) {
		t.Errorf("mended: %s", firstDifference(facts(mended), facts(j)))
	}
	fresh := journal.Read(broken).Contact("ada")
	if !fresh.File.Broken || fresh.File.Stale || !fresh.Cadence.IsZero() || len(fresh.Entries) != 2 {
		t.Errorf("read afresh: %+v", fresh)
	}
	if gone := kept.Reread(folder("contacts/bo.md", ""), []string{path}); gone.Contact("ada") != nil {
		t.Error("deleted, it is still there")
	}
}

func TestABrokenFileWhenTheKindsChange(t *testing.T) {
	t.Parallel()
	fsys := folder("journal/2026-11-23.md", "---\na: b\n---\n- zoom with [[Ada]] at ten\n- see [[Bo]]\n", "contacts/ada.md", "x\n")
	fsys["kith.toml"] = &fstest.MapFile{Data: []byte("[kinds]\ntalk = [\"zoom\"]\n")}
	j := journal.Read(fsys)
	fsys = folder("journal/2026-11-23.md", "---\na: [b\n---\n- zoom with [[Ada]] at ten\n- see [[Bo]]\n", "contacts/ada.md", "x\n")
	j = j.Reread(fsys, nil)
	f := j.File("content/journal/2026-11-23.md")
	c := j.Parser().Content(f.Note)
	if len(c.Entries) != len(f.Entries) {
		t.Errorf("the content has %d entries, the note %d", len(c.Entries), len(f.Entries))
	}
}

func TestFindingSomebody(t *testing.T) {
	t.Parallel()
	j := journal.Read(folder(
		"contacts/ada-lovelace.md", "---\naliases: [Countess, AAL]\n---\n",
		"contacts/rené.md", "---\nname: René Descartes\n---\n",
		"contacts/rene.md", "---\nname: Rene Magritte\n---\n",
		"contacts/bo.md", "---\nname: Ada\n---\n",
		"contacts/work/countess.md", "---\nname: Someone\n---\n",
		"contacts/john-1.md", "---\nname: John\n---\n",
		"contacts/john-2.md", "---\nname: John\n---\n",
	))
	for _, c := range []struct{ name, who, want string }{
		{"a slug", "ada-lovelace", "ada-lovelace"},
		{"a name", "Ada Lovelace", "ada-lovelace"},
		{"a name in capitals", "ADA LOVELACE", "ada-lovelace"},
		{"an alias", "aal", "ada-lovelace"},
		{"a slug before an alias", "Countess", "countess"},
		{"a name before a part of one", "Ada", "bo"},
		{"a name with accents left out", "Rene Descartes", "rené"},
		{"a slug of its own, beside one with an accent", "rene", "rene"},
		{"a slug of its own, with an accent", "rené", "rené"},
		{"a part", "lovel", "ada-lovelace"},
		{"a part of several", "joh", "john-1 john-2"},
		{"a name of several", "John", "john-1 john-2"},
		{"nobody", "Zoe", ""},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := slugs(j.Find(c.who)); got != c.want {
				t.Errorf("%q finds %q, want %q", c.who, got, c.want)
			}
		})
	}
}

func TestFindingSomebodyByAPartOfTheirName(t *testing.T) {
	t.Parallel()
	j := journal.Read(folder(
		"contacts/1.md", "---\nname: Pat McCann\n---\n",
		"contacts/2.md", "---\nname: Raj Patel\n---\n",
		"contacts/3.md", "---\nname: Dr. Priya Nair\n---\n",
		"contacts/4.md", "---\nname: Ana Horvat\naliases: [Captain Horvat]\n---\n",
		"contacts/5.md", "---\nname: Anastasia Roy\n---\n",
		"contacts/6.md", "---\nname: Siobhán O'Rourke\n---\n",
		"contacts/7.md", "---\nname: J. R. Ortega\n---\n",
		"contacts/8.md", "---\nname: Ortega Lang\n---\n",
		"contacts/9.md", "---\nname: 李淑云\n---\n",
	))
	for _, c := range []struct{ name, who, found, meant string }{
		{"the beginning of a first name before a part", "pat", "1", ""},
		{"a part, where nobody begins so", "atel", "2", ""},
		{"the beginning of a first name and of the next", "pat mcc", "1", ""},
		{"a whole first name before a longer one", "ana", "4", ""},
		{"the beginning of the longer one", "anas", "5", ""},
		{"a whole word of two names", "ortega", "7 8", ""},
		{"an honorific that the name has not", "Mr. Patel", "2", ""},
		{"an honorific that the name has", "priya", "3", ""},
		{"the beginning of a name behind an honorific", "pri", "3", ""},
		{"both with honorifics", "Prof Nair", "3", ""},
		{"an honorific that is part of another name", "captain horvat", "4", ""},
		{"the surname first", "Horvat, Ana", "4", ""},
		{"the surname first, and an honorific", "Nair, Dr. Priya", "3", ""},
		{"full stops left out", "j r ortega", "7", ""},
		{"an apostrophe left out", "orourke", "6", ""},
		{"an apostrophe of another shape", "o’rourke", "6", ""},
		{"a colon behind", "pat:", "1", ""},
		{"a name without spaces", "淑云", "9", ""},
		{"a slip", "Prya", "", "3"},
		{"a slip in each of two words", "Pryia Nahir", "", "3"},
		{"a slip in the beginning of a name", "Anastsia", "", "5"},
		{"no slip in a word of three letters", "pet", "", ""},
		{"an honorific alone", "Dr.", "3", ""},
		{"nobody", "Zoe", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := j.Find(c.who)
			if got := slugs(found); got != c.found {
				t.Errorf("%q finds %q, want %q", c.who, got, c.found)
			}
			if len(found) > 0 {
				return
			}
			if got := slugs(j.Guess(c.who)); got != c.meant {
				t.Errorf("%q is taken for %q, want %q", c.who, got, c.meant)
			}
		})
	}
}

func slugs(contacts []*journal.Contact) string {
	var list []string
	for _, c := range contacts {
		list = append(list, c.Slug)
	}
	return strings.Join(list, " ")
}

func TestTheOrderOfNames(t *testing.T) {
	t.Parallel()
	j := journal.Read(folder(
		"contacts/1.md", "---\nname: Zoë\n---\n", "contacts/2.md", "---\nname: Ärne\n---\n", "contacts/3.md", "---\nname: arne\n---\n",
		"contacts/4.md", "---\nname: Bo\n---\n", "contacts/5.md", "---\nname: Bo\n---\n", "contacts/6.md", "---\nname: 李\n---\n",
	))
	sorted := slices.SortedFunc(slices.Values(j.Contacts), journal.CompareNames)
	var got []string
	for _, c := range sorted {
		got = append(got, c.Slug)
	}
	if want := "3 2 4 5 1 6"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// A text that is kept without its BOM and CRs is not that of a file which has only those.
func TestAMendedStartOrLineEndIsReadAgain(t *testing.T) {
	for name, c := range map[string][2]string{
		"CRCRLF":       {"---\r\r\nname: Ada\r\r\n---\r\r\n- 2026-11-02 call: x\r\r\n", "---\r\nname: Ada\r\n---\r\n- 2026-11-02 call: x\r\n"},
		"CRCRLF plain": {"- 2026-11-02 call: x #tea\r\r\n- 2026-11-03 call\r\r\n", "- 2026-11-02 call: x #tea\r\n- 2026-11-03 call\r\n"},
		"BOMBOM":       {"\ufeff\ufeff---\nname: Lady Ada\n---\nx\n", "\ufeff---\nname: Lady Ada\n---\nx\n"},
	} {
		const p = "content/contacts/ada.md"
		fsys := fstest.MapFS{p: {Data: []byte(c[0])}}
		j := journal.Read(fsys)
		fsys[p] = &fstest.MapFile{Data: []byte(c[1])}
		next := j.Reread(fsys, []string{p})
		if got, want := facts(next), facts(journal.Read(fsys)); got != want {
			t.Errorf("%s: %s", name, firstDifference(got, want))
		}
		if got, want := next.File(p).Source, journal.Read(fsys).File(p).Source; got != want {
			t.Errorf("%s: source %q, want %q", name, got, want)
		}
	}
}

// denying is a folder that cannot be read.
type denying struct {
	fstest.MapFS
	bad string
}

func (f denying) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == f.bad {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.ReadDir(name)
}

func TestAFolderThatCanBeReadAgain(t *testing.T) {
	fsys := fstest.MapFS{}
	for i := range 60 {
		fsys[fmt.Sprintf("content/contacts/p%d.md", i)] = &fstest.MapFile{Data: []byte("x\n")}
	}
	var every []string
	for name := range fsys {
		every = append(every, name)
	}
	for _, paths := range [][]string{{"content"}, append(every, "content")} {
		j := journal.Read(fsys).Reread(denying{fsys, "content"}, paths)
		if got, want := facts(j.Reread(fsys, paths)), facts(journal.Read(fsys)); got != want {
			t.Errorf("of %d paths: %s", len(paths), firstDifference(got, want))
		}
	}
}

func (f denying) Open(name string) (fs.File, error) {
	if name == f.bad {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.Open(name)
}

func TestSettingsThatCanBeReadAgain(t *testing.T) {
	fsys := fstest.MapFS{"kith.toml": {}, "content/contacts/ada.md": {Data: []byte("x\n")}}
	j := journal.Read(denying{fsys, "kith.toml"})
	if len(j.Problems()) == 0 {
		t.Fatal("settings that cannot be read are no problem")
	}
	if p := j.Reread(fsys, []string{"kith.toml"}).Problems(); len(p) > 0 {
		t.Errorf("an empty file that can be read again: %v", p)
	}
}

// What cannot be read for a moment, as where a process has no more files to open, stays as
// it was, and is read again when it can.
func TestWhatCannotBeReadStaysAsItWas(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"kith.toml":                {Data: []byte("title = \"Mine\"\n")},
		"content/contacts/ada.md":  {Data: []byte("---\nname: Ada L\n---\n- 2026-11-01 call: x\n")},
		"content/contacts/ada.jpg": {},
		"content/circles/club.md":  {Data: []byte("x\n")},
	}
	before := journal.Read(fsys)
	for _, bad := range []string{"content/contacts/ada.md", "content/contacts", "kith.toml"} {
		paths := []string{bad}
		j := before.Reread(denying{fsys, bad}, paths)
		c := j.Contact("ada")
		if c == nil || c.Name != "Ada L" || len(c.Entries) != 1 || j.Settings.Title != "Mine" || len(j.Attachments) != 1 {
			t.Fatalf("without %s: %+v, settings %+v, attachments %v", bad, c, j.Settings, j.Attachments)
		}
		if got := j.Unread(); !slices.Equal(got, paths) {
			t.Errorf("%s is unread, not %v", bad, got)
		}
		again := j.Reread(denying{fsys, bad}, j.Unread())
		if !slices.Equal(again.Files, j.Files) || !slices.Equal(again.Unread(), paths) {
			t.Errorf("%s is still unread, and something changed", bad)
		}
		mended := again.Reread(fsys, again.Unread())
		if got, want := facts(mended), facts(before); got != want || len(mended.Unread()) > 0 {
			t.Errorf("%s can be read again: %s", bad, firstDifference(got, want))
		}
	}
	// It is not what a file became that can be read.
	delete(fsys, "content/contacts/ada.md")
	if j := before.Reread(denying{fsys, "content/circles"}, []string{"content"}); j.Contact("ada") != nil || j.Circle("club") == nil {
		t.Error("who is gone stays, or what cannot be read goes")
	}
}
