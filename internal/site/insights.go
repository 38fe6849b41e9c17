package site

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"kith/internal/due"
	"kith/internal/note"
	"kith/internal/site/draw"
)

func (s *Site) insightsPages() []File {
	return []File{{Path: "insights.html", Inputs: insightsPage{s.frame, s.View, s.groups, s.circles}}}
}

// insightsPage looks back: what has been done, what was asked, who is out of
// sight.
type insightsPage struct {
	*frame
	view    *due.View
	groups  *groups
	members *index[string, *due.Row]
}

type insightsModel struct {
	Page        Page
	Touches     template.HTML // the picture: by month and direction
	TouchesSay  string        // the sentence that says what it shows; so with the others
	Load        template.HTML // demand against pace
	LoadSays    string
	Circles     []Person // the circles, by how many people are in touch
	CirclesSay  string
	Silences    []Person
	SilencesSay string
	Months      []MonthInNumbers // the first two pictures, newest first
}

// MonthInNumbers is a row of the table below the pictures.
type MonthInNumbers struct {
	Label   string
	Numbers []string // of talks, what you wrote, what they wrote; people asked for and reached, a week
}

const (
	monthsBack   = 24
	mostSilences = 12
	mostBars     = 40 // circles
)

func (p insightsPage) Render(b []byte) ([]byte, error) {
	m := insightsModel{Page: p.page("insights.html", "Insights", inInsights)}
	months := p.view.Months(monthsBack)
	if len(p.view.Rows) > 0 {
		m.Touches, m.TouchesSay = touchesPicture(months)
		m.Load, m.LoadSays = loadPicture(months)
		m.Months = inNumbers(months)
		m.Circles, m.CirclesSay = p.circleBars()
		m.Silences, m.SilencesSay = p.silenceBars()
	}
	return p.theme.render(b, "insights", m)
}

// picture puts a chart of months between the highest value in it and the months.
func (m *markup) picture(chart template.HTML, highest string, months []due.Month) {
	m.add(`<p class="scale">`, highest, "</p>", string(chart), `<p class="scale">`)
	for _, i := range []int{0, len(months) / 2, len(months) - 1} {
		m.add("<span>", month(months[i].First), "</span> ")
	}
	m.add("</p>\n")
}

// touchesPicture draws the touches of each month as a bar: what was mutual at the
// foot, then what came from you, then from them.
func touchesPicture(months []due.Month) (template.HTML, string) {
	most, all, busiest, theirs := 0, 0, 0, 0
	for i, month := range months {
		n := month.Touches()
		all += n
		theirs += month.Inbound
		if n > most {
			most, busiest = n, i
		}
	}
	if all == 0 {
		return "", "Nobody and you have been in touch in these two years, as far as the journal knows."
	}
	fromThem := counted(theirs, "of them a letter or message that came", "of them letters or messages that came")
	if theirs == 0 {
		fromThem = "none of them a letter or message that came"
	}
	say := "You were in touch " + times(all) + " in two years, " + fromThem + " to you. The liveliest month was " + month(months[busiest].First) + ", with " + thousands(most) + "."
	columns := make([]draw.Column, len(months))
	for i, month := range months {
		columns[i] = draw.Column{Title: monthTitle(month), Parts: [...]int{month.Mutual, month.Outbound, month.Inbound}}
	}
	var m markup
	m.picture(draw.Columns(say+" The months are in numbers below.", columns, most), thousands(most), months)
	m.add(`<p class="scale">`)
	for part, text := range []string{"you talked", "you wrote", "they wrote"} {
		m.add("<span>", string(draw.ColumnKey(part)), " ", text, "</span> ")
	}
	m.add("</p>\n")
	return m.html(), say
}

// monthTitle says a month's touches.
func monthTitle(m due.Month) string {
	return month(m.First) + ": " + counted(m.Mutual, "talk", "talks") + ", " + thousands(m.Outbound) + " from you, " + thousands(m.Inbound) + " from them"
}

// loadPicture draws demand and pace as of the end of each month.
func loadPicture(months []due.Month) (template.HTML, string) {
	most := 0.0
	for _, m := range months {
		most = max(most, m.Demand, m.Pace)
	}
	say := loadSentence(months)
	if most == 0 {
		return "", say
	}
	demand, pace := make([]float64, len(months)), make([]float64, len(months))
	for i, month := range months {
		demand[i], pace[i] = month.Demand, month.Pace
	}
	var m markup
	m.picture(draw.Lines(say+" The months are in numbers below.", demand, pace, most), aWeek(most)+" a week", months)
	m.add(`<p class="scale">`)
	for line, text := range []string{"what your rhythms ask", "what you do"} {
		m.add("<span>", string(draw.LineKey(line)), " ", text, "</span> ")
	}
	m.add("</p>\n")
	return m.html(), say
}

// aWeek writes how many people a day as people a week.
func aWeek(perDay float64) string {
	return strconv.FormatFloat(math.Round(perDay*7*10)/10, 'f', -1, 64)
}

// peopleAWeek says so in words.
func peopleAWeek(perDay float64) string {
	if n := aWeek(perDay); n != "1" {
		return n + " people a week"
	}
	return "1 person a week"
}

// loadSentence says what the picture of demand and pace shows.
func loadSentence(months []due.Month) string {
	now, before := months[len(months)-1], months[len(months)-13]
	asked, done := aWeek(now.Demand), aWeek(now.Pace)
	if now.Demand == 0 {
		return "Nobody has a rhythm yet, so nothing is asked; in the last 90 days you were in touch with " + peopleAWeek(now.Pace) + "."
	}
	say := "Your rhythms ask for " + peopleAWeek(now.Demand) + ", and in the last 90 days you were in touch with " + done
	switch {
	case asked == done:
		say += ": just so many."
	case now.Pace > now.Demand:
		say += ": there is room for somebody new."
	default:
		say += ". Longer rhythms for some would ask less."
	}
	if was := aWeek(before.Pace); was == done {
		say += " A year ago it was as many."
	} else {
		say += " A year ago it was " + was + "."
	}
	return say
}

// inNumbers are the numbers of each month, newest first.
func inNumbers(months []due.Month) []MonthInNumbers {
	var rows []MonthInNumbers
	for _, m := range slices.Backward(months) {
		rows = append(rows, MonthInNumbers{month(m.First), []string{thousands(m.Mutual), thousands(m.Outbound), thousands(m.Inbound), aWeek(m.Demand), aWeek(m.Pace)}})
	}
	return rows
}

// circleBars shows how many of each circle are in touch within their cadence.
func (p insightsPage) circleBars() (bars []Person, say string) {
	type line struct {
		group group
		due.Rhythm
	}
	var lines []line
	kept := 0
	for _, g := range p.groups.list {
		if h := due.RhythmOf(p.members.members(g.slug)); h.Tracked > 0 {
			lines = append(lines, line{g, h})
			if h.Kept() {
				kept++
			}
		}
	}
	if len(lines) == 0 {
		return nil, "No circle has a rhythm yet."
	}
	say = "In " + thousands(kept) + " of your " + counted(len(lines), "circle", "circles") + " you are in touch with everybody within their rhythm."
	switch {
	case len(lines) == 1 && kept == 1:
		say = "You are in touch with everybody in your circle within their rhythm."
	case kept == len(lines):
		say = "You are in touch with everybody within their rhythm, in all of your " + thousands(kept) + " circles."
	case kept == 0:
		say = "In each of your circles there is somebody to get back to."
	}
	// Those first in which the most are out of sight.
	slices.SortStableFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.Within*b.Tracked, b.Within*a.Tracked), strings.Compare(note.Fold(a.group.name), note.Fold(b.group.name)))
	})
	for _, l := range lines[:min(len(lines), mostBars)] {
		bars = append(bars, Person{
			Who:  Name{Href: address("", circlePath(l.group.slug)), Name: l.group.name},
			When: When{Words: thousands(l.Within) + " of " + thousands(l.Tracked)}, Bar: draw.Meter(l.Within, l.Tracked),
		})
	}
	return bars, say
}

// silenceBars shows who has been out of sight for longest.
func (p insightsPage) silenceBars() (bars []Person, say string) {
	rows := p.view.Silences(mostSilences)
	if len(rows) == 0 {
		return nil, "Nobody has been out of sight for a month."
	}
	longest := p.today.Sub(rows[0].Last)
	say = "It has been quiet with " + rows[0].Contact.Name + " for longest: " + due.Span(longest) + ". A line is enough to end a silence."
	for _, r := range rows {
		days := p.today.Sub(r.Last)
		bars = append(bars, Person{
			Attrs: attrs(r, false), Who: called(r.Contact, ""),
			When: When{r.Last.String(), due.Span(days), inWords(r.Last)}, Bar: draw.Meter(days, longest),
		})
	}
	return bars, say
}
