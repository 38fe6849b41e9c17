package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/due"
	"kith/internal/exchange"
	"kith/internal/journal"
)

// exportFormats are those that kith export writes.
var exportFormats = []string{"vcard", "ics", "csv", "json", "markdown"}

func (a *app) exportCommand() *cobra.Command {
	var only filter
	var whole bool
	var version, file string
	cmd := &cobra.Command{
		Use:   "export FORMAT [WHO...]",
		Short: "take people to another program",
		Long: `Writes people in another program's format: vcard for phones and address books,
ics for calendars (birthdays, dates, due days, promises, what is planned), csv for
tables, json for programs, markdown for printing. Without WHO it is everybody whom
--circle, --tag and --place leave.

Nothing of those who are left out is in it: links to them and their names in notes
read "somebody", unless --whole says otherwise. kith help json describes the JSON,
which kith import reads again.`,
		Example: "  kith export vcard --circle friends -o friends.vcf\n  kith export json edith",
		Args:    args(1, 1<<16, "kith export vcard -o people.vcf"),
		RunE: func(cmd *cobra.Command, args []string) error {
			format := args[0]
			if !slices.Contains(exportFormats, format) {
				return usage(fmt.Sprintf("%q is no format; accepted are %s", format, strings.Join(exportFormats, ", ")), "kith export vcard -o people.vcf")
			}
			if version != "3.0" && version != "4.0" {
				return usage(fmt.Sprintf("--version is %q; accepted are 3.0 and 4.0", version), "")
			}
			s, err := a.open()
			if err != nil {
				return err
			}
			a.tellNobody(s.journal, only)
			rows := only.of(s.view.Rows)
			if len(args) > 1 {
				if rows, err = a.rowsOf(s, rows, args[1:]); err != nil {
					return err
				}
			}
			var contacts []*journal.Contact
			for _, r := range rows {
				contacts = append(contacts, r.Contact)
			}
			slices.SortStableFunc(contacts, journal.CompareNames)
			b := exchange.Chosen(s.journal, s.root.FS(), contacts, whole)
			var out bytes.Buffer
			switch format {
			case "vcard":
				err = exchange.WriteVCards(&out, b, version)
			case "ics":
				err = exchange.WriteICS(&out, b, rows, s.today)
			case "csv":
				err = exchange.WriteCSV(&out, b, s.today)
			case "json":
				err = exchange.WriteJSON(&out, b)
			case "markdown":
				err = exchange.WriteMarkdown(&out, b)
			}
			if err != nil {
				return fail(fmt.Sprintf("writing %s: %v", format, err), "")
			}
			if file == "" {
				to := a.file
				if a.StdoutIsTerminal { // somebody looks at it
					to = a.Stdout
				}
				_, err := to.Write(out.Bytes())
				return err
			}
			path := file
			if !filepath.IsAbs(path) {
				path = filepath.Join(a.Dir, path)
			}
			if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
				return fail(file+" is there, and is no file", "say another with -o")
			}
			if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil { // it is about people
				return fail(fmt.Sprintf("writing %s: %s", file, reason(err)), "")
			}
			fmt.Fprintf(a.Stderr, "kith: wrote %s to %s\n", people(len(contacts)), file)
			return nil
		},
	}
	cmd.Flags().BoolVar(&whole, "whole", false, "notes as they are, with the names of those who are left out")
	cmd.Flags().StringVar(&version, "version", "3.0", "of vCards: 3.0, which phones read best, or 4.0")
	cmd.Flags().StringVarP(&file, "output", "o", "", "the `file` to write to, readable by you alone")
	a.filterBy(cmd, &only)
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return exportFormats, cobra.ShellCompDirectiveNoFileComp
		}
		return a.completeWho(false)(cmd, nil, begun)
	}
	return cmd
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// rowsOf are the rows of those whom each of the arguments names.
func (a *app) rowsOf(s *session, rows []*due.Row, args []string) ([]*due.Row, error) {
	var list []*due.Row
	for _, who := range args {
		contact, err := a.who(s, who)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(rows, func(r *due.Row) bool { return r.Contact == contact })
		if i < 0 {
			return nil, usage(fmt.Sprintf("%s is left out by --circle, --tag or --place", contact.Name), "leave these out, or WHO")
		}
		if !slices.Contains(list, rows[i]) {
			list = append(list, rows[i])
		}
	}
	return list, nil
}
