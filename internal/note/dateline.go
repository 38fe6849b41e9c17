package note

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/civil"
)

// A dateline is how the line of an entry begins (FORMAT.md, "Entries").
type dateline struct {
	date  civil.Date
	time  Time
	daily bool // the date is that of the day the line belongs to
	span  bool // a second date stands behind it
	end   int  // where the rest of the line begins
}

// readDate reads the weekday, date, weekday, time and separator that an entry's line
// begins with. found is false if there is none; the error says what is wrong with a date
// that the calendar does not have.
func readDate(line string) (d dateline, found bool, err error) {
	d.time = NoTime
	i := signs(line, 0)
	if n := weekdayLen(line[i:]); n > 0 {
		i = skip(line, i+n)
	}
	closing := byte(0) // of the brackets around date, weekday and time
	var n int
	switch {
	case i == len(line):
		return d, false, nil
	case strings.HasPrefix(line[i:], "[["):
		if n = linkLen(line[i:]); n == 0 {
			return d, false, nil
		}
		var length int
		name, _, _ := strings.Cut(line[i+2:i+n-2], "|")
		if d.date, length, err = dateAt(name); length != len(name) {
			return d, false, nil
		}
	case line[i] == '[' || line[i] == '<':
		closing = map[byte]byte{'[': ']', '<': '>'}[line[i]]
		i++
		fallthrough
	default:
		if d.date, n, err = dateAt(line[i:]); n == 0 {
			return d, false, nil
		}
	}
	i += n
	if err == nil && spanLen(line[i:]) > 0 {
		d.span, d.end = true, i
		return d, true, nil
	}
	if i = signs(line, i); !endsDate(line[i:]) {
		return d, false, nil
	}
	i, d.time = afterDate(line, i)
	if closing != 0 {
		if i == len(line) || line[i] != closing || i+1 < len(line) && strings.IndexByte("([", line[i+1]) >= 0 {
			return d, false, nil
		}
		if i++; i < len(line) {
			if next, _ := utf8.DecodeRuneInString(line[i:]); wordRune(next) {
				return d, false, nil
			}
		}
		if d.time == NoTime {
			i, d.time = afterDate(line, i)
		} else {
			i = skip(line, i)
		}
	}
	if n := spanLen(line[i:]); n > 0 {
		d.span, d.end = true, i
		return d, true, err
	}
	if at := separated(line, i); at > i {
		i = at
		if d.time == NoTime {
			if t, n := readTime(line[i:]); n > 0 {
				d.time = t
				i = skip(line, i+n)
				i = separated(line, i)
			}
		}
	}
	d.end = i
	return d, true, err
}

// dateAt reads the date that a text begins with, and returns its length or 0. Eight
// digits that are no day are just a number.
func dateAt(s string) (date civil.Date, size int, err error) {
	if len(s) >= 10 && isDigit(s[0]) && s[4] == s[7] && strings.IndexByte("-/.", s[4]) >= 0 {
		date, err = civil.ParsePrefix(s[:4] + "-" + s[5:7] + "-" + s[8:10])
		if err == civil.ErrNotADate {
			return date, 0, nil
		}
		return date, 10, err
	}
	if len(s) >= 8 && isDigit(s[0]) && (len(s) == 8 || !isDigit(s[8])) {
		if date, err = civil.ParsePrefix(s[:4] + "-" + s[4:6] + "-" + s[6:8]); err == nil {
			return date, 8, nil
		}
	}
	return civil.Date{}, 0, nil
}

// endsDate says whether a text can stand right behind a date.
func endsDate(s string) bool {
	if s == "" {
		return true
	}
	next, n := utf8.DecodeRuneInString(s)
	after, _ := utf8.DecodeRuneInString(s[n:])
	switch {
	case next == 'T':
		_, size := readTime(s[1:])
		return size > 0
	case next == '-':
		return s[n:] == "" || unicode.IsSpace(after) || after == '>' || after == '-'
	case next == '/':
		return false
	case next == '.':
		return !unicode.IsDigit(after)
	}
	return !wordRune(next)
}

// afterDate reads the weekday and the time behind a date, and returns where what comes
// after them begins.
func afterDate(line string, i int) (int, Time) {
	if i < len(line) && line[i] == 'T' {
		if t, n := readTime(line[i+1:]); n > 0 {
			return skip(line, i+1+n), t
		}
	}
	at := skip(line, i)
	if n := weekdayLen(line[at:]); n > 0 && (at > i || !isAlnum(line[at])) {
		i = at + n
		at = skip(line, i)
	}
	if at > i {
		if t, n := readTime(line[at:]); n > 0 {
			return skip(line, at+n), t
		}
	}
	return at, NoTime
}

// skip returns where what comes behind spaces, commas, and the end of bold or italics
// begins.
func skip(line string, i int) int {
	i = signs(line, i)
	for i < len(line) {
		n := leadingSpace(line[i:])
		if line[i] == ',' {
			n = 1
		}
		if n == 0 {
			return i
		}
		i += n
	}
	return i
}

// signs returns where what comes behind the signs of bold and italics begins.
func signs(line string, i int) int {
	return len(line) - len(strings.TrimLeft(line[i:], "*_"))
}

// separators are the signs that may stand between the date and the header.
var separators = [...]string{"::", ":", "-", "–", "—", "=", "|"}

// separated returns where what comes behind a separator begins, or i if there is none.
func separated(line string, i int) int {
	for _, sep := range separators {
		if !strings.HasPrefix(line[i:], sep) {
			continue
		}
		if end := signs(line, i+len(sep)); end == len(line) || leadingSpace(line[end:]) > 0 {
			return skip(line, end)
		}
	}
	if strings.HasPrefix(line[i:], fullColon) { // which needs no space
		return skip(line, i+len(fullColon))
	}
	return i
}

// spanLen returns the length of the second date that a text begins with, and of the to or
// dash before it; 0 if there is none.
func spanLen(s string) int {
	space := leadingSpace(s)
	for _, sign := range []string{"to", "-", "–", "—"} {
		rest, ok := strings.CutPrefix(s[space:], sign)
		if !ok || sign == "to" && (space == 0 || leadingSpace(rest) == 0) {
			continue
		}
		at := len(s) - len(rest) + leadingSpace(rest)
		if _, n, err := dateAt(s[at:]); n > 0 && err == nil && endsDate(s[at+n:]) {
			return at + n
		}
	}
	return 0
}

var weekdays = strings.Fields("monday tuesday wednesday thursday friday saturday sunday")

// weekdayLen returns the length of the weekday that a text begins with, or 0: an English
// one, whole or its first three or four letters, or any one to four letters in brackets.
func weekdayLen(s string) int {
	open, size := utf8.DecodeRuneInString(s)
	if size == 0 || strings.HasPrefix(s, "[[") {
		return 0
	}
	if unicode.Is(unicode.Ps, open) {
		end := strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Pe, r) })
		if end < 0 {
			return 0
		}
		_, closing := utf8.DecodeRuneInString(s[end:])
		inner, rest := s[size:end], s[end+closing:]
		if strings.HasPrefix(rest, "(") || inner == "" || open == '[' && strings.EqualFold(inner, "x") {
			return 0
		}
		name := strings.TrimRight(inner, ".,")
		if isWeekday(name) || utf8.RuneCountInString(inner) <= 4 && name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsSymbol(r) }) {
			return end + closing
		}
		return 0
	}
	n := 0
	for n < len(s) && s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' {
		n++
	}
	if !isWeekday(s[:n]) {
		return 0
	}
	rest := strings.TrimPrefix(s[n:], ".")
	if next, _ := utf8.DecodeRuneInString(rest); rest != "" && (wordRune(next) || strings.ContainsRune("'’-/", next)) {
		return 0
	}
	return len(s) - len(rest)
}

// isWeekday says whether a word is a weekday (FORMAT.md, "Entries"), Thurs and Weds
// included, which people write as often as Thu and Wed.
func isWeekday(s string) bool {
	if strings.EqualFold(s, "thurs") || strings.EqualFold(s, "weds") {
		return true
	}
	for _, day := range weekdays {
		if strings.EqualFold(s, day) || (len(s) == 3 || len(s) == 4) && strings.EqualFold(s, day[:len(s)]) {
			return true
		}
	}
	return false
}

// CutDate cuts the date and time that an entry's line begins with, and what separates
// them from its text, off (FORMAT.md, "Entries"). date is empty if there is none.
func CutDate(line string) (date, text string) {
	d, found, err := readDate(line)
	if !found || err != nil {
		return "", line
	}
	end := min(d.end, len(line))
	return line[:end], line[end:]
}

// readTime reads the time that a text begins with, and returns its length or 0: H:MM or
// HH:MM, with seconds, am or pm behind it, and with another one behind a dash, which is
// let be.
func readTime(s string) (Time, int) {
	minutes, half, n := readClock(s)
	if n == 0 {
		return NoTime, 0
	}
	rest := strings.TrimLeft(s[n:], " ")
	for _, dash := range []string{"-", "–", "—"} {
		if after, ok := strings.CutPrefix(rest, dash); ok {
			after = strings.TrimLeft(after, " ")
			if _, second, size := readClock(after); size > 0 {
				n = len(s) - len(after) + size
				if half == 0 { // 2:30-4:00 pm
					half = second
				}
			}
			break
		}
	}
	switch h := minutes / 60; {
	case half == 'p' && h < 12:
		minutes += 12 * 60
	case half == 'a' && h == 12:
		minutes -= 12 * 60
	}
	return Time(minutes), n
}

// readClock reads one time, and a for am or p for pm.
func readClock(s string) (minutes int, half byte, n int) {
	for n < len(s) && n < 2 && isDigit(s[n]) {
		n++
	}
	two := func(at int) int {
		if at+2 > len(s) || !isDigit(s[at]) || !isDigit(s[at+1]) {
			return 99
		}
		return int(s[at]-'0')*10 + int(s[at+1]-'0')
	}
	if n == 0 || n == len(s) || s[n] != ':' || two(n+1) > 59 {
		return 0, 0, 0
	}
	h := int(s[n-1] - '0')
	if n == 2 {
		h = two(0)
	}
	if h > 23 {
		return 0, 0, 0
	}
	minutes = h*60 + two(n+1)
	n += 3
	if n < len(s) && s[n] == ':' && two(n+1) <= 59 {
		n += 3
	}
	half, size := halfDay(s[n:])
	n += size
	if next, _ := utf8.DecodeRuneInString(s[n:]); n < len(s) && (wordRune(next) || next == ':') && size == 0 {
		if next != ':' || n+1 < len(s) && isDigit(s[n+1]) {
			return 0, 0, 0
		}
	}
	return minutes, half, n
}

// halfDay reads am or pm, and returns its first letter and its length with the space
// before it.
func halfDay(s string) (half byte, n int) {
	rest := strings.TrimLeft(s, " ")
	for _, word := range []string{"a.m.", "p.m.", "am", "pm"} {
		if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
			continue
		}
		after := rest[len(word):]
		if next, _ := utf8.DecodeRuneInString(after); after != "" && wordRune(next) {
			continue
		}
		return word[0], len(s) - len(after)
	}
	return 0, 0
}
