package lsp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"kith/internal/draft"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/site"
)

// A phase is how far a client is with the server.
type phase uint8

const (
	begun   phase = iota // the client has not said what it can
	running              // it has
	ended                // it asked the server to shut down
)

// server answers one client.
type server struct {
	protocol.UnimplementedServer
	opts   Options
	conn   jsonrpc2.Conn
	beside func(work func(context.Context)) // does something while messages are dealt with
	left   chan struct{}                    // closed when the client takes its leave
	opened chan struct{}                    // has a value once the first file was opened
	read   chan struct{}                    // closed once the whole journal is read
	done   <-chan struct{}                  // closed when the server is to end
	answer jsonrpc2.Handler

	// mu is held while a message is dealt with, and while a journal takes the place of
	// another.
	mu      sync.Mutex
	phase   phase
	greeted bool // the client knows what the server can, and takes more than answers
	client  client
	encoding

	root    *os.Root // of the journal, once it is found
	docs    map[string]*document
	journal *journal.Journal
	whole   bool // all of the journal is read, and not the open files alone
	theme   *site.Theme
	drafts  *draft.Set
	view    *due.View
	wishes  *due.Wishes
	told    map[string][]note.Problem // what the client was last told, by file
}

func newServer(opts Options) *server {
	s := &server{
		opts: opts, left: make(chan struct{}), opened: make(chan struct{}, 1), read: make(chan struct{}), encoding: encoding(protocol.PositionEncodingKindUTF16),
		docs: map[string]*document{}, told: map[string][]note.Problem{},
	}
	s.answer = protocol.ServerHandler(s, nil)
	return s
}

// client is what a client said that it can, and what it wants.
type client struct {
	progress       bool // it shows what takes a while
	workspaceEdits bool // edits of several files, with their versions
	renames        bool // such edits that give a file another name
	creates        bool // such edits that make a file
	plain          bool // hovers have no Markdown
	hints          bool // it wants inlay hints
	literals       bool // code actions that are more than commands
	nested         bool // it takes symbols with their ranges
}

// notRunning is the error of a request that comes too early or too late.
func (s *server) notRunning(method string) error {
	switch {
	case s.phase == begun && method != protocol.MethodInitialize:
		return jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "the first request is initialize")
	case s.phase == running && method == protocol.MethodInitialize:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is initialized as it is")
	case s.phase == ended:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is shut down")
	}
	return nil
}

// handle deals with one message.
func (s *server) handle(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	method := strings.Clone(req.Method())
	result, err := answered(method, func() (any, error) {
		if method != protocol.MethodExit {
			if err := s.notRunning(method); err != nil {
				return nil, err
			}
		}
		return s.answer(ctx, req)
	}, s.opts.Log)
	if !req.IsCall() {
		if err != nil && !strings.HasPrefix(method, "$/") {
			s.opts.Log("%s: %v", method, err)
		}
		return nil, nil // of which a client is told nothing
	}
	return result, err
}

// Initialize takes what the client can, and says what the server can.
func (s *server) Initialize(_ context.Context, p *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	s.phase = running
	s.settle(p)
	for _, folder := range foldersOf(p) {
		if s.find(folder) {
			break
		}
	}
	yes := protocol.Boolean(true)
	incremental := protocol.TextDocumentSyncKindIncremental
	can := protocol.ServerCapabilities{
		PositionEncoding: protocol.PositionEncodingKind(s.encoding),
		TextDocumentSync: &protocol.TextDocumentSyncOptions{
			OpenClose: new(true), Change: &incremental, Save: yes,
		},
		HoverProvider: yes, DefinitionProvider: yes, ReferencesProvider: yes, DocumentHighlightProvider: yes,
		DocumentSymbolProvider: yes, WorkspaceSymbolProvider: yes, FoldingRangeProvider: yes, InlayHintProvider: yes,
		DocumentLinkProvider: &protocol.DocumentLinkOptions{}, CodeLensProvider: &protocol.CodeLensOptions{},
		SemanticTokensProvider: &protocol.SemanticTokensOptions{
			Legend: protocol.SemanticTokensLegend{TokenTypes: tokenTypes, TokenModifiers: []string{}}, Full: yes,
		},
		RenameProvider:     &protocol.RenameOptions{PrepareProvider: new(true)},
		CodeActionProvider: &protocol.CodeActionOptions{CodeActionKinds: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix, protocol.CodeActionKindRefactorRewrite}},
		CompletionProvider: &protocol.CompletionOptions{TriggerCharacters: []string{"[", "#", " ", ":", "<", ">"}},
	}
	return &protocol.InitializeResult{
		Capabilities: can,
		ServerInfo:   protocol.ServerInfo{Name: "kith", Version: protocol.NewOptional(s.opts.Version)},
	}, nil
}

// settle takes what a client said that it can.
func (s *server) settle(p *protocol.InitializeParams) {
	s.client = client{hints: true}
	s.configure(p.InitializationOptions)
	can := p.Capabilities
	if w := can.Window; w != nil {
		s.client.progress = is(w.WorkDoneProgress)
	}
	if w := can.Workspace; w != nil && w.WorkspaceEdit != nil {
		operations := w.WorkspaceEdit.ResourceOperations
		// Some that can do these, which stand among changes with versions, say no more.
		s.client.workspaceEdits = is(w.WorkspaceEdit.DocumentChanges) || len(operations) > 0
		s.client.renames = slices.Contains(operations, protocol.ResourceOperationKindRename)
		s.client.creates = slices.Contains(operations, protocol.ResourceOperationKindCreate)
	}
	if t := can.TextDocument; t != nil {
		s.client.plain = t.Hover != nil && len(t.Hover.ContentFormat) > 0 && !slices.Contains(t.Hover.ContentFormat, protocol.MarkupKindMarkdown)
		s.client.literals = t.CodeAction != nil && len(t.CodeAction.CodeActionLiteralSupport.CodeActionKind.ValueSet) > 0
		s.client.nested = t.DocumentSymbol != nil && is(t.DocumentSymbol.HierarchicalDocumentSymbolSupport)
	}
	if g := can.General; g != nil {
		known := []protocol.PositionEncodingKind{protocol.PositionEncodingKindUTF8, protocol.PositionEncodingKindUTF16, protocol.PositionEncodingKindUTF32}
		for _, e := range g.PositionEncodings { // those it likes best come first
			if slices.Contains(known, e) {
				s.encoding = encoding(e)
				break
			}
		}
	}
}

// configure takes what a client wants: {"inlayHints": false}, in an object kith or not.
func (s *server) configure(settings protocol.LSPAny) {
	type wants struct {
		InlayHints *bool `json:"inlayHints"`
	}
	var w struct {
		wants
		Kith wants `json:"kith"`
	}
	if len(settings) == 0 || json.Unmarshal(settings, &w) != nil {
		return
	}
	if hints := cmp.Or(w.Kith.InlayHints, w.InlayHints); hints != nil {
		s.client.hints = *hints
	}
}

// DidChangeConfiguration takes what a client wants from now on.
func (s *server) DidChangeConfiguration(_ context.Context, p *protocol.DidChangeConfigurationParams) error {
	s.configure(p.Settings)
	return nil
}

// Initialized says that the client is ready.
func (s *server) Initialized(context.Context, *protocol.InitializedParams) error {
	if !s.greeted && s.root != nil {
		s.beside(s.keep)
	}
	s.greeted = true
	return nil
}

// foldersOf returns the folders that a client works in, and at last that which the program
// was started in.
func foldersOf(p *protocol.InitializeParams) []string {
	var folders []string
	if list, ok := p.WorkspaceFolders.Get(); ok {
		for _, f := range list {
			if f.URI.IsFile() {
				folders = append(folders, f.URI.FsPath())
			}
		}
	}
	//lint:ignore SA1019 older clients send nothing else
	root, rootPath := p.RootURI, p.RootPath
	if root != nil && root.IsFile() {
		folders = append(folders, root.FsPath())
	}
	if path, ok := rootPath.Get(); ok && path != "" {
		folders = append(folders, path)
	}
	return append(folders, "")
}

// Shutdown ends the work, but not the process.
func (s *server) Shutdown(context.Context) error {
	s.phase = ended
	return nil
}

// Exit ends the process.
func (s *server) Exit(context.Context) error {
	close(s.left)
	return nil
}

// DidOpen takes a buffer.
func (s *server) DidOpen(_ context.Context, p *protocol.DidOpenTextDocumentParams) error {
	d := p.TextDocument
	if !d.URI.IsFile() {
		return nil
	}
	if s.root == nil {
		s.findOf(d.URI.FsPath())
	}
	path, ok := s.path(d.URI)
	if !ok {
		return nil
	}
	s.docs[path] = &document{uri: d.URI, path: path, version: d.Version, text: newText(d.Text), writing: -1}
	s.changed(path)
	select {
	case s.opened <- struct{}{}:
	default:
	}
	return nil
}

// DidChange changes a buffer.
func (s *server) DidChange(_ context.Context, p *protocol.DidChangeTextDocumentParams) error {
	d := s.document(p.TextDocument.URI)
	if d == nil {
		return nil
	}
	text, line, err := s.encoding.change(d.text, p.ContentChanges)
	if err != nil {
		return fmt.Errorf("change %s: %w", d.path, err)
	}
	if line >= 0 {
		d.writing = line
	}
	d.text, d.version = text, p.TextDocument.Version
	s.changed(d.path)
	return nil
}

// DidSave says that a buffer is in its file: nobody is in the middle of a line.
func (s *server) DidSave(_ context.Context, p *protocol.DidSaveTextDocumentParams) error {
	if d := s.document(p.TextDocument.URI); d != nil {
		d.writing = -1
		s.publish()
	}
	return nil
}

// DidClose leaves a file to itself.
func (s *server) DidClose(_ context.Context, p *protocol.DidCloseTextDocumentParams) error {
	if d := s.document(p.TextDocument.URI); d != nil {
		delete(s.docs, d.path)
		s.changed(d.path)
	}
	return nil
}

// cursorAt takes in that the cursor is on a line, which may not be the one that was last
// changed.
func (s *server) cursorAt(d *document, line int) {
	if d.writing >= 0 && d.writing != line {
		d.writing = -1
		s.publish()
	}
}

// document returns the buffer with an address, or nil if there is none of the journal.
func (s *server) document(u uri.URI) *document {
	path, ok := s.path(u)
	if !ok {
		return nil
	}
	return s.docs[path]
}

// is says whether a client said yes.
func is(said *bool) bool { return said != nil && *said }
