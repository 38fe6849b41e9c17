package lsp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
	"kith/internal/rename"
)

// A change is what becomes of one file.
type change struct {
	path          string
	before, after string
	made          bool   // it is not there yet
	moved         string // the path it has afterwards, if that is another
}

// source returns what a file has: its buffer, if it is open.
func (s *server) source(path string) (string, error) {
	if d := s.docs[path]; d != nil {
		return d.text.all, nil
	}
	data, err := fs.ReadFile(s.root.FS(), path)
	return string(data), err
}

// workspaceEdit makes one edit of changes. A client that can change no more than the texts
// of files is given no more.
func (s *server) workspaceEdit(changes ...change) *protocol.WorkspaceEdit {
	edit := &protocol.WorkspaceEdit{}
	if !s.client.workspaceEdits {
		edit.Changes = map[uri.URI][]protocol.TextEdit{}
		for _, c := range changes {
			edit.Changes[s.uri(c.path)] = s.textEdits(c)
		}
		return edit
	}
	var moves []protocol.DocumentChange
	for _, c := range changes {
		if c.made {
			edit.DocumentChanges = append(edit.DocumentChanges, &protocol.CreateFile{Kind: "create", URI: s.uri(c.path)})
		}
		if edits := s.textEdits(c); len(edits) > 0 {
			of := &protocol.TextDocumentEdit{TextDocument: protocol.OptionalVersionedTextDocumentIdentifier{
				TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: s.uri(c.path)},
			}}
			if d := s.docs[c.path]; d != nil {
				of.TextDocument.Version = new(d.version)
			}
			for _, e := range edits {
				of.Edits = append(of.Edits, &e)
			}
			edit.DocumentChanges = append(edit.DocumentChanges, of)
		}
		if c.moved != "" {
			moves = append(moves, &protocol.RenameFile{Kind: "rename", OldURI: s.uri(c.path), NewURI: s.uri(c.moved)})
		}
	}
	edit.DocumentChanges = append(edit.DocumentChanges, moves...)
	return edit
}

// textEdits are those of one change: line by line where its lines are as many as before,
// so that marks and cursors of a client stay where they are.
func (s *server) textEdits(c change) []protocol.TextEdit {
	t := newText(c.before)
	edit := func(start int, before, after string) []protocol.TextEdit {
		from, to, with := difference(before, after)
		if from == to && with == "" {
			return nil
		}
		// An edit may not stand between the two characters of a line end.
		if from > 0 && before[from-1] == '\r' && (strings.HasPrefix(before[from:], "\n") || strings.HasPrefix(with, "\n")) {
			from, with = from-1, "\r"+with
		}
		return []protocol.TextEdit{{Range: s.encoding.between(t, start+from, start+to), NewText: with}}
	}
	lines, others := strings.SplitAfter(c.before, "\n"), strings.SplitAfter(c.after, "\n")
	if len(lines) != len(others) {
		return edit(0, c.before, c.after)
	}
	var edits []protocol.TextEdit
	for i, line := range lines {
		edits = append(edits, edit(t.starts[min(i, len(t.starts)-1)], line, others[i])...)
	}
	return edits
}

// refused is the error of what cannot be done, for a person to read.
func refused(format string, args ...any) error {
	return jsonrpc2.NewError(jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed), fmt.Sprintf(format, args...))
}

// PrepareRename says whether there is somebody at a position to give another name.
func (s *server) PrepareRename(ctx context.Context, p *protocol.PrepareRenameParams) (protocol.PrepareRenameResult, error) {
	s.await(ctx)
	m := s.mentioned(p.TextDocumentPositionParams)
	if m.c == nil {
		return nil, nil
	}
	return &protocol.PrepareRenamePlaceholder{Range: s.rangeIn(m.d, m.n, m.start, m.end), Placeholder: m.c.Name}, nil
}

// Rename gives somebody another name, as kith rename does.
func (s *server) Rename(ctx context.Context, p *protocol.RenameParams) (*protocol.WorkspaceEdit, error) {
	s.await(ctx)
	m := s.mentioned(p.TextDocumentPositionParams)
	if m.n == nil {
		return nil, nil
	}
	c := m.c
	if c == nil {
		return nil, refused("there is nobody here: put the cursor on a [[link]], or on the name in the front matter")
	}
	name := strings.Join(strings.Fields(p.NewName), " ")
	switch {
	case !s.whole:
		return nil, refused("the journal is still being read")
	case rename.FileName(name) == "":
		return nil, refused("the name %q has no letter or digit", name)
	case name == c.Name:
		return nil, nil
	case c.File.Broken || c.File.Stale:
		return nil, refused("%s: its front matter cannot be read", c.File.Path)
	}
	if rivals := rename.Taken(s.journal, name, c); len(rivals) > 0 {
		return nil, refused("%s may be here already: %s (%s)", name, rivals[0].Contact.Name, rivals[0].Contact.File.Path)
	}
	file := c.File.Path
	if s.client.renames {
		file = rename.File(c, name)
	}
	if _, err := fs.Lstat(s.root.FS(), file); file != c.File.Path && !strings.EqualFold(file, c.File.Path) && !errors.Is(err, fs.ErrNotExist) {
		return nil, refused("there is a file %s", file)
	}
	changes, err := s.rename(c, name, file)
	if err != nil {
		return nil, refused("%v", err)
	}
	return s.workspaceEdit(changes...), nil
}

// rename returns what becomes of each file when a contact gets another name, and their file
// another path.
func (s *server) rename(c *journal.Contact, name, file string) (changes []change, err error) {
	parser, target := s.journal.Parser(), rename.Target(c, name, file)
	alias := rename.Namesake(s.journal, c) == nil || note.Fold(c.Name) == note.Fold(name)
	files := append([]*journal.File{c.File}, c.From...)
	slices.SortFunc(files, func(a, b *journal.File) int { return strings.Compare(a.Path, b.Path) })
	for _, f := range slices.Compact(files) {
		before, err := s.source(f.Path)
		if err != nil {
			return nil, err
		}
		of, src := change{path: f.Path, before: before}, []byte(before)
		var edits []rename.Edit
		at := f.Path
		if f == c.File {
			if at = file; file != f.Path {
				of.moved = file
			}
			edits = rename.Head(parser, at, c.Name, name, alias)
		}
		if rename.Links(f, c) {
			edits = append(edits, func(src []byte) (revise.Change, error) { return rename.Relink(parser, f, at, src, c, target) })
		}
		for _, edit := range edits {
			ch, err := edit(src)
			if err != nil {
				return nil, err
			}
			src = ch.Source
		}
		of.after = string(src)
		changes = append(changes, of)
	}
	return changes, nil
}

// newFile is where the file of somebody with a name would be.
func newFile(name string) string {
	return path.Join(journal.ContactsFolder, rename.FileName(name)+".md")
}
