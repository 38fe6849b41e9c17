package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/folder"
	"kith/internal/journal"
)

func (a *app) editCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "edit WHO",
		Short: "open somebody's file in your editor",
		Long: `Opens somebody's file in $VISUAL or $EDITOR, at the newest entry, and checks
the file once it is closed.`,
		Example:           "  kith edit edith\n  VISUAL=\"code --wait\" kith edit edith",
		Args:              args(1, 1<<16, "kith edit ada"),
		ValidArgsFunction: a.completeWho(false),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := a.openNotes()
			if err != nil {
				return err
			}
			c, err := a.who(s, strings.Join(args, " "))
			if err != nil {
				return err
			}
			if err := a.openEditor(filepath.Join(s.dir, filepath.FromSlash(c.File.Path)), newestLine(c)); err != nil {
				return err
			}
			s.journal = journal.Read(folder.New(s.root))
			if s.journal.File(c.File.Path) == nil {
				fmt.Fprintf(a.Stderr, "kith: %s is there no more\n", c.File.Path)
				return nil
			}
			return a.checkFile(s, c.File.Path)
		},
	}
}

// newestLine is the line of a contact's file where they are likely to be written
// about: that of the newest entry, else the first after the front matter.
func newestLine(c *journal.Contact) int {
	for _, ref := range c.Entries {
		if ref.File == c.File {
			return int(ref.Entry().Line)
		}
	}
	return c.File.BodyLine()
}
