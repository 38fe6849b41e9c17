package site

import (
	"html/template"
	"slices"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

// mostReviewed is how many lines or names each part of a review has at most.
const mostReviewed = 10

// review looks back on a year, as kith review does in words: whom you were in touch with,
// who stood by you and was thanked, what you gave, and which promises you kept.
func (p yearPage) review(s *sheet, root string) []Said {
	var entries []journal.EntryRef
	names := map[string]string{} // as people's own notes have them
	var notes []*journal.File
	for i, month := range p.months {
		if month == nil {
			continue
		}
		var c chronicle
		c.addEntries(inOrder(month.members), period{p.year, i + 1})
		entries = append(entries, c.entries...)
		notes = append(notes, month.members...)
	}
	notes = slices.Compact(inOrder(notes))
	for _, n := range notes {
		if n.Kind == note.Contact {
			names[n.Slug] = n.Name
		}
	}
	entries = slices.DeleteFunc(entries, func(ref journal.EntryRef) bool { return ref.Entry().Date.After(p.today) })
	slices.SortStableFunc(entries, func(a, b journal.EntryRef) int { return a.Entry().Date.Compare(b.Entry().Date) })
	who := func(ref journal.EntryRef) []participant {
		list := slices.DeleteFunc(participants(ref, ""), func(one participant) bool { return one.slug == "" })
		for i, one := range list {
			if name, known := names[one.slug]; known {
				list[i].name = name
			}
		}
		return list
	}
	var parts []Said
	add := func(label string, items []template.HTML) {
		if len(items) > 0 {
			parts = append(parts, Said{Label: label, Items: items})
		}
	}
	// people are those whom some entries are about, in the order of the year. A mark of
	// somebody's file is theirs alone.
	people := func(is func(*note.Entry) bool, marked bool) []template.HTML {
		var list []participant
		seen := map[string]bool{}
		for _, ref := range entries {
			if !is(ref.Entry()) {
				continue
			}
			for i, one := range who(ref) {
				if seen[one.slug] || marked && i > 0 && ref.File.Kind == note.Contact {
					continue
				}
				seen[one.slug] = true
				list = append(list, one)
			}
		}
		if len(list) == 0 {
			return nil
		}
		more := len(list) - mostReviewed
		if more > 1 { // one more takes no more room than saying so
			list = list[:mostReviewed]
		}
		for i, one := range list {
			if more > 1 {
				s.add(joint(i, len(list)+1))
			} else {
				s.add(joint(i, len(list)))
			}
			s.linkTo("person", root, one.slug, one.name)
		}
		if more > 1 {
			s.add(" and ", thousands(more), " more")
		}
		return []template.HTML{s.cut()}
	}
	// deeds are entries with a mark, each with whom it is about.
	deeds := func(m note.Mark) (items []template.HTML) {
		more := 0
		for _, ref := range entries {
			if !ref.Entry().Has(m) {
				continue
			}
			if len(items) == mostReviewed {
				more++
				continue
			}
			list := who(ref)
			if ref.File.Kind == note.Contact { // whose mark it is
				list = list[:1]
			}
			for i, one := range list {
				s.add(joint(i, len(list)))
				s.linkTo("person", root, one.slug, one.name)
			}
			s.add(": ", string(p.contents.gist(ref, root)), ` <span class="when">`, string(p.on(ref.Entry().Date, short(ref.Entry().Date))), "</span>")
			items = append(items, s.cut())
		}
		if more > 0 {
			items = append(items, template.HTML("and "+thousands(more)+" more, below"))
		}
		return items
	}
	is := func(directions ...note.Direction) func(*note.Entry) bool {
		return func(e *note.Entry) bool { return slices.Contains(directions, e.Direction) }
	}
	add("You were in touch with", people(is(note.Outbound, note.Mutual), false))
	add("You heard from", people(is(note.Inbound), false))
	add("Who stood by you", deeds(note.Got))
	add("You said thanks to", people(func(e *note.Entry) bool { return e.Has(note.Thanked) }, true))
	add("What you gave", deeds(note.Gave))
	add("Promises you kept", p.kept(s, notes, root))
	return parts
}

// kept are the promises that were kept in the year: nobody writes down when, so it is
// taken for the year of their date, or of the entry they stand in.
func (p yearPage) kept(s *sheet, notes []*journal.File, root string) (items []template.HTML) {
	within := func(d civil.Date) bool { return d.Year() == p.year && !d.After(p.today) }
	more := 0
	for _, n := range notes {
		for i := range n.Tasks {
			t := &n.Tasks[i]
			if !t.Done || !within(t.Due) && (t.Entry < 0 || !within(n.Entries[t.Entry].Date)) {
				continue
			}
			if len(items) == mostReviewed {
				more++
				continue
			}
			if n.Kind == note.Contact {
				s.linkTo("person", root, n.Slug, n.Name)
				s.add(": ")
			}
			s.add(string(p.contents.line(n, t.Text, root)))
			items = append(items, s.cut())
		}
	}
	if more > 0 {
		items = append(items, template.HTML("and "+thousands(more)+" more"))
	}
	return items
}
