package journal

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unsafe"

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

	loaded chan struct{} // closed when the following is known
	kinds  string
	notes  []cached // in the order of their paths
	whole  bool     // they are all that the journal had

	journal *Journal
	stamps  []stamp // of the notes read, in the order of their paths
	found   []int   // where in notes each of them is, or -1
	files   []*File // each of them as it was
	fits    bool    // all that links lead to is what it was
	missed  int
}

// cached is a note in coded form, and what [Journal.build] made of it.
type cached struct {
	stamp
	coded   string
	settled bool // its time alone tells whether it changed
}

// stamp is what the file system says of a note.
type stamp struct {
	path       string
	size, time int64 // bytes; Unix nanoseconds
}

// settled is how much older than its reading a file's time must be to prove that
// it was not changed since: some file systems count in steps of two seconds.
const settled = 2 * time.Second

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const cacheMagic = "kith notes 4\n"

// OpenCache returns the cache in what load returns, which may be empty and must not
// change any more; it is read while others look for the notes. The key names the
// version of the program; now is the time, before anything is read.
func OpenCache(load func() []byte, key string, now time.Time) *Cache {
	c := &Cache{key: key, now: now, loaded: make(chan struct{})}
	go func() {
		defer close(c.loaded)
		c.load(load())
	}()
	return c
}

func (c *Cache) load(data []byte) {
	end := len(data) - crc32.Size
	if end < len(cacheMagic) || string(data[:len(cacheMagic)]) != cacheMagic || crc32.Checksum(data[:end], castagnoli) != binary.LittleEndian.Uint32(data[end:]) {
		return
	}
	// The notes' texts are parts of the data: copying it would cost more than
	// all the rest.
	r := cacheReader(unsafe.String(unsafe.SliceData(data), end)[len(cacheMagic):])
	if r.text() != c.key {
		return
	}
	c.kinds = r.text()
	read, files := int64(r.number()), int(r.number())
	for len(r) > 0 {
		s := stamp{r.text(), int64(r.number()), int64(r.number())}
		c.notes = append(c.notes, cached{s, r.text(), s.time < read-int64(settled)})
	}
	c.whole = len(c.notes) == files
}

// cacheReader is what is left to read. Its bytes are known to be whole.
type cacheReader string

func (r *cacheReader) number() uint64 {
	v, n := binary.Uvarint([]byte((*r)[:min(len(*r), binary.MaxVarintLen64)]))
	*r = (*r)[max(n, 0):]
	return v
}

func (r *cacheReader) text() string {
	n := min(r.number(), uint64(len(*r)))
	text := string((*r)[:n])
	*r = (*r)[n:]
	return text
}

// Read reads the journal in a folder, as [Read] does.
func (c *Cache) Read(fsys fs.FS) *Journal {
	r := &reader{fsys: fsys, cache: c}
	c.journal = r.reread(nil)
	return c.journal
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
func (c *Cache) open(kinds string, files []found) {
	if <-c.loaded; c.kinds != kinds {
		c.notes = nil
	}
	c.files, c.found = make([]*File, len(files)), make([]int, len(files))
	at := 0
	for i, f := range files {
		for at < len(c.notes) && c.notes[at].path < f.path {
			at++
		}
		if c.found[i] = -1; at < len(c.notes) && c.notes[at].path == f.path {
			c.found[i] = at
		}
	}
}

// find returns what is known of a note.
func (c *Cache) find(i int) (cached, *note.Note) {
	if c.found[i] < 0 {
		return cached{}, nil
	}
	have := c.notes[c.found[i]]
	n, rest, err := note.Decode(have.coded)
	if err != nil {
		return cached{}, nil
	}
	c.files[i] = decodeFile(n, cacheReader(rest))
	return have, n
}

// before returns the journal as it was when it was remembered, with no more than
// its files; nil if it had others, or somebody has another name, so that links may
// lead elsewhere.
func (c *Cache) before(notes []*note.Note) *Journal {
	c.fits = c.whole && len(c.notes) == len(notes) && !slices.Contains(c.found, -1)
	for i := 0; c.fits && i < len(notes); i++ {
		c.fits = c.files[i] != nil && calledTheSame(c.files[i].Note, notes[i])
	}
	if !c.fits {
		return nil
	}
	return &Journal{Files: c.files, remembered: true}
}

// appendFile appends what the other notes make of a file.
func appendFile(b []byte, f *File, sortKey string) []byte {
	b = appendText(b, sortKey)
	if f.Unused || len(f.Problems) > len(f.Note.Problems) {
		return b // the note alone is remembered
	}
	b = append(b, 1)
	for i, slug := range f.Targets {
		b = appendText(appendText(b, slug), f.Shown[i])
	}
	return b
}

// decodeFile is the inverse of appendFile. A file of which the note alone is
// remembered has a copy of that, so that it is none that is to be found.
func decodeFile(n *note.Note, r cacheReader) *File {
	f := &File{Note: n, Problems: n.Problems, sortKey: r.text()}
	if r.number() != 1 {
		alone := *n
		f.Note = &alone
		return f
	}
	if len(n.Links) == 0 {
		return f
	}
	f.Targets, f.Shown = make([]string, len(n.Links)), make([]string, len(n.Links))
	for i := range n.Links {
		f.Targets[i], f.Shown[i] = r.text(), r.text()
	}
	return f
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
		have := c.notes[c.found[i]]
		if known := have.settled && have.stamp == s; !known && s.time < c.now.UnixNano()-int64(settled) {
			slow++ // it was read to see that it is the same; the next time its time will do
		}
	}
	// What is deleted is forgotten at once: it may have been deleted for a reason.
	return (slow > fewMissed || there != len(c.notes) || !c.fits && !c.leavesOut()) && (len(c.stamps) >= worthwhile || len(c.notes) > 0)
}

// leavesOut says whether there are notes that cannot be remembered.
func (c *Cache) leavesOut() bool {
	return slices.ContainsFunc(c.stamps, func(s stamp) bool {
		f := c.journal.File(s.path)
		return f == nil || f.Broken
	})
}

// WriteTo writes the cache of the journal that was read: bit by bit, as it is half
// as large as all that is known of the journal.
func (c *Cache) WriteTo(to io.Writer) (int64, error) {
	sum := crc32.New(castagnoli)
	w := countingWriter{w: io.MultiWriter(to, sum)}
	b := append([]byte(nil), cacheMagic...)
	b = appendText(b, c.key)
	b = appendText(b, kindsKey(c.journal.Settings.Kinds))
	b = binary.AppendUvarint(b, uint64(c.now.UnixNano()))
	b = binary.AppendUvarint(b, uint64(len(c.journal.Files)))
	var coded []byte
	for _, s := range c.stamps {
		f := c.journal.File(s.path)
		if f == nil || f.Broken {
			continue
		}
		b = appendText(b, s.path)
		b = binary.AppendUvarint(b, uint64(s.size))
		b = binary.AppendUvarint(b, uint64(s.time))
		sortKey := ""
		if contact := c.journal.Contact(f.Slug); contact != nil && contact.File == f {
			sortKey = contact.sortKey
		}
		coded = appendFile(f.Append(coded[:0]), f, sortKey)
		b = binary.AppendUvarint(b, uint64(len(coded)))
		if b = append(b, coded...); len(b) > 1<<16 {
			w.write(b)
			b = b[:0]
		}
	}
	w.write(b)
	w.w = to
	w.write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	return w.n, w.err
}

// countingWriter writes until something fails.
type countingWriter struct {
	w   io.Writer
	n   int64
	err error
}

func (w *countingWriter) write(b []byte) {
	if w.err == nil {
		n, err := w.w.Write(b)
		w.n, w.err = w.n+int64(n), err
	}
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// kindsKey names the kinds of contact, on which every note's entries depend.
func kindsKey(k note.Kinds) string {
	return strings.Join(slices.Concat(k.Talk, []string{"/"}, k.Write, []string{"/"}, k.Note), " ")
}
