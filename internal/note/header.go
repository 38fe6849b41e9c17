package note

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A header is what stands between an entry's date and its text: what kind of
// contact it was, who wrote to whom, give and take, who took part (FORMAT.md,
// "Entries").
type header struct {
	found     bool
	end       int // where the text begins: after the header, its colon and the space that follows
	shown     int // where what the page shows begins: at the end, or before words that say more than the header
	kind      string
	direction Direction
	marks     []markAt
	links     []span // each [[link]] as a whole
	inText    bool   // the links stand in the text
	tags      []span // without their #
	unknown   []span
	words     []wordAt // those that were looked at, for messages about a header that was meant and not found
}

type markAt struct {
	mark Mark
	at   int
}

type span struct{ start, end int }

// A lexicon is the words that a header of one note may be made of: those of the journal,
// and the names of the note's own contact, in lower case and the longest first.
type lexicon struct {
	vocabulary
	names []string
}

// lexiconOf returns the lexicon of a note whose front matter is read.
func (v vocabulary) lexiconOf(n *Note) lexicon {
	l := lexicon{vocabulary: v}
	if n.Kind != Contact {
		return l
	}
	for _, name := range append([]string{n.Name, FirstName(n.Name)}, n.Front.Aliases...) {
		if name = strings.ToLower(strings.Join(strings.Fields(name), " ")); name != "" {
			l.names = append(l.names, name)
		}
	}
	slices.SortStableFunc(l.names, func(a, b string) int { return len(b) - len(a) })
	return l
}

// nameLen returns the length of the contact's own name that a text begins with, or 0.
func (l lexicon) nameLen(text string) int {
	for _, name := range l.names {
		if len(text) >= len(name) && strings.EqualFold(text[:len(name)], name) {
			return len(name)
		}
	}
	return 0
}

// readHeader reads the header of an entry's line after its date and time into h, whose
// lists have the room of the header before.
func (l lexicon) readHeader(h *header, line string) {
	l.readWords(h, line, true)
	if h.direction != Inbound && slices.ContainsFunc(h.marks, func(m markAt) bool { return m.mark == Closed }) {
		l.readWords(h, line, false)
	}
}

// readWords reads a header in which closed is a mark, or a word like any other.
func (l lexicon) readWords(h *header, line string, closed bool) {
	colon, size := headerColon(line)
	words := l.words(h.words[:0], line, colon)
	*h = header{marks: h.marks[:0], links: h.links[:0], tags: h.tags[:0], unknown: h.unknown[:0], words: words}
	var first word
	var near phraseSet // those that may begin the line
	for i := range words {
		if w := &words[i]; !closed && w.class == markWord && w.mark == Closed {
			w.word = word{}
		}
		near |= words[i].phrases
	}
	if len(words) > 0 {
		first = words[0].word
	}
	if m, ok := l.matchPhrase(words, near); ok {
		l.readPhrase(h, m, line, colon, size)
		return
	}
	known := run(words, true)
	n := 0 // how many words are the header
	switch {
	case colon >= 0 && known == len(words): // rule 1
		n, h.end = known, colon+size
	case colon >= 0 && (first.class.sign() || first.class == markWord && first.mark != Asked):
		n, h.end = known, words[known-1].end
		if first.class.sign() {
			h.unknown = append(h.unknown, span{words[n].start, words[n].end})
		}
	case colon >= 0 && isQualified(words):
		h.found = true
		h.read(words[len(words)-1:])
		h.finish(l, line, false)
		return
	case colon < 0 && known == len(words): // rule 2
		n, h.end = known, len(line)
	case first.class.sign() || first.kind(): // rule 3
		n = run(words, false)
		h.end = words[n-1].end
		if words[n-1].class == linkWord { // a sentence may end with a name
			h.end += len(line[h.end:]) - len(strings.TrimLeft(line[h.end:], ".;!?"))
		}
	}
	h.found = n > 0
	h.read(words[:n])
	h.finish(l, line, slices.ContainsFunc(words[:n], func(w wordAt) bool { return w.class.arrow() }))
	if !h.found { // rule 4
		h.tookPart(line)
	}
}

// finish says where the text begins, and whose a write without an arrow is: theirs if its
// text begins with them.
func (h *header) finish(l lexicon, line string, arrow bool) {
	h.end += leadingSpace(line[h.end:])
	h.end += openEmphasis(line[:h.end], line[h.end:])
	h.shown = h.end
	if h.direction == Outbound && !arrow && l.beginsWithThem(line[h.end:]) {
		h.direction = Inbound
	}
}

// openEmphasis returns the length of what ends a text's bold or italics that began before
// it, with the space behind, or 0.
func openEmphasis(before, text string) int {
	n := len(text) - len(strings.TrimLeft(text, "*_"))
	if n == 0 || strings.Count(before, text[:n])%2 == 0 {
		return 0
	}
	if rest := text[n:]; rest == "" || leadingSpace(rest) > 0 {
		return n + leadingSpace(rest)
	}
	return 0
}

// beginsWithThem says whether a text begins with she, he, they or a name of the contact's.
func (l lexicon) beginsWithThem(text string) bool {
	n := l.nameLen(text)
	for _, w := range []string{"she", "he", "they"} {
		if n == 0 && len(text) >= len(w) && strings.EqualFold(text[:len(w)], w) {
			n = len(w)
		}
	}
	next, _ := utf8.DecodeRuneInString(text[n:])
	return n > 0 && (n == len(text) || !wordRune(next) && next != '-')
}

// tookPart adds the links of a text without a header that took part all the same: those
// right behind with.
func (h *header) tookPart(line string) {
	for start, end := range FindLinks(line) {
		before := strings.TrimRightFunc(line[:start], unicode.IsSpace)
		last := before[strings.LastIndexFunc(before, unicode.IsSpace)+1:]
		if strings.EqualFold(last, "with") || strings.EqualFold(last, "w/") {
			h.links, h.inText = append(h.links, span{start, end}), true
		}
	}
}

// run returns how many known words there are at the beginning, marks among them or up to
// the first of these.
func run(words []wordAt, marks bool) int {
	n := 0
	for n < len(words) && words[n].class != unknownWord && (marks || words[n].class != markWord) {
		n++
	}
	return n
}

// isQualified says whether words are a kind behind one to three words of one's own.
func isQualified(words []wordAt) bool {
	last := len(words) - 1
	if last < 1 || last > 3 || !words[last].class.kind() {
		return false
	}
	return !slices.ContainsFunc(words[:last], func(w wordAt) bool { return w.class != unknownWord })
}

func (h *header) read(words []wordAt) {
	var class, sign, arrowWord wordClass
	for i, w := range words {
		if w.kind() && (w.class != tagWord || i == 0) { // of several the last counts
			h.kind, class = w.text, w.kindClass
		}
		switch {
		case w.class.sign():
			if sign == unknownWord {
				sign = w.class
			}
		case w.class == toWord || w.class == fromWord:
			if arrowWord == unknownWord && w.class == toWord {
				arrowWord = toSign
			} else if arrowWord == unknownWord {
				arrowWord = fromSign
			}
		case w.class == markWord:
			h.marks = append(h.marks, markAt{w.mark, w.start})
		case w.class == linkWord:
			h.links = append(h.links, span{w.start, w.end})
		case w.class == tagWord:
			h.tags = append(h.tags, span{w.start + 1, w.end})
		}
	}
	arrow := sign
	if arrow == unknownWord {
		arrow = arrowWord
	}
	switch {
	case class == noteKind:
		h.direction = NoContact
	case class == talkKind || class == unknownWord && arrow == unknownWord:
		h.direction = Mutual
	case arrow == fromSign:
		h.direction = Inbound
	default:
		h.direction = Outbound
	}
}

// headerColon returns where the first colon outside [[ ]] stands and its size, or -1. The
// colon of an address (https://) and that of a time (10:30) end no header,
// since nobody means them to.
func headerColon(line string) (at, size int) {
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '[':
			if n := anyLinkLen(line[i:]); n > 0 {
				i += n - 1
			}
		case line[i] == ':':
			address := strings.HasPrefix(line[i:], "://")
			time := i > 0 && i+1 < len(line) && isDigit(line[i-1]) && isDigit(line[i+1])
			switch {
			case address || time:
			case strings.HasPrefix(line[i:], ":: "): // as Dataview writes it
				return i, 2
			default:
				return i, 1
			}
		case strings.HasPrefix(line[i:], fullColon):
			return i, len(fullColon)
		}
	}
	return -1, 0
}

// fullColon is the full-width colon of Chinese and Japanese.
const fullColon = "："

// A wordAt is a word of a line. Bold and italics around it are part of it, and no more.
type wordAt struct {
	word
	start, end int
	said       string // in lower case, without a full stop behind it
	ends       bool   // a full stop stands behind it
}

// words appends to words those of the part of a line that may be its header: up
// to the colon or, without one, the first word that is not known and can be in no phrase.
// A [[link]] is one word, and so is a name of the contact's; a comma, & and + stand for
// themselves wherever they are.
func (l lexicon) words(words []wordAt, line string, colon int) []wordAt {
	if colon >= 0 {
		line = line[:colon]
	}
	for i := leadingSpace(line); i < len(line); i += leadingSpace(line[i:]) {
		w := l.wordAt(line, i)
		words = append(words, w)
		if w.class == unknownWord && colon < 0 && len(words) >= maxPhrase {
			break
		}
		i = w.end
	}
	return words
}

// wordAt reads the word that begins at i.
func (l lexicon) wordAt(line string, i int) wordAt {
	if n := l.nameLen(line[i:]); n > 0 && (i+n == len(line) || wordEnd(line[i-1+n:], 0) == 1) {
		if w := (wordAt{word: l.classify(line[i : i+n]), start: i, end: i + n, said: strings.ToLower(line[i : i+n])}); w.class == unknownWord {
			w.class = nameWord
			return w
		} else {
			return w
		}
	}
	end := wordEnd(line, i)
	w := wordAt{start: i, end: end}
	text := line[i:end]
	if text[0] == '*' || text[0] == '_' || text[len(text)-1] == '*' || text[len(text)-1] == '_' {
		if inner := strings.Trim(text, "*_"); inner != "" {
			text = inner
		}
	}
	w.word = l.classify(text)
	if w.class == linkWord || w.class == tagWord {
		w.start = i + strings.Index(line[i:end], text)
	}
	w.said = strings.ToLower(strings.TrimRight(text, ".;!?"))
	if w.ends = len(w.said) < len(text) && w.class != linkWord; w.ends && w.class == unknownWord {
		w.phrases = l.vocabulary[w.said].phrases
	}
	return w
}

// wordEnd returns the end of the word that begins at i.
func wordEnd(line string, i int) int {
	if strings.IndexByte(",&+", line[i]) >= 0 {
		return i + 1
	}
	for i < len(line) {
		if isAlnum(line[i]) { // most are
			i++
			continue
		}
		if strings.IndexByte(",&+", line[i]) >= 0 {
			break
		}
		if line[i] == '/' && strings.HasPrefix(line[i+1:], "[[") { // w/[[Ada]]
			return i + 1
		}
		if n := anyLinkLen(line[i:]); n > 0 {
			i += n
			if rest := strings.TrimLeft(line[i:], ".;!?"); rest == "" || leadingSpace(rest) > 0 {
				break
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(line[i:])
		if unicode.IsSpace(r) {
			break
		}
		i += n
	}
	return i
}

func (v vocabulary) classify(text string) word {
	switch {
	case anyLinkLen(text) == len(text):
		return word{class: linkWord}
	case text[0] == '#' && tagLen(text[1:]) == len(text)-1:
		kind := v[strings.ToLower(text[1:])]
		if !kind.kind() {
			kind = word{}
		}
		kind.class = tagWord
		return kind
	}
	if w, ok := v[text]; ok {
		return w
	}
	return v[strings.ToLower(text)]
}

// maxLink is how many bytes a [[link]] may be long. Nobody has so long a name,
// and a bound keeps a page of open brackets from being read again and again.
const maxLink = 400

// maxTag is how many bytes a hashtag with its # must stay below, to the same end.
const maxTag = 400

// linkLen returns the length of the [[link]] that s begins with, or 0.
func linkLen(s string) int {
	if !strings.HasPrefix(s, "[[") {
		return 0
	}
	s = s[:min(len(s), maxLink)]
	for i := 2; i+1 < len(s); i++ {
		switch {
		case s[i] == ']' && s[i+1] == ']':
			if target, _, _ := strings.Cut(s[2:i], "|"); strings.TrimSpace(target) == "" {
				return 0
			}
			return i + 2
		case s[i] == '[' || s[i] == '\n':
			return 0
		}
	}
	return 0
}

// anyLinkLen returns the length of the [[link]], or of the Markdown link to a note, that
// s begins with, or 0.
func anyLinkLen(s string) int {
	if n := linkLen(s); n > 0 {
		return n
	}
	return fileLinkLen(s)
}

// FindLinks returns where each [[link]] of a text begins and ends, one after the other.
func FindLinks(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for at := 0; at < len(text); at++ {
			if n := linkLen(text[at:]); n > 0 {
				if !yield(at, at+n) {
					return
				}
				at += n - 1
			}
		}
	}
}

// tagLen returns the length of the hashtag, without its #, that s begins with,
// or 0: letters, digits, _, - and /, at least one of them a letter.
func tagLen(s string) int {
	letter := false
	n := len(s)
	for i, r := range s {
		if r != '-' && r != '/' && !wordRune(r) {
			n = i
			break
		}
		letter = letter || unicode.IsLetter(r)
	}
	if !letter {
		return 0
	}
	return n
}

// opensTag says whether a hashtag may begin after r, the start of a line being
// a line feed: at the start, or after a space or an opening bracket.
func opensTag(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Ps, r)
}

func leadingSpace(s string) int {
	return len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
