package site

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kith/internal/civil"
	"kith/internal/note"
	"kith/internal/site/search"
)

// inWords says a day as people write it: 2 October 2026.
func inWords(d civil.Date) string { return string(appendInWords(nil, d)) }

func appendInWords(b []byte, d civil.Date) []byte {
	y, m, day := d.YMD()
	b = append(strconv.AppendInt(b, int64(day), 10), ' ')
	b = append(append(b, time.Month(m).String()...), ' ')
	return strconv.AppendInt(b, int64(y), 10)
}

// withWeekday says a day with its day of the week: Friday, 2 October 2026.
func withWeekday(d civil.Date) string { return d.Weekday().String() + ", " + inWords(d) }

// short says a day within a year: 2 Oct.
func short(d civil.Date) string {
	_, m, day := d.YMD()
	return strconv.Itoa(day) + " " + time.Month(m).String()[:3]
}

// month says a month: October 2026.
func month(d civil.Date) string {
	y, m, _ := d.YMD()
	return time.Month(m).String() + " " + strconv.Itoa(y)
}

// every says a cadence after the word every: week, 6 weeks.
func every(c civil.Cadence) string { return strings.TrimPrefix(c.String(), "1 ") }

// counted says a number of things: 1 person, 3 people.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// thousands writes a number with a thin space between each three digits.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// times says how often: once, twice, 5 times.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return thousands(n) + " times"
}

// joint is what stands before the i-th of n things that are joined as people do:
// a, b and c.
func joint(i, n int) string {
	switch {
	case i == 0:
		return ""
	case i+1 == n:
		return " and "
	}
	return ", "
}

// initials returns what stands for a person where there is no photo: the first
// letters of the first and last word of a Latin, Greek or Cyrillic name, one
// letter of any other.
func initials(name string) string {
	var first, last string
	for _, word := range strings.Fields(name) {
		letter := firstLetter(word)
		if letter == "" {
			continue
		}
		if first == "" {
			first = letter
		} else {
			last = letter
		}
	}
	if r, _ := utf8.DecodeRuneInString(first); !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
		return first
	}
	return first + last
}

// firstLetter returns the first letter of a word in upper case, with the marks on
// it.
func firstLetter(word string) string {
	start := strings.IndexFunc(word, unicode.IsLetter)
	if start < 0 {
		return ""
	}
	r, n := utf8.DecodeRuneInString(word[start:])
	end := start + n
	for _, m := range word[end:] {
		if !unicode.IsMark(m) {
			break
		}
		end += utf8.RuneLen(m)
	}
	return string(unicode.ToUpper(r)) + word[start+n:end]
}

// hue returns the number of the calm colour that stands for somebody: their slug
// decides, so that it never changes.
func hue(slug string) string {
	return strconv.Itoa(int(search.Hash(slug) % 8))
}

// markWords say what the marks of an entry say.
var markWords = [...]string{
	note.Asked:   "you asked for help",
	note.Got:     "helped you",
	note.Gave:    "you helped",
	note.Offered: "you offered help",
	note.Thanked: "you said thank you",
	note.Closed:  "no answer needed",
}
