package exchange

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"kith/internal/note"
)

// HeardFile is where a journal keeps what imports have said, relative to it. Its name
// begins with a dot, so it is none of the notes.
const HeardFile = "content/.imported"

// Heard are the facts that sources have said so far, each as a short hash. A fact that
// was heard has been dealt with: if it is not in the note any more, a person changed
// or removed it, and it stays so.
type Heard map[string]bool

// ReadHeard reads the file; what is no hash in it, as what git leaves where two
// changed it, is let be.
func ReadHeard(data []byte) Heard {
	h := Heard{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); len(line) == hashLength {
			h[line] = true
		}
	}
	return h
}

const hashLength = 16

// Bytes is the file, in an order in which two versions of it merge.
func (h Heard) Bytes() []byte {
	var out strings.Builder
	for _, fact := range slices.Sorted(maps.Keys(h)) {
		out.WriteString(fact + "\n")
	}
	return []byte(out.String())
}

// fact is what a source says of somebody under a key.
func (p *Person) fact(key, value string) string {
	sum := sha256.Sum256([]byte(p.identity() + "\x00" + key + "\x00" + value))
	return hex.EncodeToString(sum[:hashLength/2])
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
