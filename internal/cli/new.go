package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
	"kith/internal/rename"
	"kith/templates"
)

// contactTemplate is what a new contact's file begins with: the built-in one, and a
// journal's own.
const contactTemplate = "contact.md"

func (a *app) newCommand() *cobra.Command {
	var c newContact
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "begin a file for somebody",
		Long: `Makes a file for somebody in content/contacts, like templates/contact.md if the
journal has that, with NAME, SLUG and TODAY in it replaced. Somebody whose name,
slug or e-mail is another's already is refused.`,
		Example: `  kith new Ada Lovelace
  kith new "Ada Lovelace" --every 6w --circle mentors --email ada@example.org --via edith`,
		Args: args(1, 1<<16, "kith new Ada Lovelace"),
	}
	flags := cmd.Flags()
	flags.StringVar(&c.every, "every", "", "how often to be in touch, a `rhythm`: 6w, monthly, never")
	flags.StringSliceVar(&c.circles, "circle", nil, "a `circle` they belong to; may be said again")
	flags.StringSliceVar(&c.tags, "tag", nil, "a `tag`; may be said again")
	flags.StringSliceVar(&c.emails, "email", nil, "an e-mail `address`; may be said again")
	flags.StringVar(&c.via, "via", "", "`who` introduced you")
	_ = cmd.RegisterFlagCompletionFunc("every", cobra.FixedCompletions(cadences(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("circle", a.completeCircle)
	_ = cmd.RegisterFlagCompletionFunc("tag", a.completeTag)
	_ = cmd.RegisterFlagCompletionFunc("via", func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return a.completeWho(false)(cmd, nil, begun)
	})
	return a.writing(cmd, func(w *writer, args []string) error {
		if err := w.openNotes(); err != nil {
			return err
		}
		c.name = strings.Join(strings.Fields(strings.Join(args, " ")), " ")
		if err := c.check(w); err != nil {
			return err
		}
		text, err := c.text(w)
		if err != nil {
			return err
		}
		path := journal.ContactsFolder + "/" + rename.FileName(c.name) + ".md"
		return w.do("nothing to write", func(p *plan) error {
			if err := p.Create(path, text); errors.Is(err, fs.ErrExist) {
				return fail(path+" is there already", "kith check says what is wrong with it: nothing was written")
			} else if err != nil {
				return err
			}
			p.say(path, nil, revise.Change{Source: text, Line: int(p.parser.Parse(path, note.Contact, text).FrontPos("name", 0).Line)})
			return nil
		})
	})
}

// A newContact is what the command line says of somebody.
type newContact struct {
	name, every, via      string
	circles, tags, emails []string
}

// check refuses what cannot be written, and who is there already.
func (c *newContact) check(w *writer) error {
	if rename.FileName(c.name) == "" {
		return usage(fmt.Sprintf("the name %q has no letter or digit", c.name), `kith new "Ada Lovelace"`)
	}
	if c.every != "" {
		every, err := cadenceSaid(c.every, `kith new "Ada Lovelace" --every 6w`)
		if err != nil {
			return err
		}
		c.every = every
	}
	if err := w.taken(c.name, nil, c.emails...); err != nil {
		return err
	}
	if c.via == "" {
		return nil
	}
	if len(w.journal.Find(c.via))+len(w.journal.Guess(c.via)) == 0 {
		return nil // a name is as good
	}
	via, err := w.who(c.via)
	if err != nil {
		return err
	}
	c.via = w.journal.Link(via)
	return nil
}

// taken fails if somebody other than one contact has a name already, or an e-mail
// address, and shows them.
func (w *writer) taken(name string, but *journal.Contact, emails ...string) error {
	list := ""
	for _, other := range rename.Taken(w.journal, name, but, emails...) {
		list += fmt.Sprintf("\n  %s%s (%s)", other.Contact.Name, other.Has, other.Contact.File.Path)
	}
	if list == "" {
		return nil
	}
	return fail(fmt.Sprintf("%s may be here already:%s", name, list), "if it is somebody else, say so with a name of their own: nothing was written")
}

// text puts the file together.
func (c *newContact) text(w *writer) ([]byte, error) {
	own := "templates/" + contactTemplate
	text, err := folder.ReadFile(w.root.FS(), own, note.MaxSize)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		own = "the built-in template"
		if text, err = templates.FS.ReadFile(contactTemplate); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, fail(fmt.Sprintf("reading %s: %s", own, reason(err)), "")
	}
	path := journal.ContactsFolder + "/" + rename.FileName(c.name) + ".md"
	set := func(key string, v note.Value) {
		if err != nil {
			return
		}
		var changed revise.Change
		if changed, err = revise.SetKey(w.parser, path, note.Contact, text, key, v); changed.Line > 0 {
			text = changed.Source
		}
	}
	// The name may need quotes where it stands, so it is not simply put there.
	text = []byte(strings.NewReplacer("SLUG", rename.FileName(c.name), "TODAY", w.session.today.String()).Replace(string(text)))
	set("name", note.TextValue(c.name))
	text = []byte(strings.ReplaceAll(string(text), "NAME", c.name))
	if c.every != "" {
		set("every", note.TextValue(c.every))
	}
	add := func(key string, items []string) {
		for _, item := range items {
			if err != nil {
				return
			}
			var changed revise.Change
			if changed, err = revise.AddToList(w.parser, path, note.Contact, text, key, item); changed.Line > 0 {
				text = changed.Source
			}
		}
	}
	add("circles", c.circles)
	add("tags", c.tags)
	if len(c.emails) == 1 {
		set("email", note.TextValue(c.emails[0]))
	} else {
		add("email", c.emails)
	}
	if c.via != "" {
		set("via", note.TextValue(c.via))
	}
	set("added", note.TextValue(w.session.today.String()))
	n := w.parser.Parse(path, note.Contact, text)
	if byHand := new(revise.Error); errors.As(err, &byHand) || err == nil && (n.Broken || n.Name != c.name) {
		return nil, fail(fmt.Sprintf("%s does not become a contact's file", own), "its front matter must be one that kith check finds nothing wrong with")
	}
	return text, err
}
