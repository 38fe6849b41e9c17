package due

import (
	"cmp"
	"container/heap"
	"strings"

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
// earliest due date not after that day are written to.
func (v *View) caughtUp() civil.Date {
	var q queue
	for _, r := range v.Rows {
		if r.Contact.Active() && !r.Due.IsZero() {
			q = append(q, waiting{r.Due, r})
		}
	}
	heap.Init(&q)
	for n := range farthest + 1 {
		day := v.Today.AddDays(n)
		for range v.Journal.Settings.Daily {
			if len(q) == 0 || q[0].due.After(day) {
				return day
			}
			q[0].due = q[0].row.Contact.Cadence.From(day)
			heap.Fix(&q, 0)
		}
		if len(q) == 0 || q[0].due.After(day) {
			return day
		}
	}
	return civil.Date{}
}

type waiting struct {
	due civil.Date
	row *Row
}

// A queue is a heap of those who wait, by due date, then slug.
type queue []waiting

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(q[i].due.Compare(q[j].due), strings.Compare(q[i].row.Contact.Slug, q[j].row.Contact.Slug)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(waiting)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
