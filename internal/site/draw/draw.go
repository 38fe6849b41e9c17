// Package draw makes the drawings of pages: SVG, made when the site is, that needs no
// script. It knows numbers and texts, and nothing of a journal.
//
// A drawing has a text that says the same, for those who cannot see it. It is in the
// colour of what it stands in, in shades of one hue, but for classes that the style
// sheet colours.
package draw

import (
	"html/template"
	"math"
	"strconv"
	"strings"
)

// shades are attributes: of nothing, and of more and more.
var shades = [...]string{`class="l0"`, `opacity=".28"`, `opacity=".52"`, `opacity=".76"`, `opacity="1"`}

// svg is a drawing in the making.
type svg struct{ strings.Builder }

func (m *svg) add(parts ...string) {
	for _, p := range parts {
		m.WriteString(p)
	}
}

func (m *svg) html() template.HTML { return template.HTML(m.String()) }

func escape(text string) string { return template.HTMLEscapeString(text) }

// bar adds a rectangle.
func (m *svg) bar(shade string, x int, y float64, width int, height float64) {
	w := strconv.Itoa(width)
	m.add("<path ", shade, ` d="M`, strconv.Itoa(x), " ", decimal(y), "h", w, "v", decimal(height), "h-", w, `z"/>`)
}

// decimal writes a number with a decimal at most.
func decimal(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
