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
	// aDueWord finds the last of the words, or the sign, before a due date, or of those
	// that people use for one.
	aDueWord = regexp.MustCompile(`(?i)^.*(?:(?:^|[^\pL\pN_])(?:by|due|until|before|till|til|b4|deadline|no later than)(?:\s*::?\s*|\s+)|📅\x{FE0F}?\s*)`)
	// sideDue is what people say of a day beside the day itself.
	sideDue = regexp.MustCompile(`(?i)^(?:at )?(?:(?:the )?(?:end of|start of|beginning of|middle of|close of|eod|cob|eob)(?: the)?(?:\s+|$)|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]*\s+(?:the )?\d?|early |mid[- ]|late )`)
	// someDue is a part of the calendar with no day of its own.
	someDue = regexp.MustCompile(`(?i)^(?:day|week|month|quarter|year|` + monthNames + `)$`)
	// inNumbers is a day in numbers, however they are spelled.
	inNumbers = regexp.MustCompile(`^(?:\d{1,4}[-/.]\d{1,2}([-/.](\d{2,4})?)?|\d{1,2}(?:st|nd|rd|th))$`)
	// timeOfDay is what may stand behind a day.
	timeOfDay = regexp.MustCompile(`(?i)\s+(?:morning|noon|lunch|afternoon|evening|night|eod|latest|at the latest)$`)
	beyond    = regexp.MustCompile(`\s[#^🔁➕⏳🛫✅❌🔺⏫🔼🔽⏬].*$`)
	// followedDue is a due date with a word or two behind it.
	followedDue = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[\s,]+[^\s,]+(?:\s+\S+)?$`)
	// endsInDate finds a date at the end of a line behind what often means a due date.
	endsInDate = regexp.MustCompile(`(?i)(?:(?:^|\s)on\s+|[,;–—(@]\s*)(\d{4}-\d{2}-\d{2})[\s.!)]*$`)
)

// A nearDue is a place in the text of a task where words stand that read as the day by
// which it is due but are no due date.
type nearDue struct {
	at       int
	severity Severity
	message  string
	hint     string
}

// readNearDue finds such words. There are none where the message is empty.
func readNearDue(line string, ask bool) nearDue {
	const message, unknown = "this reads as a day, but only a date is a due date", "which day it is, is not known from this: write it as YYYY-MM-DD"
	if at := len(aDueWord.FindString(line)); at > 0 {
		words := strings.Trim(beyond.ReplaceAllString(line[at:], ""), " \t.,!?)]<>[(")
		severity := Warning
		if ask { // whose words are about days more often
			severity = Advice
		}
		if m := followedDue.FindStringSubmatch(words); m != nil && len(words) <= mostDue {
			return nearDue{at, severity, "a due date stands at the end of the line", "write the words before it, and by " + m[1] + " at the end"}
		}
		if day, ok := saysDay(words); ok && day.Year != 0 {
			return nearDue{at, Warning, message, "write by " + day.String()}
		} else if ok {
			return nearDue{at, Warning, message, unknown}
		}
	}
	if ask || !strings.Contains(line, "-") { // as most tasks are, and to look takes long
		return nearDue{}
	}
	if m := endsInDate.FindStringSubmatchIndex(line); m != nil {
		return nearDue{m[2], Advice, "a date alone is no due date", "if it is one, write by " + line[m[2]:m[3]]}
	}
	return nearDue{}
}

// mostDue is how long the words may be that say a day.
const mostDue = 40

// saysDay says whether words say a day, or a part of the calendar by whose end something
// is due. The year is 0 where the day is not known from them.
func saysDay(words string) (day civil.Yearly, ok bool) {
	if words == "" || len(words) > mostDue {
		return day, false
	}
	words = timeOfDay.ReplaceAllString(words, "")
	side := strings.TrimRight(sideDue.FindString(words), "0123456789")
	for _, said := range []string{words, strings.TrimSpace(words[len(side):])} {
		if day, ok = civil.Spelled(said); ok {
			return day, true
		}
		if inNumbers.MatchString(said) || dayWords(said) || side != "" && (said == "" || someDue.MatchString(said)) {
			return day, true
		}
	}
	return day, false
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
	if end < 0 || end > 6 {
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
	case "✓", "✔", "√", "v", "V":
		box = "x"
	default:
		return ""
	}
	return "[" + box + "] " + rest
}

// otherBox says whether a line begins with a box of other task programs: one for what is
// in progress, cancelled or put off.
func otherBox(line string) bool {
	return len(line) > 4 && line[0] == '[' && strings.IndexByte("-/><~", line[1]) >= 0 && line[2] == ']' && line[3] == ' '
}
