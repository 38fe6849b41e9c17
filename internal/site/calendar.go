package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

const calendarPath = "calendar.ics"

// An event is of one day: that on which somebody active is due, that of a promise to
// them, or of something that is planned with them.
type event struct {
	uid        string // the same for as long as it is the same event
	day        civil.Date
	what       string
	slug, name string
	text       string // Markdown
}

// appendEvents appends the events of a contact, who may be nil.
func appendEvents(events []event, r *due.Row) []event {
	if r == nil || r.State == due.Paused {
		return events
	}
	first, slug, name := len(events), r.Contact.Slug, r.Contact.Name
	add := func(uid string, day civil.Date, what, text string) {
		of, n := uid, 1 // several may say the same
		for slices.ContainsFunc(events[first:], func(e event) bool { return e.uid == uid }) {
			n++
			uid = fmt.Sprintf("%s/%d", of, n)
		}
		events = append(events, event{uid, day, what, strings.Clone(slug), strings.Clone(name), strings.Clone(text)})
	}
	if !r.Due.IsZero() {
		add(slug+"/due", r.Due, "Write to ", "")
	}
	for _, t := range r.Contact.Tasks {
		if task := t.Task(); !task.Ask && !task.Done && !task.Due.IsZero() {
			add(eventOwner(t.File)+"/promise/"+note.Hash(task.Text), task.Due, "Promise to ", task.Text)
		}
	}
	for _, ref := range r.Plans() {
		if !ref.Guest {
			what := due.UpperFirst(cmp.Or(ref.Kind(), "planned")) + " with "
			if ref.Entry().Direction == note.Outbound {
				what = due.UpperFirst(cmp.Or(ref.Kind(), "message")) + " to "
			}
			add(eventOwner(ref.File)+"/planned/"+basic(ref.Entry().Date), ref.Entry().Date, what, ref.Text())
		}
	}
	return events
}

// eventOwner is the beginning of the UID of what a file says. What a journal file says
// of several people is one event.
func eventOwner(f *journal.File) string {
	if f.Kind == note.Contact {
		return f.Slug
	}
	return f.Path
}

// addEvents notes that a contact had some events and has others.
func addEvents(c *changes[event], was, is *due.Row) {
	if was == is {
		return
	}
	if was == nil { // as with all at first
		c.come = appendEvents(c.come, is)
		return
	}
	before, now := appendEvents(nil, was), appendEvents(nil, is)
	for _, e := range before {
		if !slices.Contains(now, e) {
			c.gone = append(c.gone, e)
		}
	}
	for _, e := range now {
		if !slices.Contains(before, e) {
			c.come = append(c.come, e)
		}
	}
}

// appendDay appends the key of an event in their index.
func appendDay(days []civil.Date, e event) []civil.Date { return append(days, e.day) }

// calendarFile has birthdays, dates, due days, promises and plans as an iCalendar (RFC
// 5545), for programs that show calendars. Like all that asks for attention, it has active
// contacts alone.
type calendarFile struct {
	*frame
	yearly *index[time.Month, *yearly]
	events *index[civil.Date, event]
}

func (f calendarFile) Render(b []byte) ([]byte, error) {
	const usual = 230 // bytes of an event
	events := 0
	for _, l := range f.yearly.lists {
		events += len(l.members)
	}
	for _, l := range f.events.lists {
		events += len(l.members)
	}
	c := calendar{b: slices.Grow(b, usual*events), stamp: "DTSTAMP:" + basic(f.today) + "T000000Z"}
	c.line("BEGIN:VCALENDAR")
	c.line("VERSION:2.0")
	c.line("PRODID:-//kith//kith//EN")
	c.line("CALSCALE:GREGORIAN")
	c.line("METHOD:PUBLISH")
	c.line("X-WR-CALNAME:", icsText(f.title))
	var people []*yearly
	for month, l := range f.yearly.lists {
		for _, y := range l.members {
			if y.status == note.Active && appendMonthsOf(nil, y)[0] == month { // each once
				people = append(people, y)
			}
		}
	}
	slices.SortFunc(people, func(a, b *yearly) int { return strings.Compare(a.slug, b.slug) })
	for _, y := range people {
		for _, d := range y.dates {
			c.yearly(y, d)
		}
	}
	var all []event
	for _, l := range f.events.lists {
		all = append(all, l.members...)
	}
	slices.SortFunc(all, func(a, b event) int {
		return cmp.Or(a.day.Compare(b.day), strings.Compare(a.uid, b.uid), strings.Compare(a.slug, b.slug))
	})
	for i, e := range all {
		if i > 0 && all[i-1].uid == e.uid { // to another of those whom a journal file names
			continue
		}
		end := ""
		if text := f.contents.parser.PlainText(e.text); text != "" {
			end = ": " + text
		}
		c.event(e.uid, e.day, "", e.what, e.name, end)
	}
	c.line("END:VCALENDAR")
	return c.b, nil
}

// A calendar is an iCalendar in the making. It is written here because
// github.com/emersion/go-ical takes several times as long and thirty allocations
// for an event, of which there may be tens of thousands after a save, and does not
// fold long lines; the tests read with it what is written here.
type calendar struct {
	b     []byte
	stamp string
}

// firstYear is the year in which a date begins whose year is unknown, or before
// the time that every program can count: a leap year.
const firstYear = 1972

// yearly adds a birthday or another yearly date.
func (c *calendar) yearly(y *yearly, d note.YearlyDate) {
	uid, label, end := y.slug+"/birthday", "Birthday", ""
	if d.Label != "" {
		uid, label = y.slug+"/date/"+d.Label, due.UpperFirst(d.Label)
	}
	if d.Date.Year != 0 {
		end = fmt.Sprintf(" (%d)", d.Date.Year)
	}
	rule := "FREQ=YEARLY"
	if d.Date.Month == 2 && d.Date.Day == 29 { // the 28th in years that have no 29th
		rule += ";BYMONTH=2;BYMONTHDAY=-1"
	}
	year := int(d.Date.Year)
	if year < firstYear {
		year = firstYear
	}
	c.event(uid, civil.In(year, int(d.Date.Month), int(d.Date.Day)), rule, label+": ", y.name, end)
}

// event adds an event of a whole day, that leaves the day free. Its uid is the
// same for as long as it is the same event.
func (c *calendar) event(uid string, day civil.Date, rule, what, name, end string) {
	c.line("BEGIN:VEVENT")
	c.line("UID:", icsText(uid), "@kith")
	c.line(c.stamp)
	c.line("DTSTART;VALUE=DATE:", basic(day))
	if rule != "" {
		c.line("RRULE:", rule)
	}
	c.line("SUMMARY:", icsText(what), icsText(name), icsText(end))
	c.line("TRANSP:TRANSPARENT")
	c.line("END:VEVENT")
}

// line adds a content line, folded so that no line has more than 75 octets, and
// no letter is cut in two (RFC 5545, 3.1).
func (c *calendar) line(parts ...string) {
	room := 75
	for _, p := range parts {
		for len(p) > room {
			n := room
			for n > 0 && !utf8.RuneStart(p[n]) {
				n--
			}
			c.b = append(append(c.b, p[:n]...), "\r\n "...)
			p, room = p[n:], 74
		}
		c.b = append(c.b, p...)
		room -= len(p)
	}
	c.b = append(c.b, "\r\n"...)
}

// icsText escapes a text (RFC 5545, 3.3.11).
func icsText(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' || r == ';' || r == ',' }) {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// basic spells a day as iCalendar does: 20261123.
func basic(d civil.Date) string {
	y, m, day := d.YMD()
	return fmt.Sprintf("%08d", y*10000+m*100+day)
}
