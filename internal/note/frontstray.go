package note

import (
	"fmt"
	"slices"
	"strings"
)

// strayFront warns of front matter in the wrong place, which is read as text: a second
// block further down, one that is indented or below a line of something else, and keys
// without fences (FORMAT.md, "Frontmatter").
func (n *Note) strayFront() {
	body := n.Body()
	if n.Broken || n.Kind == Journal || n.fence != "" && !strings.Contains(body, "---") && !strings.Contains(body, "+++") && !strings.Contains(body, ";;;") {
		return
	}
	line := n.places().pos(n.body).Line
	first := true
	var code codeBlock
	for rest := body; rest != ""; line++ {
		text, after, _ := strings.Cut(rest, "\n")
		rest = after
		trimmed := strings.TrimSpace(text)
		if code.holds(text) || trimmed == "" {
			continue
		}
		if first && n.fence == "" {
			if key, ok := n.keyOf(trimmed); ok {
				n.stray(line, key, "stands without a fence, so it is read as text", "put a line with --- above the keys and one below them")
				return
			}
		}
		if f, ok := fenceOf(strings.TrimRight(strings.TrimLeft(text, " "), " \t")); ok && f.open != "{" && (first || len(text)-len(strings.TrimLeft(text, " ")) < 4) {
			if inside, key := n.strayBlock(f, rest, line+1); key != "" {
				why, hint := "stands in a second block of front matter, so it is read as text", "put these keys into the front matter at the beginning of the file"
				if n.fence == "" {
					why, hint = "stands in front matter that does not begin the file, so it is read as text", "make the block begin with its first line, at the left margin"
				}
				n.stray(line, key, why, hint)
				rest = rest[len(inside):]
				line += int32(strings.Count(inside, "\n"))
			}
		}
		first = false
	}
}

func (n *Note) stray(line int32, key, why, hint string) {
	n.problem(Pos{line, 1}, Warning, "stray-front-matter", fmt.Sprintf("the key %s %s", key, why), hint)
}

// strayBlock returns the text up to the line that closes a block of front matter, and
// the first known key in there; no key if there is no such line, or what is between is
// no front matter.
func (n *Note) strayBlock(f fence, text string, firstLine int32) (inside, key string) {
	end := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == f.close {
			inside = text[:end]
			break
		}
		if end += len(line); end > maxFront {
			return "", ""
		}
	}
	if !strings.ContainsAny(inside, ":=") {
		return "", ""
	}
	fields, err := f.format.read(inside, firstLine)
	if err != nil {
		return "", ""
	}
	for _, field := range fields {
		if n.knows(field.Key) {
			return inside, field.Key
		}
	}
	return "", ""
}

// keyOf returns the key that a line of text begins with, if it is a known one.
func (n *Note) keyOf(line string) (string, bool) {
	key, value, found := strings.Cut(line, ":")
	return key, found && (value == "" || value[0] == ' ') && n.knows(key)
}

// knows says whether a key means something in a note of this kind.
func (n *Note) knows(key string) bool {
	if n.Kind == Circle {
		return strings.EqualFold(key, "name") || strings.EqualFold(key, "every")
	}
	return slices.Contains(keys, strings.ToLower(key))
}
