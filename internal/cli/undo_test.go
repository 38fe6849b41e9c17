package cli_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kith/internal/cli"
)

// TestUndoRestoresTheBytes says a few commands, whatever the notes look like, and
// takes them back one by one.
func TestUndoRestoresTheBytes(t *testing.T) {
	t.Parallel()
	fronts := []string{
		"", "---\nname: Ada Lovelace # the Countess\nevery:   6w\n---\n", "\ufeff---\r\nname: \"Ada Lovelace\"\r\n---\r\n",
		"+++\nname = \"Ada Lovelace\"\nevery = \"6w\"\n+++\n", ";;;\n{\"name\": \"Ada Lovelace\"}\n;;;\n",
		"---\n{name: Ada Lovelace, tags: [a,  b]}\n---\n", "---\naliases:\n  - &x Ada\nname: >-\n  Ada\n  Lovelace\n---\n",
	}
	bodies := []string{
		"", "\n\n", "Text.  ", "* 2026-01-01 call\n*  2026-02-01 tea\n", "## Log\n\n- 2026-03-01 call with [[grace]]\n\n\n- [ ] x\n",
		"## 2026-05-01 visit\r\n\r\nLong.\r\n- [?] y\r\n", "# Diary\n\n```\n- 2026-01-01 no\n```\n[[Grace]] [[ada]]",
	}
	commands := [][]string{
		{"log", "ada", "coffee: by the sea"},
		{"log", "ada,grace", "--from", "letter: long", "--tag", "boats", "-d", "3 days ago"},
		{"ask", "ada", "how did it go"},
		{"promise", "ada", "the paper", "--by", "friday"},
		{"done", "ada", "1"},
		{"news", "a boat", "--tag", "boats"},
		{"snooze", "ada", "2w"},
		{"every", "ada", "3m"},
		{"every", "ada", "off"},
		{"status", "ada", "paused"},
		{"new", "Mary", "--via", "ada", "--circle", "choir"},
		{"rename", "ada", "Ada King"},
		{"rename", "grace", "Grace Murray"},
		{"merge", "ada", "grace", "--keep", "name"},
		{"merge", "grace", "ada"},
	}
	env := cli.Env{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard,
		Getenv: func(name string) string { return map[string]string{"KITH_TODAY": "2026-11-23"}[name] },
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	}
	wrote := 0
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		env := env
		env.Dir = dir
		contacts := filepath.Join(dir, "content", "contacts")
		if err := os.MkdirAll(contacts, 0o755); err != nil {
			rt.Fatal(err)
		}
		for _, name := range []string{"ada.md", "grace.md"} {
			text := rapid.SampledFrom(fronts).Draw(rt, name+" front") + rapid.SampledFrom(bodies).Draw(rt, name+" body")
			text = strings.ReplaceAll(text, "Ada Lovelace", map[string]string{"ada.md": "Ada Lovelace", "grace.md": "Grace Hopper"}[name])
			if err := os.WriteFile(filepath.Join(contacts, name), []byte(text), 0o644); err != nil {
				rt.Fatal(err)
			}
		}
		states := []map[string]string{filesIn(rt, dir)}
		for _, command := range rapid.SliceOfN(rapid.SampledFrom(commands), 1, 4).Draw(rt, "commands") {
			status := cli.Main(command, env)
			state := filesIn(rt, dir)
			changed := !cmp.Equal(state, states[len(states)-1])
			if status != 0 && changed {
				rt.Fatalf("%v failed, and wrote", command)
			}
			if changed {
				states = append(states, state)
				wrote++
			}
		}
		for i := len(states) - 2; i >= 0; i-- {
			if status := cli.Main([]string{"undo"}, env); status != 0 {
				rt.Fatalf("undo ends with %d", status)
			}
			if diff := cmp.Diff(states[i], filesIn(rt, dir)); diff != "" {
				rt.Fatalf("undone is not as before: %s", diff)
			}
		}
	})
	if wrote < 50 {
		t.Errorf("only %d commands wrote", wrote)
	}
}

func filesIn(t interface{ Fatal(...any) }, dir string) map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(filepath.Join(dir, "content"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
