package note

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
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
	talkWords = "call phone video zoom teams skype facetime coffee tea beer breakfast brunch lunch dinner drink drinks " +
		"meeting meet sync catchup catch-up visit walk event party talk chat"
	writeWords = "email mail message msg text reply sms imessage whatsapp wechat signal telegram messenger viber slack " +
		"discord instagram voicemail letter card postcard linkedin dm comment gift"
	noteWords   = "note news"
	fillerWords = "with w/ and her him them me us , & +"
	toSigns     = "> -> →"
	fromSigns   = "< <- ←"
)

// otherWords are other ways to write a word, and the word.
var otherWords = map[string]string{
	"e-mail": "email", "vm": "voicemail", "txt": "text", "mtg": "meeting", "met": "meet",
	"☕": "coffee", "🍻": "drinks", "🍽": "dinner", "📞": "call", "☎": "call", "✉": "letter", "📧": "email", "💬": "message",
	"thanks": "thanked", "thank-you": "thanked", "thx": "thanked",
}

// emojiStyle is the character that asks for the coloured form of the one before it.
const emojiStyle = "\ufe0f"

// A word is what a vocabulary knows of one word of a header.
type word struct {
	class     wordClass
	kindClass wordClass // of a kind, and of a hashtag that is one
	text      string    // the word in full and in lower case, one string for all its uses
	mark      Mark
	phrases   phraseSet // those that have it for a keyword
}

// kind says whether a word is a kind, or a hashtag that is one.
func (w *word) kind() bool { return w.kindClass != unknownWord }

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
	nameWord // the contact's own
)

func (c wordClass) kind() bool  { return c == talkKind || c == writeKind || c == noteKind }
func (c wordClass) sign() bool  { return c == toSign || c == fromSign }
func (c wordClass) arrow() bool { return c.sign() || c == toWord || c == fromWord }

// hangs says whether a word of a header wants another behind it.
func (w *wordAt) hangs() bool {
	return w.class == toWord || w.class == fromWord || w.class == filler && strings.Contains(" with w/ and & + ", " "+w.said+" ")
}

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
		v[w] = word{class: markWord, text: w, mark: Mark(i)}
	}
	for other, w := range otherWords {
		v[other], v[other+emojiStyle] = v[w], v[w]
	}
	v.add(talkKind, kinds.Talk)
	v.add(writeKind, kinds.Write)
	v.add(noteKind, kinds.Note)
	for i := range phrases {
		for _, w := range phrases[i].keywords() {
			known := v[w]
			known.phrases |= 1 << i
			v[w] = known
		}
	}
	return v
}

func (v vocabulary) add(class wordClass, words []string) {
	for _, w := range words {
		w = strings.ToLower(w)
		known := word{class: class, text: w}
		if class.kind() {
			known.kindClass = class
		}
		v[w] = known
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

// CheckKind says why a word cannot be added to a list of kinds, talk, write or note, or nil
// if it can: it may stand in that list already.
func CheckKind(list, w string) error {
	if !strings.ContainsFunc(w, wordRune) || strings.ContainsAny(w, " \t,&+:#[]<>`") {
		return fmt.Errorf("%q is not a single word; accepted are letters, digits, - and _", w)
	}
	known, ok := newVocabulary(Kinds{})[strings.ToLower(w)]
	if ok && known.class != unknownWord && known.class.String() != "a "+list {
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

// ownWords are words near those of a header that are meant as they stand.
var ownWords = func() map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq("launch branch bunch chart charts chap chapter chant cheat that hat team teas teach tear tall tale tank task tasks taxi tax test tests tent next texts " +
		"cell cells ball fall hall wall walks calm calls care cart cord cord card cards board hard ward cover coffees toffee mall male meal mails main maid mild milk post posts " +
		"vision visits visa visitor event events even parts part parties partly pasta pastry path party's diner dinners dine dines winner drinking brink lunches later letters latter litter ladder " +
		"gifts lift left shift new newt views notes node none nose not vote meat mean meant men melt met's meets melody phones phase phrase photo zooms room rooms beard bears bear been beers beet " +
		"signals single slick slack's slice stack snack comments command commend common content contents massage messages mess sink sing syncs skies vices voice voices invoice wall want wake work talking talks tail tally " +
		"reply's rely really replies repay catch caught ideo dish discs disco discard video's videos reading meetings gate give given getting goat got's gates good gone ask task basked offer offers thank think asks thanking") {
		words[w] = true
	}
	return words
}()

// ownWord says whether a word is one of its own, or a weekday, a time or a day, and so is
// no slip of the pen.
func ownWord(w string) bool {
	w = strings.ToLower(w)
	return ownWords[w] || isWeekday(w) || strings.Contains(" today yesterday tomorrow tonight morning noon afternoon evening night weekend thurs tues ", " "+w+" ") || !strings.ContainsFunc(w, unicode.IsLetter) || isDigit(w[0])
}
