package site

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
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

// search is the index of a site. It never changes.
type search struct {
	size  int // of what is in it
	shape shape
	names *index[int, nameLine]
	texts *index[int, *note.Note]
	notes *index[int, *note.Note]
	rows  []*wordRow
	files []File // in the order of their paths

	finders *sync.Pool // of *finder
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
func (x *search) next(c searchChanges, all []*person) *search {
	if x != nil && len(c.names.come)+len(c.names.gone)+len(c.notes.come)+len(c.notes.gone) == 0 {
		return x
	}
	if x == nil {
		x = &search{shape: shapeOf(c.size), finders: &sync.Pool{}}
	}
	next := &search{size: x.size + c.size, finders: x.finders}
	next.shape = shapeOf(next.size)
	if x.shape != next.shape {
		x, c = &search{}, searchChanges{}
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
func (x *search) list(before *search) {
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

func (k noteKey) hash() int { return int(hashOf(k.folder, k.name)) }

// hashOf is FNV-1a, of 32 bits, over the bytes of some texts.
func hashOf(texts ...string) uint32 {
	h := uint32(2166136261)
	for _, text := range texts {
		for i := range len(text) {
			h = (h ^ uint32(text[i])) * 16777619
		}
	}
	return h
}

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
//	name, page, pieces, aliases, work, place, tags, circles, needs, offers
//
// The page is named if it is not the key, the number of pieces if there are
// several; a circle is SLUG=NAME.
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
	f, ok := r.finders.Get().(*finder)
	if !ok {
		f = new(finder)
	}
	defer r.finders.Put(f)
	f.reset()
	if r.notes != nil {
		for _, n := range sortedNotes(r.notes.members) {
			for _, text := range pieces(n.Body()) {
				f.read(text)
			}
		}
	}
	r.shards = f.shards(r.shape.words)
}

// A finder finds the words in texts. Words are folded as names are for looking
// them up; of those in most scripts, the ones with three letters and more count.
type finder struct {
	pieces int // so far: the number of the one that is read
	table  []slot
	used   int
	words  []word
	hits   []hit

	end, sorted []int32 // for shards
	out         [][]byte
}

// A slot is what is known of a word as it is written, but for the case of ASCII
// letters. It is known by its hash alone: that two words of a journal have one
// never happens, and if it did, one of them would be found where the other is.
type slot struct {
	hash uint64
	word int32 // its index in words, -1 if it is none worth finding; 0: the slot is empty
	last int32 // the piece that was last found to have it
}

type word struct {
	text string // folded
	last int32
	hits int32
}

type hit struct{ word, piece int32 }

func (f *finder) reset() {
	if f.table == nil {
		f.table = make([]slot, 1<<14)
	}
	clear(f.table)
	clear(f.words) // which are parts of notes
	f.pieces, f.used, f.words, f.hits = 1, 0, append(f.words[:0], word{}), f.hits[:0]
}

// FNV-1a, of 64 bits.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

// Bytes of words: the lower case of ASCII letters and digits, 1 for the bytes of
// other letters and signs, 0 for what stands between words.
var wordBytes = func() (t [256]byte) {
	for c := range t {
		switch {
		case c >= 'A' && c <= 'Z':
			t[c] = byte(c) + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			t[c] = byte(c)
		case c >= utf8.RuneSelf:
			t[c] = 1
		}
	}
	return t
}()

// shortest is how many letters a word has that is worth finding.
const shortest = 3

// read reads one piece of text.
func (f *finder) read(text string) {
	for i := 0; i < len(text); {
		start, hash, c := i, uint64(hashStart), byte(0)
		for ; i < len(text); i++ {
			if c = wordBytes[text[i]]; c <= 1 {
				break
			}
			hash = (hash ^ uint64(c)) * hashPrime
		}
		if c == 1 && i < len(text) {
			if end := wordEnd(text, i); end > i {
				f.foreign(text[start:end])
				i = end
				continue
			}
		}
		if i-start >= shortest {
			f.hit(text[start:i], hash)
		}
		i++
	}
	f.pieces++
}

// wordEnd returns where the word ends that goes on at i.
func wordEnd(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) {
			break
		}
		i += n
	}
	return i
}

// unspaced says whether a letter is of a script that puts no spaces between words,
// or has words of two letters. Of these, each pair of letters counts as a word.
func unspaced(r rune) bool {
	return r >= 0x2E80 || r >= 0x0E00 && r < 0x0F00 || r >= 0x1000 && r < 0x10A0 || r >= 0x1780 && r < 0x1800
}

// foreign notes that the piece has a word that is not ASCII.
func (f *finder) foreign(text string) {
	if !strings.ContainsFunc(text, unspaced) {
		f.hit(text, hashWord(text))
		return
	}
	text = note.Fold(text)
	var last rune
	at := 0
	for i, r := range text {
		if unspaced(r) && unspaced(last) {
			pair := text[at : i+utf8.RuneLen(r)]
			f.hit(pair, hashWord(pair))
		}
		last, at = r, i
	}
	for _, other := range strings.FieldsFunc(text, unspaced) {
		f.hit(other, hashWord(other))
	}
}

func hashWord(text string) uint64 {
	hash := uint64(hashStart)
	for i := range len(text) {
		hash = (hash ^ uint64(text[i])) * hashPrime
	}
	return hash
}

// hit notes that the piece that is read has a word.
func (f *finder) hit(text string, hash uint64) {
	s := f.find(hash)
	if s.word == 0 {
		n := f.learn(text)
		if f.used++; f.used > len(f.table)/2 {
			f.grow()
		}
		s = f.find(hash)
		s.hash, s.word = hash, n
	}
	piece := int32(f.pieces)
	if s.word < 0 || s.last == piece {
		return
	}
	s.last = piece
	if w := &f.words[s.word]; w.last != piece { // else written in another way
		w.last = piece
		w.hits++
		f.hits = append(f.hits, hit{s.word, piece})
	}
}

// find returns the slot of a word, or the empty one that it belongs into.
func (f *finder) find(hash uint64) *slot {
	mask := uint64(len(f.table) - 1)
	for at := (hash ^ hash>>32) & mask; ; at = (at + 1) & mask {
		if s := &f.table[at]; s.hash == hash || s.word == 0 {
			return s
		}
	}
}

// learn returns the index of a word that is written in a new way, or -1.
func (f *finder) learn(text string) int32 {
	folded := fold(text)
	hash := hashWord(folded)
	if s := f.find(hash); s.word != 0 {
		return s.word
	}
	r, size := utf8.DecodeRuneInString(folded)
	if folded == "" || utf8.RuneCountInString(folded) < shortest && (!unspaced(r) || len(folded) == size) {
		return -1
	}
	n := int32(len(f.words))
	f.words = append(f.words, word{text: folded})
	if s := f.find(hash); folded != text {
		s.hash, s.word = hash, n
		f.used++
	}
	return n
}

// fold is note.Fold for one word, most of which are ASCII.
func fold(word string) string {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return note.Fold(word)
		}
	}
	return strings.ToLower(word)
}

func (f *finder) grow() {
	old := f.table
	f.table = make([]slot, 2*len(old))
	for _, s := range old {
		if s.word != 0 {
			*f.find(s.hash) = s
		}
	}
}

// shards returns what was found, by shards of words.
func (f *finder) shards(count int) [][]byte {
	// Sort the hits, which are by piece, by word. end is where those of a word end,
	// and before that where the next one goes.
	if len(f.out) != count {
		f.out = make([][]byte, count)
	}
	f.end, f.sorted = slices.Grow(f.end[:0], len(f.words))[:len(f.words)], slices.Grow(f.sorted[:0], len(f.hits))[:len(f.hits)]
	at := int32(0)
	for i, w := range f.words {
		f.end[i] = at
		at += w.hits
	}
	for _, h := range f.hits {
		f.sorted[f.end[h.word]] = h.piece
		f.end[h.word]++
	}
	size := 0
	for i := range f.out {
		f.out[i] = f.out[i][:0]
	}
	for i, w := range f.words[1:] {
		shard := wordShardOf(w.text, count)
		to := append(f.out[shard], w.text...)
		to = append(to, ' ')
		if 2*int(w.hits) < f.pieces {
			last := int32(0)
			for _, piece := range f.sorted[f.end[i+1]-w.hits : f.end[i+1]] {
				to = appendDistance(to, int(piece-last)-1)
				last = piece
			}
		}
		to = append(to, ' ')
		size += len(to) - len(f.out[shard])
		f.out[shard] = to
	}
	all := make([]byte, 0, size)
	shards := make([][]byte, count)
	for i, shard := range f.out {
		start := len(all)
		all = append(all, shard...)
		shards[i] = all[start:]
	}
	return shards
}

// wordShardOf returns the shard of a word, which its first letters decide: then a
// word that is not typed to its end can be found.
func wordShardOf(word string, count int) int {
	end, n := 0, 0
	for end < len(word) && n < shortest {
		_, size := utf8.DecodeRuneInString(word[end:])
		end += size
		n++
	}
	return int(hashOf(word[:end])) & (count - 1)
}

// appendDistance appends a number in letters: the last one is one of the 57 from #
// to [, those before it, the lowest first, of the 30 from ] to z. None of them is a
// quotation mark or a backslash.
func appendDistance(b []byte, n int) []byte {
	for ; n >= 57; n = (n - 57) / 30 {
		b = append(b, byte(']'+(n-57)%30))
	}
	return append(b, byte('#'+n))
}
