package site_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/publish"
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

// BenchmarkBuild takes a build of 1,000 contacts apart, into an empty folder.
func BenchmarkBuild(b *testing.B) {
	const n = 1000
	fsys, today := crowd(n), date(b, "2026-11-23")
	theme := site.NewTheme(templates.FS, nil)
	j := journal.Read(fsys)
	view := due.New(j, today)
	s := site.New(view, theme, false)
	stage := func(name string, do func(b *testing.B)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do(b)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/contact")
		})
	}
	stage("journal", func(*testing.B) { journal.Read(fsys) })
	stage("due", func(*testing.B) { due.New(j, today) })
	stage("site", func(*testing.B) { site.New(view, theme, false) })
	stage("write", func(b *testing.B) {
		b.StopTimer()
		dir, err := os.MkdirTemp(b.TempDir(), "")
		if err != nil {
			b.Fatal(err)
		}
		folder, err := os.OpenRoot(dir)
		if err != nil {
			b.Fatal(err)
		}
		defer folder.Close()
		b.StartTimer()
		if _, err := publish.New(folder, fsys).Publish(b.Context(), s.Files(), nil); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkPages renders every page of a site of 1,000 contacts.
func BenchmarkPages(b *testing.B) {
	theme := site.NewTheme(templates.FS, nil)
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
	theme := site.NewTheme(templates.FS, nil)
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
