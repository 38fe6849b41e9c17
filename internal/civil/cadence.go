package civil

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a cadence counts.
type Unit uint8

// The units of a cadence. Days and weeks are exact; months, quarters and
// years are calendar months.
const (
	Day Unit = iota + 1
	Week
	Month
	Quarter
	Year
)

func (u Unit) String() string {
	switch u {
	case Day:
		return "day"
	case Week:
		return "week"
	case Month:
		return "month"
	case Quarter:
		return "quarter"
	case Year:
		return "year"
	}
	return ""
}

// Cadence is how often to be in touch: a number of units, or never. The zero
// Cadence is none at all, which is not the same as [Never] (FORMAT.md,
// "Cadence": never is a choice, not an absence).
type Cadence struct {
	N    int
	Unit Unit
}

// Never is the cadence of somebody one has chosen not to be reminded of.
var Never = Cadence{N: -1}

// CadenceForms names what [ParseCadence] accepts, for messages to people.
const CadenceForms = `a number and a unit (10 days, 6 weeks or 6w, 3 months, 2 quarters, 1 year), ` +
	`a bare number of days, daily, weekly, fortnightly, monthly, quarterly, yearly, annually, never, or an ISO duration such as P3M; ` +
	`at most 1200 of a unit and 100 years`

// ErrCadence says that a text is not one of the forms of a cadence.
var ErrCadence = errors.New("not a rhythm: accepted are " + CadenceForms)

// twofold is what the words mean that mean two things, each without its -ly and in one.
var twofold = map[string]string{
	"biweek":   "every two weeks to some and twice a week to others",
	"bimonth":  "every two months to some and twice a month to others",
	"biyear":   "every two years to some and twice a year to others",
	"biannual": "every two years to some and twice a year to others",
}

// inOne writes a word in one: bi-weekly, bi weekly.
var inOne = strings.NewReplacer("-", "", " ", "")

// ParseCadence reads a cadence in one of the forms of FORMAT.md, "Cadence".
// The error is [ErrCadence] for anything else; for "biweekly", which means two
// things, it says so.
func ParseCadence(s string) (Cadence, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	rest, every := strings.CutPrefix(s, "every ")
	if s = strings.TrimSpace(rest); every && unitOf(s) != 0 && s != "" { // every week
		return Cadence{1, unitOf(s)}, nil
	}
	if meanings, ok := twofold[strings.TrimSuffix(inOne.Replace(s), "ly")]; ok {
		return Cadence{}, fmt.Errorf("%s, so it is %w", meanings, ErrCadence)
	}
	switch s {
	case "daily":
		return Cadence{1, Day}, nil
	case "weekly":
		return Cadence{1, Week}, nil
	case "fortnightly":
		return Cadence{2, Week}, nil
	case "monthly":
		return Cadence{1, Month}, nil
	case "quarterly":
		return Cadence{1, Quarter}, nil
	case "yearly", "annually":
		return Cadence{1, Year}, nil
	case "never":
		return Never, nil
	}
	iso := strings.HasPrefix(s, "p")
	if iso {
		s = s[1:]
	}
	number := len(s) - len(strings.TrimLeft(s, "0123456789"))
	unit := strings.TrimLeft(s[number:], " \t")
	c := Cadence{Unit: unitOf(unit)}
	switch {
	case number == 0 || number > 4 || c.Unit == 0:
		return Cadence{}, ErrCadence
	case iso && (len(unit) != 1 || unit == "q" || len(s) != number+1):
		return Cadence{}, ErrCadence
	}
	c.N, _ = strconv.Atoi(s[:number])
	if c.N < 1 || c.N > 1200 || c.months() > 1200 {
		return Cadence{}, ErrCadence
	}
	return c, nil
}

func unitOf(word string) Unit {
	switch word {
	case "", "d", "day", "days":
		return Day
	case "w", "week", "weeks":
		return Week
	case "m", "mo", "month", "months":
		return Month
	case "q", "quarter", "quarters":
		return Quarter
	case "y", "year", "years":
		return Year
	}
	return 0
}

// Units lists the spelled-out words a unit may have, for suggestions.
func Units() []string {
	return []string{"day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year", "years"}
}

// IsZero says whether c is no cadence at all.
func (c Cadence) IsZero() bool { return c == Cadence{} }

// Recurs says whether c is a number of units: neither none nor [Never].
func (c Cadence) Recurs() bool { return c.Unit != 0 }

// String spells c with the unit in full, singular for 1: "6 weeks".
// [ParseCadence] reads it back. The zero Cadence is the empty string.
func (c Cadence) String() string {
	switch {
	case c == Never:
		return "never"
	case !c.Recurs():
		return ""
	case c.N == 1:
		return "1 " + c.Unit.String()
	}
	return strconv.Itoa(c.N) + " " + c.Unit.String() + "s"
}

// months returns the calendar months of c, 0 for days and weeks.
func (c Cadence) months() int {
	switch c.Unit {
	case Month:
		return c.N
	case Quarter:
		return 3 * c.N
	case Year:
		return 12 * c.N
	}
	return 0
}

// From returns base + c. It is base itself for a cadence that does not recur.
func (c Cadence) From(base Date) Date {
	switch c.Unit {
	case Day:
		return base.AddDays(c.N)
	case Week:
		return base.AddDays(7 * c.N)
	case Month, Quarter, Year:
		return base.AddMonths(c.months())
	}
	return base
}

// Before returns base - c, for asking what lies within c before a day.
func (c Cadence) Before(base Date) Date {
	switch c.Unit {
	case Day:
		return base.AddDays(-c.N)
	case Week:
		return base.AddDays(-7 * c.N)
	case Month, Quarter, Year:
		return base.AddMonths(-c.months())
	}
	return base
}

// RoughDays returns the length of c in days for comparing cadences of circles:
// months count 30 days, quarters 90 and years 365 (FORMAT.md, "Cadence").
func (c Cadence) RoughDays() int {
	switch c.Unit {
	case Week:
		return 7 * c.N
	case Month:
		return 30 * c.N
	case Quarter:
		return 90 * c.N
	case Year:
		return 365 * c.N
	}
	return c.N
}

// MeanDays returns the mean length of c in days: months 30.4375 days, quarters
// three of these, years 365.25 (FORMAT.md, "Load").
func (c Cadence) MeanDays() float64 {
	switch c.Unit {
	case Day:
		return float64(c.N)
	case Week:
		return float64(7 * c.N)
	}
	return 30.4375 * float64(c.months())
}
