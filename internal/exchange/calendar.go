package exchange

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"kith/internal/civil"
	"kith/internal/note"
)

// mostOthers is how many may be at a meeting for it to be one with each of them.
const mostOthers = 8

// readCalendar reads meetings: events with a few others who accepted. Days and times
// are those that the event itself has, so that a zone nobody knows does not matter.
func readCalendar(b *Batch, p part, o Options) error {
	dec := ical.NewDecoder(bytes.NewReader(p.data))
	for {
		cal, err := dec.Decode()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		moved := map[string]bool{} // instances of a series that stand by themselves
		for _, e := range cal.Events() {
			if id := e.Props.Get(ical.PropRecurrenceID); id != nil {
				moved[propText(e, ical.PropUID)+stampDay(id.Value, o).String()] = true
			}
		}
		for _, e := range cal.Events() {
			b.meeting(p.name, e, moved, o)
		}
	}
}

func propText(e ical.Event, name string) string {
	text, err := e.Props.Text(name)
	if err != nil {
		return ""
	}
	return clean(text)
}

// stamp reads a day or a time as iCalendar writes it, in the place's own time but for
// one in UTC.
func stamp(text string, o Options) (t time.Time, timed bool) {
	if t, err := time.Parse("20060102T150405Z", text); err == nil {
		return t.In(o.zone()), true
	}
	if t, err := time.Parse("20060102T150405", text); err == nil {
		return t, true
	}
	t, _ = time.Parse("20060102", text)
	return t, false
}

func stampDay(text string, o Options) civil.Date {
	t, _ := stamp(text, o)
	if t.IsZero() {
		return civil.Date{}
	}
	return civil.FromTime(t)
}

func (b *Batch) meeting(file string, e ical.Event, moved map[string]bool, o Options) {
	start := e.Props.Get(ical.PropDateTimeStart)
	if start == nil {
		b.leave("events without a day")
		return
	}
	at, timed := stamp(start.Value, o)
	if at.IsZero() {
		b.problem(Place{File: file}, "%s: %q is no day", propText(e, ical.PropSummary), start.Value)
		return
	}
	if status, _ := e.Status(); status == ical.EventCancelled {
		b.leave("events that were cancelled")
		return
	}
	var people []*Person
	mine := false
	add := func(p ical.Prop) {
		email := strings.ToLower(strings.TrimPrefix(strings.ToLower(p.Value), "mailto:"))
		switch {
		case !strings.Contains(email, "@"):
		case o.isMe(email):
			mine = true
		default:
			who := b.guest("email", email, p.Params.Get("CN"))
			for _, have := range people {
				if have == who {
					return
				}
			}
			people = append(people, who)
		}
	}
	for _, p := range e.Props.Values(ical.PropAttendee) {
		status, kind := p.Params.Get("PARTSTAT"), strings.ToUpper(p.Params.Get("CUTYPE"))
		switch {
		case kind == "ROOM" || kind == "RESOURCE":
		case strings.EqualFold(status, "ACCEPTED"):
			add(p)
		case strings.EqualFold(status, "DECLINED") && o.isMe(strings.TrimPrefix(strings.ToLower(p.Value), "mailto:")):
			b.leave("events that you declined")
			return
		}
	}
	for _, p := range e.Props.Values(ical.PropOrganizer) {
		if len(people) > 0 || mine {
			add(p)
		}
	}
	others := len(people)
	if !mine && len(o.Me) == 0 { // one of them is you
		others--
	}
	switch {
	case len(people) == 0:
		b.leave("events with nobody else")
		return
	case others > mostOthers:
		b.leave("events with more than eight others")
		return
	}
	entry := Entry{Kind: "meeting", Direction: note.Mutual, With: people[1:], Text: plain(propText(e, ical.PropSummary))}
	if timed {
		entry.Time = at.Format("15:04")
	}
	for _, d := range b.days(file, e, at, moved, o) {
		entry.Date = d
		people[0].Entries = append(people[0].Entries, entry)
	}
}

// days are those on which an event was, and the next one on which it will be.
func (b *Batch) days(file string, e ical.Event, at time.Time, moved map[string]bool, o Options) []civil.Date {
	first := civil.FromTime(at)
	if e.Props.Get(ical.PropRecurrenceRule) == nil {
		return []civil.Date{first}
	}
	// The rule is worked out in the time that the event has, whatever its zone is called.
	for _, name := range []string{ical.PropDateTimeStart, ical.PropExceptionDates, ical.PropRecurrenceDates} {
		for i := range e.Props[name] {
			e.Props[name][i].Params.Del("TZID")
		}
	}
	set, err := e.RecurrenceSet(time.UTC)
	if err != nil || set == nil {
		b.problem(Place{File: file}, "%s: its rule cannot be read: %v", propText(e, ical.PropSummary), err)
		return []civil.Date{first}
	}
	from := o.Since
	if from.IsZero() {
		from = o.Today.AddDays(-365)
	}
	var days []civil.Date
	for _, t := range set.Between(dayTime(from), dayTime(o.Today.AddDays(366)), true) {
		d := civil.FromTime(t)
		if moved[propText(e, ical.PropUID)+d.String()] {
			continue
		}
		days = append(days, d)
		if d.After(o.Today) {
			break
		}
	}
	return days
}

func dayTime(d civil.Date) time.Time {
	y, m, day := d.YMD()
	return time.Date(y, time.Month(m), day, 0, 0, 0, 0, time.UTC)
}

// guest is somebody whom a source knows by an address or number alone.
func (b *Batch) guest(key, value, name string) *Person {
	id := note.Fold(value)
	if key == "phone" {
		id = lastDigits(value)
	}
	if last, first, ok := strings.Cut(name, ","); ok && !strings.Contains(first, ",") {
		name = first + " " + last
	}
	p, isNew := b.person(key+":"+id, clean(name))
	if p.Name == "" || strings.Contains(p.Name, "@") {
		local, _, _ := strings.Cut(value, "@")
		p.Name = nameOf(local)
	}
	if isNew {
		p.Guest, p.Row = true, value
		p.Add(key, value)
	}
	return p
}

// told adds an entry, one a person, day, kind and direction.
func (p *Person) told(e Entry) {
	for _, have := range p.Entries {
		if have.Date == e.Date && have.Kind == e.Kind && have.Direction == e.Direction {
			return
		}
	}
	p.Entries = append(p.Entries, e)
}
