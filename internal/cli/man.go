package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "man DIR",
		Short:             "write the man pages into a folder",
		Long:              "Writes a man page for each command into a folder, which it makes.",
		Example:           "  kith man ~/.local/share/man/man1",
		ValidArgsFunction: completeFolder,
		Args:              args(1, 1, "kith man ~/.local/share/man/man1"),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(a.Dir, dir)
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return fail(fmt.Sprintf("making the folder %s: %s", args[0], reason(err)), "")
			}
			now := a.Now()
			header := &doc.GenManHeader{Section: "1", Source: "kith " + version(), Manual: "kith", Date: &now}
			cmd.Root().DisableAutoGenTag = true
			if err := doc.GenManTree(cmd.Root(), header, dir); err != nil {
				return fail(fmt.Sprintf("writing to %s: %s", args[0], reason(err)), "")
			}
			pages, err := filepath.Glob(filepath.Join(dir, "kith*.1"))
			fmt.Fprintf(a.Stdout, "%s in %s\n", plural(len(pages), "man page"), args[0])
			return err
		},
	}
}
