package journal

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"testing"
	"testing/fstest"

	"kith/internal/folder"
)

// A folder is opened to read many notes of it, and never one for each note.
func TestFoldersOfManyNotesAreOpened(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for i := range manyNotes + 5 {
		for _, name := range []string{fmt.Sprintf("content/contacts/all/p%d.md", i), fmt.Sprintf("content/contacts/own%d/q%[1]d.md", i)} {
			if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := root.WriteFile(name, []byte("- 2026-11-02 call: hello\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	r := reader{fsys: folder.New(root)}
	r.find("content/contacts")
	defer r.openFolders()()
	for _, f := range r.files {
		if want := path.Base(path.Dir(f.path)) == "all"; (f.folder != nil) != want {
			t.Errorf("the folder of %s is open: %v", f.path, !want)
		}
	}
	if j := Read(folder.New(root)); len(j.Contacts) != 2*(manyNotes+5) || len(j.Problems()) > 0 {
		t.Errorf("%d contacts are read, with %d problems", len(j.Contacts), len(j.Problems()))
	}
}

// What is read again of a path is what is read of it with all others: links count as
// what they are, and lead no walk away.
func TestRereadOfLinks(t *testing.T) {
	t.Parallel()
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	link := func(to string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(to), Mode: fs.ModeSymlink | 0o777}
	}
	fsys := fstest.MapFS{
		"content/contacts/ada.md":     text("---\nname: Ada\n---\n"),
		"content/contacts/dead.md":    link("nobody.md"),
		"content/contacts/bob.md":     link("../../elsewhere.md"),
		"content/contacts/photo.jpg":  link("../../photo.jpg"),
		"content/contacts/gone.jpg":   link("../../gone.jpg"),
		"content/contacts/friends":    link("../../friends"),
		"content/contacts/folder.md":  link("../../friends"),
		"content/circles":             link("../circles"),
		"content/journal/2026/may.md": text("Fog.\n"),
		"circles/club.md":             text(""),
		"friends/cy.md":               text("---\nname: Cy\n---\n"),
		"elsewhere.md":                text("---\nname: Bob\n---\n"),
		"photo.jpg":                   text(""),
	}
	want := Read(fsys)
	if len(want.Contacts) != 4 || len(want.Circles) != 1 || len(want.Attachments) != 1 || len(want.Problems()) != 3 {
		t.Fatalf("%d people, %d circles, %v, %v", len(want.Contacts), len(want.Circles), want.Attachments, want.Problems())
	}
	for _, p := range []string{
		"content", "content/contacts", "content/contacts/dead.md", "content/contacts/bob.md", "content/contacts/photo.jpg", "content/contacts/gone.jpg",
		"content/contacts/friends", "content/contacts/friends/cy.md", "content/contacts/folder.md", "content/contacts/folder.md/cy.md",
		"content/circles", "content/circles/club.md", "content/journal/2026", "friends/cy.md", ".", "kith.toml",
	} {
		wantSame(t, want.Reread(fsys, []string{p}), want)
		if t.Failed() {
			t.Fatalf("read again: %s", p)
		}
	}
}

// wantSame says how two journals differ.
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
