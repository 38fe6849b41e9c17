// Package rename works out what giving somebody another name changes: the name of their
// file, the name in it, and every link to them.
package rename

import (
	"path"
	"slices"
	"strings"

	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
)

// FileName is the name, without .md, of the file of somebody with a name: the slug, but
// for what it may begin with, as a file that does is none of the journal's; it is empty
// if nothing is left.
func FileName(name string) string { return strings.TrimLeft(note.Slug(name), "_-") }

// File is the path of a contact's file once they have another name: a slug if
// it is one now, else the name as it is.
func File(c *journal.Contact, name string) string {
	dir, base := path.Split(c.File.Path)
	slug := FileName(name)
	switch {
	case slug == c.Slug:
		return c.File.Path
	case base == c.Slug+".md":
		return dir + slug + ".md"
	}
	// What other systems do not take in the name of a file.
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
	return dir + strings.TrimLeft(plain, "._- ") + ".md"
}

// A Rival is somebody who may be meant by a name already.
type Rival struct {
	Contact *journal.Contact
	Has     string // what they have in common, behind their name; empty if it is the name
}

// Taken returns who has a name already, or one of some e-mail addresses, but for one
// contact.
func Taken(j *journal.Journal, name string, but *journal.Contact, emails ...string) (rivals []Rival) {
	slug, key := note.Slug(name), note.Fold(name)
	for _, c := range j.Contacts {
		has, same := "", false
		switch {
		case c == but:
		case note.Fold(c.Slug) == note.Fold(slug) || note.Fold(c.Slug) == key || note.Fold(c.Name) == key || note.Fold(c.Name) == note.Fold(slug):
			same = true
		case slices.ContainsFunc(c.Front().Aliases, func(alias string) bool { return note.Fold(alias) == key || note.Slug(alias) == slug }):
			has = ", also called " + name
		default:
			for _, email := range emails {
				if slices.ContainsFunc(c.Front().Email, func(have string) bool { return strings.EqualFold(strings.TrimSpace(have), strings.TrimSpace(email)) }) {
					has = ", " + email
				}
			}
		}
		if same || has != "" {
			rivals = append(rivals, Rival{c, has})
		}
	}
	return rivals
}

// Namesake returns somebody else who is called as a contact is, or nil. A name of both
// would mean two people, once it is an alias.
func Namesake(j *journal.Journal, c *journal.Contact) *journal.Contact {
	key := note.Fold(c.Name)
	has := func(called string) bool { return note.Fold(called) == key }
	i := slices.IndexFunc(j.Contacts, func(o *journal.Contact) bool {
		return o != c && (has(o.Name) || slices.ContainsFunc(o.Front().Aliases, has))
	})
	if i < 0 {
		return nil
	}
	return j.Contacts[i]
}

// An Edit makes other bytes of those of a file.
type Edit func(src []byte) (revise.Change, error)

// Head returns the edits, one after the other, that put a new name into a contact's file,
// and the old one among the aliases if it is to stay as one.
func Head(p *note.Parser, file, old, name string, alias bool) []Edit {
	edits := []Edit{func(src []byte) (revise.Change, error) {
		if p.Parse(file, note.Contact, src).Name == name {
			return revise.Change{Source: src}, nil
		}
		return revise.SetKey(p, file, note.Contact, src, "name", note.TextValue(name))
	}}
	if !alias || note.Fold(old) == note.Fold(name) {
		return edits
	}
	return append(edits, func(src []byte) (revise.Change, error) {
		aliases := p.Parse(file, note.Contact, src).Front.Aliases
		others := slices.DeleteFunc(slices.Clone(aliases), func(alias string) bool { return alias == name })
		if len(others) == len(aliases) {
			return revise.AddToList(p, file, note.Contact, src, "aliases", old)
		}
		// They are called again as they once were.
		return revise.SetKey(p, file, note.Contact, src, "aliases", note.ListValue(append(others, old)...))
	})
}

// Target says how a link to a contact is to be written when they have another
// name and file. Links by an alias, which stays, are left as they are.
func Target(c *journal.Contact, name, file string) func(string) (string, bool) {
	slug := note.Slug(strings.TrimSuffix(path.Base(file), ".md"))
	byName := name
	if strings.ContainsAny(name, "[]|") {
		byName = slug
	}
	return func(target string) (string, bool) {
		who, anchor := target, ""
		if note.Fold(who) != note.Fold(c.Name) {
			who, anchor = note.CutAnchor(target)
		}
		to := who
		switch key := note.Fold(who); {
		case who == c.Slug:
			to = slug
		case key == note.Fold(c.Name):
			to = byName
		case strings.Contains(who, "/"):
			to = strings.TrimSuffix(file, ".md")
		case key == note.Fold(c.Slug) || note.Fold(note.Slug(who)) == note.Fold(c.Slug):
			to = slug
		case strings.HasSuffix(key, ".md"):
			to = path.Base(strings.TrimSuffix(file, ".md"))
		}
		if to != who && strings.HasSuffix(who, ".md") {
			to += ".md"
		}
		return to + anchor, to != who
	}
}

// Links says whether a file has a link to a contact.
func Links(f *journal.File, c *journal.Contact) bool { return slices.Contains(f.Targets, c.Slug) }

// Relink gives the links to a contact in a file, by the path that it has now, another
// target.
func Relink(p *note.Parser, f *journal.File, file string, src []byte, c *journal.Contact, target func(string) (string, bool)) (revise.Change, error) {
	leads := map[string]bool{}
	for i, l := range f.Links {
		if f.Targets[i] == c.Slug {
			leads[l.Target] = true
		}
	}
	return revise.Relink(p, file, f.Kind, src, func(t string) (string, bool) {
		if !leads[t] {
			return t, false
		}
		return target(t)
	})
}
