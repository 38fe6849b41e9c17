// Package lsptest is an editor for tests and measurements of the language server: it has
// buffers, sends what happens to them over a pipe, and keeps what it is told.
package lsptest

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// Options say which editor it is.
type Options struct {
	// Serve answers an editor until it takes its leave.
	Serve func(in io.Reader, out io.Writer) error
	// Folder is where the journal is.
	Folder string
	// Capabilities are what the editor says that it can; those it cannot do without are
	// added.
	Capabilities protocol.ClientCapabilities
	// Settings are what it asks for at the beginning, as JSON.
	Settings string
	// Fail ends the test.
	Fail func(format string, args ...any)
}

// An Editor is a client of a language server.
type Editor struct {
	Can  protocol.ServerCapabilities
	opts Options
	conn jsonrpc2.Conn

	mu          sync.Mutex
	versions    map[uri.URI]int32
	diagnostics map[uri.URI]protocol.PublishDiagnosticsParams
	told        chan struct{} // closed, and made again, at whatever the server tells
	whole       bool

	served chan error
}

// patience is how long an editor waits for an answer.
const patience = time.Minute

// Start starts an editor and its server.
func Start(opts Options) *Editor {
	e := &Editor{
		opts: opts, versions: map[uri.URI]int32{}, diagnostics: map[uri.URI]protocol.PublishDiagnosticsParams{},
		told: make(chan struct{}), served: make(chan error, 1),
	}
	serverIn, out, err := os.Pipe()
	e.must(err)
	in, serverOut, err := os.Pipe()
	e.must(err)
	go func() {
		err := opts.Serve(serverIn, serverOut)
		serverIn.Close()
		serverOut.Close()
		e.served <- err
	}()
	e.conn = jsonrpc2.NewConn(jsonrpc2.NewHeaderStream(pipes{in, out}), jsonrpc2.WithCodec(codec{}))
	e.conn.Go(context.Background(), e.hear)
	p := protocol.InitializeParams{Capabilities: opts.Capabilities}
	p.Capabilities.Window = &protocol.WindowClientCapabilities{WorkDoneProgress: new(true)}
	p.WorkspaceFolders = protocol.NewNullable([]protocol.WorkspaceFolder{{URI: uri.File(opts.Folder), Name: "journal"}})
	if opts.Settings != "" {
		p.InitializationOptions = protocol.LSPAny(opts.Settings)
	}
	var result protocol.InitializeResult
	e.Ask(protocol.MethodInitialize, &p, &result)
	e.Can = result.Capabilities
	e.Tell(protocol.MethodInitialized, &protocol.InitializedParams{})
	return e
}

type pipes struct {
	io.ReadCloser
	io.WriteCloser
}

func (p pipes) Close() error { return errors.Join(p.WriteCloser.Close(), p.ReadCloser.Close()) }

type codec struct{}

func (codec) Marshal(v any) ([]byte, error)      { return protocol.Marshal(v) }
func (codec) Unmarshal(data []byte, v any) error { return protocol.Unmarshal(data, v) }

func (e *Editor) must(err error) {
	if err != nil {
		e.opts.Fail("%v", err)
	}
}

// hear takes what the server tells.
func (e *Editor) hear(_ context.Context, req *jsonrpc2.Request) (any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch req.Method() {
	case protocol.MethodTextDocumentPublishDiagnostics:
		var p protocol.PublishDiagnosticsParams
		if err := protocol.Unmarshal(req.Params(), &p); err != nil {
			return nil, err
		}
		e.diagnostics[p.URI] = p
	case protocol.MethodProgress:
		var p protocol.ProgressParams
		if err := protocol.Unmarshal(req.Params(), &p); err != nil {
			return nil, err
		}
		var end protocol.WorkDoneProgressEnd
		if protocol.Unmarshal(p.Value, &end) == nil && end.Kind == "end" {
			e.whole = true
		}
	}
	close(e.told)
	e.told = make(chan struct{})
	return nil, nil
}

// Until waits until something is so, which is looked at whenever the server tells
// something.
func (e *Editor) Until(what string, is func() bool) {
	for late := time.After(patience); ; {
		e.mu.Lock()
		told := e.told
		e.mu.Unlock()
		if is() {
			return
		}
		select {
		case <-told:
		case err := <-e.served:
			e.opts.Fail("the server ended before %s: %v", what, err)
		case <-late:
			e.opts.Fail("waited a minute for %s", what)
		}
	}
}

// Read waits until the server has read the whole journal.
func (e *Editor) Read() {
	e.Until("the journal was read", func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.whole
	})
}

// Tell sends what needs no answer.
func (e *Editor) Tell(method string, params any) {
	e.must(e.conn.Notify(context.Background(), method, params))
}

// Ask sends a request and waits for its answer.
func (e *Editor) Ask(method string, params, result any) {
	if err := e.Try(method, params, result); err != nil {
		e.opts.Fail("%s: %v", method, err)
	}
}

// Try is Ask for a request that may fail.
func (e *Editor) Try(method string, params, result any) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := e.conn.Call(ctx, method, params, result)
	return err
}

// URI returns the address of a file of the journal.
func (e *Editor) URI(path string) uri.URI {
	return uri.File(filepath.Join(e.opts.Folder, filepath.FromSlash(path)))
}

// File names a file of the journal.
func (e *Editor) File(path string) protocol.TextDocumentIdentifier {
	return protocol.TextDocumentIdentifier{URI: e.URI(path)}
}

// Open opens a file that holds a text.
func (e *Editor) Open(path, text string) {
	e.versions[e.URI(path)] = 1
	e.Tell(protocol.MethodTextDocumentDidOpen, &protocol.DidOpenTextDocumentParams{
		TextDocument: protocol.TextDocumentItem{URI: e.URI(path), LanguageID: "markdown", Version: 1, Text: text},
	})
}

// Change changes a buffer.
func (e *Editor) Change(path string, changes ...protocol.TextDocumentContentChangeEvent) {
	u := e.URI(path)
	e.versions[u]++
	e.Tell(protocol.MethodTextDocumentDidChange, &protocol.DidChangeTextDocumentParams{
		TextDocument:   protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: e.File(path), Version: e.versions[u]},
		ContentChanges: changes,
	})
}

// Replace changes a buffer as an editor does that sends all of it.
func (e *Editor) Replace(path, text string) {
	e.Change(path, &protocol.TextDocumentContentChangeWholeDocument{Text: text})
}

// Save says that a buffer was saved.
func (e *Editor) Save(path string) {
	e.Tell(protocol.MethodTextDocumentDidSave, &protocol.DidSaveTextDocumentParams{TextDocument: e.File(path)})
}

// Close closes a buffer.
func (e *Editor) Close(path string) {
	e.Tell(protocol.MethodTextDocumentDidClose, &protocol.DidCloseTextDocumentParams{TextDocument: e.File(path)})
}

// Diagnostics returns what the server has told of a file once it has dealt with all it
// was sent.
func (e *Editor) Diagnostics(path string) []protocol.Diagnostic {
	e.settle()
	return e.Told()[e.URI(path)].Diagnostics
}

// settle waits until the server has dealt with all it was sent: it does one thing after
// the other.
func (e *Editor) settle() { _ = e.Try("kith/none", nil, nil) }

// Told returns what the server has told of all files by now.
func (e *Editor) Told() map[uri.URI]protocol.PublishDiagnosticsParams {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.diagnostics)
}

// Leave shuts the server down, and returns what it ended with.
func (e *Editor) Leave() error {
	e.Ask(protocol.MethodShutdown, nil, nil)
	e.Tell(protocol.MethodExit, nil)
	err := <-e.served
	return errors.Join(err, e.conn.Close())
}

// Full are the capabilities of an editor that can do all that the server makes use of.
func Full() protocol.ClientCapabilities {
	return protocol.ClientCapabilities{
		Workspace: &protocol.WorkspaceClientCapabilities{WorkspaceEdit: &protocol.WorkspaceEditClientCapabilities{
			DocumentChanges:    new(true),
			ResourceOperations: []protocol.ResourceOperationKind{protocol.ResourceOperationKindCreate, protocol.ResourceOperationKindRename},
		}},
		TextDocument: &protocol.TextDocumentClientCapabilities{CodeAction: &protocol.CodeActionClientCapabilities{
			CodeActionLiteralSupport: protocol.ClientCodeActionLiteralOptions{CodeActionKind: protocol.ClientCodeActionKindOptions{
				ValueSet: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix},
			}},
		}},
	}
}

// Apply makes the changes of an edit in the files of the journal, of which an editor that
// counts in UTF-16 has none open that is not saved.
func (e *Editor) Apply(edit *protocol.WorkspaceEdit) {
	for _, c := range edit.DocumentChanges {
		switch c := c.(type) {
		case *protocol.CreateFile:
			e.must(os.WriteFile(c.URI.FsPath(), nil, 0o600))
		case *protocol.RenameFile:
			e.must(os.Rename(c.OldURI.FsPath(), c.NewURI.FsPath()))
		case *protocol.TextDocumentEdit:
			data, err := os.ReadFile(c.TextDocument.URI.FsPath())
			e.must(err)
			text := string(data)
			for _, edit := range slices.Backward(c.Edits) { // they are in the order of the text
				edit := edit.(*protocol.TextEdit)
				text = text[:offset(text, edit.Range.Start)] + edit.NewText + text[offset(text, edit.Range.End):]
			}
			e.must(os.WriteFile(c.TextDocument.URI.FsPath(), []byte(text), 0o600))
		}
	}
	for u, edits := range edit.Changes {
		data, err := os.ReadFile(u.FsPath())
		e.must(err)
		text := string(data)
		for _, edit := range slices.Backward(edits) {
			text = text[:offset(text, edit.Range.Start)] + edit.NewText + text[offset(text, edit.Range.End):]
		}
		e.must(os.WriteFile(u.FsPath(), []byte(text), 0o600))
	}
}

// offset returns where in a text a position is, counted in UTF-16.
func offset(text string, p protocol.Position) int {
	at := 0
	for range p.Line {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			return len(text)
		}
		at += n + 1
	}
	units := uint32(0)
	for i, r := range text[at:] {
		if units >= p.Character {
			return at + i
		}
		units += uint32(utf16.RuneLen(r))
	}
	return len(text)
}
