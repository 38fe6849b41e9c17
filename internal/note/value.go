package note

import (
	"strings"
	"unicode/utf8"
)

// Value is what the readers of YAML, TOML and JSON make of a front matter or
// of kith.toml: texts as they are written, each with its place. It is all that
// the rest of the program knows of these formats.
type Value struct {
	Shape  Shape
	Text   string  // of a Scalar: its text, without quotes
	Quoted bool    // of a Scalar: it stands in quotes, so is a text whatever it looks like
	Items  []Value // of a List
	Fields []Field // of a Mapping, in the order of the file
	Pos    Pos
}

// Field is one key of a mapping, as it is written, and its value.
type Field struct {
	Key   string
	Pos   Pos
	Value Value
}

// maxValues is how many values a front matter may have.
const maxValues = 5000

// Shape is the form of a Value.
type Shape uint8

// The shapes a Value may have. Null is a key without a value.
const (
	Null Shape = iota
	Scalar
	List
	Mapping
)

func (s Shape) String() string {
	return [...]string{"nothing", "a text", "a list", "a map"}[s]
}

// syntaxError is a front matter that cannot be read at all.
type syntaxError struct {
	pos     Pos
	message string
	hint    string
}

func (e *syntaxError) Error() string { return e.message }

// nothing says whether a value is empty, or one of the words of YAML for that.
func (v Value) nothing() bool {
	switch v.Text {
	case "":
		return v.Shape == Scalar
	case "null", "Null", "NULL", "~":
		return !v.Quoted
	}
	return false
}

// empty says whether there is nothing in a value, or lists and maps of nothing.
func (v Value) empty() bool {
	texts, ok := v.texts()
	return ok && strings.Join(texts, "") == ""
}

// Unwiki reads what YAML takes for a list in a list, and a person meant as a
// [[link]], as the text it was meant to be (FORMAT.md, "Frontmatter").
func (v Value) Unwiki() Value {
	if v.Shape != List || len(v.Items) != 1 || v.Items[0].Shape != List || len(v.Items[0].Items) == 0 {
		return v
	}
	var words []string
	for _, it := range v.Items[0].Items {
		if it.Shape != Scalar && it.Text == "" {
			return v
		}
		words = append(words, it.Text)
	}
	return Value{Shape: Scalar, Text: "[[" + strings.Join(words, ", ") + "]]", Quoted: true, Pos: v.Pos}
}

// TextValue returns the value of a key that is one text.
func TextValue(text string) Value { return Value{Shape: Scalar, Text: text} }

// ListValue returns the value of a key that is a list of texts.
func ListValue(items ...string) Value {
	v := Value{Shape: List}
	for _, it := range items {
		v.Items = append(v.Items, TextValue(it))
	}
	return v
}

// mapValue returns the value of a key that is a map of one key.
func mapValue(key string, v Value) Value {
	return Value{Shape: Mapping, Fields: []Field{{Key: key, Value: v}}}
}

// brokenLink returns the [[link]] that YAML takes for a map in lists, since there is a
// colon in it.
func (v Value) brokenLink() (string, bool) {
	for range 2 {
		if v.Shape != List || len(v.Items) != 1 {
			return "", false
		}
		v = v.Items[0]
	}
	if v.Shape != Mapping || len(v.Fields) != 1 || v.Fields[0].Value.Shape != Scalar {
		return "", false
	}
	return "[[" + v.Fields[0].Key + ": " + v.Fields[0].Value.Text + "]]", true
}

// dropNulls makes a plain null, alone or in a list or map, the absence that it is
// (FORMAT.md, "Frontmatter").
func (v *Value) dropNulls() {
	switch {
	case v.Shape == Scalar && v.Text == "null" && !v.Quoted:
		v.Shape = Null
	case v.Shape == List:
		for i := range v.Items {
			v.Items[i].dropNulls()
		}
	case v.Shape == Mapping:
		for i := range v.Fields {
			v.Fields[i].Value.dropNulls()
		}
	}
}

// texts returns the texts in a value, however deep. It is false for one that has
// lists in lists or maps in maps, of which not all would be said.
func (v Value) texts() (texts []string, ok bool) {
	switch v = v.Unwiki(); v.Shape {
	case Scalar:
		return []string{strings.TrimSpace(v.Text)}, true
	case List:
		for _, it := range v.Items {
			inner, ok := it.texts()
			if !ok {
				return nil, false
			}
			texts = append(texts, inner...)
		}
	case Mapping:
		for _, f := range v.Fields {
			if f.Value.Shape != Scalar {
				return nil, false
			}
			texts = append(texts, strings.TrimSpace(f.Value.Text))
		}
	}
	return texts, true
}

// split divides a text into several, each at its place, which a comma or space may
// follow. What is no text stays one value.
func (v Value) split(divide func(string) []string) []Value {
	if v.Shape != Scalar {
		return []Value{v}
	}
	parts := divide(v.Text)
	if len(parts) == 1 {
		return []Value{v}
	}
	var values []Value
	column := v.Pos.Column
	if v.Quoted {
		column++
	}
	for _, part := range parts {
		if text := strings.Trim(part, ", \t\n"); text != "" {
			item := Value{Shape: Scalar, Text: text, Quoted: v.Quoted, Pos: v.Pos}
			if !strings.Contains(v.Text, "\n") {
				item.Pos.Column = column + int32(utf8.RuneCountInString(part[:leadingSpace(part)]))
			}
			values = append(values, item)
		}
		column += int32(utf8.RuneCountInString(part))
	}
	return values
}
