package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/serve"
	"kith/internal/store"
	"kith/templates"
)

// mostEnding is how long what is being done may take when serve is told to end. What is
// half done then is as after a crash, which the next kith sees to.
const mostEnding = 800 * time.Millisecond

func (a *app) serveCommand() *cobra.Command {
	var addr string
	var readOnly, noKey, open, remote bool
	var with passphrase
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "the site on this machine, rebuilt at every save",
		Long: `Serves the site on this machine alone and prints its address. A key stands in it,
made at each start, without which nobody sees a page: not another account of this
machine either. At every save the open page changes by itself; a mistake in a file
shows as a notice on it. One touch on a page writes down that you were in touch, as
kith log does. Ctrl-C ends it.

With --allow-remote other machines are let in that say a passphrase: read kith help
phone first, which has better ways.`,
		Example: "  kith serve --open\n  kith serve --read-only\n  kith serve --addr localhost:8080",
		Args:    args(0, 0, "kith serve --help shows what it takes"),
		RunE: func(*cobra.Command, []string) error {
			if addr != "" {
				if err := serve.CheckAddr(addr, remote); err != nil {
					hint := "kith serve --addr localhost:8080"
					if errors.Is(err, serve.ErrNotLoopback) {
						hint += "; kith help phone shows how to read it on a phone"
					}
					return usage(err.Error(), hint)
				}
			}
			var said string
			switch {
			case remote && noKey:
				return usage("--no-key is for this machine alone", "kith serve --addr 0.0.0.0:5484 --allow-remote")
			case remote && addr == "":
				return usage("--allow-remote needs the address that others reach", "kith serve --addr 0.0.0.0:5484 --allow-remote")
			case remote && with.file == "" && !a.StdinIsTerminal:
				return usage("--allow-remote needs a passphrase, and nobody can be asked", "--password-file FILE reads it from a file")
			case remote:
				var err error
				if said, err = with.anew(a); err != nil {
					return err
				}
			case with.file != "":
				return usage("--password-file is for other machines", "kith serve --addr 0.0.0.0:5484 --allow-remote --password-file FILE")
			}
			s, err := a.find()
			if err != nil {
				return err
			}
			defer s.root.Close()
			a.tellClone(s)
			a.seeToHalf(s)
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			var touch func(context.Context, serve.Action) serve.Answer
			if !readOnly {
				touch = (&toucher{app: a, session: s}).touch
			}
			key := rand.Text()
			if noKey {
				key = ""
			}
			opts := serve.Options{
				Journal:   s.root,
				Templates: templates.FS,
				Addr:      addr,

				Passphrase: said,
				Key:        key,
				Touch:      touch,
				Now:        a.Now,
				Today: func(settings journal.Settings) (civil.Date, bool) {
					// The flags were read before the command began.
					day, pinned, _ := a.day(session{journal: &journal.Journal{Settings: settings}})
					return day, pinned
				},
				Ready: func(url string) {
					if remote {
						url = a.tellRemote(url)
					}
					fmt.Fprintln(a.Stdout, url)
					if open {
						go a.openSite(ctx, s, url)
					}
				},
				Log: func(format string, args ...any) { fmt.Fprintf(a.Stderr, "kith: "+format+"\n", args...) },
			}
			served := make(chan error, 1)
			go func() { served <- serve.Run(ctx, opts) }()
			select {
			case err = <-served:
			case <-ctx.Done():
				select {
				case err = <-served:
				case <-time.After(mostEnding): // a disk that answers late, or another kith's lock
				}
			}
			if err != nil {
				return fail(err.Error(), "with --addr 127.0.0.1:0 it takes a port that is free")
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&open, "open", false, "open the site in the browser")
	cmd.Flags().BoolVar(&noKey, "no-key", false, "show the site to every account of this machine, without a key in its address")
	cmd.Flags().BoolVar(&readOnly, "read-only", false, "pages show the journal and write nothing to it")
	cmd.Flags().BoolVar(&remote, "allow-remote", false, "let other machines in that say a passphrase, as a phone (kith help phone)")
	cmd.Flags().StringVar(&with.file, "password-file", "", "the `file` with that passphrase, on one line (default: it is asked for)")
	_ = cmd.MarkFlagFilename("password-file")
	cmd.Flags().StringVar(&addr, "addr", "", "the `HOST:PORT` to serve at, of this machine alone without --allow-remote (default: 127.0.0.1:5484, or a free port if it is taken)")
	return cmd
}

// openSite opens the site in the browser, by way of a file that leads there: what stands
// on a command line, as the key would, is seen by every account of the machine.
func (a *app) openSite(ctx context.Context, s *session, url string) {
	const name = store.Folder + "/open.html"
	err := store.MakeFolder(s.root)
	if err == nil {
		err = s.root.WriteFile(name, fmt.Appendf(nil, "<!doctype html><meta http-equiv=refresh content=\"0; url=%s\">\n", html.EscapeString(url)), 0o600)
	}
	if err == nil {
		err = a.start(opener(filepath.Join(s.dir, filepath.FromSlash(name))))
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(a.Stderr, "kith: opening the browser: %s\nkith: hint: the address above opens the site\n", reason(err))
	}
}
