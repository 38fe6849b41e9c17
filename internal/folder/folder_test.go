package folder_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"kith/internal/folder"
)

func open(t *testing.T) (*folder.Folder, string) {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	if err := root.MkdirAll("a/b", 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := folder.New(root).Folder("a/b")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, filepath.Join(root.Name(), "a", "b")
}

func TestRead(t *testing.T) {
	f, dir := open(t)
	for _, size := range []int{0, 1, 511, 512, 513, 70_000} {
		want := bytes.Repeat([]byte("x"), size)
		if err := os.WriteFile(filepath.Join(dir, "n.md"), want, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := f.Read([]byte("before "), "n.md", int64(size))
		if err != nil || string(got) != "before "+string(want) {
			t.Errorf("of %d bytes %d are read: %v", size, len(got)-len("before "), err)
		}
	}
}

// Nothing is read but files of the folder itself.
func TestReadRefuses(t *testing.T) {
	f, dir := open(t)
	for name, err := range map[string]error{
		"large": os.WriteFile(filepath.Join(dir, "large"), make([]byte, 101), 0o600),
		"dir":   os.Mkdir(filepath.Join(dir, "dir"), 0o700),
		"link":  os.Symlink("large", filepath.Join(dir, "link")),
	} {
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Read([]byte("as it was"), name, 100); err == nil || string(got) != "as it was" {
			t.Errorf("%s is read: %q, %v", name, got, err)
		}
	}
	if _, err := f.Read(nil, "none", 100); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// A file may have more than it was said to have: it grew, or is one of those that Linux
// makes as they are read.
func TestReadAFileThatGrows(t *testing.T) {
	root, err := os.OpenRoot("/proc/self")
	if err != nil {
		return // another system
	}
	defer root.Close()
	f, err := folder.Open(root, ".")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := f.Read(nil, "status", 1<<20); err != nil || len(b) < 200 {
		t.Errorf("%d bytes are read, %v", len(b), err)
	}
	if b, err := f.Read([]byte("as it was"), "status", 100); !errors.Is(err, fs.ErrInvalid) || string(b) != "as it was" {
		t.Errorf("%q is read, %v", b, err)
	}
}

func TestCreate(t *testing.T) {
	f, dir := open(t)
	holds := func(name, want string) {
		t.Helper()
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s holds %q (%v), want %q", name, got, err, want)
		}
	}
	is, err := f.Create("new", []byte("text"))
	if err != nil || is.Size != 4 {
		t.Fatal(is, err)
	}
	holds("new", "text")
	if info, err := os.Stat(filepath.Join(dir, "new")); err != nil || info.ModTime().UnixNano() != is.Time {
		t.Errorf("a new file looks like %v, and later like %v (%v)", is, info, err)
	}
	if _, err := f.Create("new", []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a file is written over: %v", err)
	}
	holds("new", "text")
	if _, err := f.Create("newer", nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Rename("newer", "new"); err != nil {
		t.Fatal(err)
	}
	holds("new", "")
	if err := f.Remove("new"); err != nil {
		t.Fatal(err)
	}
	if err := f.Rename("new", "gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// A folder is listed by name, with what each entry looks like, links as links.
func TestReadDir(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	for name, err := range map[string]error{
		"dir":  root.MkdirAll("in/dir", 0o700),
		"b.md": root.WriteFile("in/b.md", []byte("four"), 0o640),
		"a.md": root.WriteFile("in/a.md", nil, 0o600),
		"link": root.Symlink("b.md", "in/link"),
	} {
		if err != nil {
			t.Fatal(name, err)
		}
	}
	list, err := fs.ReadDir(folder.New(root), "in")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadDir(filepath.Join(root.Name(), "in"))
	if err != nil || len(list) != len(want) {
		t.Fatalf("%d entries, want %d (%v)", len(list), len(want), err)
	}
	for i, e := range list {
		is, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		info, err := want[i].Info()
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() != info.Name() || e.Type() != info.Mode().Type() || e.IsDir() != info.IsDir() {
			t.Errorf("entry %d is %v, want %v", i, e, want[i])
		}
		if is.Name() != info.Name() || is.Mode() != info.Mode() || is.Size() != info.Size() || !is.ModTime().Equal(info.ModTime()) {
			t.Errorf("%s looks like %v, want %v", e.Name(), fs.FormatFileInfo(is), fs.FormatFileInfo(info))
		}
	}
	if _, err := fs.ReadDir(folder.New(root), "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if _, err := fs.ReadDir(folder.New(root), "in/b.md"); err == nil {
		t.Error("a file is listed")
	}
}
