package journal

import (
	"cmp"
	"math/bits"
	"slices"

	"kith/internal/note"
)

// A speller finds, among many words, the one that was probably meant by another that has
// slips of the pen in it. It knows each word by all that is left when as many letters are
// dropped as there may be slips, which two words that are so near have in common: to ask
// takes no longer where there are more words.
type speller struct {
	words []string
	heads []int32 // by the end of a hash: the first in lefts that has it, and 1, or 0
	lefts []left
}

// A left is a word by the hash of something that is left of it, and the next as heads has it.
type left struct {
	hash       uint32
	word, next int32
}

// beginning is how many letters of a word are looked at: as many as a name seldom has, and
// few enough for all that is left of them.
const beginning = 24

// newSpeller returns a speller that knows the words, each of which is given once.
func newSpeller(words []string) *speller {
	s := &speller{words: words}
	for i, w := range words {
		// Of what has less than five letters nothing two slips away is long enough to have two.
		s.each(w, min(2, max(1, len(w)-3)), func(hash uint32) {
			s.lefts = append(s.lefts, left{hash: hash, word: int32(i)})
		})
	}
	s.heads = make([]int32, 1<<bits.Len(uint(len(s.lefts))))
	for i := range s.lefts {
		head := s.head(s.lefts[i].hash)
		s.lefts[i].next, *head = *head, int32(i+1)
	}
	return s
}

func (s *speller) head(hash uint32) *int32 { return &s.heads[hash&uint32(len(s.heads)-1)] }

// each calls f with the hash of all that is left of a word without up to slips letters.
func (s *speller) each(word string, slips int, f func(hash uint32)) {
	letters := []rune(word)
	letters = letters[:min(len(letters), beginning)]
	var drop func(hash uint32, rest []rune, slips int)
	drop = func(hash uint32, rest []rune, slips int) {
		for i, r := range rest {
			if slips > 0 && (i == 0 || r != rest[i-1]) { // of two that are alike it is one which
				drop(hash, rest[i+1:], slips-1)
			}
			hash = (hash ^ uint32(r)) * 0x01000193 // FNV-1a
		}
		f(hash ^ hash>>15)
	}
	drop(0x811c9dc5, letters, slips)
}

// nearest returns the word that was probably meant, the first of those that are as near,
// or "" if there is none. What is one of the words is what was meant.
func (s *speller) nearest(word string) string {
	slips := note.Slack(word)
	if slips == 0 || len(s.words) == 0 {
		return ""
	}
	var near []int32
	s.each(word, slips, func(hash uint32) {
		for i := *s.head(hash); i > 0; i = s.lefts[i-1].next {
			if s.lefts[i-1].hash == hash {
				near = append(near, s.lefts[i-1].word)
			}
		}
	})
	slices.Sort(near)
	best, least := "", slips+1
	for _, i := range slices.Compact(near) {
		w := s.words[i]
		if d := note.Distance(word, w, least); cmp.Or(cmp.Compare(d, least), cmp.Compare(w, best)) < 0 {
			best, least = w, d
		}
	}
	return best
}
