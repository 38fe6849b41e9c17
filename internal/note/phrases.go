package note

import (
	"maps"
	"slices"
	"strings"
)

// phrases are the plain English that is read as the beginning of a header (FORMAT.md,
// "Phrases"), and what it is read as: known words, and KIND for the kind that stands in
// it. The first that matches counts.
//
// A pattern is a row of words, each of which may have alternatives, and may be missing if
// it is in brackets; _ joins the words of an alternative. SHE is she, he, they or a name of
// the contact's own, WE is I or we, PRON is her, him, them or a [[link]], ART an article,
// VERB one of the phraseVerbs, KIND any kind, WRITE one of the writes, ANY any word.
var phrases = []phrase{
	newPhrase("SHE VERB [with|to|PRON]", "KIND <"),
	newPhrase("WE VERB [with|to|PRON]", "KIND >"),
	newPhrase("VERB [with|to|PRON]", "KIND"),
	newPhrase("had [ART] KIND", "KIND"),
	newPhrase("got|received WRITE", "KIND <"),
	newPhrase("got|received ART KIND", "KIND <"),
	newPhrase("[WE] sent|left [PRON] [ART] KIND", "KIND >"),
	newPhrase("SHE sent|left [me|us] [ART] KIND", "KIND <"),
	newPhrase("KIND [got|was|is] cancelled|canceled|postponed|moved|rescheduled|off|called_off", "note"),
	newPhrase("[ANY] [ANY] KIND sent", "KIND >"),
	newPhrase("[ANY] [ANY] KIND received", "KIND <"),
	newPhrase("no reply|answer", "note"),
	newPhrase("thanked [PRON]", "thanked"),
	newPhrase("thanks to PRON", "thanked"),
	newPhrase("helped me", "got"),
	newPhrase("SHE helped [me]", "got"),
	newPhrase("helped PRON", "gave"),
	newPhrase("WE helped [PRON]", "gave"),
	newPhrase("gave PRON", "gave"),
	newPhrase("[WE] offered PRON|to", "offered"),
	newPhrase("[WE] asked PRON for|to", "asked"),
}

// phraseVerbs say that you were in touch, and the kinds that they are read as.
var phraseVerbs = verbs(map[string]string{
	"call":    "called rang phoned telephoned",
	"email":   "emailed",
	"message": "messaged wrote replied answered pinged reached_out",
	"text":    "texted",
	"visit":   "visited saw",
	"walk":    "walked",
	"chat":    "chatted",
	"meet":    "met_up",
	"talk":    "talked spoke caught_up",
})

// viaWords stand between a phrase and a kind that says how: she replied on LinkedIn.
var viaWords = strings.Fields("on by via over")

// A phrase is a pattern, and the words that it is read as.
type phrase struct {
	terms   []term
	reading []string
	// whole says that the words of the phrase say more than what they are read as, so
	// that a page shows them.
	whole bool
}

// A term is a place of a pattern: what may stand there.
type term struct {
	words    []string
	optional bool
}

func newPhrase(pattern, reading string) phrase {
	p := phrase{reading: strings.Fields(reading)}
	for text := range strings.FieldsSeq(pattern) {
		inner := strings.Trim(text, "[]")
		p.terms = append(p.terms, term{strings.Split(inner, "|"), inner != text})
	}
	p.whole = reading == "note" || strings.Contains(pattern, "ANY")
	return p
}

func verbs(kinds map[string]string) map[string]string {
	all := map[string]string{}
	for kind, words := range kinds {
		for w := range strings.FieldsSeq(words) {
			all[w] = kind
		}
	}
	return all
}

// maxPhrase is how many words a phrase has at most.
const maxPhrase = 8

// A match is a phrase that a line begins with.
type match struct {
	*phrase
	words int    // how many words it has
	kind  string // the KIND of it, empty if it has none
	links []span
}

// A phraseSet is some of the phrases, a bit for each.
type phraseSet uint32

// matchPhrase returns the phrase that the words of a line begin with, one of those whose
// keywords are among them.
func (l lexicon) matchPhrase(words []wordAt, near phraseSet) (match, bool) {
	for i := range phrases {
		if near&(1<<i) == 0 {
			continue
		}
		m := match{phrase: &phrases[i]}
		if l.matchTerms(phrases[i].terms, words, &m) {
			return m, true
		}
	}
	return match{}, false
}

// matchTerms matches the terms with the words that come next.
func (l lexicon) matchTerms(terms []term, words []wordAt, m *match) bool {
	if len(terms) == 0 {
		return true
	}
	for _, alternative := range terms[0].words {
		before := *m
		if n := l.matchWord(alternative, words, m); n > 0 {
			m.words += n
			if n == len(words) || !words[n-1].ends {
				if l.matchTerms(terms[1:], words[n:], m) {
					return true
				}
			} else if !slices.ContainsFunc(terms[1:], func(t term) bool { return !t.optional }) {
				return true
			}
		}
		*m = before
	}
	return terms[0].optional && l.matchTerms(terms[1:], words, m)
}

// matchWord returns how many words are what may stand in one place of a pattern.
func (l lexicon) matchWord(want string, words []wordAt, m *match) int {
	if len(words) == 0 {
		return 0
	}
	w := &words[0]
	is := func(list ...string) int {
		if slices.Contains(list, w.said) {
			return 1
		}
		return 0
	}
	switch want {
	case "SHE":
		if w.class == nameWord {
			return 1
		}
		return is("she", "he", "they")
	case "WE":
		return is("i", "we")
	case "ART":
		return is("a", "an", "the", "another")
	case "PRON":
		if w.class == linkWord {
			m.links = append(m.links[:len(m.links):len(m.links)], span{w.start, w.end})
			return 1
		}
		return is("her", "him", "them")
	case "KIND", "WRITE":
		known := l.vocabulary[w.said]
		if !known.class.kind() || want == "WRITE" && known.class != writeKind {
			return 0
		}
		m.kind = known.text
		return 1
	case "ANY":
		if w.class.sign() || w.class == linkWord || w.class == tagWord || w.said == "," {
			return 0
		}
		return 1
	case "VERB":
		for n := 1; n <= min(2, len(words)); n++ {
			said := w.said
			if n == 2 {
				said += "_" + words[1].said
			}
			if kind, ok := phraseVerbs[said]; ok {
				m.kind = kind
				return n
			}
		}
		return 0
	}
	first, second, two := strings.Cut(want, "_")
	if two && len(words) > 1 && w.said == first && words[1].said == second {
		return 2
	}
	return is(want)
}

// keywords returns words of which every line with the phrase has one: those of the first
// place that is never empty and for a verb, or for words that the pattern names.
func (p *phrase) keywords() []string {
	var words []string
	for _, t := range p.terms {
		if t.words[0] == "VERB" {
			words = slices.Collect(maps.Keys(phraseVerbs))
		} else if !t.optional && t.words[0] == strings.ToLower(t.words[0]) {
			words = slices.Clone(t.words)
		}
		if len(words) > 0 {
			break
		}
	}
	for i, w := range words {
		words[i], _, _ = strings.Cut(w, "_")
	}
	return words
}

// readPhrase reads a header that begins with a phrase: it goes on to the colon if every
// word up to it is known, else with the known words that come next but marks, and the
// rest is text.
func (l lexicon) readPhrase(h *header, m match, line string, colon, size int) {
	words := h.words
	more, next := l.follow(words, m.words, true)
	if colon >= 0 && next == len(words) {
		h.end = colon + size
	} else {
		more, next = l.follow(words, m.words, false)
		for next > m.words && words[next-1].hangs() { // with the move
			next--
		}
		h.end = words[next-1].end
	}
	h.found = true
	h.read(append(l.read(m), more...))
	h.finish(l, line, slices.ContainsFunc(more, func(w wordAt) bool { return w.class.arrow() }) || m.arrow())
	if m.whole {
		h.shown = words[0].start
	}
}

// follow returns the known words behind a phrase of n words, the kind that says how among
// them, and where they end.
func (l lexicon) follow(words []wordAt, n int, marks bool) (more []wordAt, next int) {
	for n < len(words) && !words[n-1].ends {
		if n+1 < len(words) && slices.Contains(viaWords, words[n].said) && words[n].class == unknownWord {
			if kind := l.vocabulary[words[n+1].said]; kind.class.kind() {
				more = append(more, wordAt{word: kind})
				n += 2
				continue
			}
		}
		if words[n].class == unknownWord || !marks && words[n].class == markWord {
			break
		}
		more = append(more, words[n])
		n++
	}
	return more, n
}

// read returns the words that a phrase is read as.
func (l lexicon) read(m match) []wordAt {
	var words []wordAt
	for _, r := range m.reading {
		if r == "KIND" {
			r = m.kind
		}
		words = append(words, wordAt{word: l.vocabulary[r]})
	}
	for _, s := range m.links {
		words = append(words, wordAt{word: word{class: linkWord}, start: s.start, end: s.end})
	}
	return words
}

// arrow says whether the phrase itself says who wrote.
func (p *phrase) arrow() bool {
	return slices.Contains(p.reading, "<") || slices.Contains(p.reading, ">")
}
