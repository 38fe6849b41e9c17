package civil

import (
	"errors"
	"fmt"
)

// Yearly is a day that comes round every year, such as a birthday. Year is 0
// where it is unknown.
type Yearly struct {
	Year       int16
	Month, Day int8
}

// ErrYearly says that a text is not a yearly date.
var ErrYearly = errors.New("not a yearly date: accepted are YYYY-MM-DD, MM-DD and --MM-DD")

// noYear is the year that stands for one which is not known where a date must have
// one: Apple's address book writes it.
const noYear = 1604

// ParseYearly reads the forms YYYY-MM-DD, in any spelling that [ParseStamp] reads,
// MM-DD and --MM-DD (FORMAT.md, "Frontmatter").
func ParseYearly(s string) (Yearly, error) {
	d, err := ParseStamp(s)
	switch {
	case err == nil:
		y, m, day := d.YMD()
		if y == noYear {
			y = 0
		}
		return Yearly{int16(y), int8(m), int8(day)}, nil
	case !errors.Is(err, ErrNotADate):
		return Yearly{}, fmt.Errorf("%w (%v)", ErrYearly, err)
	case len(s) == 7 && s[:2] == "--":
		s = s[2:]
	case len(s) != 5:
		return Yearly{}, ErrYearly
	}
	m, ok1 := digits(s[:2])
	day, ok2 := digits(s[3:])
	y, exists := yearless(m, day)
	if s[2] != '-' || !ok1 || !ok2 || !exists {
		return Yearly{}, ErrYearly
	}
	return y, nil
}

// yearless returns a day of a month, or false if no year has it.
func yearless(month, day int) (Yearly, bool) {
	_, exists := Of(2000, month, day) // any leap year allows 29 February
	return Yearly{0, int8(month), int8(day)}, exists
}

// IsZero says whether y is no day.
func (y Yearly) IsZero() bool { return y.Month == 0 }

// Next returns the first day on or after from on which y is observed, and how
// many years it then is since y. known is false where y has no year.
func (y Yearly) Next(from Date) (day Date, years int, known bool) {
	year := max(from.Year(), int(y.Year)) // it does not come round before it begins
	day = In(year, int(y.Month), int(y.Day))
	if day.Before(from) {
		year++
		day = In(year, int(y.Month), int(y.Day))
	}
	return day, year - int(y.Year), y.Year != 0
}

// String spells y as it may be written: YYYY-MM-DD or MM-DD.
func (y Yearly) String() string {
	switch {
	case y.IsZero():
		return ""
	case y.Year == 0:
		return fmt.Sprintf("%02d-%02d", y.Month, y.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", y.Year, y.Month, y.Day)
}
