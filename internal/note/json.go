package note

import (
	"encoding/json"
	"errors"
	"strings"
)

// readJSON reads a JSON object whose first line is the given line of its file.
func readJSON(text string, firstLine int32) ([]Field, *syntaxError) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	j := jsonReader{dec: json.NewDecoder(strings.NewReader(text)), lines: newLines(text), firstLine: firstLine}
	j.dec.UseNumber()
	v, err := j.value(0)
	if err != nil {
		return nil, j.fail(err)
	}
	if v.Shape != Mapping {
		return nil, &syntaxError{v.Pos, "front matter is " + v.Shape.String() + ", not an object of keys and values", `write { "key": "value" }`}
	}
	if after := j.next(); strings.TrimSpace(text[j.dec.InputOffset():]) != "" {
		return nil, &syntaxError{after, "front matter goes on after its JSON object", "keep one object between the fences"}
	}
	return v.Fields, nil
}

type jsonReader struct {
	dec       *json.Decoder
	lines     lines
	firstLine int32
}

var errDeep = errors.New("nested too deeply")

// next returns the place of the next token.
func (j *jsonReader) next() Pos {
	at := int(j.dec.InputOffset())
	rest := j.lines.text[at:]
	return j.at(at + len(rest) - len(strings.TrimLeft(rest, " \t\r\n,:")))
}

func (j *jsonReader) at(offset int) Pos {
	p := j.lines.pos(min(offset, len(j.lines.text)))
	p.Line += j.firstLine - 1
	return p
}

func (j *jsonReader) value(depth int) (Value, error) {
	if depth > 100 {
		return Value{}, errDeep
	}
	v := Value{Shape: Scalar, Pos: j.next()}
	tok, err := j.dec.Token()
	if err != nil {
		return v, err
	}
	switch tok := tok.(type) {
	case nil:
		v.Shape = Null
	case string:
		v.Text, v.Quoted = tok, true
	case json.Number:
		v.Text = tok.String()
	case bool:
		v.Text = map[bool]string{true: "true", false: "false"}[tok]
	case json.Delim:
		v.Shape = List
		if tok == '{' {
			v.Shape = Mapping
		}
		for j.dec.More() {
			f := Field{Pos: j.next()}
			if v.Shape == Mapping {
				key, err := j.dec.Token()
				if err != nil {
					return v, err
				}
				f.Key, _ = key.(string)
			}
			if f.Value, err = j.value(depth + 1); err != nil {
				return v, err
			}
			if v.Shape == Mapping {
				v.Fields = append(v.Fields, f)
			} else {
				v.Items = append(v.Items, f.Value)
			}
		}
		_, err = j.dec.Token() // the closing bracket
	}
	return v, err
}

// fail names the place of the next token: the offset of a json.SyntaxError is
// now that of the token before, now counted from it.
func (j *jsonReader) fail(err error) *syntaxError {
	return &syntaxError{j.next(), "front matter is not JSON: " + err.Error(), `write { "key": "value", … }, with double quotes and no comma after the last value`}
}
