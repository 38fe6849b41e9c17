package site

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
)

// Where the pages are on the site (FORMAT.md, "The site"). A path is as the file
// system has it; an address is a path that is escaped, behind what leads to the
// site's root.

func contactPath(slug string) string { return "contacts/" + pageName(slug) + ".html" }
func circlePath(slug string) string  { return "circles/" + pageName(slug) + ".html" }
func tagPath(slug string) string     { return "tags/" + pageName(slug) + ".html" }

// longestName is how many bytes of a slug a file's name has room for.
const longestName = 255 - len(".html")

// pageName returns the slug, as long as a file can have that for a name. Of a longer
// one, as a tag or a circle may have, it is the beginning and a hash of all of it.
func pageName(slug string) string {
	if len(slug) <= longestName {
		return slug
	}
	parts := strings.Split(slug, "/") // of a tag
	for i, part := range parts {
		if len(part) > longestName {
			cut := longestName - 20
			for !utf8.RuneStart(part[cut]) {
				cut--
			}
			sum := sha256.Sum256([]byte(part))
			parts[i] = fmt.Sprintf("%s-%x", part[:cut], sum[:8])
		}
	}
	return strings.Join(parts, "/")
}

// journalPath is the path of the page of a year; 0 is no year.
func journalPath(year int) string {
	if year == 0 {
		return "journal.html"
	}
	return fmt.Sprintf("journal/%04d.html", year)
}

// monthPath is the path of the page of a month, of a year that is divided.
func monthPath(m period) string { return fmt.Sprintf("journal/%04d-%02d.html", m.year, m.month) }

// rootOf returns what leads from a page to the site's root.
func rootOf(p string) string { return strings.Repeat("../", strings.Count(p, "/")) }

// escapePath escapes a path for an address.
func escapePath(p string) string {
	if plainPath(p) {
		return p
	}
	return (&url.URL{Path: p}).EscapedPath()
}

// plainPath says whether a path stands in an address as it is.
func plainPath(p string) bool {
	for i := range len(p) {
		if !pathBytes[p[i]] {
			return false
		}
	}
	return true
}

var pathBytes = func() (t [256]bool) {
	for _, c := range []byte("-/.0123456789abcdefghijklmnopqrstuvwxyz") {
		t[c] = true
	}
	return t
}()

// notePath returns the path of the page where a note is shown, or "" if it has
// none of its own.
func notePath(f *journal.File) string {
	switch {
	case f.Kind == note.Journal:
		return journalPath(homeYear(f.Note))
	case f.Slug == "":
		return ""
	case f.Kind == note.Circle:
		return circlePath(f.Slug)
	}
	return contactPath(f.Slug)
}

// fileDay returns the day that is the name of a daily note, or no day.
func fileDay(n *note.Note) civil.Date {
	d, err := civil.Parse(strings.TrimSuffix(path.Base(n.Path), ".md"))
	if n.Kind != note.Journal || err != nil {
		return civil.Date{}
	}
	return d
}

// homeYear returns the year on whose page the prose of a journal file is shown:
// that of the file's name, else of its newest entry, else none.
func homeYear(n *note.Note) int {
	newest := fileDay(n)
	if newest.IsZero() {
		for i := range n.Entries {
			if d := n.Entries[i].Date; d.After(newest) {
				newest = d
			}
		}
	}
	if newest.IsZero() {
		return 0
	}
	return newest.Year()
}

// address returns where a relative link of the note leads on the site: to the
// page of another note, else to the file that is copied. A link that leads out
// of the journal's folders leads nowhere.
func (w writer) address(written string) string {
	u, err := url.Parse(written)
	if err != nil {
		return ""
	}
	to := w.page(path.Join(path.Dir(w.file.Path), u.Path))
	if to != "" && u.Fragment != "" {
		to += "#" + u.EscapedFragment()
	}
	return to
}

// page returns the address of what a file of the journal's folders is on the site.
func (w writer) page(at string) string {
	folder, below, _ := strings.Cut(strings.TrimPrefix(at, "content/"), "/")
	if !strings.HasPrefix(at, "content/") || below == "" || folder != "contacts" && folder != "circles" && folder != "journal" {
		return ""
	}
	for part := range strings.SplitSeq(below, "/") {
		if journal.Ignored(part) {
			return ""
		}
	}
	to := journal.SitePath(at)
	if name, ok := strings.CutSuffix(path.Base(at), ".md"); ok {
		switch folder {
		case "contacts":
			to = contactPath(note.Slug(name))
		case "circles":
			to = circlePath(note.Slug(name))
		case "journal":
			to = "journal.html"
			if d, err := civil.Parse(name); err == nil {
				to = journalPath(d.Year())
			}
		}
	}
	return w.root + escapePath(to)
}
