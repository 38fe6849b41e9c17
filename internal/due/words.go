package due

import (
	"strconv"
	"time"

	"kith/internal/civil"
)

// When says when a day is, seen from today, as people say it: 3 weeks ago,
// yesterday, today, in 2 days.
func When(today, day civil.Date) string { return string(AppendWhen(nil, today, day)) }

// AppendWhen appends what [When] says to b.
func AppendWhen(b []byte, today, day civil.Date) []byte {
	switch n := day.Sub(today); {
	case n < -1:
		return append(appendSpan(b, -n), " ago"...)
	case n == -1:
		return append(b, "yesterday"...)
	case n == 0:
		return append(b, "today"...)
	case n == 1:
		return append(b, "tomorrow"...)
	default:
		return appendSpan(append(b, "in "...), n)
	}
}

// Day says a day as a letter does, with the year if it is not that of today: 20 May.
func Day(today, day civil.Date) string {
	_, _, d := day.YMD()
	return strconv.Itoa(d) + " " + MonthOf(today, day)
}

// MonthOf says the month of a day, with the year if it is not that of today.
func MonthOf(today, day civil.Date) string {
	year, month, _ := day.YMD()
	if year == today.Year() {
		return time.Month(month).String()
	}
	return time.Month(month).String() + " " + strconv.Itoa(year)
}

// Span says how long a number of days is, as people say it: 5 days, 3 weeks, 2
// months. It is rounded down to the unit, but for months and years, which are
// rounded to the nearest.
func Span(days int) string { return string(appendSpan(nil, days)) }

func appendSpan(b []byte, days int) []byte {
	n, unit := days, " day"
	switch {
	case days < 14:
	case days < 60:
		n, unit = days/7, " week"
	case days < 730:
		n, unit = (days*100+1521)/3044, " month"
	default:
		n, unit = (days*4+730)/1461, " year"
	}
	b = append(strconv.AppendInt(b, int64(n), 10), unit...)
	if n != 1 {
		b = append(b, 's')
	}
	return b
}
