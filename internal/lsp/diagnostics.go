package lsp

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"kith/internal/note"
	"kith/internal/site"
)

// publish tells the client what is wrong in each file, where that is not what it was told
// before: what kith check would say, but for the line that somebody is in the middle of.
func (s *server) publish() {
	if s.root == nil {
		return
	}
	found := map[string][]note.Problem{}
	for _, p := range s.problems() {
		d := s.docs[p.File]
		if p.Severity != note.Advice && (d == nil || d.writing < 0 || max(p.Line, 1) != d.writing+1) {
			found[p.File] = append(found[p.File], p)
		}
	}
	for file := range s.told {
		if _, still := found[file]; !still {
			found[file] = nil
		}
	}
	for file, problems := range found {
		before, known := s.told[file]
		if known && slices.Equal(before, problems) {
			continue
		}
		s.told[file] = problems
		if problems == nil {
			delete(s.told, file)
		}
		s.publishFile(file, problems)
	}
}

// problems returns all that is wrong. Until the whole journal is read that is what the open
// files show by themselves.
func (s *server) problems() []note.Problem {
	if s.whole {
		return site.Problems(s.journal, s.theme)
	}
	var found []note.Problem
	for p := range s.docs {
		if f := s.journal.File(p); f != nil {
			found = append(found, f.Note.Problems...)
		}
	}
	return found
}

func (s *server) publishFile(file string, problems []note.Problem) {
	p := protocol.PublishDiagnosticsParams{URI: s.uri(file), Diagnostics: []protocol.Diagnostic{}}
	if d := s.docs[file]; d != nil {
		p.Version = protocol.NewOptional(d.version)
	}
	for _, problem := range problems {
		p.Diagnostics = append(p.Diagnostics, s.diagnostic(problem))
	}
	if err := s.conn.Notify(context.Background(), protocol.MethodTextDocumentPublishDiagnostics, &p); err != nil {
		s.opts.Log("tell of %s: %v", file, err)
	}
}

func (s *server) diagnostic(p note.Problem) protocol.Diagnostic {
	severity := protocol.DiagnosticSeverityError
	if p.Severity != note.Error {
		severity = protocol.DiagnosticSeverityWarning
	}
	message := p.Message
	if p.Hint != "" {
		message += "\n" + p.Hint
	}
	return protocol.Diagnostic{
		Range: s.rangeOf(p), Severity: severity, Code: protocol.String(p.Code),
		Source: protocol.NewOptional("kith"), Message: protocol.String(message),
	}
}

// rangeOf returns where a problem is: the word, or the [[link]], that begins at its place.
func (s *server) rangeOf(p note.Problem) protocol.Range {
	line := max(p.Line, 1)
	t, pos := newText(strings.Repeat("\n", line-1)+p.Source), note.Pos{Line: int32(line), Column: int32(p.Column)}
	if d := s.docs[p.File]; d != nil {
		t = d.text
	} else if utf8.RuneCountInString(p.Source) < p.Column-1 { // a line that is not known, or too long to be
		at := protocol.Position{Line: uint32(line - 1), Character: uint32(p.Column - 1)}
		return protocol.Range{Start: at, End: at}
	}
	start := t.offsetOf(pos)
	rest := t.line(t.lineAt(start))[start-t.starts[t.lineAt(start)]:]
	return s.encoding.between(t, start, start+wordLen(rest))
}

// wordLen returns the length of the word, or the [[link]], that a text begins with.
func wordLen(text string) int {
	for start, end := range note.FindLinks(text) {
		if start == 0 {
			return end
		}
		break
	}
	if n := strings.IndexFunc(text, unicode.IsSpace); n > 0 {
		return n
	}
	return len(text)
}
