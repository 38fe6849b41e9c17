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
	return &cobra.Command{
		Use:   "undo",
		Short: "take back the last command that wrote",
		Long: `Takes back what the last command wrote, and at the next time what the one before
it wrote. A file that was changed since is not touched: then nothing is.`,
		Example: "  kith undo",
		Args:    args(0, 0, "kith undo --help shows what it takes"),
		RunE: func(*cobra.Command, []string) error {
			s, err := a.find()
			if err != nil {
				return err
			}
			undone, err := store.Undo(s.root, a.options(""))
			moved := new(store.MovedOnError)
			switch {
			case errors.Is(err, store.ErrNothing):
				return fail("there is nothing to take back", "")
			case errors.As(err, &moved):
				return fail(fmt.Sprintf("%s: %v", moved.Command, moved), "take it back by hand, or with git: nothing was changed")
			case err != nil:
				return writeFailure(err)
			}
			for _, c := range slices.SortedFunc(slices.Values(undone.Changes), func(a, b store.Change) int { return strings.Compare(a.Path, b.Path) }) {
				what := "as it was"
				switch {
				case !c.After.There:
					what = "removed"
				case !c.Before.There:
					what = "there again"
				}
				fmt.Fprintf(a.Stdout, "%s %s\n", a.style().bold(c.Path+":"), what)
			}
			if len(undone.Changes) == 0 {
				fmt.Fprintf(a.Stderr, "kith: nothing is left of: %s\n", undone.Command)
				return nil
			}
			fmt.Fprintf(a.Stderr, "kith: taken back: %s\n", undone.Command)
			return nil
		},
	}
}
