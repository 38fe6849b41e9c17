package cli_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/journal"
)

// What kith build --seal writes of the demo names nobody in it, and each of its chunks
// has the size of the others.
func TestASealedJournalNamesNobody(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("seven quiet owls at noon\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "--demo", dir}, {"--dir", dir, "build", "--seal", "--passphrase-file", secret}} {
		if out, err := exec.Command("kith", args...).CombinedOutput(); err != nil {
			t.Fatalf("kith %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	var hidden []string
	for _, c := range journal.Read(os.DirFS(dir)).Contacts {
		hidden = append(hidden, c.Name)
		if strings.Contains(c.Slug, "-") { // shorter ones come up by chance
			hidden = append(hidden, c.Slug)
		}
	}
	if len(hidden) < 50 {
		t.Fatalf("the demo has only %d names", len(hidden))
	}
	sizes := map[int]bool{}
	err := filepath.WalkDir(filepath.Join(dir, "sealed"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if filepath.Base(filepath.Dir(path)) == "data" {
			sizes[len(text)] = true
		}
		for _, name := range hidden {
			if strings.Contains(string(text), name) || strings.Contains(filepath.Base(path), name) {
				t.Errorf("%s shows %q", path, name)
			}
		}
		return err
	})
	if err != nil || len(sizes) != 1 {
		t.Errorf("the chunks have the sizes %v (%v)", sizes, err)
	}
}
