package journal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/note"
)

// build puts j.Files, which are only notes so far, together. Whatever comes out
// as it was in the journal before is taken from there.
func (j *Journal) build(notes []*note.Note, before *Journal) {
	contacts := j.contactNotes(notes)
	j.names = namesOf(contacts, before)
	j.resolve(notes, before)
	files := make(map[*note.Note]*File, len(j.Files))
	for _, f := range j.Files {
		files[f.Note] = f
	}
	circles := j.circleFiles()
	from := j.from(contacts)
	collator := newCollator()
	j.bySlug = make(map[string]*Contact, len(contacts))
	j.Contacts = make([]*Contact, 0, len(contacts))
	for _, n := range contacts {
		c := &Contact{Slug: n.Slug, Name: n.Name, File: files[n], From: from[n.Slug]}
		slugs := circles.of(n)
		for _, s := range slugs {
			c.Circles = append(c.Circles, CircleRef{s, circles.bySlug[s].Name})
		}
		c.Cadence, c.CadenceFrom = cadence(n, slugs, circles, j.Settings)
		c = reuse(c, before, collator)
		j.bySlug[c.Slug] = c
		j.Contacts = append(j.Contacts, c)
	}
	slices.SortFunc(j.Contacts, func(a, b *Contact) int { return strings.Compare(a.Slug, b.Slug) })
	j.Circles = circles.list(j.Contacts)
	j.News = j.news()
}

// contactNotes returns the notes of contacts that count: of two with one slug
// the first in path order.
func (j *Journal) contactNotes(notes []*note.Note) []*note.Note {
	seen := make(map[string]*note.Note, len(notes))
	var contacts []*note.Note
	for _, n := range notes {
		if n.Kind != note.Contact || n.Slug == "" || seen[n.Slug] != nil {
			continue
		}
		seen[n.Slug] = n
		contacts = append(contacts, n)
	}
	return contacts
}

// namesOf returns the names of the contacts, those of the journal before if
// nobody came, went or was renamed.
func namesOf(contacts []*note.Note, before *Journal) *names {
	if before != nil && len(contacts) == len(before.Contacts) {
		same := true
		for _, n := range contacts {
			c := before.bySlug[n.Slug]
			if c == nil || c.Name != n.Name || !slices.Equal(c.File.Front.Aliases, n.Front.Aliases) {
				same = false
				break
			}
		}
		if same {
			return before.names
		}
	}
	return newNames(contacts)
}

// resolve makes j.Files: the notes with the targets of their links.
func (j *Journal) resolve(notes []*note.Note, before *Journal) {
	j.Files = make([]*File, len(notes))
	for i, n := range notes {
		var old *File
		if before != nil {
			old = before.File(n.Path)
		}
		if old != nil && old.Note == n && before.names == j.names {
			j.Files[i] = old
			continue
		}
		f := &File{Note: n, Targets: make([]string, len(n.Links)), Shown: make([]string, len(n.Links)), Problems: n.Problems[:len(n.Problems):len(n.Problems)]}
		for k, l := range n.Links {
			found := j.names.find(l.Target)
			if len(found) == 1 {
				f.Targets[k], f.Shown[k] = found[0], j.names.written[found[0]]
			} else if p, ok := j.linkProblem(f, l, found); ok {
				f.Problems = append(f.Problems, p)
			}
		}
		note.SortProblems(f.Problems)
		if old != nil && old.Note == n && slices.Equal(old.Targets, f.Targets) && slices.Equal(old.Shown, f.Shown) && slices.Equal(old.Problems, f.Problems) {
			f = old
		}
		j.Files[i] = f
	}
}

// linkProblem says what is wrong with a link that leads to nobody, or to more
// than one (FORMAT.md, "Wiki links").
func (j *Journal) linkProblem(f *File, l note.Link, found []string) (note.Problem, bool) {
	p := note.Problem{
		File: f.Path, Line: int(l.Pos.Line), Column: int(l.Pos.Column), Severity: note.Warning,
		Source: f.LineText(l.Pos.Line),
	}
	if len(found) > 1 {
		p.Code = "ambiguous-link"
		p.Message = fmt.Sprintf("[[%s]] may mean %s, so it links to nobody", l.Target, either(found))
		p.Hint = fmt.Sprintf("write which one: [[%s]]", found[0])
		return p, true
	}
	p.Code = "unknown-contact"
	p.Message = fmt.Sprintf("nobody is called %s", l.Target)
	if meant := j.names.near(l.Target); meant != "" {
		p.Message += ": did you mean " + j.names.display(meant) + "?"
		p.Hint = fmt.Sprintf("write [[%s]]", j.names.display(meant))
		return p, true
	}
	p.Hint = "add a file for them, or write the name without brackets"
	return p, l.Where != note.InText
}

// either lists slugs as people do: a, b or c.
func either(slugs []string) string {
	last := len(slugs) - 1
	return strings.Join(slugs[:last], ", ") + " or " + slugs[last]
}

// from returns, for each contact, the other files that link to them.
func (j *Journal) from(contacts []*note.Note) map[string][]*File {
	counts := make(map[*note.Note]bool, len(contacts))
	for _, n := range contacts {
		counts[n] = true
	}
	from := map[string][]*File{}
	for _, f := range j.Files {
		if f.Kind == note.Contact && !counts[f.Note] {
			continue
		}
		for i, slug := range f.Targets {
			if slug == "" || f.Links[i].Where == note.InVia || f.Kind == note.Contact && slug == f.Slug {
				continue
			}
			if list := from[slug]; len(list) == 0 || list[len(list)-1] != f {
				from[slug] = append(list, f)
			}
		}
	}
	return from
}

// reuse returns the contact of the journal before if it is the same, else it
// completes this one.
func reuse(c *Contact, before *Journal, collator *collator) *Contact {
	var old *Contact
	if before != nil {
		old = before.bySlug[c.Slug]
	}
	if old != nil && old.File == c.File && old.Cadence == c.Cadence && old.CadenceFrom == c.CadenceFrom &&
		slices.Equal(old.From, c.From) && slices.Equal(old.Circles, c.Circles) {
		return old
	}
	if old != nil && old.Name == c.Name {
		c.sortKey = old.sortKey
	} else {
		c.sortKey = collator.key(c.Name)
	}
	c.gather()
	return c
}

// gather collects the entries, tasks and mentions of a contact from its own
// file and the others.
func (c *Contact) gather() {
	c.Entries = make([]EntryRef, 0, len(c.File.Entries))
	for i := range c.File.Entries {
		c.Entries = append(c.Entries, EntryRef{File: c.File, Index: i})
	}
	for i := range c.File.Tasks {
		c.Tasks = append(c.Tasks, TaskRef{c.File, i})
	}
	for _, f := range c.From {
		c.gatherFrom(f)
	}
	// Stable, so that what the date and time leave open keeps the file's order.
	slices.SortStableFunc(c.Entries, func(a, b EntryRef) int { return CompareEntries(a.Entry(), b.Entry()) })
}

func (c *Contact) gatherFrom(f *File) {
	theirs := func(links []int) bool {
		return slices.ContainsFunc(links, func(i int) bool { return f.Targets[i] == c.Slug })
	}
	for i := range f.Entries {
		if theirs(f.Entries[i].Links) {
			c.Entries = append(c.Entries, EntryRef{File: f, Index: i, Guest: f.Kind == note.Contact})
		}
	}
	var asTask []int
	if f.Kind == note.Journal {
		for i := range f.Tasks {
			if theirs(f.Tasks[i].Links) {
				c.Tasks = append(c.Tasks, TaskRef{f, i})
				asTask = append(asTask, f.Tasks[i].Links...)
			}
		}
	}
	lastLine := int32(0)
	for i, l := range f.Links {
		if l.Where == note.InText && f.Targets[i] == c.Slug && l.Pos.Line != lastLine && !slices.Contains(asTask, i) {
			c.Mentions = append(c.Mentions, Mention{f, i})
			lastLine = l.Pos.Line
		}
	}
}

// CompareEntries orders entries newest first: on one day the later time first,
// those without a time last (FORMAT.md, "The command line").
func CompareEntries(a, b *note.Entry) int {
	return cmp.Or(b.Date.Compare(a.Date), int(b.Time)-int(a.Time))
}

// news returns your own news, oldest first: the entries of journal files whose
// kind is news and that name nobody.
func (j *Journal) news() []EntryRef {
	var news []EntryRef
	for _, f := range j.Files {
		if f.Kind != note.Journal {
			continue
		}
		for i := range f.Entries {
			if e := &f.Entries[i]; e.Kind == "news" && len(e.Links) == 0 {
				news = append(news, EntryRef{File: f, Index: i})
			}
		}
	}
	slices.SortStableFunc(news, func(a, b EntryRef) int { return a.Entry().Date.Compare(b.Entry().Date) })
	return news
}

// circleSet is the circles that have a file, and the names of those that do
// not.
type circleSet struct {
	bySlug map[string]*Circle
	names  names
}

func (j *Journal) circleFiles() circleSet {
	s := circleSet{map[string]*Circle{}, names{slug: lookup{}, name: lookup{}, alias: lookup{}}}
	for _, f := range j.Files {
		if f.Kind != note.Circle || f.Slug == "" || s.bySlug[f.Slug] != nil {
			continue
		}
		s.bySlug[f.Slug] = &Circle{Slug: f.Slug, Name: f.Name, Every: f.Front.Every, File: f}
		s.names.slug.add(f.Slug, f.Slug)
		s.names.name.add(f.Name, f.Slug)
	}
	return s
}

// of returns the slugs of the circles that a contact names. A circle without a
// file exists all the same (FORMAT.md, "Circles").
func (s circleSet) of(n *note.Note) []string {
	var slugs []string
	for _, name := range n.Front.Circles {
		slug := note.Slug(name)
		if found := s.names.find(name); len(found) > 0 {
			slug = found[0]
		}
		if slug == "" || slices.Contains(slugs, slug) {
			continue
		}
		if s.bySlug[slug] == nil {
			s.bySlug[slug] = &Circle{Slug: slug, Name: name}
		}
		slugs = append(slugs, slug)
	}
	return slugs
}

func (s circleSet) list(contacts []*Contact) []*Circle {
	for _, c := range contacts {
		for _, ref := range c.Circles {
			s.bySlug[ref.Slug].Members = append(s.bySlug[ref.Slug].Members, c.Slug)
		}
	}
	list := make([]*Circle, 0, len(s.bySlug))
	for _, c := range s.bySlug {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *Circle) int { return strings.Compare(a.Slug, b.Slug) })
	return list
}

// cadence returns the cadence in force for a contact and who chose it: its own,
// the shortest of its circles', the settings' (FORMAT.md, "Cadence"). The never
// of a circle counts only if no other circle of the contact gives a cadence
// ("Circles").
func cadence(n *note.Note, slugs []string, circles circleSet, s Settings) (civil.Cadence, string) {
	switch {
	case n.Broken:
		return civil.Cadence{}, ""
	case !n.Front.Every.IsZero():
		return n.Front.Every, "contact"
	}
	var best civil.Cadence
	var chosen string
	for _, slug := range slices.Sorted(slices.Values(slugs)) {
		every := circles.bySlug[slug].Every
		shorter := every.Recurs() && (!best.Recurs() || every.RoughDays() < best.RoughDays())
		if shorter || best.IsZero() && !every.IsZero() {
			best, chosen = every, "circle:"+slug
		}
	}
	switch {
	case !best.IsZero():
		return best, chosen
	case !s.Every.IsZero():
		return s.Every, "settings"
	}
	return civil.Cadence{}, ""
}
