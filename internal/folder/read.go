package folder

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Any is a size that no file has.
const Any int64 = 1 << 62

// ReadFile reads a file of no more than the given number of bytes. What is no file is an
// error: to open a named pipe is to wait for somebody who writes to it.
func ReadFile(fsys fs.FS, name string, most int64) ([]byte, error) {
	failed := func(why string) error { return &fs.PathError{Op: "read", Path: name, Err: errors.New(why)} }
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, failed("it is " + what(info.Mode()))
	case info.Size() > most:
		return nil, failed(fmt.Sprintf("it has more than %d MiB", most>>20))
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1)) // it may grow meanwhile
	if err == nil && int64(len(data)) > most {
		return nil, failed(fmt.Sprintf("it has more than %d MiB", most>>20))
	}
	return data, err
}

// ReadDir reads what is in a folder, and waits for nothing that has its name.
func ReadDir(fsys fs.FS, name string) ([]fs.DirEntry, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it is %s, and no folder", what(info.Mode()))}
	}
	return fs.ReadDir(fsys, name)
}

// what says what has a mode, as people do.
func what(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "a file"
}
