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
