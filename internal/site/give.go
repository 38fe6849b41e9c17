package site

import (
	"cmp"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// A give is what the page of give and take shows of one person. It never changes,
// and there is a new one only if something in it is not as it was, so that most
// saves leave the page as it is.
type give struct {
	slug, name    string
	gave, got     int        // all told (FORMAT.md, "Give and take")
	onlyInNeed    bool       // whom you meet only when you need something
	newest        civil.Date // when one of you last gave or asked
	helped, given deed       // the newest of each
	thanked       civil.Date
	reached       civil.Date // when you last wrote or spoke, if that is shown
	thanks, quiet civil.Date // since when these reasons hold
	tell          deed       // since when this reason holds, and why
}

// A deed is what was done on a day.
type deed struct {
	day  civil.Date
	what template.HTML
}

// giveOf returns what the page shows of a contact, which is nothing if there is
// neither give nor take, or they are archived.
func giveOf(r *due.Row, today civil.Date) *give {
	if r == nil || r.Balance.Gave+r.Balance.Got == 0 || r.Contact.Front().Status == note.Archived {
		return nil
	}
	g := &give{
		slug: r.Contact.Slug, name: strings.Clone(r.Contact.Name),
		gave: r.Balance.Gave, got: r.Balance.Got, onlyInNeed: r.Balance.OnlyInNeed,
	}
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
			g.helped = deedOf(ref)
		}
		if g.given.day.IsZero() && (ref.Has(note.Gave) || ref.Has(note.Offered)) {
			g.given = deedOf(ref)
		}
	}
	for _, reason := range r.Reasons {
		switch reason.Kind {
		case due.Thanks:
			g.thanks = reason.Since
		case due.Quiet:
			g.quiet = reason.Since
		case due.Tell:
			g.tell = deed{reason.Since, writer{r.Contact.File, ""}.line(reason.Why)}
		}
	}
	if !g.onlyInNeed && (!g.thanks.IsZero() || !g.thanked.Before(g.helped.day)) {
		g.reached = civil.Date{} // nothing that is shown
	}
	return g
}

// balances says whether a mark counts as give or take.
func balances(m note.Mark) bool {
	return m == note.Got || m == note.Asked || m == note.Gave || m == note.Offered
}

// deedOf says what an entry was: its line, or else its kind.
func deedOf(ref journal.EntryRef) deed {
	what := writer{ref.File, ""}.line(gist(ref.File, ref.Entry()))
	if what == "" {
		what = escHTML(ref.Kind())
	}
	return deed{ref.Entry().Date, what}
}

// next returns what the page shows of a contact now; g itself if it is the same.
func (g *give) next(r *due.Row, today civil.Date) *give {
	now := giveOf(r, today)
	if g != nil && now != nil && *g == *now {
		return g
	}
	return now
}

// everybody is the one key of an index that has a single list.
func everybody[M any](M) []bool { return []bool{true} }

// mostIntroductions is how many introductions the page has room for.
const mostIntroductions = 30

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

const givePath = "give-and-take.html"

func (s *Site) givePages() []File {
	return []File{{Path: givePath, Inputs: givePage{s.frame, s.gives.lists[true], s.introductions}}}
}

// givePage shows who helped you and what became of it, whom you helped, and whom
// you could bring together.
type givePage struct {
	*frame
	gives         *list[*give] // nil if there are none
	introductions *introductions
}

type giveModel struct {
	Page          Page
	Thanks        template.HTML // items: whom you owe thanks
	Unheard       template.HTML // items: who helped, and has not heard how it turned out
	Introductions template.HTML // items: who could be introduced to whom
	Helped        template.HTML // items: the others who helped you
	Given         template.HTML // items: whom you helped
	InNeed        template.HTML // items: whom you only meet in need
	Bars          template.HTML // items: what you gave and got, with everybody
}

// mostGiven is how many people each list of the page shows.
const mostGiven = 100

func (p givePage) render(b []byte) ([]byte, error) {
	var gives []*give
	if p.gives != nil {
		gives = p.gives.members
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
	m.Given = p.listed(gives, later, func(g *give) civil.Date { return g.given.day }, func(m *markup, g *give) {
		m.giver(g, p.when(g.given.day), g.given.what, "")
	})
	m.InNeed = p.listed(gives, later, func(g *give) civil.Date {
		if !g.onlyInNeed {
			return civil.Date{}
		}
		return g.reached
	}, func(m *markup, g *give) { m.giver(g, p.when(g.reached), "", "") })
	most := 1
	for _, g := range gives {
		most = max(most, g.gave, g.got)
	}
	m.Bars = p.listed(gives, later, func(g *give) civil.Date { return g.newest }, func(m *markup, g *give) { m.bars(g, most) })
	return p.theme.render(b, "give-and-take", m)
}

// waiting is since when they have not heard how it turned out; those whom you owe
// thanks are listed as such.
func (g *give) waiting() civil.Date {
	if !g.thanks.IsZero() || !g.tell.day.IsZero() {
		if g.thanks.IsZero() {
			return g.tell.day
		}
		return civil.Date{}
	}
	return g.quiet
}

// listed lists those who have a day, in the order of their days.
func (p givePage) listed(gives []*give, order func(a, b civil.Date) int, day func(*give) civil.Date, add func(*markup, *give)) template.HTML {
	var chosen []*give
	for _, g := range gives {
		if !day(g).IsZero() {
			chosen = append(chosen, g)
		}
	}
	slices.SortFunc(chosen, func(a, b *give) int { return cmp.Or(order(day(a), day(b)), strings.Compare(a.slug, b.slug)) })
	var m markup
	for _, g := range chosen[:min(len(chosen), mostGiven)] {
		add(&m, g)
	}
	if more := len(chosen) - mostGiven; more > 0 {
		m.add(`<li class="quiet">and `, thousands(more), " more, each on their own page</li>\n")
	}
	return m.html()
}

// helper adds somebody who helped you: what they did, and what became of it.
func (p givePage) helper(m *markup, g *give) {
	m.giver(g, p.when(g.helped.day), g.helped.what, p.became(g))
}

// became says what became of their help.
func (p givePage) became(g *give) template.HTML {
	switch {
	case !g.tell.day.IsZero():
		return template.HTML(upperFirst(string(g.tell.what)))
	case !g.quiet.IsZero():
		return "They might wonder how it turned out"
	case !g.thanks.IsZero():
		return ""
	case !g.thanked.Before(g.helped.day):
		return "You thanked them " + p.when(g.thanked)
	case g.reached.After(g.helped.day):
		return "In touch since, " + p.when(g.reached)
	}
	return ""
}

// giver adds somebody as a list item: when something was, what it was, and what
// became of it.
func (m *markup) giver(g *give, when, what, became template.HTML) {
	m.add(`<li data-contact="`, esc(g.slug), `">`)
	m.linkTo("name", "", g.slug, g.name)
	m.add(` <span class="when">`, string(when), "</span>")
	if what != "" {
		m.add(` <span class="deed" dir="auto">`, string(what), "</span>")
	}
	if became != "" {
		m.add(` <span class="line became" dir="auto">`, string(became), "</span>")
	}
	m.add("</li>\n")
}

// barLength is the length of the longest bar, in the units of the drawing.
const barLength = 100

// bars adds the two bars of somebody as a list item.
func (m *markup) bars(g *give, most int) {
	bar := func(n int, class, y string) {
		if n > 0 {
			m.add(`<rect class="`, class, `" y="`, y, `" width="`, strconv.Itoa(max(2, n*barLength/most)), `" height="4"/>`)
		}
	}
	m.add(`<li data-contact="`, esc(g.slug), `">`)
	m.linkTo("name", "", g.slug, g.name)
	m.add(` <svg class="bars" viewBox="0 0 `, strconv.Itoa(barLength), ` 10" preserveAspectRatio="none" role="img"><title>You gave `,
		howOften(g.gave), ", you got ", howOften(g.got), "</title>")
	bar(g.gave, "gave", "0")
	bar(g.got, "got", "6")
	m.add("</svg></li>\n")
}

func howOften(n int) string {
	if n == 0 {
		return "nothing yet"
	}
	return times(n)
}

// meetings lists the introductions: who needs what, who offers it, and a way to
// write to both.
func (p givePage) meetings() template.HTML {
	var m markup
	for _, i := range p.introductions.list {
		a, b := i.Needs, i.Offers
		m.add("<li><p>")
		m.side(a, " is looking for ")
		m.add("; ")
		m.side(b, " can give ")
		m.add(".")
		if a.Email != "" && b.Email != "" {
			to := "mailto:" + mailbox(a.Email) + "," + mailbox(b.Email) + "?subject=" + strings.ReplaceAll(url.QueryEscape(a.Name+", meet "+b.Name), "+", "%20")
			m.add(` <span class="when"><a href="`, esc(to), `">Write to both</a></span>`)
		}
		m.add("</p></li>\n")
	}
	return m.html()
}

// side adds one of the two who could be introduced, and what they wrote.
func (m *markup) side(s due.Side, verb string) {
	m.add(`<span data-contact="`, esc(s.Slug), `">`)
	m.linkTo("person", "", s.Slug, s.Name)
	m.add("</span>", verb, `<q dir="auto">`, esc(s.Text), "</q>")
}
