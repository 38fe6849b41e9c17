package journal

import (
	"iter"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/note"
)

// Find returns those whom a person may mean by WHO on the command line: by slug,
// name or alias, else by whole words of one or the beginning of a first name, else by
// any other part. Honorifics and full stops are let be, and a surname may come first,
// with a comma behind it. Several means that it is ambiguous (FORMAT.md, "The command
// line").
func (j *Journal) Find(who string) []*Contact {
	if c := j.Contact(note.Slug(who)); c != nil && c.Slug == who {
		return []*Contact{c} // also where another differs by an accent alone
	}
	if found := j.Named(who); len(found) > 0 {
		return found
	}
	words := nameWords(who)
	// Somebody called Ana is meant by ana, and not Anastasia.
	longer := len(j.FirstNamed(who)) == 0
	found := j.nearest(when(func(name []string) bool {
		return hasWords(name, words) || longer && beginsWith(name, words)
	}))
	if key := note.Fold(who); len(found) == 0 && key != "" {
		slugs := map[string]bool{}
		for name, with := range j.names.all() {
			if strings.Contains(name, key) {
				for _, slug := range with {
					slugs[slug] = true
				}
			}
		}
		found = j.sorted(slugs)
	}
	return found
}

// Named returns those of whom a text is the slug, the whole name or an alias, but for
// honorifics, full stops and the order of surname and first name.
func (j *Journal) Named(who string) []*Contact {
	if found := j.names.find(who); len(found) > 0 {
		slugs := map[string]bool{}
		for _, slug := range found {
			slugs[slug] = true
		}
		return j.sorted(slugs)
	}
	words := nameWords(who)
	return j.nearest(when(func(name []string) bool { return slices.Equal(name, words) }))
}

// FirstNamed returns those of whom a text is the whole name, or the first name or names.
func (j *Journal) FirstNamed(who string) []*Contact {
	if found := j.Named(who); len(found) > 0 {
		return found
	}
	words := nameWords(who)
	return j.nearest(when(func(name []string) bool {
		return 0 < len(words) && len(words) <= len(name) && slices.Equal(name[:len(words)], words)
	}))
}

// Ready works out what finds people by a part of a name or by a slip, which is else left
// to the first who asks.
func (j *Journal) Ready() {
	j.names.parts()
	j.names.first()
	j.names.speller()
}

// Begun returns those whose name somebody may be in the middle of writing: each word
// begins one of a name of theirs, or they are its initials, or else a part of it. Where that
// is nobody, slips of the pen are forgiven. Nothing may be anybody.
func (j *Journal) Begun(text string) []*Contact {
	words, key := nameWords(text), note.Fold(text)
	if len(words) == 0 {
		return slices.Clone(j.Contacts)
	}
	slugs := map[string]bool{}
	for _, name := range j.names.parts() {
		if !name.begins(words) && !strings.Contains(name.folded, key) {
			continue
		}
		for _, slug := range name.slugs {
			slugs[slug] = true
		}
	}
	if len(slugs) == 0 {
		return j.Guess(text)
	}
	return j.sorted(slugs)
}

// A parted name is one with its words.
type parted struct {
	folded   string
	words    []string
	initials string
	slugs    []string // of those who have it
}

// begins says whether each of some words begins one of the name's, in its order, or the
// only one its initials.
func (p *parted) begins(words []string) bool {
	if len(words) == 1 && len(p.words) > 1 && strings.HasPrefix(p.initials, words[0]) {
		return true
	}
	rest := p.words
	for _, w := range words {
		i := slices.IndexFunc(rest, func(of string) bool { return strings.HasPrefix(of, w) })
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}

// partedNames returns all names with their words.
func (n *names) partedNames() []parted {
	var list []parted
	for name, slugs := range n.all() {
		p := parted{folded: name, words: nameWords(name), slugs: slugs}
		for _, w := range p.words {
			_, size := utf8.DecodeRuneInString(w)
			p.initials += w[:size]
		}
		list = append(list, p)
	}
	return list
}

// Guess returns those who were probably meant by a WHO that finds nobody: slips of the
// pen are forgiven as the search of the site does it.
func (j *Journal) Guess(who string) []*Contact {
	words := nameWords(who)
	return j.nearest(func(name []string) float64 { return slips(name, words) })
}

// nearest returns those who have a name that is nearest to what is looked for, where
// how far the words of a name are from it may be infinite.
func (j *Journal) nearest(far func(name []string) float64) []*Contact {
	best, slugs := math.Inf(1), map[string]bool{}
	for name, with := range j.names.all() {
		words := nameWords(name)
		if len(words) == 0 {
			continue
		}
		switch d := far(words); {
		case math.IsInf(d, 1) || d > best:
			continue
		case d < best:
			best = d
			clear(slugs)
		}
		for _, slug := range with {
			slugs[slug] = true
		}
	}
	return j.sorted(slugs)
}

// sorted returns the contacts that have the slugs, in the order of their names.
func (j *Journal) sorted(slugs map[string]bool) []*Contact {
	var found []*Contact
	for slug := range slugs {
		found = append(found, j.Contact(slug))
	}
	slices.SortFunc(found, CompareNames)
	return found
}

// Honorific says whether a text is no more than a word before a name: Dr.
func Honorific(text string) bool {
	words := nameWords(text)
	return len(words) == 1 && note.IsHonorific(words[0])
}

// HasWord says whether a text is a whole word of a contact's name, or of another name
// of theirs.
func HasWord(c *Contact, text string) bool {
	words := nameWords(text)
	return slices.ContainsFunc(append([]string{c.Name}, c.Front().Aliases...), func(name string) bool {
		return hasWords(nameWords(name), words)
	})
}

// nameWords returns the words of a name, folded, without honorifics, and the surname
// last.
func nameWords(name string) []string {
	if last, first, found := strings.Cut(name, ","); found && !strings.Contains(first, ",") {
		name = first + " " + last
	}
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }
	words := strings.FieldsFunc(note.Fold(strings.NewReplacer("'", "", "’", "", "ʼ", "").Replace(name)), apart)
	for len(words) > 1 && note.IsHonorific(words[0]) {
		words = words[1:]
	}
	return words
}

// when makes a condition a distance: none, or one without end.
func when(is func(name []string) bool) func(name []string) float64 {
	return func(name []string) float64 {
		if is(name) {
			return 0
		}
		return math.Inf(1)
	}
}

// hasWords says whether all of some words are words of a name, in its order.
func hasWords(name, words []string) bool {
	for _, w := range words {
		i := slices.Index(name, w)
		if i < 0 {
			return false
		}
		name = name[i+1:]
	}
	return len(words) > 0
}

// beginsWith says whether a name begins with some words, of which the last may be
// the beginning of one.
func beginsWith(name, words []string) bool {
	last := len(words) - 1
	return 0 <= last && last < len(name) && slices.Equal(name[:last], words[:last]) && strings.HasPrefix(name[last], words[last])
}

// slips says how many slips of the pen turn each of some words into a word of a name,
// or its beginning, which is a little further.
func slips(name, words []string) float64 {
	far := 0.0
	for _, w := range words {
		best := math.Inf(1)
		for _, n := range name {
			best = min(best, slipsInWord(w, []rune(n)))
		}
		far += best
	}
	if len(words) == 0 {
		return math.Inf(1)
	}
	return far
}

func slipsInWord(typed string, word []rune) float64 {
	length, slack := utf8.RuneCountInString(typed), 0
	switch {
	case length >= 7:
		slack = 2
	case length >= 4:
		slack = 1
	}
	best := math.Inf(1)
	for n := max(0, length-slack); n <= min(len(word), length+slack); n++ {
		d := note.Distance(typed, string(word[:n]), slack)
		if d > slack {
			continue
		}
		far := float64(d)
		if n < len(word) {
			far += 0.5
		}
		best = min(best, far)
	}
	return best
}

// all returns every slug, name and alias, folded, with the slugs of those who have it.
func (n *names) all() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for _, l := range []lookup{n.slug, n.name, n.alias} {
			for name, slugs := range l {
				if !yield(name, slugs) {
					return
				}
			}
		}
	}
}
