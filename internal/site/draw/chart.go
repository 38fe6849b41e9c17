package draw

import (
	"html/template"
	"strconv"
)

// Charts are drawn in units that the page stretches to the room there is; what is
// written beside them is no part of them, so that it is of one size.
const (
	chartHeight = 100
	barWidth    = 10
)

// chart begins a chart of so many columns.
func (m *svg) chart(alternative string, columns int) {
	m.add(`<svg class="chart tint" viewBox="0 0 `, strconv.Itoa(columns*barWidth), " ", strconv.Itoa(chartHeight),
		`" preserveAspectRatio="none" fill="currentColor" role="img" aria-label="`, escape(alternative), "\">\n")
}

// A Column is a bar that is made of three parts, one on the other.
type Column struct {
	Title string
	Parts [3]int
}

// partShades are those of the parts of a column: of one hue.
var partShades = [...]string{shades[4], shades[2], shades[1]}

// Columns draws bars beside one another. One that is as high as most is as high as
// the drawing.
func Columns(alternative string, columns []Column, most int) template.HTML {
	height := func(n int) float64 { return chartHeight * float64(n) / float64(most) }
	var m svg
	m.chart(alternative, len(columns))
	for i, c := range columns {
		foot := 0
		m.add("<g><title>", escape(c.Title), "</title>")
		for part, n := range c.Parts {
			if n == 0 {
				continue
			}
			from, to := height(foot), height(foot+n)
			m.bar(partShades[part], i*barWidth+1, chartHeight-to, barWidth-2, to-from)
			foot += n
		}
		m.add("</g>\n")
	}
	m.add("</svg>\n")
	return m.html()
}

// ColumnKey draws a square as a part of a column is drawn.
func ColumnKey(part int) template.HTML {
	var m svg
	m.add(`<svg class="tint" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true">`)
	m.bar(partShades[part], 0, 0, 10, 10)
	m.add("</svg>")
	return m.html()
}

// Lines draws two lines of as many values, the first one dashed. A value of most is
// at the top.
func Lines(alternative string, dashed, solid []float64, most float64) template.HTML {
	var m svg
	m.chart(alternative, len(dashed))
	for i, values := range [][]float64{dashed, solid} {
		var path svg
		command := "M"
		for i, value := range values {
			path.add(command, strconv.Itoa(i*barWidth+barWidth/2), " ", decimal(chartHeight-(chartHeight-2)*value/most))
			command = "L"
		}
		m.line(i, path.String())
	}
	m.add("</svg>\n")
	return m.html()
}

// LineKey draws a piece of the first or the second of two lines.
func LineKey(line int) template.HTML {
	var m svg
	m.add(`<svg class="tint" viewBox="0 0 24 10" aria-hidden="true">`)
	m.line(line, "M0 5h24")
	m.add("</svg>")
	return m.html()
}

func (m *svg) line(i int, path string) {
	dashes := [...]string{`stroke-dasharray="5 4"`, ""}[i]
	m.add(`<path fill="none" stroke="currentColor" stroke-width="1.8" vector-effect="non-scaling-stroke" `, dashes, ` d="`, path, "\"/>\n")
}

// Meter draws a part of a whole as a bar; the text beside it is to say the same.
func Meter(part, whole int) template.HTML {
	var m svg
	m.add(`<svg class="meter tint" viewBox="0 0 100 1" preserveAspectRatio="none" fill="currentColor" aria-hidden="true">`)
	m.bar(shades[0], 0, 0, 100, 1)
	m.add("<path ", shades[2], ` d="M0 0h`, decimal(100*float64(part)/float64(max(whole, 1))), `v1H0z"/></svg>`)
	return m.html()
}
