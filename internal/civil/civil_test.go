package civil_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kith/internal/civil"
)

// anyDay draws a day of the years 1 to 4000, as the standard library has it.
func anyDay() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		first := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
		return first.AddDate(0, 0, rapid.IntRange(0, 4000*365+969).Draw(t, "days"))
	})
}

func date(t interface{ Fatalf(string, ...any) }, s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatalf("Parse(%q): %v", s, err)
	}
	return d
}

func TestEveryDayOfFourThousandYears(t *testing.T) {
	t.Parallel()
	day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	first := civil.FromTime(day)
	for n := 0; day.Year() <= 4000; n++ {
		d := civil.FromTime(day)
		y, m, dd := d.YMD()
		if wy, wm, wd := day.Date(); y != wy || m != int(wm) || dd != wd {
			t.Fatalf("%s has YMD %d %d %d", day.Format(time.DateOnly), y, m, dd)
		}
		if d.Weekday() != day.Weekday() {
			t.Fatalf("%s is a %s, want %s", d, d.Weekday(), day.Weekday())
		}
		if d.Sub(first) != n || first.AddDays(n) != d || d.AddDays(-n) != first {
			t.Fatalf("%s is %d days after the first, want %d", d, d.Sub(first), n)
		}
		if want := int(day.Unix() / 86400); d.SinceEpoch() != want {
			t.Fatalf("%s is day %d, want %d", d, d.SinceEpoch(), want)
		}
		day = day.AddDate(0, 0, 1)
	}
}

func TestADateIsReadAsItIsSpelled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := anyDay().Draw(t, "day")
		d := civil.FromTime(day)
		if want := day.Format(time.DateOnly); d.String() != want {
			t.Fatalf("String = %q, want %q", d, want)
		}
		if back := date(t, d.String()); back != d {
			t.Fatalf("Parse(%q) = %v", d, back)
		}
		if _, err := civil.ParsePrefix(d.String() + rapid.String().Draw(t, "rest")); err != nil {
			t.Fatalf("ParsePrefix: %v", err)
		}
		if js, err := json.Marshal(d); err != nil || string(js) != `"`+d.String()+`"` {
			t.Fatalf("JSON is %s, %v", js, err)
		}
	})
}

func TestDatesAreOrderedAsTimesAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDay().Draw(t, "a"), anyDay().Draw(t, "b")
		c, d := civil.FromTime(a), civil.FromTime(b)
		if c.Before(d) != a.Before(b) || c.After(d) != a.After(b) || (c == d) != a.Equal(b) {
			t.Fatalf("order of %s and %s", c, d)
		}
		if got, want := c.Compare(d) < 0, a.Before(b); got != want {
			t.Fatalf("Compare(%s, %s) = %d", c, d, c.Compare(d))
		}
		if want := int((a.Unix() - b.Unix()) / 86400); c.Sub(d) != want {
			t.Fatalf("%s - %s = %d, want %d", c, d, c.Sub(d), want)
		}
		n := rapid.IntRange(-40000, 40000).Draw(t, "n")
		if want := a.AddDate(0, 0, n); want.Year() >= 1 && c.AddDays(n) != civil.FromTime(want) {
			t.Fatalf("%s + %d days = %s, want %s", c, n, c.AddDays(n), want.Format(time.DateOnly))
		}
	})
}

func TestMonthsAreAddedWithTheDayClamped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := anyDay().Draw(t, "day")
		n := rapid.IntRange(-1200, 1200).Draw(t, "months")
		// The standard library overflows into the next month: add to the
		// first, then clamp.
		first := time.Date(day.Year(), day.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		if first.Year() < 1 {
			t.Skip("before the first year")
		}
		last := first.AddDate(0, 1, -1).Day()
		want := first.AddDate(0, 0, min(day.Day(), last)-1)
		if got := civil.FromTime(day).AddMonths(n); got != civil.FromTime(want) {
			t.Fatalf("%s + %d months = %s, want %s", day.Format(time.DateOnly), n, got, want.Format(time.DateOnly))
		}
	})
}

func TestAddingMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from string
		months     int
		want       string
	}{
		{"the end of January in a common year", "2026-01-31", 1, "2026-02-28"},
		{"the end of January in a leap year", "2024-01-31", 1, "2024-02-29"},
		{"a century without a leap day", "1900-01-31", 1, "1900-02-28"},
		{"a century with a leap day", "2000-01-31", 1, "2000-02-29"},
		{"the end of March", "2026-03-31", 1, "2026-04-30"},
		{"from a short month the day stays", "2026-02-28", 1, "2026-03-28"},
		{"a leap day a year on", "2024-02-29", 12, "2025-02-28"},
		{"a leap day four years on", "2024-02-29", 48, "2028-02-29"},
		{"over the turn of the year", "2026-11-30", 3, "2027-02-28"},
		{"December", "2026-12-31", 12, "2027-12-31"},
		{"backwards", "2026-03-31", -1, "2026-02-28"},
		{"backwards over the turn of the year", "2026-01-15", -1, "2025-12-15"},
		{"nothing", "2026-01-31", 0, "2026-01-31"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := date(t, c.from).AddMonths(c.months).String(); got != c.want {
				t.Errorf("%s + %d months = %s, want %s", c.from, c.months, got, c.want)
			}
		})
	}
}

var wrongDates = []struct{ name, text, want string }{
	{"nothing", "", civil.ErrNotADate.Error()},
	{"a month of one digit", "2026-1-05", civil.ErrNotADate.Error()},
	{"a day of one digit", "2026-01-5", civil.ErrNotADate.Error()},
	{"slashes", "2026/01/05", civil.ErrNotADate.Error()},
	{"the day first", "05-01-2026", civil.ErrNotADate.Error()},
	{"a letter", "2026-O1-05", civil.ErrNotADate.Error()},
	{"a sign", "+026-01-05", civil.ErrNotADate.Error()},
	{"something after it", "2026-01-05 ", civil.ErrNotADate.Error()},
	{"a time after it", "2026-01-05T10:00", civil.ErrNotADate.Error()},
	{"other digits", "２026-01", civil.ErrNotADate.Error()},
	{"month 13", "2026-13-01", "there is no month 13"},
	{"month 0", "2026-00-01", "there is no month 00"},
	{"31 April", "2026-04-31", "2026-04 has no day 31"},
	{"29 February in a common year", "2026-02-29", "2026-02 has no day 29"},
	{"29 February in a common century", "1900-02-29", "1900-02 has no day 29"},
	{"day 0", "2026-04-00", "2026-04 has no day 00"},
	{"the year 0", "0000-01-01", "there is no year 0000"},
}

func TestWhatIsNoDate(t *testing.T) {
	t.Parallel()
	for _, c := range wrongDates {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, err := civil.Parse(c.text)
			if err == nil || err.Error() != c.want {
				t.Errorf("Parse(%q) = %v, %v; want the error %q", c.text, d, err, c.want)
			}
			if !d.IsZero() {
				t.Errorf("Parse(%q) = %v with an error", c.text, d)
			}
		})
	}
}

func TestNoDate(t *testing.T) {
	t.Parallel()
	var none civil.Date
	if js, err := json.Marshal(none); err != nil || string(js) != "null" {
		t.Errorf("JSON is %s, %v; want null", js, err)
	}
	if none.String() != "" || !none.IsZero() {
		t.Errorf("no date is %q, zero %v", none, none.IsZero())
	}
	if !none.Before(date(t, "0001-01-01")) {
		t.Error("no date is not before the first day")
	}
	if _, ok := civil.Of(2026, 2, 29); ok {
		t.Error("29 February 2026 exists")
	}
}

func TestReadingACadence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]civil.Cadence{
		"daily": {1, civil.Day}, "weekly": {1, civil.Week}, "fortnightly": {2, civil.Week}, "monthly": {1, civil.Month},
		"quarterly": {1, civil.Quarter}, "yearly": {1, civil.Year}, "annually": {1, civil.Year}, "never": civil.Never,
		"10": {10, civil.Day}, "1": {1, civil.Day}, "1200": {1200, civil.Day},
		"3d": {3, civil.Day}, "3 d": {3, civil.Day}, "1 day": {1, civil.Day}, "2 days": {2, civil.Day}, "2days": {2, civil.Day},
		"6w": {6, civil.Week}, "6 w": {6, civil.Week}, "1 week": {1, civil.Week}, "6 weeks": {6, civil.Week}, "6weeks": {6, civil.Week},
		"2m": {2, civil.Month}, "2mo": {2, civil.Month}, "1 month": {1, civil.Month}, "3 months": {3, civil.Month}, "1200 months": {1200, civil.Month},
		"2q": {2, civil.Quarter}, "1 quarter": {1, civil.Quarter}, "400 quarters": {400, civil.Quarter},
		"1y": {1, civil.Year}, "1 year": {1, civil.Year}, "100 years": {100, civil.Year},
		"P3M": {3, civil.Month}, "P10D": {10, civil.Day}, "P6W": {6, civil.Week}, "P1Y": {1, civil.Year}, "p3m": {3, civil.Month},
		"6 Weeks": {6, civil.Week}, "MONTHLY": {1, civil.Month}, " 6 weeks ": {6, civil.Week}, "6  weeks": {6, civil.Week}, "06 weeks": {6, civil.Week},
		"every 6 weeks": {6, civil.Week}, "Every week": {1, civil.Week}, "every quarter": {1, civil.Quarter}, "every  3 months": {3, civil.Month},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if got, err := civil.ParseCadence(text); err != nil || got != want {
				t.Errorf("ParseCadence(%q) = %v, %v; want %v", text, got, err, want)
			}
		})
	}
}

var wrongCadences = []string{
	"", " ", "biweekly", "bimonthly", "0", "0 days", "-3 days", "1201", "1201 days", "101 years", "401 quarters", "1.5 weeks", "a week", "week",
	"6 fortnights", "every", "every other week", "every every week", "bi-weekly", "6 weeks 2 days", "P", "PM", "P3", "P3Q", "P1Y2M", "P3MO", "PT3H", "P 3M", "P3 M", "P0D", "6 week s", "weeks 6",
	"９ days", "99999999999999999999 days", "3 mon", "nevermore", "1e3", "6,5 weeks",
}

func TestWhatIsNoCadence(t *testing.T) {
	t.Parallel()
	for _, text := range wrongCadences {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			c, err := civil.ParseCadence(text)
			if !errors.Is(err, civil.ErrCadence) || !c.IsZero() {
				t.Errorf("ParseCadence(%q) = %v, %v; want the error that lists the forms", text, c, err)
			}
			if err != nil && !strings.Contains(err.Error(), "6 weeks") {
				t.Errorf("the error does not show a form that is right: %v", err)
			}
		})
	}
}

func anyCadence() *rapid.Generator[civil.Cadence] {
	return rapid.Custom(func(t *rapid.T) civil.Cadence {
		c := civil.Cadence{Unit: civil.Unit(rapid.IntRange(int(civil.Day), int(civil.Year)).Draw(t, "unit"))}
		most := map[civil.Unit]int{civil.Quarter: 400, civil.Year: 100}[c.Unit]
		if most == 0 {
			most = 1200
		}
		c.N = rapid.IntRange(1, most).Draw(t, "n")
		return c
	})
}

func TestACadenceIsReadAsItIsSpelled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyCadence().Draw(t, "cadence")
		if back, err := civil.ParseCadence(c.String()); err != nil || back != c {
			t.Fatalf("%v is read as %v, %v", c, back, err)
		}
		if plural := strings.HasSuffix(c.String(), "s"); plural != (c.N != 1) {
			t.Fatalf("%d are spelled %q", c.N, c)
		}
	})
	if back, err := civil.ParseCadence(civil.Never.String()); err != nil || back != civil.Never || back.Recurs() || back.IsZero() {
		t.Errorf("never is read as %v, %v", back, err)
	}
	if none := (civil.Cadence{}); none.String() != "" || none.Recurs() || !none.IsZero() {
		t.Errorf("none is spelled %q", none)
	}
}

func TestACadenceAfterADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, c := civil.FromTime(anyDay().Draw(t, "base")), anyCadence().Draw(t, "cadence")
		end := c.From(base)
		months := map[civil.Unit]int{civil.Month: 1, civil.Quarter: 3, civil.Year: 12}[c.Unit] * c.N
		want := base.AddMonths(months)
		if days := map[civil.Unit]int{civil.Day: 1, civil.Week: 7}[c.Unit]; days > 0 {
			want = base.AddDays(days * c.N)
		}
		if end != want || !end.After(base) {
			t.Fatalf("%s + %v = %s, want %s", base, c, end, want)
		}
		if days := float64(end.Sub(base)); days > c.MeanDays()+4 || days < c.MeanDays()-4 {
			t.Fatalf("%v is %v days long from %s on, and %v in the mean", c, days, base, c.MeanDays())
		}
		if next := c.From(base.AddDays(1)); next.Before(end) {
			t.Fatalf("%v after a later day than %s is earlier", c, base)
		}
	})
	day := date(t, "2026-01-31")
	if civil.Never.From(day) != day || civil.Never.Before(day) != day {
		t.Error("never moves a day")
	}
	if got := (civil.Cadence{N: 1, Unit: civil.Month}).Before(date(t, "2026-03-31")).String(); got != "2026-02-28" {
		t.Errorf("a month before 31 March is %s", got)
	}
}

func TestComparingTheCadencesOfCircles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"10 days": 10, "2 weeks": 14, "1 month": 30, "1 quarter": 90, "1 year": 365} {
		c, err := civil.ParseCadence(text)
		if err != nil || c.RoughDays() != want {
			t.Errorf("%s is %d days, want %d (%v)", text, c.RoughDays(), want, err)
		}
	}
	for text, want := range map[string]float64{"10 days": 10, "2 weeks": 14, "1 month": 30.4375, "1 quarter": 91.3125, "1 year": 365.25} {
		c, err := civil.ParseCadence(text)
		if err != nil || c.MeanDays() != want {
			t.Errorf("%s is %v days in the mean, want %v (%v)", text, c.MeanDays(), want, err)
		}
	}
}

func TestYearlyDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, today, next string
		years                   int
		known                   bool
	}{
		{"still to come this year", "1990-12-10", "2026-11-23", "2026-12-10", 36, true},
		{"today", "1990-11-23", "2026-11-23", "2026-11-23", 36, true},
		{"gone by this year", "1990-11-22", "2026-11-23", "2027-11-22", 37, true},
		{"without a year", "12-10", "2026-11-23", "2026-12-10", 0, false},
		{"without a year, with two dashes", "--12-10", "2026-11-23", "2026-12-10", 0, false},
		{"the day itself", "2026-11-23", "2026-11-23", "2026-11-23", 0, true},
		{"a year still to come, in which it begins", "2030-01-01", "2026-11-23", "2030-01-01", 0, true},
		{"a leap day in a common year", "2000-02-29", "2026-01-01", "2026-02-28", 26, true},
		{"a leap day on the day it is observed", "2000-02-29", "2026-02-28", "2026-02-28", 26, true},
		{"a leap day gone by", "2000-02-29", "2026-03-01", "2027-02-28", 27, true},
		{"a leap day, the day before, in a leap year", "2000-02-29", "2028-02-28", "2028-02-29", 28, true},
		{"a leap day without a year", "02-29", "2026-02-28", "2026-02-28", 0, false},
		{"over the turn of the year", "01-01", "2026-12-31", "2027-01-01", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			y, err := civil.ParseYearly(c.text)
			if err != nil {
				t.Fatal(err)
			}
			day, years, known := y.Next(date(t, c.today))
			if day.String() != c.next || known != c.known || known && years != c.years {
				t.Errorf("%s is next on %s, %d years (known %v); want %s, %d (%v)", c.text, day, years, known, c.next, c.years, c.known)
			}
		})
	}
}

var wrongYearlies = []string{
	"", "12", "12-1", "1-10", "13-01", "00-10", "12-00", "02-30", "04-31", "12/10", "--1210", "--13-01", "---12-10", "1990-12-1", "1990-02-29",
	"0000-12-10", "--12-10x", "ab-cd", "1-2-3", "12:10", "10 December", "december", "--12/10",
}

func TestWhatIsNoYearlyDate(t *testing.T) {
	t.Parallel()
	for _, text := range wrongYearlies {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if y, err := civil.ParseYearly(text); !errors.Is(err, civil.ErrYearly) || !y.IsZero() {
				t.Errorf("ParseYearly(%q) = %v, %v; want an error that lists the forms", text, y, err)
			}
		})
	}
}

func later(a, b civil.Date) civil.Date {
	if a.After(b) {
		return a
	}
	return b
}

func TestAYearlyDateComesWithinTheYear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		born, today := civil.FromTime(anyDay().Draw(t, "born")), civil.FromTime(anyDay().Draw(t, "today"))
		y, err := civil.ParseYearly(born.String())
		if err != nil || y.String() != born.String() {
			t.Fatalf("%s is read as %v, %v", born, y, err)
		}
		day, years, known := y.Next(today)
		if day.Before(today) || day.Sub(later(today, born)) > 366 {
			t.Fatalf("from %s on %s is next on %s", today, born, day)
		}
		if known != (day.Year() >= born.Year()) || known && years != day.Year()-born.Year() {
			t.Fatalf("on %s it is %d years since %s (known %v)", day, years, born, known)
		}
		_, m, d := day.YMD()
		_, wm, wd := born.YMD()
		if m != wm || d != wd && !(wm == 2 && wd == 29 && d == 28) {
			t.Fatalf("%s is observed on %s", born, day)
		}
	})
}

func FuzzCadence(f *testing.F) {
	for _, s := range wrongCadences {
		f.Add(s)
	}
	for _, s := range []string{"6 weeks", "6w", "P3M", "never", "fortnightly", "1200 months", "100y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := civil.ParseCadence(s)
		if err != nil {
			if !c.IsZero() {
				t.Errorf("ParseCadence(%q) = %v with the error %v", s, c, err)
			}
			return
		}
		if back, err := civil.ParseCadence(c.String()); err != nil || back != c {
			t.Errorf("ParseCadence(%q) = %v, which is read back as %v, %v", s, c, back, err)
		}
		if day := date(t, "2026-01-31"); c.Recurs() && (c.From(day).Sub(day) < 1 || c.From(day).Sub(day) > 36525) {
			t.Errorf("ParseCadence(%q) = %v, which is not from a day to 100 years", s, c)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, c := range wrongDates {
		f.Add(c.text)
	}
	for _, s := range wrongYearlies {
		f.Add(s)
	}
	for _, s := range []string{"2026-11-23", "2024-02-29", "9999-12-31", "0001-01-01", "12-10", "--02-29"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := civil.Parse(s)
		std, stdErr := time.Parse(time.DateOnly, s)
		if ok := stdErr == nil && std.Year() > 0; ok != (err == nil) {
			t.Errorf("Parse(%q) = %v, %v; the standard library says %v", s, d, err, stdErr)
		}
		if err == nil && d.String() != s {
			t.Errorf("Parse(%q) = %v", s, d)
		}
		y, err := civil.ParseYearly(s)
		if err != nil {
			return
		}
		if back, err := civil.ParseYearly(y.String()); err != nil || back != y {
			t.Errorf("ParseYearly(%q) = %v, which is read back as %v, %v", s, y, back, err)
		}
	})
}
