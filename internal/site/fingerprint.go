package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"unsafe"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/parallel"
)

// A fingerprint stands for everything a page is made of, in any process: a hash
// of the program and of all that can be reached from the Inputs of a [File].
// The manifest has that of each page, so that a new process need not render the
// page to find that it is the same.
//
// The hash goes over every field there is, so none can be forgotten; one of a
// type that has no fingerprint panics. Only the types in madeOf and monthList are
// looked at more closely.
type fingerprint [16]byte

// madeOf names the fields that a value is made of, where the others follow from
// these and the program, or cannot be hashed.
var madeOf = map[reflect.Type][]string{
	// What a note says follows from its text (and the kinds, which are in the
	// settings and in contents), but not why it could not be read.
	reflect.TypeFor[note.Note](): {"Path", "Kind", "Sum", "Problems", "Broken", "Stale"},
	// Journal.complete gathers the rest from these files.
	reflect.TypeFor[journal.Contact](): {"Slug", "Name", "File", "From", "Circles", "Cadence", "CadenceFrom"},
	// What a name sorts by follows from the name.
	reflect.TypeFor[journal.File](): {"Note", "Targets", "Shown", "Problems", "Unused"},
	// Journal.build puts these together.
	reflect.TypeFor[journal.Journal](): {"Settings", "Files", "Attachments", "folderProblems", "settingsProblems"},
	reflect.TypeFor[due.View]():        {"Journal", "Today"},
	reflect.TypeFor[Theme]():           {"sum"},
	reflect.TypeFor[contents]():        {"kinds"},
	reflect.TypeFor[wordRow]():         {"row", "notes", "shape"},
}

// fingerprints makes those of the pages of one site.
type fingerprints struct {
	program string
	types   map[reflect.Type]adder
}

// An adder appends the value of one type that p leads to to b, so that different
// values differ. It goes over memory as the type lays it out: to ask reflect for each
// of some million fields took a twentieth of a build.
type adder func(b []byte, p unsafe.Pointer) []byte

// newFingerprints gets ready for the given pages.
func newFingerprints(program string, files []File) *fingerprints {
	p := &fingerprints{program: program, types: map[reflect.Type]adder{}}
	for _, f := range files {
		if f.Inputs != nil {
			p.adder(reflect.TypeOf(f.Inputs))
		}
	}
	return p
}

// all returns the fingerprints of files, zero for those that are copied.
func (p *fingerprints) all(files []File) []fingerprint {
	prints := make([]fingerprint, len(files))
	parallel.Each(len(files), func(i int) {
		if files[i].Inputs != nil {
			prints[i] = p.of(files[i].Inputs)
		}
	})
	return prints
}

// of returns the fingerprint of a page, one of those that p was made for.
func (p *fingerprints) of(inputs any) fingerprint {
	v := reflect.ValueOf(inputs)
	place := reflect.New(v.Type()) // what is in an interface has no address
	place.Elem().Set(v)
	return hashed(func(b []byte) []byte {
		b = addText(b, p.program)
		b = addText(b, v.Type().String())
		return p.types[v.Type()](b, place.UnsafePointer())
	})
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

func hashed(add func(b []byte) []byte) fingerprint {
	b := buffers.Get().(*[]byte)
	defer buffers.Put(b)
	*b = add((*b)[:0])
	sum := sha256.Sum256(*b)
	return fingerprint(sum[:16]) // half of it says enough
}

func addText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// adder returns that of a type.
func (p *fingerprints) adder(t reflect.Type) adder {
	if have := p.types[t]; have != nil {
		return have
	}
	add := p.newAdder(t)
	p.types[t] = add
	return add
}

func (p *fingerprints) newAdder(t reflect.Type) adder {
	if t == reflect.TypeFor[monthList]() {
		return p.monthAdder()
	}
	switch t.Kind() {
	case reflect.String:
		return func(b []byte, p unsafe.Pointer) []byte { return addText(b, *(*string)(p)) }
	case reflect.Slice:
		add, size := p.adder(t.Elem()), t.Elem().Size()
		return func(b []byte, p unsafe.Pointer) []byte {
			list := *(*[]byte)(p) // any slice has its length and its place alike
			b = binary.AppendUvarint(b, uint64(len(list)))
			return addList(b, unsafe.Pointer(unsafe.SliceData(list)), len(list), size, add)
		}
	case reflect.Array:
		add, size, n := p.adder(t.Elem()), t.Elem().Size(), t.Len()
		return func(b []byte, p unsafe.Pointer) []byte { return addList(b, p, n, size, add) }
	case reflect.Map:
		return p.mapAdder(t)
	case reflect.Struct:
		return p.structAdder(t)
	case reflect.Pointer:
		return p.pointerAdder(p.adder(t.Elem()))
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		switch t.Size() {
		case 1:
			return func(b []byte, p unsafe.Pointer) []byte { return append(b, *(*byte)(p)) }
		case 2:
			return func(b []byte, p unsafe.Pointer) []byte { return binary.LittleEndian.AppendUint16(b, *(*uint16)(p)) }
		case 4:
			return func(b []byte, p unsafe.Pointer) []byte { return binary.LittleEndian.AppendUint32(b, *(*uint32)(p)) }
		}
		return func(b []byte, p unsafe.Pointer) []byte { return binary.LittleEndian.AppendUint64(b, *(*uint64)(p)) }
	}
	panic(fmt.Sprintf("site: a page is made of a %v, which has no fingerprint", t))
}

// addList adds n values that lie one after the other.
func addList(b []byte, p unsafe.Pointer, n int, size uintptr, add adder) []byte {
	for i := range n {
		b = add(b, unsafe.Add(p, uintptr(i)*size))
	}
	return b
}

func (p *fingerprints) structAdder(t reflect.Type) adder {
	var fields []reflect.StructField
	if names, ok := madeOf[t]; ok {
		for _, name := range names {
			f, ok := t.FieldByName(name)
			if !ok {
				panic(fmt.Sprintf("site: a %v is not made of %s", t, name))
			}
			fields = append(fields, f)
		}
	} else {
		for i := range t.NumField() {
			fields = append(fields, t.Field(i))
		}
	}
	adders := make([]adder, len(fields))
	for i, field := range fields {
		adders[i] = p.adder(field.Type)
	}
	return func(b []byte, p unsafe.Pointer) []byte {
		for i := range fields {
			b = adders[i](b, unsafe.Add(p, fields[i].Offset))
		}
		return b
	}
}

// monthAdder adds what the notes of a month say of that month: a change of a note
// leaves the pages of the other months that somebody was met in as they are, and each
// of them may have thousands of entries to be rendered for nothing.
func (p *fingerprints) monthAdder() adder {
	file := p.adder(reflect.TypeFor[*journal.File]())
	return func(b []byte, p unsafe.Pointer) []byte {
		list := (*monthList)(p)
		b = binary.AppendUvarint(b, uint64(len(list.members)))
		start := len(b)
		for i, f := range list.members {
			b = append(b, byte(f.Kind))
			if f.Kind == note.Contact {
				b = appendSaid(b, f, list.month)
			} else {
				b = file(b, unsafe.Pointer(&list.members[i]))
			}
			if len(b)-start > 32<<10 { // a month may have megabytes: its hash so far stands for them
				sum := sha256.Sum256(b[start:])
				b = append(b[:start], sum[:]...)
			}
		}
		return b
	}
}

// mapAdder adds the entries of a map in an order of their own.
func (p *fingerprints) mapAdder(t reflect.Type) adder {
	addKey, addValue := p.adder(t.Key()), p.adder(t.Elem())
	return func(b []byte, p unsafe.Pointer) []byte {
		var sums []fingerprint
		key, value := reflect.New(t.Key()), reflect.New(t.Elem()) // as what is in a map has no address
		for entry := reflect.NewAt(t, p).Elem().MapRange(); entry.Next(); {
			key.Elem().SetIterKey(entry)
			value.Elem().SetIterValue(entry)
			sums = append(sums, hashed(func(b []byte) []byte {
				return addValue(addKey(b, key.UnsafePointer()), value.UnsafePointer())
			}))
		}
		slices.SortFunc(sums, func(a, b fingerprint) int { return bytes.Compare(a[:], b[:]) })
		b = binary.AppendUvarint(b, uint64(len(sums)))
		for _, sum := range sums {
			b = append(b, sum[:]...)
		}
		return b
	}
}

// pointerAdder adds the fingerprint of what a pointer leads to, which it makes
// once: most of it belongs to several pages.
func (p *fingerprints) pointerAdder(add adder) adder {
	// Many, so that workers seldom wait for one another. A sync.Map would put
	// every key and every hash into memory of their own.
	var made [64]struct {
		sync.Mutex
		prints map[uintptr]fingerprint
	}
	return func(b []byte, p unsafe.Pointer) []byte {
		to := *(*unsafe.Pointer)(p)
		if to == nil {
			return append(b, 0)
		}
		at := uintptr(to)
		part := &made[at>>6%uintptr(len(made))]
		part.Lock()
		sum, ok := part.prints[at]
		part.Unlock()
		if !ok {
			sum = hashed(func(b []byte) []byte { return add(b, to) })
			part.Lock()
			if part.prints == nil {
				part.prints = map[uintptr]fingerprint{}
			}
			part.prints[at] = sum
			part.Unlock()
		}
		return append(b, sum[:]...)
	}
}
