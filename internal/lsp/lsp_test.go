package lsp

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/lsp/lsptest"
	"kith/templates"
)

// A setup is how a test has its server and editor.
type setup struct {
	files    map[string]string // of the journal
	can      protocol.ClientCapabilities
	settings string
}

// start starts a server of a journal of some files, and an editor that has none of them
// open.
func (s setup) start(t testing.TB) (*lsptest.Editor, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "content", "contacts"), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range s.files {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e := lsptest.Start(lsptest.Options{
		Folder: dir, Capabilities: s.can, Settings: s.settings, Fail: t.Fatalf,
		Serve: func(in io.Reader, out io.Writer) error { return Run(t.Context(), testOptions(t, dir, in, out)) },
	})
	e.Read()
	return e, dir
}

func testOptions(t testing.TB, dir string, in io.Reader, out io.Writer) Options {
	return Options{
		In: in, Out: out, Templates: templates.FS, Version: "test", Log: t.Logf,
		Find:  func(string) (*os.Root, error) { return os.OpenRoot(dir) },
		Today: func(journal.Settings) civil.Date { d, _ := civil.Of(2026, 11, 23); return d },
	}
}

// messagesOf are what diagnostics say, with the line from 1.
func messagesOf(ds []protocol.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		message, _, _ := strings.Cut(string(d.Message.(protocol.String)), "\n")
		b.WriteString(string(rune('0'+d.Range.Start.Line+1)) + ": " + message + "\n")
	}
	return b.String()
}

func position(line, character uint32) protocol.Position {
	return protocol.Position{Line: line, Character: character}
}

// put is a change that puts a text in the place of a range.
func put(startLine, startChar, endLine, endChar uint32, text string) protocol.TextDocumentContentChangeEvent {
	return &protocol.TextDocumentContentChangePartial{
		Range: protocol.Range{Start: position(startLine, startChar), End: position(endLine, endChar)}, Text: text,
	}
}

const ada = "content/contacts/ada.md"

func TestDiagnosticsOfABuffer(t *testing.T) {
	e, _ := setup{files: map[string]string{ada: "---\nname: Ada\n---\n"}}.start(t)
	e.Open(ada, "---\nname: Ada\nevrey: 6 weeks\n---\n")
	got := e.Diagnostics(ada)
	if len(got) != 1 || !strings.Contains(messagesOf(got), "3: the key evrey is not known") {
		t.Fatalf("of the buffer it says %q", messagesOf(got))
	}
	if want := (protocol.Range{Start: position(2, 0), End: position(2, 6)}); got[0].Range != want {
		t.Errorf("it stands at %v, want %v", got[0].Range, want)
	}
	e.Change(ada, put(2, 1, 2, 5, "very"))
	if got := e.Diagnostics(ada); len(got) != 0 {
		t.Errorf("of the mended buffer it says %q", messagesOf(got))
	}
	e.Close(ada)
	if got := e.Diagnostics(ada); len(got) != 0 {
		t.Errorf("of the file it says %q", messagesOf(got))
	}
	if err := e.Leave(); err != nil {
		t.Error(err)
	}
}

// Nothing is said of a line that somebody is in the middle of.
func TestAnUnfinishedLine(t *testing.T) {
	e, _ := setup{}.start(t)
	e.Open(ada, "---\nname: Ada\n---\n")
	e.Change(ada, put(3, 0, 3, 0, "- 14/11/2026 call"))
	if got := e.Diagnostics(ada); len(got) != 0 {
		t.Errorf("while the line is written it says %q", messagesOf(got))
	}
	e.Change(ada, put(3, 17, 3, 17, "\n"))
	if got := e.Diagnostics(ada); len(got) != 1 {
		t.Errorf("of the finished line it says %q", messagesOf(got))
	}
	e.Change(ada, put(3, 3, 3, 4, "3"))
	if got := e.Diagnostics(ada); len(got) != 0 {
		t.Errorf("while it is changed again it says %q", messagesOf(got))
	}
	e.Save(ada)
	if got := e.Diagnostics(ada); len(got) != 1 {
		t.Errorf("once it is saved it says %q", messagesOf(got))
	}
}

// What a buffer says of another file shows there.
func TestDiagnosticsElsewhere(t *testing.T) {
	const grace = "content/contacts/grace.md"
	e, dir := setup{files: map[string]string{
		ada: "---\nname: Ada\n---\n", grace: "---\nname: Grace\n---\n\n- 2026-11-02 call with [[Ada]]: hello\n",
	}}.start(t)
	if got := e.Diagnostics(grace); len(got) != 0 {
		t.Fatalf("at first it says %q", messagesOf(got))
	}
	if err := os.Rename(filepath.Join(dir, ada), filepath.Join(dir, "content/contacts/mary.md")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content/contacts/mary.md"), []byte("---\nname: Mary\n---\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e.Until("the broken link shows", func() bool { return len(e.Told()[e.URI(grace)].Diagnostics) == 1 })
}

func TestTheServerGoesOn(t *testing.T) {
	e, _ := setup{}.start(t)
	for method, code := range map[string]int64{
		"kith/nothing": -32601, "textDocument/formatting": -32601, "initialize": -32600,
	} {
		err := e.Try(method, map[string]any{
			"textDocument": map[string]any{"uri": e.URI(ada)}, "options": map[string]any{"tabSize": 2, "insertSpaces": true},
			"processId": nil, "rootUri": nil, "capabilities": map[string]any{},
		}, nil)
		if err == nil || errorCode(err) != code {
			t.Errorf("%s: %v, want the code %d", method, err, code)
		}
	}
	for _, address := range []string{"untitled:Untitled-1", "git:/x/content/contacts/ada.md", "file:///", "file:///elsewhere/ada.md", "", "%", "file://host/share/ada.md", "zip:///a.zip::b.md"} {
		e.Tell(protocol.MethodTextDocumentDidOpen, map[string]any{"textDocument": map[string]any{"uri": address, "languageId": "markdown", "version": 1, "text": "- 14/11/2026 x\n"}})
	}
	e.Open(ada, "---\nevrey: 1w\n---\n")
	if got := e.Diagnostics(ada); len(got) != 1 {
		t.Errorf("it says %q", messagesOf(got))
	}
}

func errorCode(err error) int64 {
	var of *jsonrpc2.Error
	if errors.As(err, &of) {
		return int64(of.Code)
	}
	return 0
}
