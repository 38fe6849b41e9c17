package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/adrg/frontmatter"
	"github.com/yuin/goldmark"
)

// The floors are what a build cannot well do without, done plainly:
//
//	A  reads every file, and writes as many flat files of the sizes a build wrote
//	B  A, and adrg/frontmatter and goldmark for every note
//	C  B, with a short way for plain front matter; it is run with GOGC=400
//
// Each uses as many workers as there are processors.
func floor(name, journal, sizesFile, out string) error {
	var notes []string
	err := filepath.WalkDir(filepath.Join(journal, "content"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			notes = append(notes, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	text, err := os.ReadFile(sizesFile)
	if err != nil {
		return err
	}
	var sizes []int
	most := 0
	for line := range strings.Lines(string(text)) {
		size, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			return err
		}
		sizes, most = append(sizes, size), max(most, size)
	}
	filler := bytes.Repeat([]byte("x"), most)
	return parallel(max(len(notes), len(sizes)), func(i int, buf *bytes.Buffer) error {
		if i < len(notes) {
			data, err := os.ReadFile(notes[i])
			if err != nil {
				return err
			}
			if name != "A" && strings.HasSuffix(notes[i], ".md") {
				if err := convert(data, name == "C", buf); err != nil {
					return fmt.Errorf("%s: %w", notes[i], err)
				}
			}
		}
		if i < len(sizes) {
			return os.WriteFile(filepath.Join(out, strconv.Itoa(i)+".html"), filler[:sizes[i]], 0o600)
		}
		return nil
	})
}

// names is the floor of a command that changes one note: it asks the folders for
// the names, sizes and times of all, and reads and writes that one.
func names(journal, file string) error {
	err := filepath.WalkDir(filepath.Join(journal, "content", "contacts"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil {
			_, err = d.Info()
		}
		return err
	})
	if err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// convert reads a note and makes HTML of it.
func convert(data []byte, short bool, buf *bytes.Buffer) error {
	var front map[string]any
	body, ok := []byte(nil), false
	if short {
		front, body, ok = plainFront(data)
	}
	if !ok {
		var err error
		if body, err = frontmatter.Parse(bytes.NewReader(data), &front); err != nil {
			return err
		}
	}
	buf.Reset()
	return goldmark.Convert(body, buf)
}

// plainFront reads front matter that is lines of `key: value` and
// `key: [value, value]` without anything special; ok is false if it is more.
func plainFront(data []byte) (front map[string]any, body []byte, ok bool) {
	rest, ok := bytes.CutPrefix(data, []byte("---\n"))
	if !ok {
		return nil, nil, false
	}
	head, body, ok := bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		return nil, nil, false
	}
	front = map[string]any{}
	for line := range strings.SplitSeq(string(head), "\n") {
		key, value, ok := strings.Cut(line, ": ")
		list := false
		if inner, found := strings.CutPrefix(value, "["); found {
			value, list = strings.CutSuffix(inner, "]")
			ok = ok && list
		} else if inner, found := strings.CutPrefix(value, `"`); found {
			value = strings.TrimSuffix(inner, `"`)
			if strings.Contains(value, `"`) || len(value) != len(inner)-1 {
				return nil, nil, false
			}
			front[key] = value
			continue
		}
		if !ok || value == "" || strings.ContainsAny(value, ":#[]{}*!|>'\"%`\\") {
			return nil, nil, false
		}
		if list {
			front[key] = strings.Split(value, ", ")
		} else {
			front[key] = value
		}
	}
	return front, body, true
}

// parallel does a thing n times, on all processors.
func parallel(n int, do func(i int, buf *bytes.Buffer) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, runtime.GOMAXPROCS(0))
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			var buf bytes.Buffer
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i, &buf); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}
