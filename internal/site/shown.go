package site

import (
	"io"
	"os"
	"sync"

	"kith/internal/folder"
)

// shown says which pages the folder of an [Output] is known to hold, to those who
// read it while it is written.
type shown struct {
	mu    sync.Mutex
	pages map[string]shownPage // by path
}

// shownPage is what a page was made of, and what its file looks like.
type shownPage struct {
	inputs any
	is     folder.Info
}

// set notes that a page is there. It comes after the writing, and forget before:
// what is set is never older than the file.
func (s *shown) set(name string, inputs any, is folder.Info) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil {
		s.pages = map[string]shownPage{}
	}
	s.pages[name] = shownPage{inputs, is}
}

func (s *shown) forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pages, name)
}

// outdate notes that a page should be another by now.
func (s *shown) outdate(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.pages[name]; ok && p.inputs != nil {
		s.pages[name] = shownPage{nil, p.is}
	}
}

func (s *shown) forgetAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages = nil
}

func (s *shown) get(name string) (shownPage, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.pages[name]
	return p, ok
}

// now is get for a page that is as it should be now.
func (s *shown) now(f File) (shownPage, bool) {
	p, ok := s.get(f.Path)
	return p, ok && p.inputs == f.Inputs
}

// Has says whether the folder is known to hold a page as it is now: whether Read reads
// it, unless somebody else changed its file.
func (o *Output) Has(f File) bool {
	_, ok := o.shown.now(f)
	return ok
}

// Read appends the bytes of a page to b, from its file in the folder, if that is
// known to hold just that page: this process wrote or compared it when the page
// was made of the same, and the file looks as it did then. Any goroutine may call
// it, also while another one publishes.
func (o *Output) Read(b []byte, f File) ([]byte, bool) {
	have, ok := o.shown.now(f)
	if !ok {
		return b, false
	}
	return o.read(b, f.Path, have.is)
}

// Last is like Read, for what a page last was, whatever it should be by now.
func (o *Output) Last(b []byte, path string) ([]byte, bool) {
	have, ok := o.shown.get(path)
	if !ok {
		return b, false
	}
	return o.read(b, path, have.is)
}

// Size returns how many bytes a page had when this process last wrote or compared it;
// 0 if it did not. Any goroutine may call it.
func (o *Output) Size(path string) int {
	have, _ := o.shown.get(path)
	return int(have.is.Size)
}

func (o *Output) read(b []byte, name string, is folder.Info) ([]byte, bool) {
	file, err := o.root.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return b, false
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() || folder.InfoOf(info) != is {
		return b, false
	}
	start := len(b)
	b = append(b, make([]byte, is.Size)...)
	if _, err := io.ReadFull(file, b[start:]); err != nil {
		return b[:start], false
	}
	return b, true
}
