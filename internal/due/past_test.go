package due_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/internal/due"
)

func TestMonthsCountTouches(t *testing.T) {
	p := people{
		"contacts/ada.md": "- 2026-11-23 call: today\n- 2026-11-24 call: not yet\n- 2026-11-01 < letter: x\n- 2026-10-31 > email with [[Bo]]: once, for both\n" +
			"- 2026-10-05 note: no contact\n- 2024-12-01 tea: the first day shown\n- 2024-11-30 tea: before that\n",
		"contacts/bo.md":    "- 2026-11-02 > letter: x\n",
		"contacts/x/bo.md":  "- 2026-11-02 > letter: the second of two files with one slug\n",
		"journal/log.md":    "- 2026-11-10 dinner with [[Ada]] and [[Bo]]: once, for both\n- 2026-11-11 walk: with nobody\n- 2026-11-12 news: I moved\n",
		"journal/diary.md":  "- 2026-10-03 < card with [[Somebody else]]: who has no note\n",
		"circles/poets.md":  "- 2026-10-04 event with [[Ada]]: a circle's note has no entries\n",
		"contacts/cy.md":    "---\nname: [broken\n---\n- 2026-11-03 call: counts all the same\n",
		"contacts/quiet.md": "---\nstatus: archived\n---\n- 2026-09-03 call: so does this\n",
	}
	months := due.New(p.read(), day(t, today)).Months(24)
	var got []string
	for _, m := range months {
		if m.Touches() > 0 {
			got = append(got, fmt.Sprintf("%s in %d out %d mutual %d", m.First.String()[:7], m.Inbound, m.Outbound, m.Mutual))
		}
	}
	want := []string{
		"2024-12 in 0 out 0 mutual 1", "2026-09 in 0 out 0 mutual 1", "2026-10 in 1 out 1 mutual 0", "2026-11 in 1 out 1 mutual 3",
	}
	if !slices.Equal(got, want) {
		t.Errorf("months are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(months) != 24 || months[0].First != day(t, "2024-12-01") || months[23].First != day(t, "2026-11-01") {
		t.Errorf("%d months from %s to %s", len(months), months[0].First, months[len(months)-1].First)
	}
}

func TestMonthsAskOfThoseWhoWereKnown(t *testing.T) {
	for _, tt := range []struct{ name, note, from string }{
		{"met", "---\nevery: 10 days\nmet: 2026-03-31\n---\n", "2026-03"},
		{"added", "---\nevery: 10 days\nadded: 2026-04-01\n---\n", "2026-04"},
		{"in touch before they were added", "---\nevery: 10 days\nadded: 2026-04-01\n---\n- 2026-05-02 call: x\n- 2026-02-02 < letter: x\n", "2026-02"},
		{"no note counts", "---\nevery: 10 days\nadded: 2026-04-01\n---\n- 2026-02-02 note: x\n", "2026-04"},
		{"long ago", "---\nevery: 10 days\nmet: 2001-01-01\n---\n", "2025-12"},
		{"no day at all", "---\nevery: 10 days\n---\n", "2025-12"},
		{"a day to come", "---\nevery: 10 days\nmet: 2027-01-01\n---\n", "2025-12"},
		{"resting", "---\nevery: 10 days\nstatus: paused\n---\n", ""},
		{"no cadence", "- 2026-02-02 call: x\n", ""},
	} {
		from := ""
		for _, m := range due.New(people{"contacts/ada.md": tt.note}.read(), day(t, today)).Months(12) {
			switch {
			case m.Demand > 0 && from == "":
				from = m.First.String()[:7]
			case m.Demand == 0 && from != "":
				t.Errorf("%s: nothing is asked in %s any more", tt.name, m.First)
			}
			if m.Demand != 0 && m.Demand != 0.1 {
				t.Errorf("%s: demand is %v in %s", tt.name, m.Demand, m.First)
			}
		}
		if from != tt.from {
			t.Errorf("%s: asked from %q on, want %q", tt.name, from, tt.from)
		}
	}
}

func TestMonthsPace(t *testing.T) {
	p := people{
		"contacts/ada.md": "- 2026-07-01 call: x\n- 2026-07-01 > email: the same day\n- 2026-07-02 < letter: theirs\n- 2026-07-31 call with [[Bo]]: x\n",
		"contacts/bo.md":  "",
	}
	for _, m := range due.New(p.read(), day(t, today)).Months(12) {
		// 1 July counts for the 90 days before 1 August and 1 September, of which it
		// is the 31st and 62nd before; the two of 31 July for those before 1 October
		// too.
		want := map[string]float64{"2026-07": 3, "2026-08": 3, "2026-09": 2, "2026-10": 0}[m.First.String()[:7]] / 90
		if math.Abs(m.Pace-want) > 1e-9 {
			t.Errorf("the pace of %s is %v, want %v", m.First, m.Pace, want)
		}
	}
}

// The last of the months is today, where the load is known.
func TestMonthsEndWithTheLoad(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := due.New(anyPeople(t, 40).read(), day(t, today).AddDays(rapid.IntRange(-100, 100).Draw(t, "day")))
		months := v.Months(rapid.IntRange(1, 30).Draw(t, "months"))
		last, load := months[len(months)-1], v.Load()
		if math.Abs(last.Pace-load.Pace) > 1e-9 || math.Abs(last.Demand-load.Demand) > 1e-9 {
			t.Fatalf("on %s the last month has %v, %v; the load is %v, %v", v.Today, last.Demand, last.Pace, load.Demand, load.Pace)
		}
	})
}

func TestSilences(t *testing.T) {
	p := people{
		"contacts/ada.md":    "- 2026-01-02 call: x\n",
		"contacts/bo.md":     "---\nname: Zoe\nevery: 1 week\n---\n- 2026-01-01 < letter: theirs ends a silence too\n- 2025-01-01 call: x\n",
		"contacts/cy.md":     "---\nname: Cy\n---\n- 2026-01-02 > email: x\n- 2026-12-01 call: planned\n",
		"contacts/month.md":  "- 2026-10-24 call: 30 days ago\n",
		"contacts/recent.md": "- 2026-10-25 call: 29 days ago\n",
		"contacts/none.md":   "Nothing yet.\n",
		"contacts/note.md":   "- 2020-01-01 note: no touch\n",
		"contacts/never.md":  "---\nevery: never\n---\n- 2020-01-01 call: x\n",
		"contacts/rest.md":   "---\nstatus: paused\n---\n- 2020-01-01 call: x\n",
		"contacts/snooze.md": "---\nsnooze: 2026-12-24\n---\n- 2020-01-01 call: x\n",
		"contacts/awake.md":  "---\nsnooze: 2026-11-23\n---\n- 2026-02-01 call: x\n",
	}
	v := due.New(p.read(), day(t, today))
	for n, want := range map[int]string{0: "", 2: "bo ada", 10: "bo ada cy awake month"} {
		if got := order(v.Silences(n), ""); got != want {
			t.Errorf("%d silences are %q, want %q", n, got, want)
		}
	}
}

func TestRhythm(t *testing.T) {
	const overdue, dueToday, later = "---\nevery: 1 week\n---\n- 2026-11-15 call: x\n", "---\nevery: 1 week\n---\n- 2026-11-16 call: x\n", "---\nevery: 1 year\n---\n- 2026-11-16 call: x\n"
	for _, tt := range []struct {
		name  string
		notes []string
		want  due.Rhythm
		kept  bool
	}{
		{"nobody", nil, due.Rhythm{}, false},
		{"no cadence", []string{"- 2026-11-15 call: x\n"}, due.Rhythm{}, false},
		{"within", []string{later, later}, due.Rhythm{Tracked: 2, Within: 2}, true},
		{"due on the day is within", []string{dueToday}, due.Rhythm{Tracked: 1, Within: 1}, true},
		{"one beyond", []string{later, overdue}, due.Rhythm{Tracked: 2, Within: 1}, false},
		{"resting", []string{later, strings.Replace(overdue, "---\n", "---\nstatus: paused\n", 1)}, due.Rhythm{Tracked: 1, Within: 1}, true},
		{"snoozed", []string{strings.Replace(overdue, "---\n", "---\nsnooze: 2026-12-24\n", 1)}, due.Rhythm{Tracked: 1, Within: 1}, true},
	} {
		p := people{}
		for i, text := range tt.notes {
			p[fmt.Sprintf("contacts/p%d.md", i)] = text
		}
		got := due.RhythmOf(due.New(p.read(), day(t, today)).Rows)
		if got != tt.want || got.Kept() != tt.kept {
			t.Errorf("%s: %+v, kept %v; want %+v, %v", tt.name, got, got.Kept(), tt.want, tt.kept)
		}
	}
}
