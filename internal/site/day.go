package site

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// How much of the rest the first page has room for beside today's few; the due
// index is as long as FORMAT.md, "The site", says.
const (
	mostDue      = 200
	mostWaiting  = 10
	mostPromises = 20
	mostDates    = 20
	mostUndated  = 5
)

// daysAhead is how many days ahead the first page looks for birthdays, dates and
// promises.
const daysAhead = 14

// A day is what the first page shows: some people of a view, and how many more
// there are. There is a new one only if something in it is not as it was.
type day struct {
	few      []pick
	waiting  []*due.Row // for your answer, and not among the few
	thanks   []*due.Row // whom to thank, and not among the few
	unheard  []*due.Row // who helped you and has not heard how it turned out, none of them among those before
	decide   []*due.Row // whom to ask about
	due      []*due.Row // in due order, the few among them
	promises []promise
	dates    []due.Anniversary // birthdays and dates
	planned  []*due.Row        // with whom something is planned for the next days, the first first
	born     []pick            // today, and not among the few
	dayFacts
}

// dayFacts are the part of a day that compares with ==.
type dayFacts struct {
	// How many there are, of promises how many beside those shown.
	people, dues, waitings, promised, anniversaries, problems int
}

// A pick is one of today's few.
type pick struct {
	due.Pick
	photo   string // where on the site it is, or ""
	meeting due.Introduction
}

// meetings are the introductions that would serve them.
func (p pick) meetings() []due.Introduction { return known(p.meeting) }

// A promise is an open one, and one of those it was made to.
type promise struct {
	task   journal.TaskRef
	to     *due.Row
	due    civil.Date
	shared bool // it may have been made to several
}

// nextDay returns the day of a site after some changes of rows; that of the site
// before if it is the same.
func (s *Site) nextDay(before *Site, c changes[*due.Row]) *day {
	view, d := s.View, before.day
	next := &day{dayFacts: dayFacts{people: len(view.Rows)}}
	for _, problems := range [][]note.Problem{view.Journal.Problems(), s.Theme.Problems()} {
		for _, p := range problems {
			if p.Severity != note.Advice {
				next.problems++
			}
		}
	}
	sameDay := !s.newDay(before)
	next.choose(view, s.queues, s.introductions)
	next.plan(view, s.planned.members(true))
	if sameDay && s.promises == before.promises {
		next.promises, next.promised = d.promises, d.promised
	} else {
		next.promise(view, s.promises.members(true))
	}
	if sameDay && s.yearly == before.yearly && !slices.ContainsFunc(d.dates, func(a due.Anniversary) bool { return slices.Contains(c.gone, a.Row) }) {
		next.dates, next.anniversaries = d.dates, d.anniversaries
	} else {
		next.lookAhead(view, s.yearly)
	}
	for _, a := range next.dates {
		if isBirthday(a, view.Today) && !slices.ContainsFunc(next.few, func(k pick) bool { return k.Row == a.Row }) {
			next.born = append(next.born, pick{Pick: due.Pick{Row: a.Row}, photo: photo(view.Journal, a.Row.Contact.File), meeting: s.introductions.of(a.Row.Contact.Slug)})
		}
	}
	if d != nil && d.dayFacts == next.dayFacts && slices.Equal(d.few, next.few) && slices.Equal(d.born, next.born) &&
		slices.Equal(d.waiting, next.waiting) && slices.Equal(d.thanks, next.thanks) && slices.Equal(d.unheard, next.unheard) &&
		slices.Equal(d.decide, next.decide) && slices.Equal(d.due, next.due) &&
		slices.Equal(d.promises, next.promises) && slices.Equal(d.dates, next.dates) && slices.Equal(d.planned, next.planned) {
		return d
	}
	return next
}

// isBirthday says whether a date is somebody's birthday today.
func isBirthday(a due.Anniversary, today civil.Date) bool {
	return a.Date == today && a.Label == "birthday"
}

// choose takes what the queues and the due order say of themselves.
func (d *day) choose(view *due.View, queues *due.Queues, meetings *introductions) {
	few := queues.Few(view)
	taken := map[*due.Row]bool{}
	for _, p := range few.People {
		taken[p.Row] = true
		d.few = append(d.few, pick{p, photo(view.Journal, p.Row.Contact.File), meetings.of(p.Row.Contact.Slug)})
	}
	d.decide = few.Decide
	// for those who have a reason by now, and are not listed yet
	list := func(kind due.ReasonKind, to *[]*due.Row) {
		for _, r := range queues.First(kind) {
			if _, has := r.Reason(kind); has && !taken[r] && len(*to) < mostWaiting {
				taken[r] = true
				*to = append(*to, r)
			}
		}
	}
	d.dues = queues.Due
	for _, r := range view.Rows {
		if len(d.due) == min(d.dues, mostDue) {
			break
		}
		if r.State.IsDue() {
			d.due = append(d.due, r)
		}
	}
	d.waitings = queues.Waiting
	for _, p := range d.few {
		if _, waits := p.Row.Reason(due.Reply); waits {
			d.waitings--
		}
	}
	list(due.Reply, &d.waiting)
	list(due.Thanks, &d.thanks)
	list(due.Tell, &d.unheard)
	list(due.Quiet, &d.unheard)
}

// plannedOf returns those of some rows with whom something is planned.
func plannedOf(rows []*due.Row) (planned []*due.Row) {
	for _, r := range rows {
		if !r.Planned.IsZero() && r.Contact.Active() {
			planned = append(planned, r)
		}
	}
	return planned
}

// plannedDays is how many days ahead the first page says what is planned.
const plannedDays = 7

// plan finds what is planned for the next days.
func (d *day) plan(view *due.View, planned []*due.Row) {
	for _, r := range planned {
		if r.Planned.Sub(view.Today) <= plannedDays {
			d.planned = append(d.planned, r)
		}
	}
	slices.SortFunc(d.planned, func(a, b *due.Row) int {
		return cmp.Or(a.Planned.Compare(b.Planned), journal.CompareNames(a.Contact, b.Contact))
	})
	d.planned = d.planned[:min(len(d.planned), mostDates)]
}

// promisesOf returns the promises of some rows.
func promisesOf(rows []*due.Row) []promise {
	var all []promise
	for _, r := range rows {
		c := r.Contact
		if !c.Active() || c.File.Broken {
			continue
		}
		for _, t := range c.Tasks {
			if task := t.Task(); !task.Ask && !task.Done {
				all = append(all, promise{t, r, task.Due, t.File.Kind == note.Journal})
			}
		}
	}
	return all
}

// promise finds the promises of the days ahead, those of before that are open still,
// and some without a date.
func (d *day) promise(view *due.View, open []promise) {
	var all []promise
	var undated []promise
	var days []civil.Date // of each task, once
	shared := map[journal.TaskRef]bool{}
	for _, p := range open {
		if p.due.Sub(view.Today) > daysAhead || p.to.Contact.Front().Snooze.After(view.Today) {
			continue
		}
		if p.due.IsZero() {
			undated = append(undated, p)
			continue
		}
		all = append(all, p)
		if p.shared {
			if shared[p.task] {
				continue
			}
			shared[p.task] = true
		}
		days = append(days, p.due)
	}
	if more := len(days) - mostPromises; more > 0 {
		// Few are shown of what may be thousands, which to put in order takes long.
		slices.SortFunc(days, civil.Date.Compare)
		last := days[mostPromises-1]
		all = slices.DeleteFunc(all, func(p promise) bool { return p.due.After(last) })
		d.promised = more
	}
	slices.SortFunc(all, func(a, b promise) int {
		return cmp.Or(a.due.Compare(b.due), strings.Compare(a.task.File.Path, b.task.File.Path),
			a.task.Index-b.task.Index, journal.CompareNames(a.to.Contact, b.to.Contact))
	})
	shown := 0
	for i, p := range all {
		if i == 0 || p.task != all[i-1].task {
			if shown++; shown > mostPromises {
				all = all[:i]
				break
			}
		}
	}
	slices.SortFunc(undated, func(a, b promise) int { // those of the people not heard of for the longest first
		return cmp.Or(a.to.Last.Compare(b.to.Last), strings.Compare(a.task.File.Path, b.task.File.Path), a.task.Index-b.task.Index, journal.CompareNames(a.to.Contact, b.to.Contact))
	})
	if more := len(undated) - mostUndated; more > 0 {
		d.promised += more
		undated = undated[:mostUndated]
	}
	d.promises = slices.Concat(all, undated) // without the room for thousands
}

// lookAhead finds the birthdays and dates of the days ahead, which are in this
// month or the next.
func (d *day) lookAhead(view *due.View, dates *index[time.Month, *yearly]) {
	var rows []*due.Row
	_, this, _ := view.Today.YMD()
	_, next, _ := view.Today.AddDays(daysAhead).YMD()
	for _, month := range slices.Compact([]int{this, next}) {
		for _, y := range dates.members(time.Month(month)) {
			if y.within(view.Today, daysAhead) && (month == this || !y.in(time.Month(this))) { // each once
				rows = append(rows, view.Row(y.slug))
			}
		}
	}
	d.dates = due.Anniversaries(rows, view.Today, daysAhead+1)
	d.anniversaries = len(d.dates)
	d.dates = d.dates[:min(len(d.dates), mostDates)]
}
