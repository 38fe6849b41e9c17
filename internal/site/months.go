package site

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// nextMonths returns the notes of each month after some changes; x itself if they
// touch nothing in it. The notes of a month are in the order of their paths.
//
// A contact's note that says of a month what it said before stays in the list of
// that month as it was: a save leaves the other months that somebody was met in as
// they are, of which each may have thousands of entries. So a note is found by its
// path, and of a month only what the note says of it may be asked. Where much has
// changed all is made anew, so that not much of what was before is held.
func nextMonths(x *monthIndex, c changes[*journal.File], appendMonths func([]period, *journal.File) []period) *monthIndex {
	if x == nil {
		x = &monthIndex{}
	} else if len(c.gone)+len(c.come) == 0 {
		return x
	}
	next := &monthIndex{lists: make(map[period]*monthList, len(x.lists))}
	maps.Copy(next.lists, x.lists)
	touched := false
	edit := func(m period) *monthList { // a list that may be changed
		touched = true
		if l := next.lists[m]; l == nil {
			next.lists[m] = &monthList{}
		} else if l == x.lists[m] {
			next.lists[m] = &monthList{slices.Clone(l.members)}
		}
		return next.lists[m]
	}
	come := map[string]*journal.File{}
	if len(c.gone) > 0 {
		for _, f := range c.come {
			come[f.Path] = f
		}
	}
	find := func(m period, path string) (int, bool) {
		return slices.BinarySearchFunc(next.lists[m].members, path, func(f *journal.File, path string) int { return strings.Compare(f.Path, path) })
	}
	var months []period // of one note after the other
	for _, old := range c.gone {
		now := come[old.Path]
		if months = months[:0]; now != nil {
			months = appendMonths(months, now)
		}
		for _, m := range appendMonths(nil, old) {
			i, _ := find(m, old.Path)
			switch {
			case !slices.Contains(months, m):
				l := edit(m)
				if l.members = slices.Delete(l.members, i, i+1); len(l.members) == 0 {
					delete(next.lists, m)
				}
			case len(c.come) > fewNotes || !saysTheSame(next.lists[m].members[i], now, m):
				edit(m).members[i] = now
			}
		}
	}
	for _, f := range c.come {
		months = appendMonths(months[:0], f)
		for _, m := range months {
			l := next.lists[m]
			switch {
			case l == nil:
				l = edit(m)
				l.members = append(l.members, f)
			case l != x.lists[m] && l.members[len(l.members)-1].Path < f.Path: // as they all come when a site is new
				l.members = append(l.members, f)
			default:
				if i, ok := find(m, f.Path); !ok {
					l = edit(m)
					l.members = slices.Insert(l.members, i, f)
				}
			}
		}
	}
	if !touched && x.lists != nil {
		return x
	}
	return next
}

// saysTheSame says whether two versions of a contact's note have the same entries
// in a month, as pages show them that are not the contact's own.
func saysTheSame(a, b *journal.File, m period) bool {
	return a.Kind == note.Contact && bytes.Equal(saidIn(a, m.has), saidIn(b, m.has))
}

// saidIn returns all that pages that are not the contact's own show of some of the
// entries in a contact's note. It is by hand, as all notes have a hundred thousand
// entries and more.
func saidIn(f *journal.File, some func(*note.Entry) bool) []byte {
	b := addText(addText(nil, f.Path), f.Name)
	linked := false
	for i := range f.Entries {
		e := &f.Entries[i]
		if !some(e) {
			continue
		}
		tags, marks := f.EntryTags(e), e.Marks.All()
		b = append(b, 1, byte(e.Direction), byte(len(marks))) // one more
		for _, n := range [...]uint32{uint32(e.Date.SinceEpoch()), uint32(e.Time), uint32(e.Links.First), uint32(e.Links.Count), uint32(len(tags))} {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
		for _, mark := range marks {
			b = append(b, byte(mark))
		}
		for _, tag := range tags {
			b = addText(b, tag)
		}
		said := f.EntrySource(i)
		b = addText(addText(b, f.EntryKind(e)), said)
		linked = linked || e.Links.Count > 0 || strings.Contains(said, "[[")
	}
	b = append(b, 0)
	if linked { // to any of these
		for i, l := range f.Links {
			shown := byte(1)
			if l.Where == note.InVia { // which no text is a link by
				shown = 2
			}
			b = addText(addText(append(b, shown), l.Target), l.Label)
			b = addText(addText(b, f.Targets[i]), f.Shown[i])
		}
	}
	return append(b, 0)
}

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

// addText appends a text such that no other two, one after the other, are the same.
func addText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}
