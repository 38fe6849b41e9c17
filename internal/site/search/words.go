// Package search finds the words of notes for the index that pages search, and puts
// them into the form in which a script reads them.
//
// The index is divided so that a save makes little of it anew and a query reads little
// of it. A [Finder] reads the texts of one part, a row of notes, each in pieces of a few
// KB, in one pass; [Finder.Shards] then has what was found in shards by the words' first
// letters.
package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/note"
)

// Hash is FNV-1a, of 32 bits, over the bytes of some texts.
func Hash(texts ...string) uint32 {
	h := uint32(2166136261)
	for _, text := range texts {
		for i := range len(text) {
			h = (h ^ uint32(text[i])) * 16777619
		}
	}
	return h
}

// A Finder finds the words in texts. Words are folded as names are for looking
// them up; of those in most scripts, the ones with three letters and more count.
type Finder struct {
	pieces int // so far: the number of the one that is read
	table  []slot
	used   int
	words  []word
	hits   []hit

	end, sorted []int32 // for Shards
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

// Reset forgets what was read.
func (f *Finder) Reset() {
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

// Read reads one piece of text.
func (f *Finder) Read(text string) {
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
func (f *Finder) foreign(text string) {
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
func (f *Finder) hit(text string, hash uint64) {
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
func (f *Finder) find(hash uint64) *slot {
	mask := uint64(len(f.table) - 1)
	for at := (hash ^ hash>>32) & mask; ; at = (at + 1) & mask {
		if s := &f.table[at]; s.hash == hash || s.word == 0 {
			return s
		}
	}
}

// learn returns the index of a word that is written in a new way, or -1.
func (f *Finder) learn(text string) int32 {
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

func (f *Finder) grow() {
	old := f.table
	f.table = make([]slot, 2*len(old))
	for _, s := range old {
		if s.word != 0 {
			*f.find(s.hash) = s
		}
	}
}

// Shards returns what was found, by shards of words.
func (f *Finder) Shards(count int) [][]byte {
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
	return int(Hash(word[:end])) & (count - 1)
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
