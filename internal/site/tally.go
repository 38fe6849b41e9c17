package site

import (
	"maps"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
)

// A tally has the numbers of each month. It never changes, and neither do these.
type tally map[period]*numbers

// numbers are how many entries a month has, and how many touches each of its days.
type numbers struct {
	entries int
	touches [31]int
}

// all is how many entries there are.
func (n *numbers) all() int {
	if n == nil {
		return 0
	}
	return n.entries
}

// in returns the numbers of the months of a year.
func (t tally) in(year int) (months [12]*numbers) {
	for m := range months {
		months[m] = t[period{year, m + 1}]
	}
	return months
}

// next returns the tally after some changes; t itself if there are none.
func (t tally) next(c changes[*journal.File]) tally {
	if len(c.gone)+len(c.come) == 0 {
		return t
	}
	next := make(tally, len(t))
	maps.Copy(next, t)
	edited := map[period]*numbers{}
	of := func(m period) *numbers { // which may be changed
		is := edited[m]
		if is == nil {
			is = &numbers{}
			if was := t[m]; was != nil {
				*is = *was
			}
			edited[m], next[m] = is, is
		}
		return is
	}
	count := func(files []*journal.File, n int) {
		for _, f := range files {
			for i := range f.Entries {
				of(monthOf(f.Entries[i].Date)).entries += n
			}
			for e := range due.Touches(f, civil.In(9999, 12, 31)) {
				_, _, day := e.Date.YMD()
				of(monthOf(e.Date)).touches[day-1] += n
			}
		}
	}
	count(c.gone, -1)
	count(c.come, 1)
	for m, is := range next {
		if was := t[m]; was != nil && *was == *is {
			next[m] = was
		}
	}
	return next
}
