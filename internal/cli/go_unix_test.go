//go:build unix

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// kith go is driven as a person drives it: on a terminal, key by key.
func TestGoOnATerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "content", "contacts", "ada.md")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	const before = "---\nname: Ada Lovelace\nevery: 6 weeks\n---\n\n## Log\n\n- 2026-10-02 coffee: talked\n"
	if err := os.WriteFile(file, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("kith", "go", "--dir", dir)
	cmd.Env = append(os.Environ(), "KITH_TODAY=2026-11-23", "TERM=xterm-256color", "SSH_TTY=/dev/pts/0", "EDITOR=true")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 30, Cols: 90})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = tty.Close()
		_ = cmd.Process.Kill() // if it has not ended
	})
	var seen bytes.Buffer
	buf := make([]byte, 4096)
	sees := func(text string) {
		t.Helper()
		for !strings.Contains(seen.String(), text) {
			n, err := tty.Read(buf)
			seen.Write(buf[:n])
			if err != nil {
				t.Fatalf("%q is not to be seen (%v):\n%q", text, err, seen.String())
			}
		}
		seen.Reset()
	}
	press := func(keys string) {
		t.Helper()
		if _, err := tty.WriteString(keys); err != nil {
			t.Fatal(err)
		}
	}
	sees("quit")
	press("l")
	sees("reads as")
	press("by the sea\r")
	sees("That is all for today.")
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(before, "- 2026", "- 2026-11-23 coffee: by the sea\n- 2026", 1); string(got) != want {
		t.Errorf("the file is\n%s", got)
	}
}
