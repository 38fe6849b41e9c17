package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
)

// apply carries out changes: first everything is written beside its place, where a
// full disk shows before anything is changed, then it is put into place. The error
// is errChanged if something is not as it was seen.
func (o Options) apply(root *os.Root, seen map[string]File, changes []Change) (err error) {
	temps := make([]string, len(changes))
	defer func() {
		for _, temp := range temps {
			if err != nil && temp != "" {
				_ = root.Remove(temp)
			}
		}
	}()
	for i, c := range changes {
		if !c.After.There {
			continue
		}
		if o.Writing != nil {
			if err := o.Writing(i, len(changes)); err != nil {
				return err
			}
		}
		// Names that a journal takes no notice of. One that a killed process left
		// is in nobody's way.
		temps[i] = path.Join(path.Dir(c.Path), fmt.Sprintf(".kith-%d.tmp", i))
		if err := o.put(root, temps[i], c); err != nil {
			return fmt.Errorf("writing %s: %w", c.Path, reason(err))
		}
	}
	for p, was := range seen {
		if err := unchanged(root, p, was); err != nil {
			return fmt.Errorf("writing %s: %w", p, reason(err))
		}
	}
	for i, c := range changes {
		if err := o.place(root, temps[i], c); err != nil {
			return o.takeBack(root, changes[:i], err)
		}
	}
	o.syncFolders(root, changes)
	return nil
}

// put writes what will be at a path into a temporary file.
func (o Options) put(root *os.Root, temp string, c Change) error {
	if err := o.step("folder", c.Path); err != nil {
		return err
	}
	around := permissions(root, path.Dir(c.Path))
	if err := root.MkdirAll(path.Dir(c.Path), 0o700|around&0o055); err != nil {
		return err
	}
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if c.After.Link != "" {
		if err := o.step("link", c.Path); err != nil {
			return err
		}
		return root.Symlink(c.After.Link, temp)
	}
	file := c.After
	if file.Mode == newFile { // no more open to others than the folder
		file.Mode = 0o600 | around&0o044
	}
	return o.writeFile(root, temp, file)
}

// permissions returns those of a folder, or of the nearest one above it that is there.
func permissions(root *os.Root, folder string) fs.FileMode {
	for {
		if info, err := root.Stat(folder); err == nil {
			return info.Mode().Perm()
		} else if folder == "." {
			return 0o700
		}
		folder = path.Dir(folder)
	}
}

// writeFile writes a new file, down to the disk.
func (o Options) writeFile(root *os.Root, name string, f File) error {
	if err := o.step("open", name); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.Mode)
	if err != nil {
		return err
	}
	err = o.step("write", name)
	if err == nil {
		_, err = file.Write(f.Data)
	}
	if err == nil && f.Mode != newFile { // which the person's umask made
		err = file.Chmod(f.Mode)
	}
	if err == nil {
		err = o.step("sync", name)
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// place puts a temporary file into its place, or removes what is there, if that is
// what was there before.
func (o Options) place(root *os.Root, temp string, c Change) error {
	err := o.step("place", c.Path)
	if err == nil {
		err = unchanged(root, c.Path, c.Before)
	}
	switch {
	case err != nil:
	case c.After.There:
		err = root.Rename(temp, c.Path)
	default:
		err = root.Remove(c.Path)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", c.Path, reason(err))
	}
	return nil
}

// takeBack brings back what was changed before something failed, the last first.
func (o Options) takeBack(root *os.Root, done []Change, failed error) error {
	var left []string
	for _, c := range slices.Backward(done) {
		back := Change{Path: c.Path, Before: c.After, After: c.Before}
		temp := path.Join(path.Dir(c.Path), ".kith-back.tmp")
		var err error
		if back.After.There {
			err = o.put(root, temp, back)
		}
		if err == nil {
			err = o.place(root, temp, back)
		}
		if err != nil {
			_ = root.Remove(temp)
			left = append(left, c.Path)
		}
	}
	if left == nil {
		return failed
	}
	slices.Sort(left)
	return &PartlyError{failed, left}
}

func unchanged(root *os.Root, p string, was File) error {
	is, err := load(root, p)
	if err == nil && !is.same(was) {
		err = errChanged
	}
	return err
}

// syncFolders sees to it that the names are on the disk too, where the system can.
func (o Options) syncFolders(root *os.Root, changes []Change) {
	var folders []string
	for _, c := range changes {
		folders = append(folders, path.Dir(c.Path))
	}
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		if dir, err := root.Open(folder); err == nil {
			_ = dir.Sync()
			_ = dir.Close()
		}
	}
}

// reason is why a step failed, without the path of its temporary file.
func reason(err error) error {
	if pe := new(fs.PathError); errors.As(err, &pe) {
		return pe.Err
	}
	if le := new(os.LinkError); errors.As(err, &le) {
		return le.Err
	}
	return err
}
