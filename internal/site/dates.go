package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/note"
)

// A yearly is what the page of dates and the calendar show of one person. It
// never changes, and there is a new one only if something in it is not as it was.
type yearly struct {
	slug, name string
	status     note.Status
	dates      []note.YearlyDate // the birthday has no label
}

// yearlyOf returns the birthday and the yearly dates of a contact, which is
// nothing if there are none, or they are archived.
func yearlyOf(r *due.Row) *yearly {
	if r == nil || r.Contact.Front().Status == note.Archived {
		return nil
	}
	front := r.Contact.Front()
	if front.Birthday.IsZero() && len(front.Dates) == 0 {
		return nil
	}
	y := &yearly{slug: r.Contact.Slug, name: strings.Clone(r.Contact.Name), status: front.Status}
	if !front.Birthday.IsZero() {
		y.dates = append(y.dates, note.YearlyDate{Date: front.Birthday})
	}
	for _, d := range front.Dates {
		if !d.Date.IsZero() {
			y.dates = append(y.dates, note.YearlyDate{Label: strings.Clone(d.Label), Date: d.Date})
		}
	}
	return y
}

// next returns what there is of a contact now; y itself if it says the same.
func (y *yearly) next(r *due.Row) *yearly {
	now := yearlyOf(r)
	if y != nil && now != nil && y.slug == now.slug && y.name == now.name && y.status == now.status && slices.Equal(y.dates, now.dates) {
		return y
	}
	return now
}

// within says whether one of the dates comes round in some days from today on.
func (y *yearly) within(today civil.Date, days int) bool {
	return slices.ContainsFunc(y.dates, func(d note.YearlyDate) bool {
		day, _, _ := d.Date.Next(today)
		return day.Sub(today) <= days
	})
}

// in says whether one of the dates is in a month.
func (y *yearly) in(month time.Month) bool {
	return slices.ContainsFunc(y.dates, func(d note.YearlyDate) bool { return time.Month(d.Date.Month) == month })
}

// appendMonthsOf appends the months that somebody has a date in, each once.
func appendMonthsOf(months []time.Month, y *yearly) []time.Month {
	for _, d := range y.dates {
		if m := time.Month(d.Date.Month); !slices.Contains(months, m) {
			months = append(months, m)
		}
	}
	return months
}

const datesPath = "dates.html"

func (s *Site) datesPages() []File {
	return []File{
		{Path: datesPath, Inputs: datesPage{s.frame, s.yearly}},
		{Path: calendarPath, Inputs: calendarFile{s.frame, s.yearly, s.events}},
	}
}

// datesPage lists the birthdays and yearly dates of the twelve months to come.
type datesPage struct {
	*frame
	yearly *index[time.Month, *yearly]
}

type datesModel struct {
	Page     Page
	Months   []PeopleGroup // from today on; what is past of this month comes last
	Letters  []Anchor      // to the months, in short
	Calendar string        // where the calendar is
}

// A day that comes round.
type anniversary struct {
	*yearly
	label string
	date  civil.Yearly
	day   civil.Date // when it comes round next
	years int
	known bool
	key   string // by which names sort
}

func (p datesPage) Render(b []byte) ([]byte, error) {
	var all []anniversary
	for month, l := range p.yearly.lists {
		for _, y := range l.members {
			key := note.Fold(y.name)
			for _, d := range y.dates {
				if time.Month(d.Date.Month) != month {
					continue
				}
				a := anniversary{yearly: y, label: cmp.Or(d.Label, "birthday"), date: d.Date, key: key}
				a.day, a.years, a.known = d.Date.Next(p.today)
				all = append(all, a)
			}
		}
	}
	slices.SortFunc(all, func(a, b anniversary) int {
		return cmp.Or(a.day.Compare(b.day), strings.Compare(a.key, b.key), strings.Compare(a.slug, b.slug), strings.Compare(a.label, b.label))
	})
	m := datesModel{Page: p.page(datesPath, "Dates", inDates), Calendar: calendarPath}
	for _, a := range all {
		m.Months = grouped(m.Months, month(a.day), "month-"+a.day.String()[:7], p.person(a))
	}
	for _, g := range m.Months {
		name, year, _ := strings.Cut(g.Label, " ")
		m.Letters = append(m.Letters, Anchor{Href: "#" + g.Id, Label: name[:3], Note: year})
	}
	return p.theme.render(b, "dates", m)
}

// person says whose a date is, when it comes round, and what it is.
func (p datesPage) person(a anniversary) Person {
	v := Person{
		Attrs: template.HTMLAttr(`data-contact="` + esc(a.slug) + `"`), Who: Name{Href: address("", contactPath(a.slug)), Name: a.name},
		When: p.dated(a.day, a.day.Weekday().String()[:3]+" "+short(a.day)),
	}
	if a.day.Sub(p.today) < daysAhead {
		v.Away = p.seen(a.day) // on its own, so that it ages
	}
	line := a.label
	if _, _, day := a.day.YMD(); int(a.date.Day) != day {
		line += " on the 29th"
	}
	if a.known && a.years > 0 && a.status != note.Memorial {
		line += ", " + years(a.label, a.years)
	}
	if word := statusWords[a.status]; word != "" {
		line += " · " + word
	}
	v.Line = escHTML(line)
	return v
}
