package due

import (
	"cmp"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/journal"
)

// Few is whom a day is about (FORMAT.md, "Today's few", "To decide").
type Few struct {
	People []Pick // to write to
	Decide []*Row // to ask about how often you would like to be in touch
}

// Pick is somebody to write to, as they are by now, and the reason of the morning for
// which they were taken.
type Pick struct {
	Row    *Row
	Reason Reason
}

// Done says whether you have been in touch today.
func (p Pick) Done() bool { return p.Row.InTouch }

// Reasons are all there were in the morning, that for which they were taken first.
func (p Pick) Reasons() []Reason {
	all := []Reason{p.Reason}
	for _, r := range p.Row.inTheMorning().Reasons {
		if r.Kind != p.Reason.Kind {
			all = append(all, r)
		}
	}
	return all
}

// TodaysFew picks the day's few: as many people as the settings say. They are those of
// the morning, and stay all day. It goes round the reasons in the order of their table,
// beginning each day with another, so that no reason starves another, and takes from
// each the first person who is not yet taken.
func (v *View) TodaysFew() Few {
	return newQueues(v, max(v.Journal.Settings.Daily, v.Journal.Settings.Decide)).Few(v)
}

// Queues are the contacts of a view in the order in which it is their turn, for
// each reason to write to them and for the question how often. They never change.
type Queues struct {
	Due     int // how many are overdue or due today, and active
	Waiting int // how many wait for your answer by now

	queue [toDecide + 1]queue
	known int // how many of a queue are known at most
}

// toDecide is the queue of those to ask about, behind those of the reasons.
const toDecide = reasonKinds

// A queue is those who had a reason in the morning, or are to decide about.
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
	next := &Queues{Due: q.Due, Waiting: q.Waiting, queue: q.queue, known: q.known}
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
	q.count(r, 1)
	for _, kind := range r.queues() {
		to := &q.queue[kind]
		i, known := len(to.first), len(to.first) == to.count
		to.count++
		if i > 0 && compareFor(kind, r, to.first[i-1]) < 0 {
			i, _ = slices.BinarySearchFunc(to.first, r, func(a, b *Row) int { return compareFor(kind, a, b) })
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
	q.count(r, -1)
	for _, kind := range r.queues() {
		from := &q.queue[kind]
		from.count--
		from.first = slices.DeleteFunc(from.first, func(other *Row) bool { return other == r })
	}
}

// count counts a row n times.
func (q *Queues) count(r *Row, n int) {
	if r.State.IsDue() {
		q.Due += n
	}
	if _, waits := r.Reason(Reply); waits {
		q.Waiting += n
	}
}

// queues returns the queues that a row stands in.
func (r *Row) queues() (kinds []ReasonKind) {
	for _, reason := range r.inTheMorning().Reasons {
		kinds = append(kinds, reason.Kind)
	}
	if r.Undecided() {
		kinds = append(kinds, toDecide)
	}
	return kinds
}

// First returns the first of those who had a reason in the morning, at most 150.
func (q *Queues) First(k ReasonKind) []*Row {
	first := q.queue[k].first
	return first[:min(len(first), mostWanted)]
}

// Few picks the day's few of a view, of which these are the queues.
func (q *Queues) Few(v *View) Few {
	settings := v.Journal.Settings
	undecided := q.First(toDecide)
	f := Few{Decide: slices.Clone(undecided[:min(len(undecided), settings.Decide)])}
	var queues [reasonKinds][]*Row
	for kind := range queues {
		queues[kind] = q.First(ReasonKind(kind))
	}
	taken := map[*Row]bool{}
	kinds := int(reasonKinds)
	kind := ((v.Today.SinceEpoch() % kinds) + kinds) % kinds // 0 = reply; also before 1970
	for empty := 0; len(f.People) < settings.Daily && empty < kinds; kind = (kind + 1) % kinds {
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
		reason, _ := r.inTheMorning().Reason(ReasonKind(kind))
		f.People = append(f.People, Pick{r, reason})
	}
	return f
}

// compareFor orders the rows of a queue: oldest since first (for due, highest urgency
// first; for reply, those with a stale letter come last, the newest of them first; to
// decide, the newest acquaintance first), then name, then slug.
func compareFor(k ReasonKind, a, b *Row) int {
	x, y := a.inTheMorning(), b.inTheMorning()
	rx, _ := x.Reason(k)
	ry, _ := y.Reason(k)
	first := rx.Since.Compare(ry.Since)
	switch {
	case k == Due:
		first = y.compareUrgency(x)
	case k == toDecide:
		first = b.lastKnown().Compare(a.lastKnown())
	case k == Reply && x.stale != y.stale:
		first = 1
		if y.stale {
			first = -1
		}
	case k == Reply && x.stale:
		first = -first
	}
	if first != 0 {
		return first
	}
	return journal.CompareNames(a.Contact, b.Contact)
}

// lastKnown is the newest of the days on which there was a touch, they were met or
// their file was made; zero if there is none.
func (r *Row) lastKnown() civil.Date {
	front := r.Contact.Front()
	return latest(r.Last, latest(front.Met, front.Added))
}

// Undecided returns all those to ask about, in their order.
func (v *View) Undecided() []*Row {
	rows := slices.DeleteFunc(slices.Clone(v.BySlug), func(r *Row) bool { return !r.Undecided() })
	slices.SortFunc(rows, func(a, b *Row) int { return compareFor(toDecide, a, b) })
	return rows
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
