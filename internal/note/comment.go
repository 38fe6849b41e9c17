package note

import "strings"

// withoutComments returns the text of a body in which nothing stands where it has
// comments, <!-- --> and %% %%: nothing in there counts, and none of it is shown
// (FORMAT.md, "Nothing that was written goes unseen"). All else stays at its offset.
func withoutComments(body string) string {
	if !strings.Contains(body, "<!--") && !strings.Contains(body, "%%") {
		return body
	}
	c := comments{body: body, text: []byte(body), open: map[string]bool{}}
	var code codeBlock
	for at := 0; at < len(body); {
		line := firstLine(body[at:])
		end := at + len(line)
		if code.holds(strings.TrimSuffix(line, "\n")) {
			at = end
			continue
		}
		for at < end {
			switch size := c.size(at); {
			case size > 0:
				c.blank(at, at+size)
				at += size
				end = at + len(firstLine(body[at:]))
			case body[at] == '\\':
				at += 2
			case body[at] == '`':
				at += codeSpanLen(body[at:end])
			default:
				at++
			}
		}
		at = end
	}
	return string(c.text)
}

type comments struct {
	body string
	text []byte          // the body without those found so far
	open map[string]bool // signs that nothing closes from here on
}

// size returns the length of the comment that begins at an offset, or 0.
func (c *comments) size(at int) int {
	for _, sign := range [...][2]string{{"<!--", "-->"}, {"%%", "%%"}} {
		if c.body[at] != sign[0][0] || !strings.HasPrefix(c.body[at:], sign[0]) || c.open[sign[0]] {
			continue
		}
		n := strings.Index(c.body[at+2:], sign[1]) // <!--> is one, too
		c.open[sign[0]] = n < 0
		if n > 0 {
			return 2 + n + len(sign[1])
		}
	}
	return 0
}

// codeSpanLen returns the length of the code that a line begins with, or of the signs
// that begin none.
func codeSpanLen(line string) int {
	signs := len(line) - len(strings.TrimLeft(line, "`"))
	if n := strings.Index(line[signs:], line[:signs]); n >= 0 {
		return signs + n + signs
	}
	return signs
}

// blank puts tabs in place of a comment: two spaces at the end of a line would break
// it. In front of a text, which tabs would make a block of code, it puts a comment that
// goldmark knows.
func (c *comments) blank(start, end int) {
	for i := start; i < end; i++ {
		if c.text[i] != '\n' {
			c.text[i] = '\t'
		}
	}
	from := max(start, strings.LastIndexByte(c.body[:end], '\n')+1)
	before := string(c.text[strings.LastIndexByte(c.body[:from], '\n')+1 : from])
	switch {
	case !leads(before) || strings.TrimSpace(firstLine(c.body[end:])) == "":
	case end-from >= len("<!-->"):
		copy(c.text[from:], "<!--")
		copy(c.text[end-len("-->"):], "-->")
	default: // the last signs of a comment of several lines
		copy(c.text[from:end], "    ")
	}
}

// leads says whether a line has no more than signs of quotes and lists so far.
func leads(line string) bool {
	line = strings.TrimLeft(line, " \t>*+-0123456789")
	return line == "" || line == ". " || line == ") "
}
