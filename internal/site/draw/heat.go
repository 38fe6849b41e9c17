package draw

import (
	"html/template"
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

// A Day is a square of a heat map.
type Day struct {
	Count int
	Title string // what is said of it, if the count is not 0
}

// HalfYear draws the days of six months, from the first on, as squares: a column for
// each week, and darker the nearer a day's count is to the most there is.
func HalfYear(alternative string, first civil.Date, days []Day, most int, weekStarts time.Weekday) template.HTML {
	const levels = len(shades) - 1
	most = max(most, levels)
	before := (int(first.Weekday()) - int(weekStarts) + 7) % 7 // days of the first week that are not shown
	var labels, empty, full svg
	for i := 0; i < 7; i += 2 {
		labels.label(heatGutter-4, heatTop+i*pitch+8, "end", ((weekStarts + time.Weekday(i)) % 7).String()[:1])
	}
	for i, day := range days {
		x, y := heatGutter+(i+before)/7*pitch, heatTop+(i+before)%7*pitch
		if _, month, d := first.AddDays(i).YMD(); d == 1 {
			labels.label(x, heatTop-5, "start", time.Month(month).String()[:3])
		}
		if i == 0 || y == heatTop { // a column begins, and goes on for so many days
			n := min(7-(y-heatTop)/pitch, len(days)-i)
			empty.add("M", strconv.Itoa(x+square/2), " ", strconv.Itoa(y), "v", strconv.Itoa(n*pitch-2))
		}
		if day.Count > 0 {
			full.square(shades[(day.Count*levels+most-1)/most], x, y)
			full.add("><title>", escape(day.Title), "</title></path>\n")
		}
	}
	var m svg
	m.add(`<svg class="tint" fill="currentColor" viewBox="0 0 `, strconv.Itoa(heatWidth), " ", strconv.Itoa(heatHeight), `" role="img" aria-label="`, escape(alternative), "\">\n")
	m.add(labels.String(), `<path class="l0" stroke="currentColor" stroke-width="10" stroke-dasharray="10 2" d="`, empty.String(), "\"/>\n", full.String(), "</svg>\n")
	return m.html()
}

// Shades draws the squares of a heat map from the lightest to the darkest.
func Shades() template.HTML {
	var m svg
	m.add(`<svg class="tint" viewBox="0 0 58 10" fill="currentColor" aria-hidden="true">`)
	for level, shade := range shades {
		m.square(shade, level*pitch, 0)
		m.add("/>")
	}
	m.add("</svg>")
	return m.html()
}

// label adds a text beside a place, as text-anchor says.
func (m *svg) label(x, y int, anchor, text string) {
	m.add(`<text x="`, strconv.Itoa(x), `" y="`, strconv.Itoa(y), `" text-anchor="`, anchor, `">`, text, "</text>\n")
}

// square adds a square, but for the end of its element.
func (m *svg) square(shade string, x, y int) {
	m.add("<path ", shade, ` d="M`, strconv.Itoa(x), " ", strconv.Itoa(y), `h10v10h-10z"`)
}
