package site

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"kith/internal/journal"
)

// attached returns the paths of the files that belong to a note, a line for each:
// those that have its name or lie in the folder of its name, and those that it
// links to. The photo and pictures that the note shows are not among them.
func (c *contents) attached(j *journal.Journal, f *journal.File) string {
	if len(j.Attachments) == 0 {
		return ""
	}
	var found []string
	base := strings.TrimSuffix(f.Path, ".md")
	for i, _ := slices.BinarySearch(j.Attachments, base); i < len(j.Attachments) && strings.HasPrefix(j.Attachments[i], base); i++ {
		if rest := j.Attachments[i][len(base):]; rest[0] == '.' || rest[0] == '/' {
			found = append(found, j.Attachments[i])
		}
	}
	shown := []string{path.Join(path.Dir(f.Path), f.Front.Photo)}
	at := func(address string) string { // of an attachment, or of nothing
		to, err := url.Parse(address)
		if err != nil {
			return ""
		}
		return path.Join(path.Dir(f.Path), to.Path)
	}
	links, pictures := c.parser.Files(f.Note)
	for _, p := range pictures {
		shown = append(shown, at(p))
	}
	for _, l := range links {
		if _, ok := slices.BinarySearch(j.Attachments, at(l)); ok {
			found = append(found, at(l))
		}
	}
	found = slices.DeleteFunc(found, func(at string) bool { return slices.Contains(shown, at) || j.Taken(journal.SitePath(at)) })
	slices.Sort(found)
	return strings.Join(slices.Compact(found), "\n")
}

// fileNames names attached files.
func fileNames(attached, root string) (names []Name) {
	for at := range strings.SplitSeq(attached, "\n") {
		if at != "" {
			names = append(names, Name{Href: address(root, journal.SitePath(at)), Name: path.Base(at)})
		}
	}
	return names
}
