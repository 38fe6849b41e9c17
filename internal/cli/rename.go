package cli

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
)

func (a *app) renameCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rename WHO NAME",
		Short: "give somebody another name, everywhere",
		Long: `Gives somebody another name: the name of their file, the name in it, and every
[[link]] to them in the journal. The old name stays as an alias; where another has
that name too, kith asks on a terminal, and else leaves it out.`,
		Example:           `  kith rename edith "Edith Marlow-Crane"`,
		Args:              args(2, 2, `kith rename ada "Ada King"; a name of several words stands in quotes`),
		ValidArgsFunction: a.completeWho(false),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		if err := w.openNotes(); err != nil {
			return err
		}
		c, err := w.who(args[0])
		if err != nil {
			return err
		}
		if err := readable(c.File.Note); err != nil {
			return err
		}
		name := strings.Join(strings.Fields(args[1]), " ")
		if fileName(name) == "" {
			return usage(fmt.Sprintf("the name %q has no letter or digit", name), `kith rename ada "Ada King"`)
		}
		if err := w.taken(name, c); err != nil {
			return err
		}
		file := renamedFile(c, name)
		target := linkTarget(c, name, file)
		alias, err := w.keepsName(c, name)
		if err != nil {
			return err
		}
		return w.do(fmt.Sprintf("%s has this name as it is", c.Name), func(p *plan) error {
			if name == c.Name {
				return nil
			}
			if err := w.unchanged(); err != nil {
				return err
			}
			if file != c.File.Path {
				if err := p.Rename(c.File.Path, file); err != nil {
					return err
				}
				p.wrote = append(p.wrote, wroteLine{path: file, text: "was " + c.File.Path})
			}
			if src, err := p.Read(file); err != nil {
				return err
			} else if !c.File.Reads(src) {
				return errStale
			}
			err := setName(p, file, c.Name, name, alias)
			if byHand := new(revise.Error); errors.As(err, &byHand) {
				byHand.File = c.File.Path // which it still is
			}
			if err != nil {
				return err
			}
			return w.relink(p, c, target, map[string]string{c.File.Path: file})
		})
	})
}

// readable fails if the front matter of a note cannot be changed.
func readable(n *note.Note) error {
	if n.Broken {
		return fail(n.Path+": its front matter cannot be read", "kith check says what is wrong: nothing was written")
	}
	return nil
}

// renamedFile is the path of a contact's file once they have another name: a slug if
// it is one now, else the name as it is.
func renamedFile(c *journal.Contact, name string) string {
	dir, base := path.Split(c.File.Path)
	slug := fileName(name)
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

// keepsName says whether the name of a contact is to stay as another name when they get
// a new one. That of somebody else as well would mean two people.
func (w *writer) keepsName(c *journal.Contact, name string) (bool, error) {
	key := note.Fold(c.Name)
	has := func(called string) bool { return note.Fold(called) == key }
	i := slices.IndexFunc(w.journal.Contacts, func(o *journal.Contact) bool {
		return o != c && (has(o.Name) || slices.ContainsFunc(o.Front().Aliases, has))
	})
	if i < 0 || has(name) {
		return true, nil
	}
	also := fmt.Sprintf("%s (%s) is called %s too", w.journal.Contacts[i].Name, w.journal.Contacts[i].File.Path, c.Name)
	if w.StdinIsTerminal {
		return w.askYes(also + ". Does it stay as another name of " + name + "?")
	}
	fmt.Fprintf(w.Stderr, "kith: %s, so it does not stay as another name of %s\n", also, name)
	return false, nil
}

// setName puts a new name into a file, and the old one among the aliases if it is to
// stay as one.
func setName(p *plan, file, old, name string, alias bool) error {
	src, err := p.Read(file)
	if err != nil {
		return err
	}
	if p.parser.Parse(file, note.Contact, src).Name != name {
		err := p.edit(file, func(src []byte) (revise.Change, error) {
			return revise.SetKey(p.parser, file, note.Contact, src, "name", note.TextValue(name))
		})
		if err != nil {
			return err
		}
	}
	if !alias || note.Fold(old) == note.Fold(name) {
		return nil
	}
	return p.edit(file, func(src []byte) (revise.Change, error) {
		aliases := p.parser.Parse(file, note.Contact, src).Front.Aliases
		others := slices.DeleteFunc(slices.Clone(aliases), func(alias string) bool { return alias == name })
		if len(others) == len(aliases) {
			return revise.AddToList(p.parser, file, note.Contact, src, "aliases", old)
		}
		// They are called again as they once were.
		return revise.SetKey(p.parser, file, note.Contact, src, "aliases", note.ListValue(append(others, old)...))
	})
}

// linkTarget says how a link to a contact is to be written when they have another
// name and file. Links by an alias, which stays, are left as they are.
func linkTarget(c *journal.Contact, name, file string) func(string) (string, bool) {
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

// relink gives the links to a contact another target in every file, by the path that
// it has now.
func (w *writer) relink(p *plan, c *journal.Contact, target func(string) (string, bool), moved map[string]string) error {
	for _, f := range w.journal.Files {
		leads := map[string]bool{}
		for i, l := range f.Links {
			if f.Targets[i] == c.Slug {
				leads[l.Target] = true
			}
		}
		file := f.Path
		if to, ok := moved[file]; ok {
			file = to
		}
		if len(leads) == 0 || file == "" {
			continue
		}
		err := p.edit(file, func(src []byte) (revise.Change, error) {
			return revise.Relink(p.parser, file, f.Kind, src, func(t string) (string, bool) {
				if !leads[t] {
					return t, false
				}
				return target(t)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
