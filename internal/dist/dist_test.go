//go:build browser

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Two runs make the same bytes, and what the README says installs them.
func TestDist(t *testing.T) {
	t.Chdir("../..")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	first, second := t.TempDir(), t.TempDir()
	for _, out := range []string{first, second} {
		if err := makeAll(out, []string{runtime.GOOS + "/" + runtime.GOARCH}); err != nil {
			t.Fatal(err)
		}
	}
	made, err := os.ReadDir(first)
	if err != nil || len(made) < 2 {
		t.Fatalf("there are %v: %v", made, err)
	}
	for _, f := range made {
		one, err := os.ReadFile(filepath.Join(first, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if two, err := os.ReadFile(filepath.Join(second, f.Name())); err != nil || !bytes.Equal(one, two) {
			t.Errorf("%s is another the second time: %v", f.Name(), err)
		}
	}
	_, section, _ := strings.Cut(string(readme), "\n## Install it\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var archive, deb string
	for line := range strings.Lines(section) {
		if line, ok := strings.CutPrefix(line, "    "); ok {
			if strings.Contains(line, "dpkg") {
				deb += line
			} else {
				archive += line
			}
		}
	}
	try := func(what, lines, program string, env ...string) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(first)); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-ec", lines)
		cmd.Dir, cmd.Env = dir, append(append(os.Environ(), "HOME="+dir), env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", what, err, out)
		}
		out, err := exec.Command(filepath.Join(dir, program), "version").CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("github.com/yuin/goldmark v")) {
			t.Errorf("%s: kith version says %s (%v)", what, out, err)
		}
	}
	try("the archive", archive, ".local/bin/kith")
	if runtime.GOOS == "linux" {
		// Into a folder of its own, for which nobody need be root.
		try("the package", strings.Replace(deb, "sudo dpkg -i kith_*.deb", "dpkg-deb -x kith_*.deb root && dpkg-deb -I kith_*.deb", 1), "root/usr/bin/kith")
	}
}
