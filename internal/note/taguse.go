package note

import "slices"

// A TagUse is where a note has a tag.
type TagUse struct {
	Front   bool    // in its front matter
	Text    bool    // in its text, outside entries
	Entries []int32 // in these, by their indices
}

// manyTags is how many tags a note has at least whose uses are looked up and not looked for.
const manyTags = 50

// HasTag says whether a tag, by its slug, is one of the note or of an entry in it.
func (n *Note) HasTag(slug string) bool {
	if n.tagUses != nil {
		_, has := n.tagUses()[slug]
		return has
	}
	return slices.Contains(n.entryTags, slug) || slices.Contains(n.Front.Tags, slug) ||
		slices.ContainsFunc(n.Tags, func(t Tag) bool { return t.Slug == slug })
}

// TagUse returns where the note has a tag, by its slug.
func (n *Note) TagUse(slug string) (u TagUse) {
	if n.tagUses != nil {
		return n.tagUses()[slug]
	}
	u.Front = slices.Contains(n.Front.Tags, slug)
	u.Text = slices.ContainsFunc(n.Tags, func(t Tag) bool { return t.Slug == slug })
	if slices.Contains(n.entryTags, slug) {
		for i := range n.Entries {
			if slices.Contains(n.EntryTags(&n.Entries[i]), slug) {
				u.Entries = append(u.Entries, int32(i))
			}
		}
	}
	return u
}

// allTagUses returns where the note has each of its tags.
func (n *Note) allTagUses() map[string]TagUse {
	uses := map[string]TagUse{}
	use := func(slug string, change func(*TagUse)) {
		u := uses[slug]
		change(&u)
		uses[slug] = u
	}
	for _, slug := range n.Front.Tags {
		use(slug, func(u *TagUse) { u.Front = true })
	}
	for _, t := range n.Tags {
		use(t.Slug, func(u *TagUse) { u.Text = true })
	}
	for i := range n.Entries {
		for _, slug := range n.EntryTags(&n.Entries[i]) {
			use(slug, func(u *TagUse) { u.Entries = append(u.Entries, int32(i)) })
		}
	}
	return uses
}
