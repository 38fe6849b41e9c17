package due_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
)

func day(t interface{ Fatal(...any) }, s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// people is a folder of notes, by path below content/.
type people map[string]string

func (p people) read() *journal.Journal {
	fsys := fstest.MapFS{}
	for path, text := range p {
		if path != "kith.toml" {
			path = "content/" + path
		}
		fsys[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return journal.Read(fsys)
}

// rowText is a row as it stands in JSON, and what JSON leaves out.
func rowText(t interface{ Fatal(...any) }, r *due.Row) string {
	js, err := json.Marshal(r.JSON())
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %+v %v %d unheard %d", js, r.Balance, r.InTouch, r.Newest, len(r.Unheard))
}

const today = "2026-11-23"

// anyEntry draws an entry around today; ahead says how many days it may be
// dated after today.
func anyEntry(t *rapid.T, ahead int, others []string) string {
	date := day(t, today).AddDays(rapid.IntRange(-120, ahead).Draw(t, "day"))
	header := rapid.SampledFrom([]string{
		"call", "call got", "call asked", "call asked #x", "> email", "> email thanked", "> email gave #y", "< email", "< letter got #x", "< email closed", "note got #y", "note", "", "with", "got",
	}).Draw(t, "header")
	if len(others) > 0 && rapid.IntRange(0, 3).Draw(t, "together") == 0 {
		header += " [[" + rapid.SampledFrom(others).Draw(t, "other") + "]]"
	}
	return fmt.Sprintf("- %s %s: text #z", date, header)
}

func anyFront(t *rapid.T) string {
	var b strings.Builder
	for _, field := range [][]string{
		{"every", "1 day", "2 weeks", "1 month", "3 months", "1 year", "never"},
		{"met", "2026-01-31", "2026-12-24", "2019-02-28"},
		{"added", "2026-11-01", "2025-01-01"},
		{"snooze", "2026-11-22", "2026-11-23", "2026-12-24"},
		{"status", "paused", "active"},
	} {
		if i := rapid.IntRange(-1, len(field)-1).Draw(t, field[0]); i > 0 {
			fmt.Fprintf(&b, "%s: %s\n", field[0], field[i])
		}
	}
	return "---\n" + b.String() + "---\n"
}

func anyContact(t *rapid.T, ahead int, others []string) string {
	lines := []string{anyFront(t)}
	for range rapid.IntRange(0, 6).Draw(t, "entries") {
		lines = append(lines, anyEntry(t, ahead, others))
	}
	if rapid.Bool().Draw(t, "promise") {
		lines = append(lines, "- [ ] something by "+day(t, today).AddDays(rapid.IntRange(-20, 20).Draw(t, "due")).String())
	}
	return strings.Join(lines, "\n") + "\n"
}

var slugs = []string{"ada", "bo", "cy", "dora"}

// anyPeople draws a journal of a few people.
func anyPeople(t *rapid.T, ahead int) people {
	p := people{}
	for _, s := range slugs {
		if rapid.IntRange(0, 4).Draw(t, s) > 0 {
			p["contacts/"+s+".md"] = anyContact(t, ahead, slugs)
		}
	}
	var lines []string
	for range rapid.IntRange(0, 4).Draw(t, "journal") {
		lines = append(lines, anyEntry(t, ahead, slugs))
	}
	for range rapid.IntRange(0, 2).Draw(t, "news") {
		lines = append(lines, fmt.Sprintf("- %s news #x: text", day(t, today).AddDays(rapid.IntRange(-60, ahead).Draw(t, "day"))))
	}
	p["journal/log.md"] = strings.Join(lines, "\n")
	return p
}

func TestAnUnrelatedNoteChangesNobodyElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPeople(t, 40)
		before := due.New(p.read(), day(t, today))
		p["contacts/zoltan.md"] = anyContact(t, 40, nil)
		p["journal/prose.md"] = "Prose.\n\n" + anyEntry(t, 40, []string{"Zoltan"})
		after := due.New(p.read(), day(t, today))
		for _, r := range before.Rows {
			if got, want := rowText(t, after.Row(r.Contact.Slug)), rowText(t, r); got != want {
				t.Fatalf("with Zoltan\n%s\nwithout\n%s", got, want)
			}
		}
		if got, want := order(after.Rows, "zoltan"), order(before.Rows, ""); got != want {
			t.Fatalf("the order with Zoltan is %s, without %s", got, want)
		}
	})
}

func order(rows []*due.Row, without string) string {
	var all []string
	for _, r := range rows {
		if r.Contact.Slug != without {
			all = append(all, r.Contact.Slug)
		}
	}
	return strings.Join(all, " ")
}

func TestTheOrderOfEntriesInAFileChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPeople(t, 40)
		before := due.New(p.read(), day(t, today))
		for _, path := range slices.Sorted(maps.Keys(p)) {
			text := p[path]
			front, rest, _ := strings.Cut(strings.TrimPrefix(text, "---\n"), "---\n")
			if !strings.HasPrefix(text, "---\n") {
				front, rest = "", text
			}
			lines := rapid.Permutation(strings.Split(strings.TrimSpace(rest), "\n")).Draw(t, path)
			p[path] = "---\n" + front + "---\n" + strings.Join(lines, "\n")
		}
		after := due.New(p.read(), day(t, today))
		for _, r := range before.Rows {
			now := after.Row(r.Contact.Slug)
			if got, want := withoutWhy(t, now), withoutWhy(t, r); got != want {
				t.Fatalf("in another order\n%s\nwas\n%s", got, want)
			}
		}
	})
}

// withoutWhy is rowText but for what two entries of one day may both explain.
func withoutWhy(t interface{ Fatal(...any) }, r *due.Row) string {
	doc := r.JSON()
	doc.Reasons = slices.Clone(doc.Reasons)
	for i := range doc.Reasons {
		doc.Reasons[i].Why = ""
	}
	js, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %+v %v", js, r.Balance, r.InTouch)
}

func TestADayLaterNobodyIsDueEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		j := anyPeople(t, 0).read()
		now := day(t, today).AddDays(rapid.IntRange(0, 400).Draw(t, "from"))
		a, b := due.New(j, now), due.New(j, now.AddDays(1))
		for _, r := range a.Rows {
			if next := b.Row(r.Contact.Slug); next.Due.Before(r.Due) {
				t.Fatalf("%s is due on %s, and a day later on %s", r.Contact.Slug, r.Due, next.Due)
			}
		}
	})
}

func TestNoReasonComesFromTheFuture(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPeople(t, 0)
		without := due.New(p.read(), day(t, today))
		for _, path := range slices.Sorted(maps.Keys(p)) {
			for range rapid.IntRange(0, 3).Draw(t, "future") {
				date := day(t, today).AddDays(rapid.IntRange(1, 60).Draw(t, "ahead"))
				header := rapid.SampledFrom([]string{"call got #x", "< email", "> email thanked", "call asked", "news #x", "< letter closed [[Ada]]"}).Draw(t, "header")
				p[path] += fmt.Sprintf("\n- %s %s: text\n", date, header)
			}
		}
		with := due.New(p.read(), day(t, today))
		for _, r := range with.Rows {
			before := without.Row(r.Contact.Slug)
			for _, reason := range r.Reasons {
				if reason.Since.After(with.Today) {
					t.Fatalf("%s: %s since %s", r.Contact.Slug, reason.Kind, reason.Since)
				}
				if !slices.Contains(before.Reasons, reason) {
					t.Fatalf("%s: %s is raised by an entry after today", r.Contact.Slug, reason.Kind)
				}
			}
			if r.Last != before.Last || r.Base != before.Base || r.Turn != before.Turn || r.Unanswered != before.Unanswered || r.Balance != before.Balance || r.InTouch != before.InTouch {
				t.Fatalf("%s: %s, without the future %s", r.Contact.Slug, rowText(t, r), rowText(t, before))
			}
		}
	})
}

func TestTheNextViewIsThatOfItsJournal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPeople(t, 40)
		v := due.New(p.read(), day(t, today))
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			now := v.Today
			var j *journal.Journal
			switch rapid.IntRange(0, 3).Draw(t, "change") {
			case 0:
				now, j = now.AddDays(rapid.IntRange(-40, 40).Draw(t, "days")), v.Journal
			case 1:
				delete(p, "contacts/"+rapid.SampledFrom(slugs).Draw(t, "gone")+".md")
			case 2:
				p["kith.toml"] = rapid.SampledFrom([]string{"", "every = \"2 weeks\"", "quiet_after = \"3 days\"", "daily = 1"}).Draw(t, "settings")
			default:
				p["contacts/"+rapid.SampledFrom(slugs).Draw(t, "who")+".md"] = anyContact(t, 40, slugs)
			}
			if j == nil {
				j = reread(v.Journal, p)
			}
			next, want := v.Next(j, now), due.New(j, now)
			if got, want := order(next.Rows, ""), order(want.Rows, ""); got != want {
				t.Fatalf("the order is %s, want %s", got, want)
			}
			for i, r := range want.Rows {
				if got, want := rowText(t, next.Rows[i]), rowText(t, r); got != want {
					t.Fatalf("got\n%s\nwant\n%s", got, want)
				}
				if next.Row(r.Contact.Slug) != next.Rows[i] {
					t.Fatalf("%s is not found by its slug", r.Contact.Slug)
				}
				if !reflect.DeepEqual(next.Rows[i].Unheard, r.Unheard) {
					t.Fatalf("%s: unheard %v, want %v", r.Contact.Slug, next.Rows[i].Unheard, r.Unheard)
				}
			}
			if got, want := fmt.Sprint(next.Load()), fmt.Sprint(want.Load()); got != want {
				t.Fatalf("load is %s, want %s", got, want)
			}
			v = next
		}
	})
}

func reread(j *journal.Journal, p people) *journal.Journal {
	fsys := fstest.MapFS{}
	for path, text := range p {
		if path != "kith.toml" {
			path = "content/" + path
		}
		fsys[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return j.Reread(fsys, nil)
}

func TestTodaysFewAreFewAndDifferent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPeople(t, 40)
		p["kith.toml"] = fmt.Sprintf("daily = %d", rapid.IntRange(1, 5).Draw(t, "daily"))
		v := due.New(p.read(), day(t, today).AddDays(rapid.IntRange(0, 5).Draw(t, "day")))
		seen := map[string]bool{}
		people := v.TodaysFew().People
		for _, pick := range people {
			reasons := pick.Reasons()
			if slug := pick.Row.Contact.Slug; seen[slug] || reasons[0] != pick.Reason || !pick.Done() && len(reasons) != len(pick.Row.Reasons) {
				t.Fatalf("%s is picked for %v", slug, reasons)
			}
			seen[pick.Row.Contact.Slug] = true
		}
		withReason := 0
		for _, r := range v.Rows {
			if len(r.Reasons) > 0 && !r.InTouch {
				withReason++
			}
		}
		if len(people) < min(withReason, v.Journal.Settings.Daily) || len(people) > v.Journal.Settings.Daily {
			t.Fatalf("%d people of %d with a reason", len(people), withReason)
		}
	})
}

func TestTodaysFewAreThoseOfTheMorning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPeople(t, 40)
		p["kith.toml"] = fmt.Sprintf("daily = %d", rapid.IntRange(1, 5).Draw(t, "daily"))
		now := day(t, today).AddDays(rapid.IntRange(0, 5).Draw(t, "day"))
		few := func(v *due.View) (text string) {
			for _, pick := range v.TodaysFew().People {
				text += fmt.Sprintln(pick.Row.Contact.Slug, pick.Reasons())
			}
			return text
		}
		v := due.New(p.read(), now)
		morning := few(v)
		for range 3 {
			path := rapid.SampledFrom(slices.Sorted(maps.Keys(p))).Draw(t, "file")
			if path == "kith.toml" {
				continue
			}
			header := rapid.SampledFrom([]string{"call got #x", "> email thanked", "call asked", "dinner [[Ada]] got #x"}).Draw(t, "header")
			p[path] += fmt.Sprintf("\n- %s %s: text\n", now, header)
			v = v.Next(reread(v.Journal, p), now)
			if by := few(v); by != morning {
				t.Fatalf("in the morning\n%sand later\n%s", morning, by)
			}
		}
	})
}

func TestDaysInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day, want string
	}{
		{"2026-11-23", "today"},
		{"2026-11-22", "yesterday"},
		{"2026-11-24", "tomorrow"},
		{"2026-11-21", "2 days ago"},
		{"2026-11-25", "in 2 days"},
		{"2026-11-10", "13 days ago"},
		{"2026-11-09", "2 weeks ago"},
		{"2026-10-12", "6 weeks ago"},
		{"2026-09-24", "2 months ago"},
		{"2025-11-23", "12 months ago"},
		{"2024-11-23", "2 years ago"},
		{"2016-11-23", "10 years ago"},
	} {
		t.Run(c.day, func(t *testing.T) {
			t.Parallel()
			if got := due.When(day(t, today), day(t, c.day)); got != c.want {
				t.Errorf("%s is %q, want %q", c.day, got, c.want)
			}
		})
	}
}

// The day of being caught up is that of FORMAT.md, "Load", played out as it
// stands there.
func TestCaughtUpIsWhatPlayingTheDaysGives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := people{"kith.toml": fmt.Sprintf("daily = %d", rapid.IntRange(1, 3).Draw(t, "daily"))}
		for i := range rapid.IntRange(0, 12).Draw(t, "people") {
			p[fmt.Sprintf("contacts/p%02d.md", i)] = fmt.Sprintf("---\nevery: %s\nsnooze: %s\n---\n- %s call\n",
				rapid.SampledFrom([]string{"1 day", "3 days", "1 week", "1 month", "1 year", "50 years"}).Draw(t, "every"),
				day(t, today).AddDays(rapid.IntRange(-9, 9).Draw(t, "snooze")),
				day(t, today).AddDays(-rapid.IntRange(0, 40).Draw(t, "last")))
		}
		v := due.New(p.read(), day(t, today))
		next := map[string]civil.Date{}
		for _, r := range v.Rows {
			next[r.Contact.Slug] = r.Due
		}
		waiting := func(day civil.Date) (slugs []string) {
			for slug, due := range next {
				if !due.After(day) {
					slugs = append(slugs, slug)
				}
			}
			slices.SortFunc(slugs, func(a, b string) int { return cmp.Or(next[a].Compare(next[b]), strings.Compare(a, b)) })
			return slugs
		}
		var want civil.Date
		for n := 0; n <= 3650 && want.IsZero(); n++ {
			day := v.Today.AddDays(n)
			for i, slug := range waiting(day) {
				if i < v.Journal.Settings.Daily {
					next[slug] = v.Row(slug).Contact.Cadence.From(day)
				}
			}
			if len(waiting(day)) == 0 {
				want = day
			}
		}
		if got := v.Load().CaughtUp; got != want {
			t.Fatalf("caught up on %s, want %s", got, want)
		}
	})
}

// The site's journal.json and kith due --all --json are one document.
func TestTheTwoFormsOfTheDocumentAreTheSame(t *testing.T) {
	for _, p := range []people{{}, {
		"contacts/ada.md": "---\nname: Ada \"<&> é\nevery: 6 weeks\ncircles: [mentors]\ntags: [a/b]\n---\n- 2026-08-01 call got: x\n",
		"contacts/bo.md":  "",
	}} {
		v := due.New(p.read(), day(t, today))
		var pretty bytes.Buffer
		if err := due.WriteJSON(&pretty, v, v.Rows); err != nil {
			t.Fatal(err)
		}
		short, err := due.AppendJSON(nil, v.Today, v.Rows)
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if err := errors.Join(json.Unmarshal(pretty.Bytes(), &want), json.Unmarshal(short, &got)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("journal.json has\n%s\nkith due has\n%s", short, pretty.Bytes())
		}
	}
}
