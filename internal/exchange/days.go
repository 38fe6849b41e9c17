package exchange

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kith/internal/civil"
	"kith/internal/note"
)

var (
	errTwoDays = errors.New("the date can be read in two ways")
	errNoDay   = errors.New("this is no date that can be read")
)

// months are the beginnings of the names of months in the languages that LinkedIn
// writes a file in. A longer one comes before its own beginning.
var months = []struct {
	names string
	month int
}{
	{"jan gen ene", 1},
	{"feb fev fév", 2},
	{"mar mär mrt maa mär", 3},
	{"apr avr abr", 4},
	{"mai may mei mag", 5},
	{"juin jun giu", 6},
	{"juil jul lug", 7},
	{"aug aou aoû ago", 8},
	{"sep set", 9},
	{"oct okt ott out", 10},
	{"nov", 11},
	{"dec déc dez dic", 12},
}

func month(word string) int {
	word = note.Fold(word)
	for _, m := range months {
		for name := range strings.FieldsSeq(m.names) {
			if strings.HasPrefix(word, note.Fold(name)) {
				return m.month
			}
		}
	}
	return 0
}

// american is a time as it stands behind dates with the month in front.
var american = regexp.MustCompile(`\d\s?[AP]M$`)

// day reads a day as programs write it: 2024-03-05, 05 Mar 2024, 7-Feb-22, 5 de mar.
// de 2024, Mar 5, 2024, 5.3.2024, 3/25/24. A time behind it is let be. One that can
// be read in two ways is not guessed.
func day(text string) (civil.Date, error) {
	text = clean(text)
	if d, err := civil.ParsePrefix(text); err == nil {
		return d, nil
	}
	var numbers []string
	word, named := 0, false
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ':' }) {
		switch {
		case strings.ContainsRune(part, ':'): // a time
		case part[0] >= '0' && part[0] <= '9':
			digits := strings.TrimRight(part, "stndrhoºª")
			if len(numbers) < 3 {
				numbers = append(numbers, digits)
			}
		case !named && month(part) > 0:
			word, named = month(part), true
		}
	}
	n := make([]int, len(numbers))
	for i, text := range numbers {
		v, err := strconv.Atoi(text)
		if err != nil {
			return civil.Date{}, errNoDay
		}
		n[i] = v
	}
	year := func(i int) int {
		if len(numbers[i]) <= 2 {
			return 2000 + n[i]
		}
		return n[i]
	}
	of := func(y, m, d int) (civil.Date, error) {
		if date, ok := civil.Of(y, m, d); ok {
			return date, nil
		}
		return civil.Date{}, errNoDay
	}
	switch {
	case named && len(n) >= 2 && len(numbers[0]) == 4: // 2024 Mar 5
		return of(n[0], word, n[1])
	case named && len(n) >= 2:
		return of(year(1), word, n[0])
	case len(n) < 3:
		return civil.Date{}, errNoDay
	case len(numbers[0]) == 4:
		return of(n[0], n[1], n[2])
	case strings.Contains(text, "."): // with dots the day comes first everywhere
		return of(year(2), n[1], n[0])
	case n[0] > 12 || n[0] == n[1]:
		return of(year(2), n[1], n[0])
	case n[1] > 12, american.MatchString(text):
		return of(year(2), n[0], n[1])
	}
	return civil.Date{}, errTwoDays
}

// clock finds the time in a text with a date: HH:MM, or "".
func clock(text string) string {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == 'T' || r == ',' || r == 'Z' || r == '+' }) {
		if t, err := time.Parse("15:04:05", part); err == nil {
			return t.Format("15:04")
		}
		if t, err := time.Parse("15:04", part); err == nil {
			return t.Format("15:04")
		}
	}
	return ""
}

// yearly reads a birthday: as FORMAT.md writes it, as vCard does (19800322, --0203),
// or as a day. The year 1604 is an unknown one.
func yearly(text string) (string, error) {
	text = clean(text)
	if i := strings.IndexByte(text, 'T'); i >= 8 || i == 6 && strings.HasPrefix(text, "--") {
		text = text[:i]
	}
	digits := strings.ReplaceAll(text, "-", "")
	switch {
	case text == "":
		return "", errNoDay
	case len(digits) == 4 && strings.HasPrefix(text, "--"):
		text = digits[:2] + "-" + digits[2:]
	case len(digits) == 8 && len(text) == 8:
		text = digits[:4] + "-" + digits[4:6] + "-" + digits[6:]
	}
	if y, err := civil.ParseYearly(text); err == nil {
		return spellYearly(y), nil
	}
	if y, ok := civil.Spelled(text); ok {
		return spellYearly(y), nil
	}
	d, err := day(text)
	if err != nil {
		return "", err
	}
	return d.String(), nil
}

func spellYearly(y civil.Yearly) string {
	year := int(y.Year)
	if year == 1604 {
		year = 0
	}
	if year == 0 {
		return civil.In(2000, int(y.Month), int(y.Day)).String()[len("2000-"):]
	}
	return civil.In(year, int(y.Month), int(y.Day)).String()
}
