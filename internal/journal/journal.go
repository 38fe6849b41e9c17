package journal

import (
	"cmp"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/note"
)

// Journal is everything a folder holds. It never changes.
type Journal struct {
	Settings Settings
	// Contacts are in the order of their slugs.
	Contacts []*Contact
	// Circles are in the order of their slugs, those without a file among them.
	Circles []*Circle
	// Files are all notes, in the order of their paths.
	Files []*File
	// Attachments are the paths of the files that are no notes, in order.
	Attachments []string
	// News are your own news, oldest first (FORMAT.md, "Entries").
	News []EntryRef

	parser           *note.Parser
	names            *names
	circleNames      *names
	copies           copies
	doubles          []double
	doublesByText    bool     // a text that changes may make others
	paths            []string // of all notes, in order
	folderProblems   []note.Problem
	settingsProblems []note.Problem
	settingsText     string
	settingsUnread   bool // there is a file, and it could not be read
}

// File is a note and where its links lead.
type File struct {
	*note.Note
	// Targets has the slug of the contact for each of Note.Links, or "".
	Targets []string
	// Shown has the name of that contact, or "".
	Shown []string
	// Problems are the note's own and those that only the other files show.
	Problems []note.Problem
	// Unused says that the file is left out: another with the same slug is used in its
	// place, or it is a copy of another.
	Unused bool
}

// Contact is one person, with everything the journal says about them.
type Contact struct {
	Slug string
	Name string
	File *File
	// From are the other files that have an entry, a task or a mention of them, or
	// name them as who introduced you.
	From []*File
	// Circles are their circles, in the order they are written.
	Circles []CircleRef
	// Cadence is the one in force; CadenceFrom says who chose it: "contact",
	// "circle:SLUG", "settings" or "" (FORMAT.md, "Cadence").
	Cadence     civil.Cadence
	CadenceFrom string
	// Entries are theirs: of their own file and those they took part in, newest
	// first.
	Entries []EntryRef
	Tasks   []TaskRef
	// Mentions are where running text of other files links to them.
	Mentions []Mention
	// Introduced are the files of those whom you met through them.
	Introduced []*File

	sortKey string
}

// CircleRef names a circle.
type CircleRef struct{ Slug, Name string }

// EntryRef is an entry and the file it stands in.
type EntryRef struct {
	File  *File
	Index int32
	// Guest says that the entry stands in another contact's file, whose marks
	// are not about this contact (FORMAT.md, "Participants").
	Guest bool
}

// Entry returns the entry itself.
func (r EntryRef) Entry() *note.Entry { return &r.File.Entries[r.Index] }

// Text returns the Markdown of the entry's line, without date and header.
func (r EntryRef) Text() string { return r.File.EntryText(r.Entry()) }

// Kind returns the entry's kind in lower case, empty if none is written.
func (r EntryRef) Kind() string { return r.File.EntryKind(r.Entry()) }

// Tags returns the entry's tags, which are not to be changed.
func (r EntryRef) Tags() []string { return r.File.EntryTags(r.Entry()) }

// Has says whether the entry has a mark that counts for the contact whose entry
// this is.
func (r EntryRef) Has(m note.Mark) bool { return !r.Guest && r.Entry().Has(m) }

// Marks returns the marks that count for the contact whose entry this is.
func (r EntryRef) Marks() []note.Mark {
	if r.Guest {
		return nil
	}
	return r.Entry().Marks.All()
}

// Participants returns the slugs of who took part, as the header's links name
// them, without doubles.
func (r EntryRef) Participants() []string {
	var slugs []string
	for i := range r.Entry().Links.All() {
		if s := r.File.Targets[i]; s != "" && !slices.Contains(slugs, s) {
			slugs = append(slugs, s)
		}
	}
	return slugs
}

// TaskRef is a task and the file it stands in.
type TaskRef struct {
	File  *File
	Index int
}

// Task returns the task itself.
func (r TaskRef) Task() *note.Task { return &r.File.Tasks[r.Index] }

// Mention is a link to a contact in another file's running text.
type Mention struct {
	File *File
	Link int // an index of Note.Links
}

// Slug returns the contact whose file mentions them, or "" for a journal file
// or a circle.
func (m Mention) Slug() string {
	if m.File.Kind != note.Contact {
		return ""
	}
	return m.File.Slug
}

// Line returns the line of the mention.
func (m Mention) Line() int { return int(m.File.Links[m.Link].Pos.Line) }

// Text returns the Markdown of the line of the mention, without the mark of a
// list item or heading.
func (m Mention) Text() string {
	line := strings.TrimSpace(m.File.LineText(m.File.Links[m.Link].Pos.Line))
	line = strings.TrimSpace(strings.TrimLeft(line, "#>"))
	if len(line) > 1 && strings.IndexByte("-*+", line[0]) >= 0 && line[1] == ' ' {
		line = strings.TrimSpace(line[2:])
	}
	return line
}

// Circle is a group of contacts.
type Circle struct {
	Slug    string
	Name    string
	Every   civil.Cadence
	File    *File    // nil if contacts name it but it has none
	Members []string // slugs of contacts, in the order of their slugs
}

// Contact returns the contact with a slug, or nil.
func (j *Journal) Contact(slug string) *Contact {
	if i := j.Index(slug); i >= 0 {
		return j.Contacts[i]
	}
	return nil
}

// Index returns where in Contacts the one with a slug is, or -1.
func (j *Journal) Index(slug string) int {
	i, ok := slices.BinarySearchFunc(j.Contacts, slug, func(c *Contact, s string) int { return strings.Compare(c.Slug, s) })
	if !ok {
		return -1
	}
	return i
}

// Circle returns the circle with a slug, or nil.
func (j *Journal) Circle(slug string) *Circle {
	i, ok := slices.BinarySearchFunc(j.Circles, slug, compareCircle)
	if !ok {
		return nil
	}
	return j.Circles[i]
}

func compareCircle(c *Circle, slug string) int { return strings.Compare(c.Slug, slug) }

// near returns the note with a path, which is mostly the i-th, or nil.
func (j *Journal) near(i int, path string) *File {
	if i < len(j.Files) && j.Files[i].Path == path {
		return j.Files[i]
	}
	return j.File(path)
}

// File returns the note with a path, or nil.
func (j *Journal) File(path string) *File {
	i, ok := slices.BinarySearchFunc(j.Files, path, func(f *File, p string) int { return strings.Compare(f.Path, p) })
	if !ok {
		return nil
	}
	return j.Files[i]
}

// Parser returns what reads the journal's notes.
func (j *Journal) Parser() *note.Parser { return j.parser }

// CompareNames orders contacts by name, then slug: names by the collation of
// the root locale, then by code point (FORMAT.md, "Today's few").
func CompareNames(a, b *Contact) int {
	if order := strings.Compare(a.sortKey, b.sortKey); order != 0 { // most are decided by that
		return order
	}
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Slug, b.Slug))
}

// Active says whether a contact may raise anything at all.
func (c *Contact) Active() bool { return c.File.Front.Status == note.Active }

// Front returns the contact's front matter.
func (c *Contact) Front() *note.Front { return &c.File.Front }
