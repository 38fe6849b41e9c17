package site_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
	"kith/templates"
)

// TestALongNoteTakesAsLongAsItIs builds sites of one note of each kind, and of one that is
// eight times as long: in bytes allocated that takes eight times as much, and in time not
// so much more that it could be the square.
func TestALongNoteTakesAsLongAsItIs(t *testing.T) {
	theme := site.NewTheme(templates.FS, fstest.MapFS{})
	day := func(i int) string { return fmt.Sprintf("2026-01-%02d", i%28+1) }
	for _, kind := range []struct {
		name string
		line func(i int) string
	}{
		{"entries", func(i int) string { return fmt.Sprintf("- %s coffee: all is well, says %d\n", day(i), i) }},
		{"entries with two lines", func(i int) string { return fmt.Sprintf("- %s coffee: *well*, says %d\n  1. this\n", day(i), i) }},
		{"links to nobody", func(i int) string { return fmt.Sprintf("- %s coffee with [[%x nobody%d]]\n", day(i), i*2654435761, i) }},
		{"headings of days", func(i int) string { return fmt.Sprintf("## %s call\n\nall is well, says %d\n\n", day(i), i) }},
		{"headings", func(i int) string { return fmt.Sprintf("## About %d\n\n- [ ] a thing\n\n", i) }},
		{"tags of entries", func(i int) string { return fmt.Sprintf("- %s note: #tag%d\n", day(i), i) }},
		{"tags in text", func(i int) string { return fmt.Sprintf("#tag%d\n", i) }},
		{"tasks", func(i int) string { return fmt.Sprintf("- [ ] (ask) the thing %d\n", i) }},
		{"items", func(i int) string { return "- a\n" }},
		{"nested items", func(i int) string { return strings.Repeat("  ", i%6) + "- a\n" }},
		{"prose", func(i int) string { return fmt.Sprintf("Words that go on and on, %d.\n\n", i) }},
		{"one paragraph", func(i int) string { return fmt.Sprintf("word%d ", i) }},
		{"footnotes and tables", func(i int) string { return fmt.Sprintf("| a[^%d] |\n|---|\n\n[^%d]: b\n\n", i, i) }},
	} {
		t.Run(kind.name, func(t *testing.T) {
			build := func(lines int) (bytes uint64, took time.Duration) {
				var note strings.Builder
				for i := range lines {
					note.WriteString(kind.line(i))
				}
				fsys := fstest.MapFS{"content/contacts/ada.md": &fstest.MapFile{Data: []byte(note.String())}}
				for range 3 { // the machine has other things to do, too
					var before, after runtime.MemStats
					runtime.ReadMemStats(&before)
					began := time.Now()
					view := due.New(journal.Read(fsys), civil.In(2026, 11, 23))
					for _, f := range site.New(view, theme, true).Files() {
						if f.Source == "" {
							if _, err := f.Render(nil); err != nil {
								t.Fatal(err)
							}
						}
					}
					if this := time.Since(began); took == 0 || this < took {
						took = this
					}
					runtime.ReadMemStats(&after)
					if this := after.TotalAlloc - before.TotalAlloc; bytes == 0 || this < bytes {
						bytes = this
					}
				}
				return bytes, took
			}
			_, _ = build(100) // what is made once
			few, fewTook := build(1000)
			many, manyTook := build(8000)
			if few > 40_000*1000*pooled {
				t.Errorf("1000 lines take %d bytes", few)
			}
			if many > 12*few*pooled {
				t.Errorf("8000 lines take %d bytes, 1000 took %d", many, few)
			}
			if manyTook > 30*fewTook+500*time.Millisecond {
				t.Errorf("8000 lines take %v, 1000 took %v", manyTook, fewTook)
			}
			t.Logf("%.1f times the memory, %.1f times as long (%v), %.0f bytes a line", float64(many)/float64(few), float64(manyTook)/float64(fewTook), manyTook, float64(many)/8000)
		})
	}
}
