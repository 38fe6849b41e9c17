package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/lsp"
	"kith/templates"
)

func (a *app) lspCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "the language server, which editors start",
		Long: `Answers an editor over standard input and output, by the Language Server Protocol:
what is wrong as you type, names and words to choose from, who somebody is, and the
edits that kith makes. kith help editors says how to set one up.`,
		Example: "  kith lsp",
		Args:    args(0, 0, "kith lsp --help shows what it takes"),
		RunE: func(*cobra.Command, []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			err := lsp.Run(ctx, lsp.Options{
				In: a.Stdin, Out: a.file, Find: a.findAt, Templates: templates.FS, Version: version(),
				Today: func(settings journal.Settings) civil.Date {
					// The flags were read before the command began.
					day, _, _ := a.day(session{journal: &journal.Journal{Settings: settings}})
					return day
				},
				Log: func(format string, args ...any) { fmt.Fprintf(a.Stderr, "kith: "+format+"\n", args...) },
			})
			if err != nil {
				return fail(err.Error(), "")
			}
			return nil
		},
	}
	// Editors have it from other servers.
	cmd.Flags().Bool("stdio", true, "answer over standard input and output, as it does anyway")
	_ = cmd.Flags().MarkHidden("stdio")
	return cmd
}

// findAt opens the journal that a folder belongs to: that of --dir, or the nearest one
// upward from the folder.
func (a *app) findAt(folder string) (*os.Root, error) {
	at := *a
	if folder != "" {
		at.Dir = filepath.Clean(folder)
	}
	s, err := at.find()
	if err != nil {
		return nil, err
	}
	return s.root, nil
}
