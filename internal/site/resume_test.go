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
	"time"

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
	var notes []byte // the journal as the last process remembered it
	now, resumed := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), 0
	for round := range 200 {
		now = now.Add(time.Duration(r.IntN(5)) * time.Second)
		switch r.IntN(16) {
		case 0:
			day = day.AddDays(r.IntN(3))
		case 1:
			pinned = !pinned
		case 2:
			notes = nil
		case 3: // somebody has a look at a page, and at its file
			files := site.New(due.New(journal.Read(fsys), day), themeOf(fsys), pinned).Files()
			f := files[r.IntN(len(files))]
			if _, err := root.Stat(f.Path); err == nil { // else it would be theirs
				_ = root.WriteFile(f.Path, []byte("mine"), 0o600)
			}
		default:
			change(r, fsys, first, now)
		}
		for again := range 2 {
			o := site.NewOutput(root, fsys)
			proof := o.Proof(fsys, "test", now)
			cache := journal.OpenCache(func() []byte { return notes }, "test", now)
			was, is := cache.ReadAfter(proof.Journal(), fsys)
			if was != nil {
				resumed++
			}
			var b bytes.Buffer
			if cache.Name() == "" {
				if _, err := cache.WriteTo(&b); err != nil {
					t.Fatal(err)
				}
				notes = b.Bytes()
			}
			s := proof.Resume(was, is, day, themeOf(fsys), pinned)
			report, err := o.Publish(t.Context(), s, nil)
			if err != nil || again > 0 && report.Written > 0 {
				t.Fatalf("round %d: %+v, %v", round, report, err)
			}
			if len(report.Errors)+len(report.Foreign) == 0 && r.IntN(8) > 0 {
				if err := proof.Keep(site.Built{Files: len(s.Files()), Journal: cache.Name()}); err != nil {
					t.Fatal(err)
				}
			}
		}
		fresh := site.New(due.New(journal.Read(fsys), day), themeOf(fsys), pinned)
		for _, f := range fresh.Files() {
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
	if resumed < 100 {
		t.Errorf("of 400 processes %d knew what the last one had written", resumed)
	}
}

func themeOf(fsys fs.FS) *site.Theme {
	theme := site.NewTheme(templates.FS, fsys)
	return theme
}

// change makes a random change in one of the files: it loses a line, or gets one
// of another file, or is gone, or as it was at first.
func change(r *rand.Rand, fsys, first fstest.MapFS, now time.Time) {
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
		fsys[name] = &fstest.MapFile{Data: []byte(strings.Join(lines, "")), ModTime: now}
	}
}
