//go:build unix

package store

import (
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func init() {
	limited := func(size int) error {
		root, err := os.OpenRoot(".")
		if err == nil {
			err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(size), Max: uint64(size)})
		}
		if err != nil {
			return err
		}
		_, err = Do(root, Options{}, func(tx *Tx) error {
			for _, name := range []string{"a.md", "b.md"} {
				if err := add(name, strings.Repeat("x", 3000))(tx); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	}
	// fill writes files on a disk that has room for so many bytes of each;
	// burst does so where the system's signal for it ends the process.
	harms["burst"] = limited
	harms["fill"] = func(size int) error {
		signal.Ignore(syscall.SIGXFSZ)
		return limited(size)
	}
}

// TestAFullDisk writes on a disk that is full at each of many points: both files are
// as they were, or both are written.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	files0 := map[string]string{"a.md": "a\n", "b.md": strings.Repeat("b\n", 1000)}
	files1 := map[string]string{}
	for name, text := range files0 {
		files1[name] = text + strings.Repeat("x", 3000) + "\n"
	}
	for _, what := range []string{"fill", "burst"} {
		var ends []bool
		for size := 0; size < 8000; size += 500 {
			root := newFolder(t, files0)
			out, err := harm(root, what, size).CombinedOutput()
			ends = append(ends, err == nil)
			if err == nil {
				expect(t, root, files1)
				continue
			}
			if what == "fill" && !strings.Contains(string(out), "file too large") {
				t.Errorf("with room for %d bytes: %s", size, out)
			}
			got := files(t, root)
			for name, text := range files0 {
				if got[name] != text {
					t.Errorf("with room for %d bytes %s is %.40q", size, name, got[name])
				}
			}
			if what == "fill" && len(got) != len(files0) {
				t.Errorf("with room for %d bytes something is left: %d files", size, len(got))
			}
			if _, err := Do(root, Options{}, add("a.md", "1")); err != nil {
				t.Errorf("once there is room again: %v", err)
			}
		}
		if !slices.Contains(ends, true) || !slices.Contains(ends, false) {
			t.Error(fmt.Sprint(what, ": no point in between was tried: ", ends))
		}
	}
}
