package exchange

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"kith/internal/civil"
	"kith/internal/note"
)

// Version is that of kith's own JSON, which WriteJSON writes and which is read again
// (kith help json).
const Version = 1

type document struct {
	Kith     int           `json:"kith"`
	People   []jsonPerson  `json:"people"`
	News     []jsonEntry   `json:"news,omitempty"`
	Problems []jsonProblem `json:"problems,omitempty"`
}

type jsonPerson struct {
	Slug    string      `json:"slug,omitempty"`
	Name    string      `json:"name"`
	Front   jsonFields  `json:"front,omitempty"`
	Text    string      `json:"text,omitempty"`
	Tasks   []string    `json:"tasks,omitempty"`
	Entries []jsonEntry `json:"entries,omitempty"`
	Photo   *jsonPhoto  `json:"photo,omitempty"`
	Guest   bool        `json:"guest,omitempty"`
}

type jsonPhoto struct {
	Ext  string `json:"ext"`
	Data []byte `json:"data"`
}

type jsonEntry struct {
	Date      string   `json:"date"`
	Time      string   `json:"time,omitempty"`
	Kind      string   `json:"kind,omitempty"`
	Direction string   `json:"direction,omitempty"`
	Marks     []string `json:"marks,omitempty"`
	With      []string `json:"with,omitempty"`
	Mentions  []string `json:"mentions,omitempty"`
	Text      string   `json:"text,omitempty"`
}

type jsonProblem struct {
	File    string `json:"file,omitempty"`
	Row     int    `json:"row,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

// jsonFields are front matter as an object, in its order.
type jsonFields []note.Field

func (f jsonFields) MarshalJSON() ([]byte, error) {
	return []byte(note.JSON.Spell(note.Value{Shape: note.Mapping, Fields: f}, 0, true)), nil
}

func (f *jsonFields) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := jsonValue(d)
	if err == nil && v.Shape != note.Mapping {
		err = errors.New("front is an object")
	}
	*f = v.Fields
	return err
}

func jsonValue(d *json.Decoder) (note.Value, error) {
	t, err := d.Token()
	if err != nil {
		return note.Value{}, err
	}
	switch t := t.(type) {
	case json.Delim:
		v := note.Value{Shape: note.List}
		if t == '{' {
			v.Shape = note.Mapping
		}
		for d.More() {
			key := ""
			if t == '{' {
				k, err := d.Token()
				if err != nil {
					return v, err
				}
				key, _ = k.(string)
			}
			item, err := jsonValue(d)
			if err != nil {
				return v, err
			}
			if t == '{' {
				v.Fields = append(v.Fields, note.Field{Key: key, Value: item})
			} else {
				v.Items = append(v.Items, item)
			}
		}
		_, err := d.Token()
		return v, err
	case nil:
		return note.Value{}, nil
	case string:
		return note.TextValue(t), nil
	}
	return note.TextValue(fmt.Sprint(t)), nil
}

// WriteJSON writes a batch as kith's own JSON.
func WriteJSON(w io.Writer, b *Batch) error {
	doc := document{Kith: Version, People: []jsonPerson{}}
	for _, p := range b.People {
		j := jsonPerson{Slug: p.Slug, Name: p.Name, Front: p.Fields, Text: p.Text, Tasks: p.Tasks, Entries: jsonEntries(p.Entries), Guest: p.Guest}
		if p.Photo.Data != nil {
			j.Photo = &jsonPhoto{p.Photo.Ext, p.Photo.Data}
		}
		doc.People = append(doc.People, j)
	}
	doc.News = jsonEntries(b.News)
	for _, p := range b.Problems {
		doc.Problems = append(doc.Problems, jsonProblem{p.File, p.Row, p.Column, p.Message})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

func (p *Person) key() string { return cmp.Or(p.Slug, p.Name) }

func jsonEntries(entries []Entry) []jsonEntry {
	var list []jsonEntry
	for _, e := range entries {
		j := jsonEntry{Date: e.Date.String(), Time: e.Time, Kind: e.Kind, Marks: e.Marks, Text: e.Text}
		if e.Direction != note.NoContact {
			j.Direction = e.Direction.String()
		}
		for _, p := range e.With {
			j.With = append(j.With, p.key())
		}
		for _, p := range e.Mentions {
			j.Mentions = append(j.Mentions, p.key())
		}
		list = append(list, j)
	}
	return list
}

// readJSON reads kith's own JSON.
func readJSON(b *Batch, file string, data []byte) error {
	var doc document
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	if doc.Kith != Version {
		return fmt.Errorf("it is of version %d, and this kith reads version %d", doc.Kith, Version)
	}
	people := make([]*Person, len(doc.People))
	for i, j := range doc.People {
		name := clean(j.Name)
		if note.Slug(name) == "" {
			b.problem(Place{File: file}, "person %d has no name", i+1)
			continue
		}
		p := &Person{Slug: note.Slug(j.Slug), Name: name, Text: noteText(j.Text), Guest: j.Guest, Place: Place{File: file}, Row: name}
		for _, f := range j.Front {
			if strings.ToLower(f.Key) != "name" && f.Value.Shape != note.Null {
				p.put(f.Key, f.Value)
			}
		}
		for _, task := range j.Tasks {
			p.Tasks = append(p.Tasks, clean(task))
		}
		if j.Photo != nil {
			p.Photo = Photo{j.Photo.Data, note.Slug(j.Photo.Ext)}
		}
		people[i] = p
		b.People = append(b.People, p)
		b.know(p.Slug, p)
		b.know(note.Fold(name), p)
	}
	for i, j := range doc.People {
		if people[i] != nil {
			people[i].Entries = b.entriesOf(file, j.Entries)
		}
	}
	b.News = append(b.News, b.entriesOf(file, doc.News)...)
	for _, p := range doc.Problems {
		b.problem(Place{cmp.Or(p.File, file), p.Row, p.Column}, "%s", clean(p.Message))
	}
	return nil
}

func (b *Batch) entriesOf(file string, list []jsonEntry) []Entry {
	var entries []Entry
	for _, j := range list {
		d, err := civil.Parse(j.Date)
		if err != nil {
			b.problem(Place{File: file}, "an entry's date is %q: %v", j.Date, err)
			continue
		}
		e := Entry{Date: d, Time: clock(j.Time), Kind: strings.ToLower(clean(j.Kind)), Text: clean(j.Text)}
		for _, dir := range []note.Direction{note.Inbound, note.Outbound, note.Mutual} {
			if j.Direction == dir.String() {
				e.Direction = dir
			}
		}
		for _, mark := range j.Marks {
			e.Marks = append(e.Marks, clean(mark))
		}
		for _, name := range j.With {
			e.With = append(e.With, b.named(name))
		}
		for _, name := range j.Mentions {
			e.Mentions = append(e.Mentions, b.named(name))
		}
		entries = append(entries, e)
	}
	return entries
}

// named is somebody of the same file by slug or name, or else a guest.
func (b *Batch) named(name string) *Person {
	if p := b.byKey[name]; p != nil {
		return p
	}
	p, isNew := b.person(note.Fold(name), clean(name))
	p.Guest = p.Guest || isNew
	return p
}
