package due

import (
	"container/heap"
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
	for _, r := range v.Rows {
		if r.Contact.Active() && !r.Due.IsZero() {
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
	first := make([]waiting, 0, len(v.BySlug)) // for their first turn
	for rank, r := range v.BySlug {
		if r.Contact.Active() && !r.Due.IsZero() {
			first = append(first, newWaiting(r.Due, rank))
		}
	}
	slices.Sort(first)
	var again queue // for their next
	for n := range farthest + 1 {
		day := v.Today.AddDays(n)
		for range v.Journal.Settings.Daily {
			var next waiting
			switch {
			case len(first) > 0 && (len(again) == 0 || first[0] < again[0]) && !first[0].after(day):
				next, first = first[0], first[1:]
			case len(again) > 0 && !again[0].after(day):
				next = heap.Pop(&again).(waiting)
			default:
				return day
			}
			heap.Push(&again, newWaiting(v.BySlug[next.rank()].Contact.Cadence.From(day), next.rank()))
		}
		if (len(first) == 0 || first[0].after(day)) && (len(again) == 0 || again[0].after(day)) {
			return day
		}
	}
	return civil.Date{}
}

// waiting is a due date and the rank of a contact among the slugs, in one number
// that sorts by both.
type waiting int64

func newWaiting(due civil.Date, rank int) waiting {
	return waiting(due.SinceEpoch())<<32 | waiting(rank)
}

func (w waiting) rank() int                 { return int(w & (1<<32 - 1)) }
func (w waiting) after(day civil.Date) bool { return int(w>>32) > day.SinceEpoch() }

// A queue is a heap of those who wait.
type queue []waiting

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i] < q[j] }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(waiting)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
