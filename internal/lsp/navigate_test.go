package lsp

import (
	"fmt"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"kith/internal/help"
	"kith/internal/lsp/lsptest"
)

const (
	grace = "content/contacts/grace.md"

	adaText = `---
name: Ada Lovelace
every: 6 weeks
---

- [?] how is the engine
- [ ] send the paper by 2026-12-01

## Log

- 2026-10-02 coffee got #engine with [[Grace Hopper]]: She helped.
- 2026-08-14 > email: To [[grace|her]], 👩‍🚀 [[Grace Hopper]].
- 2025-12-01 call: Long ago.
`
)

// opened starts an editor of a small journal, and has one file of it open.
func opened(t *testing.T, s setup) *lsptest.Editor {
	t.Helper()
	s.files = map[string]string{ada: adaText, grace: "---\nname: Grace Hopper\nvia: \"[[Ada Lovelace]]\"\n---\n"}
	e, _ := s.start(t)
	e.Open(ada, adaText)
	return e
}

// where returns the position right behind the first place of a text in the file of Ada.
func where(t *testing.T, words string) protocol.TextDocumentPositionParams {
	t.Helper()
	at := strings.Index(adaText, words)
	if at < 0 {
		t.Fatalf("there is no %q", words)
	}
	return protocol.TextDocumentPositionParams{Position: encoding("utf-16").position(newText(adaText), at+len(words))}
}

func TestHover(t *testing.T) {
	e := opened(t, setup{})
	for _, c := range []struct{ at, want string }{
		{"- 2026-10-02", "both · coffee · got · with Grace Hopper · #engine\n\n7 weeks ago"},
		{"- 2026-08-14", "you → them · email"},
		{"every", "6 weeks after coffee on 2 October → 13 November, 10 days ago"},
		{"with [[Gr", "**Grace Hopper**"},
		{"name: Ada", "due 10 days ago · 1 open question · 1 open promise"},
		{"[?] how", "something to ask them"},
		{"send the paper", "a promise of yours · due 2026-12-01"},
	} {
		p := where(t, c.at)
		p.TextDocument = e.File(ada)
		var h protocol.Hover
		e.Ask(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: p}, &h)
		if h.Contents == nil {
			t.Errorf("over %q it says nothing", c.at)
			continue
		}
		got := h.Contents.(*protocol.MarkupContent).Value
		if !strings.Contains(got, c.want) {
			t.Errorf("over %q it says %q, want %q", c.at, got, c.want)
		}
	}
}

// Over a problem stands the section of the help that is about it, and there is one.
func TestHoverOverAProblem(t *testing.T) {
	e := opened(t, setup{})
	e.Open(grace, "---\nname: Grace\nevrey: 1w\n---\n")
	var h protocol.Hover
	e.Ask(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: protocol.TextDocumentPositionParams{
		TextDocument: e.File(grace), Position: position(2, 2),
	}}, &h)
	if got := h.Contents.(*protocol.MarkupContent).Value; !strings.Contains(got, "### Who they are") {
		t.Errorf("it says %q", got)
	}
	for code, about := range helpOf {
		topic, heading, _ := strings.Cut(about, ": ")
		if _, ok := help.Find(topic); !ok || section(topic, heading) == "" {
			t.Errorf("%s: there is no section %q", code, about)
		}
	}
}

func TestDefinitionAndReferences(t *testing.T) {
	e := opened(t, setup{})
	for _, at := range []string{"with [[Gr", "To [[gra", "👩‍🚀 [[Grace H"} {
		p := where(t, at)
		p.TextDocument = e.File(ada)
		var to protocol.Location
		e.Ask(protocol.MethodTextDocumentDefinition, &protocol.DefinitionParams{TextDocumentPositionParams: p}, &to)
		if to.URI != e.URI(grace) || to.Range.Start != position(1, 6) {
			t.Errorf("%q leads to %v", at, to)
		}
		var refs []protocol.Location
		e.Ask(protocol.MethodTextDocumentReferences, &protocol.ReferenceParams{TextDocumentPositionParams: p}, &refs)
		var got []string
		for _, r := range refs {
			got = append(got, fmt.Sprintf("%d:%d-%d", r.Range.Start.Line, r.Range.Start.Character, r.Range.End.Character))
		}
		if s := strings.Join(got, " "); s != "10:37-53 11:25-38 11:46-62" {
			t.Errorf("%q has the references %s", at, s)
		}
	}
	p := where(t, "name: A")
	p.TextDocument = e.File(ada)
	var refs []protocol.Location
	e.Ask(protocol.MethodTextDocumentReferences, &protocol.ReferenceParams{TextDocumentPositionParams: p}, &refs)
	if len(refs) != 1 || refs[0].URI != e.URI(grace) || refs[0].Range.Start != position(2, 6) {
		t.Errorf("the references of the file's own contact are %v", refs)
	}
	var marks []protocol.DocumentHighlight
	p = where(t, "with [[Gr")
	p.TextDocument = e.File(ada)
	e.Ask(protocol.MethodTextDocumentDocumentHighlight, &protocol.DocumentHighlightParams{TextDocumentPositionParams: p}, &marks)
	if len(marks) != 3 {
		t.Errorf("%d links are marked", len(marks))
	}
	var links []protocol.DocumentLink
	e.Ask(protocol.MethodTextDocumentDocumentLink, &protocol.DocumentLinkParams{TextDocument: e.File(ada)}, &links)
	if len(links) != 3 || *links[0].Target != e.URI(grace) {
		t.Errorf("the links are %v", links)
	}
}

func TestSymbols(t *testing.T) {
	e := opened(t, setup{can: protocol.ClientCapabilities{TextDocument: &protocol.TextDocumentClientCapabilities{
		DocumentSymbol: &protocol.DocumentSymbolClientCapabilities{HierarchicalDocumentSymbolSupport: new(true)},
	}}})
	var list []protocol.DocumentSymbol
	e.Ask(protocol.MethodTextDocumentDocumentSymbol, &protocol.DocumentSymbolParams{TextDocument: e.File(ada)}, &list)
	var got []string
	for _, s := range list {
		got = append(got, fmt.Sprintf("%d %s (%s)", s.Range.Start.Line, s.Name, *s.Detail))
	}
	want := `5 how is the engine (something to ask them)
6 send the paper (a promise of yours · due 2026-12-01)
10 2026-10-02 coffee (She helped.)
11 2026-08-14 email (To her, 👩‍🚀 Grace Hopper.)
12 2025-12-01 call (Long ago.)`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("the symbols are\n%s\nwant\n%s", s, want)
	}
	var people []protocol.SymbolInformation
	e.Ask(protocol.MethodWorkspaceSymbol, &protocol.WorkspaceSymbolParams{Query: "hop"}, &people)
	if len(people) != 1 || people[0].Name != "Grace Hopper" || people[0].Location.URI != e.URI(grace) {
		t.Errorf("the people are %v", people)
	}
}

func TestFolding(t *testing.T) {
	e := opened(t, setup{})
	var folds []protocol.FoldingRange
	e.Ask(protocol.MethodTextDocumentFoldingRange, &protocol.FoldingRangeParams{TextDocument: e.File(ada)}, &folds)
	var got []string
	for _, f := range folds {
		got = append(got, fmt.Sprintf("%d-%d", f.StartLine, f.EndLine))
	}
	if s := strings.Join(got, " "); s != "0-3 10-11" {
		t.Errorf("folded are %s", s)
	}
}

func TestHintsAndLens(t *testing.T) {
	all := protocol.Range{End: position(100, 0)}
	for settings, want := range map[string]string{
		"": "2: due 2026-11-13, 10 days ago; 10: 7 weeks ago; 11: 3 months ago; 12: 12 months ago", `{"inlayHints": false}`: "",
	} {
		e := opened(t, setup{settings: settings})
		var hints []protocol.InlayHint
		e.Ask(protocol.MethodTextDocumentInlayHint, &protocol.InlayHintParams{TextDocument: e.File(ada), Range: all}, &hints)
		var got []string
		for _, h := range hints {
			got = append(got, fmt.Sprintf("%d: %s", h.Position.Line, h.Label))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("with %q the hints are %q, want %q", settings, s, want)
		}
		e.Tell(protocol.MethodWorkspaceDidChangeConfiguration, &protocol.DidChangeConfigurationParams{Settings: protocol.LSPAny(`{"kith": {"inlayHints": true}}`)})
		e.Ask(protocol.MethodTextDocumentInlayHint, &protocol.InlayHintParams{TextDocument: e.File(ada), Range: all}, &hints)
		if len(hints) != 4 {
			t.Errorf("once they are wanted, there are %d hints", len(hints))
		}
		var lenses []protocol.CodeLens
		e.Ask(protocol.MethodTextDocumentCodeLens, &protocol.CodeLensParams{TextDocument: e.File(ada)}, &lenses)
		if len(lenses) != 1 || lenses[0].Command.Title != "due 10 days ago · 1 open question · 1 open promise" {
			t.Errorf("the lenses are %v", lenses)
		}
	}
}

func TestSemanticTokens(t *testing.T) {
	e := opened(t, setup{})
	var tokens protocol.SemanticTokens
	e.Ask(protocol.MethodTextDocumentSemanticTokensFull, &protocol.SemanticTokensParams{TextDocument: e.File(ada)}, &tokens)
	var got []string
	buffer, line, column := newText(adaText), uint32(0), uint32(0)
	for i := 0; i+4 < len(tokens.Data); i += 5 {
		if line += tokens.Data[i]; tokens.Data[i] > 0 {
			column = 0
		}
		column += tokens.Data[i+1]
		enc := encoding("utf-16")
		start, end := enc.offset(buffer, position(line, column)), enc.offset(buffer, position(line, column+tokens.Data[i+2]))
		got = append(got, tokenTypes[tokens.Data[i+3]]+" "+adaText[start:end])
	}
	want := "macro [?], macro [ ], number 2026-12-01, number 2026-10-02, keyword coffee, enumMember got, decorator #engine, class [[Grace Hopper]], " +
		"number 2026-08-14, operator >, keyword email, class [[grace|her]], class [[Grace Hopper]], number 2025-12-01, keyword call"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("the tokens are\n%s, want\n%s", s, want)
	}
}
