package cli_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kith/internal/cli"
)

var update = flag.Bool("update", false, "write what the scripts see into their files")

func TestMain(m *testing.M) {
	// Each process with the race detector sleeps for a second before it ends, unless told.
	os.Setenv("GORACE", os.Getenv("GORACE")+" atexit_sleep_ms=10")
	testscript.Main(m, map[string]func(){
		"kith": func() { os.Exit(cli.Main(os.Args[1:], cli.System())) },
		// Does the same with a number at the end, so many times.
		"kiths": func() {
			env := cli.System()
			env.Stdout = io.Discard
			times, err := strconv.Atoi(os.Args[1])
			for i := 0; i < times && err == nil; i++ {
				if status := cli.Main(append(os.Args[2:], strconv.Itoa(i)), env); status != 0 {
					os.Exit(status)
				}
			}
		},
	})
}

// The scripts in testdata/script are the commands as a person meets them.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("KITH_TODAY", "2026-11-23")
			env.Setenv("GIT_CONFIG_GLOBAL", env.WorkDir+"/gitconfig")
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("GORACE", os.Getenv("GORACE"))
			return nil
		},
	})
}

// TestManyLogsAtOnce has 20 processes write 1,000 entries into one file; with the
// race detector fewer (package edit always tries 1,000).
func TestManyLogsAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "content", "contacts", "ada.md")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("---\nname: Ada\n---\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const processes, each = 20, logsEach
	var wg sync.WaitGroup
	for n := range processes {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Args = []string{"kiths", strconv.Itoa(each), "--dir", dir, "log", "ada", fmt.Sprintf("coffee: from %d,", n)}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "- ") {
			lines[line[len("- 2026-11-23 "):]] = true
		}
	}
	for n := range processes {
		for i := range each {
			if line := fmt.Sprintf("coffee: from %d, %d\n", n, i); !lines[line] {
				t.Errorf("lost: %q", line)
			}
		}
	}
	if entries := strings.Count(string(text), "\n- "); entries != processes*each {
		t.Errorf("%d entries, want %d", entries, processes*each)
	}
}
