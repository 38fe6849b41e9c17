package site

import (
	"cmp"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// A give is what the page of give and take knows of one person. Few of them have
// room on it, so that nothing is rendered before that.
type give struct {
	row           *due.Row
	onlyInNeed    bool       // whom you meet only when you need something
	newest        civil.Date // when one of you last gave or asked
	helped, given deed       // the newest of each
	thanked       civil.Date
	reached       civil.Date // when you last wrote or spoke, if that is shown
	thanks, quiet civil.Date // since when these reasons hold
	tell          civil.Date // the same, of a reason that says why
	why           string     // Markdown
}

// A deed is an entry that says what was done on a day; the zero deed is none.
type deed struct {
	day civil.Date
	journal.EntryRef
}

// giveOf returns what the page knows of a contact of whom it shows something.
func giveOf(r *due.Row, today civil.Date) give {
	g := give{row: r, onlyInNeed: r.Balance.OnlyInNeed}
	for _, ref := range r.Contact.Entries { // newest first
		e := ref.Entry()
		if e.Date.After(today) {
			continue
		}
		if g.reached.IsZero() && (e.Direction == note.Outbound || e.Direction == note.Mutual) {
			g.reached = e.Date
		}
		if g.newest.IsZero() && slices.ContainsFunc(ref.Marks(), balances) {
			g.newest = e.Date
		}
		if g.thanked.IsZero() && ref.Has(note.Thanked) {
			g.thanked = e.Date
		}
		if g.helped.day.IsZero() && ref.Has(note.Got) {
			g.helped = deed{e.Date, ref}
		}
		if g.given.day.IsZero() && (ref.Has(note.Gave) || ref.Has(note.Offered)) {
			g.given = deed{e.Date, ref}
		}
	}
	for _, reason := range r.Reasons {
		switch reason.Kind {
		case due.Thanks:
			g.thanks = reason.Since
		case due.Quiet:
			g.quiet = reason.Since
		case due.Tell:
			g.tell, g.why = reason.Since, reason.Why
		}
	}
	if !g.onlyInNeed && (!g.thanks.IsZero() || !g.thanked.Before(g.helped.day)) {
		g.reached = civil.Date{} // nothing that is shown
	}
	return g
}

func (g *give) slug() string { return g.row.Contact.Slug }

// balances says whether a mark counts as give or take.
func balances(m note.Mark) bool {
	return m == note.Got || m == note.Asked || m == note.Gave || m == note.Offered
}

// what says what was done: the entry's line, or else its kind.
func (d deed) what(c *contents) template.HTML {
	if d.File == nil {
		return ""
	}
	if line := c.gist(d.EntryRef, ""); line != "" {
		return line
	}
	return escHTML(d.Kind())
}

// because says why they should hear your news.
func (g *give) because(c *contents) template.HTML { return c.line(g.row.Contact.File, g.why, "") }

// giver returns the row of somebody of whom the page shows something; of others, nil.
func giver(r *due.Row) *due.Row {
	if r == nil || r.Balance.Gave+r.Balance.Got == 0 || r.Contact.Front().Status == note.Archived {
		return nil
	}
	return r
}

// one is the one key of an index that has a single list.
func one[M any](keys []bool, _ M) []bool { return append(keys, true) }

// mostIntroductions is how many introductions are thought of, and shownIntroductions how
// many of them the page has room for.
const (
	mostIntroductions  = 100
	shownIntroductions = 30
)

// introductions are those you could make. There are new ones only if they are not
// as they were.
type introductions struct{ list []due.Introduction }

// introduce works out the introductions after some rows went and others came.
func (s *Site) introduce(before *Site, rows changes[*due.Row]) {
	s.wishes, s.introductions = before.wishes.Next(rows.gone, rows.come), before.introductions
	concerned := func(r *due.Row) bool { return len(r.Contact.Front().Needs)+len(r.Contact.Front().Offers) > 0 }
	if s.introductions != nil && s.wishes == before.wishes && !slices.ContainsFunc(rows.come, concerned) {
		return
	}
	list := s.wishes.Introductions(s.View, mostIntroductions)
	if s.introductions == nil || !slices.Equal(list, s.introductions.list) {
		s.introductions = &introductions{list}
	}
}

// of returns the best introduction for somebody, none if there is none.
func (i *introductions) of(slug string) (best due.Introduction) {
	if i == nil {
		return best
	}
	at := slices.IndexFunc(i.list, func(m due.Introduction) bool { return m.Needs.Slug == slug })
	if at < 0 {
		return best
	}
	return i.list[at]
}

// known returns an introduction as a list, an empty one of none.
func known(m due.Introduction) []due.Introduction {
	if m == (due.Introduction{}) {
		return nil
	}
	return []due.Introduction{m}
}

// meetings gives the pages of contacts the introductions that would serve them, and adds
// those whose best one is another now to the differences.
func (s *Site) meetings(d *differences, before *introductions) {
	var concerned []string
	for _, list := range []*introductions{before, s.introductions} {
		if list != nil && (before != s.introductions || d.moved) {
			for _, m := range list.list {
				concerned = append(concerned, m.Needs.Slug)
			}
		}
	}
	slices.Sort(concerned)
	for _, slug := range slices.Compact(concerned) {
		f := s.View.Journal.Contact(slug)
		if f == nil {
			continue
		}
		i := slices.IndexFunc(s.people, func(p *person) bool { return p.file == f.File })
		page, ok := s.people[i].page.Inputs.(contactPage)
		if meeting := s.introductions.of(slug); ok && page.meeting != meeting {
			p := *s.people[i]
			page.meeting = meeting
			p.page.Inputs = page
			s.people[i] = &p
			d.pages = append(d.pages, &p)
		}
	}
}

const givePath = "give-and-take.html"

func (s *Site) givePages() []File {
	return []File{{Path: givePath, Inputs: givePage{s.frame, s.givers.lists[true], s.introductions}}}
}

// givePage shows who helped you and what became of it, whom you helped, and whom
// you could bring together.
type givePage struct {
	*frame
	givers        *list[*due.Row] // those who gave or got; nil if there are none
	introductions *introductions
}

type giveModel struct {
	Page          Page
	Thanks        GiveList       // whom you owe thanks
	Unheard       GiveList       // who helped, and has not heard how it turned out
	Introductions []Introduction // who could be introduced to whom
	Helped        GiveList       // the others who helped you
	Given         GiveList       // whom you helped
	InNeed        GiveList       // whom you only meet in need
	Any           bool           // there is something in one of these
}

// GiveList is people, and how many more there are.
type GiveList struct {
	People []Person
	More   string
}

// Introduction is two people whom you could bring together.
type Introduction struct {
	Needs, Offers Side
	Write         template.URL // to both; empty if that cannot be done
}

// Side is one of the two, and what they need or offer.
type Side struct {
	Slug string
	Who  Name
	Text string
}

// mostGiven is how many people each list of the page shows.
const mostGiven = 100

func (p givePage) Render(b []byte) ([]byte, error) {
	var gives []give
	if p.givers != nil {
		gives = make([]give, len(p.givers.members))
		for i, r := range p.givers.members {
			gives[i] = giveOf(r, p.today)
		}
	}
	m := giveModel{Page: p.page(givePath, "Give and take", inGive), Introductions: p.meetings()}
	sooner := func(a, b civil.Date) int { return a.Compare(b) }
	later := func(a, b civil.Date) int { return b.Compare(a) }
	m.Thanks = p.listed(gives, sooner, func(g *give) civil.Date { return g.thanks }, p.helper)
	m.Unheard = p.listed(gives, sooner, (*give).waiting, p.helper)
	m.Helped = p.listed(gives, later, func(g *give) civil.Date {
		if !g.thanks.IsZero() || !g.waiting().IsZero() {
			return civil.Date{}
		}
		return g.helped.day
	}, p.helper)
	m.Given = p.listed(gives, later, func(g *give) civil.Date { return g.given.day }, func(g *give) Person {
		v := giverOf(g, p.seen(g.given.day))
		v.Deed = g.given.what(p.contents)
		return v
	})
	m.InNeed = p.listed(gives, later, func(g *give) civil.Date {
		if !g.onlyInNeed {
			return civil.Date{}
		}
		return g.reached
	}, func(g *give) Person { return giverOf(g, p.seen(g.reached)) })
	for _, l := range []GiveList{m.Thanks, m.Unheard, m.Helped, m.Given, m.InNeed} {
		m.Any = m.Any || len(l.People) > 0
	}
	m.Any = m.Any || len(m.Introductions) > 0
	return p.theme.render(b, "give-and-take", m)
}

// waiting is since when they have not heard how it turned out; those whom you owe
// thanks are listed as such.
func (g *give) waiting() civil.Date {
	if !g.thanks.IsZero() || !g.tell.IsZero() {
		if g.thanks.IsZero() {
			return g.tell
		}
		return civil.Date{}
	}
	return g.quiet
}

// listed lists those who have a day, in the order of their days.
func (p givePage) listed(gives []give, order func(a, b civil.Date) int, day func(*give) civil.Date, person func(*give) Person) GiveList {
	var chosen []*give
	for i := range gives {
		if g := &gives[i]; !day(g).IsZero() {
			chosen = append(chosen, g)
		}
	}
	slices.SortFunc(chosen, func(a, b *give) int { return cmp.Or(order(day(a), day(b)), strings.Compare(a.slug(), b.slug())) })
	var list GiveList
	for _, g := range chosen[:min(len(chosen), mostGiven)] {
		list.People = append(list.People, person(g))
	}
	if more := len(chosen) - mostGiven; more > 0 {
		list.More = thousands(more)
	}
	return list
}

// giverOf is somebody in a list of the page, and when something was.
func giverOf(g *give, when When) Person {
	return Person{Attrs: attrs(g.row, false), Who: called(g.row.Contact, ""), When: when}
}

// helper is somebody who helped you: what they did, and what became of it.
func (p givePage) helper(g *give) Person {
	v := giverOf(g, p.seen(g.helped.day))
	v.Deed, v.Became = g.helped.what(p.contents), p.became(g)
	return v
}

// became says what became of their help.
func (p givePage) became(g *give) template.HTML {
	switch {
	case !g.tell.IsZero():
		return template.HTML(due.UpperFirst(string(g.because(p.contents))))
	case !g.quiet.IsZero():
		return template.HTML(due.PronounsOf(g.row.Contact.Front()).Did("might wonder how it turned out"))
	case !g.thanks.IsZero():
		return ""
	case !g.thanked.Before(g.helped.day):
		return template.HTML("You thanked "+due.PronounsOf(g.row.Contact.Front()).Them+" ") + p.when(g.thanked)
	case g.reached.After(g.helped.day):
		return "In touch since, " + p.when(g.reached)
	}
	return ""
}

// meetings lists the introductions: who needs what, who offers it, and a way to
// write to both.
func (p givePage) meetings() []Introduction {
	var list []Introduction
	for _, i := range p.introductions.list[:min(len(p.introductions.list), shownIntroductions)] {
		a, b := i.Needs, i.Offers
		v := Introduction{Needs: side(a), Offers: side(b)}
		if a.Email != "" && b.Email != "" {
			v.Write = template.URL("mailto:" + mailbox(a.Email) + "," + mailbox(b.Email) + "?subject=" + strings.ReplaceAll(url.QueryEscape(a.Name+", meet "+b.Name), "+", "%20"))
		}
		list = append(list, v)
	}
	return list
}

func side(s due.Side) Side {
	return Side{s.Slug, Name{Href: address("", contactPath(s.Slug)), Name: s.Name}, s.Text}
}
