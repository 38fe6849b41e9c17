package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Folder is where kith keeps what is its own in a journal.
const Folder = ".kith"

const lockFile = Folder + "/lock"

// MakeFolder makes [Folder], for its owner alone and out of sight of git.
func MakeFolder(root *os.Root) error {
	if err := root.MkdirAll(Folder, 0o700); err != nil {
		return err
	}
	const ignore = Folder + "/.gitignore"
	if _, err := root.Stat(ignore); err == nil {
		return nil
	}
	return root.WriteFile(ignore, []byte("*\n"), 0o600)
}

// ErrBusy says that another kith was at work all the time.
var ErrBusy = errors.New("another kith has been changing this journal for more than a minute")

// How long to wait for another kith: to say so, to give up.
const (
	sayWaits = time.Second
	giveUp   = time.Minute
)

// tryLock locks the journal, if no other kith changes it.
func tryLock(root *os.Root) (unlock func(), ok bool) {
	if info, err := root.Stat(lockFile); err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	l := flock.New(filepath.Join(root.Name(), filepath.FromSlash(lockFile)))
	if ok, err := l.TryLock(); err != nil || !ok {
		return nil, false
	}
	return func() { _ = l.Unlock() }, true
}

// lock waits until no other kith changes the journal, and keeps it so until unlock
// is called or the process ends.
func lock(root *os.Root, waiting func()) (unlock func(), err error) {
	if err := MakeFolder(root); err != nil {
		return nil, fmt.Errorf("making the folder %s: %w", Folder, reason(err))
	}
	// To open anything else may be to wait for somebody.
	if info, err := root.Stat(lockFile); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("opening %s: it is no file", lockFile)
	}
	// By way of the root, which makes sure that it is in the journal.
	f, err := root.OpenFile(lockFile, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", lockFile, reason(err))
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	l := flock.New(filepath.Join(root.Name(), filepath.FromSlash(lockFile)))
	// The system lets those who wait have it in turn, which looking again and again
	// would not.
	locked, gaveUp := make(chan error), make(chan struct{})
	go func() {
		err := l.Lock()
		select {
		case locked <- err:
		case <-gaveUp:
			_ = l.Unlock()
		}
	}()
	soon, late := time.After(sayWaits), time.After(giveUp)
	for {
		select {
		case err := <-locked:
			if err != nil {
				return nil, fmt.Errorf("locking %s: %w", lockFile, reason(err))
			}
			return func() { _ = l.Unlock() }, nil
		case <-soon:
			if waiting != nil {
				waiting()
			}
		case <-late:
			close(gaveUp)
			return nil, ErrBusy
		}
	}
}
