package folder_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/folder"
)

func TestReadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := os.DirFS(dir)
	if data, err := folder.ReadFile(fsys, "file", 2<<20); err != nil || len(data) != 2<<20 {
		t.Errorf("%d bytes are read: %v", len(data), err)
	}
	for name, most := range map[string]int64{"file": 2<<20 - 1, ".": folder.Any, "none": folder.Any} {
		if _, err := folder.ReadFile(fsys, name, most); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("reading %s of at most %d bytes: %v", name, most, err)
		}
	}
	if _, err := folder.ReadDir(fsys, "file"); err == nil || !strings.Contains(err.Error(), "it is a file, and no folder") {
		t.Errorf("reading a file as a folder: %v", err)
	}
}
