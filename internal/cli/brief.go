package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
)

func (a *app) briefCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "brief WHO",
		Short: "what there is to say to one person",
		Long: `Says what you would want to know before you write to somebody or meet them: why
to write, what they did for you, your last exchange, what they have not heard,
what to ask, what you promised, how you know each other, what you could give.`,
		Example:           "  kith brief philippa\n  kith brief siobhan --json",
		Args:              args(1, 1<<16, "kith brief ada"),
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
			b := s.brief(c)
			if asJSON {
				return a.printJSON(s.briefJSON(b))
			}
			a.printBrief(s, b)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return cmd
}

// brief puts together what there is to say to a contact.
func (s *session) brief(c *journal.Contact) due.Brief {
	if s.wishes == nil {
		s.wishes = s.wishes.Next(nil, s.view.Rows)
	}
	row := s.view.Row(c.Slug)
	return row.Brief(s.today, s.wishes.For(s.view, row))
}

// said is what an entry says, and when and by what means; or these alone, if it says
// nothing.
func (s *session) said(ref journal.EntryRef) (text, when string) {
	when = strings.Join(kept(due.When(s.today, ref.Entry().Date), ref.Kind()), ", ")
	if text = s.journal.Parser().PlainText(ref.Text()); text == "" {
		return when, ""
	}
	return text, when
}

func (a *app) printBrief(s *session, b due.Brief) {
	c, front := b.Row.Contact, b.Row.Contact.Front()
	a.out.printf("%s\n", bold(c.Name))
	if who := a.whoLine(c); who != "" {
		a.out.printf("%s\n", dim(who))
	}
	part := func(title string, lines ...text) {
		for i, line := range lines {
			if i == 0 {
				a.out.printf("\n%s\n", green(title))
			}
			a.out.printf("  %s\n", line)
		}
	}
	words := s.journal.Parser().PlainText
	said := func(ref journal.EntryRef) text {
		words, when := s.said(ref)
		return spaced(plain(words), dim(aside(when)))
	}
	plainly := func(words []string) (lines []text) {
		for _, w := range words {
			lines = append(lines, plain(w))
		}
		return lines
	}
	each := func(refs []journal.EntryRef) (lines []text) {
		for _, ref := range refs {
			lines = append(lines, said(ref))
		}
		return lines
	}
	tasks := func(refs []journal.TaskRef) (lines []text) {
		for _, ref := range refs {
			line := plain(words(ref.Task().Text))
			if d := ref.Task().Due; !d.IsZero() {
				line = spaced(line, dim("(for "+d.String()+")"))
			}
			lines = append(lines, line)
		}
		return lines
	}
	var why []string
	for _, r := range b.Row.Reasons {
		why = append(why, words(r.Why))
	}
	part("Why", plainly(why)...)
	part("What they did for you", each(b.Helped)...)
	part("Waiting for your answer", each(b.Unanswered)...)
	if b.Last.File != nil && len(b.Unanswered) == 0 {
		part("Last exchange", said(b.Last))
	}
	if b.Job.File != nil {
		part("New for them", said(b.Job))
	}
	var news []text
	for _, n := range b.News {
		news = append(news, said(n.EntryRef))
	}
	part("To tell", news...)
	part("To ask", tasks(b.Asks)...)
	part("You promised", tasks(b.Promises)...)
	part("They look for", plainly(front.Needs)...)
	part("You could give", plainly(s.giftWords(b.Gift, words))...)
	part("How you know each other", plainly(s.knowWords(b))...)
}

// whoLine says who somebody is, where, and what time it is there.
func (a *app) whoLine(c *journal.Contact) string {
	front := c.Front()
	return strings.Join(kept(front.Role, front.Company, front.Location, localTime(a.Now(), front.Timezone)), " · ")
}

// giftWords says what one could give to somebody.
func (s *session) giftWords(g due.Gift, plain func(string) string) []string {
	switch g.Kind {
	case due.Introduce:
		return []string{fmt.Sprintf("an introduction: %s can give %s", g.Meeting.Offers.Name, g.Meeting.Offers.Text)}
	case due.KeepPromise:
		return []string{"what you promised: " + plain(g.Promise.Task().Text)}
	case due.KeepOffer:
		return []string{fmt.Sprintf("what you offered %s: %s", due.When(s.today, g.Entry.Entry().Date), plain(g.Entry.Text()))}
	case due.SayThanks:
		return []string{"a thank-you"}
	case due.WriteReference:
		return []string{"a recommendation: they have helped you, and you have not written one yet"}
	}
	return nil
}

// knowWords says how two people came to know each other, and through whom.
func (s *session) knowWords(b due.Brief) (lines []string) {
	names := func(slugs []string) string {
		var list []string
		for _, slug := range slugs {
			list = append(list, s.journal.Contact(slug).Name)
		}
		return strings.Join(list, ", ")
	}
	if met := metWords(s.view, b.Row.Contact.Front()); met != "" {
		lines = append(lines, "you met "+met)
	}
	for _, part := range []struct {
		words string
		slugs []string
	}{{"through ", b.Through}, {"through them you met ", b.Introduced}, {"both of you know ", b.Both}} {
		if len(part.slugs) > 0 {
			lines = append(lines, part.words+names(part.slugs))
		}
	}
	return lines
}

// localTime says what time it is in a zone, or "" where that is not known.
func localTime(now time.Time, zone string) string {
	if zone == "" {
		return ""
	}
	at, err := time.LoadLocation(zone)
	if err != nil {
		return ""
	}
	return now.In(at).Format("15:04") + " there now"
}

// briefDocument is the JSON document of kith brief.
type briefDocument struct {
	Today      civil.Date       `json:"today"`
	Slug       string           `json:"slug"`
	Name       string           `json:"name"`
	Reasons    []due.ReasonJSON `json:"reasons"`
	Helped     []entryJSON      `json:"helped"`
	Last       *entryJSON       `json:"last"`
	Unanswered []entryJSON      `json:"unanswered"`
	News       []entryJSON      `json:"news"`
	Job        *entryJSON       `json:"job"`
	Asks       []taskJSON       `json:"asks"`
	Promises   []taskJSON       `json:"promises"`
	Through    []string         `json:"through"`
	Introduced []string         `json:"introduced"`
	Both       []string         `json:"both"`
	Needs      []string         `json:"needs"`
	Gift       []string         `json:"gift"`
}

func (s *session) briefJSON(b due.Brief) briefDocument {
	c := b.Row.Contact
	one := func(ref journal.EntryRef) *entryJSON {
		if ref.File == nil {
			return nil
		}
		e := entryDocument(ref)
		return &e
	}
	entries := func(refs []journal.EntryRef) []entryJSON {
		list := []entryJSON{}
		for _, ref := range refs {
			list = append(list, entryDocument(ref))
		}
		return list
	}
	tasks := func(refs []journal.TaskRef) []taskJSON {
		list := []taskJSON{}
		for _, ref := range refs {
			list = append(list, taskDocument(ref))
		}
		return list
	}
	var news []journal.EntryRef
	for _, n := range b.News {
		news = append(news, n.EntryRef)
	}
	texts := func(list []string) []string { return append([]string{}, list...) }
	return briefDocument{
		Today: s.today, Slug: c.Slug, Name: c.Name, Reasons: b.Row.JSON().Reasons,
		Helped: entries(b.Helped), Last: one(b.Last), Unanswered: entries(b.Unanswered), News: entries(news), Job: one(b.Job),
		Asks: tasks(b.Asks), Promises: tasks(b.Promises), Through: texts(b.Through), Introduced: texts(b.Introduced), Both: texts(b.Both),
		Needs: texts(c.Front().Needs), Gift: texts(s.giftWords(b.Gift, s.journal.Parser().PlainText)),
	}
}
