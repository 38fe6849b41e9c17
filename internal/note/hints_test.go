package note_test

import (
	"strings"
	"testing"

	"kith/internal/note"
)

// TestHintsForLines does what the hint of a problem with a line says, for many lines, and
// reads the line again: the problem is gone, no other came, and it is what was meant.
func TestHintsForLines(t *testing.T) {
	t.Parallel()
	tails := []string{"", " call: the plan", ": coffee", " - email from her: hi", ", 9:30 she wrote: hi", " got: a book", " and what she said"}
	type line struct{ text, stays string } // what stays of the text before what the hint shows
	var lines []line
	for _, bullet := range []string{"- ", "* ", "+ ", "1. ", "## ", "-", "– ", "• "} {
		for _, day := range []string{"14.11.2026", "25/11/2026", "Nov 14 2026", "March 3, 2026", "14 November 2026", "14th of Nov 2026", "2026-1-25", "2026 Nov 14", "2026-11-14"} {
			for _, tail := range tails {
				lines = append(lines, line{bullet + day + tail, ""})
			}
		}
	}
	for _, header := range []string{"cofee: x", "> emial: x", "calll with [[Ada]]: x", "dinnr gave: x", "< lettre #boats: x", "video cal: x", "> cofee"} {
		for _, date := range []string{"- 2026-11-02 ", "* 2026/11/02 9:30 - ", "## 2026-11-02 "} {
			lines = append(lines, line{date + header, date})
		}
	}
	for _, box := range []string{"[] x", "[ ]x", "[?]x", "[x]y", "[  ] z"} {
		for _, bullet := range []string{"- ", "* ", "1. "} {
			lines = append(lines, line{bullet + box, bullet})
		}
	}
	followed := map[string]int{}
	parser := note.NewParser(note.Kinds{})
	for _, l := range lines {
		before := parser.Parse("content/contacts/ada.md", note.Contact, []byte(l.text+"\n"))
		if len(before.Problems) != 1 {
			continue // it is read as it is, or as prose
		}
		p := before.Problems[0]
		shown, ok := strings.CutPrefix(p.Hint, "write ")
		if !ok || strings.HasPrefix(shown, "the day as") {
			continue
		}
		after := parser.Parse("content/contacts/ada.md", note.Contact, []byte(l.stays+shown+"\n"))
		for _, q := range after.Problems {
			t.Errorf("%s\n  %s\n  hint: %s\n  leaves %s", l.text, p.Message, p.Hint, q.Message)
		}
		if len(after.Entries)+len(after.Tasks) != 1 {
			t.Errorf("%s\n  hint: %s\n  is neither an entry nor a task", l.text, p.Hint)
		}
		followed[p.Code]++
	}
	for _, code := range []string{"near-date", "near-box", "unknown-word"} {
		if followed[code] < 10 {
			t.Errorf("followed %d hints of %s, want many", followed[code], code)
		}
	}
}
