package cli

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/note"
	"kith/internal/store"
)

// editor returns the words of the person's editor, as $VISUAL or $EDITOR names it.
func (a *app) editor() ([]string, error) {
	words := shellWords(cmp.Or(strings.TrimSpace(a.Getenv("VISUAL")), strings.TrimSpace(a.Getenv("EDITOR"))))
	if len(words) == 0 {
		return nil, fail("there is no editor: neither VISUAL nor EDITOR is set", "export EDITOR=nano")
	}
	return words, nil
}

// shellWords splits a command at its spaces, but for those in quotes.
func shellWords(command string) []string {
	var words []string
	var word strings.Builder
	var quote rune
	in := false
	for _, r := range command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, in = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if in {
				words = append(words, word.String())
			}
			word.Reset()
			in = false
		default:
			word.WriteRune(r)
			in = true
		}
	}
	if in {
		words = append(words, word.String())
	}
	return words
}

// atLine returns the command that opens a file at a line and waits until it is
// closed. Of an editor that it does not know it opens the file.
func atLine(editor []string, path string, line int) []string {
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(editor[0])), ".exe")
	waits := func(flags ...string) []string {
		if !slices.Contains(editor, flags[0]) {
			return append(slices.Clone(editor), flags[0])
		}
		return slices.Clone(editor)
	}
	switch name {
	case "vi", "vim", "nvim", "view", "gvim", "mvim", "nano", "pico", "rnano", "emacs", "emacsclient", "jed", "joe", "jmacs", "mg", "micro", "kak", "hx", "helix", "ne", "mcedit", "ee", "vis":
		return append(slices.Clone(editor), fmt.Sprintf("+%d", line), path)
	case "code", "code-insiders", "codium", "vscodium", "cursor", "windsurf", "positron":
		return append(waits("--wait"), "--goto", fmt.Sprintf("%s:%d", path, line))
	case "subl", "sublime_text", "zed", "zeditor":
		return append(waits("--wait"), fmt.Sprintf("%s:%d", path, line))
	case "mate", "kate":
		flag := map[string]string{"mate": "--wait", "kate": "--block"}[name]
		return append(waits(flag), "--line", fmt.Sprint(line), path)
	case "gedit", "gnome-text-editor":
		return append(waits("--wait"), fmt.Sprintf("+%d", line), path)
	}
	return append(slices.Clone(editor), path)
}

// openEditor lets a person edit a file, and waits until it is closed.
func (a *app) openEditor(path string, line int) error {
	editor, err := a.editor()
	if err != nil {
		return err
	}
	words := atLine(editor, path, line)
	cmd := exec.Command(words[0], words[1:]...)
	// The editor needs the terminal itself.
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Dir = a.Stdin, os.Stdout, os.Stderr, a.Dir
	if err := cmd.Run(); err != nil {
		return fail(fmt.Sprintf("running the editor %s: %s", words[0], reason(err)), "VISUAL and EDITOR name the editor")
	}
	return nil
}

// askFor asks for an entry's text if the command line has none: on a terminal with a
// question, else, or if that is not answered, in an editor.
func (w *writer) askFor(e *newEntry, question string) error {
	if strings.TrimSpace(e.text) != "" {
		return nil
	}
	if w.StdinIsTerminal {
		instead := ""
		if editor, err := w.editor(); err == nil {
			instead = fmt.Sprintf(" (Enter alone opens %s)", filepath.Base(editor[0]))
		}
		answer, err := w.ask(fmt.Sprintf("%s, %v?%s", question, e.date, instead))
		if err != nil || answer != "" {
			e.text = answer
			return err
		}
	}
	if _, err := w.editor(); err != nil {
		return fail("there is no text to write", "say it after the name, or set EDITOR to write it there")
	}
	return w.askInEditor(e, question)
}

// askInEditor lets a person write an entry in an editor, the line begun with its
// date, which may be changed.
func (w *writer) askInEditor(e *newEntry, question string) error {
	if err := store.MakeFolder(w.root); err != nil {
		return fail("making the folder "+store.Folder+": "+reason(err), "")
	}
	begun := fmt.Sprintf("%v \n\n# %s?\n# One line. Lines that begin with # are left out; without text nothing is written.\n", e.date, question)
	// Of this process alone, as another may be writing an entry as well.
	scratch := fmt.Sprintf("%s/entry-%d.md", store.Folder, os.Getpid())
	if err := w.root.WriteFile(scratch, []byte(begun), 0o600); err != nil {
		return fail(fmt.Sprintf("writing %s: %s", scratch, reason(err)), "")
	}
	if err := w.openEditor(filepath.Join(w.session.dir, filepath.FromSlash(scratch)), 1); err != nil {
		return err
	}
	written, err := w.root.ReadFile(scratch)
	if err != nil {
		return fail(fmt.Sprintf("reading %s: %s", scratch, reason(err)), "")
	}
	var lines []string
	for line := range strings.Lines(strings.TrimPrefix(string(written), "\ufeff")) {
		if line = strings.TrimSpace(line); line != "" && line != "#" && !strings.HasPrefix(line, "# ") {
			lines = append(lines, line)
		}
	}
	text := strings.Join(lines, " ")
	if day, err := civil.ParsePrefix(text); err == nil {
		e.day, text = day.String(), strings.TrimSpace(text[10:])
		e.planned = day.After(w.session.today)
	}
	if text == "" {
		_ = w.root.Remove(scratch)
		return fail("there is no text: nothing was written", "")
	}
	e.text, w.scratch = text, scratch
	return nil
}

// checkFile prints what is wrong in one file, as check does, and fails if something
// must be mended.
func (a *app) checkFile(s *session, path string) error {
	var problems []note.Problem
	errs := 0
	for _, p := range s.journal.Problems() {
		if p.File == path && p.Severity != note.Advice {
			problems = append(problems, p)
			if p.Severity == note.Error {
				errs++
			}
		}
	}
	a.printProblems(problems)
	if errs > 0 {
		return &failure{status: statusFailed}
	}
	return nil
}
