package exchange

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"kith/internal/note"
)

// HeardFile is where a journal keeps what imports have said, relative to it. Its name
// begins with a dot, so it is none of the notes.
const HeardFile = "content/.imported"

// Heard are the facts that sources have said so far. A fact that was heard has been
// dealt with: if it is not in the note any more, a person changed or removed it, and it
// stays so.
type Heard map[Fact]bool

// A Fact is a short hash of what a source says of somebody.
type Fact [8]byte

// ReadHeard reads the file; what is no hash in it, as what git leaves where two
// changed it, is let be.
func ReadHeard(data []byte) Heard {
	h := Heard{}
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		var f Fact
		if len(line) != hex.EncodedLen(len(f)) {
			continue
		}
		if _, err := hex.Decode(f[:], line); err == nil {
			h[f] = true
		}
	}
	return h
}

// Bytes is the file, in an order in which two versions of it merge.
func (h Heard) Bytes() []byte {
	var out []byte
	for _, f := range slices.SortedFunc(maps.Keys(h), func(a, b Fact) int { return bytes.Compare(a[:], b[:]) }) {
		out = append(hex.AppendEncode(out, f[:]), '\n')
	}
	return out
}

// fact is what a source says of somebody under a key.
func (p *Person) fact(key, value string) Fact {
	sum := sha256.Sum256([]byte(p.identity() + "\x00" + key + "\x00" + value))
	return Fact(sum[:len(Fact{})])
}

// facts are what a source says of somebody in a field.
func (p *Person) facts(f note.Field) []Fact {
	var facts []Fact
	switch {
	case isList(f):
		for _, item := range texts(f) {
			facts = append(facts, p.fact(f.Key, note.Fold(item)))
		}
	case f.Value.Shape == note.Mapping:
		for _, in := range f.Value.Fields {
			facts = append(facts, p.fact(f.Key+"."+in.Key, in.Value.Text))
		}
	default:
		facts = append(facts, p.fact(f.Key, f.Value.Text))
	}
	return facts
}

// identity is by what a source knows somebody at each import.
func (p *Person) identity() string {
	for _, key := range []string{"ids", "email", "phone"} {
		if list := p.List(key); len(list) > 0 {
			return note.Fold(list[0])
		}
	}
	return cmp.Or(p.Slug, note.Fold(p.Name))
}
