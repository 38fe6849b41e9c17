package cli_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// kithServe serves a journal until the test ends, and returns the printed address and
// the process.
func kithServe(t *testing.T, dir string, flags ...string) (string, *os.Process) {
	t.Helper()
	cmd := exec.Command("kith", append([]string{"serve", "--dir", dir, "--addr", "127.0.0.1:0"}, flags...)...)
	cmd.Env = append(os.Environ(), "KITH_TODAY=2026-11-23")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), cmd.Process
}

// get returns the status and the body of what stands at an address.
func get(t *testing.T, address string) (int, string) {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// peopleIn makes a journal of so many people.
func peopleIn(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "content", "contacts"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		writePerson(t, dir, i, "Hello.")
	}
	return dir
}

func writePerson(t *testing.T, dir string, i int, text string) {
	t.Helper()
	note := fmt.Sprintf("---\nname: Person %d\nevery: 6 weeks\n---\n- 2026-01-01 call: %s\n", i, text)
	if err := os.WriteFile(filepath.Join(dir, "content", "contacts", fmt.Sprintf("person-%d.md", i)), []byte(note), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Who removes public/ while one kith serves and another builds has it again.
func TestPublicIsRemovedWhileServedAndBuilt(t *testing.T) {
	t.Parallel()
	dir := peopleIn(t, 60)
	kithServe(t, dir)
	build := func(args ...string) {
		cmd := exec.Command("kith", append([]string{"build", "--dir", dir}, args...)...)
		cmd.Env = append(os.Environ(), "KITH_TODAY=2026-11-23")
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("kith build: %v\n%s", err, said)
		}
	}
	for i := range 8 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			build()
		}()
		writePerson(t, dir, i, fmt.Sprintf("Save %d.", i))
		for range 4 {
			_ = os.RemoveAll(filepath.Join(dir, "public")) // it comes upon new files
		}
		<-done
	}
	build()
	clean := t.TempDir()
	build("--out", clean)
	difference, err := exec.Command("diff", "-rq", "-x", ".kith-manifest", clean, filepath.Join(dir, "public")).CombinedOutput()
	if err != nil {
		t.Errorf("public/ is not what it should be: %v\n%s", err, difference)
	}
}
