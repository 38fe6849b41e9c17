package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/store"
)

// What kith remembers of a journal may be deleted at any time.
const (
	notesFile  = store.Folder + "/notes"
	peopleFile = store.Folder + "/people"
)

// readJournal reads the journal by way of its cache.
func (a *app) readJournal(root *os.Root) *journal.Journal {
	return a.readCached(root, notesFile, (*journal.Cache).Read)
}

// readPeople reads who there is in the journal, by way of a cache of its own.
func (a *app) readPeople(root *os.Root) *journal.Journal {
	return a.readCached(root, peopleFile, (*journal.Cache).ReadPeople)
}

// readCached reads by way of a cache.
func (a *app) readCached(root *os.Root, file string, read func(*journal.Cache, fs.FS) *journal.Journal) *journal.Journal {
	cache := a.openCache(root, file)
	j := read(cache, folder.New(root))
	if cache.Stale() {
		a.remember(root, file, cache)
	}
	return j
}

// openCache opens a cache. That it cannot be read is no reason not to go on: it only
// makes the next run quicker.
func (a *app) openCache(root *os.Root, file string) *journal.Cache {
	load := func() []byte {
		data, _ := root.ReadFile(file)
		if notes := len(data) >> 11; notes > 0 { // a note takes about 2 KiB there
			hurry(notes)
		} else {
			hurry(countPeople(root))
		}
		return data
	}
	return journal.OpenCache(load, cacheKey(), a.Now())
}

// remember writes a cache beside the command, as far as it can.
func (a *app) remember(root *os.Root, file string, cache *journal.Cache) {
	a.beside.Go(func() { _ = writeCache(root, file, cache) })
}

// countPeople returns how many files there are in the folder of contacts.
func countPeople(root *os.Root) int {
	folder, err := root.Open(journal.ContactsFolder)
	if err != nil {
		return 0
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(-1)
	return len(names)
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

// writeCache adds to the cache, or replaces it in one step; it is for its owner alone.
func writeCache(root *os.Root, file string, cache *journal.Cache) error {
	if cache.Adds() {
		f, err := root.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = cache.AddTo(f)
		return errors.Join(err, f.Close())
	}
	if err := store.MakeFolder(root); err != nil {
		return err
	}
	// One name for all, so that there is never more than one left over. If two write
	// at the same time, what comes of it is no cache, as its sum says.
	temp := file + ".tmp"
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = cache.WriteTo(f)
	if err = errors.Join(err, f.Close()); err == nil {
		err = root.Rename(temp, file)
	}
	if err != nil {
		_ = root.Remove(temp)
	}
	return err
}
