// Package due works out what a journal means on a given day: who is due, whose
// turn it is, the reasons to write to somebody, today's few, the load, give and
// take. All of it is computed from the journal and the day alone (FORMAT.md,
// "What is due").
//
// [New] computes the [View] of a day; [View.Next] the one after a change, which
// shares the [Row] of every contact that the change does not touch. The rules
// for one contact are in row.go, the table of reasons in reasons.go, what is
// chosen among all contacts in today.go and load.go.
package due

import (
	"slices"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/parallel"
)

// View is a journal on a day. It never changes.
type View struct {
	Journal *journal.Journal
	Today   civil.Date
	// Rows are all contacts, in due order: by urgency, highest first, then due
	// date, name and slug; those without a due date last, by name.
	Rows []*Row

	// BySlug are all contacts in the order of their slugs, as Journal.Contacts.
	BySlug []*Row
}

// New computes the view of a journal on a day.
func New(j *journal.Journal, today civil.Date) *View {
	return (*View)(nil).Next(j, today)
}

// Next computes the view of a journal on a day, sharing with v, which may be
// nil, the rows that are the same.
func (v *View) Next(j *journal.Journal, today civil.Date) *View {
	next := &View{Journal: j, Today: today, BySlug: make([]*Row, len(j.Contacts))}
	rule := newRules(j, today)
	same := v != nil && v.Today == today && v.Journal.Settings.QuietAfter == j.Settings.QuietAfter && slices.Equal(v.Journal.News, j.News)
	parallel.Each(len(j.Contacts), func(i int) {
		c := j.Contacts[i]
		if same && i < len(v.BySlug) && v.Journal.Contacts[i] == c {
			next.BySlug[i] = v.BySlug[i]
			return
		}
		old := v.before(c, i)
		if same && old != nil && old.Contact == c {
			next.BySlug[i] = old
			return
		}
		next.BySlug[i] = rule.row(c)
		if old != nil && old.equal(next.BySlug[i]) {
			next.BySlug[i] = old
		}
	})
	var gone, come []*Row
	for i, r := range next.BySlug {
		if v != nil && i < len(v.BySlug) && v.BySlug[i] == r {
			continue
		}
		if old := v.before(r.Contact, i); old != r {
			come = append(come, r)
			if old != nil {
				gone = append(gone, old)
			}
		}
	}
	if v != nil && len(v.BySlug)-len(gone)+len(come) == len(j.Contacts) && len(come) <= fewChanges {
		next.Rows = moved(v.Rows, gone, come)
	} else {
		next.Rows = slices.Clone(next.BySlug)
		slices.SortFunc(next.Rows, compareRows)
	}
	return next
}

// before returns the row that a contact had in v, which is mostly that with the
// same index.
func (v *View) before(c *journal.Contact, i int) *Row {
	switch {
	case v == nil:
		return nil
	case i < len(v.BySlug) && v.BySlug[i].Contact.Slug == c.Slug:
		return v.BySlug[i]
	}
	return v.Row(c.Slug)
}

// fewChanges is how many rows are put into their place in the order one by one.
// With more, sorting anew costs less.
const fewChanges = 50

// moved returns rows in due order without some and with others.
func moved(rows, gone, come []*Row) []*Row {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r *Row) bool { return slices.Contains(gone, r) })
	for _, r := range come {
		i, _ := slices.BinarySearchFunc(rows, r, compareRows)
		rows = slices.Insert(rows, i, r)
	}
	return rows
}

// Row returns the row of the contact with a slug, or nil.
func (v *View) Row(slug string) *Row {
	if i := v.Journal.Index(slug); i >= 0 {
		return v.BySlug[i]
	}
	return nil
}

// Due returns the rows of those who are overdue or due today, and active, in due
// order; with a day that is not zero, also of those due up to that day.
func (v *View) Due(until civil.Date) []*Row {
	var rows []*Row
	for _, r := range v.Rows {
		if r.State.IsDue() || (r.State == Soon || r.State == Later) && !r.Due.After(until) {
			rows = append(rows, r)
		}
	}
	return rows
}

func compareRows(a, b *Row) int {
	if a.Due.IsZero() || b.Due.IsZero() {
		if a.Due.IsZero() && b.Due.IsZero() {
			return journal.CompareNames(a.Contact, b.Contact)
		}
		if a.Due.IsZero() {
			return 1
		}
		return -1
	}
	if c := b.compareUrgency(a); c != 0 {
		return c
	}
	if c := a.Due.Compare(b.Due); c != 0 {
		return c
	}
	return journal.CompareNames(a.Contact, b.Contact)
}
