package site_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/publish"
	"kith/internal/site"
	"kith/templates"
)

// A save is one edit of a note in a journal of n people.
type save struct {
	fsys  fstest.MapFS
	name  string
	today civil.Date
	theme *site.Theme
	site  *site.Site
}

func newSave(t testing.TB, n int) *save {
	theme := site.NewTheme(templates.FS, nil)
	s := &save{fsys: crowd(n), name: "content/contacts/person-00042.md", today: date(t, "2026-11-23"), theme: theme}
	s.site = site.New(due.New(journal.Read(s.fsys), s.today), theme, false)
	return s
}

// make writes an entry into the note, and makes the site of that.
func (s *save) make() *site.Site {
	was := s.fsys[s.name].Data
	s.fsys[s.name] = &fstest.MapFile{Data: append(was[:len(was):len(was)], "- 2026-11-22 call: A word.\n"...)}
	j := s.site.View.Journal.Reread(s.fsys, []string{s.name})
	next := s.site.Next(s.site.View.Next(j, s.today), s.theme)
	s.fsys[s.name] = &fstest.MapFile{Data: was}
	return next
}

// A save renders and writes few of the pages there are: those of the note and of
// the two people who are in its entries, and lists that it is in.
func TestASaveRendersAndWritesFewPages(t *testing.T) {
	t.Parallel()
	s := newSave(t, 300)
	folder, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	output := publish.New(folder, s.fsys)
	if _, err := output.Publish(t.Context(), s.site.Files(), nil); err != nil {
		t.Fatal(err)
	}
	next := s.make()
	rendered, contacts := []string{}, 0
	for _, f := range next.Files() {
		if old, ok := s.site.File(f.Path); ok && old.Inputs == f.Inputs || strings.HasPrefix(f.Path, "search/words-") {
			continue // the words of one note are in any of these, of which there are 64 at most
		}
		rendered = append(rendered, f.Path)
		if strings.HasPrefix(f.Path, "contacts/") {
			contacts++
		}
	}
	if len(rendered) > 40 || contacts > 3 {
		t.Errorf("of %d pages, a save rendered %d, want 40 at most; %d of contacts, want 3: %v", len(next.Files()), len(rendered), contacts, rendered)
	}
	report, err := output.Publish(t.Context(), next.Files(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if report.Written > 20 || report.Removed > 0 {
		t.Errorf("a save wrote %d files and removed %d, want 20 at most and 0", report.Written, report.Removed)
	}
	if report, err = output.Publish(t.Context(), next.Files(), nil); err != nil || report.Written > 0 {
		t.Errorf("nothing changed, and %d files were written, %v", report.Written, err)
	}
}

// What a save allocates is not a question of how many others there are.
func TestASaveAllocatesAlikeInAnyJournal(t *testing.T) {
	allocations := func(n int) float64 {
		s := newSave(t, n)
		return testing.AllocsPerRun(5, func() { s.make() })
	}
	few, many := allocations(300), allocations(1500)
	if many > 1.5*few {
		t.Errorf("a save among 1,500 makes %.0f allocations, and %.0f among 300", many, few)
	}
}

// BenchmarkSave takes a save apart: what the journal, the view, the site and the
// pages that are looked at cost in a journal of 10,000.
func BenchmarkSave(b *testing.B) {
	s := newSave(b, 10_000)
	was := s.site.View.Journal
	next := s.make()
	b.Run("journal", func(b *testing.B) {
		text := append(s.fsys[s.name].Data, "- 2026-11-22 call: A word.\n"...)
		s.fsys[s.name] = &fstest.MapFile{Data: text}
		b.ReportAllocs()
		for b.Loop() {
			was.Reread(s.fsys, []string{s.name})
		}
	})
	b.Run("due", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.site.View.Next(next.View.Journal, s.today)
		}
	})
	b.Run("due on the next day", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.site.View.Next(was, s.today.AddDays(1))
		}
	})
	b.Run("site", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.site.Next(next.View, s.theme)
		}
	})
	b.Run("all pages", func(b *testing.B) {
		var page []byte
		for b.Loop() {
			for _, f := range next.Files() {
				if old, ok := s.site.File(f.Path); !ok || old.Inputs != f.Inputs {
					page, _ = f.Render(page[:0])
				}
			}
		}
	})
	for _, name := range []string{"contacts/person-00042.html", "index.html", "due.html", "contacts.html"} {
		f, ok := next.File(name)
		if !ok {
			b.Fatal(name)
		}
		b.Run(name, func(b *testing.B) {
			var page []byte
			b.ReportAllocs()
			for b.Loop() {
				page, _ = f.Render(page[:0])
			}
		})
	}
}
