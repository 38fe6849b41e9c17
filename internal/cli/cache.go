package cli

import (
	"errors"
	"fmt"
	"os"

	"kith/internal/journal"
)

// The cache of a journal's notes lies in a folder of its own, which git is told
// to ignore. It may be deleted at any time.
const (
	cacheFolder = ".kith"
	cacheFile   = cacheFolder + "/notes"
)

// readJournal reads the journal by way of its cache. That the cache cannot be
// read or written is no reason not to go on: it only makes the next run quicker.
func (a *app) readJournal(root *os.Root) *journal.Journal {
	data, _ := root.ReadFile(cacheFile)
	cache := journal.OpenCache(data, cacheKey(), a.Now())
	j := cache.Read(root.FS())
	if cache.Stale() {
		_ = writeCache(root, cache)
	}
	return j
}

// cacheKey names this program: what another has remembered is not to be trusted.
func cacheKey() string {
	path, err := os.Executable()
	if err != nil {
		return version()
	}
	info, err := os.Stat(path)
	if err != nil {
		return version()
	}
	return fmt.Sprint(version(), info.Size(), info.ModTime().UnixNano())
}

// writeCache replaces the cache in one step, for its owner alone.
func writeCache(root *os.Root, cache *journal.Cache) error {
	if err := root.MkdirAll(cacheFolder, 0o700); err != nil {
		return err
	}
	if err := root.WriteFile(cacheFolder+"/.gitignore", []byte("*\n"), 0o600); err != nil {
		return err
	}
	temp := fmt.Sprintf("%s.%d.tmp", cacheFile, os.Getpid())
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = cache.WriteTo(f)
	if err = errors.Join(err, f.Close()); err == nil {
		err = root.Rename(temp, cacheFile)
	}
	if err != nil {
		_ = root.Remove(temp)
	}
	return err
}
