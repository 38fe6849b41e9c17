package revise

import (
	"fmt"
	"regexp"
	"strings"

	"kith/internal/note"
)

// AddLetter adds an entry of several lines: a dated heading, of the entry's line from
// the date on, and below it a text as a quotation, of which no line can be taken for an
// entry, a task or a heading. It goes among the file's dated headings, or to its end.
func AddLetter(p *note.Parser, path string, kind note.Kind, src []byte, entry, text string) (Change, error) {
	return edit(p, path, kind, src, func(e *editor) (Change, error) { return e.addLetter(entry, text) })
}

// addLetter makes the edit of [AddLetter].
func (e *editor) addLetter(line, text string) (Change, error) {
	w, err := e.newEntry(line)
	if err != nil {
		return Change{}, err
	}
	b := e.body()
	heading := func(level int) chunk {
		lines := strings.Repeat("#", level) + " " + w.text + "\n\n" + quotation(text)
		return chunk{lines: lines, alone: lines, there: 1}
	}
	var headings []slot
	for i, en := range b.note.Entries {
		if en.Heading {
			headings = append(headings, slot{b.entries[i], en.Date, en.Time})
		}
	}
	var attempts []attempt
	if len(headings) > 0 {
		attempts = b.amongHeadings(headings, w, heading)
	}
	attempts = append(attempts, b.block(len(e.text), heading(2)))
	last := e.note.Pos(b.trimmed(len(e.text))).Line
	return e.try("add the letter", fmt.Sprintf("add it by hand, below a heading: ## %s", w.text), int(last), attempts...)
}

var (
	// meansSomething is what would be more than text in a quotation: a comment, a link,
	// a tag, a box.
	meansSomething = regexp.MustCompile(`<!--|%%|\[\[|\[[ xX?]?\]|#`)
	// beginsBlock is what would begin, or underline, something other than a paragraph.
	beginsBlock = regexp.MustCompile("^(=+$|-+$|```|~~~)")
)

// quotation returns a text as a quotation that says nothing in the language of notes.
func quotation(text string) string {
	var lines []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line = strings.TrimSpace(line)
		line = meansSomething.ReplaceAllStringFunc(line, func(sign string) string {
			escaped := ""
			for i := range len(sign) {
				if sign[i] == ' ' || sign[i] == '-' || wordByte(sign[i]) {
					escaped += sign[i : i+1]
				} else {
					escaped += `\` + sign[i:i+1]
				}
			}
			return escaped
		})
		if beginsBlock.MatchString(line) {
			line = `\` + line
		}
		lines = append(lines, strings.TrimRight("> "+line, " "))
	}
	return strings.Join(lines, "\n")
}

func wordByte(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
