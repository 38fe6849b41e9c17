package due

import (
	"iter"
	"slices"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

// This file has what the entries say of the past. Of the cadences there is no
// history: those of today are asked of the people who were known by then.

// Touches goes over the entries of a note that are touches (FORMAT.md,
// "Entries") with somebody, none after today. An entry that stands in no
// contact's file is with those in its header.
func Touches(f *journal.File, today civil.Date) iter.Seq[*note.Entry] {
	return func(yield func(*note.Entry) bool) {
		for i := range f.Entries {
			e := &f.Entries[i]
			with := f.Kind == note.Contact || e.Links.Count > 0
			if with && e.Touch() && !e.Date.After(today) && !yield(e) {
				return
			}
		}
	}
}

// Month is a month of the past, or that of today as far as it goes.
type Month struct {
	First civil.Date // its first day
	// How many touches there were. An entry counts once, however many took part.
	Inbound, Outbound, Mutual int
	// Demand and pace as of its end, or as of today (FORMAT.md, "Load"). Demand
	// is that of the active contacts who had been met, added or in touch by then;
	// who has no such day, or only one that is yet to come, counts all along.
	Demand, Pace float64
}

// Touches is how many touches there were in all.
func (m Month) Touches() int { return m.Inbound + m.Outbound + m.Mutual }

// Months returns the last n months, oldest first; that of today is the last.
func (v *View) Months(n int) []Month {
	_, _, day := v.Today.YMD()
	current := v.Today.AddDays(1 - day)
	months := make([]Month, n)
	for i := range months {
		months[i].First = current.AddMonths(i - n + 1)
	}
	// Days are counted from the first that any of this looks at.
	first := months[0].First.AddDays(-paceDays)
	monthOf := make([]int, v.Today.Sub(first)+1)
	for i, m := range months {
		for at := m.First.Sub(first); at < len(monthOf); at++ {
			monthOf[at] = i
		}
	}
	count := func(e *note.Entry) {
		if e.Date.Before(months[0].First) {
			return
		}
		m := &months[monthOf[e.Date.Sub(first)]]
		switch e.Direction {
		case note.Inbound:
			m.Inbound++
		case note.Outbound:
			m.Outbound++
		default:
			m.Mutual++
		}
	}
	for _, f := range v.Journal.Files {
		if f.Kind != note.Contact && !f.Unused {
			for e := range Touches(f, v.Today) {
				count(e)
			}
		}
	}
	pairs := make([]int, len(monthOf)+1) // before each day: contacts and days with a touch of yours
	for _, r := range v.BySlug {
		if r.Contact.Active() && !r.Due.IsZero() {
			i := 0
			if since := r.known(v.Today); !since.Before(months[0].First) {
				i = monthOf[since.Sub(first)]
			}
			months[i].Demand += 1 / r.Contact.Cadence.MeanDays()
		}
		var last civil.Date
		for _, ref := range r.Contact.Entries { // newest first
			e := ref.Entry()
			if e.Date.Before(first) {
				break
			}
			if !e.Touch() || e.Date.After(v.Today) {
				continue
			}
			if ref.File == r.Contact.File {
				count(e)
			}
			if e.Direction != note.Inbound && e.Date != last {
				last = e.Date
				pairs[e.Date.Sub(first)+1]++
			}
		}
	}
	for i := range len(pairs) - 1 {
		pairs[i+1] += pairs[i]
	}
	for i := range months {
		if i > 0 {
			months[i].Demand += months[i-1].Demand
		}
		end := v.Today
		if i+1 < n {
			end = months[i+1].First
		}
		at := end.Sub(first)
		months[i].Pace = float64(pairs[at]-pairs[at-paceDays]) / paceDays
	}
	return months
}

// known returns the day since when a contact is known: the first day of those on
// which they were met, added or in touch. It is zero if there is none, or none
// up to today.
func (r *Row) known(today civil.Date) civil.Date {
	var since civil.Date
	earlier := func(d civil.Date) {
		if !d.IsZero() && !d.After(today) && (since.IsZero() || d.Before(since)) {
			since = d
		}
	}
	earlier(r.Contact.Front().Met)
	earlier(r.Contact.Front().Added)
	for i := len(r.Contact.Entries) - 1; i >= 0; i-- { // oldest first
		if e := r.Contact.Entries[i].Entry(); e.Touch() {
			earlier(e.Date)
			break
		}
	}
	return since
}

// silenceDays is how many days without a touch make a silence.
const silenceDays = 30

// Silences returns the contacts with whom there has been no touch for longest,
// the longest silence first, then by name and slug: n at most. It leaves out who
// is not active, is snoozed past today, shall never be due, or has not been in
// touch at all.
func (v *View) Silences(n int) []*Row {
	longest := make([]*Row, 0, n+1)
	compare := func(a, b *Row) int {
		if c := a.Last.Compare(b.Last); c != 0 {
			return c
		}
		return journal.CompareNames(a.Contact, b.Contact)
	}
	for _, r := range v.BySlug {
		c := r.Contact
		if r.Last.IsZero() || v.Today.Sub(r.Last) < silenceDays || !c.Active() || c.Cadence == civil.Never || c.Front().Snooze.After(v.Today) {
			continue
		}
		if i, _ := slices.BinarySearchFunc(longest, r, compare); i < n {
			longest = slices.Insert(longest, i, r)
			longest = longest[:min(len(longest), n)]
		}
	}
	return longest
}

// Drifting says whether it has been longer than the cadence: the state is
// overdue.
func (r *Row) Drifting() bool { return r.State == Overdue }

// Rhythm is how many of a group have a cadence, are active and were in touch before, and
// of these how many are within it.
type Rhythm struct{ Tracked, Within int }

// Kept says whether all of them are, and there is anybody.
func (h Rhythm) Kept() bool { return h.Tracked > 0 && h.Within == h.Tracked }

// RhythmOf counts the rhythm of a group.
func RhythmOf(rows []*Row) Rhythm {
	var h Rhythm
	for _, r := range rows {
		if r.State == Paused || r.State == Untracked || r.Base.IsZero() {
			continue
		}
		h.Tracked++
		if !r.Drifting() {
			h.Within++
		}
	}
	return h
}
