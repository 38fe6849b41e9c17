package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kith/internal/note"
	"kith/internal/serve"
	"kith/internal/store"
)

// toucher writes what a page of kith serve asks for: by the commands that a person
// would have typed, so that it has their guarantees and can be taken back like them.
type toucher struct {
	*app
	session *session
	one     sync.Mutex // an undo must know what it takes back
}

// touch carries out an action of a page.
func (t *toucher) touch(ctx context.Context, act serve.Action) serve.Answer {
	t.one.Lock()
	defer t.one.Unlock()
	switch act.Do {
	case "edit":
		return t.edit(ctx, act)
	case "undo":
		if act.Hash == "" || act.Hash != t.newest() {
			return serve.Answer{Error: "something else was written since", Hint: "kith undo takes back the last", Status: http.StatusConflict}
		}
		return t.run(nil, "undo")
	case "done":
		return t.run(t.sameTask(act.Hash), act.Do, act.Who, "--hash", act.Hash)
	case "snooze", "every":
		return t.run(sameFront(act.Hash), act.Do, act.Who, "--", act.Text)
	}
	if strings.TrimSpace(act.Text) == "" || strings.TrimSpace(act.Text) == "-" {
		return serve.Answer{Error: "there is no text to write", Status: http.StatusUnprocessableEntity}
	}
	return t.run(nil, act.Do, act.Who, "--", act.Text)
}

// run runs a command as if it had been typed. expect, if not nil, says whether a file is
// still what the page showed.
func (t *toucher) run(expect func(path string, src []byte) bool, words ...string) serve.Answer {
	var said, errs bytes.Buffer
	env := t.Env
	env.Stdin, env.Stdout, env.Stderr = strings.NewReader(""), &said, &errs
	env.StdinIsTerminal, env.StdoutIsTerminal, env.StderrIsTerminal = false, false, false
	args := []string{"--dir", t.session.dir, "--color", "never"}
	if t.today != "" {
		args = append(args, "--today", t.today)
	}
	before := t.newest()
	command := &app{Env: env, terminal: &errs, args: append(args, words...), expect: expect}
	status := command.run()
	answer := serve.Answer{Status: http.StatusOK}
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	answer.Said = lines[0]
	if len(lines) > 1 {
		answer.Read = strings.TrimSpace(lines[1])
	}
	if now := t.newest(); now != before && words[0] != "undo" {
		answer.Undo = now
	}
	for line := range strings.Lines(errs.String()) {
		line = strings.TrimSpace(line)
		if text, ok := strings.CutPrefix(line, "kith: error: "); ok {
			answer.Error = text
		} else if text, ok := strings.CutPrefix(line, "kith: hint: "); ok {
			answer.Hint = text
		} else if text, ok := strings.CutPrefix(line, "kith: "); ok && status == statusDone {
			answer.Hint = text
		}
	}
	switch {
	case command.stale:
		answer.Status = http.StatusConflict
	case status != statusDone:
		answer.Status = http.StatusUnprocessableEntity
	}
	return answer
}

// newest names the last command that can be taken back, "" if there is none.
func (t *toucher) newest() string {
	done, err := store.List(t.session.root)
	if err != nil || len(done) == 0 {
		return ""
	}
	return strconv.FormatInt(done[0].When.UnixNano(), 36)
}

// sameFront says whether the front matter of a file is the one with a hash.
func sameFront(hash string) func(string, []byte) bool {
	return func(path string, src []byte) bool {
		return note.NewParser(note.Kinds{}).Parse(path, note.Contact, src).FrontHash() == hash
	}
}

// sameTask says whether a file still has the line with a hash.
func (t *toucher) sameTask(hash string) func(string, []byte) bool {
	return func(_ string, src []byte) bool {
		for line := range strings.Lines(string(src)) {
			if note.Hash(strings.TrimRight(line, "\r\n")) == hash {
				return true
			}
		}
		return false
	}
}

// edit opens somebody's note in the editor of kith.toml.
func (t *toucher) edit(ctx context.Context, act serve.Action) serve.Answer {
	s, err := t.app.openNotes()
	if err != nil {
		return serve.Answer{Error: err.Error(), Status: http.StatusUnprocessableEntity}
	}
	c := s.journal.Contact(act.Who)
	if c == nil {
		return serve.Answer{Error: "nobody here has that name", Status: http.StatusNotFound}
	}
	words := shellWords(s.journal.Settings.Editor)
	if len(words) == 0 || strings.Contains(words[0], "://") {
		return serve.Answer{Error: "there is no editor to start", Hint: `editor = "code -g {file}:{line}" in kith.toml names it`, Status: http.StatusUnprocessableEntity}
	}
	line := max(1, c.File.BodyLine())
	file := filepath.Join(s.dir, filepath.FromSlash(c.File.Path))
	for i, w := range words {
		words[i] = strings.NewReplacer("{file}", file, "{path}", filepath.ToSlash(file), "{line}", strconv.Itoa(line)).Replace(w)
	}
	if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, file) }) {
		words = append(words, file)
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), words[0], words[1:]...)
	cmd.Dir, cmd.Stderr = s.dir, os.Stderr
	if err := cmd.Start(); err != nil {
		return serve.Answer{Error: fmt.Sprintf("starting the editor %s: %s", words[0], reason(err)), Hint: "editor in kith.toml names it", Status: http.StatusUnprocessableEntity}
	}
	go func() { _ = cmd.Wait() }() // it may stay open for hours
	return serve.Answer{Said: c.File.Path, Status: http.StatusOK}
}

// errNotShown ends a command whose page showed something else.
var errNotShown = errors.New("the file changed meanwhile")
