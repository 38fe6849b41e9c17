package note

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// readPlainYAML reads the YAML that most people write most of the time: keys at
// the start of a line, with a plain or quoted text, a [list] of these on the
// same line, or a list of these on lines of their own. ok is false for anything
// else, which is left to the YAML library; what is read here, is read as the
// library reads it (a fuzz test holds the two together). It exists because the
// library takes half the time of reading a journal.
//
// The fields are appended to room.
func readPlainYAML(text string, firstLine int32, room []Field) (fields []Field, ok bool) {
	r := plainYAML{line: firstLine - 1}
	fields = room
	var open *Field // a key without a value so far, whose list may follow
	for line := range strings.Lines(text) {
		r.line++
		line = strings.TrimRight(strings.TrimSuffix(line, "\n"), " ")
		body := strings.TrimLeft(line, " ")
		if body == "" || body[0] == '#' && plainRunes(body) {
			continue
		}
		indent := len(line) - len(body)
		if item, isItem := strings.CutPrefix(body, "- "); isItem {
			item = strings.TrimLeft(item, " ")
			if open == nil || open.Value.Shape == List && r.indent != indent {
				return nil, false
			}
			v, ok := r.scalar(line, len(line)-len(item), len(line), "")
			if !ok {
				return nil, false
			}
			if open.Value.Shape == Null {
				open.Value = Value{Shape: List, Pos: r.pos(line, indent)}
				r.indent = indent
			}
			open.Value.Items = append(open.Value.Items, v)
			continue
		}
		if indent > 0 {
			return nil, false
		}
		f, ok := r.field(line)
		if !ok {
			return nil, false
		}
		fields = append(fields, f)
		open = nil
		if f.Value.Shape == Null {
			open = &fields[len(fields)-1]
		}
	}
	return fields, true
}

type plainYAML struct {
	line   int32
	indent int // of the items of the open list
}

func (r *plainYAML) pos(line string, at int) Pos {
	return Pos{r.line, int32(utf8.RuneCountInString(line[:at])) + 1}
}

// field reads a line that is a key and a value.
func (r *plainYAML) field(line string) (f Field, ok bool) {
	colon := strings.IndexByte(line, ':')
	if colon < 1 || !plainKey(line[:colon]) || colon+1 < len(line) && line[colon+1] != ' ' {
		return f, false
	}
	start := colon + 1 + len(line[colon+1:]) - len(strings.TrimLeft(line[colon+1:], " "))
	f = Field{Key: line[:colon], Pos: Pos{r.line, 1}}
	switch {
	case start == len(line):
		f.Value.Pos = Pos{r.line, int32(colon) + 2}
		return f, true
	case line[start] == '[':
		f.Value, ok = r.list(line, start)
	default:
		f.Value, ok = r.scalar(line, start, len(line), "")
	}
	return f, ok
}

func plainKey(key string) bool {
	for i := range len(key) {
		c := key[i] | 0x20
		letter := c >= 'a' && c <= 'z' || key[i] == '_'
		if !letter && (i == 0 || !isDigit(key[i]) && key[i] != '-' && (key[i] != ' ' || i == len(key)-1)) {
			return false
		}
	}
	return true
}

// list reads a list of texts between brackets.
func (r *plainYAML) list(line string, start int) (v Value, ok bool) {
	if line[len(line)-1] != ']' {
		return v, false
	}
	v = Value{Shape: List, Pos: r.pos(line, start)}
	inside := line[start+1 : len(line)-1]
	if strings.TrimSpace(inside) == "" {
		return v, true
	}
	at := start + 1
	for item := range strings.SplitSeq(inside, ",") {
		from := at + len(item) - len(strings.TrimLeft(item, " "))
		to := at + len(strings.TrimRight(item, " "))
		if from >= to {
			return v, false
		}
		text, ok := r.scalar(line, from, to, ",[]{}")
		if !ok {
			return v, false
		}
		v.Items = append(v.Items, text)
		at += len(item) + 1
	}
	return v, true
}

// scalar reads the text in line[start:end], which may be quoted and has none of
// the bytes in not.
func (r *plainYAML) scalar(line string, start, end int, not string) (v Value, ok bool) {
	text := line[start:end]
	v = Value{Shape: Scalar, Text: text, Pos: r.pos(line, start)}
	if q := text[0]; q == '"' || q == '\'' {
		if len(text) < 2 || text[len(text)-1] != q {
			return v, false
		}
		v.Text, v.Quoted = text[1:len(text)-1], true
		return v, !strings.ContainsAny(v.Text, "\"'\\\t") && plainRunes(v.Text)
	}
	first, _ := utf8.DecodeRuneInString(text)
	if !unicode.IsLetter(first) && !isDigit(text[0]) && first != '+' && first != '/' {
		return v, false
	}
	if strings.Contains(text, ": ") || strings.Contains(text, " #") || text[len(text)-1] == ':' || not != "" && strings.ContainsAny(text, not+":") {
		return v, false
	}
	return v, plainRunes(text)
}

// plainRunes says whether YAML has nothing against the runes of a text: no
// control characters, and none of those it takes for line ends.
func plainRunes(text string) bool {
	for _, r := range text {
		printable := r >= ' ' && r < 0x7f || r >= 0xa0 && r != 0x2028 && r != 0x2029 && r != 0xfeff && r < 0xfff0 || r >= 0x10000
		if !printable || r == utf8.RuneError {
			return false
		}
	}
	return true
}
