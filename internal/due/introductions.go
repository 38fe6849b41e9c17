package due

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"kith/internal/journal"
)

// Introduction is two people who could be brought together: one needs what the
// other offers, and nothing in the journal says that they know each other.
type Introduction struct{ Needs, Offers Side }

// Side is one of the two: who it is, and what they wrote that they need or offer.
type Side struct {
	Slug, Name string
	Email      string // the first address, if there is one
	Text       string
}

// Wishes are the needs and offers of active contacts by the words in them. They
// never change; the nil *Wishes is none at all.
type Wishes struct {
	byWord map[string][]*wish // by slug, then text
	shared []sharedWord       // the rarest first
}

// A wish is one need or offer.
type wish struct {
	slug  string
	offer bool
	text  string
	words []string // in order, without doubles
}

func compareWishes(a, b *wish) int {
	return cmp.Or(strings.Compare(a.slug, b.slug), strings.Compare(a.text, b.text))
}

// meets says whether two wishes are about the same: they have two words in common, or
// each has but one, or the shorter stands in the longer as it is written: "ink" in
// "paper and ink", and not "hands" in "hand lettering".
func (w *wish) meets(other *wish) bool {
	switch n := w.common(other); {
	case n == 0:
		return false
	case n >= 2 || len(w.words) == 1 && len(other.words) == 1:
		return true
	case len(w.words) > len(other.words):
		return strings.Contains(spaced(w.text), spaced(other.text))
	}
	return strings.Contains(spaced(other.text), spaced(w.text))
}

// spaced returns the words of a text as they are written, with a space around each.
func spaced(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
	return " " + strings.Join(words, " ") + " "
}

// common counts the words that two wishes have in common.
func (w *wish) common(other *wish) int {
	n := 0
	for _, word := range w.words {
		if slices.Contains(other.words, word) {
			n++
		}
	}
	return n
}

// wishesOf returns what somebody needs and offers: nothing unless they are
// active.
func wishesOf(r *Row) []*wish {
	if !r.Contact.Active() {
		return nil
	}
	front := r.Contact.Front()
	var list []*wish
	add := func(texts []string, offer bool) {
		for _, text := range texts {
			text = strings.Clone(text) // which does not hold on to the note
			if w := words(text); len(w) > 0 {
				list = append(list, &wish{r.Contact.Slug, offer, text, w})
			}
		}
	}
	add(front.Needs, false)
	add(front.Offers, true)
	return list
}

// sameWishes says whether two rows of one contact have the same needs and offers.
func sameWishes(a, b *Row) bool {
	f, g := a.Contact.Front(), b.Contact.Front()
	return a.Contact.Active() == b.Contact.Active() && slices.Equal(f.Needs, g.Needs) && slices.Equal(f.Offers, g.Offers)
}

// Next returns the wishes after some rows went and others came; w itself if
// nobody's needs and offers changed with that.
func (w *Wishes) Next(gone, come []*Row) *Wishes {
	was := make(map[string]*Row, len(gone))
	for _, r := range gone {
		was[r.Contact.Slug] = r
	}
	added := map[string][]*wish{}
	touched := map[string]bool{}
	for _, r := range come {
		if old := was[r.Contact.Slug]; old != nil && sameWishes(old, r) {
			delete(was, r.Contact.Slug)
			continue
		}
		for _, wish := range wishesOf(r) {
			for _, word := range wish.words {
				added[word] = append(added[word], wish)
				touched[word] = true
			}
		}
	}
	for _, r := range was {
		for _, wish := range wishesOf(r) {
			for _, word := range wish.words {
				touched[word] = true
			}
		}
	}
	if len(touched) == 0 {
		return w
	}
	next := &Wishes{byWord: map[string][]*wish{}}
	var before []sharedWord
	if w != nil {
		next.byWord, before = maps.Clone(w.byWord), w.shared
	}
	for word := range touched {
		list := slices.DeleteFunc(slices.Clone(next.byWord[word]), func(have *wish) bool { return was[have.slug] != nil })
		list = append(list, added[word]...)
		slices.SortFunc(list, compareWishes)
		if len(list) == 0 {
			delete(next.byWord, word)
		} else {
			next.byWord[word] = list
		}
	}
	next.share(before, touched)
	return next
}

// A sharedWord is one that somebody needs and somebody offers.
type sharedWord struct {
	word  string
	times int // in how many needs and offers
}

func compareShared(a, b sharedWord) int {
	return cmp.Or(a.times-b.times, strings.Compare(a.word, b.word))
}

// share makes the list of the words that are shared from that of before, after
// the needs and offers with some words changed.
func (w *Wishes) share(before []sharedWord, touched map[string]bool) {
	w.shared = make([]sharedWord, 0, len(before)+len(touched))
	for _, s := range before {
		if !touched[s.word] {
			w.shared = append(w.shared, s)
		}
	}
	for word := range touched {
		offers := 0
		for _, wish := range w.byWord[word] {
			if wish.offer {
				offers++
			}
		}
		if n := len(w.byWord[word]); offers > 0 && offers < n {
			w.shared = append(w.shared, sharedWord{word, n})
		}
	}
	slices.SortFunc(w.shared, compareShared)
}

// What bounds the work, and keeps one person from filling the list: how many
// people are named for one need, and how many of the needs and of the offers with
// one word are looked at.
const (
	mostForNeed = 3
	mostOfWord  = 100
)

// Introductions returns the introductions you could make among the contacts of a
// view, as many as most: those who share the rarest word first, and of these
// those who share the most. Left out is who knows the other already, and, where
// somebody has more of the words of a need, who has fewer.
func (w *Wishes) Introductions(v *View, most int) []Introduction {
	if w == nil {
		return nil
	}
	type meeting struct{ needs, offers string }
	var found []Introduction
	met := map[meeting]bool{}
	named, common := map[*wish]int{}, map[*wish]int{}
	for _, s := range w.shared {
		for _, p := range w.pairs(s.word) {
			if len(found) == most {
				return found
			}
			a, b := v.Row(p.need.slug), v.Row(p.offer.slug)
			m := meeting{p.need.slug, p.offer.slug}
			if met[m] || named[p.need] == mostForNeed || p.common < common[p.need] || knows(a.Contact, b.Contact) || knows(b.Contact, a.Contact) {
				continue
			}
			met[m] = true
			named[p.need]++
			common[p.need] = p.common
			found = append(found, Introduction{side(a, p.need.text), side(b, p.offer.text)})
		}
	}
	return found
}

// For returns for each need of a contact of a view the introduction that would
// serve it best, if there is one: to who offers most of its words.
func (w *Wishes) For(v *View, r *Row) []Introduction {
	if w == nil {
		return nil
	}
	var found []Introduction
	for _, need := range wishesOf(r) {
		if need.offer {
			continue
		}
		var best *wish
		most := 0
		for _, word := range need.words {
			list := w.byWord[word]
			for _, offer := range list[:min(len(list), mostOfWord)] {
				if n := need.common(offer); offer.offer && offer.slug != need.slug && n > most && need.meets(offer) {
					if other := v.Row(offer.slug).Contact; !knows(r.Contact, other) && !knows(other, r.Contact) {
						best, most = offer, n
					}
				}
			}
		}
		if best != nil {
			found = append(found, Introduction{side(r, need.text), side(v.Row(best.slug), best.text)})
		}
	}
	return found
}

// Meeting is what two people could have for each other: a need of one and the offer
// of the other with the most words in common. Where there is none, the two stand
// in it without a text.
func Meeting(a, b *Row) Introduction {
	best, most := Introduction{side(a, ""), side(b, "")}, 0
	for _, pair := range [][2]*Row{{a, b}, {b, a}} {
		for _, need := range wishesOf(pair[0]) {
			for _, offer := range wishesOf(pair[1]) {
				if n := need.common(offer); !need.offer && offer.offer && n > most && need.meets(offer) {
					best, most = Introduction{side(pair[0], need.text), side(pair[1], offer.text)}, n
				}
			}
		}
	}
	return best
}

func side(r *Row, text string) Side {
	s := Side{Slug: r.Contact.Slug, Name: strings.Clone(r.Contact.Name), Text: text}
	if mail := r.Contact.Front().Email; len(mail) > 0 {
		s.Email = strings.Clone(mail[0])
	}
	return s
}

// A pair is a need and another's offer with a word in common.
type pair struct {
	need, offer *wish
	common      int // how many words they have in common
}

// pairs returns those with a word, those that have the most in common first.
func (w *Wishes) pairs(word string) []pair {
	var needs, offers []*wish
	for _, wish := range w.byWord[word] {
		switch {
		case wish.offer && len(offers) < mostOfWord:
			offers = append(offers, wish)
		case !wish.offer && len(needs) < mostOfWord:
			needs = append(needs, wish)
		}
	}
	var pairs []pair
	for _, need := range needs {
		for _, offer := range offers {
			if need.slug != offer.slug && need.meets(offer) {
				pairs = append(pairs, pair{need, offer, need.common(offer)})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return b.common - a.common })
	return pairs
}

// knows says whether the journal has it that one person knows another: their file
// links to the other, or an entry of theirs names them, as one who took part or
// in its text. The introductions ask it both ways round.
func knows(a, b *journal.Contact) bool {
	if slices.Contains(a.File.Targets, b.Slug) {
		return true
	}
	for _, ref := range a.Entries {
		for i := range ref.Entry().Links.All() {
			if ref.File.Targets[i] == b.Slug {
				return true
			}
		}
	}
	for _, m := range b.Mentions {
		entry := m.File.Links[m.Link].Entry
		if entry < 0 {
			continue
		}
		if slices.ContainsFunc(a.Entries, func(ref journal.EntryRef) bool { return ref.File == m.File && int(ref.Index) == entry }) {
			return true
		}
	}
	return false
}
