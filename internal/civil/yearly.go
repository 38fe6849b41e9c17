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

// ParseYearly reads the forms YYYY-MM-DD, MM-DD and --MM-DD (FORMAT.md,
// "Frontmatter").
func ParseYearly(s string) (Yearly, error) {
	switch {
	case len(s) == 10:
		d, err := Parse(s)
		if err != nil {
			return Yearly{}, fmt.Errorf("%w (%v)", ErrYearly, err)
		}
		y, m, day := d.YMD()
		return Yearly{int16(y), int8(m), int8(day)}, nil
	case len(s) == 7 && s[:2] == "--":
		s = s[2:]
	case len(s) != 5:
		return Yearly{}, ErrYearly
	}
	m, ok1 := digits(s[:2])
	d, ok2 := digits(s[3:])
	// Any leap year will do to allow 29 February.
	if _, exists := Of(2000, m, d); s[2] != '-' || !ok1 || !ok2 || !exists {
		return Yearly{}, ErrYearly
	}
	return Yearly{0, int8(m), int8(d)}, nil
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
