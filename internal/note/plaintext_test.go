package note

import (
	"testing"

	"pgregory.net/rapid"
)

// A line is the same text whether goldmark had to read it or not.
func TestPlainTextTheShortWay(t *testing.T) {
	parser := NewParser(Kinds{})
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringOfN(rapid.RuneFrom([]rune("ab w.:/!?@&;<>()[]#*_`~-+0123 \\é\"'")), 0, 20, -1).Draw(t, "line")
		if got, want := parser.PlainText(line), parser.readText(line); got != want {
			t.Errorf("%q is %q, and by goldmark %q", line, got, want)
		}
	})
}
