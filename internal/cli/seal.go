package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"kith/internal/folder"
	"kith/internal/seal"
)

// sealed is how kith build seals a site.
type sealed struct {
	wanted, single, again bool
	with                  passphrase
}

func (f *sealed) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.wanted, "seal", false, "encrypt the site with a passphrase")
	cmd.Flags().BoolVar(&f.single, "single", false, "put all that is sealed into one page")
	cmd.Flags().BoolVar(&f.again, "again", false, "seal also what has not changed")
	f.with.flags(cmd, true)
}

// check says which flags mean nothing without --seal.
func (f *sealed) check() error {
	if !f.wanted && (f.single || f.again || f.with != passphrase{}) {
		return usage("--single, --again and those about a passphrase are about what is sealed", "kith build --seal")
	}
	return nil
}

// seal writes the site of a journal so that it opens with a passphrase alone.
func (a *app) seal(s *session, to *os.Root, shown string, how sealed) error {
	secret, err := how.with.anew(a)
	if err != nil {
		return err
	}
	made, err := a.site(s)
	if err != nil {
		return err
	}
	var files []seal.File
	content := folder.New(s.root)
	for _, f := range made.Files() {
		files = append(files, seal.File{Path: f.Path, Read: func() ([]byte, error) {
			if f.Source == "" {
				return f.Render(nil)
			}
			file, err := f.Open(content)
			if err != nil {
				return nil, err
			}
			defer file.Close()
			return io.ReadAll(file)
		}})
	}
	report, err := seal.Site(to, files, seal.Options{Passphrase: secret, Single: how.single, Again: how.again})
	if errors.Is(err, seal.ErrPlain) {
		return fail(fmt.Sprintf("sealing into %s: %v", shown, err), "name another folder with --out: what is sealed is not to lie beside what anybody can read")
	}
	if err != nil {
		return fail(fmt.Sprintf("sealing into %s: %v", shown, err), "what was there before is still there")
	}
	for _, e := range report.Errors {
		a.errs.printf("%s %v\n", red("kith: error:"), e)
	}
	switch {
	case report.Unchanged:
		fmt.Fprintf(a.Stdout, "%s in %s, sealed before, as they are\n", plural(report.Files, "file"), shown)
	default:
		fmt.Fprintf(a.Stdout, "%s sealed in %s: open index.html there\n", plural(report.Files, "file"), shown)
	}
	if len(report.Errors) > 0 {
		return &failure{status: statusFailed}
	}
	return nil
}
