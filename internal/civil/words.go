package civil

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DateForms names what [ParseWords] accepts, for messages to people.
const DateForms = `2026-11-02, today, yesterday, friday, last friday, 3 days ago, a week ago, nov 2, 2 nov 2025; ` +
	`of days to come: tomorrow, next friday, in 2 weeks`

// ErrWords says that a text is not one of the forms of a day in words.
var ErrWords = errors.New("not a day: accepted are " + DateForms)

// ParseWords reads a day as people say it, seen from today: a date of the form
// YYYY-MM-DD, today, yesterday, tomorrow, a day of the week, so many days, weeks,
// months or years ago or from now, a day of a month. Where the text leaves open
// whether a day behind or ahead is meant, as "friday" and "nov 2" do, ahead decides:
// the last such day, today among them, or the next one. The error is [ErrWords], or
// says why a text of one of these forms is no day.
func ParseWords(text string, today Date, ahead bool) (Date, error) {
	if d, err := Parse(strings.TrimSpace(text)); !errors.Is(err, ErrNotADate) {
		return d, err
	}
	words := strings.Fields(strings.NewReplacer(",", " ", ".", " ").Replace(strings.ToLower(text)))
	switch strings.Join(words, " ") {
	case "today":
		return today, nil
	case "yesterday":
		return today.AddDays(-1), nil
	case "tomorrow":
		return today.AddDays(1), nil
	case "the day before yesterday", "day before yesterday":
		return today.AddDays(-2), nil
	case "the day after tomorrow", "day after tomorrow":
		return today.AddDays(2), nil
	}
	if d, err := weekdayIn(words, today, ahead); !errors.Is(err, ErrWords) {
		return d, err
	}
	if d, err := spanFrom(words, today); !errors.Is(err, ErrWords) {
		return d, err
	}
	return dayOfMonth(words, today, ahead)
}

// weekdayIn reads a day of the week: friday, last fri, on friday, next friday.
func weekdayIn(words []string, today Date, ahead bool) (Date, error) {
	if len(words) == 0 || len(words) > 2 {
		return Date{}, ErrWords
	}
	day, ok := weekdays[words[len(words)-1]]
	if !ok {
		return Date{}, ErrWords
	}
	since := (int(today.Weekday()) - int(day) + 7) % 7
	last, next := today.AddDays(-since), today.AddDays(7-since)
	if since == 0 {
		last = today.AddDays(-7)
	}
	which := ""
	if len(words) == 2 {
		which = words[0]
	}
	if which == "next" && next == today.AddDays(1) { // who means tomorrow says so
		next = next.AddDays(7)
	}
	switch {
	case which == "last":
		return last, nil
	case which == "next":
		return next, nil
	case which != "" && which != "on" && which != "this":
		return Date{}, ErrWords
	case since == 0:
		return Date{}, fmt.Errorf("today is a %[1]v: say today, last %[2]s (%[3]v) or next %[2]s (%[4]v)", day, words[len(words)-1], last, next)
	case ahead:
		return next, nil
	}
	return last, nil
}

var weekdays = func() map[string]time.Weekday {
	m := map[string]time.Weekday{"tues": time.Tuesday, "thur": time.Thursday, "thurs": time.Thursday}
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		m[name], m[name[:3]] = d, d
	}
	return m
}()

// spanFrom reads a length of time from today: 3 days ago, a week ago, in 2 weeks,
// 2w ago, in a month.
func spanFrom(words []string, today Date) (Date, error) {
	n := len(words)
	if n < 2 || (words[0] == "in") == (words[n-1] == "ago") {
		return Date{}, ErrWords
	}
	ago := words[n-1] == "ago"
	span := words[1:]
	if ago {
		span = words[:n-1]
	}
	if len(span) == 2 && (span[0] == "a" || span[0] == "an" || span[0] == "one") {
		span = []string{"1", span[1]}
	}
	if len(span) == 0 || strings.Trim(span[len(span)-1], "0123456789") == "" {
		return Date{}, ErrWords // a number of what?
	}
	c, err := ParseCadence(strings.Join(span, " "))
	if err != nil || strings.Trim(span[0][:1], "0123456789") != "" {
		return Date{}, ErrWords
	}
	d := c.From(today)
	if ago {
		d = c.Before(today)
	}
	if d.Year() < 1 || d.Year() > 9999 {
		return Date{}, ErrWords
	}
	return d, nil
}

// dayOfMonth reads a day of a month: nov 2, 2 november, the 2nd of nov 2025. Without
// a year it is the last one that there was, or the next one.
func dayOfMonth(words []string, today Date, ahead bool) (Date, error) {
	var day, month, year int
	for i, w := range words {
		number := w
		for _, end := range []string{"st", "nd", "rd", "th"} {
			number = strings.TrimSuffix(number, end)
		}
		n, err := strconv.Atoi(number)
		switch {
		case w == "the" && i == 0 || w == "of" && day != 0 && month == 0:
		case month == 0 && monthOf(w) != 0:
			month = monthOf(w)
		case err != nil || n < 1:
			return Date{}, ErrWords
		case day == 0 && len(number) <= 2:
			day = n
		case year == 0 && month != 0 && len(w) == 4:
			year = n
		default:
			return Date{}, ErrWords
		}
	}
	switch {
	case day == 0 || month == 0:
		return Date{}, ErrWords
	case year != 0:
		return Parse(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	}
	step := -1
	if ahead {
		step = 1
	}
	for year = today.Year(); year >= today.Year()-8 && year <= today.Year()+8; year += step { // 29 February
		if d, ok := Of(year, month, day); ok && (ahead && !d.Before(today) || !ahead && !d.After(today)) {
			return d, nil
		}
	}
	return Date{}, fmt.Errorf("%s has no day %d", time.Month(month), day)
}

// monthOf returns the month that a word names in full or by its first three letters
// at least, or 0.
func monthOf(word string) int {
	for m := time.January; m <= time.December; m++ {
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(m.String()), word) {
			return int(m)
		}
	}
	return 0
}
