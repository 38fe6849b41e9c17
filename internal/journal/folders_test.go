package journal

import (
	"fmt"
	"os"
	"path"
	"testing"

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
