package note

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// ReadTOML reads the TOML document in a file: its keys and values, with their
// places, or the problem that it cannot be read.
func ReadTOML(file, text string) ([]Field, *Problem) {
	var fields []Field
	err := tooLong(text, 1)
	if err == nil {
		fields, err = readTOML(text, 1)
	}
	if err != nil {
		return nil, &Problem{
			File: file, Line: int(err.pos.Line), Column: int(err.pos.Column), Severity: Error, Code: "bad-toml",
			Message: err.message, Hint: err.hint, Source: newLines(text).line(err.pos.Line),
		}
	}
	return fields, nil
}

// readTOML reads TOML whose first line is the given line of its file.
func readTOML(text string, firstLine int32) ([]Field, *syntaxError) {
	t := tomlReader{lines: newLines(text), firstLine: firstLine, tables: map[string]bool{}}
	t.parser.Reset([]byte(text))
	root := Value{Shape: Mapping}
	table := &root
	for t.parser.NextExpression() {
		n := t.parser.Expression()
		var err *syntaxError
		switch n.Kind {
		case unstable.KeyValue:
			err = t.set(table, n)
		case unstable.Table, unstable.ArrayTable:
			table, err = t.open(&root, n.Key(), n.Kind == unstable.ArrayTable)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := t.parser.Error(); err != nil {
		e := &syntaxError{Pos{firstLine, 1}, "not TOML: " + err.Error(), `each line is: key = "value"`}
		if pe := new(unstable.ParserError); errors.As(err, &pe) {
			e.message = "not TOML: " + pe.Message
			e.pos = t.place(pe.Highlight)
		}
		return nil, e
	}
	return root.Fields, nil
}

type tomlReader struct {
	parser    unstable.Parser
	lines     lines
	firstLine int32
	tables    map[string]bool // those begun so far, their keys joined by NUL
}

// place returns the place of a part of the parser's input.
func (t *tomlReader) place(part []byte) Pos {
	if cap(part) == 0 {
		return Pos{t.firstLine, 1}
	}
	return t.at(int(t.parser.Range(part).Offset))
}

func (t *tomlReader) at(offset int) Pos {
	offset = min(offset, len(t.lines.text))
	for offset > 0 && offset < len(t.lines.text) && !utf8.RuneStart(t.lines.text[offset]) {
		offset-- // the library may point into a letter
	}
	p := t.lines.pos(offset)
	p.Line += t.firstLine - 1
	return p
}

func (t *tomlReader) value(n *unstable.Node) Value {
	v := Value{Shape: Scalar, Text: string(n.Data)}
	switch n.Kind {
	case unstable.Array:
		v = Value{Shape: List}
		for it := n.Children(); it.Next(); {
			v.Items = append(v.Items, t.value(it.Node()))
		}
		return v
	case unstable.InlineTable:
		v = Value{Shape: Mapping}
		for it := n.Children(); it.Next(); {
			// That a key is both a value and a table is left to who reads the mapping.
			_ = t.set(&v, it.Node())
		}
		return v
	case unstable.String:
		v.Quoted = true
	}
	if n.Raw.Length > 0 {
		v.Pos = t.at(int(n.Raw.Offset))
	} else {
		v.Pos = t.place(n.Data)
	}
	return v
}

// set puts the value of a key, which may be dotted, into a mapping.
func (t *tomlReader) set(m *Value, kv *unstable.Node) *syntaxError {
	parts, pos, end := t.key(kv.Key())
	v := t.value(kv.Value())
	if v.Pos == (Pos{}) { // the library tells where a list or table is only by what is in it
		rest := t.lines.text[end:]
		at := strings.IndexByte(rest, '=') + 1
		v.Pos = t.at(end + at + leadingSpace(rest[at:]))
	}
	v.place()
	for _, p := range parts[:len(parts)-1] {
		var err *syntaxError
		if m, err = child(m, p, pos); err != nil {
			return err
		}
	}
	m.Fields = append(m.Fields, Field{parts[len(parts)-1], pos, v})
	return nil
}

// place gives the lists and tables in a list, of which the library does not tell
// where they are, the place of the list.
func (v *Value) place() {
	for i := range v.Items {
		if v.Items[i].Pos == (Pos{}) {
			v.Items[i].Pos = v.Pos
		}
		v.Items[i].place()
	}
}

// open returns the mapping that a [table] or [[table]] header begins.
func (t *tomlReader) open(m *Value, key unstable.Iterator, array bool) (*Value, *syntaxError) {
	parts, pos, _ := t.key(key)
	if path := strings.Join(parts, "\x00"); !array {
		if t.tables[path] {
			return nil, &syntaxError{pos, "not TOML: the table " + strings.Join(parts, ".") + " stands twice", "put its lines into the first one"}
		}
		t.tables[path] = true
	}
	for i, p := range parts {
		if array && i == len(parts)-1 {
			f := Lookup(m.Fields, p)
			if f == nil {
				m.Fields = append(m.Fields, Field{p, pos, Value{Shape: List, Pos: pos}})
				f = &m.Fields[len(m.Fields)-1]
			}
			f.Value.Items = append(f.Value.Items, Value{Shape: Mapping, Pos: pos})
			return &f.Value.Items[len(f.Value.Items)-1], nil
		}
		var err *syntaxError
		if m, err = child(m, p, pos); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// key returns the parts of a key, its place, and the offset where it ends.
func (t *tomlReader) key(it unstable.Iterator) (parts []string, pos Pos, end int) {
	for it.Next() {
		n := it.Node()
		at, length := int(n.Raw.Offset), int(n.Raw.Length)
		if length == 0 {
			at, length = int(t.parser.Range(n.Data).Offset), len(n.Data)
		}
		if len(parts) == 0 {
			pos = t.at(at)
		}
		end = min(at+length, len(t.lines.text))
		parts = append(parts, string(n.Data))
	}
	return parts, pos, end
}

func child(m *Value, key string, pos Pos) (*Value, *syntaxError) {
	f := Lookup(m.Fields, key)
	if f == nil {
		m.Fields = append(m.Fields, Field{key, pos, Value{Shape: Mapping, Pos: pos}})
		return &m.Fields[len(m.Fields)-1].Value, nil
	}
	v := &f.Value
	if v.Shape == List && len(v.Items) > 0 {
		v = &v.Items[len(v.Items)-1]
	}
	if v.Shape != Mapping {
		return nil, &syntaxError{pos, "not TOML: " + strings.TrimSpace(key) + " is both a value and a table", "rename one of them"}
	}
	return v, nil
}
