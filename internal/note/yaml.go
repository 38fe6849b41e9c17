package note

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// readYAML reads a YAML mapping whose first line is the given line of its file.
func readYAML(text string, firstLine int32) ([]Field, *syntaxError) {
	if blankYAML(text) {
		return nil, nil
	}
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		return nil, yamlError(err, yamlPlaces{text, firstLine})
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	y := yamlReader{yamlPlaces: yamlPlaces{text, firstLine}, budget: maxValues}
	v, err := y.value(doc.Content[0])
	switch {
	case err != nil:
		return nil, err
	case v.Shape == Null:
		return nil, nil
	case v.Shape != Mapping:
		return nil, &syntaxError{v.Pos, "front matter is " + v.Shape.String() + ", not a map of keys and values", "write one `key: value` a line"}
	}
	return v.Fields, nil
}

// blankYAML says whether a text has only empty lines and comments, which the
// library takes for no document at all.
func blankYAML(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return false
		}
	}
	return true
}

// yamlPlaces are the places of a text of YAML in its file.
type yamlPlaces struct {
	text      string
	firstLine int32
}

// at returns the place of a line and column as the library counts them: it ends a
// line at a lone carriage return, U+0085, U+2028 and U+2029 too.
func (y yamlPlaces) at(line, column int) Pos {
	pos := Pos{int32(line) + y.firstLine - 1, int32(column)}
	if !strings.ContainsAny(y.text, "\r\u0085\u2028\u2029") {
		return pos
	}
	pos.Line = y.firstLine
	before := int32(0) // columns of the same line
	for _, r := range y.text {
		if line == 1 {
			break
		}
		switch r {
		case '\n':
			pos.Line++
			before = 0
			line--
		case '\r', '\u0085', '\u2028', '\u2029':
			before++
			line--
		default:
			before++
		}
	}
	pos.Column += before
	return pos
}

type yamlReader struct {
	yamlPlaces
	budget int // nodes that may still be read: aliases can multiply without end
}

func (y *yamlReader) pos(n *yaml.Node) Pos {
	return y.at(n.Line, n.Column)
}

func (y *yamlReader) value(n *yaml.Node) (Value, *syntaxError) {
	if y.budget--; y.budget < 0 {
		return Value{}, &syntaxError{y.pos(n), fmt.Sprintf("front matter has more than %d values", maxValues), "keep what is about this person"}
	}
	v := Value{Pos: y.pos(n)}
	switch n.Kind {
	case yaml.AliasNode:
		return y.value(n.Alias)
	case yaml.ScalarNode:
		v.Quoted = n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
		v.Text = n.Value
		// A text is taken as it is written, so somebody may be called Null.
		if v.Quoted || n.Value != "" && n.Value != "~" {
			v.Shape = Scalar
		}
	case yaml.SequenceNode:
		v.Shape = List
		for _, c := range n.Content {
			item, err := y.value(c)
			if err != nil {
				return v, err
			}
			v.Items = append(v.Items, item)
		}
	case yaml.MappingNode:
		v.Shape = Mapping
		var merged []Field
		for i := 0; i+1 < len(n.Content); i += 2 {
			value, err := y.value(n.Content[i+1])
			if err != nil {
				return v, err
			}
			key := n.Content[i]
			for key.Kind == yaml.AliasNode {
				key = key.Alias
			}
			switch {
			case key.Tag == "!!merge":
				merged = append(merged, mergedFields(value)...)
			case key.Kind != yaml.ScalarNode:
				return v, &syntaxError{y.pos(key), "a key of the front matter is not a text", "write one `key: value` a line; quote a value that begins with [ or {"}
			default:
				v.Fields = append(v.Fields, Field{key.Value, y.pos(key), value})
			}
		}
		for _, f := range merged { // what stands in the mapping itself is the stronger
			if Lookup(v.Fields, f.Key) == nil {
				v.Fields = append(v.Fields, f)
			}
		}
	}
	return v, nil
}

// mergedFields returns what YAML's << brings into a mapping.
func mergedFields(v Value) []Field {
	if v.Shape != List {
		return v.Fields
	}
	var all []Field
	for _, it := range v.Items {
		all = append(all, it.Fields...)
	}
	return all
}

// Lookup returns the first field of a key, in whatever case, or nil.
func Lookup(fields []Field, key string) *Field {
	for i := range fields {
		if strings.EqualFold(fields[i].Key, key) {
			return &fields[i]
		}
	}
	return nil
}

func yamlError(err error, in yamlPlaces) *syntaxError {
	e := &syntaxError{pos: Pos{in.firstLine, 1}, message: "front matter is not YAML: " + err.Error()}
	if load := new(yaml.LoadError); errors.As(err, &load) {
		mark := load.Mark
		if load.ContextMark.Line > 0 && strings.Contains(load.Message, "end of") { // a quote that is never closed
			mark = load.ContextMark
		}
		e.pos = in.at(mark.Line, max(mark.Column, 1))
		e.message = "front matter is not YAML: " + load.Message
		if load.ContextMsg != "" {
			e.message += " " + load.ContextMsg
		}
		switch {
		case strings.Contains(load.Message, "mapping values are not allowed"):
			e.hint = `put quotes around a value with a colon in it: note: "Paris: next spring"`
		case strings.Contains(load.Message, "tab"), strings.Contains(load.Message, "cannot start any token"):
			e.hint = "indent with spaces, and put quotes around a value that begins with a sign such as @, `, % or a tab"
		default:
			e.hint = `each line is "key: value"; put quotes around a value with : # [ { or & in it`
		}
	}
	return e
}
