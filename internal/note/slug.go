package note

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Slug returns the form of a name in which it is a file's name and an address
// on the site: Unicode NFC, simple lower case; letters, combining marks,
// digits and _ stay, every run of anything else becomes one -, none at the
// ends (FORMAT.md, "The journal"). It may be empty.
func Slug(name string) string {
	if slugged(name) {
		return name
	}
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(name) {
		if r = unicode.ToLower(r); !wordRune(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// slugged says whether an ASCII name is its own slug, the common case.
func slugged(name string) bool {
	dash := true // a dash may not come first, nor last, nor twice
	for i := range len(name) {
		c := name[i]
		if c == '-' && dash || c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
		dash = c == '-'
	}
	return !dash
}

func wordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// TagSlug returns the form in which tags compare and have their place on the
// site: the slug of each part between slashes (FORMAT.md, "Entries").
func TagSlug(tag string) string {
	if !strings.Contains(tag, "/") {
		return Slug(tag)
	}
	same := true
	for p := range strings.SplitSeq(tag, "/") {
		same = same && slugged(p)
	}
	if same {
		return tag
	}
	parts := strings.Split(tag, "/")
	kept := parts[:0]
	for _, p := range parts {
		if s := Slug(p); s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, "/")
}

// Fold returns a name without regard to case, accents, Unicode form and the shape of an
// apostrophe, for looking it up. White space at the ends is dropped, inside it counts as one
// space.
func Fold(name string) string {
	if folded(name) {
		return name
	}
	if ascii(name) {
		name = strings.ToLower(strings.ReplaceAll(name, "`", "'"))
	} else {
		name = cases.Fold().String(norm.NFKD.String(strings.ReplaceAll(norm.NFC.String(name), "´", "'"))) // which else is a space and an accent
		name = norm.NFC.String(strokes.Replace(strings.Map(dropAccent, norm.NFKD.String(name))))
	}
	return strings.Join(strings.Fields(name), " ")
}

// folded says whether a name of ASCII letters is folded as it stands.
func folded(name string) bool {
	space := true // none may come first, nor last, nor two together
	for i := range len(name) {
		c := name[i]
		if c >= utf8.RuneSelf || c < ' ' || c == '`' || c >= 'A' && c <= 'Z' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// strokes has the letters that Unicode does not take apart, and that people type
// without their stroke, dot or ligature all the same, and the shapes of an apostrophe.
var strokes = strings.NewReplacer("’", "'", "‘", "'", "ʼ", "'", "ʻ", "'", "ʹ", "'", "′", "'", "‛", "'", "＇", "'", "`", "'", "´", "'", "ł", "l", "ø", "o", "đ", "d", "ħ", "h", "ŧ", "t", "ı", "i", "æ", "ae", "œ", "oe")

// dropAccent removes the marks that people leave out when they type a name:
// the accents of Latin, Greek and Cyrillic letters and the vowel points of
// Hebrew and Arabic. Marks that are letters in all but name, as the vowel signs
// of the scripts of India, stay.
func dropAccent(r rune) rune {
	switch {
	case r >= 0x300 && r <= 0x36F, r >= 0x1AB0 && r <= 0x1AFF, r >= 0x1DC0 && r <= 0x1DFF,
		r >= 0x591 && r <= 0x5C7 && unicode.IsMark(r),
		r >= 0x64B && r <= 0x65F, r == 0x670:
		return -1
	}
	return r
}

// nameOf returns the display name that a file's name gives: - and _ read as
// spaces, each word capitalised if all of it is lower case (FORMAT.md,
// "Frontmatter").
func nameOf(file string) string {
	base := norm.NFC.String(strings.TrimSuffix(path.Base(file), ".md"))
	words := strings.FieldsFunc(base, func(r rune) bool { return r == '-' || r == '_' || unicode.IsSpace(r) })
	name := strings.Join(words, " ")
	if name == "" {
		return base
	}
	if strings.ToLower(name) != name {
		return name
	}
	for i, w := range words {
		r, n := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToTitle(r)) + w[n:]
	}
	return strings.Join(words, " ")
}

// Distance returns how many letters one must add, drop, change or swap with
// the next to turn a into b, or max+1 if it is more than max.
func Distance(a, b string, max int) int {
	s, t := []rune(a), []rune(b)
	if len(s)-len(t) > max || len(t)-len(s) > max {
		return max + 1
	}
	// Optimal string alignment: three rows of the usual table.
	rows := make([]int, 3*(len(t)+1))
	before, last, row := rows[:len(t)+1], rows[len(t)+1:2*(len(t)+1)], rows[2*(len(t)+1):]
	for j := range last {
		last[j] = j
	}
	for i := range s {
		row[0] = i + 1
		least := row[0]
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > max {
			return max + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(t)], max+1)
}

// Nearest returns the word of a list that was probably meant, or "" if there is
// none, or the word is one of them.
func Nearest(word string, list []string) string {
	word = strings.ToLower(word)
	best, bestDistance := "", Slack(word)+1
	for _, w := range list {
		if w == word {
			return ""
		}
		if d := Distance(word, w, bestDistance-1); d < bestDistance {
			best, bestDistance = w, d
		}
	}
	return best
}

// Slack returns how many slips of the pen a word of this length may have and
// still be taken for another: none in a short one.
func Slack(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 3:
		return 0
	case n < 7:
		return 1
	}
	return 2
}
