package journal

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/note"
)

// An unlinkedName is a name in an entry's line, of somebody who takes part only if it is a
// [[link]] (FORMAT.md, "Entries").
type unlinkedName struct {
	at    int // where it begins, in the note's source
	text  string
	slug  string
	first bool // it is a first name, which is a matter of taste
}

// unlinked returns the first such name of an entry: one before a colon beside words of a
// header, or behind with. What stands behind a header's colon may mention people in words.
func (j *Journal) unlinked(f *File, e *note.Entry) (unlinkedName, bool) {
	text, start := f.EntryText(e), f.EntryStart(e)
	if text == "" {
		return unlinkedName{}, false
	}
	line := f.Source[strings.LastIndexByte(f.Source[:start], '\n')+1 : start]
	before := strings.TrimRightFunc(line, unicode.IsSpace)
	if e.Header {
		if strings.HasSuffix(before, ":") || strings.HasSuffix(before, "：") {
			return unlinkedName{}, false
		}
		u, ok := j.nameAt(f, text)
		u.at = start
		return u, ok && (isWith(before) || strings.HasPrefix(text[len(u.text):], ":"))
	}
	for at := 0; ; {
		i := strings.IndexAny(text[at:], "wW")
		if i < 0 {
			return unlinkedName{}, false
		}
		at += i
		for _, with := range []string{"with ", "w/"} {
			if len(text)-at < len(with) || !strings.EqualFold(text[at:at+len(with)], with) || !isWith(text[:at+len(with)]) {
				continue
			}
			name := strings.TrimLeft(text[at+len(with):], " ")
			if u, ok := j.nameAt(f, name); ok {
				u.at = start + len(text) - len(name)
				return u, true
			}
		}
		at++
	}
}

// isWith says whether a text ends with the word with, or w/.
func isWith(text string) bool {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	last := text[strings.LastIndexFunc(text, unicode.IsSpace)+1:]
	return strings.EqualFold(last, "with") || strings.EqualFold(last, "w/")
}

// nameAt returns the name of another contact that a text begins with. A name of one word
// is one only with a capital, as is one that goes on.
func (j *Journal) nameAt(f *File, text string) (unlinkedName, bool) {
	const most = 4
	var ends []int // of the words, without what stands behind them
	for at := 0; at < len(text) && len(ends) < most; {
		word := text[at:]
		if i := strings.IndexFunc(word, unicode.IsSpace); i >= 0 {
			word = word[:i]
		}
		bare := strings.TrimRight(word, ",:.;!?")
		if bare == "" || strings.ContainsAny(bare, "[]()#`") {
			break
		}
		ends = append(ends, at+len(bare))
		if at += len(word); bare != word {
			break
		}
		at += len(text[at:]) - len(strings.TrimLeftFunc(text[at:], unicode.IsSpace))
	}
	for n, end := range slices.Backward(ends) {
		name := text[:end]
		if n == 0 && !isUpper(name) {
			break
		}
		if n+1 < len(ends) && isUpper(strings.TrimLeftFunc(text[end:], unicode.IsSpace)) {
			continue // of somebody else
		}
		found, first := j.names.called(name), false
		if n == 0 && len(found) == 0 {
			found, first = j.names.firstNamed(name), true
		}
		if len(found) == 1 && (f.Kind != note.Contact || found[0] != f.Slug) {
			return unlinkedName{text: name, slug: found[0], first: first}, true
		}
	}
	return unlinkedName{}, false
}

func isUpper(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

// unlinkedProblem adds that somebody is named in words alone, with the line in which they
// take part.
func (j *Journal) unlinkedProblem(f *File, u unlinkedName, add func(pos note.Pos, severity note.Severity, code, message, hint string)) {
	line := strings.LastIndexByte(f.Source[:u.at], '\n') + 1
	rest, _, _ := strings.Cut(f.Source[u.at+len(u.text):], "\n")
	_, before := note.CutDate(strings.TrimLeft(f.Source[line:u.at], "-*+# \t"))
	c := j.names.written[u.slug]
	link := j.names.link(u.slug)
	severity, message := note.Warning, fmt.Sprintf("%s takes part only as a link", c)
	if u.first {
		severity, message = note.Advice, fmt.Sprintf("if %s is %s: they take part only as a link", u.text, c)
	}
	add(f.Pos(u.at), severity, "unlinked-name", message, "write "+strings.TrimSpace(before+link+rest))
}
