package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/due"
)

// birthdayDays is how many days kith today looks ahead for birthdays.
const birthdayDays = 7

func (a *app) todayCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "today",
		Short: "whom to write to today, and why",
		Long: `Names today's few people to write to and why, the birthdays of the next seven
days, and what your cadences ask of you against what you do.`,
		Example: "  kith today\n  kith today --json",
		Args:    args(0, 0, "kith today --help shows what it takes"),
		RunE: func(*cobra.Command, []string) error {
			s, err := a.open()
			if err != nil {
				return err
			}
			a.tellProblems(s.journal.Problems())
			if asJSON {
				return a.printJSON(todayJSON(s.view))
			}
			a.printToday(s.view)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

// todayDocument is the JSON document of kith today (FORMAT.md, "The command
// line").
type todayDocument struct {
	Today     civil.Date    `json:"today"`
	Daily     int           `json:"daily"`
	Done      []string      `json:"done"`
	Few       []pickJSON    `json:"few"`
	Decide    []string      `json:"decide"`
	Birthdays []yearlyJSON  `json:"birthdays"`
	Load      loadStatement `json:"load"`
}

type pickJSON struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	due.ReasonJSON
	Done    bool             `json:"done"`
	Reasons []due.ReasonJSON `json:"reasons"`
}

type yearlyJSON struct {
	Slug  string     `json:"slug"`
	Name  string     `json:"name"`
	Label string     `json:"label"`
	Date  civil.Date `json:"date"`
	Years *int       `json:"years"`
}

type loadStatement struct {
	Demand   float64    `json:"demand"`
	Pace     float64    `json:"pace"`
	CaughtUp civil.Date `json:"caught_up"`
}

func todayJSON(v *due.View) todayDocument {
	few, load := v.TodaysFew(), v.Load()
	doc := todayDocument{
		Today: v.Today, Daily: v.Journal.Settings.Daily, Done: []string{}, Few: []pickJSON{}, Decide: []string{}, Birthdays: []yearlyJSON{},
		Load: loadStatement{load.Demand, load.Pace, load.CaughtUp},
	}
	for _, p := range few.People {
		c, reasons := p.Row.Contact, due.ReasonsJSON(p.Reasons())
		doc.Few = append(doc.Few, pickJSON{c.Slug, c.Name, reasons[0], p.Done(), reasons})
		if p.Done() {
			doc.Done = append(doc.Done, c.Slug)
		}
	}
	for _, r := range few.Decide {
		doc.Decide = append(doc.Decide, r.Contact.Slug)
	}
	for _, y := range v.Anniversaries(birthdayDays) {
		c := y.Row.Contact
		item := yearlyJSON{c.Slug, c.Name, y.Label, y.Date, nil}
		if y.Known {
			item.Years = &y.Years
		}
		doc.Birthdays = append(doc.Birthdays, item)
	}
	return doc
}

func (a *app) printToday(v *due.View) {
	st := a.style()
	few := v.TodaysFew()
	var table [][]string
	var done []string
	for _, p := range few.People {
		if p.Done() {
			done = append(done, p.Row.Contact.Name)
			continue
		}
		name := p.Row.Contact.Name
		for _, reason := range p.Reasons() {
			table = append(table, []string{name, reason.Kind.String(), reason.Why})
			name = "" // it stands once
		}
	}
	switch {
	case len(v.Rows) == 0:
		fmt.Fprintln(a.Stdout, nobodyDue(v))
		return
	case len(table) > 0:
		a.printTable(table, st.bold, st.green)
	case len(done) > 0:
		fmt.Fprintln(a.Stdout, "Nobody else for today.")
	default:
		fmt.Fprintln(a.Stdout, "Nobody needs a word from you today.")
	}
	if len(done) > 0 {
		fmt.Fprintf(a.Stdout, "\nDone: %s\n", strings.Join(done, ", "))
	}
	if len(few.Decide) > 0 {
		names := make([]string, len(few.Decide))
		for i, r := range few.Decide {
			names[i] = r.Contact.Name
		}
		fmt.Fprintf(a.Stdout, "\nHow often would you like to be in touch with %s? %s\n", strings.Join(names, ", "), st.dim("kith decide"))
	}
	if birthdays := v.Anniversaries(birthdayDays); len(birthdays) > 0 {
		fmt.Fprintln(a.Stdout, "\nIn the next seven days:")
		for _, y := range birthdays {
			fmt.Fprintf(a.Stdout, "  %s %s%s  %s\n", y.Date.Weekday().String()[:3], y.Date, st.dim(" "+due.When(v.Today, y.Date)), anniversaryWords(y))
		}
	}
	load := v.Load()
	fmt.Fprintf(a.Stdout, "\n%s\n", st.dim(loadWords(v.Today, load)))
}

func anniversaryWords(y due.Anniversary) string {
	text := y.Row.Contact.Name + ": " + y.Label
	switch {
	case !y.Known || y.Years == 0:
		return text
	case y.Label == "birthday":
		return fmt.Sprintf("%s, turning %d", text, y.Years)
	}
	return fmt.Sprintf("%s, %s", text, plural(y.Years, "year"))
}

func loadWords(today civil.Date, l due.Load) string {
	text := fmt.Sprintf("Your cadences ask for %.1f people a week; you have been in touch with %.1f.", 7*l.Demand, 7*l.Pace)
	switch {
	case l.CaughtUp.IsZero():
		return text + " At this rate you would not catch up: some could wait longer."
	case l.CaughtUp == today:
		return text + " You are caught up."
	}
	return fmt.Sprintf("%s A few a day, and you are caught up %s (%s).", text, due.When(today, l.CaughtUp), l.CaughtUp)
}
