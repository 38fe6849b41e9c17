package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/store"
)

func (a *app) undoCommand() *cobra.Command {
	var list, dryRun bool
	cmd := &cobra.Command{
		Use:   "undo",
		Short: "take back the last command that wrote",
		Long: `Takes back what the last command wrote, and at the next time what the one before
it wrote. A file that was changed since is not touched: then nothing is.

--list shows the commands that can be taken back, in this order.`,
		Example: "  kith undo --list\n  kith undo --dry-run\n  kith undo",
		Args:    args(0, 0, "kith undo --list shows what can be taken back"),
		RunE: func(*cobra.Command, []string) error {
			s, err := a.find()
			switch {
			case err != nil:
				return err
			case list:
				return a.listUndo(s)
			}
			var undone store.Undone
			if dryRun {
				undone, err = store.TryUndo(s.root)
			} else {
				undone, err = store.Undo(s.root, a.options(""))
			}
			moved := new(store.MovedOnError)
			switch {
			case errors.Is(err, store.ErrNothing):
				return fail("there is nothing to take back", "")
			case errors.As(err, &moved):
				return fail(fmt.Sprintf("%s: %v", moved.Command, moved), "take it back by hand, or with git: nothing was changed")
			case err != nil:
				return writeFailure(err)
			}
			if dryRun {
				a.printDiff(undone.Changes)
				fmt.Fprintf(a.Stderr, "kith: this would take back: %s\n", undone.Command)
				return nil
			}
			for _, c := range slices.SortedFunc(slices.Values(undone.Changes), func(a, b store.Change) int { return strings.Compare(a.Path, b.Path) }) {
				what := "as it was"
				switch {
				case !c.After.There:
					what = "removed"
				case !c.Before.There:
					what = "there again"
				}
				a.out.printf("%s %s\n", bold(c.Path+":"), what)
			}
			if len(undone.Changes) == 0 {
				fmt.Fprintf(a.Stderr, "kith: nothing is left of: %s\n", undone.Command)
				return nil
			}
			fmt.Fprintf(a.Stderr, "kith: taken back: %s\n", undone.Command)
			return nil
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "show what can be taken back, and change nothing")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change, and change nothing")
	return cmd
}

// listUndo prints the commands that can be taken back, the newest first.
func (a *app) listUndo(s *session) error {
	done, err := store.List(s.root)
	if err != nil {
		return writeFailure(err)
	}
	for i, d := range done {
		files := d.Paths[0]
		if len(d.Paths) > 1 {
			files = plural(len(d.Paths), "file")
		}
		a.out.printf("%2d  %s  %s  %s\n", i+1, d.When.Format("2006-01-02 15:04"), bold(d.Command), dim(files))
	}
	if len(done) == 0 {
		fmt.Fprintln(a.Stderr, "kith: there is nothing to take back")
	}
	return nil
}
