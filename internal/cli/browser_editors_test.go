//go:build browser

package cli_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kith/internal/help"
)

// pasted returns the first block of code in a language below a heading of kith help
// editors: what somebody pastes.
func pasted(t *testing.T, heading, language string) string {
	t.Helper()
	topic, _ := help.Find("editors")
	_, section, _ := strings.Cut(topic.Markdown, "\n## "+heading+"\n")
	_, code, found := strings.Cut(section, "\n```"+language+"\n")
	if !found {
		t.Fatalf("kith help editors has no %s for %s", language, heading)
	}
	code, _, _ = strings.Cut(code, "\n```")
	return code
}

// An editorTest is a journal and an editor that finds kith.
type editorTest struct {
	dir string // of the journal
	env []string
}

// newEditorTest makes a copy of the demo journal, and builds kith.
func newEditorTest(t *testing.T) editorTest {
	t.Helper()
	e := editorTest{dir: t.TempDir()}
	if err := os.CopyFS(filepath.Join(e.dir, "content"), os.DirFS(filepath.Join(demo, "content"))); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin, "kith/cmd/kith").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	home := t.TempDir()
	e.env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "KITH_TODAY=2026-11-23",
		"HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CACHE_HOME="+home)
	return e
}

// run runs an editor in the journal, and fails if it does.
func (e editorTest) run(t *testing.T, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = e.dir, e.env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Neovim, with what the help has to paste, shows a problem, mends it by an action, completes
// behind a mark and gives somebody another name; the files are then as kith would have
// left them.
func TestEditorNeovim(t *testing.T) {
	e := newEditorTest(t)
	const philippa = "content/contacts/philippa-boyle.md"
	original := readTree(t, e.dir)["/"+philippa]
	script := filepath.Join(t.TempDir(), "test.lua")
	writeFile(t, script, `
vim.lsp.start = vim.lsp.start or function(config) -- before version 0.8
  local id = vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(0, id)
  return id
end
`+pasted(t, "Neovim", "lua")+`
local function must(what, is)
  if not vim.wait(30000, is, 20) then
    io.stderr:write("waited in vain for " .. what .. "\n" .. table.concat(vim.api.nvim_buf_get_lines(0, 0, 12, false), "\n") .. "\n")
    vim.cmd("cquit 1")
  end
end
local function line(n) return vim.api.nvim_buf_get_lines(0, n - 1, n, false)[1] end

vim.cmd("filetype on")
vim.cmd("edit `+philippa+`")
must("the server", function() return #vim.lsp.get_active_clients() > 0 and vim.lsp.buf_get_clients(0) ~= nil end)

-- A problem shows, once it is saved.
vim.api.nvim_buf_set_lines(0, 1, 1, false, { "evrey: 6 weeks" })
vim.cmd("write")
must("a problem", function()
  for _, d in ipairs(vim.diagnostic.get(0)) do
    if d.lnum == 1 and d.code == "unknown-key" then return true end
  end
end)

-- An action mends it.
vim.api.nvim_win_set_cursor(0, { 2, 2 })
vim.ui.select = function(items, opts, choose)
  for i, item in ipairs(items) do
    if opts.format_item(item):find("every") then return choose(item, i) end
  end
end
vim.lsp.buf.code_action()
must("the action", function() return line(2):find("^every") end)
vim.api.nvim_buf_set_lines(0, 1, 2, false, {})
vim.cmd("write")

-- A word is completed behind a mark.
local last = vim.api.nvim_buf_line_count(0)
vim.api.nvim_buf_set_lines(0, last, last, false, { "- 2026-11-23 call got tha" })
vim.api.nvim_win_set_cursor(0, { last + 1, 25 })
local params = vim.lsp.util.make_position_params()
params.position.character = 25
local found = false
for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/completion", params, 30000) or {}) do
  for _, item in ipairs(vim.lsp.util.text_document_completion_list_to_complete_items(answer.result, "tha")) do
    found = found or item.word == "thanked"
  end
end
must("the completion", function() return found end)
vim.api.nvim_buf_set_lines(0, last, last + 1, false, {})
vim.cmd("write")

-- She gets another name, everywhere.
vim.fn.search("^name: ")
vim.fn.cursor(vim.fn.line("."), 8)
vim.lsp.buf.rename("Philippa Boyle-Lund")
must("the rename", function() return vim.fn.filereadable("content/contacts/philippa-boyle-lund.md") == 1 end)
must("the name", function() return vim.fn.search("^name: Philippa Boyle-Lund", "nw") > 0 end)
vim.cmd("silent! wall!")
vim.cmd("qall!")
`)
	e.run(t, "nvim", "--headless", "--clean", "-u", "NONE", "-n", "-c", "set nobackup hidden", "-S", script)

	want := t.TempDir()
	if err := os.CopyFS(filepath.Join(want, "content"), os.DirFS(filepath.Join(demo, "content"))); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(original, "\n") {
		t.Fatal("the demo's note has no line end")
	}
	if _, errs, status := run(t, want, "rename", "philippa-boyle", "Philippa Boyle-Lund"); status != 0 {
		t.Fatal(errs)
	}
	sameTree(t, filepath.Join(e.dir, "content"), filepath.Join(want, "content"))
}

func sameTree(t *testing.T, got, want string) {
	t.Helper()
	is, should := readTree(t, got), readTree(t, want)
	for path, text := range should {
		if is[path] != text {
			t.Errorf("%s is\n%s\nwant\n%s", path, is[path], text)
		}
		delete(is, path)
	}
	for path := range is {
		t.Errorf("there is %s too", path)
	}
}

// Emacs, with what the help has to paste, shows a problem and completes behind a mark.
func TestEditorEmacs(t *testing.T) {
	e := newEditorTest(t)
	const file = "content/contacts/philippa-boyle.md"
	text := readTree(t, e.dir)["/"+file]
	writeFile(t, filepath.Join(e.dir, file), strings.Replace(text, "---\n", "---\nevrey: 6 weeks\n", 1))
	script := filepath.Join(t.TempDir(), "test.el")
	writeFile(t, script, pasted(t, "Emacs", "elisp")+fmt.Sprintf(`
(add-to-list 'auto-mode-alist '("\\.md\\'" . text-mode))
(setq make-backup-files nil create-lockfiles nil eglot-sync-connect t)
(defun must (what is)
  (let ((tries 300))
    (while (and (> tries 0) (not (funcall is)))
      (accept-process-output nil 0.1)
      (setq tries (1- tries)))
    (when (= tries 0)
      (message "waited in vain for %%s: %%S" what (flymake-diagnostics))
      (kill-emacs 1))))
(find-file %q)
(run-hooks 'post-command-hook) ; nobody gives a command here, which is when it starts
(must "the server" (lambda () (eglot-current-server)))
(must "a problem"
      (lambda ()
        (seq-some (lambda (d) (string-match-p "evrey" (flymake-diagnostic-text d))) (flymake-diagnostics))))
(goto-char (point-max))
(insert "- 2026-11-23 call got tha")
(let* ((found (eglot-completion-at-point))
       (all (all-completions "tha" (nth 2 found))))
  (must (format "the completion: %%S" all) (lambda () (member "thanked" all))))
(set-buffer-modified-p nil)
(kill-emacs 0)
`, file))
	e.run(t, "emacs", "--batch", "--no-site-file", "--eval", "(package-initialize)", "--load", script)
}
