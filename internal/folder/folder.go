// Package folder reads and writes the many small files of one folder. An [os.Root] finds
// each file from its top, folder by folder; for tens of thousands of notes and pages that
// takes as long as to read and to write them, so the folder that they lie in stays open.
//
// A [Folder] is opened by way of an os.Root, so that it lies in the journal, and no link
// in it is followed: nothing leads out of it.
package folder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
)

// Info is what a file looks like.
type Info struct {
	Size int64 // in bytes
	Time int64 // of its last change, in Unix nanoseconds
}

// Settles is how much later than a file was changed it must have been seen for its time
// to prove that it was not changed again: some file systems count in steps of two seconds.
const Settles = 2 * time.Second

// InfoOf returns what info says.
func InfoOf(info fs.FileInfo) Info { return Info{info.Size(), info.ModTime().UnixNano()} }

// FS is the files below a root, whose folders can be opened one by one.
type FS struct {
	files
	root *os.Root
}

type files interface { // all that the [fs.FS] of an os.Root has
	fs.StatFS
	fs.ReadFileFS
	fs.ReadDirFS
	fs.ReadLinkFS
}

// New returns the files below a root.
func New(root *os.Root) FS { return FS{files: root.FS().(files), root: root} }

// Folder opens a folder by its path, with slashes.
func (f FS) Folder(path string) (*Folder, error) { return Open(f.root, path) }

// Folder is an open folder. It may be used by many at once, until it is closed.
type Folder struct{ root *os.Root }

// Open opens a folder below a root by its path, with slashes.
func Open(root *os.Root, path string) (*Folder, error) {
	dir, err := root.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Folder{dir}, nil
}

// Close closes the folder, and none of its files.
func (f *Folder) Close() error { return f.root.Close() }

// Lstat returns what a file looks like, or anything else with a name.
func (f *Folder) Lstat(name string) (fs.FileInfo, error) { return f.root.Lstat(name) }

// Read appends the bytes of a file to b, if it has no more than the given number. The
// error is that of the system, or [fs.ErrInvalid] if the name is that of a link or of
// anything else that is no file, or of a file that is larger.
func (f *Folder) Read(b []byte, name string, most int64) ([]byte, error) {
	is, err := f.root.Lstat(name)
	if err == nil && (!is.Mode().IsRegular() || is.Size() > most) {
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return b, err
	}
	file, err := f.root.Open(name)
	if err != nil {
		return b, err
	}
	defer file.Close()
	// A byte more, to see that the file has not grown meanwhile.
	start, size := len(b), int(is.Size())
	b = slices.Grow(b, size+1)
	for len(b)-start != size || size == 0 {
		n, err := file.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b[:start], err
		case int64(len(b)-start) > most:
			return b[:start], &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
		case len(b) == cap(b):
			b = slices.Grow(b, len(b))
		}
	}
	return b, nil
}

// Create writes a new file that is its owner's alone. It fails if there is one with
// that name.
func (f *Folder) Create(name string, data []byte) (Info, error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Info{}, err
	}
	_, err = file.Write(data)
	is, failed := file.Stat()
	if err = errors.Join(err, failed, file.Close()); err != nil {
		_ = f.Remove(name)
		return Info{}, err
	}
	return InfoOf(is), nil
}

// Remove removes a file.
func (f *Folder) Remove(name string) error { return f.root.Remove(name) }

// Rename gives a file another name, and replaces the one that has it.
func (f *Folder) Rename(old, name string) error { return f.root.Rename(old, name) }
