package site

import (
	"slices"
	"strings"

	"kith/internal/due"
	"kith/internal/journal"
)

// appendTags appends the tags of a note, each once: of its front matter, its text and its
// entries.
func appendTags(tags []string, t version) []string {
	const few = 50
	var seen map[string]bool // if there are so many that a list of them would take long to look through
	add := func(tag string) {
		switch {
		case tag == "" || seen[tag]:
			return
		case seen != nil:
			seen[tag] = true
		case slices.Contains(tags, tag):
			return
		case len(tags) == few:
			seen = map[string]bool{tag: true}
			for _, t := range tags {
				seen[t] = true
			}
		}
		tags = append(tags, tag)
	}
	for _, tag := range t.file.Front.Tags {
		add(tag)
	}
	for _, tag := range t.file.Tags {
		add(tag.Slug)
	}
	for i := range t.file.Entries {
		for _, tag := range t.file.EntryTags(&t.file.Entries[i]) {
			add(tag)
		}
	}
	return tags
}

func (s *Site) tagPages() []File {
	files := []File{{Path: "tags.html", Inputs: tagsPage{s.frame, s.tags}}}
	for tag, notes := range s.tags.lists {
		files = append(files, File{Path: tagPath(tag), Inputs: tagPage{s.frame, tag, notes}})
	}
	return files
}

// tagsPage lists the tags.
type tagsPage struct {
	*frame
	tags *index[string, version]
}

type tagsModel struct {
	Page Page
	Tags []Anchor
}

func (p tagsPage) Render(b []byte) ([]byte, error) {
	m := tagsModel{Page: p.page("tags.html", "Tags", inTags)}
	for tag, notes := range p.tags.lists {
		m.Tags = append(m.Tags, Anchor{escapePath(tagPath(tag)), tag, thousands(len(notes.members))})
	}
	slices.SortFunc(m.Tags, func(a, b Anchor) int { return strings.Compare(a.Label, b.Label) })
	return p.theme.render(b, "tags", m)
}

// tagPage is the page of one tag.
type tagPage struct {
	*frame
	tag   string
	notes *list[version]
}

type tagModel struct {
	Page   Page
	Tag    string
	People []Person // who has it
	Months []Month  // what happened under it
	Notes  []Anchor // the other notes whose text has it
	More   string   // how many entries there are beside those shown
}

// mostTagged is how many entries the page of a tag shows.
const mostTagged = 200

func (p tagPage) Render(b []byte) ([]byte, error) {
	path := tagPath(p.tag)
	root := rootOf(path)
	m := tagModel{Page: p.page(path, "#"+p.tag, inTags), Tag: p.tag}
	var rows []*due.Row
	var c chronicle
	notes := slices.SortedFunc(slices.Values(p.notes.members), func(a, b version) int { return strings.Compare(a.file.Path, b.file.Path) })
	for _, t := range notes {
		use := t.file.TagUse(p.tag)
		if t.row != nil && (use.Text || use.Front) {
			rows = append(rows, t.row)
		} else if use.Text {
			if at := notePath(t.file); at != "" {
				m.Notes = append(m.Notes, Anchor{Href: root + escapePath(at), Label: fileTitle(t.file)})
			}
		}
		for _, i := range use.Entries {
			c.entries = append(c.entries, journal.EntryRef{File: t.file, Index: i})
		}
	}
	s := p.theme.sheet()
	defer p.theme.done(s)
	m.People = p.listed(rows, root)
	c.sort()
	if more := len(c.entries) - mostTagged; more > 0 {
		m.More = thousands(more)
		c.entries = c.entries[:mostTagged]
	}
	m.Months = c.months(p.frame, s, root, false)
	return p.theme.render(b, "tag", m)
}
