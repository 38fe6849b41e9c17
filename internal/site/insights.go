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
	Circles     template.HTML // items
	CirclesSay  string
	Silences    template.HTML // items
	SilencesSay string
	Months      template.HTML // rows of a table: the numbers of the first two pictures
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
		m.Months = monthRows(months)
		m.Circles, m.CirclesSay = p.circleBars()
		m.Silences, m.SilencesSay = p.silenceBars()
	}
	return p.theme.render(b, "insights", m)
}

// The pictures are drawn in units that the page stretches to the room there is;
// what is written beside them is no part of them, so that it is of one size.
const (
	chartHeight = 100
	barWidth    = 10
)

// chart begins a picture of months, the highest value of which is written at its
// side, and end ends it.
func (m *markup) chart(alternative, highest string) {
	m.add(`<p class="scale">`, highest, `</p><svg class="chart tint" viewBox="0 0 `, strconv.Itoa(monthsBack*barWidth), " ", strconv.Itoa(chartHeight),
		`" preserveAspectRatio="none" fill="currentColor" role="img" aria-label="`, esc(alternative), "\">\n")
}

func (m *markup) endChart(months []due.Month) {
	m.add("</svg>\n<p class=\"scale\">")
	for _, i := range []int{0, len(months) / 2, len(months) - 1} {
		m.add("<span>", month(months[i].First), "</span> ")
	}
	m.add("</p>\n")
}

// directionShades are those of what is mutual, from you and from them: of one hue.
var directionShades = [...]string{shades[4], shades[2], shades[1]}

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
	say := counted(all, "touch", "touches") + " in two years, " + fromThem + " to you. The liveliest month was " + month(months[busiest].First) + ", with " + thousands(most) + "."
	var m markup
	m.chart(say+" The months are in numbers below.", thousands(most))
	for i, month := range months {
		foot := 0
		m.add("<g><title>", monthTitle(month), "</title>")
		for part, n := range []int{month.Mutual, month.Outbound, month.Inbound} {
			if n == 0 {
				continue
			}
			from, to := barHeight(foot, most), barHeight(foot+n, most)
			m.bar(directionShades[part], i*barWidth+1, chartHeight-to, barWidth-2, to-from)
			foot += n
		}
		m.add("</g>\n")
	}
	m.endChart(months)
	m.add(`<p class="scale">`)
	for part, text := range []string{"you talked", "you wrote", "they wrote"} {
		m.add(`<span><svg class="tint" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true">`)
		m.bar(directionShades[part], 0, 0, 10, 10)
		m.add("</svg> ", text, "</span> ")
	}
	m.add("</p>\n")
	return m.html(), say
}

func barHeight(n, most int) float64 { return chartHeight * float64(n) / float64(most) }

// monthTitle says a month's touches.
func monthTitle(m due.Month) string {
	return month(m.First) + ": " + counted(m.Mutual, "talk", "talks") + ", " + thousands(m.Outbound) + " from you, " + thousands(m.Inbound) + " from them"
}

// bar adds a rectangle to a picture.
func (m *markup) bar(shade string, x int, y float64, width int, height float64) {
	w := strconv.Itoa(width)
	m.add("<path ", shade, ` d="M`, strconv.Itoa(x), " ", decimal(y), "h", w, "v", decimal(height), "h-", w, `z"/>`)
}

// decimal writes a number with a decimal at most.
func decimal(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

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
	var m, demand, pace markup
	at := func(line *markup, i int, value float64) {
		command := "L"
		if i == 0 {
			command = "M"
		}
		line.add(command, strconv.Itoa(i*barWidth+barWidth/2), " ", decimal(chartHeight-(chartHeight-2)*value/most))
	}
	for i, month := range months {
		at(&demand, i, month.Demand)
		at(&pace, i, month.Pace)
	}
	m.chart(say+" The months are in numbers below.", aWeek(most)+" a week")
	m.line(`stroke-dasharray="5 4"`, string(demand))
	m.line("", string(pace))
	m.endChart(months)
	m.add(`<p class="scale">`)
	for _, line := range [][2]string{{`stroke-dasharray="5 4"`, "what your rhythms ask"}, {"", "what you do"}} {
		m.add(`<span><svg class="tint" viewBox="0 0 24 10" aria-hidden="true">`)
		m.line(line[0], "M0 5h24")
		m.add("</svg> ", line[1], "</span> ")
	}
	m.add("</p>\n")
	return m.html(), say
}

// line adds a line to a picture.
func (m *markup) line(dashes, path string) {
	m.add(`<path fill="none" stroke="currentColor" stroke-width="1.8" vector-effect="non-scaling-stroke" `, dashes, ` d="`, path, "\"/>\n")
}

// aWeek writes how many people a day as people a week.
func aWeek(perDay float64) string { return decimal(perDay * 7) }

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

// monthRows are the numbers of each month, newest first.
func monthRows(months []due.Month) template.HTML {
	var m markup
	for _, row := range slices.Backward(months) {
		m.add(`<tr><th scope="row">`, month(row.First), "</th>")
		for _, cell := range []string{thousands(row.Mutual), thousands(row.Outbound), thousands(row.Inbound), aWeek(row.Demand), aWeek(row.Pace)} {
			m.add("<td>", cell, "</td>")
		}
		m.add("</tr>\n")
	}
	return m.html()
}

// meter draws a part of a whole as a bar; the text beside it says the same.
func (m *markup) meter(part, whole int) {
	m.add(`<svg class="meter tint" viewBox="0 0 100 1" preserveAspectRatio="none" fill="currentColor" aria-hidden="true">`)
	m.bar(shades[0], 0, 0, 100, 1)
	m.add("<path ", shades[2], ` d="M0 0h`, decimal(100*float64(part)/float64(max(whole, 1))), `v1H0z"/></svg>`)
}

// circleBars shows how many of each circle are in touch within their cadence.
func (p insightsPage) circleBars() (template.HTML, string) {
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
		return "", "No circle has a rhythm yet."
	}
	say := "In " + thousands(kept) + " of your " + counted(len(lines), "circle", "circles") + " you are in touch with everybody within their rhythm."
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
	var m markup
	for _, l := range lines[:min(len(lines), mostBars)] {
		m.add("<li>")
		m.link("name", "", circlePath(l.group.slug), l.group.name)
		m.add(` <span class="when">`, thousands(l.Within), " of ", thousands(l.Tracked), "</span> ")
		m.meter(l.Within, l.Tracked)
		m.add("</li>\n")
	}
	return m.html(), say
}

// silenceBars shows who has been out of sight for longest.
func (p insightsPage) silenceBars() (template.HTML, string) {
	rows := p.view.Silences(mostSilences)
	if len(rows) == 0 {
		return "", "Nobody has been out of sight for a month."
	}
	longest := p.today.Sub(rows[0].Last)
	say := "It has been quiet with " + rows[0].Contact.Name + " for longest: " + due.Span(longest) + ". A line is enough to end a silence."
	var m markup
	for _, r := range rows {
		days := p.today.Sub(r.Last)
		m.add("<li")
		m.contact(r, false)
		m.add(">")
		m.linkTo("name", "", r.Contact.Slug, r.Contact.Name)
		m.add(` <span class="when">`, string(timeHTML(r.Last, due.Span(days), inWords(r.Last))), "</span> ")
		m.meter(days, longest)
		m.add("</li>\n")
	}
	return m.html(), say
}
