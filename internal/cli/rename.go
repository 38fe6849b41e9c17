package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
	"kith/internal/rename"
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
		if rename.FileName(name) == "" {
			return usage(fmt.Sprintf("the name %q has no letter or digit", name), `kith rename ada "Ada King"`)
		}
		if err := w.taken(name, c); err != nil {
			return err
		}
		file := rename.File(c, name)
		target := rename.Target(c, name, file)
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

// keepsName says whether the name of a contact is to stay as another name when they get
// a new one. That of somebody else as well would mean two people.
func (w *writer) keepsName(c *journal.Contact, name string) (bool, error) {
	other := rename.Namesake(w.journal, c)
	if other == nil || note.Fold(c.Name) == note.Fold(name) {
		return true, nil
	}
	also := fmt.Sprintf("%s (%s) is called %s too", other.Name, other.File.Path, c.Name)
	if w.StdinIsTerminal {
		return w.askYes(also + ". Does it stay as another name of " + name + "?")
	}
	fmt.Fprintf(w.Stderr, "kith: %s, so it does not stay as another name of %s\n", also, name)
	return false, nil
}

// setName puts a new name into a file, and the old one among the aliases if it is to
// stay as one.
func setName(p *plan, file, old, name string, alias bool) error {
	for _, edit := range rename.Head(p.parser, file, old, name, alias) {
		if err := p.edit(file, edit); err != nil {
			return err
		}
	}
	return nil
}

// relink gives the links to a contact another target in every file, by the path that
// it has now.
func (w *writer) relink(p *plan, c *journal.Contact, target func(string) (string, bool), moved map[string]string) error {
	for _, f := range w.journal.Files {
		file := f.Path
		if to, ok := moved[file]; ok {
			file = to
		}
		if !rename.Links(f, c) || file == "" {
			continue
		}
		err := p.edit(file, func(src []byte) (revise.Change, error) {
			return rename.Relink(p.parser, f, file, src, c, target)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
