package note

import (
	"errors"
	"regexp"
	"strings"

	"kith/internal/civil"
)

// A dueDate is where in the text of a task its due date stands, with the word or sign
// before it (FORMAT.md, "Tasks").
type dueDate struct {
	day        civil.Date
	err        error // the calendar has no such day
	at         int   // where the date is
	start, end int   // what is no text of the task
}

var (
	// aDue finds a date behind one of the words or the sign for it.
	aDue = regexp.MustCompile(`(?i)(?:(?:^|[^\pL\pN_])(?:by|due|until|before)(?:\s*::?\s*|\s+)(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]*\s+)?|📅\x{FE0F}?\s*)(?:\[\[)?(\d{4}-\d{2}-\d{2})(?:\]\])?`)
	// behindDue is what may stand behind a due date that ends a line: tags, the name of
	// the block, and what other task programs write there.
	behindDue = regexp.MustCompile(`^[.!)\]]*(?:\s*(?:[#^][^\s#]+|🔁[^#^📅➕⏳🛫✅❌🔺⏫🔼🔽⏬]*|[➕⏳🛫✅❌]\x{FE0F}?\s*\d{4}-\d{2}-\d{2}|[🔺⏫🔼🔽⏬])\x{FE0F}?)*[\s.!)\]]*$`)
	// beginsDue is what a due date at the beginning of a line may have before it.
	beginsDue = regexp.MustCompile(`^[\s(\[]*$`)
)

// readDue reads the due date of a task's text: the last one at its end, or one at its
// beginning.
func readDue(line string) (dueDate, bool) {
	if !strings.Contains(line, "-") { // most tasks have no date, and looking for one takes long
		return dueDate{}, false
	}
	found := aDue.FindAllStringSubmatchIndex(line, -1)
	for i := len(found) - 1; i >= 0; i-- {
		m := found[i]
		if m[1] < len(line) && isDigit(line[m[1]]) {
			continue
		}
		d := dueDate{at: m[2]}
		d.day, d.err = civil.Parse(line[m[2]:m[3]])
		start := m[0]
		for start < m[1] && !isAlnum(line[start]) && !strings.HasPrefix(line[start:], "📅") {
			start++ // what comes before the word
		}
		switch tail := line[m[1]:]; {
		case behindDue.MatchString(tail):
			d.start = len(strings.TrimRight(line[:start], " \t(,[:"))
			d.end = m[1] + len(tail) - len(strings.TrimLeft(tail, " \t.!)]"))
			return d, true
		case beginsDue.MatchString(line[:start]) && strings.ContainsAny(tail[:1], " \t:,)]-"):
			d.end = m[1] + len(tail) - len(strings.TrimLeft(tail, " \t:,)]-–—"))
			return d, true
		}
	}
	return dueDate{}, false
}

// CutDue cuts the due date at its end off the text of a task. due is empty if there is
// none.
func CutDue(line string) (text, due string) {
	d, found := readDue(line)
	if !found || d.err != nil || d.start == 0 {
		return line, ""
	}
	return line[:d.start], line[d.start:]
}

var (
	// aDueWord finds the last of the words before a due date.
	aDueWord = regexp.MustCompile(`(?i)^.*(?:^|[^\pL\pN_])(by|due|until|before)(?:\s*::?\s*|\s+)`)
	// inNumbers is a day in numbers, however they are spelled.
	inNumbers = regexp.MustCompile(`^\d{1,4}[-/.]\d{1,2}([-/.](\d{2,4})?)?$`)
	beyond    = regexp.MustCompile(`\s[#^🔁➕⏳🛫✅❌🔺⏫🔼🔽⏬].*$`)
)

// nearDue returns where in the text of a task words stand that read as the day by which
// it is due but are no date, and what to do about it; nothing if there are none.
func nearDue(line string) (at int, hint string) {
	at = len(aDueWord.FindString(line))
	words := strings.TrimRight(beyond.ReplaceAllString(line[at:], ""), " \t.,!?)]")
	if at == 0 || words == "" || len(words) > 40 {
		return 0, ""
	}
	if day, ok := civil.Spelled(words); ok && day.Year != 0 {
		return at, "write by " + day.String()
	} else if ok || inNumbers.MatchString(words) || dayWords(words) {
		return at, "which day it is, is not known from this: write it as YYYY-MM-DD"
	}
	return 0, ""
}

// dayWords says whether words are a day as people say it, seen from any other.
func dayWords(words string) bool {
	switch strings.ToLower(words) {
	case "next week", "next month", "next year", "the weekend", "this week", "this weekend", "tonight":
		return true
	}
	someday, _ := civil.Of(2000, 1, 1)
	_, err := civil.ParseWords(words, someday, true)
	return !errors.Is(err, civil.ErrWords)
}

// nearBox returns the line that was probably meant by one that begins with what looks
// like the box of a task, or "".
func nearBox(line string) string {
	if len(line) < 3 || line[0] != '[' {
		return ""
	}
	end := strings.IndexByte(line, ']')
	if end < 0 || end > 4 {
		return ""
	}
	rest := strings.TrimLeft(line[end+1:], " \t")
	if rest == "" || strings.IndexByte("([:", line[end+1]) >= 0 {
		return ""
	}
	box := strings.TrimSpace(line[1:end])
	switch box {
	case "":
		box = " "
	case "?", "x", "X":
	default:
		return ""
	}
	return "[" + box + "] " + rest
}
