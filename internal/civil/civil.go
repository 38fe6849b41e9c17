// Package civil has dates without a time zone and the cadences that are added
// to them. It is the arithmetic under everything kith says is due, and it
// imports nothing of kith.
//
// The rules are those of FORMAT.md: civil dates in its first section, cadences
// in "Cadence", and the calendar arithmetic in "What is due".
package civil

import (
	"errors"
	"fmt"
	"time"
)

// Date is a day of the proleptic Gregorian calendar, without a time zone.
// The zero Date is no date at all. Dates compare with ==; use [Date.Before]
// and [Date.After] for their order.
type Date struct {
	// n counts days from 1 January of the year 1, which is 1, so that the
	// zero value is free to mean "no date".
	n int32
}

// epoch is the n of 1970-01-01.
const epoch = 719163

// ErrNotADate says that a text does not have the form YYYY-MM-DD.
var ErrNotADate = errors.New("not a date of the form YYYY-MM-DD")

// Of returns the date of a year from 1 on, a month and a day, or false if the
// calendar has no such day.
func Of(year, month, day int) (Date, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > DaysIn(year, month) {
		return Date{}, false
	}
	return of(year, month, day), true
}

// of is Of for a day known to exist.
func of(year, month, day int) Date {
	// Count from March, so that the leap day is the last of its year: the
	// month lengths from March on repeat in a pattern of 153 days for 5 months.
	y, m := year, month-3
	if m < 0 {
		y--
		m += 12
	}
	return Date{int32(365*y + floorDiv(y, 4) - floorDiv(y, 100) + floorDiv(y, 400) + (153*m+2)/5 + day - 306)}
}

func floorDiv(a, b int) int {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

// FromTime returns the local day of t.
func FromTime(t time.Time) Date {
	y, m, d := t.Date()
	return of(y, int(m), d)
}

// Parse reads a date of the form YYYY-MM-DD. The error is [ErrNotADate] for
// another form, and names the fault for a day that the calendar does not have.
func Parse(s string) (Date, error) {
	if len(s) != 10 {
		return Date{}, ErrNotADate
	}
	return ParsePrefix(s)
}

// ParsePrefix reads the date that the first ten bytes of s spell.
func ParsePrefix(s string) (Date, error) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, ErrNotADate
	}
	y, ok1 := digits(s[:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:10])
	if !ok1 || !ok2 || !ok3 {
		return Date{}, ErrNotADate
	}
	if date, ok := Of(y, m, d); ok {
		return date, nil
	}
	switch {
	case y < 1:
		return Date{}, errors.New("there is no year 0000")
	case m < 1 || m > 12:
		return Date{}, fmt.Errorf("there is no month %02d", m)
	}
	return Date{}, fmt.Errorf("%04d-%02d has no day %02d", y, m, d)
}

func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// IsZero says whether d is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// YMD returns the year, the month from 1 to 12 and the day of the month.
func (d Date) YMD() (year, month, day int) {
	// The inverse of of: days since 1 March of the year 0, in cycles of 400
	// years, whose last day is a leap day.
	z := int(d.n) + 305
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = mp + 3
	year = yoe + era*400
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

// Year returns the year of d.
func (d Date) Year() int {
	y, _, _ := d.YMD()
	return y
}

// String spells d as YYYY-MM-DD; the zero Date is the empty string.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.Append(nil))
}

// Append adds the spelling YYYY-MM-DD of a date that is not zero to b.
func (d Date) Append(b []byte) []byte {
	y, m, day := d.YMD()
	if y > 9999 {
		return fmt.Appendf(b, "%d-%02d-%02d", y, m, day)
	}
	return append(b,
		byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-',
		byte('0'+day/10), byte('0'+day%10))
}

// MarshalJSON writes the date as a string, no date as null.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return append(d.Append([]byte{'"'}), '"'), nil
}

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) }

// SinceEpoch returns the number of days from 1970-01-01 to d.
func (d Date) SinceEpoch() int { return int(d.n) - epoch }

// Before says whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After says whether d is later than e.
func (d Date) After(e Date) bool { return d.n > e.n }

// Compare orders dates, no date first.
func (d Date) Compare(e Date) int { return int(d.n) - int(e.n) }

// Sub returns the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d.n) - int(e.n) }

// AddDays returns the date n days after d.
func (d Date) AddDays(n int) Date { return Date{d.n + int32(n)} }

// AddMonths returns the same day n calendar months later, the day clamped to
// the month's last: 31 January + 1 month is 28 or 29 February (FORMAT.md,
// "What is due").
func (d Date) AddMonths(n int) Date {
	y, m, day := d.YMD()
	m += n - 1
	y += floorDiv(m, 12)
	m -= floorDiv(m, 12) * 12
	return of(y, m+1, min(day, DaysIn(y, m+1)))
}

// In returns the day in the given year on which a yearly date is observed:
// 29 February on the 28th in years without one (FORMAT.md, "Frontmatter").
func In(year, month, day int) Date {
	return of(year, month, min(day, DaysIn(year, month)))
}

// DaysIn returns the number of days of a month.
func DaysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
