package note

import (
	"fmt"
	"slices"
	"strings"
)

// Kinds are the kinds of contact that kith.toml adds to the built-in ones
// (FORMAT.md, "Entries" and "Settings").
type Kinds struct {
	Talk, Write, Note []string
}

// Words returns all kinds of contact there are, the built-in ones among them.
func (k Kinds) Words() []string {
	return slices.Concat(strings.Fields(talkWords+" "+writeWords+" "+noteWords), k.Talk, k.Write, k.Note)
}

// Mark says what you did or got: the give and take of an entry (FORMAT.md,
// "Entries").
type Mark uint8

// The marks. Closed, on a write from them, says that it asks for no answer.
const (
	Asked Mark = iota
	Got
	Gave
	Offered
	Thanked
	Closed
)

func (m Mark) String() string { return markWords[m] }

// Marks are some marks, each once, in an order. The zero Marks are none.
type Marks struct {
	list  [len(markWords)]Mark
	count uint8
}

// All returns the marks. The list is not to be changed.
func (m *Marks) All() []Mark { return m.list[:m.count] }

// add adds a mark that is not there yet.
func (m *Marks) add(mark Mark) {
	m.list[m.count] = mark
	m.count++
}

var markWords = [...]string{"asked", "got", "gave", "offered", "thanked", "closed"}

// Direction says who reached out to whom.
type Direction uint8

// The directions. NoContact is that of a note, which is no contact at all.
const (
	NoContact Direction = iota
	Inbound
	Outbound
	Mutual
)

func (d Direction) String() string {
	return [...]string{"", "inbound", "outbound", "mutual"}[d]
}

// The built-in words of an entry's header (FORMAT.md, "Entries").
const (
	talkWords   = "call phone video coffee tea breakfast brunch lunch dinner drinks meeting meet met visit walk event party talk chat"
	writeWords  = "email mail message msg text sms whatsapp signal telegram voicemail letter card postcard linkedin dm comment gift"
	noteWords   = "note news"
	fillerWords = "with and from to her him them me us , & +"
	toSigns     = "> -> →"
	fromSigns   = "< <- ←"
)

// A word is what a vocabulary knows of one word of a header.
type word struct {
	class wordClass
	text  string // the word in lower case, one string for all its uses
	mark  Mark
}

type wordClass uint8

const (
	unknownWord wordClass = iota
	talkKind
	writeKind
	noteKind
	markWord
	filler
	toSign   // an arrow
	fromSign // an arrow
	toWord   // an arrow that is a filler too
	fromWord
	linkWord
	tagWord
)

func (c wordClass) kind() bool { return c == talkKind || c == writeKind || c == noteKind }
func (c wordClass) sign() bool { return c == toSign || c == fromSign }

// A vocabulary is the words that a header may be made of.
type vocabulary map[string]word

func newVocabulary(kinds Kinds) vocabulary {
	v := vocabulary{}
	v.add(talkKind, strings.Fields(talkWords))
	v.add(writeKind, strings.Fields(writeWords))
	v.add(noteKind, strings.Fields(noteWords))
	v.add(filler, strings.Fields(fillerWords))
	v.add(toSign, strings.Fields(toSigns))
	v.add(fromSign, strings.Fields(fromSigns))
	v.add(toWord, []string{"to"})
	v.add(fromWord, []string{"from"})
	for i, w := range markWords {
		v[w] = word{markWord, w, Mark(i)}
	}
	v.add(talkKind, kinds.Talk)
	v.add(writeKind, kinds.Write)
	v.add(noteKind, kinds.Note)
	return v
}

func (v vocabulary) add(class wordClass, words []string) {
	for _, w := range words {
		w = strings.ToLower(w)
		v[w] = word{class: class, text: w}
	}
}

// nearest returns the kind or mark that a word was probably meant to be, or "".
// The first letter is seldom the wrong one, and asking for it keeps "better"
// from being taken for a letter.
func (v vocabulary) nearest(w string) string {
	w = strings.ToLower(w)
	var list []string
	for k, known := range v {
		if (known.class.kind() || known.class == markWord) && len(k) > 2 && k[0] == w[0] {
			list = append(list, k)
		}
	}
	slices.Sort(list)
	return Nearest(w, list)
}

// CheckKind says why a word cannot be added to the kinds, or nil if it can.
func CheckKind(w string) error {
	if !strings.ContainsFunc(w, wordRune) || strings.ContainsAny(w, " \t,&+:#[]<>`") {
		return fmt.Errorf("%q is not a single word; accepted are letters, digits, - and _", w)
	}
	if known, ok := newVocabulary(Kinds{})[strings.ToLower(w)]; ok {
		return fmt.Errorf("%q already has a meaning in an entry's header (%s)", w, known.class)
	}
	return nil
}

func (c wordClass) String() string {
	switch c {
	case talkKind:
		return "a talk"
	case writeKind:
		return "a write"
	case noteKind:
		return "a note"
	case markWord:
		return "a mark"
	}
	return "an arrow or a filler"
}
