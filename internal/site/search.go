package site

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/site/search"
)

// The search index is made of scripts that templates/scripts/later/search.js
// loads when it needs them, since nothing else can be loaded from a disk. There
// are three kinds, and a query loads a little of each:
//
//	search/names-ROW.js         who there is: all of them, once
//	search/words-SHARD-ROW.js   which notes have the words of a shard: a shard is
//	                            the words with the same hash of their first letters
//	search/text-SHARD.js        what the notes say, for the few that are shown
//
// A note belongs to a row and, cut into pieces, to shards of text by the hash of
// its key, so that it stays where it is whoever comes and goes. A save touches one
// row and a shard or two. How many of each there are follows from how much text
// there is; when that has doubled, all notes move.

// shape says how many of each there are: powers of two.
type shape struct{ rows, words, texts int }

// How much text makes a row and a shard worth while, and how many shards of words
// there are at most. At 10,000 notes of 2 KB a word is looked up in 16 files of a
// few KB each.
const (
	rowSize   = 5 << 19
	shardSize = 32 << 10
	mostWords = 64
	pieceSize = 16 << 10 // in which longer notes are cut
	lineSize  = 512      // that a note counts for beside its text
)

func shapeOf(size int) shape {
	texts := doubled(size, shardSize)
	return shape{rows: doubled(size, rowSize), words: min(texts, mostWords), texts: texts}
}

// doubled returns the first power of two of parts that hold size.
func doubled(size, part int) int {
	n := 1
	for n*part < size {
		n *= 2
	}
	return n
}

// A searchIndex is the index of a site. It never changes.
type searchIndex struct {
	size  int // of what is in it
	shape shape
	names *index[int, nameLine]
	texts *index[int, *note.Note]
	notes *index[int, *note.Note]
	rows  []*wordRow
	files []File // in the order of their paths

	finders *sync.Pool // of *search.Finder
}

// searchChanges are what of the index changed.
type searchChanges struct {
	size  int
	names changes[nameLine]
	notes changes[*note.Note]
}

func (c *searchChanges) add(before, now finding) {
	c.names.add(before.name, now.name)
	c.notes.add(before.note, now.note)
	c.size += now.size() - before.size()
}

// finding is what can be found of a person or a note.
type finding struct {
	name nameLine
	note *note.Note
}

func (f finding) size() int {
	if f.note == nil {
		return 0
	}
	return lineSize + len(f.note.Body())
}

// found returns what can be found; nothing if it has no page.
func (p *person) found() finding {
	if p.named == (nameLine{}) {
		return finding{}
	}
	return finding{p.named, p.file.Note}
}

// next returns the index after some changes; x itself if they touch nothing in
// it. all are the notes there are now.
func (x *searchIndex) next(c searchChanges, all []*person) *searchIndex {
	if x != nil && len(c.names.come)+len(c.names.gone)+len(c.notes.come)+len(c.notes.gone) == 0 {
		return x
	}
	if x == nil {
		x = &searchIndex{shape: shapeOf(c.size), finders: &sync.Pool{}}
	}
	next := &searchIndex{size: x.size + c.size, finders: x.finders}
	next.shape = shapeOf(next.size)
	if x.shape != next.shape {
		x, c = &searchIndex{}, searchChanges{}
		for _, p := range all {
			c.add(finding{}, p.found())
		}
	}
	s := next.shape
	next.names = x.names.next(c.names, func(rows []int, l nameLine) []int { return append(rows, s.row(l.key)) })
	next.notes = x.notes.next(c.notes, func(rows []int, n *note.Note) []int { return append(rows, s.row(keyOf(n))) })
	next.texts = x.texts.next(c.notes, s.appendShards)
	next.list(x)
	return next
}

// list lists the files, of which those of the index before stay that are the
// same.
func (x *searchIndex) list(before *searchIndex) {
	s := x.shape
	x.rows = make([]*wordRow, s.rows)
	x.files = make([]File, 0, s.rows*(1+s.words)+s.texts)
	known := len(before.files) > 0 // then there are as many
	for i := range s.rows {
		if known && before.names.lists[i] == x.names.lists[i] {
			x.files = append(x.files, before.files[i])
		} else {
			x.files = append(x.files, File{Path: fmt.Sprintf("search/names-%03d.js", i), Inputs: nameShard{s, i, x.names.lists[i]}})
		}
		if known && before.notes.lists[i] == x.notes.lists[i] {
			x.rows[i] = before.rows[i]
		} else {
			x.rows[i] = &wordRow{row: i, notes: x.notes.lists[i], shape: s, finders: x.finders}
		}
	}
	for i := range s.texts {
		if known && before.texts.lists[i] == x.texts.lists[i] {
			x.files = append(x.files, before.files[len(x.files)])
		} else {
			x.files = append(x.files, File{Path: fmt.Sprintf("search/text-%05d.js", i), Inputs: textShard{s, i, x.texts.lists[i]}})
		}
	}
	// By shard first: two processors at work on one after the other make
	// different rows.
	for i := range s.words {
		for r, row := range x.rows {
			if known && before.rows[r] == row {
				x.files = append(x.files, before.files[len(x.files)])
			} else {
				x.files = append(x.files, File{Path: fmt.Sprintf("search/words-%02d-%03d.js", i, r), Inputs: wordShard{row, i}})
			}
		}
	}
}

// noteKey stands for a note in the index: the path of its page without .html, or
// of a journal file, of which several may have one page, without .md.
type noteKey struct{ folder, name string }

func keyOf(n *note.Note) noteKey {
	switch n.Kind {
	case note.Contact:
		return noteKey{"contacts/", n.Slug}
	case note.Circle:
		return noteKey{"circles/", n.Slug}
	}
	const folder = "journal/"
	return noteKey{folder, field(strings.TrimSuffix(strings.TrimPrefix(journal.SitePath(n.Path), folder), ".md"))}
}

func (k noteKey) compare(o noteKey) int {
	return cmp.Or(strings.Compare(k.folder, o.folder), strings.Compare(k.name, o.name))
}

func (k noteKey) hash() int { return int(search.Hash(k.folder, k.name)) }

// row returns the row of a note.
func (s shape) row(k noteKey) int { return k.hash() & (s.rows - 1) }

// shard returns the shard that has a piece of a note's text. They are all of the
// note's row. The script finds it in the same way.
func (s shape) shard(k noteKey, piece int) int { return (k.hash() + piece*s.rows) & (s.texts - 1) }

func (s shape) appendShards(list []int, n *note.Note) []int {
	key := keyOf(n)
	list = append(list, s.shard(key, 0))
	for i := range pieces(n.Body()) {
		if at := s.shard(key, i); !slices.Contains(list, at) {
			list = append(list, at)
		}
	}
	return list
}

// pieces cuts a long text into pieces, each of which ends with a line. One that
// is not long is one piece.
func pieces(text string) []string {
	var list []string
	for len(text) > pieceSize {
		end := strings.IndexByte(text[pieceSize:], '\n') + 1
		if end == 0 {
			break
		}
		list = append(list, text[:pieceSize+end])
		text = text[pieceSize+end:]
	}
	return append(list, text)
}

// nameLine is what the index of names has of a note: its key and these fields, with
// tabs between and U+001F between the items of a list.
//
//	name, page, pieces, aliases, work, place, tags, circles, needs, offers, facts
//
// The page is named if it is not the key, the number of pieces if there are
// several; a circle is SLUG=NAME. The facts are e-mail addresses, phone numbers as they
// are written and as they are dialled, and keys that kith does not know.
type nameLine struct {
	path   string // of the note: no two have the same
	key    noteKey
	fields string
}

func newLine(f *journal.File, row *due.Row) nameLine {
	line := nameLine{path: f.Path, key: keyOf(f.Note)}
	b := make([]byte, 0, 256)
	add := func(list ...string) {
		for i, text := range list {
			if i > 0 {
				b = append(b, 0x1f)
			}
			b = append(b, field(text)...)
		}
		b = append(b, '\t')
	}
	add(fileTitle(f))
	if page := strings.TrimSuffix(notePath(f), ".html"); page != line.key.folder+line.key.name {
		add(page)
	} else {
		add()
	}
	if n := len(pieces(f.Body())); n > 1 {
		add(strconv.Itoa(n))
	} else {
		add()
	}
	if row != nil {
		c, front := row.Contact, row.Contact.Front()
		add(front.Aliases...)
		add(role(front))
		add(front.Location)
		add(slices.DeleteFunc(appendTags(nil, version{f, row}), func(tag string) bool { return pageName(tag) != tag })...)
		for i, circle := range c.Circles {
			if i > 0 {
				b = append(b, 0x1f)
			}
			b = append(append(append(b, pageName(circle.Slug)...), '='), field(circle.Name)...)
		}
		add()
		add(front.Needs...)
		add(front.Offers...)
		facts := slices.Clone(front.Email)
		for _, number := range front.Phone {
			facts = append(facts, number)
			if dialled := strings.TrimPrefix(dial(number), "tel:"); dialled != "" && dialled != number {
				facts = append(facts, dialled)
			}
		}
		for _, extra := range front.Extra {
			facts = append(facts, extra.Label+": "+extra.Text)
		}
		add(facts...)
	}
	line.fields = string(bytes.TrimRight(b, "\t"))
	return line
}

// field returns a text without the signs that stand between fields.
func field(text string) string {
	for i := range len(text) {
		if text[i] < ' ' {
			return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' }), " ")
		}
	}
	return text
}

// nameShard is a row of the index of names.
type nameShard struct {
	shape shape
	row   int
	names *list[nameLine] // nil if there is none
}

func (p nameShard) Render(b []byte) ([]byte, error) {
	b = fmt.Appendf(b, "kith.names(%d,[%d,%d,%d],`", p.row, p.shape.rows, p.shape.words, p.shape.texts)
	if p.names != nil {
		lines := slices.SortedFunc(slices.Values(p.names.members), func(a, b nameLine) int { return cmp.Or(a.key.compare(b.key), strings.Compare(a.path, b.path)) })
		for i, line := range lines {
			if i > 0 {
				b = append(b, '\n')
			}
			b = append(appendLiteral(append(b, line.key.folder...), line.key.name), '\t')
			b = appendLiteral(b, line.fields)
		}
	}
	return append(b, "`)\n"...), nil
}

// textShard has the text of some pieces of notes: key, number of the piece, text.
type textShard struct {
	shape shape
	shard int
	notes *list[*note.Note] // nil if there is none
}

func (p textShard) Render(b []byte) ([]byte, error) {
	b = fmt.Appendf(b, "kith.text(%d,[", p.shard)
	if p.notes != nil {
		for _, n := range sortedNotes(p.notes.members) {
			key := keyOf(n)
			for i, text := range pieces(n.Body()) {
				if p.shape.shard(key, i) == p.shard {
					b = appendLiteral(append(append(b, '`'), key.folder...), key.name)
					b = fmt.Appendf(b, "`,%d,`", i)
					b = append(appendLiteral(b, text), "`,\n"...)
				}
			}
		}
	}
	return append(b, "])\n"...), nil
}

func sortedNotes(notes []*note.Note) []*note.Note {
	notes = slices.Clone(notes)
	slices.SortFunc(notes, func(a, b *note.Note) int { return keyOf(a).compare(keyOf(b)) })
	return notes
}

// appendLiteral appends a text as it stands in a template literal of JavaScript.
func appendLiteral(b []byte, text string) []byte {
	if !strings.Contains(text, "`") && !strings.Contains(text, `\`) && !strings.Contains(text, "${") {
		return append(b, text...)
	}
	for i := range len(text) {
		if c := text[i]; c == '`' || c == '\\' || c == '$' {
			b = append(b, '\\')
		}
		b = append(b, text[i])
	}
	return b
}

// wordShard says which notes of a row have the words of a shard.
type wordShard struct {
	row   *wordRow
	shard int
}

func (p wordShard) Render(b []byte) ([]byte, error) {
	p.row.once.Do(p.row.find)
	b = fmt.Appendf(b, "kith.words(%d,%d,\"", p.shard, p.row.row)
	b = append(b, p.row.shards[p.shard]...)
	return append(b, "\")\n"...), nil
}

// wordRow is the index of the words of a row of notes, which is made for all
// shards at once, when the first of them is wanted.
//
// A shard lists its words, each with the pieces that have it, all with a space
// between. Pieces are counted through the row, in the order of the index of names.
// One is written as its distance from the last, in the letters of appendDistance.
// A word that more than half of them have is not worth the room: it stands there
// without pieces.
type wordRow struct {
	row   int
	notes *list[*note.Note] // nil if there is none
	shape shape

	finders *sync.Pool

	once   sync.Once
	shards [][]byte
}

func (r *wordRow) find() {
	f, ok := r.finders.Get().(*search.Finder)
	if !ok {
		f = new(search.Finder)
	}
	defer r.finders.Put(f)
	f.Reset()
	if r.notes != nil {
		for _, n := range sortedNotes(r.notes.members) {
			for _, text := range pieces(n.Body()) {
				f.Read(text)
			}
		}
	}
	r.shards = f.Shards(r.shape.words)
}
