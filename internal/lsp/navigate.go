package lsp

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"kith/internal/journal"
	"kith/internal/note"
)

// at returns the buffer that a request is about, its note, and where in the note's source a
// position is; the note is nil if there is none.
func (s *server) at(p protocol.TextDocumentPositionParams) (d *document, n *note.Note, offset int) {
	d = s.document(p.TextDocument.URI)
	if d == nil {
		return nil, nil, 0
	}
	s.cursorAt(d, int(p.Position.Line))
	if n = s.note(d); n == nil {
		return d, nil, 0
	}
	return d, n, d.text.offsetIn(n, s.encoding.offset(d.text, p.Position))
}

// linkSpan returns where in the source of a note a link of it stands.
func linkSpan(n *note.Note, l note.Link) (start, end int) {
	start = n.Offset(l.Pos)
	if l.File {
		if _, to, ok := note.AddressIn(n.Source[start:]); ok {
			return start, start + to + 1
		}
	}
	return start, start + wordLen(n.Source[start:])
}

// linkAt returns the link of a note that an offset of its source is in, or -1.
func linkAt(n *note.Note, offset int) int {
	return slices.IndexFunc(n.Links, func(l note.Link) bool {
		start, end := linkSpan(n, l)
		return start <= offset && offset <= end
	})
}

// whoAt returns whom an offset of a note is about, and the place that says so: the target of
// a [[link]], or the contact whose name stands there in the front matter.
func (s *server) whoAt(n *note.Note, offset int) (c *journal.Contact, start, end int) {
	if i := linkAt(n, offset); i >= 0 {
		start, end = linkSpan(n, n.Links[i])
		if f := s.journal.File(n.Links[i].Target); f != nil && n.Links[i].File {
			return s.journal.Contact(f.Slug), start, end
		}
		return s.journal.Target(n.Links[i].Target), start, end
	}
	if n.Kind != note.Contact {
		return nil, 0, 0
	}
	f := note.Lookup(fields(n), "name")
	if f == nil || f.Pos.Line != n.Pos(offset).Line {
		return nil, 0, 0
	}
	start = n.Offset(f.Value.Pos)
	return s.journal.Contact(n.Slug), start, n.Offset(note.Pos{Line: f.Pos.Line, Column: 1}) + len(n.LineText(f.Pos.Line))
}

// fields returns the keys and values of the front matter of a note, with the places of the
// keys, and of values that are texts, in the file.
func fields(n *note.Note) []note.Field {
	above := n.Pos(n.Fences().Start).Line - 1
	fields := slices.Clone(n.FrontMatter())
	for i := range fields {
		fields[i].Pos.Line += above
		fields[i].Value.Pos.Line += above
	}
	return fields
}

// textOf returns the text of a file: of its buffer, if it is open.
func (s *server) textOf(f *journal.File) text {
	if d := s.docs[f.Path]; d != nil {
		return d.text
	}
	return newText(f.Source)
}

// location returns a place in the source of a file.
func (s *server) location(f *journal.File, start, end int) protocol.Location {
	t := s.textOf(f)
	return protocol.Location{URI: s.uri(f.Path), Range: s.encoding.between(t, t.offsetFrom(f.Note, start), t.offsetFrom(f.Note, end))}
}

// head returns where the note of a contact begins: their name, if that is written.
func (s *server) head(c *journal.Contact) protocol.Location {
	at := c.File.Offset(c.File.FrontPos("name", 0))
	return s.location(c.File, at, at)
}

// A mention is a place that is about somebody: a [[link]] in a buffer, or the name in the
// front matter of their own.
type mention struct {
	d          *document
	n          *note.Note
	c          *journal.Contact
	start, end int // in the note's source
}

// mentioned returns what a request's position stands on; there is no contact if that is
// nobody, and no note if there is no buffer.
func (s *server) mentioned(p protocol.TextDocumentPositionParams) (m mention) {
	d, n, at := s.at(p)
	if m = (mention{d: d, n: n}); n != nil {
		m.c, m.start, m.end = s.whoAt(n, at)
	}
	return m
}

// Definition leads from a [[link]] to the file of whom it names.
func (s *server) Definition(ctx context.Context, p *protocol.DefinitionParams) (protocol.DefinitionResult, error) {
	s.await(ctx)
	c := s.mentioned(p.TextDocumentPositionParams).c
	if c == nil {
		return nil, nil
	}
	head := s.head(c)
	return &head, nil
}

// References are the links to somebody.
func (s *server) References(ctx context.Context, p *protocol.ReferenceParams) ([]protocol.Location, error) {
	s.await(ctx)
	c := s.mentioned(p.TextDocumentPositionParams).c
	if c == nil {
		return nil, nil
	}
	var found []protocol.Location
	if p.Context.IncludeDeclaration {
		found = append(found, s.head(c))
	}
	s.eachLink(c, func(f *journal.File, start, end int) { found = append(found, s.location(f, start, end)) })
	return found, nil
}

// eachLink goes over the links to a contact.
func (s *server) eachLink(c *journal.Contact, do func(f *journal.File, start, end int)) {
	files := append([]*journal.File{c.File}, c.From...)
	slices.SortFunc(files, func(a, b *journal.File) int { return strings.Compare(a.Path, b.Path) })
	for _, f := range slices.Compact(files) {
		for i, l := range f.Links {
			if f.Targets[i] == c.Slug {
				start, end := linkSpan(f.Note, l)
				do(f, start, end)
			}
		}
	}
}

// DocumentHighlight marks the links to the same person in a buffer.
func (s *server) DocumentHighlight(_ context.Context, p *protocol.DocumentHighlightParams) ([]protocol.DocumentHighlight, error) {
	m := s.mentioned(p.TextDocumentPositionParams)
	if m.c == nil {
		return nil, nil
	}
	var found []protocol.DocumentHighlight
	for _, l := range m.n.Links {
		if s.journal.Target(l.Target) == m.c {
			start, end := linkSpan(m.n, l)
			found = append(found, protocol.DocumentHighlight{Range: s.rangeIn(m.d, m.n, start, end)})
		}
	}
	return found, nil
}

// rangeIn returns the range of a part of a note's source in its buffer.
func (s *server) rangeIn(d *document, n *note.Note, start, end int) protocol.Range {
	return s.encoding.between(d.text, d.text.offsetFrom(n, start), d.text.offsetFrom(n, end))
}

// lineRange returns the range of a line of a buffer, from 1.
func (s *server) lineRange(d *document, line int32) protocol.Range {
	start := d.text.offsetOf(note.Pos{Line: line, Column: 1})
	return s.encoding.between(d.text, start, d.text.starts[line-1]+len(d.text.line(int(line-1))))
}

// DocumentLink makes each [[link]] one that leads to a file.
func (s *server) DocumentLink(_ context.Context, p *protocol.DocumentLinkParams) ([]protocol.DocumentLink, error) {
	d, n := s.noteOf(p.TextDocument)
	if n == nil {
		return nil, nil
	}
	links := []protocol.DocumentLink{}
	for _, l := range n.Links {
		if c := s.journal.Target(l.Target); c != nil {
			start, end := linkSpan(n, l)
			target := s.uri(c.File.Path)
			links = append(links, protocol.DocumentLink{Range: s.rangeIn(d, n, start, end), Target: &target, Tooltip: new(c.Name)})
		}
	}
	return links, nil
}

// noteOf returns a buffer and its note, which is nil if there is none.
func (s *server) noteOf(id protocol.TextDocumentIdentifier) (*document, *note.Note) {
	d := s.document(id.URI)
	if d == nil {
		return nil, nil
	}
	return d, s.note(d)
}

// DocumentSymbol lists the entries and tasks of a buffer.
func (s *server) DocumentSymbol(_ context.Context, p *protocol.DocumentSymbolParams) (protocol.DocumentSymbolResult, error) {
	d, n := s.noteOf(p.TextDocument)
	if n == nil {
		return nil, nil
	}
	plain := s.journal.Parser().PlainText
	var list protocol.DocumentSymbolSlice
	add := func(line int32, name, detail string, kind protocol.SymbolKind) {
		at := s.lineRange(d, line)
		list = append(list, protocol.DocumentSymbol{Name: name, Detail: &detail, Kind: kind, Range: at, SelectionRange: at})
	}
	for i := range n.Entries {
		e := &n.Entries[i]
		name := strings.TrimSpace(e.Date.String() + " " + n.EntryKind(e))
		add(e.Line, name, plain(n.EntryText(e)), protocol.SymbolKindEvent)
	}
	for i := range n.Tasks {
		t := &n.Tasks[i]
		detail := journal.TaskReading(t)
		if t.Done {
			detail = "done"
		}
		add(t.Line, cmp.Or(strings.TrimSpace(plain(t.Text)), "(nothing)"), detail, protocol.SymbolKindBoolean)
	}
	slices.SortStableFunc(list, func(a, b protocol.DocumentSymbol) int {
		return cmp.Compare(a.Range.Start.Line, b.Range.Start.Line)
	})
	if s.client.nested {
		return list, nil
	}
	var flat protocol.SymbolInformationSlice
	for _, sym := range list {
		flat = append(flat, protocol.SymbolInformation{
			BaseSymbolInformation: protocol.BaseSymbolInformation{Name: sym.Name, Kind: sym.Kind},
			Location:              protocol.Location{URI: d.uri, Range: sym.Range},
		})
	}
	return flat, nil
}

// Symbols finds people by the beginning of a name.
func (s *server) Symbols(ctx context.Context, p *protocol.WorkspaceSymbolParams) (protocol.WorkspaceSymbolResult, error) {
	s.await(ctx)
	if s.journal == nil {
		return nil, nil
	}
	people := cursor{server: s, today: s.today()}.people(p.Query)
	var list protocol.SymbolInformationSlice
	for _, c := range people[:min(len(people), mostChoices)] {
		list = append(list, protocol.SymbolInformation{
			BaseSymbolInformation: protocol.BaseSymbolInformation{Name: c.Name, Kind: protocol.SymbolKindObject},
			Location:              s.head(c),
		})
	}
	return list, nil
}

// FoldingRanges are the front matter and, of the entries, each year.
func (s *server) FoldingRanges(_ context.Context, p *protocol.FoldingRangeParams) ([]protocol.FoldingRange, error) {
	d, n := s.noteOf(p.TextDocument)
	if n == nil {
		return nil, nil
	}
	folds := []protocol.FoldingRange{}
	fold := func(first, last int, text string) { // lines from 0
		for last > first && strings.TrimSpace(d.text.line(last)) == "" {
			last--
		}
		if last > first {
			folds = append(folds, protocol.FoldingRange{StartLine: uint32(first), EndLine: uint32(last), Kind: protocol.FoldingRangeKindRegion, CollapsedText: optionalText(text)})
		}
	}
	if n.Fences().Open != "" {
		fold(0, n.BodyLine()-2, n.Name)
	}
	for i := 0; i < len(n.Entries); {
		first, j := &n.Entries[i], i+1
		for j < len(n.Entries) && n.Entries[j].Date.Year() == first.Date.Year() {
			j++
		}
		last := len(d.text.starts) - 1
		if j < len(n.Entries) {
			last = int(n.Entries[j].Line) - 2
		} else {
			for line := int(n.Entries[j-1].Line); line <= last; line++ {
				if strings.HasPrefix(d.text.line(line), "#") {
					last = line - 1
				}
			}
		}
		fold(int(first.Line)-1, last, fmt.Sprint(first.Date.Year()))
		i = j
	}
	return folds, nil
}

func optionalText(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// tokenTypes are the types of tokens, in the order of [note.TokenKind]: those that themes
// have a colour for.
var tokenTypes = []string{
	note.DateToken: "number", note.KindToken: "keyword", note.ArrowToken: "operator", note.MarkToken: "enumMember",
	note.TagToken: "decorator", note.PersonToken: "class", note.BoxToken: "macro",
}

// SemanticTokensFull are the words of entries and tasks, for a theme to colour.
func (s *server) SemanticTokensFull(_ context.Context, p *protocol.SemanticTokensParams) (*protocol.SemanticTokens, error) {
	d, n := s.noteOf(p.TextDocument)
	if n == nil {
		return nil, nil
	}
	tokens := s.journal.Parser().Tokens(n)
	slices.SortFunc(tokens, func(a, b note.Token) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	data := []uint32{}
	var before protocol.Position
	end := 0
	for _, t := range tokens {
		if t.Start < end {
			continue
		}
		end = t.End
		at := s.rangeIn(d, n, t.Start, t.End)
		if at.Start.Line != at.End.Line {
			continue
		}
		column := at.Start.Character
		if at.Start.Line == before.Line {
			column -= before.Character
		}
		data = append(data, at.Start.Line-before.Line, column, at.End.Character-at.Start.Character, uint32(t.Kind), 0)
		before = at.Start
	}
	return &protocol.SemanticTokens{Data: data}, nil
}
