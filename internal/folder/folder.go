// Package folder reads and writes the many small files of one folder at little more
// than what the system takes for it. An [os.Root] finds each file from the top, and
// asks whether it can be waited for; for tens of thousands of notes and pages that
// takes as long as to read and to write them.
//
// A [Folder] is opened by way of an os.Root, so that it lies in the journal, and its
// files are called by names without a slash, none of which is followed if it is a
// link: nothing leads out of it.
package folder

import (
	"io/fs"
	"os"
	"sync"
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
	root  *os.Root
	found *sync.Map // what is in a folder, by its path, for the second to ask; or nil
}

type files interface { // all that the [fs.FS] of an os.Root has
	fs.StatFS
	fs.ReadFileFS
	fs.ReadDirFS
	fs.ReadLinkFS
}

// New returns the files below a root.
func New(root *os.Root) FS { return FS{files: root.FS().(files), root: root} }

// Twice returns the same files for two that go through the folders one after the
// other: the second is told what the first one found, which costs nothing.
func (f FS) Twice() FS {
	f.found = new(sync.Map)
	return f
}

// ReadDir returns what is in a folder, by name.
func (f FS) ReadDir(path string) ([]fs.DirEntry, error) {
	if f.found == nil {
		return f.readDir(path)
	}
	if list, ok := f.found.LoadAndDelete(path); ok {
		return list.([]fs.DirEntry), nil
	}
	list, err := f.readDir(path)
	if err == nil {
		f.found.Store(path, list)
	}
	return list, err
}

// Folder opens a folder by its path, with slashes.
func (f FS) Folder(path string) (*Folder, error) { return Open(f.root, path) }
