package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show WHO",
		Short: "everything about one person",
		Long: `Shows everything the journal says about one person. WHO is a slug, a name, an
alias, or a part of one that means only one person.`,
		Example:           "  kith show edith\n  kith show Rufus Lang --json",
		Args:              args(1, 1<<16, "kith show ada, kith show Ada Lovelace"),
		ValidArgsFunction: a.completeWho(false),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := a.open()
			if err != nil {
				return err
			}
			c, err := a.who(s, strings.Join(args, " "))
			if err != nil {
				return err
			}
			a.tellProblems(s.journal.Problems())
			row := s.view.Row(c.Slug)
			if asJSON {
				return a.printJSON(showJSON(row))
			}
			a.printContact(s.view, row)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

// contactDocument is the JSON document of kith show (FORMAT.md, "The command
// line").
type contactDocument struct {
	due.ContactDue
	Frontmatter map[string]any `json:"frontmatter"`
	Entries     []entryJSON    `json:"entries"`
	Tasks       []taskJSON     `json:"tasks"`
	Balance     balanceJSON    `json:"balance"`
	Mentions    []mentionJSON  `json:"mentions"`
}

type entryJSON struct {
	Date         civil.Date `json:"date"`
	Time         *string    `json:"time"`
	Kind         *string    `json:"kind"`
	Direction    *string    `json:"direction"`
	Marks        []string   `json:"marks"`
	Participants []string   `json:"participants"`
	Tags         []string   `json:"tags"`
	Text         string     `json:"text"`
	File         string     `json:"file"`
	Line         int        `json:"line"`
}

type taskJSON struct {
	Kind *string    `json:"kind"`
	Text string     `json:"text"`
	Due  civil.Date `json:"due"`
	Done bool       `json:"done"`
	File string     `json:"file"`
	Line int        `json:"line"`
}

type balanceJSON struct {
	Gave       int  `json:"gave"`
	Got        int  `json:"got"`
	GaveYear   int  `json:"gave_year"`
	GotYear    int  `json:"got_year"`
	OnlyInNeed bool `json:"only_in_need"`
}

type mentionJSON struct {
	Slug *string `json:"slug"`
	File string  `json:"file"`
	Line int     `json:"line"`
	Text string  `json:"text"`
}

func showJSON(r *due.Row) contactDocument {
	c := r.Contact
	doc := contactDocument{
		ContactDue: r.JSON(), Frontmatter: frontmatterJSON(c.File.Note),
		Entries: []entryJSON{}, Tasks: []taskJSON{}, Mentions: []mentionJSON{},
		Balance: balanceJSON{r.Balance.Gave, r.Balance.Got, r.Balance.GaveYear, r.Balance.GotYear, r.Balance.OnlyInNeed},
	}
	for _, ref := range c.Entries {
		doc.Entries = append(doc.Entries, entryDocument(ref))
	}
	for _, ref := range c.Tasks {
		doc.Tasks = append(doc.Tasks, taskDocument(ref))
	}
	for _, m := range c.Mentions {
		doc.Mentions = append(doc.Mentions, mentionJSON{orNull(m.Slug()), m.File.Path, m.Line(), m.Text()})
	}
	return doc
}

func entryDocument(ref journal.EntryRef) entryJSON {
	e := ref.Entry()
	marks := []string{}
	for _, m := range ref.Marks() {
		marks = append(marks, m.String())
	}
	return entryJSON{
		Date: e.Date, Time: orNull(e.Time.String()), Kind: orNull(ref.Kind()), Direction: orNull(e.Direction.String()),
		Marks: marks, Participants: participants(ref), Tags: append([]string{}, ref.Tags()...),
		Text: ref.Text(), File: ref.File.Path, Line: int(e.Line),
	}
}

func taskDocument(ref journal.TaskRef) taskJSON {
	t := ref.Task()
	return taskJSON{orNull(taskKind(t)), t.Text, t.Due, t.Done, ref.File.Path, int(t.Line)}
}

// participants are the slugs of who took part, the file's own contact left out.
func participants(ref journal.EntryRef) []string {
	slugs := slices.Clone(ref.Participants())
	if ref.File.Kind == note.Contact {
		slugs = slices.DeleteFunc(slugs, func(s string) bool { return s == ref.File.Slug })
	}
	return append([]string{}, slugs...)
}

func taskKind(t *note.Task) string {
	switch {
	case t.Done:
		return ""
	case t.Ask:
		return "ask"
	}
	return "promise"
}

// orNull is null in JSON for an empty text.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// frontmatterJSON returns the front matter as it is written: known keys in lower
// case, their values as texts, lists and maps; of unknown keys the numbers and
// truth values as such.
func frontmatterJSON(n *note.Note) map[string]any {
	doc := map[string]any{}
	for _, f := range n.FrontMatter() {
		key, known := strings.ToLower(f.Key), note.KnownKey(f.Key)
		if !known {
			key = f.Key
		}
		if _, twice := doc[key]; !twice {
			doc[key] = valueJSON(f.Value, known)
		}
	}
	return doc
}

func valueJSON(v note.Value, asText bool) any {
	v = v.Unwiki()
	switch v.Shape {
	case note.Scalar:
		if !asText && !v.Quoted {
			return plainJSON(v.Text)
		}
		return v.Text
	case note.List:
		list := make([]any, 0, len(v.Items))
		for _, it := range v.Items {
			list = append(list, valueJSON(it, asText))
		}
		return list
	case note.Mapping:
		m := map[string]any{}
		for _, f := range v.Fields {
			m[f.Key] = valueJSON(f.Value, asText)
		}
		return m
	}
	return nil
}

// plainJSON returns a number or truth value as such if its text is the one that
// JSON would have for it, so that nothing of what is written gets lost.
func plainJSON(text string) any {
	switch text {
	case "true":
		return true
	case "false":
		return false
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && strconv.FormatFloat(f, 'f', -1, 64) == text {
		return f
	}
	return text
}

func (a *app) printContact(v *due.View, r *due.Row) {
	c, front := r.Contact, r.Contact.Front()
	a.out.printf("%s %s\n", bold(c.Name), dim(c.Slug))
	line := func(label, text string) {
		if text != "" {
			a.out.printf("  %s %s\n", dim(pad(label, 12)), text)
		}
	}
	line("who", strings.Join(kept(front.Pronouns, front.Role, front.Company, front.Location), ", "))
	line("also", strings.Join(front.Aliases, ", "))
	line("circles", circleNames(c))
	line("tags", strings.Join(front.Tags, ", "))
	line("met", metWords(v, front))
	line("via", strings.Join(front.Via, ", "))
	line("write", strings.Join(append(slices.Clone(front.Email), front.Phone...), ", "))
	for _, l := range front.Links {
		line("link", strings.TrimSpace(l.Label+" "+l.Text))
	}
	line("birthday", front.Birthday.String())
	for _, d := range front.Dates {
		line(d.Label, d.Date.String())
	}
	line("needs", strings.Join(front.Needs, ", "))
	line("offers", strings.Join(front.Offers, ", "))
	for _, x := range front.Extra {
		line(x.Label, x.Text)
	}
	line("rhythm", cadenceWords(r))
	line("stands", standWords(v, r))
	for i, reason := range r.Reasons {
		label := ""
		if i == 0 {
			label = "write because"
		}
		a.out.printf("  %s %s %s\n", dim(pad(label, 12)), green(reason.Kind.String()+":"), reason.Why)
	}
	a.printTasks(c)
	a.printEntries(c)
	if len(c.Mentions) > 0 {
		fmt.Fprintln(a.Stdout, "\nMentioned in")
		for _, m := range c.Mentions {
			a.out.printf("  %s %s\n", dim(fmt.Sprintf("%s:%d", m.File.Path, m.Line())), m.Text())
		}
	}
}

func (a *app) printTasks(c *journal.Contact) {
	for _, section := range []struct {
		title string
		ask   bool
	}{{"To ask", true}, {"Promised", false}} {
		title := "\n" + section.title
		for _, ref := range c.Tasks {
			t := ref.Task()
			if t.Done || t.Ask != section.ask {
				continue
			}
			if title != "" {
				fmt.Fprintln(a.Stdout, title)
				title = ""
			}
			var by text
			if !t.Due.IsZero() {
				by = dim("by " + t.Due.String())
			}
			a.out.printf("  %s\n", spaced(plain(t.Text), by))
		}
	}
}

func (a *app) printEntries(c *journal.Contact) {
	if len(c.Entries) == 0 {
		return
	}
	fmt.Fprintln(a.Stdout, "\nWhat happened")
	for _, ref := range c.Entries {
		e := ref.Entry()
		sign := map[note.Direction]string{note.Inbound: "<", note.Outbound: ">", note.Mutual: "=", note.NoContact: "·"}[e.Direction]
		words := kept(ref.Kind())
		for _, m := range ref.Marks() {
			words = append(words, m.String())
		}
		head := strings.Join(append([]string{sign}, words...), " ")
		a.out.printf("  %s %s %s\n", dim(e.Date.String()), pad(head, 12), ref.Text())
	}
}

// kept returns the texts that are not empty.
func kept(texts ...string) []string {
	return slices.DeleteFunc(texts, func(t string) bool { return t == "" })
}

func circleNames(c *journal.Contact) string {
	names := make([]string, len(c.Circles))
	for i, circle := range c.Circles {
		names[i] = circle.Name
	}
	return strings.Join(names, ", ")
}

func metWords(v *due.View, f *note.Front) string {
	if f.Met.IsZero() {
		return f.MetText
	}
	return fmt.Sprintf("%s (%s)", f.Met, due.When(v.Today, f.Met))
}

func cadenceWords(r *due.Row) string {
	c := r.Contact
	switch {
	case c.CadenceFrom == "":
		return ""
	case !c.Cadence.Recurs():
		return "never, says the " + strings.Replace(c.CadenceFrom, ":", " ", 1)
	case c.CadenceFrom == "contact":
		return "every " + c.Cadence.String()
	}
	return fmt.Sprintf("every %s, says the %s", c.Cadence, strings.Replace(c.CadenceFrom, ":", " ", 1))
}

// standWords says where you stand with somebody.
func standWords(v *due.View, r *due.Row) string {
	words := []string{dueWords(v, r)}
	if !r.Last.IsZero() {
		words = append(words, "last contact "+due.When(v.Today, r.Last))
	}
	switch {
	case r.Contact.Front().Status == note.Memorial:
	case r.Turn == due.Yours:
		words = append(words, "your turn to write")
	case r.Turn == due.Theirs:
		words = append(words, "their turn to write")
	}
	return strings.Join(words, ", ")
}
