package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"kith/internal/due"
	"kith/internal/folder"
	"kith/internal/publish"
	"kith/internal/seal"
	"kith/internal/site"
	"kith/internal/store"
	"kith/templates"
)

func (a *app) buildCommand() *cobra.Command {
	var out string
	var how sealed
	cmd := &cobra.Command{
		Use:   "build",
		Short: "the site, as files",
		Long: `Writes the site into a folder, public/ in the journal unless another is named:
plain files that work from any static host and straight from the disk. Only what
kith wrote there is ever replaced or removed.

With --seal, it goes into sealed/ and opens with a passphrase alone, from any host or
straight from the disk, to be carried on a phone (kith help seal). What is sealed there
already is left as it is, unless the journal or the day is another one.`,
		Example: "  kith build\n  kith build --out /tmp/site\n  kith build --seal --single --out ~/phone",
		Args:    args(0, 0, "kith build --help shows what it takes"),
		RunE: func(*cobra.Command, []string) error {
			s, err := a.find()
			if err != nil {
				return err
			}
			if err := how.check(); err != nil {
				return err
			}
			shown := out
			if out == "" {
				shown = "public"
				if how.wanted {
					shown = "sealed"
				}
				out = filepath.Join(s.dir, shown)
				if is, err := s.root.Lstat(shown); err == nil && !is.IsDir() { // a link could lead anywhere
					return fail(shown+" is no folder: move it away", "kith build --out DIR writes to the folder that it leads to")
				}
			} else if !filepath.IsAbs(out) {
				out = filepath.Join(a.Dir, out)
			}
			out = filepath.Clean(out)
			if part := outputInside(resolved(s.dir), resolved(out)); part != "" {
				return usage(fmt.Sprintf("the site cannot be written to %s, among %s", shown, part), "choose a folder of its own: kith build --out /tmp/site")
			}
			if !how.wanted {
				return a.build(s, out, shown)
			}
			if resolved(out) == resolved(filepath.Join(s.dir, "public")) {
				return usage("kith serve writes into public what anybody can read, so nothing is sealed there", "choose a folder of its own: kith build --seal --out /tmp/sealed")
			}
			to, err := openOutput(out, shown, sealedFolder)
			if err != nil {
				return err
			}
			defer to.Close()
			return a.seal(s, to, shown, how)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the `folder` to write to (default: public in the journal)")
	_ = cmd.MarkFlagDirname("out")
	how.flags(cmd)
	return cmd
}

// build writes the site of a journal into a folder. Of the pages that are there already,
// those that come out the same are left as they are.
func (a *app) build(s *session, out, shown string) error {
	made, err := a.site(s)
	if err != nil {
		return err
	}
	var report publish.Report
	for range publish.Tries {
		if report, err = a.publish(s, made, out, shown); !publish.Vanished(err) {
			break
		}
	}
	if failed := new(failure); errors.As(err, &failed) {
		return failed
	} else if err != nil {
		return fail(err.Error(), "mend that and build again: what is there is complete, page by page")
	}
	return a.tellReport(report, shown)
}

func (a *app) publish(s *session, made *site.Site, out, shown string) (publish.Report, error) {
	to, err := openOutput(out, shown, ownFolder)
	if err != nil {
		return publish.Report{}, err
	}
	defer to.Close()
	if seal.Sealed(to) {
		return publish.Report{}, fail(shown+" holds a site that is sealed, beside which nothing is written that anybody can read", "name another folder with --out, or seal again with --seal")
	}
	return publish.New(to, folder.New(s.root)).Publish(context.Background(), made.Files(), nil)
}

// site reads a journal and makes its site.
func (a *app) site(s *session) (*site.Site, error) {
	var theme *site.Theme
	var beside sync.WaitGroup
	beside.Go(func() { theme = site.NewTheme(templates.FS, s.root.FS()) })
	err := a.read(s)
	beside.Wait()
	if err != nil {
		return nil, err
	}
	theme.Folder = s.dir
	made := site.New(due.New(s.journal, s.today), theme, s.pinned)
	a.tellProblems(made.Problems())
	return made, nil
}

// resolved returns a path without symbolic links, as far as there is something at it.
func resolved(path string) string {
	for dir := path; ; dir = filepath.Dir(dir) {
		if at, err := filepath.EvalSymlinks(dir); err == nil {
			rest, _ := filepath.Rel(dir, path)
			return filepath.Join(at, rest)
		}
		if dir == filepath.Dir(dir) {
			return path
		}
	}
}

// outputInside says what of the journal a folder would mix the site with, or
// nothing.
func outputInside(journal, out string) string {
	if up, err := filepath.Rel(out, journal); err == nil && (up == "." || filepath.IsLocal(up)) {
		return "the journal's own files"
	}
	in, err := filepath.Rel(journal, out)
	if err != nil || !filepath.IsLocal(in) {
		return ""
	}
	for _, folder := range []string{"content", "templates", ".git", store.Folder} {
		if in == folder || strings.HasPrefix(in, folder+string(filepath.Separator)) {
			return "the files of " + folder
		}
	}
	return ""
}

// The modes of the folders that sites are written to, where they are made: one is for its
// owner alone, since it holds what a person knows about others; a sealed one may be seen by
// others, such as the account of a web server.
const (
	ownFolder    = 0o700
	sealedFolder = 0o755
)

// openOutput opens the folder that a site is written to, and makes it if need be.
func openOutput(path, shown string, mode os.FileMode) (*os.Root, error) {
	err := os.MkdirAll(path, mode)
	var root *os.Root
	if err == nil {
		root, err = os.OpenRoot(path)
	}
	if err != nil {
		return nil, fail(fmt.Sprintf("opening the folder %s: %s", shown, reason(err)), "name another with --out")
	}
	return root, nil
}

// tellReport says what a build did. It fails if a page could not be made.
func (a *app) tellReport(r publish.Report, out string) error {
	for _, f := range r.Foreign {
		if f.InTheWay {
			fmt.Fprintf(a.Stderr, "kith: %s in %s is not kith's and is in the way of a page: move it away\n", f.Path, out)
		} else {
			fmt.Fprintf(a.Stderr, "kith: %s in %s is not kith's, and was left alone\n", f.Path, out)
		}
	}
	for _, e := range r.Errors {
		a.errs.printf("%s %v\n", red("kith: error:"), e)
	}
	fmt.Fprintf(a.Stdout, "%s in %s (%d written, %d removed)\n", plural(r.Written+r.Unchanged, "file"), out, r.Written, r.Removed)
	inTheWay := slices.ContainsFunc(r.Foreign, func(f publish.Foreign) bool { return f.InTheWay })
	if len(r.Errors) > 0 || inTheWay {
		return &failure{status: statusFailed}
	}
	return nil
}
