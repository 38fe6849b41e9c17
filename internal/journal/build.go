package journal

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"kith/internal/civil"
	"kith/internal/note"
	"kith/internal/parallel"
)

// build puts the notes together. Whatever comes out as it was in the journal
// before is taken from there.
func (j *Journal) build(notes []*note.Note, before *Journal) {
	j.Files, j.paths = make([]*File, len(notes)), make([]string, len(notes))
	type place struct {
		kind note.Kind
		slug string
	}
	first := make(map[place]*File, len(notes)) // the file that has it
	j.copies = findCopies(notes, j.Attachments)
	for i, n := range notes {
		j.Files[i], j.paths[i] = &File{Note: n}, n.Path
		if j.Files[i].Unused = j.copies.of[n.Path] != nil; n.Kind == note.Journal || j.Files[i].Unused {
			continue
		}
		at := place{n.Kind, n.Slug}
		taken := first[at] != nil
		if !taken {
			first[at] = j.Files[i]
		}
		j.Files[i].Unused = n.Slug == "" || taken
	}
	j.name(before)
	parallel.Each(len(j.Files), func(i int) {
		f := j.Files[i]
		var used, had *File
		if f.Unused && f.Slug != "" && j.copies.of[f.Path] == nil {
			used = first[place{f.Kind, f.Slug}]
		}
		if before != nil {
			had = before.near(i, f.Path)
		}
		j.Files[i] = j.resolve(f, used, had, before)
	})
	var from map[string][]*File
	var beside sync.WaitGroup
	beside.Go(func() { from = j.from() })
	circles := j.newCircles()
	j.Contacts = make([]*Contact, 0, len(j.Files))
	for _, f := range j.Files {
		if f.Kind == note.Contact && !f.Unused {
			j.Contacts = append(j.Contacts, &Contact{Slug: f.Slug, Name: f.Name, File: f, Circles: circles.of(j, f)})
		}
	}
	beside.Wait()
	collators := sync.Pool{New: func() any { return newCollator() }}
	parallel.Each(len(j.Contacts), func(i int) {
		collator := collators.Get().(*collator)
		j.Contacts[i].From = from[j.Contacts[i].Slug]
		j.Contacts[i] = j.Contacts[i].complete(before, collator)
		collators.Put(collator)
	})
	slices.SortFunc(j.Contacts, func(a, b *Contact) int { return strings.Compare(a.Slug, b.Slug) })
	j.Circles = circles.list(j.Contacts)
	for i, c := range j.Contacts {
		j.Contacts[i] = j.withCadence(c, before)
	}
	j.News = j.news()
	j.doubles, j.doublesByText = j.findDoubles()
}

// name makes the names of all contacts and circles; those of the journal before
// if they are the same.
func (j *Journal) name(before *Journal) {
	if before != nil && slices.EqualFunc(j.Files, before.Files, func(f, old *File) bool {
		return f.Unused == old.Unused && (f.Note == old.Note || f.Path == old.Path && calledTheSame(f.Note, old.Note))
	}) {
		j.names, j.circleNames = before.names, before.circleNames
		return
	}
	j.names, j.circleNames = newNames(j.Files, note.Contact), newNames(j.Files, note.Circle)
	if before == nil {
		return
	}
	if j.names.equal(before.names) {
		j.names = before.names
	}
	if j.circleNames.equal(before.circleNames) {
		j.circleNames = before.circleNames
	}
}

// calledTheSame says whether two versions of a note are found by the same names.
func calledTheSame(a, b *note.Note) bool {
	return a.Name == b.Name && slices.Equal(a.Front.Aliases, b.Front.Aliases)
}

// follow does what build does when nothing but the text of some notes and the
// cadences of some circles changed: nobody came, went, was renamed or changed
// circles. It is why a save takes no longer in a large journal than in a small
// one. changed has the notes as they are now, in the place of those of before at
// the same paths. It returns nil if more than that changed.
func (j Journal) follow(before *Journal, changed []*note.Note) *Journal {
	if !slices.Equal(j.Attachments, before.Attachments) || j.Settings.Every != before.Settings.Every {
		return nil
	}
	j.Files = slices.Clone(before.Files)
	j.names, j.circleNames = before.names, before.circleNames
	j.Contacts, j.Circles, j.News = slices.Clone(before.Contacts), slices.Clone(before.Circles), before.News
	j.copies, j.doubles, j.doublesByText, j.paths = before.copies, before.doubles, before.doublesByText, before.paths
	touched := map[string][]change{} // by the slug of a contact
	news, reachedTheSame := false, true
	for _, n := range changed {
		i, ok := slices.BinarySearchFunc(before.Files, n.Path, comparePath)
		if !ok {
			return nil
		}
		old := before.Files[i]
		if old.Note == n {
			continue
		}
		if !calledTheSame(n, old.Note) || !slices.Equal(n.Front.Circles, old.Front.Circles) || n.Broken != old.Broken || old.Unused || j.copies.read[n.Path] {
			return nil
		}
		reachedTheSame = reachedTheSame && n.Front.Status == old.Front.Status && slices.Equal(n.Front.Email, old.Front.Email)
		c := change{old, j.resolve(&File{Note: n}, nil, old, before)}
		j.Files[i] = c.now
		for _, slug := range slices.Concat(c.old.Targets, c.now.Targets) {
			touched[slug] = append(touched[slug], c)
		}
		switch n.Kind {
		case note.Contact:
			touched[n.Slug] = append(touched[n.Slug], c)
		case note.Circle:
			for _, slug := range j.changeCircle(c.now) {
				touched[slug] = append(touched[slug], c)
			}
		case note.Journal:
			news = true
		}
	}
	slugs := slices.Collect(maps.Keys(touched))
	parallel.Each(len(slugs), func(n int) {
		if i := before.Index(slugs[n]); i >= 0 {
			// Nobody has another name, so no key to sort by is made.
			now := before.Contacts[i].follow(touched[slugs[n]]).complete(before, nil)
			j.Contacts[i] = j.withCadence(now, before)
		}
	})
	if news {
		j.News = j.news()
	}
	if !reachedTheSame || before.doublesByText {
		j.doubles, j.doublesByText = j.findDoubles()
	}
	return &j
}

// A change is a file as it was and as it is.
type change struct{ old, now *File }

// follow returns a contact with its files after some changes, of which it may be
// none's business. What they say is still to be gathered.
func (c *Contact) follow(changes []change) *Contact {
	now := &Contact{Slug: c.Slug, Name: c.Name, File: c.File, From: slices.Clone(c.From), Circles: c.Circles}
	for _, ch := range changes {
		if ch.old == c.File {
			now.File = ch.now
			continue
		}
		at, has := slices.BinarySearchFunc(now.From, ch.now.Path, comparePath)
		switch links := ch.now.linksTo(c.Slug); {
		case has && links:
			now.From[at] = ch.now
		case has:
			now.From = slices.Delete(now.From, at, at+1)
		case links:
			now.From = slices.Insert(now.From, at, ch.now)
		}
	}
	return now
}

// changeCircle puts the new file of a circle in the place of the old one, and
// returns its members if it gives another cadence.
func (j *Journal) changeCircle(f *File) (members []string) {
	i, _ := slices.BinarySearchFunc(j.Circles, f.Slug, compareCircle)
	c := *j.Circles[i]
	if c.Every != f.Front.Every {
		members = c.Members
	}
	c.File, c.Every = f, f.Front.Every
	j.Circles[i] = &c
	return members
}

func comparePath(f *File, path string) int { return strings.Compare(f.Path, path) }

// resolve returns the file with the targets of its links and its problems; that
// of the journal before if it is the same, had being the one that has its path there.
// first is the file that is used in its place. Each of the two is nil if there is none.
func (j *Journal) resolve(f, first, had *File, before *Journal) *File {
	old := had
	if old != nil && (old.Note != f.Note || old.Unused != f.Unused) {
		old = nil
	}
	if had != nil && before.names != j.names {
		had = nil
	}
	sameNames := old != nil && had != nil
	sameCircles := old != nil && before.circleNames == j.circleNames
	if sameNames && sameCircles && first == nil && f.Front.Photo == "" && !f.filed() {
		return old // none of what its problems are made of is another
	}
	if sameNames {
		f.Targets, f.Shown = old.Targets, old.Shown
	} else {
		j.aim(f, had)
	}
	f.Problems = j.problems(f, first)
	if old != nil && slices.Equal(old.Targets, f.Targets) && slices.Equal(old.Shown, f.Shown) && slices.Equal(old.Problems, f.Problems) {
		return old
	}
	return f
}

// filed says whether the file has a Markdown link to a note, which may come or go without a
// change of names.
func (f *File) filed() bool {
	for i := range f.Links {
		if f.Links[i].File {
			return true
		}
	}
	return false
}

// nearLinks is how far from where it was a link is looked for.
const nearLinks = 20

// aim finds what the links of a file lead to. had, if not nil, is the file when names
// meant the same: most links are still there, and need not be looked for by name, for
// which all names would have to be put in order first.
func (j *Journal) aim(f, had *File) {
	f.Targets, f.Shown = make([]string, len(f.Links)), make([]string, len(f.Links))
	next := 0 // of the links of before
	for i, l := range f.Links {
		if had != nil {
			links := had.Links[next:min(next+nearLinks, len(had.Links))]
			if at := slices.IndexFunc(links, func(o note.Link) bool { return o.Target == l.Target && o.File == l.File }); at >= 0 {
				f.Targets[i], f.Shown[i] = had.Targets[next+at], had.Shown[next+at]
				next += at + 1
				continue
			}
		}
		if found := j.names.find(l.Target); len(found) == 1 {
			f.Targets[i], f.Shown[i] = found[0], j.names.written[found[0]]
		}
	}
}

// reaches says whether a link gives an entry, a task, a mention or somebody they
// introduced to the contact it leads to, other than that of the file itself.
func (f *File) reaches(link int) bool {
	target := f.Targets[link]
	return target != "" && !f.Unused && (f.Kind != note.Contact || target != f.Slug)
}

// linksTo says whether a file has anything for the contact with a slug (see reaches).
func (f *File) linksTo(slug string) bool {
	for i, target := range f.Targets {
		if target == slug && f.reaches(i) {
			return true
		}
	}
	return false
}

// from returns, for each contact, the other files that link to them.
func (j *Journal) from() map[string][]*File {
	from := make(map[string][]*File, len(j.Files))
	for _, f := range j.Files {
		for i, slug := range f.Targets {
			if list := from[slug]; f.reaches(i) && (len(list) == 0 || list[len(list)-1] != f) {
				from[slug] = append(list, f)
			}
		}
	}
	return from
}

// complete gathers what the journal says about a contact; it returns that of the
// journal before if it is the same in all but the cadence.
func (c *Contact) complete(before *Journal, collator *collator) *Contact {
	var old *Contact
	if before != nil {
		old = before.Contact(c.Slug)
	}
	switch {
	case old == nil || old.Name != c.Name:
		c.sortKey = collator.key(c.Name)
	case old.File == c.File && slices.Equal(old.From, c.From) && slices.Equal(old.Circles, c.Circles):
		return old
	default:
		c.sortKey = old.sortKey
	}
	c.gather()
	return c
}

// withCadence returns the contact with the cadence in force; that of the journal
// before if it is the same in everything.
func (j *Journal) withCadence(c *Contact, before *Journal) *Contact {
	every, from := j.cadence(c)
	if c.Cadence == every && c.CadenceFrom == from {
		return c
	}
	if before != nil && before.Contact(c.Slug) == c {
		changed := *c
		c = &changed
	}
	c.Cadence, c.CadenceFrom = every, from
	return c
}

// gather collects the entries, tasks and mentions of a contact from its own
// file and the others.
func (c *Contact) gather() {
	c.Entries = make([]EntryRef, 0, len(c.File.Entries)+len(c.From)) // mostly one each
	for i := range c.File.Entries {
		c.Entries = append(c.Entries, EntryRef{File: c.File, Index: int32(i)})
	}
	for i := range c.File.Tasks {
		c.Tasks = append(c.Tasks, TaskRef{c.File, i})
	}
	for _, f := range c.From {
		c.gatherFrom(f)
	}
	// Stable, so that what the date and time leave open keeps the file's order.
	slices.SortStableFunc(c.Entries, func(a, b EntryRef) int { return compareEntries(a.Entry(), b.Entry()) })
}

func (c *Contact) gatherFrom(f *File) {
	var asTask []int
	if f.Kind == note.Journal {
		for i := range f.Tasks {
			links := f.Tasks[i].Links
			if slices.ContainsFunc(links, func(i int) bool { return f.Targets[i] == c.Slug }) {
				c.Tasks = append(c.Tasks, TaskRef{f, i})
				asTask = append(asTask, links...)
			}
		}
	}
	entry, line := -1, int32(0) // the last ones
	for i, target := range f.Targets {
		if target != c.Slug {
			continue
		}
		switch l := &f.Links[i]; {
		case l.Where == note.InHeader && l.Entry != entry:
			c.Entries = append(c.Entries, EntryRef{File: f, Index: int32(l.Entry), Guest: f.Kind == note.Contact})
			entry = l.Entry
		case l.Where == note.InText && l.Pos.Line != line && !slices.Contains(asTask, i):
			c.Mentions = append(c.Mentions, Mention{f, i})
			line = l.Pos.Line
		case l.Where == note.InVia && f.Kind == note.Contact && !slices.Contains(c.Introduced, f):
			c.Introduced = append(c.Introduced, f)
		}
	}
}

func compareEntries(a, b *note.Entry) int { return CompareTimes(a.Date, b.Date, a.Time, b.Time) }

// CompareTimes orders the days and times of two entries newest first: on one day the
// later time first, those without a time last (FORMAT.md, "The command line").
func CompareTimes(a, b civil.Date, at, bt note.Time) int {
	return cmp.Or(b.Compare(a), int(bt)-int(at))
}

// news returns your own news, oldest first: the entries of journal files whose
// kind is news and that name nobody.
func (j *Journal) news() []EntryRef {
	var news []EntryRef
	for _, f := range j.Files {
		if f.Kind != note.Journal || f.Unused {
			continue
		}
		for i := range f.Entries {
			if e := &f.Entries[i]; f.EntryKind(e) == "news" && e.Links.Count == 0 {
				news = append(news, EntryRef{File: f, Index: int32(i)})
			}
		}
	}
	slices.SortStableFunc(news, func(a, b EntryRef) int { return a.Entry().Date.Compare(b.Entry().Date) })
	return news
}

// circles are those that have a file, and those that contacts only name.
type circles struct {
	bySlug map[string]*Circle
	slugs  map[string]string // by the name that a contact has for them
}

func (j *Journal) newCircles() circles {
	s := circles{map[string]*Circle{}, map[string]string{}}
	for _, f := range j.Files {
		if f.Kind == note.Circle && !f.Unused {
			s.bySlug[f.Slug] = &Circle{Slug: f.Slug, Name: f.Name, Every: f.Front.Every, File: f}
		}
	}
	return s
}

// of returns the circles that a contact's file names. A circle without a file
// exists all the same, and a name that may mean two of them is that of neither
// (FORMAT.md, "Circles").
func (s circles) of(j *Journal, f *File) []CircleRef {
	var refs []CircleRef
	for _, name := range f.Front.Circles {
		slug, known := s.slugs[name]
		if !known {
			slug = note.Slug(name)
			if found := j.circleNames.find(name); len(found) == 1 {
				slug = found[0]
			}
			s.slugs[name] = slug
		}
		if slug == "" || slices.ContainsFunc(refs, func(r CircleRef) bool { return r.Slug == slug }) {
			continue
		}
		if s.bySlug[slug] == nil {
			s.bySlug[slug] = &Circle{Slug: slug, Name: name}
		}
		refs = append(refs, CircleRef{slug, s.bySlug[slug].Name})
	}
	return refs
}

func (s circles) list(contacts []*Contact) []*Circle {
	for _, c := range contacts {
		for _, ref := range c.Circles {
			circle := s.bySlug[ref.Slug]
			circle.Members = append(circle.Members, c.Slug)
		}
	}
	return slices.SortedFunc(maps.Values(s.bySlug), func(a, b *Circle) int { return strings.Compare(a.Slug, b.Slug) })
}

// cadence returns the cadence in force for a contact and who chose it: its own,
// the shortest of its circles', the settings' (FORMAT.md, "Cadence"). The never
// of a circle counts only if no other circle of the contact gives a cadence
// ("Circles").
func (j *Journal) cadence(c *Contact) (civil.Cadence, string) {
	switch {
	case c.File.Broken:
		return civil.Cadence{}, ""
	case !c.Front().Every.IsZero():
		return c.Front().Every, "contact"
	}
	slugs := make([]string, 0, 8)
	for _, ref := range c.Circles {
		slugs = append(slugs, ref.Slug)
	}
	slices.Sort(slugs) // a tie goes to the first
	var best civil.Cadence
	var chosen string
	for _, slug := range slugs {
		every := j.Circle(slug).Every
		shorter := every.Recurs() && (!best.Recurs() || every.RoughDays() < best.RoughDays())
		if shorter || best.IsZero() && !every.IsZero() {
			best, chosen = every, slug
		}
	}
	switch {
	case !best.IsZero():
		return best, "circle:" + chosen
	case !j.Settings.Every.IsZero():
		return j.Settings.Every, "settings"
	}
	return civil.Cadence{}, ""
}
