package site_test

import (
	"bytes"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/site"
	"kith/templates"
)

// A new process that finds the work of the last one, of a journal that is a
// little different, leaves what a clean build makes.
func TestPublishNextProcess(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()

	first, day, pinned := small(), date(t, "2026-11-23"), false
	for _, name := range []string{"styles/kith.css", "pages/contact.html"} {
		text, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		first["templates/"+name] = &fstest.MapFile{Data: text}
	}
	first["kith.toml"].Data = append(first["kith.toml"].Data, "daily = 1\nevery = \"2 months\"\nkinds = {talk = [\"seance\"]}\n"...)
	fsys := maps.Clone(first)
	for round := range 150 {
		switch r.IntN(12) {
		case 0:
			day = day.AddDays(r.IntN(3))
		case 1:
			pinned = !pinned
		default:
			change(r, fsys, first)
		}
		theme, _ := site.NewTheme(templates.FS, fsys)
		s := site.New(due.New(journal.Read(fsys), day), theme, pinned)
		for again := range 2 {
			o := site.NewOutput(root, fsys)
			o.Program = "test"
			report, err := o.Publish(t.Context(), s, nil)
			if err != nil || len(report.Foreign) > 0 || again > 0 && report.Written > 0 {
				t.Fatalf("round %d: %+v, %v", round, report, err)
			}
		}
		for _, f := range s.Files() {
			there, err := root.ReadFile(f.Path)
			if f.Source != "" {
				continue
			}
			want, failed := f.Render(nil) // with a template that fails, the old page stays
			if failed == nil && (err != nil || !bytes.Equal(there, want)) {
				t.Fatalf("round %d: %s is stale (%v)", round, f.Path, err)
			}
		}
	}
}

// change makes a random change in one of the files: it loses a line, or gets one
// of another file, or is gone, or as it was at first.
func change(r *rand.Rand, fsys, first fstest.MapFS) {
	names := slices.Sorted(maps.Keys(first))
	name, other := names[r.IntN(len(names))], names[r.IntN(len(names))]
	n := r.IntN(10)
	switch {
	case fsys[name] == nil || n < 2:
		fsys[name] = first[name]
	case n == 2:
		delete(fsys, name)
	default:
		lines := strings.SplitAfter(string(fsys[name].Data), "\n")
		others := strings.SplitAfter(string(first[other].Data), "\n")
		at := r.IntN(len(lines))
		if n < 5 {
			lines = slices.Delete(lines, at, at+1)
		} else {
			lines = slices.Insert(lines, at, others[r.IntN(len(others))])
		}
		fsys[name] = &fstest.MapFile{Data: []byte(strings.Join(lines, ""))}
	}
}
