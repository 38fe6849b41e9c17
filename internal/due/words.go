package due

import (
	"strconv"

	"kith/internal/civil"
)

// When says when a day is, seen from today, as people say it: 3 weeks ago,
// yesterday, today, in 2 days.
func When(today, day civil.Date) string {
	switch n := day.Sub(today); {
	case n < -1:
		return Span(-n) + " ago"
	case n == -1:
		return "yesterday"
	case n == 0:
		return "today"
	case n == 1:
		return "tomorrow"
	default:
		return "in " + Span(n)
	}
}

// Span says how long a number of days is, as people say it: 5 days, 3 weeks, 2
// months. It is rounded down to the unit, but for months and years, which are
// rounded to the nearest.
func Span(days int) string {
	switch {
	case days < 14:
		return count(days, "day")
	case days < 60:
		return count(days/7, "week")
	case days < 730:
		return count((days*100+1521)/3044, "month")
	}
	return count((days*4+730)/1461, "year")
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}
