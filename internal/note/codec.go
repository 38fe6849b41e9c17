package note

import (
	"encoding/binary"
	"errors"
	"unsafe"

	"kith/internal/civil"
)

// Append appends a note to b in a form that [Decode] reads back much faster than
// its Markdown is parsed. The form is of one version of the program only, and
// must not outlive it.
func (n *Note) Append(b []byte) []byte {
	c := coder{buf: b, writing: true, source: n.Source}
	c.note(n)
	return c.buf
}

var errCoded = errors.New("not a note in coded form")

// Decode reads the note at the start of data, and returns what follows. The
// note's texts are parts of data, which must not change any more.
func Decode(data string) (n *Note, rest string, err error) {
	n = new(Note)
	c := coder{rest: data}
	c.note(n)
	if c.failed {
		return nil, "", errCoded
	}
	if len(n.Source) >= longNote {
		n.lines = n.places()
	}
	return n, c.rest, nil
}

// A coder goes over the fields of a note, and either writes or reads each. That
// both are one list of fields is what keeps them together. A note that is written
// is not touched: others read it meanwhile.
type coder struct {
	writing bool
	buf     []byte // written
	rest    string // to be read
	failed  bool
	source  string // of the note: most texts are parts of it
}

func (c *coder) uint(v uint64) uint64 {
	if c.writing {
		c.buf = binary.AppendUvarint(c.buf, v)
		return v
	}
	v, n := uvarint(c.rest)
	if n <= 0 {
		c.failed, c.rest = true, ""
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

func uvarint(s string) (v uint64, n int) {
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		v |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// number codes any kind of number that is seldom below zero, and never below -1.
func number[T ~int | ~int8 | ~int16 | ~int32 | ~uint8](c *coder, v *T) {
	if n := c.uint(uint64(int64(*v) + 1)); !c.writing {
		*v = T(int64(n) - 1)
	}
}

func (c *coder) bool(v *bool) {
	var n uint64
	if *v {
		n = 1
	}
	if n = c.uint(n); !c.writing {
		*v = n == 1
	}
}

// text codes a text: as a place in the source if it is part of that, else as it
// stands.
func (c *coder) text(v *string) {
	if c.writing {
		if at, ok := partOf(c.source, *v); ok {
			c.uint(uint64(at)<<1 | 1)
			c.uint(uint64(len(*v)))
			return
		}
		c.uint(uint64(len(*v)) << 1)
		c.buf = append(c.buf, *v...)
		return
	}
	head := c.uint(0)
	from, length := c.rest, head>>1
	var at uint64
	if head&1 == 1 {
		from, at, length = c.source, head>>1, c.uint(0)
	}
	if at > uint64(len(from)) || length > uint64(len(from))-at {
		c.failed, c.rest = true, ""
		return
	}
	*v = from[at : at+length]
	if head&1 == 0 {
		c.rest = c.rest[length:]
	}
}

// partOf says where in whole its part lies, if its bytes are those of whole.
func partOf(whole, part string) (at int, ok bool) {
	if whole == "" || part == "" {
		return 0, false
	}
	first := uintptr(unsafe.Pointer(unsafe.StringData(whole)))
	start := uintptr(unsafe.Pointer(unsafe.StringData(part)))
	if start < first || start+uintptr(len(part)) > first+uintptr(len(whole)) {
		return 0, false
	}
	return int(start - first), true
}

// items codes a list, each item by code.
func items[T any](c *coder, list *[]T, code func(*coder, *T)) {
	n := c.uint(uint64(len(*list)))
	if !c.writing && n > 0 {
		if n > uint64(len(c.rest)) { // every item takes a byte
			c.failed, c.rest = true, ""
			return
		}
		*list = make([]T, n)
	}
	for i := range *list {
		code(c, &(*list)[i])
	}
}

func (c *coder) date(v *civil.Date) {
	n := 0
	if !v.IsZero() {
		n = v.Sub(civil.Date{})
	}
	if days := c.uint(uint64(n)); !c.writing {
		*v = civil.Date{}.AddDays(int(days))
	}
}

func (c *coder) pos(v *Pos) {
	number(c, &v.Line)
	number(c, &v.Column)
}

func (c *coder) span(v *span) {
	number(c, &v.start)
	number(c, &v.end)
}

func (c *coder) yearly(v *civil.Yearly) {
	number(c, &v.Year)
	number(c, &v.Month)
	number(c, &v.Day)
}

func (c *coder) cadence(v *civil.Cadence) {
	number(c, &v.N)
	number(c, &v.Unit)
}

func (c *coder) note(n *Note) {
	if c.writing {
		c.uint(uint64(len(n.Source)))
		c.buf = append(c.buf, n.Source...)
	} else if length := c.uint(0); length <= uint64(len(c.rest)) {
		n.Source, c.rest = c.rest[:length], c.rest[length:]
		c.source = n.Source
	} else {
		c.failed = true
		return
	}
	c.text(&n.Path)
	number(c, &n.Kind)
	c.text(&n.Slug)
	c.text(&n.Name)
	c.front(&n.Front)
	c.entries(&n.Entries)
	items(c, &n.entryTags, (*coder).text)
	for i := range n.Entries {
		if t := n.Entries[i].tags; t.First < 0 || t.Count < 0 || int64(t.First)+int64(t.Count) > int64(len(n.entryTags)) {
			c.failed = true
			return
		}
	}
	items(c, &n.Tasks, (*coder).task)
	items(c, &n.Links, (*coder).link)
	items(c, &n.Tags, (*coder).tag)
	items(c, &n.Problems, (*coder).problem)
	c.bool(&n.Broken)
	c.bool(&n.Stale)
	c.span(&n.front)
	number(c, &n.body)
	c.text(&n.fence)
}

func (c *coder) front(f *Front) {
	items(c, &f.Aliases, (*coder).text)
	c.cadence(&f.Every)
	items(c, &f.Circles, (*coder).text)
	items(c, &f.Tags, (*coder).text)
	c.date(&f.Met)
	c.text(&f.MetText)
	c.date(&f.Added)
	items(c, &f.Via, (*coder).text)
	items(c, &f.Email, (*coder).text)
	items(c, &f.Phone, (*coder).text)
	items(c, &f.Links, (*coder).labelled)
	c.text(&f.Company)
	c.text(&f.Role)
	c.text(&f.Location)
	c.text(&f.Timezone)
	c.text(&f.Pronouns)
	c.text(&f.Language)
	c.yearly(&f.Birthday)
	items(c, &f.Dates, func(c *coder, d *YearlyDate) {
		c.text(&d.Label)
		c.yearly(&d.Date)
	})
	c.date(&f.Snooze)
	number(c, &f.Status)
	items(c, &f.Needs, (*coder).text)
	items(c, &f.Offers, (*coder).text)
	c.text(&f.Photo)
	items(c, &f.IDs, (*coder).text)
	items(c, &f.Extra, (*coder).labelled)
}

func (c *coder) labelled(l *Labelled) {
	c.text(&l.Label)
	c.text(&l.Text)
}

// entries codes entries as they lie in memory, as nothing in them leads anywhere else:
// no form is read faster, and there are ten for each note. Reading checks what would lead
// out of the source; for the rest the sum of the file vouches, and the program's key.
func (c *coder) entries(list *[]Entry) {
	const size = int(unsafe.Sizeof(Entry{}))
	n := c.uint(uint64(len(*list)))
	if !c.writing && n > 0 {
		if n > uint64(len(c.rest)/size) {
			c.failed, c.rest = true, ""
			return
		}
		*list = make([]Entry, n)
	}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(*list))), len(*list)*size)
	if c.writing {
		c.buf = append(c.buf, raw...)
		return
	}
	c.rest = c.rest[copy(raw, c.rest):]
	for i := range *list {
		e := &(*list)[i]
		if int(e.Marks.count) > len(e.Marks.list) || !e.text.in(c.source) || !e.kind.in(c.source) {
			c.failed, c.rest = true, ""
			return
		}
	}
}

// in says whether a part is one of a text.
func (p part) in(text string) bool {
	return p.start >= 0 && p.start <= p.end && int(p.end) <= len(text)
}

func (c *coder) task(t *Task) {
	c.bool(&t.Ask)
	c.bool(&t.Done)
	c.text(&t.Text)
	c.date(&t.Due)
	items(c, &t.Links, func(c *coder, i *int) { number(c, i) })
	number(c, &t.Line)
	number(c, &t.Entry)
}

func (c *coder) link(l *Link) {
	c.text(&l.Target)
	c.text(&l.Label)
	c.pos(&l.Pos)
	number(c, &l.Where)
	number(c, &l.Entry)
}

func (c *coder) tag(t *Tag) {
	c.text(&t.Slug)
	number(c, &t.Line)
}

func (c *coder) problem(p *Problem) {
	c.text(&p.File)
	number(c, &p.Line)
	number(c, &p.Column)
	number(c, &p.Severity)
	c.text(&p.Code)
	c.text(&p.Message)
	c.text(&p.Hint)
	c.text(&p.Source)
}
