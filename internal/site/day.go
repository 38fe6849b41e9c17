package site

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"
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
)

// daysAhead is how many days ahead the first page looks for birthdays, dates and
// promises.
const daysAhead = 14

// A day is what the first page shows: some people of a view, and how many more
// there are. There is a new one only if something in it is not as it was.
type day struct {
	few      []pick
	meetings []due.Introduction // that would serve their needs
	done     []*due.Row         // of the few, in touch with today
	waiting  []*due.Row         // for your answer, and not among the few
	due      []*due.Row         // in due order, the few among them
	promises []promise
	dates    []due.Anniversary
	dayFacts
}

// dayFacts are the part of a day that compares with ==.
type dayFacts struct {
	load template.HTML
	// How many there are, of promises how many beside those shown.
	people, dues, waitings, promised, anniversaries, problems int
}

// A pick is one of today's few.
type pick struct {
	due.Pick
	photo string // where on the site it is, or ""
}

// A promise is an open one with a date, and one of those it was made to.
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
	next.choose(view, s.queues, s.wishes)
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
	if sameDay && before.View.Journal.Settings.Daily == view.Journal.Settings.Daily && sameLoad(c) {
		next.load = d.load
	} else {
		next.load = loadWords(view)
	}
	if d != nil && d.dayFacts == next.dayFacts && slices.Equal(d.few, next.few) && slices.Equal(d.meetings, next.meetings) && slices.Equal(d.done, next.done) &&
		slices.Equal(d.waiting, next.waiting) && slices.Equal(d.due, next.due) &&
		slices.Equal(d.promises, next.promises) && slices.Equal(d.dates, next.dates) {
		return d
	}
	return next
}

// choose takes what the queues and the due order say of themselves.
func (d *day) choose(view *due.View, queues *due.Queues, wishes *due.Wishes) {
	few := queues.Few(view)
	taken := map[*due.Row]bool{}
	for _, p := range few.People {
		if p.Done() {
			d.done = append(d.done, p.Row)
			continue
		}
		taken[p.Row] = true
		d.few = append(d.few, pick{p, photo(view.Journal, p.Row.Contact.File)})
		d.meetings = append(d.meetings, wishes.For(view, p.Row)...)
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
	for _, r := range queues.First(due.Reply) {
		_, waits := r.Reason(due.Reply)
		if waits && taken[r] {
			d.waitings--
		} else if waits && len(d.waiting) < mostWaiting {
			d.waiting = append(d.waiting, r)
		}
	}
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
			if task := t.Task(); !task.Ask && !task.Done && !task.Due.IsZero() {
				all = append(all, promise{t, r, task.Due, t.File.Kind == note.Journal})
			}
		}
	}
	return all
}

// promise finds the promises of the days ahead, and those of before that are open
// still.
func (d *day) promise(view *due.View, open []promise) {
	var all []promise
	var days []civil.Date // of each task, once
	shared := map[journal.TaskRef]bool{}
	for _, p := range open {
		if p.due.Sub(view.Today) > daysAhead || p.to.Contact.Front().Snooze.After(view.Today) {
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
	d.promises = slices.Clone(all) // without the room for thousands
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

// sameLoad says whether some changes leave the load as it was.
func sameLoad(c changes[*due.Row]) bool {
	if len(c.gone) != len(c.come) {
		return false
	}
	before := make(map[string]*due.Row, len(c.gone))
	for _, r := range c.gone {
		before[r.Contact.Slug] = r
	}
	for _, r := range c.come {
		old := before[r.Contact.Slug]
		if old == nil || old.Due != r.Due || (old.State == due.Paused) != (r.State == due.Paused) ||
			old.Contact.Cadence != r.Contact.Cadence || old.DaysInTouch != r.DaysInTouch {
			return false
		}
	}
	return true
}

// loadWords says what the cadences ask against what is done, and when you would
// be caught up.
func loadWords(view *due.View) template.HTML {
	l, daily := view.Load(), view.Journal.Settings.Daily
	if l.Demand == 0 {
		return ""
	}
	unit, days := "week", 7.0
	switch {
	case l.Demand*days >= 1.5:
	case l.Demand*30.4375 >= 1.5:
		unit, days = "month", 30.4375
	default:
		unit, days = "year", 365.25
	}
	var m markup
	m.add("Your rhythms ask for ", about(l.Demand*days), " a ", unit, "; of late it has been ", about(l.Pace*days), ". ")
	many := "At " + strconv.Itoa(daily) + " a day"
	switch {
	case l.CaughtUp.IsZero():
		m.add(many, " there would always be somebody waiting: a slower rhythm for a few would do no harm.")
	case l.CaughtUp == view.Today && len(view.Due(civil.Date{})) == 0:
		m.add("You are caught up.")
	case l.CaughtUp == view.Today:
		m.add(many, " you would be caught up tonight.")
	default:
		m.add(many, " you would be caught up on ", string(timeHTML(l.CaughtUp, inWords(l.CaughtUp), withWeekday(l.CaughtUp))), ".")
	}
	return m.html()
}

// about says a number of people that is no whole one.
func about(n float64) string {
	switch r := int(math.Round(n)); {
	case n == 0:
		return "nobody"
	case r == 0:
		return "fewer than one"
	default:
		return "about " + counted(r, "person", "people")
	}
}
