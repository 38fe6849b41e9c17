package site

import (
	"slices"

	"kith/internal/journal"
	"kith/internal/note"
)

// ownNews says whether an entry is your own news: the text is all there is to it.
func ownNews(ref journal.EntryRef) bool {
	e := ref.Entry()
	return ref.File.Kind == note.Journal && ref.Kind() == "news" && e.Links.Count == 0
}

// A participant is somebody who took part in an entry; the slug is empty if there
// is no such contact.
type participant struct{ slug, name string }

// participants returns those who took part in an entry, other than self: the contact
// whose page it is on, or the one whose file it stands in.
func participants(ref journal.EntryRef, self string) []participant {
	var list []participant
	if f := ref.File; f.Kind == note.Contact && f.Slug != self {
		list = append(list, participant{f.Slug, f.Name})
	}
	w := writer{file: ref.File}
	for i := range ref.Entry().Links.All() {
		slug := ref.File.Targets[i]
		if slug != "" && (slug == self || slices.ContainsFunc(list, func(p participant) bool { return p.slug == slug })) {
			continue
		}
		list = append(list, participant{slug, w.called(i)})
	}
	return list
}
