package journal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

const allSettings = `title = "Our people"
name = "Ada"
daily = 5
decide = 0
every = "6 months"
quiet_after = "6 weeks"
editor = "vim +{line} {file}"
week_starts = "Sunday"
today = "2026-11-23"
[kinds]
talk = ["zoom", "Stand-up"]
write = ["fax"]
note = ["rumour"]
`

func TestSettings(t *testing.T) {
	t.Parallel()
	today, err := civil.Parse("2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	want := journal.Settings{
		Title: "Our people", Name: "Ada", Daily: 5, Every: civil.Cadence{N: 6, Unit: civil.Month}, QuietAfter: civil.Cadence{N: 6, Unit: civil.Week},
		Editor: "vim +{line} {file}", WeekStarts: time.Sunday, Today: today,
		Kinds: note.Kinds{Talk: []string{"zoom", "stand-up"}, Write: []string{"fax"}, Note: []string{"rumour"}},
	}
	for _, c := range []struct {
		name, text string
		want       journal.Settings
	}{
		{"none", "", journal.Defaults()},
		{"only comments", "# daily = 7\n", journal.Defaults()},
		{"all", allSettings, want},
		{"all, with CRLF", strings.ReplaceAll(allSettings, "\n", "\r\n"), want},
		{"all, with a BOM", "\ufeff" + allSettings, want},
		{"all, as TOML may write them", strings.NewReplacer(`today = "2026-11-23"`, `today = 2026-11-23`, "[kinds]\n", "", "talk", "kinds.talk", "write", "kinds.write", "note", "kinds.note").Replace(allSettings), want},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, problems := journal.ParseSettings(c.text)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(civil.Date{})); diff != "" || len(problems) > 0 {
				t.Errorf("%s %v", diff, problems)
			}
		})
	}
}

// wrong settings are all errors or warnings, and change nothing.
var wrongSettings = []struct{ name, text, problem string }{
	{"a title without quotes", "title = 7", "1:9 error bad-setting"},
	{"a list for a title", "title = [\"a\"]", "1:9 error bad-setting"},
	{"a table for a name", "[name]\na = 1", "1:2 error bad-setting"},
	{"daily in quotes", "daily = \"3\"", "1:9 error bad-setting"},
	{"daily 0", "daily = 0", "1:9 error bad-setting"},
	{"daily below 0", "daily = -3", "1:9 error bad-setting"},
	{"daily 101", "daily = 101", "1:9 error bad-setting"},
	{"daily with a fraction", "daily = 2.5", "1:9 error bad-setting"},
	{"daily true", "daily = true", "1:9 error bad-setting"},
	{"daily as a list", "daily = [3]", "1:9 error bad-setting"},
	{"daily as an empty list", "daily = []", "1:9 error bad-setting"},
	{"a cadence that means two things", "every = \"biweekly\"", "1:9 error bad-setting"},
	{"an empty cadence", "every = \"\"", "1:9 error bad-setting"},
	{"a truth for a cadence", "every = false", "1:9 error bad-setting"},
	{"a list for a cadence", "every = [\"6 weeks\"]", "1:9 error bad-setting"},
	{"quiet after never", "quiet_after = \"never\"", "1:15 error bad-setting"},
	{"quiet after nothing", "quiet_after = \"0 days\"", "1:15 error bad-setting"},
	{"a month for a day of the week", "week_starts = \"may\"", "1:15 error bad-setting"},
	{"a number for a day of the week", "week_starts = 1", "1:15 error bad-setting"},
	{"no such day", "today = \"2026-02-30\"", "1:9 error bad-setting"},
	{"a day in words", "today = \"tomorrow\"", "1:9 error bad-setting"},
	{"a time for a day", "today = 2026-11-23T10:00:00Z", "1:9 error bad-setting"},
	{"kinds as a text", "kinds = \"zoom\"", "1:9 error bad-setting"},
	{"kinds as a list", "kinds = [\"zoom\"]", "1:9 error bad-setting"},
	{"a text for a list of kinds", "[kinds]\ntalk = \"zoom\"", "2:8 error bad-setting"},
	{"a kind without quotes", "[kinds]\ntalk = [7]", "2:9 error bad-setting"},
	{"an empty kind", "[kinds]\ntalk = [\"\"]", "2:9 error bad-setting"},
	{"a kind of two words", "[kinds]\ntalk = [\"zoom call\"]", "2:9 error bad-setting"},
	{"a kind that is one already", "[kinds]\ntalk = [\"email\"]", "2:9 error bad-setting"},
	{"a kind that is a mark", "[kinds]\ntalk = [\"got\"]", "2:9 error bad-setting"},
	{"a kind that is a filler", "[kinds]\ntalk = [\"with\"]", "2:9 error bad-setting"},
	{"a list in a list of kinds", "[kinds]\ntalk = [[\"zoom\"]]", "2:8 error bad-setting"},
	{"an unknown setting", "colour = \"red\"", "1:1 warning unknown-setting"},
	{"a slip", "dayly = 3", "1:1 warning unknown-setting"},
	{"an unknown list of kinds", "[kinds]\nchat = [\"zoom\"]", "2:1 warning unknown-setting"},
	{"an unknown table", "[colours]\nink = \"red\"", "1:2 warning unknown-setting"},
	{"no value", "daily =", "1:7 error bad-toml"},
	{"no quotes", "title = My journal", "1:9 error bad-toml"},
	{"a colon", "title: x", "1:6 error bad-toml"},
	{"on a later line", "# é\n\ndaily = 0", "3:9 error bad-setting"},
	{"after a letter of two bytes", "kinds = {talk = [\"é\", 7]}", "1:23 error bad-setting"},
}

func settingsProblems(ps []note.Problem) string {
	var all []string
	for _, p := range ps {
		all = append(all, fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, p.Severity, p.Code))
	}
	return strings.Join(all, ", ")
}

func TestWrongSettings(t *testing.T) {
	t.Parallel()
	for _, c := range wrongSettings {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, problems := journal.ParseSettings(c.text)
			if settingsProblems(problems) != c.problem {
				t.Errorf("%s\n got %s (%v)\nwant %s", c.text, settingsProblems(problems), problems, c.problem)
			}
			got.Kinds = note.Kinds{} // the others of a list count
			if diff := cmp.Diff(journal.Defaults(), got, cmp.AllowUnexported(civil.Date{})); diff != "" {
				t.Errorf("%s changes something: %s", c.text, diff)
			}
			for _, p := range problems {
				if p.File != "kith.toml" || p.Message == "" || p.Hint == "" || p.Line > 0 && p.Source != strings.Split(c.text, "\n")[p.Line-1] {
					t.Errorf("problem %+v", p)
				}
			}
		})
	}
}

// A hint is right as it stands: put in place of the line that is wrong it is read without a
// problem and means what was meant; where that is not known it shows no value.
func TestHintsOfSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, hint string }{
		{"title = 7", `title = "7"`},
		{"daily = \"4\"", "daily = 4"},
		{"dayly = 4", "daily = 4"},
		{"titel = \"Us\"", `title = "Us"`},
		{"every = \"6 wekes\"", `every = "6 weeks"`},
		{"quiet_after = \"week\"", `quiet_after = "1 week"`},
		{"week_starts = \"Mon\"", `week_starts = "monday"`},
		{"week_starts = \"sonday\"", `week_starts = "sunday"`},
		{"today = \"23 November 2026\"", `today = "2026-11-23"`},
		{"[kinds]\ntalk = \"padel\"", `talk = ["padel"]`},
	} {
		_, problems := journal.ParseSettings(c.text)
		if len(problems) != 1 || problems[0].Hint != "write "+c.hint {
			t.Errorf("%s: %+v, want the hint to write %s", c.text, problems, c.hint)
		}
	}
	for _, c := range wrongSettings {
		_, problems := journal.ParseSettings(c.text)
		for _, p := range problems {
			line, shown := strings.CutPrefix(p.Hint, "write ")
			lines := strings.Split(c.text, "\n")
			if !shown {
				if strings.Contains(p.Hint, "=") && p.Code != "bad-toml" {
					t.Errorf("%s: the hint %q shows a value that nobody meant", c.text, p.Hint)
				}
				continue
			}
			lines[p.Line-1] = line
			if _, after := journal.ParseSettings(strings.Join(lines, "\n")); len(after) > 0 {
				t.Errorf("%s: with the hint %q there are %+v", c.text, p.Hint, after)
			}
		}
	}
}

func TestSettingsThatStandTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, problem string }{
		{"a setting", "daily = 4\ndaily = 5\n", "2:1"},
		{"a table", "daily = 4\n[kinds]\ntalk = [\"a1\"]\n[kinds]\ntalk = [\"b1\"]\n", ":"},
		{"a word in two lists", "daily = 4\n[kinds]\ntalk = [\"fax\"]\nwrite = [\"fax\"]\n", "4:10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, problems := journal.ParseSettings(c.text)
			if got.Daily != 4 && got.Daily != 3 {
				t.Errorf("daily is %d", got.Daily)
			}
			if !strings.Contains(settingsProblems(problems), c.problem) {
				t.Errorf("%s: problems %q, want one at %s", c.text, settingsProblems(problems), c.problem)
			}
		})
	}
}

func FuzzSettings(f *testing.F) {
	f.Add(allSettings)
	for _, c := range wrongSettings {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, problems := journal.ParseSettings(text)
		if s.Daily < 1 || s.Daily > 100 || !s.QuietAfter.Recurs() || s.WeekStarts < 0 || s.WeekStarts > 6 {
			t.Errorf("settings %+v", s)
		}
		for list, words := range map[string][]string{"talk": s.Kinds.Talk, "write": s.Kinds.Write, "note": s.Kinds.Note} {
			for _, w := range words {
				if err := note.CheckKind(list, w); err != nil {
					t.Errorf("a kind that is none: %v", err)
				}
			}
		}
		lines := strings.Split(text, "\n")
		for _, p := range problems {
			if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len([]rune(lines[p.Line-1]))+1 {
				t.Errorf("problem %s stands at %d:%d, outside of the file", p.Code, p.Line, p.Column)
			}
		}
		note.NewParser(s.Kinds)
	})
}
