package note

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"kith/internal/civil"
)

// A syntax is one of the languages that front matter is written in.
type syntax uint8

const (
	inYAML syntax = iota
	inTOML
	inJSON
)

// syntaxOf returns the language of the front matter that a fence begins.
func syntaxOf(fence string) syntax {
	switch fence {
	case "+++", "---toml":
		return inTOML
	case ";;;", "---json", "{":
		return inJSON
	}
	return inYAML
}

// A style is how a value is written.
type style uint8

const (
	nothing style = iota
	plain
	single   // in single quotes
	double   // in double quotes
	lines3   // on several lines: a block scalar, a text in three quotes
	brackets // a list in brackets
	braces   // a mapping in brackets
	dashes   // a list with a line for each item
	mapping  // a mapping with a line for each key
)

// inLines says whether a value has lines below its key.
func (s style) inLines() bool { return s == dashes || s == mapping }

// spell writes a value as one of the given style, where that fits; flow says that
// it stands between brackets.
func (in syntax) spell(v Value, like style, flow bool) string {
	switch v.Shape {
	case Null:
		return map[syntax]string{inYAML: "~", inTOML: `""`, inJSON: "null"}[in]
	case Scalar:
		return in.spellText(v.Text, like, flow)
	case List:
		var items []string
		for _, it := range v.Items {
			items = append(items, in.spell(it, plain, true))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	var fields []string
	for _, field := range v.Fields {
		fields = append(fields, in.spellField(field.Key, field.Value, true))
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// spellField writes a key and its value.
func (in syntax) spellField(key string, v Value, flow bool) string {
	sign := ": "
	if in == inTOML {
		sign = " = "
	}
	return in.spellKey(key) + sign + in.spell(v, plain, flow)
}

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (in syntax) spellKey(key string) string {
	switch {
	case in == inJSON:
		return jsonText(key)
	case in == inTOML && bareKey.MatchString(key):
		return key
	case in == inTOML:
		return jsonText(key)
	}
	return in.spellText(key, plain, true)
}

func (in syntax) spellText(text string, like style, flow bool) string {
	_, notDate := civil.Parse(text)
	switch {
	case in == inJSON:
		return jsonText(text)
	case in == inTOML && like == plain && notDate == nil:
		return text
	case in == inTOML && like == single && !strings.Contains(text, "'") && printable(text):
		return "'" + text + "'"
	case in == inTOML:
		return jsonText(text)
	case like == single && printable(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case like != single && like != double && (notDate == nil || isPlain(text, flow)):
		return text
	case strings.ContainsAny(text, `"\`) && !strings.Contains(text, "'") && printable(text) && like != double:
		return "'" + text + "'"
	}
	return strconv.Quote(text)
}

func jsonText(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a text and a buffer do not fail
	return strings.TrimSuffix(b.String(), "\n")
}

func printable(text string) bool {
	return plainRunes(text) && !strings.Contains(text, "\t")
}

// notText are the words, in lower case, and numberLike the numbers that one or
// another reader of YAML takes for something other than a text.
var (
	notText    = strings.Fields("true false yes no on off y n null ~")
	numberLike = regexp.MustCompile(`^[-+]?(0[xXoObB][0-9a-fA-F_]+|[0-9.][0-9_,.:]*([eE][-+]?[0-9]+)?|\.(inf|Inf|INF|nan|NaN|NAN)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?)$`)
)

// isPlain says whether every reader of YAML takes a text without quotes for that
// text.
func isPlain(text string, flow bool) bool {
	if text == "" || text != strings.TrimSpace(text) || !printable(text) || slices.Contains(notText, strings.ToLower(text)) || numberLike.MatchString(text) {
		return false
	}
	if strings.Contains(text, ": ") || strings.Contains(text, " #") || strings.HasSuffix(text, ":") {
		return false
	}
	if flow && strings.ContainsAny(text, ",[]{}:") {
		return false
	}
	first, _ := utf8.DecodeRuneInString(text)
	if !wordRune(first) && first != '+' && first != '/' {
		return false
	}
	var n yaml.Node
	if yaml.Load([]byte(text), &n) != nil || len(n.Content) != 1 {
		return false
	}
	return n.Content[0].Kind == yaml.ScalarNode && n.Content[0].ShortTag() == "!!str" && n.Content[0].Value == text
}
