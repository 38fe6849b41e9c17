package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

func (a *app) dueCommand() *cobra.Command {
	var all, asJSON bool
	var within string
	var only filter
	cmd := &cobra.Command{
		Use:   "due",
		Short: "who is due for contact",
		Long: `Lists who is due for contact, the most urgent first. --within adds those who
will be due by then, --all lists everybody. --circle, --tag and --place leave only
those who are in one of the circles, have all of the tags, and live there.`,
		Example: `  kith due
  kith due --within 2w
  kith due --all --json
  kith due --within 2w --place leeds`,
		Args: args(0, 0, "kith due --help shows what it takes"),
		RunE: func(*cobra.Command, []string) error {
			var until civil.Cadence
			if within != "" {
				var err error
				if until, err = civil.ParseCadence(within); err != nil || !until.Recurs() {
					return usage(fmt.Sprintf("--within is %q; accepted is a span of time such as 10 days, 2w or 3 months", within), "kith due --within 2w")
				}
			}
			s, err := a.open()
			if err != nil {
				return err
			}
			rows := s.view.Rows
			if !all {
				var last civil.Date
				if until.Recurs() {
					last = until.From(s.view.Today)
				}
				rows = s.view.Due(last)
			}
			rows = only.of(rows)
			a.tellProblems(s.journal.Problems())
			a.tellNobody(s.journal, only)
			if asJSON {
				return due.WriteJSON(jsonWriter{a.Stdout}, s.view, rows)
			}
			if len(rows) == 0 && only.chooses() {
				fmt.Fprintln(a.Stdout, "Nobody of these is due.")
				return nil
			}
			a.printDue(s.view, rows)
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "list every contact")
	cmd.Flags().StringVar(&within, "within", "", "add those due within a `duration` such as 2w")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	a.filterBy(cmd, &only)
	return cmd
}

// A filter is whom a command that lists people is about (FORMAT.md, "The command
// line").
type filter struct {
	circles, tags []string
	place         string
}

// filterBy gives a command the flags of a filter.
func (a *app) filterBy(cmd *cobra.Command, f *filter) {
	cmd.Flags().StringSliceVar(&f.circles, "circle", nil, "only who is in a `circle`; said again, in one of them")
	cmd.Flags().StringSliceVar(&f.tags, "tag", nil, "only who has a `tag`; said again, all of them")
	cmd.Flags().StringVar(&f.place, "place", "", "only whose location has a `text` in it")
	_ = cmd.RegisterFlagCompletionFunc("circle", a.completeCircle)
	_ = cmd.RegisterFlagCompletionFunc("tag", a.completeTag)
}

// tellNobody says which circles of a filter have nobody in them, and what may be meant:
// a slip of the pen would look like an answer.
func (a *app) tellNobody(j *journal.Journal, f filter) {
	for _, circle := range f.circles {
		if slices.ContainsFunc(j.Contacts, func(c *journal.Contact) bool { return isIn(c, circle) }) {
			continue
		}
		a.errs.printf("kith: nobody is in the circle %q\n", circle)
		var slugs []string
		for _, c := range j.Circles {
			slugs = append(slugs, c.Slug)
		}
		if meant := note.Nearest(note.Slug(circle), slugs); meant != "" {
			a.errs.printf("%s did you mean --circle %s?\n", dim("kith: hint:"), meant)
		} else if len(slugs) > 0 {
			a.errs.printf("%s circles are %s\n", dim("kith: hint:"), strings.Join(slugs[:min(len(slugs), mostNamed)], ", "))
		}
	}
}

// mostNamed is how many circles a hint names.
const mostNamed = 12

// isIn says whether a contact is in a circle, which is said by its slug or its name.
func isIn(c *journal.Contact, circle string) bool {
	return slices.ContainsFunc(c.Circles, func(r journal.CircleRef) bool {
		return r.Slug == note.Slug(circle) || note.Fold(r.Name) == note.Fold(circle)
	})
}

// chooses says whether it leaves anybody out.
func (f filter) chooses() bool { return len(f.circles) > 0 || len(f.tags) > 0 || f.place != "" }

// of returns those of some rows whom the filter is about.
func (f filter) of(rows []*due.Row) []*due.Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r *due.Row) bool {
		front := r.Contact.Front()
		in := func(circle string) bool { return isIn(r.Contact, circle) }
		lacks := func(tag string) bool { return !slices.Contains(front.Tags, note.TagSlug(strings.TrimPrefix(tag, "#"))) }
		return len(f.circles) > 0 && !slices.ContainsFunc(f.circles, in) ||
			slices.ContainsFunc(f.tags, lacks) || !strings.Contains(note.Fold(front.Location), note.Fold(f.place))
	})
}

func (a *app) printDue(v *due.View, rows []*due.Row) {
	if len(rows) == 0 {
		fmt.Fprintln(a.Stdout, nobodyDue(v))
		return
	}
	var table [][]string
	for _, r := range rows {
		table = append(table, []string{r.Contact.Name, r.Contact.Slug, dueWords(v, r), whyListed(r)})
	}
	a.printTable(table, bold, dim, plain, dim)
}

// nobodyDue says that it is a good day, and when the next one comes round.
func nobodyDue(v *due.View) string {
	if len(v.Rows) == 0 {
		return "Nobody is in this journal yet: add a file to content/contacts."
	}
	for _, r := range v.Rows {
		if r.State == due.Soon || r.State == due.Later {
			next := r
			for _, o := range v.Rows {
				if (o.State == due.Soon || o.State == due.Later) && o.Due.Before(next.Due) {
					next = o
				}
			}
			return fmt.Sprintf("Nobody is due. Next is %s, %s (%s).", next.Contact.Name, due.When(v.Today, next.Due), next.Due)
		}
	}
	return "Nobody is due."
}

// dueWords says when a contact is due.
func dueWords(v *due.View, r *due.Row) string {
	switch {
	case r.State == due.Paused:
		return r.Contact.Front().Status.String()
	case r.State == due.Untracked:
		return "no rhythm"
	}
	return "due " + due.When(v.Today, r.Due)
}

// whyListed says why a contact is in the list: the first of the reasons.
func whyListed(r *due.Row) string {
	if reason, ok := r.Reason(due.Due); ok {
		return reason.Why
	}
	if len(r.Reasons) > 0 {
		return r.Reasons[0].Why
	}
	return ""
}
