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

// Spell writes a value so that a reader of the format takes it for that value. quotes
// are those that a text is to stand in where they do, ' or ", 0 for none; flow says that
// the value stands between brackets.
func (f Format) Spell(v Value, quotes byte, flow bool) string {
	switch v.Shape {
	case Null:
		return map[Format]string{YAML: "~", TOML: `""`, JSON: "null"}[f]
	case Scalar:
		return f.spellText(v.Text, quotes, flow)
	case List:
		var items []string
		for _, it := range v.Items {
			items = append(items, f.Spell(it, 0, true))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	var fields []string
	for _, field := range v.Fields {
		fields = append(fields, f.SpellField(field.Key, field.Value, true))
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// SpellField writes a key and its value.
func (f Format) SpellField(key string, v Value, flow bool) string {
	sign := ": "
	if f == TOML {
		sign = " = "
	}
	return f.SpellKey(key) + sign + f.Spell(v, 0, flow)
}

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// SpellKey writes a key.
func (f Format) SpellKey(key string) string {
	switch {
	case f == JSON:
		return jsonText(key)
	case f == TOML && bareKey.MatchString(key):
		return key
	case f == TOML:
		return jsonText(key)
	}
	return f.spellText(key, 0, true)
}

func (f Format) spellText(text string, quotes byte, flow bool) string {
	_, notDate := civil.Parse(text)
	switch {
	case f == JSON:
		return jsonText(text)
	case f == TOML && quotes == 0 && notDate == nil:
		return text
	case f == TOML && quotes == '\'' && !strings.Contains(text, "'") && printable(text):
		return "'" + text + "'"
	case f == TOML:
		return jsonText(text)
	case quotes == '\'' && printable(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case quotes != '\'' && quotes != '"' && (notDate == nil || isPlain(text, flow)):
		return text
	case strings.ContainsAny(text, `"\`) && !strings.Contains(text, "'") && printable(text) && quotes != '"':
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
	if !strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && !wordRune(r) }) {
		return true // words alone, as most are: the library need not be asked
	}
	var n yaml.Node
	if yaml.Load([]byte(text), &n) != nil || len(n.Content) != 1 {
		return false
	}
	return n.Content[0].Kind == yaml.ScalarNode && n.Content[0].ShortTag() == "!!str" && n.Content[0].Value == text
}
