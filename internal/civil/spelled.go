package civil

import (
	"regexp"
	"strconv"
	"strings"
)

// clock is what may stand behind the day in a date with a time.
var clock = regexp.MustCompile(`^[Tt ] *[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)? ?([Zz]|[-+][0-9]{2}:?[0-9]{2})?$`)

// ParseStamp reads a date of the form YYYY-MM-DD, or as other programs write it:
// 2026-05-02T10:00:00, 2026-05-02 10:00, 2026/05/02 or [[2026-05-02]] (FORMAT.md,
// "Frontmatter"). The errors are those of [Parse].
func ParseStamp(s string) (Date, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "[[") && strings.HasSuffix(s, "]]") {
		s, _, _ = strings.Cut(s[2:len(s)-2], "|")
		s = strings.TrimSpace(s)
	}
	if len(s) > 10 && clock.MatchString(s[10:]) {
		s = s[:10]
	}
	if len(s) == 10 && s[4] == '/' && s[7] == '/' {
		s = s[:4] + "-" + s[5:7] + "-" + s[8:]
	}
	return Parse(s)
}

// spelling is a day in numbers, or with a month in words, each part with the sign
// behind it.
var spelling = regexp.MustCompile(`^(\pL+|[0-9]+)(?:st|nd|rd|th)?([-/., ]+(?:of )?)(\pL+|[0-9]+)(?:st|nd|rd|th)?(?:([-/., ]+)([0-9]+))?\.?$`)

// Spelled reads a day that is written as people write it elsewhere: 2026-5-2,
// 20260502, 2.5.2026, 2 May 2026, May 2nd, 31/12/2026. The year is 0 where there is
// none. It is false for what may be read as two days, such as 2/5/2026.
func Spelled(text string) (Yearly, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if len(text) == 8 && strings.Trim(text, "0123456789") == "" {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	m := spelling.FindStringSubmatch(text)
	if m == nil {
		return Yearly{}, false
	}
	a, sign, b, year := m[1], m[2][0], m[3], m[5]
	if len(a) == 4 && isNumber(a) { // the year comes first
		if year == "" {
			return Yearly{}, false
		}
		return spelled(a, b, year)
	}
	if year != "" && len(year) != 4 {
		return Yearly{}, false
	}
	switch month, day := monthOf(a), monthOf(b); {
	case month != 0 && isNumber(b):
		return spelled(year, strconv.Itoa(month), b)
	case day != 0 && isNumber(a):
		return spelled(year, strconv.Itoa(day), a)
	case sign == '.':
		return spelled(year, b, a)
	}
	first, firstOK := spelled(year, a, b)
	second, secondOK := spelled(year, b, a)
	switch {
	case firstOK && secondOK && first != second:
		return Yearly{}, false
	case firstOK:
		return first, true
	}
	return second, secondOK
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }

// spelled returns the day of a year, which may be empty, a month and a day in digits.
func spelled(year, month, day string) (Yearly, bool) {
	m, errMonth := strconv.Atoi(month)
	d, errDay := strconv.Atoi(day)
	if errMonth != nil || errDay != nil || len(month) > 2 || len(day) > 2 {
		return Yearly{}, false
	}
	if year == "" {
		return yearless(m, d)
	}
	y, err := strconv.Atoi(year)
	if _, exists := Of(y, m, d); err != nil || !exists {
		return Yearly{}, false
	}
	return Yearly{int16(y), int8(m), int8(d)}, true
}
