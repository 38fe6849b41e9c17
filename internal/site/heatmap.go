package site

import (
	"html/template"
	"slices"
	"strconv"
	"time"

	"kith/internal/civil"
)

// The squares of a heat map, in the units of its drawing.
const (
	square     = 10
	pitch      = square + 2
	heatGutter = 16 // for the days of the week
	heatTop    = 14 // for the months
	heatWidth  = heatGutter + 28*pitch
	heatHeight = heatTop + 7*pitch - 2
)

// heatMap draws the touches of each day of a year: a square for each day, a
// column for each week. It is two drawings of half a year each, which stand
// beside each other where there is room. It is empty if there was no touch.
func (f *frame) heatMap(year int, months [12]*numbers) template.HTML {
	counts := f.touchesOf(year, months)
	most := slices.Max(counts)
	if most == 0 {
		return ""
	}
	var m markup
	m.add("<figure class=\"heat\">\n<div>\n")
	m.halfYear(year, 1, counts, most, f.weekStarts)
	m.halfYear(year, 7, counts, most, f.weekStarts)
	m.add("</div>\n<figcaption class=\"scale\"><span>", heatSentence(year, counts))
	m.add(`</span> <span>Fewer <svg class="tint" viewBox="0 0 58 10" fill="currentColor" aria-hidden="true">`)
	for level, shade := range shades {
		m.square(shade, level*pitch, 0)
		m.add("/>")
	}
	m.add("</svg> more</span></figcaption>\n</figure>\n")
	return m.html()
}

// touchesOf counts the touches of each day of a year, up to today.
func (f *frame) touchesOf(year int, months [12]*numbers) []int {
	first := civil.In(year, 1, 1)
	counts := make([]int, civil.In(year, 12, 31).Sub(first)+1)
	for i := range counts {
		day := first.AddDays(i)
		if _, m, d := day.YMD(); months[m-1] != nil && !day.After(f.today) {
			counts[i] = months[m-1].touches[d-1]
		}
	}
	return counts
}

// heatSentence says what a heat map shows.
func heatSentence(year int, counts []int) string {
	var months [12]int
	days, all := 0, 0
	for i, n := range counts {
		if n > 0 {
			days++
			all += n
			_, month, _ := civil.In(year, 1, 1).AddDays(i).YMD()
			months[month-1] += n
		}
	}
	most := 0
	for i, n := range months {
		if n > months[most] {
			most = i
		}
	}
	in := ", most in "
	if months[most] == all {
		in = " in "
	}
	return counted(all, "touch", "touches") + " on " + counted(days, "day", "days") + in + time.Month(most+1).String() + "."
}

// shades are those of a day without a touch, and of more and more: of one hue.
var shades = [...]string{`class="l0"`, `opacity=".28"`, `opacity=".52"`, `opacity=".76"`, `opacity="1"`}

// halfYear draws the six months from one on.
func (m *markup) halfYear(year, from int, counts []int, most int, weekStarts time.Weekday) {
	newYear, first := civil.In(year, 1, 1), civil.In(year, from, 1)
	last := civil.In(year, from+5, 31)
	const levels = len(shades) - 1
	top := max(most, levels)
	before := (int(first.Weekday()) - int(weekStarts) + 7) % 7 // days of the first week that are not shown
	place := func(d civil.Date) (x, y int) {
		n := d.Sub(first) + before
		return heatGutter + n/7*pitch, heatTop + n%7*pitch
	}
	var labels, said, empty, full markup
	for i := 0; i < 7; i += 2 {
		labels.label(heatGutter-4, heatTop+i*pitch+8, "end", ((weekStarts + time.Weekday(i)) % 7).String()[:1])
	}
	inMonth := 0
	for d := first; !d.After(last); d = d.AddDays(1) {
		x, y := place(d)
		_, month, day := d.YMD()
		if day == 1 {
			labels.label(x, heatTop-5, "start", time.Month(month).String()[:3])
			inMonth = 0
		}
		if d == first || y == heatTop { // a column begins, and goes on for so many days
			n := min(7-(y-heatTop)/pitch, last.Sub(d)+1)
			empty.add("M", strconv.Itoa(x+square/2), " ", strconv.Itoa(y), "v", strconv.Itoa(n*pitch-2))
		}
		if n := counts[d.Sub(newYear)]; n > 0 {
			inMonth += n
			full.square(shades[(n*levels+top-1)/top], x, y)
			full.add("><title>", counted(n, "touch", "touches"), " on ", strconv.Itoa(day), " ", time.Month(month).String(), "</title></path>\n")
		}
		if _, _, next := d.AddDays(1).YMD(); next == 1 {
			said.add(", ", time.Month(month).String(), " ", thousands(inMonth))
		}
	}
	m.add(`<svg class="tint" fill="currentColor" viewBox="0 0 `, strconv.Itoa(heatWidth), " ", strconv.Itoa(heatHeight), `" role="img" aria-label="Touches in `, strconv.Itoa(year), ":", string(said[1:]), "\">\n")
	m.add(string(labels), `<path class="l0" stroke="currentColor" stroke-width="10" stroke-dasharray="10 2" d="`, string(empty), "\"/>\n", string(full), "</svg>\n")
}

// label adds a text to a drawing, beside a place as text-anchor says.
func (m *markup) label(x, y int, anchor, text string) {
	m.add(`<text x="`, strconv.Itoa(x), `" y="`, strconv.Itoa(y), `" text-anchor="`, anchor, `">`, text, "</text>\n")
}

// square adds a square to a drawing, but for the end of its element.
func (m *markup) square(shade string, x, y int) {
	m.add("<path ", shade, ` d="M`, strconv.Itoa(x), " ", strconv.Itoa(y), `h10v10h-10z"`)
}
