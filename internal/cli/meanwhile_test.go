package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kith/internal/cli"
)

// What somebody saves while a command is at work is part of what comes of it, whenever
// they save: the clock, which is read before and after the notes are, tells when.
func TestSavedMeanwhile(t *testing.T) {
	const ada, bob, cyn = "content/contacts/ada.md", "content/contacts/bob.md", "content/contacts/cyn.md"
	const bobMeanwhile = "---\nname: Bob\nemail: bob@example.org\n---\n- 2026-01-02 call: b\n- 2026-02-02 call: meanwhile\n"
	for _, c := range []struct {
		name  string
		args  []string
		bob   string              // what is saved in his file, if anything
		want  map[string][]string // what files have, by their paths
		never string              // which no file has
	}{
		{
			"merge",
			[]string{"merge", "ada", "bob"},
			bobMeanwhile,
			map[string][]string{ada: {"email: bob@example.org", "call: meanwhile", "snooze: 2027-01-01"}, cyn: {"see [[ada]]"}},
			"[[bob]]",
		},
		{
			"merge, a new link",
			[]string{"merge", "ada", "bob"},
			"",
			map[string][]string{cyn: {"see [[ada]]"}},
			"[[bob]]",
		},
		{
			"rename, a new link",
			[]string{"rename", "bob", "Robert"},
			"",
			map[string][]string{cyn: {"see [[robert]]"}},
			"[[bob]]",
		},
		{
			"rename",
			[]string{"rename", "bob", "Robert"},
			bobMeanwhile,
			map[string][]string{"content/contacts/robert.md": {"email: bob@example.org", "call: meanwhile", "name: Robert"}, cyn: {"see [[robert]]"}},
			"[[bob]]",
		},
	} {
		for moment := 1; moment <= 6; moment++ {
			dir := t.TempDir()
			write := func(name, text string) {
				path := filepath.Join(dir, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(ada, "---\nname: Ada\nsnooze: 2027-01-01\n---\n- 2026-01-01 call: a\n")
			write(bob, "---\nname: Bob\n---\n- 2026-01-02 call: b\n")
			write(cyn, "---\nname: Cyn\n---\n")
			calls := 0
			now := func() time.Time {
				if calls++; calls == moment {
					if c.bob != "" {
						write(bob, c.bob)
					}
					write(cyn, "---\nname: Cyn\n---\nsee [[bob]]\n")
				}
				return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
			}
			var out bytes.Buffer
			status := cli.Main(c.args, cli.Env{
				Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }, Now: now, Dir: dir,
			})
			if calls < moment {
				break // it is not read so often
			}
			if status != 0 {
				t.Errorf("%s, saved at %d: %s", c.name, moment, out.String())
				continue
			}
			for name, texts := range c.want {
				got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
				if err != nil {
					t.Errorf("%s, saved at %d: %v", c.name, moment, err)
				}
				for _, text := range append(texts, "---") {
					if !strings.Contains(string(got), text) {
						t.Errorf("%s, saved at %d: %s lacks %q:\n%s", c.name, moment, name, text, got)
					}
				}
				if strings.Contains(string(got), c.never) {
					t.Errorf("%s, saved at %d: %s has %q:\n%s", c.name, moment, name, c.never, got)
				}
			}
		}
	}
}
