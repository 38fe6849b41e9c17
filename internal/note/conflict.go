package note

import "strings"

// ConflictMarkers is the code of the problem that git left a conflict in a file. Nothing
// is written to such a file (FORMAT.md, "What git left").
const ConflictMarkers = "conflict-markers"

// conflict returns the first line of a conflict that git left, outside of code; 0 if
// there is none.
func (n *Note) conflict() int32 {
	markers := [...]string{"<<<<<<< ", "=======", ">>>>>>> "}
	if !strings.Contains(n.Source, markers[0]) || !strings.Contains(n.Source, markers[2]) {
		return 0
	}
	var first, line int32
	next := 0 // of the markers
	var code codeBlock
	for text := range strings.Lines(n.Source) {
		line++
		switch {
		case code.holds(text):
		case strings.HasPrefix(text, markers[0]):
			first, next = line, 1
		case next > 0 && strings.HasPrefix(text, markers[next]):
			if next++; next == len(markers) {
				return first
			}
		}
	}
	return 0
}

// A codeBlock is the fenced block of code that the lines of a text are in, if they are.
type codeBlock struct{ fence string }

// holds says whether the next line is one of a block, its fences among them.
func (c *codeBlock) holds(line string) bool {
	mark := codeFence(line)
	switch {
	case mark == "":
		return c.fence != ""
	case c.fence == "":
		c.fence = mark
	case strings.HasPrefix(mark, c.fence):
		c.fence = ""
	}
	return true
}

// codeFence returns the signs with which a line begins or ends a block of code, or "".
func codeFence(line string) string {
	text := strings.TrimLeft(line, " ")
	if len(line)-len(text) > 3 || !strings.HasPrefix(text, "```") && !strings.HasPrefix(text, "~~~") {
		return ""
	}
	return text[:len(text)-len(strings.TrimLeft(text, text[:1]))]
}
