package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// A person sits before kith go, in a journal of a few people.
type sitting struct {
	t   *testing.T
	dir string
	r   *round
}

var goPeople = map[string]string{
	"ada":  "---\nname: Ada Lovelace\nevery: 6 weeks\n---\n\n- [?] how is the engine\n\n## Log\n\n- 2026-10-02 letter: talked of looms\n",
	"bob":  "---\nname: Bob\nevery: 1 week\n---\n- 2026-11-01 call: x\n",
	"cleo": "---\nname: Cleo\nbirthday: 11-23\nevery: never\n---\n",
	"dot":  "---\nname: Dot\nmet: 2026-11-20\n---\n",
}

func sit(t *testing.T) *sitting {
	t.Helper()
	dir := t.TempDir()
	for slug, text := range goPeople {
		f := filepath.Join(dir, "content", "contacts", slug+".md")
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a := &app{Env: Env{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Dir: dir,
		Getenv: func(name string) string { return map[string]string{"KITH_TODAY": "2026-11-23"}[name] },
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	}, terminal: io.Discard}
	s, err := a.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.root.Close() })
	p := &sitting{t: t, dir: dir, r: newRound(a, s)}
	p.r.Update(tea.WindowSizeMsg{Width: 80, Height: 40})
	return p
}

// press presses keys, each a sign or the name of one.
func (p *sitting) press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		msg := tea.KeyPressMsg{Text: key, Code: []rune(key)[0]}
		switch key {
		case "enter":
			msg = tea.KeyPressMsg{Code: tea.KeyEnter}
		case "esc":
			msg = tea.KeyPressMsg{Code: tea.KeyEscape}
		}
		p.r.Update(msg)
	}
}

func (p *sitting) write(text string) { p.press(strings.Split(text, "")...) }

// sees checks what is on the screen.
func (p *sitting) sees(texts ...string) {
	p.t.Helper()
	screen := p.r.View().Content
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			p.t.Fatalf("%q is not on the screen:\n%s", text, screen)
		}
	}
}

func (p *sitting) file(slug string) string {
	p.t.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, "content", "contacts", slug+".md"))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(data)
}

// commanded is what a command makes of somebody's file.
func commanded(t *testing.T, slug string, words ...string) string {
	t.Helper()
	p := sit(t)
	env := p.r.Env
	var errs bytes.Buffer
	env.Stderr = &errs
	if status := Main(append([]string{"--dir", p.dir}, words...), env); status != statusDone {
		t.Fatal(errs.String())
	}
	return p.file(slug)
}

// All of the day's people have a turn, and what a key writes is what the command writes.
func TestGoTakesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	p := sit(t)
	p.sees("1 of 4", "Cleo: birthday", "d draft", "q quit")
	p.press("n")
	p.sees("2 of 4", "Bob")
	p.press("s")
	p.sees("2w", "for how long")
	p.press("enter")
	if got, want := p.file("bob"), commanded(t, "bob", "snooze", "bob", "2w"); got != want {
		t.Errorf("a key wrote\n%s\nthe command\n%s", got, want)
	}
	p.sees("3 of 4", "Ada Lovelace", "Ask: how is the engine")
	p.press("l")
	p.sees("letter: ") // as the last time
	p.write("for the engine")
	p.sees("reads as you → them · letter")
	p.press("enter")
	if got, want := p.file("ada"), commanded(t, "ada", "log", "ada", "letter: for the engine"); got != want {
		t.Errorf("a key wrote\n%s\nthe command\n%s", got, want)
	}
	p.sees("4 of 4", "Dot", "How often would you like to be in touch?")
	p.press("q")
	if got, want := p.file("dot"), commanded(t, "dot", "every", "dot", "1 quarter"); got != want {
		t.Errorf("a key wrote\n%s\nthe command\n%s", got, want)
	}
	if p.r.at < len(p.r.turns) {
		t.Error("it has not ended")
	}
}

// u takes back one thing after the other, and goes back to whom it was about.
func TestGoTakesBack(t *testing.T) {
	t.Parallel()
	p := sit(t)
	p.press("n", "s", "enter", "l")
	p.write("hello")
	p.press("enter", "esc", "u")
	p.sees("3 of 4", "Ada Lovelace")
	p.press("u")
	p.sees("2 of 4", "Bob")
	for slug, want := range goPeople {
		if got := p.file(slug); got != want {
			t.Errorf("taken back, %s is\n%s", slug, got)
		}
	}
	p.press("u")
	p.sees("nothing to take back")
}

// What cannot be written is said, and the line is written again.
func TestGoSaysWhatCannotBe(t *testing.T) {
	t.Parallel()
	p := sit(t)
	p.press("s")
	p.write(" and a bit")
	p.press("enter")
	p.sees("is neither a day to come nor a length of time", "1 of 4", "> 2w and a bit")
	p.press("esc")
	p.sees("d draft")
	for slug, want := range goPeople {
		if got := p.file(slug); got != want {
			t.Errorf("%s was changed:\n%s", slug, got)
		}
	}
}

// Somebody whose file was changed meanwhile is shown as they are, and nothing is written
// over it.
func TestGoWritesNothingOverAChange(t *testing.T) {
	t.Parallel()
	p := sit(t)
	changed := strings.Replace(goPeople["cleo"], "Cleo", "Cleopatra", 1)
	if err := os.WriteFile(filepath.Join(p.dir, "content", "contacts", "cleo.md"), []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	p.press("s", "enter")
	p.sees("the file changed meanwhile", "Cleopatra")
	if got := p.file("cleo"); got != changed {
		t.Errorf("it is\n%s", got)
	}
}

// The keys stay in sight on a low screen, and a note cannot steer the terminal.
func TestGoFitsTheScreen(t *testing.T) {
	t.Parallel()
	p := sit(t)
	steering := strings.Replace(goPeople["cleo"], "name: Cleo", `name: "Cleo \e[31m"`, 1)
	if err := os.WriteFile(filepath.Join(p.dir, "content", "contacts", "cleo.md"), []byte(steering), 0o644); err != nil {
		t.Fatal(err)
	}
	p.r.reread()
	if screen := p.r.View().Content; strings.Contains(screen, "\x1b") {
		t.Errorf("a note steers the terminal: %q", screen)
	}
	p.press("n", "n")
	p.r.Update(tea.WindowSizeMsg{Width: 30, Height: 10})
	screen := p.r.View().Content
	lines := strings.Split(screen, "\n")
	if len(lines) > 10 || !strings.Contains(screen, "q quit") || !strings.Contains(screen, "Ada Lovelace") {
		t.Errorf("%d lines:\n%s", len(lines), screen)
	}
	for _, line := range lines {
		if columns(line) > 30 {
			t.Errorf("wider than the screen: %q", line)
		}
	}
}

// The draft is read, and the way back from it is short.
func TestGoShowsTheDraft(t *testing.T) {
	t.Parallel()
	p := sit(t)
	p.press("n", "n", "d")
	p.sees("To Ada Lovelace", "Dear Ada", "c copy")
	p.press("esc")
	p.sees("3 of 4", "d draft")
}
