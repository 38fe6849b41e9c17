package seal

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// backedUp are the parts of a journal that a backup has: what somebody wrote. The folder
// that makes a journal is the first.
var backedUp = []string{"content", "templates", "kith.toml"}

// Backup writes the notes, templates and settings of a journal into an age file. It
// returns what it left out: links, and whatever else is no file.
func Backup(w io.Writer, journal fs.FS, passphrase string) (left []string, err error) {
	return backup(w, journal, passphrase, scryptWork)
}

func backup(w io.Writer, journal fs.FS, passphrase string, work int) (left []string, err error) {
	err = writeAge(w, passphrase, work, func(archive *tar.Writer) error {
		for _, part := range backedUp {
			err := fs.WalkDir(journal, part, func(name string, d fs.DirEntry, err error) error {
				switch {
				case name == part && errors.Is(err, fs.ErrNotExist) && part != backedUp[0]:
					return fs.SkipAll
				case err != nil:
					return err
				case d.IsDir():
					return archive.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o700})
				case !d.Type().IsRegular():
					left = append(left, name)
					return nil
				}
				return backUp(archive, journal, name)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return left, err
}

// backUp adds one file.
func backUp(archive *tar.Writer, journal fs.FS, name string) error {
	file, err := journal.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	// Nothing is said of whose it is.
	if err := archive.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg, Name: name, Size: info.Size(), Mode: 0o600, ModTime: info.ModTime().Truncate(time.Second),
	}); err != nil {
		return err
	}
	if _, err := io.CopyN(archive, file, info.Size()); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// ErrNotBackup says that an age file holds something else than a backup.
var ErrNotBackup = errors.New("it is no backup of a journal")

// Restore puts what is in a backup into a folder that has no notes, templates or settings
// yet. It puts all of it there or nothing: until all has been read, it is in a folder of
// a temporary name, and content, which makes a journal, comes last.
func Restore(to *os.Root, r io.Reader, passphrase string) error {
	for _, part := range backedUp {
		if _, err := to.Lstat(part); err == nil {
			return &fs.PathError{Op: "restore", Path: part, Err: fs.ErrExist}
		}
	}
	opened, err := openAge(r, passphrase)
	if err != nil {
		return err
	}
	return restore(to, opened)
}

// restore does so with the archive of a backup.
func restore(to *os.Root, archive io.Reader) (err error) {
	temp := fmt.Sprintf(".kith-%08x.tmp", rand.Uint32())
	if err := to.Mkdir(temp, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.RemoveAll(temp)) }()
	in, err := to.OpenRoot(temp)
	if err != nil {
		return err
	}
	err = errors.Join(unpack(in, archive), in.Close())
	if err != nil {
		return err
	}
	var moved []string
	for _, part := range slices.Backward(backedUp) {
		if err = to.Rename(path.Join(temp, part), part); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			for _, part := range moved {
				err = errors.Join(err, to.RemoveAll(part))
			}
			return err
		}
		moved = append(moved, part)
	}
	return nil
}

// unpack makes the files and folders of an archive in an empty folder.
func unpack(in *os.Root, r io.Reader) error {
	archive := tar.NewReader(r)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("read the backup: %w", err)
		}
		if err := unpackOne(in, header, archive); err != nil {
			return err
		}
	}
	if _, err := in.Lstat(backedUp[0]); err != nil {
		return fmt.Errorf("%w: it has no %s", ErrNotBackup, backedUp[0])
	}
	// What comes behind the archive is read, too: its end is the proof that nothing of
	// the file was cut off.
	_, err := io.Copy(io.Discard, r)
	return err
}

func unpackOne(in *os.Root, header *tar.Header, r io.Reader) error {
	name := strings.TrimSuffix(header.Name, "/")
	top, _, _ := strings.Cut(name, "/")
	if !fs.ValidPath(name) || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsRune(name, 0) {
		return fmt.Errorf("%w: %q leads out of the journal", ErrNotBackup, header.Name)
	}
	if !slices.Contains(backedUp, top) {
		return fmt.Errorf("%w: %q is no part of one", ErrNotBackup, header.Name)
	}
	for key := range header.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse") { // it can be larger than any disk
			return fmt.Errorf("%w: %q has holes", ErrNotBackup, header.Name)
		}
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return in.MkdirAll(name, 0o700)
	case tar.TypeReg:
		if err := in.MkdirAll(path.Dir(name), 0o700); err != nil {
			return err
		}
		file, err := in.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, r)
		if err = errors.Join(err, file.Close()); err != nil {
			return err
		}
		return in.Chtimes(name, time.Time{}, header.ModTime)
	}
	return fmt.Errorf("%w: %q is neither a file nor a folder", ErrNotBackup, header.Name)
}
