//go:build !unix

package folder

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
)

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
	if is, err := f.root.Lstat(name); err != nil {
		return b, err
	} else if !is.Mode().IsRegular() {
		return b, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	file, err := f.root.Open(name)
	if err != nil {
		return b, err
	}
	defer file.Close()
	is, err := stat(file)
	if err == nil && is.Size > most {
		err = &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return b, err
	}
	to := bytes.NewBuffer(b)
	n, err := to.ReadFrom(io.LimitReader(file, most+1)) // it may have grown meanwhile
	if err == nil && n > most {
		err = &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return b, err
	}
	return to.Bytes(), nil
}

// Create writes a new file that is its owner's alone. It fails if there is one with
// that name.
func (f *Folder) Create(name string, data []byte) (Info, error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Info{}, err
	}
	_, err = file.Write(data)
	is, failed := stat(file)
	if err = errors.Join(err, failed, file.Close()); err != nil {
		_ = f.Remove(name)
	}
	return is, err
}

// Remove removes a file.
func (f *Folder) Remove(name string) error { return f.root.Remove(name) }

// Rename gives a file another name, and replaces the one that has it.
func (f *Folder) Rename(old, name string) error { return f.root.Rename(old, name) }

func stat(file *os.File) (Info, error) {
	is, err := file.Stat()
	if err != nil {
		return Info{}, err
	}
	return InfoOf(is), nil
}
