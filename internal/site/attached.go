package site

import (
	"html/template"
	"net/url"
	"path"
	"slices"
	"strings"

	"kith/internal/journal"
	"kith/internal/note"
)

// attached returns the paths of the files that belong to a note, a line for each:
// those that have its name or lie in the folder of its name, and those that it
// links to. The photo and pictures that the note shows are not among them.
func attached(j *journal.Journal, f *journal.File) string {
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
	for before, rest, ok := strings.Cut(f.Source, "]("); ok; before, rest, ok = strings.Cut(rest, "](") {
		to, _, _ := strings.Cut(rest, ")")
		to, _, _ = strings.Cut(strings.Trim(to, "<>"), ` "`)
		to, err := url.PathUnescape(to)
		if err != nil {
			continue
		}
		at := path.Join(path.Dir(f.Path), to)
		if _, ok := slices.BinarySearch(j.Attachments, at); !ok {
			continue
		}
		if open := strings.LastIndexByte(before, '['); open > 0 && before[open-1] == '!' {
			shown = append(shown, at)
		} else {
			found = append(found, at)
		}
	}
	found = slices.DeleteFunc(found, func(at string) bool { return slices.Contains(shown, at) || j.Taken(journal.SitePath(at)) })
	slices.Sort(found)
	return strings.Join(slices.Compact(found), "\n")
}

// fileItems lists attached files.
func fileItems(attached, root string) template.HTML {
	var m markup
	for at := range strings.SplitSeq(attached, "\n") {
		if at != "" {
			m.add("<li>")
			m.link("file", root, journal.SitePath(at), path.Base(at))
			m.add("</li>\n")
		}
	}
	return m.html()
}

// sentence returns the sentence of a text that has a link; all of it if it does
// not have the link as it is written.
func sentence(text string, l *note.Link) string {
	at := strings.Index(text, "[["+l.Target)
	if at < 0 {
		return text
	}
	start, end := 0, len(text)
	for i := 0; i < len(text)-1; i++ {
		if c := text[i]; c != '.' && c != '!' && c != '?' {
			continue
		}
		next := i + 1 + len(text[i+1:]) - len(strings.TrimLeft(text[i+1:], `"'”’)*_`))
		if next == len(text) || text[next] != ' ' {
			continue
		}
		if next < at {
			start = next + 1
		} else if i > at {
			end = next
			break
		}
	}
	return text[start:end]
}
