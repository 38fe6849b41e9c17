package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kith/internal/cli"
)

// atFirst is a writer that calls a function before the first write.
type atFirst struct{ do func() }

func (w *atFirst) Write(b []byte) (int, error) {
	if w.do != nil {
		w.do()
		w.do = nil
	}
	return len(b), nil
}

// Who reads what a command prints may have enough of it after a line, which ends the
// command: what it remembers is written by then, and nothing is left over.
func TestCommandsRememberBeforeTheyPrint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	contacts := filepath.Join(dir, "content", "contacts")
	if err := os.MkdirAll(contacts, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 400 { // enough to be worth remembering
		if err := os.WriteFile(filepath.Join(contacts, fmt.Sprintf("p%d.md", i)), []byte("---\nevery: weekly\n---\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range [][]string{{"due", "--all"}, {"today"}, {"show", "p7"}, {"check"}} {
		if err := os.RemoveAll(filepath.Join(dir, ".kith")); err != nil {
			t.Fatal(err)
		}
		var there []string
		out := &atFirst{func() { there, _ = filepath.Glob(filepath.Join(dir, ".kith", "notes*")) }}
		status := cli.Main(command, cli.Env{Stdout: out, Stderr: out, Getenv: func(string) string { return "" }, Now: time.Now, Dir: dir})
		if status != 0 || out.do != nil {
			t.Errorf("%v: status %d, printed: %v", command, status, out.do == nil)
		}
		if len(there) != 1 || filepath.Base(there[0]) != "notes" {
			t.Errorf("%v: when it prints, there is %v", command, there)
		}
	}
}
