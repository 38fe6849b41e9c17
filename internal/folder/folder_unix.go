//go:build unix

package folder

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"kith/internal/parallel"
)

// Folder is an open folder. It may be used by many at once, until it is closed.
type Folder struct {
	dir *os.File
	fd  int
}

// Open opens a folder below a root by its path, with slashes.
func Open(root *os.Root, path string) (*Folder, error) {
	dir, err := root.Open(path)
	if err != nil {
		return nil, err
	}
	return &Folder{dir, int(dir.Fd())}, nil
}

// Close closes the folder, and none of its files.
func (f *Folder) Close() error { return f.dir.Close() }

// ReadDir returns what is in a folder, by name. What each entry looks like is asked on
// all processors, where an os.Root asks for one after the other.
func (f FS) ReadDir(path string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(path) {
		return nil, &fs.PathError{Op: "readdir", Path: path, Err: fs.ErrInvalid}
	}
	in, err := Open(f.root, path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	names, err := in.dir.Readdirnames(-1)
	slices.Sort(names)
	found, errs := make([]entry, len(names)), make([]error, len(names))
	parallel.Each(len(names), func(i int) {
		found[i], errs[i] = in.look(names[i])
	})
	list := make([]fs.DirEntry, 0, len(names))
	for i := range found {
		switch {
		case errs[i] == nil:
			list = append(list, &found[i])
		case !errors.Is(errs[i], fs.ErrNotExist): // else it is gone by now
			err = cmp.Or(err, errs[i])
		}
	}
	return list, err
}

// entry is a file, or anything else in a folder with a name, as it looked.
type entry struct {
	name       string
	mode       fs.FileMode
	size, time int64
}

func (e *entry) Name() string               { return e.name }
func (e *entry) Size() int64                { return e.size }
func (e *entry) Mode() fs.FileMode          { return e.mode }
func (e *entry) Type() fs.FileMode          { return e.mode.Type() }
func (e *entry) ModTime() time.Time         { return time.Unix(0, e.time) }
func (e *entry) IsDir() bool                { return e.mode.IsDir() }
func (e *entry) Sys() any                   { return nil }
func (e *entry) Info() (fs.FileInfo, error) { return e, nil }

// Lstat returns what a file looks like, or anything else with a name.
func (f *Folder) Lstat(name string) (fs.FileInfo, error) {
	e, err := f.look(name)
	if err != nil {
		return nil, err
	}
	return &e, nil
}

func (f *Folder) look(name string) (entry, error) {
	var s unix.Stat_t
	if _, err := again(func() (int, error) { return 0, unix.Fstatat(f.fd, name, &s, unix.AT_SYMLINK_NOFOLLOW) }); err != nil {
		return entry{}, &fs.PathError{Op: "lstat", Path: name, Err: err}
	}
	return entry{name, modeOf(&s), s.Size, s.Mtim.Nano()}, nil
}

func modeOf(s *unix.Stat_t) fs.FileMode {
	mode := fs.FileMode(s.Mode & 0o777)
	switch s.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		return mode
	case unix.S_IFDIR:
		return mode | fs.ModeDir
	case unix.S_IFLNK:
		return mode | fs.ModeSymlink
	case unix.S_IFIFO:
		return mode | fs.ModeNamedPipe
	case unix.S_IFSOCK:
		return mode | fs.ModeSocket
	case unix.S_IFBLK:
		return mode | fs.ModeDevice
	case unix.S_IFCHR:
		return mode | fs.ModeDevice | fs.ModeCharDevice
	}
	return mode | fs.ModeIrregular
}

// Read appends the bytes of a file to b, if it has no more than the given number. The
// error is that of the system, or [fs.ErrInvalid] if the name is that of a link or of
// anything else that is no file, or of a file that is larger.
func (f *Folder) Read(b []byte, name string, most int64) ([]byte, error) {
	fd, err := f.open(name, unix.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return b, err
	}
	defer unix.Close(fd)
	is, err := stat(fd)
	if err == nil && is.Size > most {
		err = fs.ErrInvalid
	}
	if err != nil {
		return b, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	// A byte more, to see that the file has not grown meanwhile.
	start := len(b)
	b = slices.Grow(b, int(is.Size)+1)
	for len(b)-start != int(is.Size) || is.Size == 0 {
		n, err := again(func() (int, error) { return unix.Read(fd, b[len(b):cap(b)]) })
		if err != nil {
			return b[:start], &fs.PathError{Op: "read", Path: name, Err: err}
		}
		if n == 0 {
			break
		}
		if int64(len(b)+n-start) > most {
			return b[:start], &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
		}
		if b = b[:len(b)+n]; len(b) == cap(b) {
			b = slices.Grow(b, len(b))
		}
	}
	return b, nil
}

// Create writes a new file that is its owner's alone. It fails if there is one with
// that name.
func (f *Folder) Create(name string, data []byte) (Info, error) {
	fd, err := f.open(name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL, 0o600)
	if err != nil {
		return Info{}, err
	}
	var is Info
	for len(data) > 0 && err == nil {
		var n int
		if n, err = again(func() (int, error) { return unix.Write(fd, data) }); err == nil && n == 0 {
			err = io.ErrShortWrite
		}
		data = data[max(n, 0):]
	}
	if err == nil {
		is, err = stat(fd)
	}
	if closed := unix.Close(fd); err == nil {
		err = closed
	}
	if err != nil {
		_ = f.Remove(name)
		return is, &fs.PathError{Op: "write", Path: name, Err: err}
	}
	return is, nil
}

// Remove removes a file.
func (f *Folder) Remove(name string) error {
	if _, err := again(func() (int, error) { return 0, unix.Unlinkat(f.fd, name, 0) }); err != nil {
		return &fs.PathError{Op: "remove", Path: name, Err: err}
	}
	return nil
}

// Rename gives a file another name, and replaces the one that has it.
func (f *Folder) Rename(old, name string) error {
	if _, err := again(func() (int, error) { return 0, unix.Renameat(f.fd, old, f.fd, name) }); err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: name, Err: err}
	}
	return nil
}

func (f *Folder) open(name string, flags int, mode uint32) (int, error) {
	fd, err := again(func() (int, error) {
		return unix.Openat(f.fd, name, flags|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
	})
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return fd, nil
}

// stat returns what an open file looks like. The error is that of the system, or
// [fs.ErrInvalid] if it is no regular file.
func stat(fd int) (Info, error) {
	var s unix.Stat_t
	if _, err := again(func() (int, error) { return 0, unix.Fstat(fd, &s) }); err != nil {
		return Info{}, err
	}
	if s.Mode&unix.S_IFMT != unix.S_IFREG {
		return Info{}, fs.ErrInvalid
	}
	return Info{Size: s.Size, Time: s.Mtim.Nano()}, nil
}

// again calls the system until no signal comes between.
func again(call func() (int, error)) (n int, err error) {
	for {
		if n, err = call(); err != unix.EINTR {
			return n, err
		}
	}
}
