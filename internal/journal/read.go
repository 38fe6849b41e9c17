package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"kith/internal/folder"
	"kith/internal/note"
	"kith/internal/parallel"
)

// ContactsFolder is where the contacts of a journal are, relative to the journal.
const ContactsFolder = "content/contacts"

const (
	contactsFolder = ContactsFolder
	circlesFolder  = "content/circles"
	journalFolder  = "content/journal"
)

// Folders returns those that a journal is read from, with all that lies in them.
func Folders() []string { return []string{contactsFolder, circlesFolder, journalFolder} }

// Read reads the journal in a folder. It never fails: what cannot be read is
// among the problems.
func Read(fsys fs.FS) *Journal {
	return (*Journal)(nil).Reread(fsys, nil)
}

// Reread returns the journal after some of its files changed: those at the
// given paths, relative to the journal, and below them where a path is a
// folder's; with no paths, any. Where the paths are very many it looks at everything.
// It shares with j what did not change.
//
// A note that could be read before, and whose front matter cannot be read now,
// stays as it was, with the new problems, until it is mended: somebody is in the
// middle of writing it.
func (j *Journal) Reread(fsys fs.FS, paths []string) *Journal {
	r := &reader{fsys: fsys, before: j}
	return r.reread(paths)
}

func (r *reader) reread(paths []string) *Journal {
	j := r.before
	if j == nil || len(paths) == 0 || slices.Contains(paths, SettingsFile) {
		r.settings()
	} else {
		r.next.Settings, r.next.parser = j.Settings, j.parser
		r.next.settingsProblems, r.next.settingsText, r.next.settingsUnread = j.settingsProblems, j.settingsText, j.settingsUnread
	}
	all := j == nil || len(paths) == 0 || r.next.parser != j.parser || len(paths) > max(manyNotes, len(j.Files)/4)
	if all {
		paths = Folders()
	}
	for _, p := range paths {
		r.find(p)
	}
	changed := r.readNotes()
	changed = append(changed, r.kept(changed)...)
	var others []*note.Note
	gone := 0
	if !all {
		others, gone = without(r.notesBefore(), paths, func(n *note.Note) string { return n.Path })
		attachments, _ := without(j.Attachments, paths, func(p string) string { return p })
		problems, _ := without(j.folderProblems, paths, func(p note.Problem) string { return p.File })
		r.next.Attachments = append(attachments, r.next.Attachments...)
		r.next.folderProblems = append(problems, r.next.folderProblems...)
	}
	// A path may be given along with the folder it lies in.
	slices.Sort(r.next.Attachments)
	r.next.Attachments = slices.Compact(r.next.Attachments)
	slices.SortStableFunc(r.next.folderProblems, func(a, b note.Problem) int { return strings.Compare(a.File, b.File) })
	r.next.folderProblems = slices.Compact(r.next.folderProblems)
	if !all && gone == len(changed) {
		if next := r.next.follow(j, changed); next != nil {
			return next
		}
	}
	notes := append(others, changed...)
	slices.SortFunc(notes, func(a, b *note.Note) int { return strings.Compare(a.Path, b.Path) })
	next := r.next // by itself: the reader holds on to the journal before
	next.build(notes, j)
	return &next
}

// without returns a list, in the order of its paths, without what is at or below
// the given paths, and how much that was.
func without[T any](list []T, paths []string, name func(T) string) (rest []T, gone int) {
	drop := make([]bool, len(list))
	for _, p := range paths {
		find := func(p string) int {
			i, _ := slices.BinarySearchFunc(list, p, func(e T, p string) int { return strings.Compare(name(e), p) })
			return i
		}
		for i := find(p); i < len(list) && name(list[i]) == p; i++ {
			drop[i] = true
		}
		for i := find(p + "/"); i < len(list) && strings.HasPrefix(name(list[i]), p+"/"); i++ {
			drop[i] = true
		}
	}
	rest = make([]T, 0, len(list))
	for i, e := range list {
		if drop[i] {
			gone++
		} else {
			rest = append(rest, e)
		}
	}
	return rest, gone
}

type reader struct {
	fsys   fs.FS
	before *Journal
	next   Journal
	files  []found
	unread []string  // the folders that cannot be read
	rooms  sync.Pool // of *[]byte: the bytes of files, until they are read as notes
}

// found is a note that was found.
type found struct {
	path   string
	entry  fs.DirEntry
	folder *folder.Folder // that it lies in; nil if that is not open
}

func (r *reader) settings() {
	data, err := folder.ReadFile(r.fsys, SettingsFile, note.MaxSize)
	text := string(data)
	if r.before != nil && !r.before.settingsUnread && r.before.settingsText == text && err == nil {
		r.next.Settings, r.next.settingsText = r.before.Settings, text
		r.next.settingsProblems, r.next.parser = r.before.settingsProblems, r.before.parser
		return
	}
	r.next.settingsText = text
	r.next.Settings, r.next.settingsProblems = ParseSettings(text)
	unread := err != nil && !errors.Is(err, fs.ErrNotExist)
	if unread && r.before != nil { // as they were
		r.next.Settings, r.next.settingsText = r.before.Settings, r.before.settingsText
		r.next.settingsProblems = nil
	}
	if r.next.settingsUnread = unread; unread {
		r.next.settingsProblems = append(r.next.settingsProblems, note.Problem{
			File: SettingsFile, Line: 1, Column: 1, Severity: note.Error, Code: "unreadable",
			Message: "the settings cannot be read: " + reason(err), Hint: "what they were, or the defaults, are used until they can",
		})
	}
	if r.before != nil && sameKinds(r.before.Settings.Kinds, r.next.Settings.Kinds) {
		r.next.parser = r.before.parser
		return
	}
	r.next.parser = note.NewParser(r.next.Settings.Kinds)
}

func sameKinds(a, b note.Kinds) bool {
	return slices.Equal(a.Talk, b.Talk) && slices.Equal(a.Write, b.Write) && slices.Equal(a.Note, b.Note)
}

// reason says why a file could not be read, without its path.
func reason(err error) string {
	if pe := new(fs.PathError); errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// Ignored says whether a file or folder is left out of a journal: names that
// begin with . or _, and editors' litter (FORMAT.md, "The journal").
func Ignored(name string) bool {
	base := path.Base(name)
	for _, end := range []string{"~", ".swp", ".swx", ".tmp", "___jb_tmp___", "___jb_old___"} {
		if strings.HasSuffix(base, end) {
			return true
		}
	}
	return strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "4913" || // with which vim tries a folder
		len(base) > 1 && strings.HasPrefix(base, "#") && strings.HasSuffix(base, "#")
}

// kindOf returns the kind of the note that a path is, or false if it is none.
func kindOf(p string) (note.Kind, bool) {
	switch {
	case !strings.HasSuffix(p, ".md"):
	case strings.HasPrefix(p, contactsFolder+"/"):
		return note.Contact, true
	case path.Dir(p) == circlesFolder:
		return note.Circle, true
	case strings.HasPrefix(p, journalFolder+"/"):
		return note.Journal, true
	}
	return 0, false
}

// find notes the files at a path and below it.
func (r *reader) find(p string) {
	for _, folder := range Folders() {
		switch {
		case p == folder || strings.HasPrefix(folder, p+"/"):
			r.walk(folder)
		case strings.HasPrefix(p, folder+"/"):
			r.findIn(folder, p)
		}
	}
}

// findIn notes the files at a path in a folder, as far as they are found from there:
// a walk leads past what is ignored, and into no link.
func (r *reader) findIn(folder, p string) {
	for dir := p; dir != folder; dir = path.Dir(dir) {
		if Ignored(dir) {
			return
		}
		info, err := fs.Lstat(r.fsys, dir)
		switch {
		case err != nil || info.Mode()&fs.ModeSymlink == 0: // the walk sees to it
		case dir == p:
			r.note(p, fs.FileInfoToDirEntry(info))
			return
		default:
			return
		}
	}
	r.walk(p)
}

// walk notes the files in a folder, or a file.
func (r *reader) walk(root string) {
	// An error is either that of a folder that cannot be read, which becomes a
	// problem, or that there is no such file any more.
	_ = fs.WalkDir(r.fsys, root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if !errors.Is(err, fs.ErrNotExist) {
				r.folderProblem(p, "unreadable", "the folder cannot be read: "+reason(err), "give yourself the right to read it")
				r.unread = append(r.unread, p)
			}
		case p != root && Ignored(p):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			if _, ok := kindOf(p); ok {
				r.folderProblem(p, "folder-named-note", "a folder has the name of a note", "rename it without .md; the notes in it are read all the same")
			}
		default:
			r.note(p, d)
		}
		return nil
	})
}

// note notes a file, or whatever else is no folder.
func (r *reader) note(p string, d fs.DirEntry) {
	if _, ok := kindOf(p); ok {
		r.files = append(r.files, found{path: p, entry: d})
	} else if strings.HasPrefix(p, circlesFolder+"/") && path.Dir(p) != circlesFolder && strings.HasSuffix(p, ".md") {
		r.folderProblem(p, "not-a-note", "the file is not read: a circle's file lies in "+circlesFolder+" itself", "move it there")
	} else if strings.EqualFold(path.Ext(p), ".md") {
		r.folderProblem(p, "not-a-note", "the file is not read: the name of a note ends in .md, in small letters", "rename it")
	} else if d.Type().IsRegular() {
		r.next.Attachments = append(r.next.Attachments, p)
	} else if isLink(r.fsys, p) && hidden(r.fsys, p) {
		r.folderProblem(p, "unreadable", hiddenMessage, hiddenHint)
	} else if info, err := fs.Stat(r.fsys, p); err == nil && info.Mode().IsRegular() {
		r.next.Attachments = append(r.next.Attachments, p) // a link that stays inside the journal
	} else if err == nil && info.IsDir() {
		r.folderProblem(p, "linked-folder", "the folder is a link, which is not followed: what is in it is not read",
			"put the folder itself here, and the link where the folder was")
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) && isLink(r.fsys, p) {
		r.folderProblem(p, "unreadable", "the link cannot be followed: "+reason(err), "a link may not lead out of the journal: put what it leads to here")
	}
}

func (r *reader) folderProblem(p, code, message, hint string) {
	r.next.folderProblems = append(r.next.folderProblems, folderProblem(p, code, message, hint))
}

func folderProblem(p, code, message, hint string) note.Problem {
	return note.Problem{File: p, Line: 1, Column: 1, Severity: note.Error, Code: code, Message: message, Hint: hint}
}

// readNotes reads the notes that were found, on all processors.
func (r *reader) readNotes() []*note.Note {
	// A path may be given along with the folder it lies in.
	slices.SortStableFunc(r.files, func(a, b found) int { return strings.Compare(a.path, b.path) })
	r.files = slices.CompactFunc(r.files, func(a, b found) bool { return a.path == b.path })
	notes := make([]*note.Note, len(r.files))
	defer r.openFolders()()
	parallel.Each(len(r.files), func(i int) {
		var old *note.Note
		if r.before != nil && r.before.parser == r.next.parser {
			if f := r.before.File(r.files[i].path); f != nil {
				old = f.Note
			}
		}
		notes[i] = r.readNote(r.files[i], old)
	})
	return slices.DeleteFunc(notes, func(n *note.Note) bool { return n == nil })
}

// manyNotes is how many notes a folder has that is worth opening, or being read as a
// whole if most are not as they were. There are as many folders as somebody likes, and
// files that a process may have open are few.
const manyNotes = 50

// openFolders opens the folders of many notes, for as long as it takes to read them,
// and returns what closes them again.
func (r *reader) openFolders() (done func()) {
	fsys, ok := r.fsys.(folder.FS)
	if !ok {
		return func() {}
	}
	notes := map[string]int{}
	for _, f := range r.files {
		notes[path.Dir(f.path)]++
	}
	open := map[string]*folder.Folder{}
	for dir, n := range notes {
		if n < manyNotes {
			continue
		}
		if in, err := fsys.Folder(dir); err == nil { // else each file is found from the top
			open[dir] = in
		}
	}
	for i := range r.files {
		r.files[i].folder = open[path.Dir(r.files[i].path)]
	}
	return func() {
		for _, in := range open {
			in.Close()
		}
	}
}

// parseIn reads a note by way of its open folder, if that is open and the note a plain
// file; it is old if the file still has its text.
func (r *reader) parseIn(f found, kind note.Kind, old *note.Note) (*note.Note, bool) {
	if f.folder == nil || !f.entry.Type().IsRegular() {
		return nil, false
	}
	room, ok := r.rooms.Get().(*[]byte)
	if !ok {
		room = new([]byte)
	}
	defer r.rooms.Put(room)
	data, err := f.folder.Read((*room)[:0], path.Base(f.path), note.MaxSize)
	if *room = data; err != nil {
		return nil, false
	}
	n := old
	if old == nil || !old.Reads(data) {
		n = r.next.parser.Parse(f.path, kind, data)
	}
	return n, true
}

// readNote reads one note; nil if it is gone by now. old is what it was, if that
// is known; the note stays that, with the new problems, if it can no longer be
// read.
func (r *reader) readNote(f found, old *note.Note) *note.Note {
	kind, _ := kindOf(f.path)
	n := r.parse(f, kind, old)
	if r.before == nil || n == nil || n == old || !n.Broken || old == nil {
		return n
	}
	if (old.Stale || old.Broken && old.Source == n.Source) && slices.Equal(old.Problems, n.Problems) {
		return old // it is no better than it was
	}
	if !old.Broken {
		return old.Keep(n.Problems)
	}
	return n
}

// kept returns the notes of before that lie in folders which cannot be read now, and are
// not among those that were found, as they were.
func (r *reader) kept(notes []*note.Note) []*note.Note {
	if r.before == nil || r.before.parser != r.next.parser {
		return nil
	}
	found := map[string]bool{}
	for _, n := range notes {
		found[n.Path] = true
	}
	var kept []*note.Note
	for _, unread := range r.unread {
		for _, f := range r.before.Files {
			if (f.Path == unread || strings.HasPrefix(f.Path, unread+"/")) && !found[f.Path] {
				found[f.Path] = true
				kept = append(kept, f.Note)
			}
		}
		for _, a := range r.before.Attachments {
			if strings.HasPrefix(a, unread+"/") {
				r.next.Attachments = append(r.next.Attachments, a)
			}
		}
	}
	return kept
}

// Unread returns the paths of what could not be read though it is there. It may be read
// later, where the system only lacked something for a moment, and nobody tells when.
func (j *Journal) Unread() []string {
	var paths []string
	add := func(problems []note.Problem) {
		for _, p := range problems {
			if p.Code == "unreadable" && !slices.Contains(paths, p.File) {
				paths = append(paths, p.File)
			}
		}
	}
	add(j.settingsProblems)
	add(j.folderProblems)
	for _, f := range j.Files {
		if f.Broken || f.Stale {
			add(f.Note.Problems)
		}
	}
	return paths
}

// parse reads the note at a path; it is old if the file still has its text.
func (r *reader) parse(f found, kind note.Kind, old *note.Note) *note.Note {
	if n, ok := r.parseIn(f, kind, old); ok {
		return n
	}
	p := f.path
	unreadable := func(err error) *note.Note {
		return note.Unreadable(p, kind, "unreadable", "the file cannot be read: "+reason(err), unreadableHint(r.fsys, p))
	}
	// What the folder says of a file costs less than to look for it by its path.
	info, err := f.entry.Info()
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if hidden(r.fsys, p) {
			return note.Unreadable(p, kind, "unreadable", hiddenMessage, hiddenHint)
		}
		info, err = fs.Stat(r.fsys, p)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && !isLink(r.fsys, p):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return note.Unreadable(p, kind, "dead-link", "the file is a link that leads nowhere", "remove it, or link to a file of the journal")
	case err != nil:
		return unreadable(err)
	case !info.Mode().IsRegular():
		return note.Unreadable(p, kind, "unreadable", fmt.Sprintf("this is no file (%v)", info.Mode().Type()), "remove it, or rename it without .md")
	case info.Size() > note.MaxSize:
		return note.TooLarge(p, kind, info.Size())
	}
	data, err := readMost(r.fsys, p, note.MaxSize)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unreadable(err)
	case old != nil && old.Reads(data):
		return old
	}
	return r.next.parser.Parse(p, kind, data)
}

// readMost reads a file to its end, or a byte further than the given number: it may grow
// meanwhile.
func readMost(fsys fs.FS, p string, most int64) ([]byte, error) {
	f, err := fsys.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

func isLink(fsys fs.FS, p string) bool {
	info, err := fs.Lstat(fsys, p)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

const (
	hiddenMessage = "the file is a link to what is not shown"
	hiddenHint    = "remove it, or link to a file among the notes"
)

// hidden says whether a link leads to what nobody means to publish: into a folder whose
// name begins with a dot, such as .git, or to the settings.
func hidden(fsys fs.FS, link string) bool {
	const most = 40 // links on the way, of which there may be a circle
	at, rest := ".", strings.Split(link, "/")
	for links := 0; len(rest) > 0 && links < most; {
		next := path.Join(at, rest[0])
		rest = rest[1:]
		if target, err := fs.ReadLink(fsys, next); err == nil {
			rest = append(strings.Split(target, "/"), rest...)
			links++
			continue
		}
		switch at = next; {
		case at == ".." || strings.HasPrefix(at, "../"):
			return false // it leads out, which is told of as such
		case at != "." && strings.HasPrefix(path.Base(at), "."):
			return true
		}
	}
	return at == SettingsFile
}

func unreadableHint(fsys fs.FS, p string) string {
	if isLink(fsys, p) {
		return "a link may not lead out of the journal: put the file itself here"
	}
	return "give yourself the right to read it"
}

func (r *reader) notesBefore() []*note.Note {
	notes := make([]*note.Note, len(r.before.Files))
	for i, f := range r.before.Files {
		notes[i] = f.Note
	}
	return notes
}
