package note

import "strings"

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

// Unwiki reads what YAML takes for a list in a list, and a person meant as a
// [[link]], as the text it was meant to be (FORMAT.md, "Frontmatter").
func (v Value) Unwiki() Value {
	if v.Shape != List || len(v.Items) != 1 || v.Items[0].Shape != List || len(v.Items[0].Items) == 0 {
		return v
	}
	var words []string
	for _, it := range v.Items[0].Items {
		if it.Shape != Scalar {
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
