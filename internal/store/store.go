// Package store changes the files of a journal and loses nothing of what a person
// wrote.
//
// [Do] makes the changes of one command: its plan reads and writes by way of a
// [Tx], and what it wants is carried out at the end, all of it or nothing. One kith
// is at work at a time; others wait. Every file is written beside its place,
// synced and renamed, so that whatever happens leaves the old file or the new one.
// A file that changed after the plan read it is not overwritten: the plan is made
// again. What was there before is recorded in the folder .kith, so that [Undo] can
// bring it back.
//
// The package knows files and bytes, and nothing of what is in them.
package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"kith/internal/folder"
)

// A File is what is at a path: nothing, a file, or a symbolic link.
type File struct {
	There bool
	Link  string // where the symbolic link leads; else it is a file
	Data  []byte
	Mode  fs.FileMode // of a file, its permissions
}

func (f File) same(g File) bool {
	return f.There == g.There && f.Link == g.Link && bytes.Equal(f.Data, g.Data)
}

// A Change is what a command did, or would do, to one path.
type Change struct {
	Path          string // relative to the journal, with slashes
	From          string // the path that the file had before it was renamed, if it was
	Before, After File
}

// Options are about how a command changes files.
type Options struct {
	// Command is what the person said, for when it is taken back.
	Command string
	// Waiting is called once if another kith is at work for a while.
	Waiting func()
	// Writing is called before each of many files is written beside its place, with
	// how many are. Its error stops the command while nothing is changed yet.
	Writing func(done, of int) error

	// fault is called before each step on the disk, which fails if it does: the
	// tests' way to see what a failure at any instant leaves.
	fault func(what, path string) error
}

func (o Options) step(what, path string) error {
	if o.fault == nil {
		return nil
	}
	return o.fault(what, path)
}

var (
	// ErrChanging says that a file changed every time it was about to be written.
	ErrChanging = errors.New("another program keeps changing it")
	// ErrReadOnly says that its owner does not want a file to be written.
	ErrReadOnly = errors.New("it is read-only")
)

// PartlyError says that changing several files failed in the middle, and bringing
// back those that were changed failed as well.
type PartlyError struct {
	Err     error    // why it failed
	Changed []string // the paths that stay changed; Undo brings them back
}

func (e *PartlyError) Error() string {
	return fmt.Sprintf("%v; changed all the same: %s", e.Err, strings.Join(e.Changed, ", "))
}

func (e *PartlyError) Unwrap() error { return e.Err }

// attempts is how often a plan is made again because a file changed meanwhile.
const attempts = 20

// errChanged says that a file is not what the plan read.
var errChanged = errors.New("the file changed")

// Do carries out a plan, and returns what changed. The plan may be called more than
// once. Its error is returned as it is, and nothing is changed; so it is after
// [ErrBusy], [ErrChanging], [ErrReadOnly], or an error of the disk. Only after a
// [PartlyError] some files are changed.
func Do(root *os.Root, o Options, plan func(*Tx) error) ([]Change, error) {
	unlock, err := lock(root, o.Waiting)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for range attempts {
		t := newTx(root)
		if err := plan(t); err != nil {
			return nil, err
		}
		changes := t.changes()
		if len(changes) == 0 {
			return nil, nil
		}
		var written string
		written, err = o.record(root, changes)
		if err == nil {
			err = o.begin(root, written, changes)
		}
		if err == nil {
			err = o.apply(root, t.seen, changes)
		}
		if err == nil {
			o.end(root)
			forgetOld(root)
			return changes, nil
		}
		if partly := new(PartlyError); !errors.As(err, &partly) {
			o.end(root)
			_ = root.Remove(written)
		}
		if !errors.Is(err, errChanged) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%w: %w", err, ErrChanging)
}

// Try returns what [Do] would change, and changes nothing.
func Try(root *os.Root, plan func(*Tx) error) ([]Change, error) {
	t := newTx(root)
	if err := plan(t); err != nil {
		return nil, err
	}
	return t.changes(), nil
}

// A Tx is what a plan sees of the journal: the files, with what the plan itself has
// written. Paths are relative to the journal, with slashes. Symbolic links are
// followed, but for the file's own in Remove and Rename; one that leads out of the
// journal is an error.
type Tx struct {
	root *os.Root
	seen map[string]File // what was at the paths that the plan looked at
	want map[string]File // what it wants there
	from map[string]string
}

func newTx(root *os.Root) *Tx {
	return &Tx{root, map[string]File{}, map[string]File{}, map[string]string{}}
}

// Read returns the bytes of a file. The error is [fs.ErrNotExist] if there is none.
func (t *Tx) Read(name string) ([]byte, error) {
	_, f, err := t.at(name, true)
	if err == nil && !f.There {
		err = &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return f.Data, err
}

// Write puts bytes into a file, and makes it and its folders if they are not there.
// The error is [ErrReadOnly] if the file is that.
func (t *Tx) Write(name string, data []byte) error {
	p, f, err := t.at(name, true)
	if err != nil {
		return err
	}
	if !f.There {
		f.Mode = newFile
	}
	if f.Mode&0o200 == 0 {
		return &fs.PathError{Op: "write", Path: p, Err: ErrReadOnly}
	}
	t.want[p] = File{There: true, Data: data, Mode: f.Mode}
	return nil
}

const newFile = 0o644

// Create makes a file with bytes in it. The error is [fs.ErrExist] if something is
// there already.
func (t *Tx) Create(name string, data []byte) error {
	_, f, err := t.at(name, false)
	if err == nil && f.There {
		err = &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
	}
	if err != nil {
		return err
	}
	return t.Write(name, data)
}

// Remove removes a file, or a symbolic link and not what it leads to. The error is
// [ErrReadOnly] if the file is that.
func (t *Tx) Remove(name string) error {
	p, f, err := t.at(name, false)
	if err == nil && !f.There {
		err = &fs.PathError{Op: "remove", Path: name, Err: fs.ErrNotExist}
	}
	if err == nil && f.Mode&0o200 == 0 {
		err = &fs.PathError{Op: "remove", Path: name, Err: ErrReadOnly}
	}
	if err == nil {
		t.want[p] = File{}
	}
	return err
}

// Rename gives a file, or a symbolic link, another name in the same folder. The
// error is [fs.ErrExist] if something has it already.
func (t *Tx) Rename(from, to string) error {
	old, f, err := t.at(from, false)
	if err != nil {
		return err
	}
	p, there, err := t.at(to, false)
	switch {
	case err != nil:
		return err
	case !f.There:
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrNotExist}
	case there.There:
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	}
	t.want[old], t.want[p], t.from[p] = File{}, f, old
	return nil
}

// at returns the real path of a file and what is there, by what the plan has done.
func (t *Tx) at(name string, follow bool) (string, File, error) {
	p, err := t.resolve(name, follow)
	if err != nil {
		return "", File{}, err
	}
	if f, ok := t.want[p]; ok {
		return p, f, nil
	}
	if f, ok := t.seen[p]; ok {
		return p, f, nil
	}
	f, err := load(t.root, p)
	if err == nil {
		t.seen[p] = f
	}
	return p, f, err
}

// maxLinks is how many symbolic links a path may have.
const maxLinks = 40

// resolve returns the path of a file without symbolic links. It only finds where a
// file is; that nothing leads out of the journal is the root's to see to.
func (t *Tx) resolve(name string, follow bool) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	done, rest := ".", strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		part := rest[0]
		rest = rest[1:]
		p := path.Join(done, part)
		if part == ".." && done == "." {
			return "", &fs.PathError{Op: "open", Path: name, Err: errors.New("the link leads out of the journal")}
		}
		target := ""
		if f, ok := t.want[p]; ok {
			target = f.Link
		} else if info, err := t.root.Lstat(p); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			if target, err = t.root.Readlink(p); err != nil {
				return "", err
			}
		}
		if target == "" || len(rest) == 0 && !follow {
			done = p
			continue
		}
		if links++; links > maxLinks {
			return "", &fs.PathError{Op: "open", Path: name, Err: errors.New("its links go round in a circle")}
		}
		target = strings.ReplaceAll(target, `\`, "/")
		if path.IsAbs(target) {
			return "", &fs.PathError{Op: "open", Path: name, Err: errors.New("the link leads out of the journal")}
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return done, nil
}

// load returns what is at a path that has no symbolic link on its way.
func load(root *os.Root, p string) (File, error) {
	info, err := root.Lstat(p)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return File{}, nil
	case err != nil:
		return File{}, err
	case info.Mode()&fs.ModeSymlink != 0:
		link, err := root.Readlink(p)
		return File{There: true, Link: link}, err
	case !info.Mode().IsRegular():
		return File{}, &fs.PathError{Op: "open", Path: p, Err: errors.New("it is no file")}
	}
	data, err := folder.ReadFile(root.FS(), p, folder.Any)
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, nil
	}
	return File{There: true, Data: data, Mode: info.Mode().Perm()}, err
}

// changes returns what the plan changes: what it makes first, what it removes last,
// each in the order of the paths. So a file that is renamed is never nowhere.
func (t *Tx) changes() []Change {
	var list []Change
	for p, f := range t.want {
		if !f.same(t.seen[p]) {
			list = append(list, Change{p, t.from[p], t.seen[p], f})
		}
	}
	slices.SortFunc(list, func(a, b Change) int {
		if a.After.There != b.After.There {
			if a.After.There {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Path, b.Path)
	})
	return list
}
