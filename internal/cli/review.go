package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// reviewed is how far kith review looks back unless it is told.
const reviewed = "7d"

func (a *app) reviewCommand() *cobra.Command {
	var since string
	var as form
	cmd := &cobra.Command{
		Use:   "review",
		Short: "what happened of late, and who was there for you",
		Long: `Looks back on a week, or from --since on, which is a span of time, a day or a year:
your news, whom you were in touch with and who wrote, the promises you kept, who
helped you and whom you thanked, and who might like to hear from you again.`,
		Example: "  kith review\n  kith review --since 3m\n  kith review --since 2026 --json",
		Args:    args(0, 0, "kith review --help shows what it takes"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := as.check(cmd); err != nil {
				return err
			}
			s, err := a.open()
			if err != nil {
				return err
			}
			first, last, ok := spanSince(since, s.today)
			if !ok {
				return usage(fmt.Sprintf("--since is %q; accepted are a span of time such as 7d or 3 months, a day or a year up to today", since), "kith review --since 3m")
			}
			a.tellProblems(s.journal.Problems())
			r := s.review(first, last)
			if as.json {
				return a.printJSON(r.json())
			}
			return a.printSheet(r.sheet(), format(as.format))
		},
	}
	cmd.Flags().StringVar(&since, "since", reviewed, "look back so `long`: 7d, 3 months, 2026-09-01, or a year")
	as.flags(cmd)
	return cmd
}

// spanSince reads how far to look back: a span of time, a day up to today, or a year,
// which ends with its last day.
func spanSince(text string, today civil.Date) (first, last civil.Date, ok bool) {
	if year, err := strconv.Atoi(text); err == nil && len(text) == 4 {
		first, last = civil.In(year, 1, 1), civil.In(year, 12, 31)
		if last.After(today) {
			last = today
		}
		return first, last, !first.After(today)
	}
	if day, err := civil.Parse(text); err == nil {
		return day, today, !day.After(today)
	}
	span, err := civil.ParseCadence(text)
	if err != nil || !span.Recurs() {
		return first, last, false
	}
	return span.Before(today).AddDays(1), today, true
}

// A review is what happened from one day to another.
type review struct {
	*session
	first, last civil.Date
	news        []happened // your own
	reached     []*due.Row // whom you wrote to or spoke with
	heard       []*due.Row // who wrote to you
	helped      []happened // what they did for you
	thanked     []*due.Row
	given       []happened // what you did for them
	kept        []keptPromise
	drifting    []*due.Row // with whom it has been a while, the most urgent first
}

// happened is an entry, and the contact it is about: none of your own news.
type happened struct {
	row *due.Row
	journal.EntryRef
}

// keptPromise is a promise that was kept.
type keptPromise struct {
	row *due.Row
	journal.TaskRef
}

// review looks back on some days. When a promise was kept nobody writes down: it is
// taken for one of these days if its date is, or that of the entry it stands in.
func (s *session) review(first, last civil.Date) review {
	r := review{session: s, first: first, last: last}
	within := func(d civil.Date) bool { return !d.Before(first) && !d.After(last) }
	for _, ref := range s.journal.News {
		if within(ref.Entry().Date) {
			r.news = append(r.news, happened{nil, ref})
		}
	}
	done := map[journal.TaskRef]bool{}
	for _, row := range s.view.BySlug {
		var reached, heard, thanked bool
		for _, ref := range row.Contact.Entries {
			e := ref.Entry()
			if !within(e.Date) {
				continue
			}
			reached = reached || e.Direction == note.Outbound || e.Direction == note.Mutual
			heard = heard || e.Direction == note.Inbound
			thanked = thanked || ref.Has(note.Thanked)
			if ref.Has(note.Got) {
				r.helped = append(r.helped, happened{row, ref})
			}
			if ref.Has(note.Gave) {
				r.given = append(r.given, happened{row, ref})
			}
		}
		for _, ref := range row.Contact.Tasks {
			t := ref.Task()
			if t.Done && !done[ref] && (within(t.Due) || t.Entry >= 0 && within(ref.File.Entries[t.Entry].Date)) {
				done[ref] = true // one to two people is one
				r.kept = append(r.kept, keptPromise{row, ref})
			}
		}
		for _, list := range []struct {
			is   bool
			rows *[]*due.Row
		}{{reached, &r.reached}, {heard, &r.heard}, {thanked, &r.thanked}} {
			if list.is {
				*list.rows = append(*list.rows, row)
			}
		}
	}
	older := func(x, y happened) int { return x.Entry().Date.Compare(y.Entry().Date) }
	slices.SortStableFunc(r.news, older)
	slices.SortStableFunc(r.helped, older)
	slices.SortStableFunc(r.given, older)
	if last == s.today {
		for _, row := range s.view.Rows {
			if row.Drifting() && !row.Contact.Front().Snooze.After(s.today) {
				r.drifting = append(r.drifting, row)
			}
		}
	}
	return r
}

// mostReviewed is how many lines or names each part of a review has at most: a year has
// many.
const mostReviewed = 20

func (r review) sheet() *sheet {
	t := &sheet{Title: r.title()}
	plain := r.journal.Parser().PlainText
	entries := func(list []happened) (lines []line) {
		for _, h := range list {
			text, when := plain(h.Text()), due.Day(r.today, h.Entry().Date)
			switch {
			case h.row == nil:
				lines = append(lines, line{Label: when, Text: text})
			case text == "":
				lines = append(lines, line{Label: h.row.Contact.Name, Text: cmp.Or(h.Kind(), "on "+when), Aside: when})
			default:
				lines = append(lines, line{Label: h.row.Contact.Name, Text: text, Aside: when})
			}
		}
		return atMost(lines, mostReviewed)
	}
	names := func(rows []*due.Row) []line {
		if len(rows) == 0 {
			return nil
		}
		var list []string
		for _, row := range rows[:min(len(rows), mostReviewed)] {
			list = append(list, row.Contact.Name)
		}
		if more := len(rows) - len(list); more > 0 {
			list = append(list, fmt.Sprintf("%d more", more))
		}
		return []line{{Text: joined(list)}}
	}
	t.add("What happened", entries(r.news)...)
	t.add("You were in touch with", names(r.reached)...)
	t.add("You heard from", names(r.heard)...)
	t.add("Who stood by you", entries(r.helped)...)
	t.add("You said thanks to", names(r.thanked)...)
	t.add("What you gave", entries(r.given)...)
	var kept []line
	for _, k := range r.kept {
		kept = append(kept, line{Label: k.row.Contact.Name, Text: plain(k.Task().Text)})
	}
	t.add("Promises kept", atMost(kept, mostReviewed)...)
	if len(t.Parts) == 0 {
		t.add("", line{Text: "A quiet time: nothing is written down of it.", Command: "kith log WHO TEXT"})
	}
	var drifting []line
	for _, row := range r.drifting[:min(len(r.drifting), mostListed)] {
		text := "a first letter"
		if !row.Last.IsZero() {
			text = "last in touch " + due.When(r.today, row.Last)
		}
		drifting = append(drifting, line{Label: row.Contact.Name, Text: text})
	}
	t.add("Who might like to hear from you", drifting...)
	return t
}

// title says which days they are.
func (r review) title() string {
	year := r.last.Year()
	switch {
	case r.first == r.last:
		return dayTitle(r.last)
	case r.first == civil.In(year, 1, 1) && (r.last == r.today || r.last == civil.In(year, 12, 31)):
		return strconv.Itoa(year)
	}
	return fmt.Sprintf("%s to %s %d", due.Day(r.last, r.first), due.Day(r.last, r.last), year)
}

// reviewDocument is the JSON document of kith review.
type reviewDocument struct {
	Since    civil.Date     `json:"since"`
	Until    civil.Date     `json:"until"`
	News     []entryJSON    `json:"news"`
	Reached  []string       `json:"reached"`
	Heard    []string       `json:"heard"`
	Helped   []happenedJSON `json:"helped"`
	Thanked  []string       `json:"thanked"`
	Gave     []happenedJSON `json:"gave"`
	Kept     []keptJSON     `json:"kept"`
	Drifting []string       `json:"drifting"`
}

type happenedJSON struct {
	Slug string `json:"slug"`
	entryJSON
}

type keptJSON struct {
	Slug string `json:"slug"`
	taskJSON
}

func (r review) json() reviewDocument {
	slugs := func(rows []*due.Row) []string {
		list := []string{}
		for _, row := range rows {
			list = append(list, row.Contact.Slug)
		}
		return list
	}
	entries := func(list []happened) []happenedJSON {
		docs := []happenedJSON{}
		for _, h := range list {
			docs = append(docs, happenedJSON{h.row.Contact.Slug, entryDocument(h.EntryRef)})
		}
		return docs
	}
	doc := reviewDocument{
		Since: r.first, Until: r.last, News: []entryJSON{}, Reached: slugs(r.reached), Heard: slugs(r.heard),
		Helped: entries(r.helped), Thanked: slugs(r.thanked), Gave: entries(r.given), Kept: []keptJSON{}, Drifting: slugs(r.drifting),
	}
	for _, n := range r.news {
		doc.News = append(doc.News, entryDocument(n.EntryRef))
	}
	for _, k := range r.kept {
		doc.Kept = append(doc.Kept, keptJSON{k.row.Contact.Slug, taskDocument(k.TaskRef)})
	}
	return doc
}
