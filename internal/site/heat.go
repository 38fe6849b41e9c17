package site

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/civil"
	"kith/internal/site/draw"
)

// heatMap draws the touches of each day of a year: a square for each day, a
// column for each week. It is two drawings of half a year each, which stand
// beside each other where there is room. It is empty if there was no touch.
func (f *frame) heatMap(year int, months [12]*numbers) template.HTML {
	counts := f.touchesOf(year, months)
	if slices.Max(counts) == 0 {
		return ""
	}
	var m markup
	m.add("<figure class=\"heat\">\n<div>\n", string(f.halfYear(year, 1, counts)), string(f.halfYear(year, 7, counts)),
		"</div>\n<figcaption class=\"scale\"><span>", heatSentence(year, counts), "</span> <span>Fewer ", string(draw.Shades()), " more</span></figcaption>\n</figure>\n")
	return m.html()
}

// halfYear draws the six months from one on.
func (f *frame) halfYear(year, from int, counts []int) template.HTML {
	first := civil.In(year, from, 1)
	days := make([]draw.Day, civil.In(year, from+5, 31).Sub(first)+1)
	var said []string
	inMonth := 0
	for i := range days {
		d := first.AddDays(i)
		_, month, day := d.YMD()
		n := counts[d.Sub(civil.In(year, 1, 1))]
		if inMonth += n; n > 0 {
			days[i] = draw.Day{Count: n, Title: counted(n, "touch", "touches") + " on " + strconv.Itoa(day) + " " + time.Month(month).String()}
		}
		if _, _, next := d.AddDays(1).YMD(); next == 1 {
			said = append(said, time.Month(month).String()+" "+thousands(inMonth))
			inMonth = 0
		}
	}
	return draw.HalfYear("Touches in "+strconv.Itoa(year)+": "+strings.Join(said, ", "), first, days, slices.Max(counts), f.weekStarts)
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
	return "In touch " + times(all) + " on " + counted(days, "day", "days") + in + time.Month(most+1).String() + "."
}
