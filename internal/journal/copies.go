package journal

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kith/internal/note"
)

// What sync programs, editors and git put behind the name of a file that they make a
// copy of (FORMAT.md, "A second copy is no second person"). People give names with some of
// them, too: there the texts decide.
const (
	surely   = ` ?\(.*conflicted copy.*\)| ?\(.*case conflict.*\)|\.sync-conflict-.*|-.+-conflict.*|_(?:local|remote|base|backup)_.*|\.orig`
	perhaps  = ` \(\d+\)| \d{1,2}|_\d{1,2}|(?: -)? copy| \(copy\)`
	beginsBy = " ._-(" // what a mark begins with
)

var (
	copyMark = regexp.MustCompile(`^(?:` + surely + `|` + perhaps + `)+$`)
	weakMark = regexp.MustCompile(`^(?:` + perhaps + `)+$`)
)

// copies are the files that have the name of another but for the mark of a copy.
type copies struct {
	of    map[string]*note.Note // by the path of a copy, the note that it was made of
	twins [][2]*note.Note       // two people, who have one name but for such a mark
	read  map[string]bool       // the paths of notes whose texts decided which it is
}

// findCopies looks for copies among the notes of a journal and its attachments, of which
// x.md.orig may be one.
func findCopies(notes []*note.Note, attachments []string) copies {
	named := make(map[string]*note.Note, len(notes)) // by their paths without .md
	for _, n := range notes {
		named[plainPath(strings.TrimSuffix(n.Path, ".md"))] = n
	}
	c := copies{of: map[string]*note.Note{}, read: map[string]bool{}}
	for _, n := range notes {
		of, mark := original(named, plainPath(strings.TrimSuffix(n.Path, ".md")))
		switch {
		case of == nil:
		case !weakMark.MatchString(mark):
			c.of[n.Path] = of
		default:
			c.read[n.Path], c.read[of.Path] = true, true
			if alike(n, of) {
				c.of[n.Path] = of
			} else if n.Kind == note.Contact {
				c.twins = append(c.twins, [2]*note.Note{of, n})
			}
		}
	}
	for _, a := range attachments {
		if !strings.Contains(a, ".md") {
			continue
		}
		if of, mark := original(named, plainPath(a)); of != nil && !weakMark.MatchString(mark) {
			c.of[a] = of
		}
	}
	return c
}

// plainPath returns a path without regard to case and Unicode form.
func plainPath(path string) string { return strings.ToLower(norm.NFC.String(path)) }

// original returns the note of whose name a path has more than a mark, and the mark; nil
// if there is none.
func original(named map[string]*note.Note, path string) (of *note.Note, mark string) {
	for i := strings.LastIndexByte(path, '/') + 2; i < len(path); i++ {
		if strings.IndexByte(beginsBy, path[i]) < 0 {
			continue
		}
		of := named[strings.TrimSuffix(path[:i], ".md")]
		if of != nil && copyMark.MatchString(path[i:]) {
			return of, path[i:]
		}
	}
	return nil, ""
}

// alike says whether two notes that have one name are one: they have an e-mail address or
// a line of their bodies in common, or one of two people has no body.
func alike(a, b *note.Note) bool {
	for _, address := range a.Front.Email {
		if slices.ContainsFunc(b.Front.Email, func(o string) bool { return strings.EqualFold(o, address) }) {
			return true
		}
	}
	return shareLine(a, b) || a.Kind != note.Journal && (strings.TrimSpace(a.Body()) == "" || strings.TrimSpace(b.Body()) == "")
}

// shareLine says whether two notes have a line of their bodies in common.
func shareLine(a, b *note.Note) bool {
	lines := textLines(a)
	for line := range textLines(b) {
		if lines[line] {
			return true
		}
	}
	return false
}

// textLines returns the lines of a note's body that say something: a heading may be that
// of a template.
func textLines(n *note.Note) map[string]bool {
	lines := map[string]bool{}
	for line := range strings.Lines(n.Body()) {
		if line = strings.TrimSpace(line); strings.Trim(line, "-*_=") != "" && !strings.HasPrefix(line, "#") {
			lines[line] = true
		}
	}
	return lines
}

// FindCopy returns the path of the copy of a note that is called so: by its path, its
// name, or its slug where that is nobody's; or "".
func (j *Journal) FindCopy(of *note.Note, called string) string {
	var found []string
	for p, n := range j.copies.of {
		base := path.Base(p)
		bySlug := called == copySlug(p) && j.Contact(called) == nil
		if n.Path == of.Path && (bySlug || slices.Contains([]string{p, base, strings.TrimSuffix(base, ".md")}, called)) {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

func copySlug(p string) string { return note.Slug(strings.TrimSuffix(path.Base(p), ".md")) }

// copyProblem returns the problem of a file that is a copy of a note.
func (j *Journal) copyProblem(p string, of *note.Note) note.Problem {
	into, other := strconv.Quote(of.Path), strconv.Quote(p)
	if c := j.Contact(of.Slug); c != nil && c.File.Path == of.Path {
		into = c.Slug
		if slug := copySlug(p); j.Contact(slug) == nil {
			other = slug
		}
	}
	return folderProblem(p, "conflict-copy",
		fmt.Sprintf("%s is a copy of %s that a sync program, an editor or git made: it is left out", p, of.Path),
		fmt.Sprintf("bring them together: kith merge %s %s", into, other))
}
