package watch

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// polling gives a poller that has seen the journal and told of it.
func polling(t *testing.T, start func(disk)) (disk, func() []string) {
	d := disk{t, t.TempDir()}
	start(d)
	p := newPoller(t.Context(), d.root)
	round := func() []string {
		told := p.round(t.Context())
		slices.Sort(told)
		return told
	}
	for range pollAgain {
		round()
	}
	return d, round
}

func TestPollingTellsWhatDiffers(t *testing.T) {
	const note = "content/contacts/ada.md"
	for name, test := range map[string]struct {
		change func(d disk)
		want   []string
	}{
		"nothing": {func(d disk) {}, nil},
		"another size": {
			func(d disk) {
				info, err := os.Stat(d.at(note))
				d.must(err)
				d.write(note, "longer")
				d.must(os.Chtimes(d.at(note), time.Time{}, info.ModTime()))
			},
			[]string{note},
		},
		"another time":   {func(d disk) { d.must(os.Chtimes(d.at(note), time.Time{}, time.Unix(1, 0))) }, []string{note}},
		"another mode":   {func(d disk) { d.chmod(note, 0o600) }, []string{note}},
		"a removed file": {func(d disk) { d.remove(note) }, []string{note}},
		"a new file":     {func(d disk) { d.write("content/contacts/grace.md", "") }, []string{"content/contacts/grace.md"}},
		"a new file in a folder that keeps its time": {
			func(d disk) {
				info, err := os.Stat(d.at("content/contacts"))
				d.must(err)
				d.write("content/contacts/grace.md", "")
				d.must(os.Chtimes(d.at("content/contacts"), time.Time{}, info.ModTime()))
			},
			[]string{"content/contacts/grace.md"},
		},
		"the settings": {func(d disk) { d.write("kith.toml", "longer") }, []string{"kith.toml"}},
		"a renamed file": {
			func(d disk) { d.rename(note, "content/contacts/augusta.md") },
			[]string{note, "content/contacts/augusta.md"},
		},
		"another file of the same size and time": {
			func(d disk) {
				info, err := os.Stat(d.at(note))
				d.must(err)
				d.write("content/contacts/x.tmp", "new")
				d.must(os.Chtimes(d.at("content/contacts/x.tmp"), time.Time{}, info.ModTime()))
				d.rename("content/contacts/x.tmp", note)
			},
			[]string{note},
		},
		"a new folder": {
			func(d disk) { d.write("content/journal/2026/news.md", "") },
			[]string{"content/journal", "content/journal/2026", "content/journal/2026/news.md"},
		},
		"a removed folder": {func(d disk) { d.remove("templates") }, []string{"templates"}},
		"a folder in place of another": {
			func(d disk) {
				d.rename("content/contacts", "content/old")
				d.write("content/contacts/ada.md", "old")
			},
			[]string{"content/contacts", note, "content/old", "content/old/ada.md", "content/old/charles.md"},
		},
		"litter, output, links": {
			func(d disk) {
				d.write("content/contacts/.ada.md.swp", "")
				d.write("content/_drafts/ada.md", "")
				d.write("public/index.html", "")
				d.symlink(d.t.TempDir(), "content/link")
			},
			[]string{"content/link"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, round := polling(t, ada)
			if told := round(); told != nil {
				t.Fatalf("told %v before anything changed", told)
			}
			test.change(d)
			told := round()
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, told); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

// Two saves within one tick of the drive's clock: same size, same time.
func TestPollingIsNotFooledByACoarseClock(t *testing.T) {
	const note = "content/contacts/ada.md"
	d, round := polling(t, ada)
	save := func(text string) {
		d.write(note, text)
		d.must(os.Chtimes(d.at(note), time.Time{}, time.Unix(1_000_000, 0)))
	}
	save("one")
	if diff := cmp.Diff([]string{note}, round()); diff != "" {
		t.Fatalf("told (-want +got):\n%s", diff)
	}
	save("two")
	var told [][]string
	for range pollAgain + 1 {
		told = append(told, round())
	}
	if diff := cmp.Diff([][]string{nil, nil, {note}, nil}, told); diff != "" {
		t.Errorf("told in the rounds after (-want +got):\n%s", diff)
	}
}

func TestPollingTellsEverythingOnceAfterItsFirstLook(t *testing.T) {
	d := disk{t, t.TempDir()}
	ada(d)
	p := newPoller(t.Context(), d.root)
	var told [][]string
	for range pollAgain + 2 {
		told = append(told, p.round(t.Context()))
	}
	if diff := cmp.Diff([][]string{nil, nil, {"."}, nil, nil}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// Of a journal too large for one round. What is found there by the turn around
// all files, and not at once, is found in one round of two.
func TestPollingLooksAtRecentFilesFirstAndAtAllInTheEnd(t *testing.T) {
	const files = pollOthers + pollOthers/4
	name := func(i int) string { return fmt.Sprintf("content/contacts/%05d.md", i) }
	d, round := polling(t, func(d disk) {
		d.mkdir("content/contacts")
		for i := range files {
			d.must(os.WriteFile(d.at(name(i)), nil, 0o644))
			d.must(os.Chtimes(d.at(name(i)), time.Time{}, time.Unix(int64(i), 0)))
		}
		d.must(os.Chtimes(d.at("content/contacts"), time.Time{}, time.Unix(0, 0)))
	})
	atOnce := func(what, path string) {
		t.Helper()
		if told := round(); !slices.Contains(told, path) {
			t.Errorf("%s, %s, was not told at once, but %v", what, path, told)
		}
	}
	text := ""
	save := func(i int) { text += "more "; d.write(name(i), text) }

	for range 3 {
		save(files - 1)
		atOnce("what was saved last before kith started", name(files-1))
	}

	cold := []int{0, 1000, files - pollRecent - 1}
	for _, i := range cold {
		save(i)
		rounds := 1
		for !slices.Contains(round(), name(i)) {
			if rounds++; rounds > 2*(files/pollOthers+1) {
				t.Fatalf("%s was not told in %d rounds", name(i), rounds)
			}
		}
	}
	for range 3 {
		for _, i := range cold {
			save(i)
			atOnce("what was saved before and saved again", name(i))
		}
	}

	for i := range 4 {
		d.write(name(files+i), "new")
		atOnce("a new file", name(files+i))
		d.remove(name(100 + i))
		atOnce("a removed file", name(100+i))
	}
}

func TestPollingWaitsBetweenRoundsAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := disk{t, t.TempDir()}
		ada(d)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		changes := make(chan []string)
		go poll(ctx, d.root, time.Second, changes)
		synctest.Wait()

		start := time.Now()
		d.write("content/contacts/ada.md", "new")
		if diff := cmp.Diff([]string{"content/contacts/ada.md"}, <-changes); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("told after %v", waited)
		}
	})
}
