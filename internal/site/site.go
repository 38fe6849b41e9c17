package site

import (
	"errors"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/parallel"
)

// Site is every page and file of the site of a journal on a day. It never
// changes; [Site.Next] makes the one after a change.
type Site struct {
	View  *due.View
	Theme *Theme
	// Pinned says that the day was given (by --today, KITH_TODAY or kith.toml):
	// pages say so.
	Pinned bool

	contacts []*person     // those who have a page, in the order of its path
	index    []File        // of the search, in the order of their paths
	few      []File        // all others, likewise
	files    func() []File // all, put in order when they are first asked for

	// What the next site shares with this one.
	frame     *frame
	people    []*person
	day       *day
	queues    *due.Queues
	everybody *everybody
	promises  *index[bool, promise]
	planned   *index[bool, *due.Row]
	months    *index[period, *journal.File]
	tally     tally
	circles   *index[string, *due.Row]
	tags      *index[string, version]
	groups    *groups
	givers    *index[bool, *due.Row]
	open      *index[bool, *due.Row]
	yearly    *index[time.Month, *yearly]
	events    *index[civil.Date, event]

	wishes        *due.Wishes
	introductions *introductions
	network       *network
	search        *searchIndex
}

// File is one file of the site: a page, or a file of the journal that is copied.
type File struct {
	// Path is where it is on the site, with slashes: contacts/ada.html.
	Path string
	// Inputs is nil for a file that is copied.
	Inputs Inputs
	// Source is the path in the journal of a file that is copied; else empty.
	Source string

	text string // of a file that may be run, the name beside it of its copy as text
}

// Inputs are everything a file is made of, as a value that compares with ==: as long
// as it is the same, so are the file's bytes.
type Inputs interface {
	// Render appends these bytes to b. The error is that of a template.
	Render(b []byte) ([]byte, error)
}

var errCopied = errors.New("a file of the journal is copied, not rendered")

// Render appends the bytes of a page to b. The error is that of a template.
func (f File) Render(b []byte) ([]byte, error) {
	if f.Inputs == nil {
		return b, errCopied
	}
	return f.Inputs.Render(b)
}

// Files returns all files in the order of their paths.
func (s *Site) Files() []File { return s.files() }

// File returns the file at a path.
func (s *Site) File(path string) (File, bool) {
	if i, ok := slices.BinarySearchFunc(s.contacts, path, comparePage); ok {
		return s.contacts[i].page, true
	}
	for _, files := range [][]File{s.few, s.index} {
		if i, ok := slices.BinarySearchFunc(files, path, func(f File, p string) int { return strings.Compare(f.Path, p) }); ok {
			return files[i], true
		}
	}
	return File{}, false
}

func comparePage(p *person, path string) int { return strings.Compare(p.page.Path, path) }

// New makes the site of a view.
func New(view *due.View, theme *Theme, pinned bool) *Site {
	return (&Site{Pinned: pinned}).Next(view, theme)
}

// Problems returns everything that is wrong in the journal and in its theme, in the order
// of files and lines.
func (s *Site) Problems() []note.Problem { return Problems(s.View.Journal, s.Theme) }

// Next makes the site of a view, sharing with s what is the same.
func (s *Site) Next(view *due.View, theme *Theme) *Site {
	next := &Site{View: view, Theme: theme, Pinned: s.Pinned, frame: s.nextFrame(view, theme)}
	next.share(s)
	var few []File
	for _, files := range []func() []File{
		next.todayPages, next.contactsPages, next.journalPages, next.circlePages, next.tagPages, next.promisesPages, next.givePages, next.datesPages,
		next.networkPages, next.insightsPages,
		next.problemPages, next.helpPages, next.dataFiles, next.assets, next.attachments,
	} {
		few = append(few, files()...)
	}
	next.arrange(few)
	return next
}

// arrange takes the files that are neither pages of contacts nor of the search.
func (s *Site) arrange(few []File) {
	slices.SortFunc(few, byPath)
	s.few = few
	s.files = sync.OnceValue(func() []File { return merge(s.contacts, s.few, s.index) })
}

func byPath(a, b File) int { return strings.Compare(a.Path, b.Path) }

// merge puts files in order, of which each list is. Nothing comes between those of
// the search index.
func merge(contacts []*person, few, index []File) []File {
	all := make([]File, 0, len(contacts)+len(few)+len(index))
	before := func(path string) { // the contacts
		n, _ := slices.BinarySearchFunc(contacts, path, comparePage)
		for _, p := range contacts[:n] {
			all = append(all, p.page)
		}
		contacts = contacts[n:]
	}
	for _, f := range few {
		if len(index) > 0 && f.Path > index[0].Path {
			before(index[0].Path)
			all, index = append(all, index...), nil
		}
		before(f.Path)
		all = append(all, f)
	}
	for _, p := range contacts {
		all = append(all, p.page)
	}
	return append(all, index...)
}

// A frame is what all pages have in common. It never changes, and there is a new
// one only if something in it is not as it was.
type frame struct {
	theme    *Theme
	contents *contents
	title    string
	name     string // whose journal it is: signs drafts
	editor   string // what opens a note
	today    civil.Date
	day      template.HTML // that, in words
	written  string        // and for scripts; empty if it is pinned
	pinned   bool
	// weekStarts is the first day of a week.
	weekStarts time.Weekday
}

func (s *Site) nextFrame(view *due.View, theme *Theme) *frame {
	settings := view.Journal.Settings
	next := frame{theme: theme, title: settings.Title, name: settings.Name, editor: settings.Editor, today: view.Today, pinned: s.Pinned, weekStarts: settings.WeekStarts}
	next.day = timeHTML(next.today, inWords(next.today), withWeekday(next.today))
	if !next.pinned {
		next.written = next.today.String()
	}
	if s.frame != nil {
		if s.frame.contents.parser == view.Journal.Parser() {
			next.contents = s.frame.contents
		}
		if *s.frame == next {
			return s.frame
		}
	}
	if next.contents == nil {
		next.contents = &contents{parser: view.Journal.Parser()}
	}
	return &next
}

// A person is a note of the journal that counts and, if it is a contact's, what
// is due with them and their page. It never changes.
type person struct {
	file   *journal.File
	row    *due.Row // nil for a circle or a journal file
	at     int      // where the row is in View.BySlug
	page   File
	named  nameLine // in the index of names; zero if they have no page
	ties   ties
	yearly *yearly // nil if there are no such dates
}

// A version is a note as it stands in a journal, with the row of its contact if it is
// one's.
type version struct {
	file *journal.File
	row  *due.Row
}

// stands says whether there is nothing new to say of a person on a site with the
// same frame and attachments. A row is the same pointer as long as nothing about
// its contact changed, and so is a file.
func (p *person) stands(f *journal.File, view *due.View) bool {
	return p.file == f && (p.row == nil || p.at < len(view.BySlug) && view.BySlug[p.at] == p.row)
}

// differences are what is not as it was on the site before: what went of all that
// pages show people by, and what came.
type differences struct {
	pages []*person // whose page is made of something else
	moved bool      // there are other pages of contacts, or all are new
	ties  bool      // of the network

	files  changes[*journal.File]
	rows   changes[*due.Row]
	notes  changes[version]
	givers changes[*due.Row]
	open   changes[*due.Row]
	yearly changes[*yearly]
	events changes[event]
	found  searchChanges
}

// add notes that a person was one thing and is another; the zero person is nobody.
func (d *differences) add(was, is *person) {
	d.pages = append(d.pages, is)
	d.moved = d.moved || was.page.Path != is.page.Path
	d.ties = d.ties || was.ties != is.ties
	d.files.add(was.file, is.file)
	d.rows.add(was.row, is.row)
	d.notes.add(version{was.file, was.row}, version{is.file, is.row})
	d.givers.add(giver(was.row), giver(is.row))
	d.open.add(withOpen(was.row), withOpen(is.row))
	d.yearly.add(was.yearly, is.yearly)
	addEvents(&d.events, was.row, is.row)
	d.found.add(was.found(), is.found())
}

// share makes the site from the one before, anew where the differences touch it.
func (s *Site) share(before *Site) {
	d := s.meet(before)
	gone := d.files.gone
	switch {
	case before.people == nil:
	case before.frame.contents != s.frame.contents: // notes as they were read before cannot be shown
		before = &Site{} // as if there had been none
		d = s.meet(before)
	case len(d.pages) > max(fewNotes, len(s.people)/2):
		before = &Site{} // it takes less than to take most of what was apart
		d = s.everything()
	}
	j := s.View.Journal
	s.introduce(before, d.rows)
	s.meetings(&d, before.introductions)
	var beside sync.WaitGroup // what takes longest goes beside the rest
	defer func() {
		beside.Wait()
		s.frame.contents.forget(gone, s.View.Journal) // what the months knew them by
	}()
	beside.Go(func() { s.search = before.search.next(d.found, s.people); s.index = s.search.files })
	beside.Go(func() { s.months = before.months.next(d.files, s.frame.contents.appendMonths) })
	beside.Go(func() { s.tally = before.tally.next(d.files) })
	beside.Go(func() { s.tags = before.tags.next(d.notes, appendTags) })
	beside.Go(func() { s.contacts = s.nextContacts(before.contacts, d) })
	s.yearly = before.yearly.next(d.yearly, appendMonthsOf)
	s.promises = before.promises.next(changes[promise]{promisesOf(d.rows.gone), promisesOf(d.rows.come)}, one)
	s.planned = before.planned.next(changes[*due.Row]{plannedOf(d.rows.gone), plannedOf(d.rows.come)}, one)
	s.queues = before.queues.Next(s.View, d.rows.gone, d.rows.come)
	beside.Go(func() { s.day = s.nextDay(before, d.rows) })
	s.circles = before.circles.next(d.rows, appendCircles)
	s.groups = before.groups.next(j.Circles)
	s.givers = before.givers.next(d.givers, one)
	s.open = before.open.next(d.open, one)
	s.events = before.events.next(d.events, appendDay)
	s.network = before.network
	if s.network == nil || d.ties {
		s.network = newNetwork(s.people)
	}
	if s.everybody = before.everybody; s.everybody == nil || len(d.rows.gone)+len(d.rows.come) > 0 {
		s.everybody = &everybody{s.View.Rows}
	}
}

// nextContacts returns the people who have pages, by path, from those of the site before.
func (s *Site) nextContacts(before []*person, d differences) []*person {
	if d.moved {
		return contactPages(s.people)
	}
	if len(d.pages) == 0 {
		return before
	}
	next := slices.Clone(before)
	for _, p := range d.pages {
		if i, ok := slices.BinarySearchFunc(next, p.page.Path, comparePage); ok {
			next[i] = p
		}
	}
	return next
}

func (s *Site) newDay(before *Site) bool {
	return before.View == nil || before.View.Today != s.View.Today
}

// fewNotes may change at once, of however few people, and what was is followed.
const fewNotes = 50

// meet goes through the notes of the journal beside the people of the site
// before, and makes anew those who are not as they were.
func (s *Site) meet(before *Site) differences {
	j := s.View.Journal
	s.people = make([]*person, 0, len(j.Files))
	sameAttachments := before.View != nil && slices.Equal(before.View.Journal.Attachments, j.Attachments)
	same := s.frame == before.frame && sameAttachments
	d := differences{moved: !same}
	old, nobody := before.people, &person{}
	type meeting struct{ was, is *person }
	var met []meeting
	next := 0 // the contact after the last one, whose file mostly comes next, too
	for _, f := range j.Files {
		if same && len(old) > 0 && old[0].stands(f, s.View) {
			s.people, old = append(s.people, old[0]), old[1:]
			continue
		}
		if f.Unused {
			continue
		}
		p := &person{file: f}
		if f.Kind == note.Contact {
			if p.at = next; p.at == len(j.Contacts) || j.Contacts[p.at].File != f {
				p.at = j.Index(f.Slug)
			}
			p.row, next = s.View.BySlug[p.at], p.at+1
		}
		for ; len(old) > 0 && old[0].file.Path < f.Path; old = old[1:] {
			d.add(old[0], nobody)
		}
		was := nobody
		if len(old) > 0 && old[0].file.Path == f.Path {
			was, old = old[0], old[1:]
		}
		met = append(met, meeting{was, p})
		s.people = append(s.people, p)
	}
	for ; len(old) > 0; old = old[1:] {
		d.add(old[0], nobody)
	}
	parallel.Each(len(met), func(i int) {
		s.renew(met[i].is, met[i].was, sameAttachments)
	})
	for _, m := range met {
		if m.was.file != m.is.file || m.was.row != m.is.row {
			d.add(m.was, m.is)
		}
	}
	return d
}

// everything returns the differences from a site with nothing on it.
func (s *Site) everything() differences {
	d, nobody := differences{moved: true}, &person{}
	for _, p := range s.people {
		d.add(nobody, p)
	}
	return d
}

// renew works out what there is to show of a person, of which what they were has
// as much as is the same.
func (s *Site) renew(p, was *person, sameAttachments bool) {
	if p.row != nil {
		have, ok := was.page.Inputs.(contactPage)
		files := have.files
		if was.file != p.file || !sameAttachments {
			files = s.frame.contents.attached(s.View.Journal, p.file)
		}
		inputs := contactPage{s.frame, p.row, photo(s.View.Journal, p.file), files, have.meeting}
		if ok && have == inputs && was.file.Slug == p.file.Slug {
			p.page = was.page
		} else {
			p.page = File{Path: contactPath(p.file.Slug), Inputs: inputs}
		}
	}
	p.named, p.ties, p.yearly = was.named, was.ties, was.yearly
	if was.file != p.file || was.row != p.row {
		p.yearly = was.yearly.next(p.row)
		p.ties = tiesOf(p.file, p.row)
		if p.named = (nameLine{}); notePath(p.file) != "" {
			p.named = newLine(p.file, p.row)
		}
	}
}

// attachments returns the files of the journal that are copied. One that has the
// place of a page is left out, as the journal's problems say.
func (s *Site) attachments() []File {
	var files []File
	for _, a := range s.View.Journal.Attachments {
		if at := journal.SitePath(a); !s.View.Journal.Taken(at) {
			files = append(files, s.copies(a, at)...)
		}
	}
	return files
}
