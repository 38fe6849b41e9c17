package seal

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
)

const secret = "seven quiet owls at noon"

// tree is what lies in a folder: the text of each file by its path, and folders with a
// slash at the end.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if d.IsDir() {
			found[filepath.ToSlash(name)+"/"] = ""
			return err
		}
		text, failed := os.ReadFile(path)
		found[filepath.ToSlash(name)] = string(text)
		return errors.Join(err, failed)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func open(t testing.TB, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestARestoredBackupIsTheJournal(t *testing.T) {
	journal := fstest.MapFS{
		"content/contacts/ada lovelace.md": {Data: []byte("---\nname: Ada\n---\n")},
		"content/contacts/李淑云.md":          {Data: []byte("Hello.\r\n")},
		"content/contacts/_draft.md":       {Data: []byte("later")},
		"content/contacts/.obsidian/x":     {Data: []byte("{}")},
		"content/circles":                  {Mode: fs.ModeDir | 0o755},
		"content/journal/big.bin":          {Data: bytes.Repeat([]byte("0123456789"), 100_000)},
		"content/contacts/link.md":         {Data: []byte("ada lovelace.md"), Mode: fs.ModeSymlink},
		"kith.toml":                        {Data: []byte("title = \"Mine\"\n")},
		"public/index.html":                {Data: []byte("made again")},
		".git/config":                      {Data: []byte("not the journal")},
	}
	var sealed bytes.Buffer
	left, err := backup(&sealed, journal, secret, 10)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"content/contacts/link.md"}; !slices.Equal(left, want) {
		t.Errorf("left out are %q, want %q", left, want)
	}
	for name := range journal {
		if bytes.Contains(sealed.Bytes(), []byte(name)) {
			t.Errorf("the backup shows %s", name)
		}
	}

	dir := t.TempDir()
	to := open(t, dir)
	if err := Restore(to, bytes.NewReader(sealed.Bytes()), "another passphrase"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("with another passphrase: %v", err)
	}
	for _, size := range []int{0, 10, 100, 300, sealed.Len() / 2, sealed.Len() - 100, sealed.Len() - 1} {
		if err := Restore(to, bytes.NewReader(sealed.Bytes()[:size]), secret); err == nil {
			t.Errorf("the first %d of %d bytes are restored", size, sealed.Len())
		}
	}
	if found := tree(t, dir); len(found) > 0 {
		t.Fatalf("what failed left %q", slices.Sorted(maps.Keys(found)))
	}

	if err := Restore(to, bytes.NewReader(sealed.Bytes()), secret); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"content/": "", "content/contacts/": "", "content/contacts/.obsidian/": "", "content/circles/": "", "content/journal/": ""}
	for _, name := range []string{
		"content/contacts/ada lovelace.md", "content/contacts/李淑云.md", "content/contacts/_draft.md",
		"content/contacts/.obsidian/x", "content/journal/big.bin", "kith.toml",
	} {
		want[name] = string(journal[name].Data)
	}
	if got := tree(t, dir); !maps.Equal(got, want) {
		t.Errorf("restored are %q, want %q", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	before := tree(t, dir)
	if err := Restore(to, bytes.NewReader(sealed.Bytes()), secret); !errors.Is(err, fs.ErrExist) {
		t.Errorf("restored where there is a journal: %v", err)
	}
	if !maps.Equal(tree(t, dir), before) {
		t.Error("the second time changed something")
	}
}

// archive returns a tar archive.
func archive(t testing.TB, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		h.Mode = 0o644
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		if h.Typeflag == tar.TypeReg {
			h.Size = 2
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := io.WriteString(w, "hi"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var hostile = map[string][]tar.Header{
	"leads up":               {{Name: "../out.md"}},
	"leads up from within":   {{Name: "content/../../out.md"}},
	"from the top":           {{Name: "/tmp/out.md"}},
	"elsewhere in a journal": {{Name: "content/a.md"}, {Name: ".git/hooks/pre-commit"}},
	"a link":                 {{Name: "content/a", Typeflag: tar.TypeSymlink, Linkname: "/tmp"}, {Name: "content/a/out.md"}},
	"a hard link":            {{Name: "content/a", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"}},
	"a device":               {{Name: "content/a", Typeflag: tar.TypeFifo}},
	"twice":                  {{Name: "content/a.md"}, {Name: "content/a.md"}},
	"a file and a folder":    {{Name: "content/a"}, {Name: "content/a/b.md"}},
	"no notes":               {{Name: "kith.toml"}},
	"nothing":                {},
	"no name":                {{Name: "content/", Typeflag: tar.TypeDir}, {Name: ""}},
}

func TestAHostileBackupWritesNothing(t *testing.T) {
	for name, headers := range hostile {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			in := filepath.Join(dir, "in")
			if err := os.Mkdir(in, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := restore(open(t, in), bytes.NewReader(archive(t, headers...))); err == nil {
				t.Error("it was restored")
			}
			if got := tree(t, dir); len(got) != 1 {
				t.Errorf("there is %q", slices.Sorted(maps.Keys(got)))
			}
		})
	}
}

// Whatever an archive holds, nothing of it is outside of the folder, and it is all there
// or nothing.
func FuzzRestore(f *testing.F) {
	for _, headers := range hostile {
		f.Add(archive(f, headers...))
	}
	f.Add(archive(f, tar.Header{Name: "content/", Typeflag: tar.TypeDir}, tar.Header{Name: "content/contacts/ada.md"}, tar.Header{Name: "kith.toml"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		in := filepath.Join(dir, "in")
		if err := os.Mkdir(in, 0o700); err != nil {
			t.Fatal(err)
		}
		err := restore(open(t, in), bytes.NewReader(data))
		entries, failed := os.ReadDir(dir)
		if failed != nil || len(entries) != 1 {
			t.Fatalf("beside the folder there is %v (%v)", entries, failed)
		}
		inside, failed := os.ReadDir(in)
		if failed != nil || err != nil && len(inside) > 0 {
			t.Fatalf("what failed with %v left %v (%v)", err, inside, failed)
		}
		for _, e := range inside {
			if !slices.Contains(backedUp, e.Name()) {
				t.Fatalf("there is %s", e.Name())
			}
		}
	})
}

// A size is one of few, and never more than an eighth larger than it must be.
func TestPadded(t *testing.T) {
	sizes := map[int64]bool{}
	for size := int64(1); size < 1<<31; size += size/37 + 1 {
		p := padded(size)
		if p < size || p%chunkSize != 0 || size > 8*chunkSize && p > size+size/8 {
			t.Fatalf("%d is padded to %d", size, p)
		}
		sizes[p] = true
	}
	if len(sizes) > 150 {
		t.Errorf("there are %d sizes up to 2 GiB", len(sizes))
	}
}
