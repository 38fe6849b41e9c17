package note

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/civil"
)

// A header is what stands between an entry's date and its text: what kind of
// contact it was, who wrote to whom, give and take, who took part (FORMAT.md,
// "Entries").
type header struct {
	found     bool
	end       int // where the text begins: after the header, its colon and the space that follows
	kind      string
	kindAt    span
	direction Direction
	marks     []markAt
	links     []span // each [[link]] as a whole
	tags      []span // without their #
	unknown   []span
	words     []wordAt // those that were looked at, for messages about a header that was meant and not found
}

type markAt struct {
	mark Mark
	at   int
}

type span struct{ start, end int }

// readHeader reads the header of an entry's line after its date and time into h, whose
// lists have the room of the header before.
func (v vocabulary) readHeader(h *header, line string) {
	colon := headerColon(line)
	words := v.words(h.words[:0], line, colon)
	n := len(words) // how many of them are the header
	*h = header{marks: h.marks[:0], links: h.links[:0], tags: h.tags[:0], unknown: h.unknown[:0], words: words}
	switch {
	case colon >= 0 && (allKnown(words) || words[0].class.sign()): // rule 1
		h.end = colon + 1
	case colon < 0 && allKnown(words): // rule 2
		h.end = len(line)
	case words[0].class.sign() || words[0].class.kind(): // rule 3
		for n = 0; words[n].class != unknownWord && words[n].class != markWord; n++ {
			h.end = words[n].end
		}
		if words[n-1].class == linkWord { // a sentence may end with a name
			h.end += len(line[h.end:]) - len(strings.TrimLeft(line[h.end:], ".;!?"))
		}
	default: // rule 4
		n = 0
	}
	h.found = n > 0
	h.end += leadingSpace(line[h.end:])
	h.read(words[:n])
}

func (h *header) read(words []wordAt) {
	var class, sign, arrowWord wordClass
	for _, w := range words {
		switch {
		case w.class.kind(): // of several the last counts
			h.kind, h.kindAt, class = w.text, span{w.start, w.end}, w.class
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
		case w.class == unknownWord:
			h.unknown = append(h.unknown, span{w.start, w.end})
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

func allKnown(words []wordAt) bool {
	for _, w := range words {
		if w.class == unknownWord {
			return false
		}
	}
	return true
}

// headerColon returns where the first colon outside [[ ]] stands, or -1. The
// colon of an address (https://) and that of a time (10:30) end no header,
// since nobody means them to.
func headerColon(line string) int {
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '[':
			if n := anyLinkLen(line[i:]); n > 0 {
				i += n - 1
			}
		case line[i] == ':':
			address := strings.HasPrefix(line[i:], "://")
			time := i > 0 && i+1 < len(line) && isDigit(line[i-1]) && isDigit(line[i+1])
			if !address && !time {
				return i
			}
		}
	}
	return -1
}

type wordAt struct {
	word
	start, end int
}

// words appends to words those of the part of a line that may be its header: up
// to the colon or, without one, the first word that is not known. A [[link]] is
// one word; a comma, & and + stand for themselves wherever they are.
func (v vocabulary) words(words []wordAt, line string, colon int) []wordAt {
	if colon >= 0 {
		line = line[:colon]
	}
	for i := leadingSpace(line); i < len(line); i += leadingSpace(line[i:]) {
		end := wordEnd(line, i)
		w := wordAt{start: i, end: end, word: v.classify(line[i:end])}
		words = append(words, w)
		if w.class == unknownWord && colon < 0 {
			break
		}
		i = end
	}
	return words
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
		return word{class: tagWord}
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

// A dateline is how the line of an entry begins.
type dateline struct {
	date  civil.Date
	time  Time
	daily bool // the date is that of the day the line belongs to
	end   int  // where the rest of the line begins
}

// readDate reads the date and time that an entry's line begins with. found is
// false if there is none; the error says what is wrong with a date that the
// calendar does not have.
func readDate(line string) (d dateline, found bool, err error) {
	d.time = NoTime
	d.date, err = civil.ParsePrefix(line)
	if err == civil.ErrNotADate {
		return d, false, nil
	}
	if next, _ := utf8.DecodeRuneInString(line[10:]); line[10:] != "" && (wordRune(next) || next == '-' || next == '/') {
		return d, false, nil
	}
	d.end = 10 + leadingSpace(line[10:])
	if d.end > 10 {
		if t, n := readTime(line[d.end:]); n > 0 {
			d.time = t
			d.end += n
			d.end += leadingSpace(line[d.end:])
		}
	}
	return d, true, err
}

// CutDate cuts the date and time that an entry's line begins with, and the space after
// them, off its text (FORMAT.md, "Entries"). date is empty if there is none.
func CutDate(line string) (date, text string) {
	d, found, err := readDate(line)
	if !found || err != nil {
		return "", line
	}
	end := min(d.end, len(line))
	return line[:end], line[end:]
}

// readTime reads the HH:MM that a text begins with, and returns its length or 0.
func readTime(s string) (Time, int) {
	if len(s) < 5 || s[2] != ':' || !isDigit(s[0]) || !isDigit(s[1]) || !isDigit(s[3]) || !isDigit(s[4]) {
		return NoTime, 0
	}
	if next, _ := utf8.DecodeRuneInString(s[5:]); s[5:] != "" && wordRune(next) {
		return NoTime, 0
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if h > 23 || m > 59 {
		return NoTime, 0
	}
	return Time(h*60 + m), 5
}
