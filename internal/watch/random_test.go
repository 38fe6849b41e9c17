package watch

import (
	"fmt"
	"os"
	"path"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// An edit is one random thing that happens to a journal. Many fail, as when a
// folder is moved into itself; that is part of life.
type edit struct {
	Verb, Path, To, Text string
}

func (e edit) String() string { return fmt.Sprintf("%s %s %s %s", e.Verb, e.Path, e.To, e.Text) }

func (e edit) on(d disk) {
	switch e.Verb {
	case "write":
		os.MkdirAll(path.Dir(d.at(e.Path)), 0o755)
		os.WriteFile(d.at(e.Path), []byte(e.Text), 0o644)
	case "mkdir":
		os.MkdirAll(d.at(e.Path), 0o755)
	case "rename":
		os.Rename(d.at(e.Path), d.at(e.To))
	case "remove":
		os.RemoveAll(d.at(e.Path))
	case "symlink":
		os.Symlink(e.To, d.at(e.Path))
	}
}

// Few names, so that edits meet: a file where a folder was, a folder that is
// moved away and made again.
func edits() *rapid.Generator[[]edit] {
	name := rapid.SampledFrom([]string{
		"content", "content/a", "content/b", "content/a/x", "content/a/x/deep", "content/b/x", "content/b/y/z",
		"content/a/1.md", "content/a/x/1.md", "content/a/x/deep/1.md", "content/b/1.md", "content/b/x/1.md", "content/b/y/z/1.md",
		"templates", "templates/a", "templates/a/1.md", "aside", "content/_later", "content/a/1.md~",
	})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) edit {
		return edit{
			Verb: rapid.SampledFrom([]string{"write", "write", "mkdir", "rename", "rename", "remove", "symlink"}).Draw(t, "verb"),
			Path: name.Draw(t, "path"),
			To:   name.Draw(t, "to"),
			Text: rapid.StringN(0, 3, -1).Draw(t, "text"),
		}
	}), 1, 40)
}

// Whatever is done to a journal, while it is read or between, who reads only
// what is told knows what is there.
func TestWhoReadsWhatIsToldKnowsWhatIsThere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := follow(t, ada)
		defer f.stop()
		done := make(chan struct{})
		list := edits().Draw(rt, "edits")
		go func() {
			defer close(done)
			for _, e := range list {
				e.on(f.disk)
			}
		}()
		for editing := true; editing; {
			select {
			case batch := <-f.batches:
				f.told = append(f.told, batch)
				f.apply(batch)
			case <-done:
				editing = false
			case <-time.After(patience):
				rt.Fatal("edits hang")
			}
		}
		f.catchUp()
		if t.Failed() {
			rt.Fatalf("after %v", list)
		}
	})
}

func TestWhoReadsWhatPollingTellsKnowsWhatIsThere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := disk{t, t.TempDir()}
		ada(d)
		p := newPoller(t.Context(), d.root)
		r := newReader(d)
		for _, e := range edits().Draw(rt, "edits") {
			e.on(d)
			if rapid.Bool().Draw(rt, "round") {
				r.apply(told(p.round(t.Context())))
			}
		}
		for range 2 * pollAgain {
			r.apply(told(p.round(t.Context())))
		}
		if diff := cmp.Diff(newReader(d).known, r.known); diff != "" {
			rt.Errorf("on disk (-), as read (+):\n%s", diff)
		}
	})
}

// told is the batch that a consumer makes of one round.
func told(paths []string) Batch {
	g := gathering{}
	g.add(paths)
	return g.batch()
}
