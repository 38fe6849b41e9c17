package site_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
	"kith/templates"
)

// crowd makes a journal of n contacts with notes of about 2 KB and ten entries.
func crowd(n int) fstest.MapFS {
	fsys := fstest.MapFS{}
	filler := strings.Repeat("We talked about the boats, *the weather* and the price of paper. ", 2)
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "---\nname: Person %d Name%d\nevery: %d weeks\ncircles: [circle %d]\ntags: [tag%d]\nemail: p%d@example.org\nbirthday: %02d-%02d\n---\n%s\n\n- [?] how it went\n\n## Log\n\n",
			i, i%97, 2+i%40, i%20, i%50, i, 1+i%12, 1+i%28, filler)
		for e := range 10 {
			with := ""
			if e%5 == 0 {
				with = fmt.Sprintf(" with [[person-%05d]]", (i*7+e)%n)
			}
			fmt.Fprintf(&b, "- 202%d-%02d-%02d coffee%s: %s\n", 3+e%4, 1+(i+e)%12, 1+(i*3+e)%28, with, filler)
		}
		fsys[fmt.Sprintf("content/contacts/person-%05d.md", i)] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return fsys
}

func BenchmarkContactPage(b *testing.B) {
	s := demo(b)
	f, ok := s.File("contacts/edith-tarrant.html")
	if !ok {
		b.Fatal("no such page")
	}
	buf := make([]byte, 0, 64<<10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Render(buf); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPages renders every page of a site of 1,000 contacts.
func BenchmarkPages(b *testing.B) {
	theme, _ := site.NewTheme(templates.FS, nil)
	s := site.New(due.New(journal.Read(crowd(1000)), date(b, "2026-11-23")), theme, false)
	b.ReportAllocs()
	buf := make([]byte, 0, 1<<20)
	for b.Loop() {
		for _, f := range s.Files() {
			if _, err := f.Render(buf); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(s.Files())), "µs/page")
}

// BenchmarkOverviews renders the pages that look over all of 10,000 notes.
func BenchmarkOverviews(b *testing.B) {
	theme, _ := site.NewTheme(templates.FS, nil)
	s := site.New(due.New(journal.Read(crowd(10_000)), date(b, "2026-11-23")), theme, false)
	for _, path := range []string{"insights.html", "network.html", "circles.html", "circles/circle-1.html"} {
		f, ok := s.File(path)
		if !ok {
			b.Fatalf("there is no %s", path)
		}
		b.Run(path, func(b *testing.B) {
			buf := make([]byte, 0, 1<<20)
			for b.Loop() {
				if _, err := f.Render(buf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
