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
func (v *View) TodaysFew() Few {
	var f Few
	for _, r := range v.Rows {
		if r.InTouch && r.Contact.Active() {
			f.Done = append(f.Done, r)
		}
	}
	slices.SortFunc(f.Done, func(a, b *Row) int { return strings.Compare(a.Contact.Slug, b.Contact.Slug) })
	want := v.Journal.Settings.Daily - len(f.Done)
	if want <= 0 {
		return f
	}
	// Of each reason, no more people are needed than are wanted in all.
	var queues [reasonKinds][]*Row
	for _, r := range v.Rows {
		if r.InTouch {
			continue
		}
		for _, reason := range r.Reasons {
			q := &queues[reason.Kind]
			if len(*q) == want && compareFor(reason.Kind, r, (*q)[want-1]) > 0 {
				continue
			}
			i, _ := slices.BinarySearchFunc(*q, r, func(a, b *Row) int { return compareFor(reason.Kind, a, b) })
			*q = slices.Insert(*q, i, r)
			*q = (*q)[:min(len(*q), want)]
		}
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
