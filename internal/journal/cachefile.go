package journal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"unsafe"

	"kith/internal/note"
)

// The file of a cache names the program, and goes on with one block or more: the first
// has all notes, and each of the others those that changed since. So a build after one
// save writes two kilobytes, and not all that is known.
//
//	MAGIC KEY { AFTER KINDS SETTINGS ATTACHMENTS PROBLEMS READ FILES NOTES CRC }
//
// AFTER is the name of the block before, so that none is added to another cache than
// the one it is about: two processes may write at the same time.
const cacheMagic = "kith notes 5\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (c *Cache) load(data []byte) {
	// The notes' texts are parts of the data: copying it would cost more than
	// all the rest.
	rest, ok := strings.CutPrefix(unsafe.String(unsafe.SliceData(data), len(data)), cacheMagic)
	r := cacheReader(rest)
	if !ok || r.text() != c.key {
		return
	}
	for len(r) > 0 && !c.torn {
		block := data[len(data)-len(r):]
		c.torn = !c.loadBlock(block, &r)
	}
}

// loadBlock takes what a block says, if it is whole and is about what was loaded
// before.
func (c *Cache) loadBlock(data []byte, r *cacheReader) bool {
	start := len(*r)
	after, kinds := r.text(), r.text()
	around := surroundings{settings: r.text()}
	r.each(func() { around.attachments = append(around.attachments, r.text()) })
	r.each(func() {
		around.problems = append(around.problems, folderProblem(r.text(), r.text(), r.text(), r.text()))
	})
	read, files := int64(r.number()), int(r.number())
	var notes []cached
	r.each(func() {
		s := stamp{r.text(), int64(r.number()), int64(r.number())}
		notes = append(notes, cached{s, r.text(), s.time < read-int64(settled)})
	})
	end := start - len(*r)
	if len(*r) < crc32.Size || after != c.name || c.name != "" && kinds != c.kinds {
		return false
	}
	sum := crc32.Checksum(data[:end], castagnoli)
	if sum != binary.LittleEndian.Uint32(data[end:]) {
		return false
	}
	*r = (*r)[crc32.Size:]
	if c.name == "" {
		c.notes, c.kinds = notes, kinds
	} else {
		for _, n := range notes {
			i, ok := slices.BinarySearchFunc(c.notes, n.path, func(c cached, path string) int { return strings.Compare(c.path, path) })
			if !ok {
				return false
			}
			c.notes[i] = n
		}
		c.added += len(notes)
	}
	c.around, c.whole, c.name = around, len(c.notes) == files, nameOf(read, sum)
	return true
}

// nameOf names a block by when its notes were read, and its sum.
func nameOf(read int64, sum uint32) string { return fmt.Sprintf("%x-%08x", read, sum) }

// WriteTo writes the cache of the journal that was read: bit by bit, as it is half
// as large as all that is known of the journal.
func (c *Cache) WriteTo(to io.Writer) (int64, error) {
	n, err := to.Write(appendText([]byte(cacheMagic), c.key))
	if err != nil {
		return int64(n), err
	}
	notes := slices.DeleteFunc(slices.Clone(c.stamps), func(s stamp) bool { return s.path == "" })
	more, err := c.writeBlock(to, "", notes)
	return int64(n) + more, err
}

// AddTo writes what is to follow on the cache that is there, if [Cache.Adds] says so.
func (c *Cache) AddTo(to io.Writer) (int64, error) { return c.writeBlock(to, c.name, c.news()) }

func (c *Cache) writeBlock(to io.Writer, after string, notes []stamp) (int64, error) {
	sum := crc32.New(castagnoli)
	w := countingWriter{w: io.MultiWriter(to, sum)}
	b := appendText(nil, after)
	b = appendText(b, kindsKey(c.journal.Settings.Kinds))
	b = appendSurroundings(b, c.journal.surroundings())
	b = binary.AppendUvarint(b, uint64(c.now.UnixNano()))
	b = binary.AppendUvarint(b, uint64(len(c.journal.Files)))
	b = binary.AppendUvarint(b, uint64(len(notes)))
	var coded []byte
	for _, s := range notes {
		f := c.journal.File(s.path)
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
	if w.err == nil {
		c.name, c.written = nameOf(c.now.UnixNano(), sum.Sum32()), !c.leavesOut()
	}
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

// cacheReader is what is left to read. What it says counts when its sum has been seen.
type cacheReader string

func (r *cacheReader) number() uint64 {
	v, n := binary.Uvarint([]byte((*r)[:min(len(*r), binary.MaxVarintLen64)]))
	*r = (*r)[max(n, 0):]
	return v
}

// each reads a number, and then each of as many things.
func (r *cacheReader) each(read func()) {
	for n := r.number(); n > 0 && len(*r) > 0; n-- {
		read()
	}
}

func (r *cacheReader) text() string {
	n := min(r.number(), uint64(len(*r)))
	text := string((*r)[:n])
	*r = (*r)[n:]
	return text
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func appendSurroundings(b []byte, s surroundings) []byte {
	b = appendText(b, s.settings)
	b = binary.AppendUvarint(b, uint64(len(s.attachments)))
	for _, a := range s.attachments {
		b = appendText(b, a)
	}
	b = binary.AppendUvarint(b, uint64(len(s.problems)))
	for _, p := range s.problems {
		b = appendText(appendText(appendText(appendText(b, p.File), p.Code), p.Message), p.Hint)
	}
	return b
}

// kindsKey names the kinds of contact, on which every note's entries depend.
func kindsKey(k note.Kinds) string {
	return strings.Join(slices.Concat(k.Talk, []string{"/"}, k.Write, []string{"/"}, k.Note), " ")
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

// decodeFile is the inverse of appendFile.
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
