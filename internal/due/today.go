package due

import (
	"cmp"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/journal"
)

// Few is a day's few people to write to (FORMAT.md, "Today's few").
type Few struct {
	Done []*Row // those you have been in touch with today, by slug
	Few  []Pick
}

// Pick is somebody to write to, and why.
type Pick struct {
	Row    *Row
	Reason Reason
}

// TodaysFew picks the day's few: as many people as the settings say, less those
// you have been in touch with today. It goes round the reasons in the order of
// their table, beginning each day with another, so that no reason starves
// another, and takes from each the first person who is not yet taken.
func (v *View) TodaysFew() Few { return newQueues(v, v.Journal.Settings.Daily).Few(v) }

// Queues are the contacts of a view in the order in which it is their turn, for
// each reason to write to them. They never change.
type Queues struct {
	// Due counts those who are overdue or due today, and active.
	Due int

	done  []*Row // those you have been in touch with today
	queue [reasonKinds]queue
	known int // how many of a queue are known at most
}

// A queue is those who have a reason and have not been written to today.
type queue struct {
	first []*Row // as many as anybody asks for, in their order
	count int    // of all
}

// Of each queue as many people are known as are wanted at most: the day's few may
// be 100. With the next ones known as well, few saves have to go through everybody.
const (
	mostWanted = 150
	mostKnown  = 2 * mostWanted
)

// NewQueues returns the queues of a view.
func NewQueues(v *View) *Queues { return newQueues(v, mostKnown) }

func newQueues(v *View, known int) *Queues {
	q := &Queues{known: known}
	for _, r := range v.BySlug {
		q.add(r)
	}
	return q
}

// Next returns the queues of a view that has some rows in place of others.
func (q *Queues) Next(v *View, gone, come []*Row) *Queues {
	if q == nil || len(gone) > fewChanges || len(come) > fewChanges {
		return NewQueues(v)
	}
	next := &Queues{Due: q.Due, done: slices.Clone(q.done), queue: q.queue, known: q.known}
	for kind := range next.queue {
		next.queue[kind].first = slices.Clone(q.queue[kind].first)
	}
	for _, r := range gone {
		next.remove(r)
	}
	for _, have := range next.queue {
		if len(have.first) < min(have.count, mostWanted) {
			return NewQueues(v)
		}
	}
	for _, r := range come {
		next.add(r)
	}
	return next
}

func (q *Queues) add(r *Row) {
	if r.State.IsDue() {
		q.Due++
	}
	if r.InTouch {
		if r.Contact.Active() {
			q.done = append(q.done, r)
		}
		return
	}
	for _, reason := range r.Reasons {
		to := &q.queue[reason.Kind]
		i, known := len(to.first), len(to.first) == to.count
		to.count++
		if i > 0 && compareFor(reason.Kind, r, to.first[i-1]) < 0 {
			i, _ = slices.BinarySearchFunc(to.first, r, func(a, b *Row) int { return compareFor(reason.Kind, a, b) })
		} else if !known {
			continue // who is before them nobody knows
		}
		if i < q.known {
			to.first = slices.Insert(to.first, i, r)
			to.first = to.first[:min(len(to.first), q.known)]
		}
	}
}

func (q *Queues) remove(r *Row) {
	is := func(other *Row) bool { return other == r }
	if r.State.IsDue() {
		q.Due--
	}
	if r.InTouch {
		q.done = slices.DeleteFunc(q.done, is)
		return
	}
	for _, reason := range r.Reasons {
		from := &q.queue[reason.Kind]
		from.count--
		from.first = slices.DeleteFunc(from.first, is)
	}
}

// First returns the first of those who have a reason and have not been written to
// today, at most 150, and how many there are of them.
func (q *Queues) First(k ReasonKind) (rows []*Row, count int) {
	have := q.queue[k]
	return have.first[:min(len(have.first), mostWanted)], have.count
}

// Few picks the day's few of a view, of which these are the queues.
func (q *Queues) Few(v *View) Few {
	f := Few{Done: slices.Clone(q.done)}
	slices.SortFunc(f.Done, func(a, b *Row) int { return strings.Compare(a.Contact.Slug, b.Contact.Slug) })
	want := v.Journal.Settings.Daily - len(f.Done)
	if want <= 0 {
		return f
	}
	var queues [reasonKinds][]*Row
	for kind := range queues {
		queues[kind], _ = q.First(ReasonKind(kind))
	}
	taken := map[*Row]bool{}
	kinds := int(reasonKinds)
	kind := ((v.Today.SinceEpoch() % kinds) + kinds) % kinds // 0 = reply; also before 1970
	for empty := 0; len(f.Few) < want && empty < kinds; kind = (kind + 1) % kinds {
		for len(queues[kind]) > 0 && taken[queues[kind][0]] {
			queues[kind] = queues[kind][1:]
		}
		if len(queues[kind]) == 0 {
			empty++
			continue
		}
		empty = 0
		r := queues[kind][0]
		taken[r] = true
		reason, _ := r.Reason(ReasonKind(kind))
		f.Few = append(f.Few, Pick{r, reason})
	}
	return f
}

// compareFor orders the rows that have a reason: oldest since first (for due,
// highest urgency first), then name, then slug.
func compareFor(k ReasonKind, a, b *Row) int {
	first := b.compareUrgency(a)
	if k != Due {
		ra, _ := a.Reason(k)
		rb, _ := b.Reason(k)
		first = ra.Since.Compare(rb.Since)
	}
	if first != 0 {
		return first
	}
	return journal.CompareNames(a.Contact, b.Contact)
}

// Anniversary is a birthday or another yearly date.
type Anniversary struct {
	Row   *Row
	Label string // "birthday", or that of the front matter's dates
	Date  civil.Date
	Years int  // the age reached, or the years since
	Known bool // whether Years is known
}

// Anniversaries returns the birthdays and yearly dates of active contacts,
// snoozed or not, in the given number of days from today on, today included, by
// date, name, slug and label.
func (v *View) Anniversaries(days int) []Anniversary { return Anniversaries(v.Rows, v.Today, days) }

// Anniversaries is [View.Anniversaries] for some of the rows.
func Anniversaries(rows []*Row, today civil.Date, days int) []Anniversary {
	var found []Anniversary
	end := today.AddDays(days)
	add := func(r *Row, label string, y civil.Yearly) {
		if y.IsZero() {
			return
		}
		if day, years, known := y.Next(today); day.Before(end) {
			found = append(found, Anniversary{r, label, day, years, known})
		}
	}
	for _, r := range rows {
		if !r.Contact.Active() {
			continue
		}
		front := r.Contact.Front()
		add(r, "birthday", front.Birthday)
		for _, d := range front.Dates {
			add(r, d.Label, d.Date)
		}
	}
	slices.SortStableFunc(found, func(a, b Anniversary) int {
		return cmp.Or(a.Date.Compare(b.Date), journal.CompareNames(a.Row.Contact, b.Row.Contact), strings.Compare(a.Label, b.Label))
	})
	return found
}
