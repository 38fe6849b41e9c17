package civil_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/internal/civil"
)

// 2026-11-23 is a Monday.
func TestWords(t *testing.T) {
	t.Parallel()
	today := date(t, "2026-11-23")
	for _, c := range []struct{ text, behind, ahead string }{
		{"2026-11-02", "2026-11-02", "2026-11-02"},
		{"2031-01-01", "2031-01-01", "2031-01-01"},
		{"today", "2026-11-23", "2026-11-23"},
		{" Today ", "2026-11-23", "2026-11-23"},
		{"yesterday", "2026-11-22", "2026-11-22"},
		{"tomorrow", "2026-11-24", "2026-11-24"},
		{"the day before yesterday", "2026-11-21", "2026-11-21"},
		{"day after tomorrow", "2026-11-25", "2026-11-25"},
		{"friday", "2026-11-20", "2026-11-27"},
		{"Fri", "2026-11-20", "2026-11-27"},
		{"on friday", "2026-11-20", "2026-11-27"},
		{"this friday", "2026-11-20", "2026-11-27"},
		{"last friday", "2026-11-20", "2026-11-20"},
		{"next friday", "2026-11-27", "2026-11-27"},
		{"next tuesday", "2026-12-01", "2026-12-01"}, // tomorrow is a Tuesday
		{"tuesday", "2026-11-17", "2026-11-24"},
		{"sunday", "2026-11-22", "2026-11-29"},
		{"tues", "2026-11-17", "2026-11-24"},
		{"thurs", "2026-11-19", "2026-11-26"},
		{"last monday", "2026-11-16", "2026-11-16"},
		{"next monday", "2026-11-30", "2026-11-30"},
		{"3 days ago", "2026-11-20", "2026-11-20"},
		{"1 day ago", "2026-11-22", "2026-11-22"},
		{"a week ago", "2026-11-16", "2026-11-16"},
		{"one week ago", "2026-11-16", "2026-11-16"},
		{"2w ago", "2026-11-09", "2026-11-09"},
		{"2 months ago", "2026-09-23", "2026-09-23"},
		{"a year ago", "2025-11-23", "2025-11-23"},
		{"in 2 weeks", "2026-12-07", "2026-12-07"},
		{"in a month", "2026-12-23", "2026-12-23"},
		{"in 10 days", "2026-12-03", "2026-12-03"},
		{"nov 2", "2026-11-02", "2027-11-02"},
		{"2 nov", "2026-11-02", "2027-11-02"},
		{"2 nov.", "2026-11-02", "2027-11-02"},
		{"nov 2nd", "2026-11-02", "2027-11-02"},
		{"the 2nd of November", "2026-11-02", "2027-11-02"},
		{"november 23", "2026-11-23", "2026-11-23"},
		{"nov 24", "2025-11-24", "2026-11-24"},
		{"1 may", "2026-05-01", "2027-05-01"},
		{"sept 1", "2026-09-01", "2027-09-01"},
		{"dec 31", "2025-12-31", "2026-12-31"},
		{"nov 2 2024", "2024-11-02", "2024-11-02"},
		{"2 nov, 2024", "2024-11-02", "2024-11-02"},
		{"November 2nd, 2024", "2024-11-02", "2024-11-02"},
		{"feb 29", "2024-02-29", "2028-02-29"},
	} {
		for ahead, want := range map[bool]string{false: c.behind, true: c.ahead} {
			got, err := civil.ParseWords(c.text, today, ahead)
			if err != nil || got.String() != want {
				t.Errorf("%q, ahead %v: %v, %v; want %s", c.text, ahead, got, err, want)
			}
		}
	}
}

// What is no day, or might be more than one.
func TestWordsThatAreNoDay(t *testing.T) {
	t.Parallel()
	today := date(t, "2026-11-23")
	for text, want := range map[string]string{
		"": "accepted", "soon": "accepted", "last": "accepted", "week": "accepted", "last week": "accepted", "ago": "accepted",
		"days ago": "accepted", "3 ago": "accepted", "in 3": "accepted", "in": "accepted", "in 3 days ago": "accepted",
		"3 days": "accepted", "-3 days ago": "accepted", "weekly ago": "accepted", "in p3m": "accepted", "1.5 days ago": "accepted",
		"2000 days ago": "accepted", "every friday": "accepted", "02/11/2026": "accepted", "2/11": "accepted", "11-02": "accepted",
		"nov": "accepted", "2": "accepted", "nov 2 26": "accepted", "2024 nov": "accepted", "nov nov 2": "accepted",
		"no 2": "accepted", "novembre 2": "accepted", "2 of 3": "accepted", "nov 2 2024 2025": "accepted",
		"2026-02-30": "no day 30", "2026-13-01": "no month 13", "feb 30": "February has no day 30", "feb 29 2025": "2025-02 has no day 29",
		"nov 0": "accepted", "nov 31": "no day 31",
		"monday": "today is a Monday: say today, last monday (2026-11-16) or next monday (2026-11-30)",
	} {
		for _, ahead := range []bool{false, true} {
			got, err := civil.ParseWords(text, today, ahead)
			if err == nil || !strings.Contains(err.Error(), want) || want == "accepted" && !errors.Is(err, civil.ErrWords) {
				t.Errorf("%q, ahead %v: %v, %v; want an error with %q", text, ahead, got, err, want)
			}
		}
	}
}

// What leaves open which side of today it is on is on the side that is meant.
func TestWordsAreOnTheSideThatIsMeant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start, _ := civil.Of(2000, 1, 1)
		today := start.AddDays(rapid.IntRange(0, 40000).Draw(t, "today"))
		text := rapid.SampledFrom([]string{"tue", "saturday", "jan 1", "31 dec", "29 feb", "2 nov"}).Draw(t, "text")
		for _, ahead := range []bool{false, true} {
			d, err := civil.ParseWords(text, today, ahead)
			if err != nil && !strings.Contains(err.Error(), "today is a") {
				t.Fatalf("%q on %v: %v", text, today, err)
			}
			if err == nil && (ahead && d.Before(today) || !ahead && d.After(today)) {
				t.Errorf("%q on %v, ahead %v: %v", text, today, ahead, d)
			}
		}
	})
}
