package site_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"

	"kith/internal/due"
	"kith/internal/note"
	"kith/internal/site"
)

// events reads a calendar with a library that did not write it, by UID.
func events(t *testing.T, s *site.Site) map[string]ical.Event {
	t.Helper()
	text := render(t, s, "calendar.ics")
	if strings.ReplaceAll(text, "\r\n", "") != strings.NewReplacer("\r", "", "\n", "").Replace(text) {
		t.Error("a line does not end with CRLF")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("a line of %d octets, or with half a letter: %q", len(line), line)
		}
	}
	c, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]ical.Event{}
	for _, e := range c.Events() {
		uid, err := e.Props.Text(ical.PropUID)
		if _, twice := all[uid]; err != nil || twice {
			t.Errorf("UID %s: %v, twice: %v", uid, err, twice)
		}
		all[uid] = e
	}
	return all
}

func eventText(t *testing.T, e ical.Event) string {
	t.Helper()
	summary, err := e.Props.Text(ical.PropSummary)
	if err != nil {
		t.Fatal(err)
	}
	start := e.Props.Get(ical.PropDateTimeStart)
	if start.Params.Get("VALUE") != "DATE" {
		t.Errorf("%s is not of a whole day", summary)
	}
	rule := ""
	if p := e.Props.Get(ical.PropRecurrenceRule); p != nil {
		rule = " " + p.Value
	}
	return start.Value + " " + summary + rule
}

func TestCalendar(t *testing.T) {
	s := newSite(t, fstest.MapFS{
		"kith.toml": {Data: []byte("title = \"Ada, Bo; and a \\\\\"\n")},
		"content/contacts/ada.md": {Data: []byte("---\nname: 'Ada, of the \\; Mint'\nevery: 6 weeks\nbirthday: 1990-12-10\n" +
			"dates: {wedding day: 2015-06-20, 'Wedding day!': 02-29, birthday: 01-02, moves in: 2027-03-01}\n---\n- 2026-11-20 call\n")},
		"content/contacts/old.md":  {Data: []byte("---\nbirthday: 1815-12-10\ndates: {\"first\\nday\": 01-02}\n---\n")},
		"content/contacts/leap.md": {Data: []byte("---\nname: \"Leap\\nYear\"\nbirthday: 1996-02-29\n---\n")},
		"content/contacts/long.md": {Data: []byte("---\nname: " + strings.Repeat("李", 60) + "\nevery: 1 day\nsnooze: 2027-05-01\n---\n")},
		"content/contacts/late.md": {Data: []byte("---\nevery: 1 week\n---\n- 2026-11-02 call\n")},
		"content/contacts/kept.md": {Data: []byte("---\nname: Ké\n---\n- [ ] the *book*, and the box by 2026-12-01\n- [ ] the *book*, and the box by 2026-12-08\n" +
			"- [x] ink by 2026-12-02\n- [ ] paper\n- [?] ink by 2026-12-03\n\n- 2026-11-30 tea with [[late]]: At her place.\n- 2026-11-30 > letter\n- 2026-12-04 < letter\n")},
		"content/journal/2026.md":  {Data: []byte("- [ ] photographs for [[kept]] and [[late]] by 2026-12-24\n")},
		"content/contacts/gone.md": {Data: []byte("---\nstatus: archived\nevery: 1 week\nbirthday: 01-01\n---\n- [ ] ink by 2026-12-01\n")},
		"content/contacts/rest.md": {Data: []byte("---\nstatus: paused\nevery: 1 week\nbirthday: 01-01\n---\n")},
		"content/contacts/mem.md":  {Data: []byte("---\nstatus: memorial\nevery: 1 week\nbirthday: 01-01\n---\n")},
	})
	got := map[string]string{}
	all := events(t, s)
	for uid, e := range all {
		got[uid] = eventText(t, e)
	}
	want := map[string]string{
		"ada/birthday@kith":          `19901210 Birthday: Ada, of the \; Mint (1990) FREQ=YEARLY`,
		"ada/date/wedding day@kith":  `20150620 Wedding day: Ada, of the \; Mint (2015) FREQ=YEARLY`,
		"ada/date/Wedding day!@kith": `19720229 Wedding day!: Ada, of the \; Mint FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1`,
		"ada/date/birthday@kith":     `19720102 Birthday: Ada, of the \; Mint FREQ=YEARLY`,
		"ada/date/moves in@kith":     `20270301 Moves in: Ada, of the \; Mint (2027) FREQ=YEARLY`,
		"ada/due@kith":               `20270101 Write to Ada, of the \; Mint`,
		"old/birthday@kith":          "19721210 Birthday: Old (1815) FREQ=YEARLY",
		"old/date/first\nday@kith":   "19720102 First\nday: Old FREQ=YEARLY",
		"leap/birthday@kith":         "19960229 Birthday: Leap Year (1996) FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
		"long/due@kith":              "20270501 Write to " + strings.Repeat("李", 60),
		"late/due@kith":              "20261130 Write to Late",

		"kept/promise/" + note.Hash("the *book*, and the box") + "@kith":                                  "20261201 Promise to Ké: the book, and the box",
		"kept/promise/" + note.Hash("the *book*, and the box") + "/2@kith":                                "20261208 Promise to Ké: the book, and the box",
		"kept/planned/20261130@kith":                                                                      "20261130 Letter to Ké",
		"kept/planned/20261130/2@kith":                                                                    "20261130 Tea with Ké: At her place.",
		"content/journal/2026.md/promise/" + note.Hash("photographs for [[kept]] and [[late]]") + "@kith": "20261224 Promise to Ké: photographs for kept and late",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// Who was born on 29 February is remembered on the 28th in years without one.
	leap := all["leap/birthday@kith"]
	rules, err := leap.RecurrenceSet(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, at := range rules.Between(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2028, 12, 31, 0, 0, 0, 0, time.UTC), true) {
		days = append(days, at.Format(time.DateOnly))
	}
	if diff := cmp.Diff([]string{"2027-02-28", "2028-02-29"}, days); diff != "" {
		t.Error(diff)
	}
}

// The calendar has the due day of everybody who is active and has one, and is the
// same until a date in it changes.
func TestCalendarOfDemo(t *testing.T) {
	s := demo(t)
	all := events(t, s)
	n := 0
	for _, r := range s.View.Rows {
		e, ok := all[r.Contact.Slug+"/due@kith"]
		if want := r.State != due.Paused && !r.Due.IsZero(); ok != want {
			t.Errorf("%s is in the calendar: %v", r.Contact.Slug, ok)
		} else if want {
			n++
			if got := e.Props.Get(ical.PropDateTimeStart).Value; got != strings.ReplaceAll(r.Due.String(), "-", "") {
				t.Errorf("%s is due on %s, in the calendar on %s", r.Contact.Slug, r.Due, got)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d people are due in the demo", n)
	}
}

func TestEmptyCalendar(t *testing.T) {
	if text := render(t, newSite(t, fstest.MapFS{}), "calendar.ics"); !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") {
		t.Error(text)
	}
}

// What a save does not touch stays: neither dates nor the calendar is rendered again for
// an entry that changes nothing in them, nor is give and take for who has no part in it.
func TestPagesOfDatesAndGiveShare(t *testing.T) {
	const front = "---\nname: Ada\nbirthday: 12-10\nneeds: [ink]\nevery: 6 weeks\n---\n- 2026-11-20 call got: Ink.\n"
	fsys := fstest.MapFS{
		"content/contacts/ada.md": {Data: []byte(front)},
		"content/contacts/bo.md":  {Data: []byte("---\noffers: [ink]\n---\n")},
		"content/contacts/cy.md":  {Data: []byte("---\n---\n")},
	}
	for _, tt := range []struct{ name, file, text, want string }{
		{"a word in the text", "ada", front + "\nWears hats.\n", "give-and-take.html"},
		{"a letter that moves no date", "ada", front + "- 2026-11-19 > letter: x\n", "give-and-take.html"},
		{"a call that moves the date", "ada", front + "- 2026-11-22 call: x\n", "calendar.ics give-and-take.html"},
		{"a note with a mark", "ada", front + "- 2026-11-22 note gave: x\n", "give-and-take.html"},
		{"a birthday", "ada", strings.Replace(front, "12-10", "12-11", 1), "calendar.ics dates.html give-and-take.html"},
		{"a promise without a date", "cy", "---\n---\n- [ ] ink\n", ""},
		{"a promise", "cy", "---\n---\n- [ ] ink by 2026-12-01\n", "calendar.ics"},
		{"a plan", "cy", "---\n---\n- 2026-12-01 tea\n", "calendar.ics"},
		{"a need that nobody meets", "ada", strings.Replace(front, "[ink]", "[ink, zinc]", 1), "give-and-take.html"},
		{"a need less", "ada", strings.Replace(front, "[ink]", "[]", 1), "give-and-take.html"},
		{"an acquaintance", "bo", "---\noffers: [ink]\n---\nKnows [[ada]].\n", "give-and-take.html"},
		{"an acquaintance of somebody else", "bo", "---\noffers: [ink]\n---\nKnows [[cy]].\n", ""},
		{"a name", "ada", strings.Replace(front, "Ada", "Ada L.", 1), "calendar.ics dates.html give-and-take.html"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, fsys)
			name := "content/contacts/" + tt.file + ".md"
			changed := fstest.MapFS{}
			for n, f := range fsys {
				changed[n] = f
			}
			changed[name] = &fstest.MapFile{Data: []byte(tt.text)}
			next := saved(s, changed, name)
			var got []string
			for _, path := range []string{"calendar.ics", "dates.html", "give-and-take.html"} {
				was, _ := s.File(path)
				if is, _ := next.File(path); was.Inputs != is.Inputs {
					got = append(got, path)
				}
			}
			if tt.want != strings.Join(got, " ") {
				t.Errorf("made anew: %v, want %s", got, tt.want)
			}
		})
	}
}
