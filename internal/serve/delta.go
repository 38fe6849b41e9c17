package serve

import (
	"bytes"
	"hash/maphash"
	"slices"
	"sync"
)

// How little of a long page is sent again: nearly all of it is rows of people, and
// after a save all but a few are what they were. Of the long pages sent last the
// server keeps hashes of their rows. An open page says which it has (If-None-Match)
// and that it can do without the rows of it (A-IM), as RFC 3229 has it; then each
// run of rows it has is one that only names them, and live.js leaves them as they
// are. Whoever is unknown gets the whole page.

// rowsLeftOut is what RFC 3229 calls an instance manipulation.
const rowsLeftOut = "kith-rows"

// A row is a line of a page that is all of an item about one person.
type row struct {
	from, to int // in the page, without the end of the line
	name     []byte
	hash     uint64 // of the line and the list it is in
}

// rowsOf returns the rows of a page about people it names once: such a row is known
// by the name, wherever in the page it is.
func rowsOf(page []byte, seed maphash.Seed) []row {
	var (
		mark, begin, end = []byte(` data-contact="`), []byte("\n<li"), []byte("</li>")
		named            = map[string]int{}
		rows             []row
		list             byte // counts them; that it starts again at 256 does no harm
	)
	for at := 0; ; {
		next := bytes.Index(page[at:], mark)
		if next < 0 {
			break
		}
		from := at + next - len(begin)
		at += next + len(mark)
		name, _, _ := bytes.Cut(page[at:], []byte(`"`))
		named[string(name)]++
		if from < 0 || !bytes.HasPrefix(page[from:], begin) {
			continue
		}
		from++
		line, _, _ := bytes.Cut(page[from:], []byte("\n"))
		if !bytes.HasSuffix(line, end) || bytes.Count(line, begin[1:]) != 1 || bytes.ContainsAny(name, " \t\n") {
			continue
		}
		if len(rows) == 0 || rows[len(rows)-1].to+1 != from {
			list++
		}
		var h maphash.Hash
		h.SetSeed(seed)
		_ = h.WriteByte(list)
		_, _ = h.Write(line)
		rows = append(rows, row{from, from + len(line), name, h.Sum64()})
	}
	return slices.DeleteFunc(rows, func(r row) bool { return named[string(r.name)] > 1 })
}

// without returns a page without the rows that are in had, which is sorted.
func without(page []byte, rows []row, had []uint64) []byte {
	const begin, end = `<li data-same="`, `"></li>`
	short := make([]byte, 0, len(page)/4)
	done := 0 // of page
	for _, r := range rows {
		if _, ok := slices.BinarySearch(had, r.hash); !ok {
			continue
		}
		if done > 0 && r.from == done+1 {
			short = append(short[:len(short)-len(end)], ' ')
		} else {
			short = append(short, page[done:r.from]...)
			short = append(short, begin...)
		}
		short = append(short, r.name...)
		short = append(short, end...)
		done = r.to
	}
	return append(short, page[done:]...)
}

// delta returns a long page, which has a tag, without the rows that the browser has
// that has the page of another tag; false if that is not known any more.
func (s *Server) delta(page []byte, tag, has string) ([]byte, bool) {
	const long = 16 << 10 // others are sent and parsed in no time
	if len(page) < long {
		return nil, false
	}
	had, some := s.sent.rows(has)
	_, known := s.sent.rows(tag)
	if known && !some {
		return nil, false
	}
	rows := rowsOf(page, s.seed)
	if !known {
		s.sent.add(tag, rows)
	}
	if !some {
		return nil, false
	}
	return without(page, rows, had), true
}

// sent is what is kept of the long pages sent last. There are as many as somebody
// may have open and look at.
type sent struct {
	mu    sync.Mutex
	pages []sentPage // newest first
}

type sentPage struct {
	tag  string
	rows []uint64 // the hashes of its rows, sorted
}

// rows returns the hashes of the rows of the page with a tag, if they are known.
func (s *sent) rows(tag string) ([]uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.pages {
		if p.tag == tag {
			return p.rows, true
		}
	}
	return nil, false
}

func (s *sent) add(tag string, rows []row) {
	const enough = 8
	hashes := make([]uint64, len(rows))
	for i, r := range rows {
		hashes[i] = r.hash
	}
	slices.Sort(hashes)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages = slices.Insert(s.pages, 0, sentPage{tag, hashes})
	s.pages = s.pages[:min(len(s.pages), enough)]
}
