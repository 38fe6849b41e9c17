package journal

import (
	"io/fs"
	"slices"
	"time"

	"kith/internal/folder"
	"kith/internal/note"
)

// Cache remembers what the notes of a journal were when they were last read, so
// that a command need not parse those that are the same. It is never trusted
// over the notes: one counts as the same if its size and time are, and the time
// is not so near to when it was read that another save could have it too; else
// if its bytes are. A cache that is torn, or of another version of the program,
// is no cache.
type Cache struct {
	key string
	now time.Time

	loaded chan struct{} // closed when the next is known
	had    had

	journal *Journal
	stamps  []stamp // of the notes read, in the order of their paths
	found   []int   // where in had.notes each of them is, or -1
	old     []old   // what had.notes are, as far as somebody asked
	fits    bool    // all that links lead to is what it was
	missed  int
	written string // the name of the journal that was read, if that was written

	wanted string   // the name of the journal to share with, if that is remembered
	was    *Journal // that one
}

// surroundings are all that there is in a journal besides its notes.
type surroundings struct {
	settings    string // the text
	attachments []string
	problems    []note.Problem // of folders
}

func (j *Journal) surroundings() surroundings {
	return surroundings{j.settingsText, j.Attachments, j.folderProblems}
}

func (s surroundings) equal(o surroundings) bool {
	return s.settings == o.settings && slices.Equal(s.attachments, o.attachments) && slices.Equal(s.problems, o.problems)
}

// cached is a note in coded form, and what [Journal.build] made of it.
type cached struct {
	stamp
	coded   string
	sum     noteSum
	settled bool // its time alone tells whether it changed
}

// old is a note that was remembered.
type old struct {
	note *note.Note
	// file is what links of the note lead to. If that is not known, it is that of a
	// copy of the note, so that [Journal.resolve] does not take it for this one's.
	file *File
}

// stamp is what the file system says of a note.
type stamp struct {
	path string
	folder.Info
}

// OpenCache returns the cache in what load returns, which may be empty and must not
// change any more; it is read while others look for the notes. The key names the
// version of the program; now is the time, before anything is read.
func OpenCache(load func() []byte, key string, now time.Time) *Cache {
	c := &Cache{key: key, now: now, loaded: make(chan struct{})}
	go func() {
		defer close(c.loaded)
		c.had.load(load(), c.key)
	}()
	return c
}

// Read reads the journal in a folder, as [Read] does.
func (c *Cache) Read(fsys fs.FS) *Journal {
	r := &reader{fsys: fsys, cache: c}
	c.journal = r.reread(nil)
	return c.journal
}

// ReadAfter is Read for somebody who has made something of the journal with a name
// (see [Cache.Name]). If that is the one that is remembered, was is that journal, of
// which the one that is read shares what is the same; else it is nil.
func (c *Cache) ReadAfter(name string, fsys fs.FS) (was, is *Journal) {
	c.wanted = name
	is = c.Read(fsys)
	return c.was, is
}

// ReadPeople reads who there is in the journal of a folder, and no more: contacts
// and circles with their front matter, but without entries, tasks, links and
// problems. Of a journal whose notes are known it takes a tenth of the time that
// Read takes. Its cache is not that of Read.
func (c *Cache) ReadPeople(fsys fs.FS) *Journal {
	r := &reader{fsys: fsys, cache: c, next: Journal{people: true}}
	c.journal = r.reread(nil)
	return c.journal
}

// open makes ready to find the notes at some paths, which are in order.
func (c *Cache) open(kinds note.Kinds, files []found) {
	<-c.loaded
	if was, _ := ParseSettings(c.had.around.settings); !sameKinds(was.Kinds, kinds) {
		c.had = had{} // every note's entries depend on them
	}
	c.old, c.found = make([]old, len(c.had.notes)), make([]int, len(files))
	at := 0
	for i, f := range files {
		for at < len(c.had.notes) && c.had.notes[at].path < f.path {
			at++
		}
		if c.found[i] = -1; at < len(c.had.notes) && c.had.notes[at].path == f.path {
			c.found[i] = at
		}
	}
}

// find returns what is known of a note that is to be read.
func (c *Cache) find(i int) (cached, *note.Note) {
	if c.found[i] < 0 || !c.decode(c.found[i]) {
		return cached{}, nil
	}
	return c.had.notes[c.found[i]], c.old[c.found[i]].note
}

// decode makes ready one of the old notes, and says whether it could be read.
func (c *Cache) decode(at int) bool {
	n, rest, err := note.Decode(c.had.notes[at].coded)
	if err == nil {
		c.old[at] = old{n, decodeFile(n, cacheReader(rest))}
	}
	return err == nil
}

// build puts the notes that were read together.
func (c *Cache) build(next *Journal, notes []*note.Note) {
	c.fits = c.had.whole && len(c.had.notes) == len(notes) && !slices.Contains(c.found, -1)
	for i := 0; c.fits && i < len(notes); i++ {
		c.fits = c.old[i].note != nil && calledTheSame(c.old[i].note, notes[i])
	}
	c.was = c.before(next.parser)
	if c.was != nil && c.fits {
		var changed []*note.Note
		for i, n := range notes {
			if n != c.old[i].note {
				changed = append(changed, n)
			}
		}
		if after := next.follow(c.was, changed); after != nil {
			*next = *after
			return
		}
	}
	before := c.was
	if before == nil && c.fits {
		before = c.remembered()
	}
	next.build(notes, before)
}

// before returns the journal that is wanted; nil if it is not the one remembered.
func (c *Cache) before(parser *note.Parser) *Journal {
	if c.wanted == "" || c.wanted != c.had.name {
		return nil
	}
	notes := make([]*note.Note, len(c.had.notes))
	for i := range notes {
		if c.old[i].note == nil && !c.decode(i) {
			return nil
		}
		notes[i] = c.old[i].note
	}
	was := &Journal{parser: parser, settingsText: c.had.around.settings, Attachments: c.had.around.attachments, folderProblems: c.had.around.problems}
	was.Settings, was.settingsProblems = ParseSettings(c.had.around.settings)
	was.build(notes, c.remembered())
	return was
}

// remembered returns the journal as it was when it was remembered, with no more than
// its files. It is of use where nobody came, went or has another name, so that links
// lead where they did.
func (c *Cache) remembered() *Journal {
	files := make([]*File, len(c.old))
	for i, o := range c.old {
		files[i] = o.file
	}
	return &Journal{Files: files, remembered: true}
}

// worthwhile is how many notes a journal has whose reading takes long enough to
// be remembered: some 30 milliseconds.
const worthwhile = 300

// fewMissed is how many notes may be read at every run before it is worth writing
// the cache again.
const fewMissed = 20

// Stale says that the cache that is there does not serve as well as the one of the
// journal that was read.
func (c *Cache) Stale() bool {
	there, slow := 0, c.missed
	for i, s := range c.stamps {
		if c.found[i] < 0 {
			continue
		}
		there++
		if !c.knows(i) && s.Time < c.now.UnixNano()-int64(folder.Settles) {
			slow++ // it was read to see that it is the same; the next time its time will do
		}
	}
	// What is deleted is forgotten at once: it may have been deleted for a reason.
	return (slow > fewMissed || there != len(c.had.notes) || !c.fits && !c.leavesOut()) && c.worthwhile()
}

// fewAdded is what part of a cache, in its notes and in its bytes, may have been added
// to the rest before all is written anew.
const fewAdded = 16

// Adds says that it is enough to add to the cache that is there (see [Cache.AddTo]),
// as nothing but a few notes changed.
func (c *Cache) Adds() bool {
	return c.fits && !c.had.torn && c.had.added <= c.had.first/fewAdded && len(c.news()) <= len(c.had.notes)/fewAdded
}

// news returns which of the notes that were read are not remembered as they are.
func (c *Cache) news() []int {
	var news []int
	for i, s := range c.stamps {
		if s.path != "" && !c.knows(i) {
			news = append(news, i)
		}
	}
	return news
}

// knows says whether the note that was read is remembered, and need not be read the
// next time if its file looks the same.
func (c *Cache) knows(i int) bool {
	at := c.found[i]
	return at >= 0 && c.had.notes[at].settled && c.had.notes[at].stamp == c.stamps[i]
}

// Behind says that the cache that is there is not of the very journal that was read,
// as one that is written now would be.
func (c *Cache) Behind() bool { return !c.current() && !c.leavesOut() && c.worthwhile() }

// Name names the journal that was read by what is in it. It is empty if that is not
// remembered.
func (c *Cache) Name() string {
	if c.written == "" && c.current() {
		return c.had.name
	}
	return c.written
}

// current says whether the cache that was there is of the journal that was read.
func (c *Cache) current() bool {
	return c.fits && c.missed == 0 && c.had.around.equal(c.journal.surroundings())
}

func (c *Cache) worthwhile() bool { return len(c.stamps) >= worthwhile || len(c.had.notes) > 0 }

// leavesOut says whether there are notes that cannot be remembered.
func (c *Cache) leavesOut() bool {
	return slices.ContainsFunc(c.stamps, func(s stamp) bool { return s.path == "" })
}
