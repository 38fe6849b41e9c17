package lsp

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"kith/internal/draft"
	"kith/internal/due"
	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/site"
	"kith/internal/watch"
)

// A document is a buffer of the client's.
type document struct {
	uri     uri.URI // as the client writes it
	path    string  // in the journal, with slashes
	version int32
	text    text
	// writing is the line, from 0, that was last changed and that the cursor has not left
	// as far as is known, or -1.
	writing int
}

// patience is how long the reading of the journal waits for a file to be opened.
const patience = 50 * time.Millisecond

// find opens the journal that a folder belongs to, and says whether there is one.
func (s *server) find(folder string) bool {
	root, err := s.opts.Find(folder)
	if err != nil {
		return false
	}
	s.root = root
	// All that takes is the settings. The open files are read as they come, and the
	// others beside them.
	s.journal = journal.Read(s.overlay(true))
	if s.greeted {
		s.beside(s.keep)
	}
	return true
}

// findOf opens the journal of a file.
func (s *server) findOf(file string) { s.find(filepath.Dir(file)) }

// keep reads the whole journal and keeps it up to date with its files.
func (s *server) keep(ctx context.Context) {
	// Watch first, read next: a save in between is told.
	batches, err := watch.Watch(ctx, s.root.Name(), watch.Options{Notify: func(n watch.Notice) { s.opts.Log("%s", n.Message) }})
	if err != nil {
		s.opts.Log("watch the journal: %v", err)
	}
	select { // what is wrong in the file that somebody looks at comes first
	case <-s.opened:
	case <-time.After(patience):
	case <-ctx.Done():
	}
	if ctx.Err() == nil {
		s.readWhole(ctx)
	}
	for batch := range batches {
		s.beneath(func() {
			if batch.All {
				s.journal = s.journal.Reread(folder.New(s.root), nil)
			}
			s.reread(append(s.open(), batch.Paths...))
		})
	}
}

// readWhole reads the whole journal.
func (s *server) readWhole(ctx context.Context) {
	defer s.shows(ctx, "Reading the journal")()
	whole := journal.Read(folder.New(s.root))
	theme, drafts := site.NewTheme(s.opts.Templates, s.root.FS()), draft.NewSet(s.opts.Templates, s.root.FS())
	// What is worked out once, for all that follows, is not left to the first who asks.
	view := due.New(whole, s.opts.Today(whole.Settings))
	whole.Ready()
	s.beneath(func() {
		s.journal, s.theme, s.drafts, s.view, s.whole = whole, theme, drafts, view, true
		s.reread(s.open())
		close(s.read)
	})
}

// await waits until the whole journal is read, for an answer that would be wrong before:
// messages that come meanwhile wait, too.
func (s *server) await(ctx context.Context) {
	if s.whole || s.root == nil || !s.greeted {
		return
	}
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-s.read:
	case <-s.done:
	case <-ctx.Done():
	}
}

// beneath does something that no message asked for.
func (s *server) beneath(work func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase != running {
		return
	}
	_, _ = answered("the journal", func() (any, error) { work(); return nil, nil }, s.opts.Log)
}

// open returns the paths of the open files.
func (s *server) open() []string {
	var paths []string
	for p := range s.docs {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// changed takes in that a buffer is another.
func (s *server) changed(path string) { s.reread([]string{path}) }

// reread reads files again, as they are now, and tells the client what is wrong in them.
func (s *server) reread(paths []string) {
	if s.whole && slices.ContainsFunc(paths, func(p string) bool { return strings.HasPrefix(p, "templates/") }) {
		s.theme, s.drafts = site.NewTheme(s.opts.Templates, s.overlay(false)), draft.NewSet(s.opts.Templates, s.overlay(false))
	}
	if len(paths) > 0 {
		s.journal = s.journal.Reread(s.overlay(!s.whole), paths)
	}
	s.publish()
}

// path returns where in the journal a file is, and false if it is not in it, or no file at
// all.
func (s *server) path(u uri.URI) (string, bool) {
	if s.root == nil || !u.IsFile() {
		return "", false
	}
	file := u.FsPath()
	if in, ok := within(s.root.Name(), file); ok {
		return in, true
	}
	// A client may know the folder by another name, which a link gives it.
	dir, err := filepath.EvalSymlinks(filepath.Dir(file))
	if err != nil {
		return "", false
	}
	root, err := filepath.EvalSymlinks(s.root.Name())
	if err != nil {
		return "", false
	}
	return within(root, filepath.Join(dir, filepath.Base(file)))
}

// within returns the path of a file below a folder, with slashes.
func within(dir, file string) (string, bool) {
	in, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(in) || in == "." {
		return "", false
	}
	return filepath.ToSlash(in), true
}

// uri returns the address of a file of the journal, as the client writes it if it has it
// open.
func (s *server) uri(path string) uri.URI {
	if d := s.docs[path]; d != nil {
		return d.uri
	}
	return uri.File(filepath.Join(s.root.Name(), filepath.FromSlash(path)))
}

// note returns the note of a buffer, read from what the buffer has; nil if it is none of the
// journal's.
func (s *server) note(d *document) *note.Note {
	f := s.journal.File(d.path)
	if f == nil {
		return nil
	}
	if f.Reads([]byte(d.text.all)) {
		return f.Note
	}
	// The journal goes on with what the note was when it could be read.
	return s.journal.Parser().Parse(d.path, f.Kind, []byte(d.text.all))
}

// overlay returns the files of the journal, with the buffers in the place of theirs; alone
// has no others but the settings.
func (s *server) overlay(alone bool) fs.FS {
	return overlay{files: folder.New(s.root), docs: s.docs, alone: alone}
}

// overlay is the files of a journal with buffers laid over them. Folders are listed as they
// are on the disk: a buffer that is no file yet is found by its path.
type overlay struct {
	files files
	docs  map[string]*document
	alone bool
}

type files interface {
	fs.StatFS
	fs.ReadDirFS
	fs.ReadLinkFS
}

func (o overlay) Open(name string) (fs.File, error) {
	if d := o.docs[name]; d != nil {
		return &buffer{bytes.NewReader([]byte(d.text.all)), bufferInfo{d}}, nil
	}
	if o.hides(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return o.files.Open(name)
}

// hides says whether a file is left out for now.
func (o overlay) hides(name string) bool {
	return o.alone && strings.HasSuffix(name, ".md")
}

func (o overlay) Stat(name string) (fs.FileInfo, error) {
	if d := o.docs[name]; d != nil {
		return bufferInfo{d}, nil
	}
	return o.files.Stat(name)
}

func (o overlay) Lstat(name string) (fs.FileInfo, error) {
	if d := o.docs[name]; d != nil {
		return bufferInfo{d}, nil
	}
	return o.files.Lstat(name)
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	if o.alone {
		return nil, nil
	}
	return o.files.ReadDir(name)
}

func (o overlay) ReadLink(name string) (string, error) { return o.files.ReadLink(name) }

// buffer is a document as a file.
type buffer struct {
	*bytes.Reader
	info bufferInfo
}

func (b *buffer) Stat() (fs.FileInfo, error) { return b.info, nil }
func (b *buffer) Close() error               { return nil }

type bufferInfo struct{ d *document }

func (i bufferInfo) Name() string       { return path.Base(i.d.path) }
func (i bufferInfo) Size() int64        { return int64(len(i.d.text.all)) }
func (i bufferInfo) Mode() fs.FileMode  { return 0o600 }
func (i bufferInfo) ModTime() time.Time { return time.Time{} }
func (i bufferInfo) IsDir() bool        { return false }
func (i bufferInfo) Sys() any           { return nil }

// shows lets the client show that something takes a while, until it is done.
func (s *server) shows(ctx context.Context, title string) (done func()) {
	if !s.client.progress {
		return func() {}
	}
	ended := make(chan struct{})
	token := protocol.String("kith")
	tell := func(value any) error {
		data, err := protocol.Marshal(value)
		if err != nil {
			return err
		}
		return s.conn.Notify(ctx, protocol.MethodProgress, &protocol.ProgressParams{Token: token, Value: data})
	}
	s.beside(func(ctx context.Context) {
		err := protocol.Call(ctx, s.conn, protocol.MethodWindowWorkDoneProgressCreate, &protocol.WorkDoneProgressCreateParams{Token: token}, nil)
		if err == nil {
			err = tell(&protocol.WorkDoneProgressBegin{Kind: "begin", Title: title})
		}
		select {
		case <-ended:
		case <-ctx.Done():
		}
		if err == nil {
			err = tell(&protocol.WorkDoneProgressEnd{Kind: "end"})
		}
		if err != nil && ctx.Err() == nil {
			s.opts.Log("show that it takes a while: %v", err)
		}
	})
	return sync.OnceFunc(func() { close(ended) })
}
