package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"unsafe"

	"kith/internal/folder"
	"kith/internal/note"
	"kith/internal/parallel"
)

// The file of a cache names the program, and goes on with one block or more: the first
// has all notes, and each of the others those that changed since. So a build after one
// save writes two kilobytes, and not all that is known.
//
//	MAGIC KEY { AFTER SETTINGS ATTACHMENTS PROBLEMS READ FILES NOTES LENGTH CRC }
//
// AFTER is the mark of the block before, so that none is added to another cache than
// the one it is about: two processes may write at the same time. The length of all
// before it stands at the end of a block, since it is written bit by bit; they are
// found from the end of the file, and nothing is read that has not its sum.
const cacheMagic = "kith notes 7\n"

// blockEnd is how many bytes LENGTH and CRC take.
const blockEnd = 8 + crc32.Size

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// had is what was loaded of a cache.
type had struct {
	mark   string // of the last block
	name   string // of the journal, if it is all there
	torn   bool   // there is more, which is about another cache
	first  int    // bytes of the first block
	added  int    // of the others
	around surroundings
	notes  []cached // in the order of their paths
	whole  bool     // they are all that the journal had
}

// load reads a file. What is torn is no cache.
func (h *had) load(data []byte, key string) {
	// The notes' texts are parts of the data: copying it would cost more than
	// all the rest.
	text := unsafe.String(unsafe.SliceData(data), len(data))
	head := string(appendText([]byte(cacheMagic), key))
	if !strings.HasPrefix(text, head) {
		return
	}
	var blocks []string // the last one first
	for end := len(data); end > len(head); {
		size := end - len(head) - blockEnd
		if size < 0 {
			return
		}
		foot := data[end-blockEnd : end]
		length := binary.LittleEndian.Uint64(foot)
		if length > uint64(size) {
			return
		}
		start := end - blockEnd - int(length)
		if crc32.Checksum(data[start:end-crc32.Size], castagnoli) != binary.LittleEndian.Uint32(foot[8:]) {
			return
		}
		blocks = append(blocks, text[start:end])
		end = start
	}
	for _, block := range slices.Backward(blocks) {
		if h.torn = !h.read(block); h.torn {
			break
		}
	}
	if h.whole {
		h.name = nameOf(key, h.around, func(i int) (string, noteSum) { return h.notes[i].path, h.notes[i].sum }, len(h.notes))
	}
}

// read takes what a block says, if it is about what was read before.
func (h *had) read(block string) bool {
	sum := binary.LittleEndian.Uint32([]byte(block[len(block)-crc32.Size:]))
	r := cacheReader(block[:len(block)-blockEnd])
	after := r.text()
	if after != h.mark {
		return false
	}
	around := surroundings{settings: r.text()}
	for range r.count() {
		around.attachments = append(around.attachments, r.text())
	}
	for range r.count() {
		around.problems = append(around.problems, folderProblem(r.text(), r.text(), r.text(), r.text()))
	}
	read, files := int64(r.number()), int(r.number())
	notes := make([]cached, r.count())
	for i := range notes {
		s := stamp{r.text(), folder.Info{Size: int64(r.number()), Time: int64(r.number())}}
		notes[i] = cached{stamp: s, coded: r.text(), settled: s.Time < read-int64(folder.Settles)}
		copy(notes[i].sum[:], r.text())
	}
	if after == "" {
		h.notes, h.first = notes, len(block)
	} else {
		h.added += len(block)
		for _, n := range notes {
			if i, ok := slices.BinarySearchFunc(h.notes, n.path, func(c cached, path string) int { return strings.Compare(c.path, path) }); ok {
				h.notes[i] = n // none is added unless all of them are there
			}
		}
	}
	h.around, h.whole, h.mark = around, len(h.notes) == files, fmt.Sprintf("%x-%08x", read, sum)
	return true
}

// noteSum stands for the text of a note.
type noteSum [16]byte

func sumOf(n *note.Note) noteSum {
	sum := sha256.Sum256(unsafe.Slice(unsafe.StringData(n.Source), len(n.Source))) // a copy would be garbage
	return noteSum(sum[:16])
}

// nameOf names a journal of some notes by all that a program reads in it.
func nameOf(key string, around surroundings, each func(i int) (path string, sum noteSum), notes int) string {
	hash := sha256.New()
	b := appendSurroundings(appendText(nil, key), around)
	for i := range notes {
		path, sum := each(i)
		if b = append(appendText(b, path), sum[:]...); len(b) > 4<<10 {
			hash.Write(b)
			b = b[:0]
		}
	}
	hash.Write(b)
	return fmt.Sprintf("%x", hash.Sum(nil)[:16])
}

// WriteTo writes the cache of the journal that was read: bit by bit, as it is half
// as large as all that is known of the journal.
func (c *Cache) WriteTo(to io.Writer) (int64, error) {
	var all []int
	for i, s := range c.stamps {
		if s.path != "" {
			all = append(all, i)
		}
	}
	n, err := to.Write(appendText([]byte(cacheMagic), c.key))
	if err != nil {
		return int64(n), err
	}
	more, err := c.writeBlock(to, "", all)
	return int64(n) + more, err
}

// AddTo writes what is to follow on the cache that is there, if [Cache.Adds] says so.
func (c *Cache) AddTo(to io.Writer) (int64, error) { return c.writeBlock(to, c.had.mark, c.news()) }

// writeBlock writes what is known of some of the notes that were read.
func (c *Cache) writeBlock(to io.Writer, after string, notes []int) (n int64, err error) {
	var sum uint32
	own := c.sums()
	b := appendText(nil, after)
	flush := func() {
		if err == nil {
			var wrote int
			wrote, err = to.Write(b)
			n += int64(wrote)
		}
		b = b[:0]
	}
	b = appendSurroundings(b, c.journal.surroundings())
	b = binary.AppendUvarint(b, uint64(c.now.UnixNano()))
	b = binary.AppendUvarint(b, uint64(len(c.journal.Files)))
	b = binary.AppendUvarint(b, uint64(len(notes)))
	var coded []byte
	for _, i := range notes {
		if len(b) > 1<<16 {
			sum = crc32.Update(sum, castagnoli, b)
			flush()
		}
		s := c.stamps[i]
		f := c.journal.near(i, s.path)
		b = appendText(b, s.path)
		b = binary.AppendUvarint(b, uint64(s.Size))
		b = binary.AppendUvarint(b, uint64(s.Time))
		sortKey := ""
		if contact := c.journal.Contact(f.Slug); contact != nil && contact.File == f {
			sortKey = contact.sortKey
		}
		coded = appendFile(f.Append(coded[:0]), f, sortKey)
		b = append(binary.AppendUvarint(b, uint64(len(coded))), coded...)
		b = append(binary.AppendUvarint(b, uint64(len(own[i]))), own[i][:]...)
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(n)+uint64(len(b)))
	sum = crc32.Update(sum, castagnoli, b)
	b = binary.LittleEndian.AppendUint32(b, sum)
	if flush(); err == nil && !c.leavesOut() {
		each := func(i int) (string, noteSum) { return c.stamps[i].path, own[i] }
		c.written = nameOf(c.key, c.journal.surroundings(), each, len(own))
	}
	return n, err
}

// sums returns those of the notes that were read.
func (c *Cache) sums() []noteSum {
	sums := make([]noteSum, len(c.stamps))
	parallel.Each(len(sums), func(i int) {
		f := c.journal.near(i, c.stamps[i].path)
		switch at := c.found[i]; {
		case f == nil:
		case at >= 0 && c.old[at].note == f.Note:
			sums[i] = c.had.notes[at].sum
		default:
			sums[i] = sumOf(f.Note)
		}
	})
	return sums
}

// cacheReader is what is left to read. Its bytes are known to be whole.
type cacheReader string

func (r *cacheReader) number() uint64 {
	v, n := binary.Uvarint([]byte((*r)[:min(len(*r), binary.MaxVarintLen64)]))
	*r = (*r)[max(n, 0):]
	return v
}

// count is a number of things of which each takes a byte at least.
func (r *cacheReader) count() uint64 { return min(r.number(), uint64(len(*r))) }

func (r *cacheReader) text() string {
	n := r.count()
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
