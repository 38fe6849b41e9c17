package due

import (
	"slices"

	"kith/internal/civil"
	"kith/internal/note"
)

// Load is what the cadences ask against what is done (FORMAT.md, "Load").
type Load struct {
	Demand   float64    // people a day, by the cadences of active contacts
	Pace     float64    // people a day, in the 90 days before today
	CaughtUp civil.Date // the first day that ends with nobody due; zero if it is too far ahead
}

const (
	paceDays = 90
	farthest = 3650 // days ahead that one may be caught up
)

// Load works out the load of the day.
func (v *View) Load() Load {
	var l Load
	pairs := 0
	for _, r := range v.BySlug {
		if r.State != Paused && !r.Due.IsZero() {
			l.Demand += 1 / r.Contact.Cadence.MeanDays()
		}
		pairs += r.DaysInTouch
	}
	l.Pace = float64(pairs) / paceDays
	l.CaughtUp = v.caughtUp()
	return l
}

// daysInTouch counts the days, of the 90 before today, on which there is an
// outbound or mutual touch.
func (u rules) daysInTouch(r *Row) {
	var last civil.Date
	for ref := range u.past(r) {
		e := ref.Entry()
		age := u.today.Sub(e.Date)
		if age > paceDays {
			break
		}
		if age >= 1 && e.Date != last && (e.Direction == note.Outbound || e.Direction == note.Mutual) {
			last = e.Date
			r.DaysInTouch++
		}
	}
}

// caughtUp plays the days from today on: on each, the daily contacts with the
// earliest due date not after that day, ties by slug, are written to.
func (v *View) caughtUp() civil.Date {
	if v.hopeless() {
		return civil.Date{}
	}
	var queue []waiting               // those who are due, in the order of their turns
	var ahead [farthest + 1][]waiting // those who will be, so many days from today
	for rank, r := range v.BySlug {
		if r.State == Paused || r.Due.IsZero() {
			continue
		}
		if n := -r.Days; n <= 0 {
			queue = append(queue, newWaiting(n, rank))
		} else if n <= farthest {
			ahead[n] = append(ahead[n], newWaiting(n, rank))
		}
	}
	slices.Sort(queue)
	for n := range ahead {
		slices.Sort(ahead[n])
		queue = append(queue, ahead[n]...) // their turn is after that of all who wait already
		written := queue[:min(v.Journal.Settings.Daily, len(queue))]
		queue = queue[len(written):]
		day := v.Today.AddDays(n)
		if len(queue) == 0 {
			return day
		}
		for _, w := range written {
			if next := v.BySlug[w.rank()].Contact.Cadence.From(day).Sub(v.Today); next <= farthest {
				ahead[next] = append(ahead[next], newWaiting(next, w.rank()))
			}
		}
	}
	return civil.Date{}
}

// hopeless says that there are too many who are due to be ever caught up with,
// which takes no playing of days to know. Who is written to is due again after a
// cadence: on a day that ends with nobody due, all those who are due now have been
// written to within their cadences, for which there must have been days enough.
func (v *View) hopeless() bool {
	var within [farthest + 2]int // how many have a cadence of so many days at most
	for _, r := range v.BySlug {
		if r.State != Paused && !r.Due.IsZero() && r.Days >= 0 && r.Contact.Cadence.Recurs() {
			days := r.Contact.Cadence.RoughDays()
			within[min(days+days/15+1, farthest+1)]++ // a month has 31 at most
		}
	}
	people := 0
	for days, n := range within {
		if people += n; people > days*v.Journal.Settings.Daily {
			return true
		}
	}
	return false
}

// waiting is the day when somebody is due, counted from today, and the rank of
// their slug among all, in one number that sorts by both.
type waiting int64

func newWaiting(due, rank int) waiting { return waiting(due)<<32 | waiting(rank) }

func (w waiting) rank() int { return int(w & (1<<32 - 1)) }
