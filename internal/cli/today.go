package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// aheadDays is how many days kith today looks ahead.
const aheadDays = 7

func (a *app) todayCommand() *cobra.Command {
	var as form
	cmd := &cobra.Command{
		Use:   "today",
		Short: "whom to write to today, and why",
		Long: `Names today's few people to write to: why, what to ask, what you promised, and how
a letter could begin. Below are the thanks still to say, your promises, and what
the next seven days bring. kith alone, in a journal, says the same.`,
		Example: "  kith today\n  kith today --json\n  kith today --format html > today.html",
		Args:    args(0, 0, "kith today --help shows what it takes"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := as.check(cmd); err != nil {
				return err
			}
			s, err := a.open()
			if err != nil {
				return err
			}
			a.tellProblems(s.journal.Problems())
			if as.json {
				return a.printJSON(todayJSON(s.view))
			}
			return a.printToday(s, format(as.format), "")
		},
	}
	as.flags(cmd)
	return cmd
}

// greet is what kith alone says in a journal: the morning, and what else there is.
func (a *app) greet() error {
	s, err := a.open()
	if err != nil {
		return err
	}
	a.tellProblems(s.journal.Problems())
	return a.printToday(s, plainFormat, "kith serve shows all of it in the browser, kith log WHO TEXT writes down that you wrote;\nkith help has the rest.")
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
	for _, y := range v.Anniversaries(aheadDays) {
		c := y.Row.Contact
		item := yearlyJSON{c.Slug, c.Name, y.Label, y.Date, nil}
		if y.Known {
			item.Years = &y.Years
		}
		doc.Birthdays = append(doc.Birthdays, item)
	}
	return doc
}

// Of each person, and of each list below them, as many lines are shown at most.
const (
	mostAsks   = 2
	mostListed = 5
)

// printToday prints the morning: today's few and what there is to say to them, and
// below them what else wants to be thought of.
func (a *app) printToday(s *session, f format, foot string) error {
	few := s.view.TodaysFew()
	t := &sheet{Title: dayTitle(s.today), Foot: foot}
	shown := map[journal.TaskRef]bool{}
	picked := map[*due.Row]bool{}
	var done []string
	for _, p := range few.People {
		picked[p.Row] = true
		if p.Done() {
			done = append(done, p.Row.Contact.Name)
			continue
		}
		t.add(p.Row.Contact.Name, a.morning(s, p.Row, p.Reasons(), shown)...)
	}
	t.add("", dayLine(s.view, len(t.Parts), done)...)
	t.add("Thanks still to say", thanksLines(s, picked)...)
	t.add("Promised", promiseLines(s, shown)...)
	t.add("In the next seven days", aheadLines(s)...)
	if len(few.Decide) > 0 {
		names := make([]string, len(few.Decide))
		for i, r := range few.Decide {
			names[i] = r.Contact.Name
		}
		t.add("", line{Text: fmt.Sprintf("How often would you like to be in touch with %s?", joined(names)), Command: "kith decide"})
	}
	return a.printSheet(t, f)
}

// dayTitle says what day it is: Monday, 23 November 2026.
func dayTitle(d civil.Date) string {
	year, month, day := d.YMD()
	return fmt.Sprintf("%s, %d %s %d", d.Weekday(), day, time.Month(month), year)
}

// morning is what there is to say to somebody: the reasons to write, that for which they
// were taken first, what they did or wrote, what to ask and what was promised, and how a
// letter could begin. The promises in it are added to shown.
func (a *app) morning(s *session, r *due.Row, reasons []due.Reason, shown map[journal.TaskRef]bool) []line {
	b, plain := s.brief(r.Contact), s.journal.Parser().PlainText
	var lines []line
	promises := b.Promises
	for _, reason := range reasons {
		lines = append(lines, line{Text: plain(reason.Why)})
		if reason.Kind == due.Promise && len(promises) > 0 {
			shown[promises[0]] = true // the earliest, which the reason names
			promises = promises[1:]
		}
	}
	if label, ref := remembered(reasons, b); ref.File != nil {
		if text, when := s.said(ref); when != "" {
			lines = append(lines, line{Label: label, Text: text, Aside: when})
		}
	}
	for _, ref := range b.Asks[:min(len(b.Asks), mostAsks)] {
		lines = append(lines, line{Label: "Ask", Text: plain(ref.Task().Text)})
	}
	for _, ref := range promises[:min(len(promises), mostAsks)] {
		shown[ref] = true
		lines = append(lines, line{Label: "You promised", Text: plain(ref.Task().Text), Aside: dueBy(ref, s.today)})
	}
	if begin := a.beginning(s, b); begin != "" {
		lines = append(lines, line{Label: "Write", Text: begin, Command: "kith draft " + r.Contact.Slug})
	}
	return lines
}

// remembered is the entry that the first reason to write goes back to: their letter, what
// they did for you, or else the last exchange.
func remembered(reasons []due.Reason, b due.Brief) (label string, ref journal.EntryRef) {
	if len(reasons) > 0 {
		switch reasons[0].Kind {
		case due.Reply:
			if len(b.Unanswered) > 0 {
				return "To answer", b.Unanswered[0]
			}
		case due.Tell, due.Thanks, due.Quiet:
			if len(b.Helped) > 0 {
				return "Remember", b.Helped[0]
			}
		}
	}
	return "Last time", b.Last
}

// dueBy says until when a promise is to be kept, or "".
func dueBy(ref journal.TaskRef, today civil.Date) string {
	if d := ref.Task().Due; !d.IsZero() {
		return "for " + due.Day(today, d)
	}
	return ""
}

// beginning is the first line of the draft to somebody that says something: the one
// below the salutation.
func (a *app) beginning(s *session, b due.Brief) string {
	messages, err := a.draftOf(s, b, "")
	if err != nil {
		return "" // kith draft says what is wrong with the message
	}
	first, rest, _ := strings.Cut(messages[0].Text, "\n")
	second, _, _ := strings.Cut(strings.TrimLeft(rest, "\n"), "\n")
	return cmp.Or(second, first)
}

// dayLine says what kind of day it is, when that is not plain from the people above.
func dayLine(v *due.View, left int, done []string) []line {
	switch {
	case len(v.Rows) == 0:
		return []line{{Text: nobodyDue(v)}}
	case len(done) > 0 && left == 0:
		return []line{{Text: fmt.Sprintf("You have been in touch with %s. That is all for today.", joined(done))}}
	case len(done) > 0:
		return []line{{Text: fmt.Sprintf("You have been in touch with %s.", joined(done))}}
	case left == 0:
		return []line{{Text: "Nobody needs a word from you today."}}
	}
	return nil
}

// joined says names as people do: a, b and c.
func joined(names []string) string {
	if n := len(names) - 1; n > 0 {
		return strings.Join(names[:n], ", ") + " and " + names[n]
	}
	return strings.Join(names, "")
}

// thanksLines are those who helped and have had no thanks, but for the people who are
// shown already: who has waited longest comes first.
func thanksLines(s *session, shown map[*due.Row]bool) []line {
	var rows []*due.Row
	for _, r := range s.view.BySlug {
		if _, owed := r.Reason(due.Thanks); owed && !shown[r] {
			rows = append(rows, r)
		}
	}
	since := func(r *due.Row) civil.Date { reason, _ := r.Reason(due.Thanks); return reason.Since }
	slices.SortFunc(rows, func(x, y *due.Row) int {
		return cmp.Or(since(x).Compare(since(y)), journal.CompareNames(x.Contact, y.Contact))
	})
	var lines []line
	for _, r := range rows {
		reason, _ := r.Reason(due.Thanks)
		lines = append(lines, line{Label: r.Contact.Name, Text: reason.Why})
	}
	return atMost(lines, mostListed)
}

// promiseLines are the open promises to active contacts that come to their date by next
// week, and those without a date, but for those that are shown already.
func promiseLines(s *session, shown map[journal.TaskRef]bool) []line {
	type promise struct {
		journal.TaskRef
		name string
	}
	var open []promise
	for _, r := range s.view.BySlug {
		if !r.Contact.Active() {
			continue
		}
		for _, ref := range r.Contact.Tasks {
			if t := ref.Task(); !t.Done && !t.Ask && !shown[ref] && (t.Due.IsZero() || t.Due.Before(s.today.AddDays(aheadDays))) {
				shown[ref] = true // one to two people is one
				open = append(open, promise{ref, r.Contact.Name})
			}
		}
	}
	slices.SortStableFunc(open, func(x, y promise) int { return due.CompareTasks(x.TaskRef, y.TaskRef) })
	var lines []line
	for _, p := range open {
		lines = append(lines, line{Label: p.name, Text: s.journal.Parser().PlainText(p.Task().Text), Aside: dueBy(p.TaskRef, s.today)})
	}
	return atMost(lines, mostListed)
}

// atMost returns the first n of some lines, and says how many more there are.
func atMost(lines []line, n int) []line {
	if more := len(lines) - n; more > 1 { // one more takes no more room than saying so
		return append(lines[:n], line{Text: fmt.Sprintf("and %d more", more)})
	}
	return lines
}

// aheadLines are the birthdays and dates of the next days, and what is planned for them.
func aheadLines(s *session) []line {
	type event struct {
		day  civil.Date
		line line
	}
	var events []event
	add := func(day civil.Date, name, text string) {
		when := fmt.Sprintf("%s, %s", day.Weekday().String()[:3], due.Day(s.today, day))
		events = append(events, event{day, line{Label: when, Text: strings.Join(kept(name, text), ": "), Aside: due.When(s.today, day)}})
	}
	for _, y := range s.view.Anniversaries(aheadDays) {
		add(y.Date, "", anniversaryWords(y))
	}
	end := s.today.AddDays(aheadDays)
	seen := map[*note.Entry]bool{}
	for _, r := range s.view.BySlug {
		for _, ref := range r.Plans() {
			if e := ref.Entry(); e.Date.Before(end) && !ref.Guest && !seen[e] { // one with two people is one
				seen[e] = true
				text := s.journal.Parser().PlainText(ref.Text())
				add(e.Date, r.Contact.Name, cmp.Or(strings.Join(kept(ref.Kind(), text), ", "), "planned"))
			}
		}
	}
	slices.SortStableFunc(events, func(x, y event) int { return x.day.Compare(y.day) })
	var lines []line
	for _, e := range events {
		lines = append(lines, e.line)
	}
	return lines
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
