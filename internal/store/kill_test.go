package store

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests of this file run this program again as a process that comes to harm.
func TestMain(m *testing.M) {
	args := strings.Fields(os.Getenv("KITH_EDIT_TEST"))
	if len(args) == 0 {
		os.Exit(m.Run())
	}
	number, err := strconv.Atoi(args[1])
	if err == nil {
		err = harms[args[0]](number)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// harm is a process that does one of harms in a journal.
func harm(root *os.Root, what string, number int) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Dir = root.Name()
	cmd.Env = append(os.Environ(), fmt.Sprintf("KITH_EDIT_TEST=%s %d", what, number))
	return cmd
}

var harms = map[string]func(int) error{
	// add adds lines to a file and says so, until somebody kills it: short ones if
	// they are few.
	"add": func(most int) error {
		root, err := os.OpenRoot(".")
		for i := 0; err == nil && i < most; i++ {
			line := fmt.Sprintf("%d-%d %s.", os.Getpid(), i, strings.Repeat("x", 3*most))
			if _, err = Do(root, Options{}, add("a.md", line)); err == nil {
				_, err = fmt.Println(line)
			}
		}
		return err
	},
	// die kills itself at a step.
	"die": func(step int) error {
		root, err := os.OpenRoot(".")
		if err != nil {
			return err
		}
		self, err := os.FindProcess(os.Getpid())
		if err != nil {
			return err
		}
		o := Options{Command: "everything", fault: func(string, string) error {
			if step--; step > 0 {
				return nil
			}
			_ = self.Kill()
			select {}
		}}
		_, err = Do(root, o, everything)
		return err
	},
}

// TestKilledAtEachStep leaves every file as it was or as it was to be, and undo
// brings back what was changed.
func TestKilledAtEachStep(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		root := newFolder(t, before)
		err := harm(root, "die", n).Run()
		if err == nil {
			expect(t, root, after)
			break
		}
		for name, text := range files(t, root) {
			if strings.HasSuffix(name, ".tmp") {
				continue
			}
			if text != before[name] && text != after[name] {
				t.Errorf("killed at step %d: %s is %q", n, name, text)
			}
		}
		for name := range before {
			if _, err := root.Lstat(name); err != nil && after[name] != "" {
				t.Errorf("killed at step %d: %v", n, err)
			}
		}
		now := files(t, root)
		maps.DeleteFunc(now, func(name, _ string) bool { return strings.HasSuffix(name, ".tmp") })
		half, is := FindHalf(root)
		if is != (!maps.Equal(now, before) && !maps.Equal(now, after)) || is && (half.Command != "everything" || half.Of != 9) {
			t.Errorf("killed at step %d: half done is %v %v, the files are %v", n, is, half, now)
		}
		if _, err := Undo(root, Options{}); err != nil && !errors.Is(err, ErrNothing) {
			t.Errorf("killed at step %d: undo: %v", n, err)
		}
		if half, is := FindHalf(root); is {
			t.Errorf("killed at step %d and taken back: half done is %v", n, half)
		}
		got := files(t, root)
		for name := range got {
			if strings.HasSuffix(name, ".tmp") {
				delete(got, name)
			}
		}
		for name, text := range before {
			if got[name] != text || len(got) != len(before) {
				t.Errorf("killed at step %d and taken back: %s is %q", n, name, got[name])
			}
		}
		if _, err := Do(root, Options{}, everything); err != nil {
			t.Errorf("killed at step %d, then again: %v", n, err)
		}
	}
}

// TestKilledAtAnyTime kills a process that writes, again and again: no line that it
// said was written is lost, and none is half there.
func TestKilledAtAnyTime(t *testing.T) {
	t.Parallel()
	root := newFolder(t, map[string]string{"a.md": ""})
	var said []string
	for range 200 {
		cmd := harm(root, "add", 1000)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if lines.Scan() { // it is at work
			said = append(said, lines.Text())
		}
		time.AfterFunc(time.Duration(rand.IntN(int(4*time.Millisecond))), func() { _ = cmd.Process.Kill() })
		for lines.Scan() {
			if strings.HasSuffix(lines.Text(), ".") { // what it says may be cut short
				said = append(said, lines.Text())
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("it ended before it was killed")
		}
		text := files(t, root)["a.md"]
		there := map[string]bool{}
		for line := range strings.Lines(text) {
			if len(line) < 3000 || !strings.HasSuffix(line, "x.\n") || there[line] {
				t.Fatalf("a line is half there, or twice: %.40q", line)
			}
			there[line] = true
		}
		for _, line := range said {
			if !there[line+"\n"] {
				t.Fatalf("lost: %.40q", line)
			}
		}
		// Shorter, so that it takes no longer each time.
		said = nil
		if _, err := Do(root, Options{}, func(tx *Tx) error { return tx.Write("a.md", nil) }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestManyProcessesAtOnce(t *testing.T) {
	t.Parallel()
	root := newFolder(t, map[string]string{"a.md": ""})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if out, err := harm(root, "add", 50).CombinedOutput(); err != nil {
				t.Errorf("%v: %.200s", err, out)
			}
		})
	}
	wg.Wait()
	if n := strings.Count(files(t, root)["a.md"], "\n"); n != 1000 {
		t.Errorf("%d lines of 1,000", n)
	}
}
