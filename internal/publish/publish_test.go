package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"kith/internal/site"
)

// A textPage is a page for tests. One whose text begins with "bad" cannot be
// rendered.
type textPage struct {
	text     string
	rendered *atomic.Int64
}

func (p textPage) Render(b []byte) ([]byte, error) {
	if p.rendered != nil {
		p.rendered.Add(1)
	}
	if strings.HasPrefix(p.text, "bad") {
		return b, errors.New(p.text)
	}
	return append(b, p.text...), nil
}

// publishTest is an output folder and the journal behind it.
type publishTest struct {
	*testing.T
	dir      string
	root     *os.Root
	journal  fstest.MapFS
	rendered atomic.Int64
}

func newPublishTest(t *testing.T) *publishTest {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return &publishTest{T: t, dir: dir, root: root, journal: fstest.MapFS{}}
}

// site returns a site of pages, given as pairs of a path and a text; a text
// "copy of X" stands for the file X of the journal.
func (t *publishTest) site(pairs ...string) []site.File {
	files := []site.File{}
	for i := 0; i < len(pairs); i += 2 {
		f := site.File{Path: pairs[i]}
		if source, ok := strings.CutPrefix(pairs[i+1], "copy of "); ok {
			f.Source = source
		} else {
			f.Inputs = textPage{pairs[i+1], &t.rendered}
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b site.File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

func (t *publishTest) output() *Output {
	return New(t.root, t.journal)
}

func (t *publishTest) publish(o *Output, s []site.File) Report {
	t.Helper()
	r, err := o.Publish(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// put puts a file into the folder as somebody else would.
func (t *publishTest) put(name, text string) {
	t.Helper()
	at := filepath.Join(t.dir, name)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tree returns all files and empty folders but the manifest.
func (t *publishTest) tree() map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(t.dir, func(at string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(t.dir, at)
		name = filepath.ToSlash(name)
		switch {
		case err != nil || name == "." || name == manifestName:
			return err
		case d.IsDir():
			tree[name+"/"] = ""
		case d.Type()&fs.ModeSymlink != 0:
			tree[name], err = os.Readlink(at)
		default:
			var b []byte
			b, err = os.ReadFile(at)
			tree[name] = string(b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range tree {
		delete(tree, filepath.ToSlash(filepath.Dir(name))+"/")
	}
	return tree
}

func (t *publishTest) wantTree(pairs ...string) {
	t.Helper()
	want := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		want[pairs[i]] = pairs[i+1]
	}
	if got := t.tree(); !maps.Equal(got, want) {
		t.Errorf("the folder holds\n%q, want\n%q", got, want)
	}
}

func wantReport(t *testing.T, r Report, written, unchanged, removed int, foreign ...Foreign) {
	t.Helper()
	if r.Written != written || r.Unchanged != unchanged || r.Removed != removed || !slices.Equal(r.Foreign, foreign) || len(r.Errors) > 0 {
		t.Errorf("report %+v, want %d written, %d unchanged, %d removed, foreign %v", r, written, unchanged, removed, foreign)
	}
}

func TestPublish(t *testing.T) {
	p := newPublishTest(t)
	o := p.output()
	wantReport(t, p.publish(o, p.site("index.html", "one", "contacts/ada.html", "ada", "tags/a/b.html", "b")), 3, 0, 0)
	p.wantTree("index.html", "one", "contacts/ada.html", "ada", "tags/a/b.html", "b")

	next := p.site("index.html", "two", "contacts/ada.html", "ada", "contacts/grace.html", "grace")
	wantReport(t, p.publish(o, next), 2, 1, 1)
	p.wantTree("index.html", "two", "contacts/ada.html", "ada", "contacts/grace.html", "grace")

	p.rendered.Store(0)
	wantReport(t, p.publish(o, next), 0, 3, 0)
	if n := p.rendered.Load(); n != 0 {
		t.Errorf("rendered %d pages whose inputs are the same", n)
	}
	// Another process renders every page, and touches none that is the same.
	before := p.stats()
	wantReport(t, p.publish(p.output(), next), 0, 3, 0)
	if n := p.rendered.Load(); n != 3 {
		t.Errorf("a new process rendered %d pages, not 3", n)
	}
	if after := p.stats(); !maps.Equal(before, after) {
		t.Errorf("a build that changes nothing touched files: %v, then %v", before, after)
	}
	p.put("index.html", "TWO")
	wantReport(t, p.publish(p.output(), next), 1, 2, 0)
	p.wantTree("index.html", "two", "contacts/ada.html", "ada", "contacts/grace.html", "grace")
}

// stats tells whether any file was touched, the manifest too.
func (t *publishTest) stats() map[string]string {
	stats := map[string]string{}
	_ = filepath.WalkDir(t.dir, func(at string, d fs.DirEntry, err error) error {
		if info, err := os.Stat(at); err == nil {
			stats[at] = fmt.Sprint(info.ModTime().UnixNano(), info.Mode(), info.Size())
		}
		return nil
	})
	return stats
}

// pausedPage is a page that somebody waits for, and that waits for somebody.
type pausedPage struct{ reached, resume chan struct{} }

func (p pausedPage) Render(b []byte) ([]byte, error) {
	close(p.reached)
	<-p.resume
	return append(b, "paused"...), nil
}

// A page that another process wrote while one was at work is kith's still, and follows
// the journal.
func TestPublishTwoAtATime(t *testing.T) {
	p := newPublishTest(t)
	pages := func(text string, more ...string) []site.File {
		for i := range 150 {
			more = append(more, fmt.Sprintf("contacts/%03d.html", i), text)
		}
		return p.site(more...)
	}
	slow := p.output()
	p.publish(slow, pages("one"))

	paused := pausedPage{make(chan struct{}), make(chan struct{})}
	two := pages("two")
	two = append(two, site.File{Path: "paused.html", Inputs: paused}) // after contacts
	var work sync.WaitGroup
	work.Go(func() { p.publish(slow, two) })
	<-paused.reached
	p.publish(p.output(), pages("three", "new.html", "new"))
	close(paused.resume)
	work.Wait()

	last := pages("four", "new.html", "changed")
	for _, o := range []*Output{slow, p.output()} {
		if r := p.publish(o, last); len(r.Foreign) > 0 {
			t.Errorf("foreign: %v", r.Foreign)
		}
		want := map[string]string{}
		for _, f := range last {
			want[f.Path] = f.Inputs.(textPage).text
		}
		if !maps.Equal(p.tree(), want) {
			t.Error("what is there is not the last site")
		}
	}
}

// A file that comes to be in the place of a page between the look at the folder and the
// writing is kith's if the manifest had announced it, or does by now, and else is not.
func TestPublishWhatAnotherWrites(t *testing.T) {
	for _, c := range []struct {
		name, before, meanwhile string
		ours                    bool
	}{
		{"announced before", "? \"new.html\"\n", "", true},
		{"announced meanwhile", "", "? \"new.html\"\n", true},
		{"not announced", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPublishTest(t)
			p.put(manifestName, manifestHeader+"\n"+c.before)
			o := p.output()
			o.step = func() error { // the first is to make the folder
				o.step = nil
				p.put("new.html", "theirs")
				p.put(manifestName, manifestHeader+"\n"+c.before+c.meanwhile)
				return nil
			}
			r := p.publish(o, p.site("a/page.html", "page", "new.html", "ours"))
			if (len(r.Foreign) == 0) != c.ours {
				t.Errorf("foreign: %v", r.Foreign)
			}
			want := map[bool]string{true: "ours", false: "theirs"}[c.ours]
			p.wantTree("a/page.html", "page", "new.html", want)
		})
	}
}

// A page that a process has announced, and was stopped before it wrote it, is another's
// who wrote it meanwhile, and so kith's.
func TestPublishStoppedWhileAnotherWrites(t *testing.T) {
	p := newPublishTest(t)
	ctx, stop := context.WithCancel(t.Context())
	o, steps := p.output(), 0
	o.Workers = 1
	o.step = func() error {
		if steps++; steps == 2 { // the first was to announce both
			stop()
			p.publish(p.output(), p.site("a.html", "a", "new.html", "theirs"))
		}
		return nil
	}
	if _, err := o.Publish(ctx, p.site("a.html", "a", "new.html", "ours"), nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	p.wantTree("a.html", "a", "new.html", "theirs")
	if r := p.publish(p.output(), p.site("a.html", "a", "new.html", "next")); len(r.Foreign) > 0 {
		t.Errorf("foreign: %v", r.Foreign)
	}
	p.wantTree("a.html", "a", "new.html", "next")
}

func TestPublishPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	p := newPublishTest(t)
	p.journal["content/contacts/ada.jpg"] = &fstest.MapFile{Data: []byte("photo"), Mode: 0o644}
	p.publish(p.output(), p.site("index.html", "one", "contacts/ada.html", "ada", "contacts/ada.jpg", "copy of content/contacts/ada.jpg"))
	for name, want := range map[string]fs.FileMode{
		"contacts":   fs.ModeDir | 0o700,
		"index.html": 0o600, "contacts/ada.html": 0o600, "contacts/ada.jpg": 0o600, manifestName: 0o600,
	} {
		info, err := os.Stat(filepath.Join(p.dir, name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v (%v), want %v", name, info.Mode(), err, want)
		}
	}

	other := newPublishTest(t)
	if err := os.Chmod(other.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	other.publish(other.output(), other.site("index.html", "one"))
	if info, err := os.Stat(other.dir); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("a folder that somebody else made was closed: %v (%v)", info.Mode(), err)
	}
}

func TestPublishForeign(t *testing.T) {
	p := newPublishTest(t)
	p.put("CNAME", "example.org")
	p.put("contacts/mine.txt", "mine")
	p.put("contacts/ada.html", "not kith's")
	p.put("tags", "a file")
	p.put("index.html/deep/x", "a folder")
	p.put("lib/one/a.js", "1")
	p.put("lib/two/b.js", "2")
	p.put(".git/config", "let be")
	p.put(".nojekyll", "")
	o := p.output()
	s := p.site("index.html", "one", "contacts/ada.html", "ada", "contacts/grace.html", "grace", "tags/a.html", "a", "tags/b.html", "b")
	wantReport(t, p.publish(o, s), 1, 0, 0,
		Foreign{"CNAME", false},
		Foreign{"contacts/ada.html", true},
		Foreign{"contacts/mine.txt", false},
		Foreign{"index.html/", true},
		Foreign{"lib/", false},
		Foreign{"tags", true})
	untouched := []string{
		"CNAME", "example.org", "contacts/mine.txt", "mine", "tags", "a file", "index.html/deep/x", "a folder",
		"lib/one/a.js", "1", "lib/two/b.js", "2", ".git/config", "let be", ".nojekyll", "",
	}
	p.wantTree(append(untouched, "contacts/ada.html", "not kith's", "contacts/grace.html", "grace")...)
	wantReport(t, p.publish(o, s), 0, 1, 0) // each is named once

	// Out of the way, the pages come; the site gone, everything else stays.
	if err := os.Remove(filepath.Join(p.dir, "contacts/ada.html")); err != nil {
		t.Fatal(err)
	}
	wantReport(t, p.publish(o, s), 1, 1, 0)
	p.publish(o, p.site())
	p.wantTree(untouched...)
}

func TestPublishLinks(t *testing.T) {
	p := newPublishTest(t)
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "x"), []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.put("mine/x", "mine")
	for name, target := range map[string]string{"contacts": outside, "tags": "mine", "index.html": filepath.Join(outside, "x")} {
		if err := os.Symlink(target, filepath.Join(p.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	s := p.site("contacts/x", "ada", "tags/x", "a", "index.html", "one", "due.html", "due")
	wantReport(t, p.publish(p.output(), s), 1, 0, 0,
		Foreign{"contacts", true}, Foreign{"index.html", true}, Foreign{"mine/", false}, Foreign{"tags", true})
	p.wantTree("contacts", outside, "tags", "mine", "index.html", filepath.Join(outside, "x"), "mine/x", "mine", "due.html", "due")
	if b, err := os.ReadFile(filepath.Join(outside, "x")); string(b) != "precious" {
		t.Errorf("a link led out of the folder: %q, %v", b, err)
	}

	// A page of ours that was replaced by a link is nobody's of ours any more.
	if err := os.Remove(filepath.Join(p.dir, "due.html")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "x"), filepath.Join(p.dir, "due.html")); err != nil {
		t.Fatal(err)
	}
	p.publish(p.output(), p.site())
	p.wantTree("contacts", outside, "tags", "mine", "index.html", filepath.Join(outside, "x"), "mine/x", "mine", "due.html", filepath.Join(outside, "x"))
}

// Somebody else's changes to kith's own files do not last.
func TestPublishMends(t *testing.T) {
	pages := []string{"a.html", "aaaa", "b.html", "bbbb", "c.html", "cccc", "d/d.html", "dddd"}
	for name, spoil := range map[string]func(p *publishTest){
		"edited":         func(p *publishTest) { p.put("a.html", "an edit") },
		"same size":      func(p *publishTest) { p.put("b.html", "BBBB") },
		"removed":        func(p *publishTest) { os.Remove(filepath.Join(p.dir, "c.html")) },
		"folder removed": func(p *publishTest) { os.RemoveAll(filepath.Join(p.dir, "d")) },
		"all removed": func(p *publishTest) {
			for _, name := range []string{"a.html", "b.html", "c.html", "d", manifestName} {
				os.RemoveAll(filepath.Join(p.dir, name))
			}
		},
		"folder emptied":        func(p *publishTest) { os.Remove(filepath.Join(p.dir, "d/d.html")) },
		"left over":             func(p *publishTest) { p.put(tempPrefix+"0000-1", "half a pa") },
		"left over in a folder": func(p *publishTest) { p.put("d/"+tempPrefix+"0000-1", "half a pa") },
		"other times":           func(p *publishTest) { os.Chtimes(filepath.Join(p.dir, "a.html"), time.Time{}, time.Unix(1, 0)) },
		"manifest lost":         func(p *publishTest) { os.Remove(filepath.Join(p.dir, manifestName)) },
		"manifest cut":          func(p *publishTest) { p.put(manifestName, p.manifestText()[:len(p.manifestText())-7]) },
		"manifest that lies": func(p *publishTest) {
			p.put(manifestName, p.manifestText()+"= \"a.html\" 1000000000000000 1 0\n")
		},
		"manifest of old": func(p *publishTest) { p.put(manifestName, "# kith 0: something\n- a.html\n") },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublishTest(t)
			s := p.site(pages...)
			p.publish(p.output(), s)
			spoil(p)
			p.publish(p.output(), s)
			p.wantTree(pages...)
			wantReport(t, p.publish(p.output(), s), 0, 4, 0)
			p.publish(p.output(), p.site())
			p.wantTree()
		})
	}
}

func (t *publishTest) manifestText() string {
	b, err := os.ReadFile(filepath.Join(t.dir, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A page that cannot be rendered stays as it was, and the others do not wait.
func TestPublishPageErrors(t *testing.T) {
	p := newPublishTest(t)
	o := p.output()
	p.publish(o, p.site("a.html", "a", "b.html", "b"))
	r, err := o.Publish(t.Context(), p.site("a.html", "bad a", "b.html", "new b", "c.html", "bad c"), nil)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(r.Errors, func(a, b PageError) int { return strings.Compare(a.Path, b.Path) })
	if len(r.Errors) != 2 || r.Errors[0].Path != "a.html" || r.Errors[1].Err.Error() != "bad c" {
		t.Errorf("errors %v", r.Errors)
	}
	p.wantTree("a.html", "a", "b.html", "new b")
	p.put("c.html", "mine now")
	wantReport(t, p.publish(p.output(), p.site("a.html", "better a", "b.html", "new b", "c.html", "c")), 1, 1, 0, Foreign{"c.html", true})
	p.wantTree("a.html", "better a", "b.html", "new b", "c.html", "mine now")
}

func TestPublishCopies(t *testing.T) {
	p := newPublishTest(t)
	now := time.Now()
	old, future := now.Add(-time.Hour), now.Add(time.Hour)
	photo := func(text string, changed time.Time) {
		p.journal["content/contacts/ada.jpg"] = &fstest.MapFile{Data: []byte(text), ModTime: changed}
	}
	s := p.site("contacts/ada.jpg", "copy of content/contacts/ada.jpg", "gone.jpg", "copy of content/gone.jpg")
	o := p.output()
	for _, step := range []struct {
		what, text string
		changed    time.Time
		written    int
	}{
		{"new", "one", old, 1},
		{"same", "one", old, 0},
		{"a new time only", "one", old.Add(time.Minute), 0},
		{"same size", "two", old.Add(2 * time.Minute), 1},
		{"just now", "three", now, 1},
		{"within a tick", "THREE", now, 1},
		{"in the future", "four", future, 1},
		{"same future", "FOUR", future, 1},
		{"back again", "one", old, 1},
	} {
		for _, o := range []*Output{o, p.output()} { // another process finds nothing to do
			photo(step.text, step.changed)
			r, err := o.Publish(t.Context(), s, nil)
			if err != nil || r.Written != step.written || len(r.Errors) != 1 {
				t.Errorf("%s: report %+v, %v, want %d written", step.what, r, err, step.written)
			}
			step.written = 0
			p.wantTree("contacts/ada.jpg", step.text)
		}
	}
	delete(p.journal, "content/contacts/ada.jpg")
	p.publish(o, p.site())
	p.wantTree()
}

func TestPublishFirst(t *testing.T) {
	p := newPublishTest(t)
	o := p.output()
	o.Workers = 1
	var pages []string
	for i := range 9 {
		pages = append(pages, fmt.Sprintf("p%d.html", i), "page")
	}
	// Stop after two files: each is a step to write and one to rename, and one
	// step before them all is the manifest's.
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	o.step = func() error {
		if steps++; steps == 5 {
			cancel()
		}
		return nil
	}
	if _, err := o.Publish(ctx, p.site(pages...), []string{"p7.html", "none.html", "p4.html"}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	p.wantTree("p7.html", "page", "p4.html", "page")
	wantReport(t, p.publish(o, p.site(pages...)), 7, 2, 0)
}

// What somebody waits for is rendered for them and for the folder together.
func TestPublishShared(t *testing.T) {
	p := newPublishTest(t)
	o := p.output()
	o.Shared = func(f site.File) ([]byte, error) {
		if f.Path == "bad.html" {
			return []byte("as it was"), errors.New("bad template")
		}
		return []byte("shared " + f.Path), nil
	}
	r, err := o.Publish(t.Context(), p.site("a.html", "a", "b.html", "b", "bad.html", "c"), []string{"b.html", "bad.html"})
	if err != nil || len(r.Errors) != 1 || r.Errors[0].Path != "bad.html" {
		t.Errorf("report %+v, error %v; want that bad.html failed", r, err)
	}
	p.wantTree("a.html", "a", "b.html", "shared b.html")
	if n := p.rendered.Load(); n != 1 {
		t.Errorf("%d pages were rendered, want one", n)
	}
}

// Whatever happens to a build, at every step: what is there is whole, what is
// not kith's is untouched, and the next build equals a clean one.
func TestPublishInterrupted(t *testing.T) {
	died := errors.New("died")
	for _, kind := range []string{"killed", "cancelled"} {
		for stop := 1; ; stop++ {
			p := newPublishTest(t)
			p.journal["content/photo"] = &fstest.MapFile{Data: []byte("photo"), ModTime: time.Unix(1, 0)}
			p.put("CNAME", "example.org")
			p.put("contacts/mine", "mine")
			before := p.site("index.html", "one", "contacts/ada.html", "ada", "tags/a/b.html", "b", "tags/a/c.html", "c", "photo", "copy of content/photo")
			p.publish(p.output(), before)
			old := p.tree()
			p.journal["content/photo"] = &fstest.MapFile{Data: []byte("PHOTO"), ModTime: time.Unix(2, 0)}
			after := p.site("index.html", "two", "contacts/ada.html", "ada", "contacts/grace.html", "grace", "tags/a/c.html", "cc",
				"tags/new/d.html", "d", "photo", "copy of content/photo", "bad.html", "bad")
			want := []string{
				"index.html", "two", "contacts/ada.html", "ada", "contacts/grace.html", "grace", "tags/a/c.html", "cc",
				"tags/new/d.html", "d", "photo", "PHOTO", "CNAME", "example.org", "contacts/mine", "mine",
			}

			ctx, cancel := context.WithCancel(t.Context())
			var steps atomic.Int64
			o := p.output()
			o.step = func() error {
				if n := steps.Add(1); n < int64(stop) {
					return nil
				}
				cancel()
				if kind == "killed" {
					return died // also at all steps that follow
				}
				return nil
			}
			_, err := o.Publish(ctx, after, nil)
			if err == nil {
				cancel()
				if stop < 10 {
					t.Errorf("%s: only %d steps", kind, stop)
				}
				break
			}
			whole := map[string]bool{"": true}
			for name, text := range old {
				whole[name+"="+text] = true
			}
			for i := 0; i < len(want); i += 2 {
				whole[want[i]+"="+want[i+1]] = true
			}
			for name, text := range p.tree() {
				if !whole[name+"="+text] && !strings.HasPrefix(path.Base(name), tempPrefix) && !strings.HasSuffix(name, "/") {
					t.Errorf("%s at step %d: %s holds %q", kind, stop, name, text)
				}
			}

			next := p.output()
			if kind == "cancelled" && stop%2 == 0 {
				next, o.step = o, nil // as `kith serve` goes on
			}
			// The next build may be of the site before as well.
			if rand.IntN(2) == 0 {
				p.journal["content/photo"] = &fstest.MapFile{Data: []byte("photo"), ModTime: time.Unix(1, 0)}
				p.publish(next, before)
				if got := p.tree(); !maps.Equal(got, old) {
					t.Errorf("%s at step %d, then back: the folder holds\n%q, want\n%q", kind, stop, got, old)
				}
				p.journal["content/photo"] = &fstest.MapFile{Data: []byte("PHOTO"), ModTime: time.Unix(2, 0)}
			}
			if _, err := next.Publish(t.Context(), after, nil); err != nil {
				t.Fatal(err)
			}
			p.wantTree(want...)
			p.publish(p.output(), p.site())
			p.wantTree("CNAME", "example.org", "contacts/mine", "mine")
			if t.Failed() {
				t.Fatalf("%s at step %d", kind, stop)
			}
		}
	}
}

// A process that dies between writing a page and saying so in the manifest
// leaves a file that can look like the one before: same size, same tick of the
// clock.
func TestPublishKilledInOneTick(t *testing.T) {
	p := newPublishTest(t)
	before, after := p.site("index.html", "one"), p.site("index.html", "two")
	p.publish(p.output(), before)
	at := filepath.Join(p.dir, "index.html")
	info, err := os.Stat(at)
	if err != nil {
		t.Fatal(err)
	}
	o := p.output()
	steps := 0
	o.step = func() error {
		if steps++; steps > 3 { // the manifest, the page, its name
			return errors.New("died")
		}
		return nil
	}
	if _, err := o.Publish(t.Context(), after, nil); err == nil {
		t.Fatal("did not die")
	}
	p.wantTree("index.html", "two")
	if err := os.Chtimes(at, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	p.publish(p.output(), before)
	p.wantTree("index.html", "one")
}

// A page of a new folder is written in its place: a process that is killed may leave
// half of it, of which the manifest says that it may hold anything.
func TestPublishAfterHalfAPage(t *testing.T) {
	p := newPublishTest(t)
	s := p.site("d/x.html", "whole", "d/y.html", "other")
	p.publish(p.output(), s)
	text := p.manifestText()
	start := strings.Index(text, `= "d/x.html"`)
	p.put(manifestName, text[:start]+text[start:][strings.Index(text[start:], "\n")+1:]) // the line that came after the page
	p.put("d/x.html", "who")
	wantReport(t, p.publish(p.output(), s), 1, 1, 0)
	p.wantTree("d/x.html", "whole", "d/y.html", "other")
}

// Where a file of kith's was removed by somebody else and the site has none any
// more, a file with that name is somebody else's.
func TestPublishForgets(t *testing.T) {
	p := newPublishTest(t)
	p.publish(p.output(), p.site("a.html", "a", "b.html", "b"))
	os.Remove(filepath.Join(p.dir, "a.html"))
	p.publish(p.output(), p.site("b.html", "b"))
	p.put("a.html", "mine")
	wantReport(t, p.publish(p.output(), p.site()), 0, 0, 1, Foreign{"a.html", false})
	p.wantTree("a.html", "mine")
}

// A folder that is left empty by a process that dies is nobody else's.
func TestPublishEmptyFolder(t *testing.T) {
	p := newPublishTest(t)
	p.publish(p.output(), p.site("a.html", "a", "d/e/f.html", "f"))
	o := p.output()
	steps := 0
	o.step = func() error {
		if steps++; steps > 1 { // the file, and not its folder
			return errors.New("died")
		}
		return nil
	}
	if _, err := o.Publish(t.Context(), p.site("a.html", "a"), nil); err == nil {
		t.Fatal("did not die")
	}
	wantReport(t, p.publish(p.output(), p.site("a.html", "a")), 0, 1, 0)
	p.wantTree("a.html", "a")

	// And a file in the place of such a folder is not kith's.
	p.publish(p.output(), p.site("a.html", "a", "d/e/f.html", "f"))
	os.RemoveAll(filepath.Join(p.dir, "d"))
	p.put("d", "mine")
	wantReport(t, p.publish(p.output(), p.site("a.html", "a")), 0, 1, 0, Foreign{"d", false})
	p.wantTree("a.html", "a", "d", "mine")
}

// Two processes that publish to one folder in turn do not mislead each other.
// A page that was given up before it was written leaves no folder that was made for it.
func TestPublishGivesUpFolders(t *testing.T) {
	test := newPublishTest(t)
	o := New(test.root, test.journal)
	if _, err := o.Publish(t.Context(), test.site("a.html", "a"), nil); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := o.Publish(ctx, test.site("a.html", "a", "tags/x/y.html", "y"), nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := o.Publish(t.Context(), test.site("a.html", "b"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := test.root.Stat("tags"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestPublishInTurn(t *testing.T) {
	p := newPublishTest(t)
	one, two := p.output(), p.output()
	for i := range 20 {
		text := fmt.Sprint(i)
		p.publish(one, p.site("a.html", "a", "b.html", text))
		p.publish(two, p.site("a.html", "a", "c.html", text))
		p.wantTree("a.html", "a", "c.html", text)
	}
	if n := strings.Count(p.manifestText(), "\n"); n > 150 {
		t.Errorf("the manifest of two files has %d lines", n)
	}
}

// Random sites, one after the other: the folder is always what a clean build
// makes.
func TestPublishRandom(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	p := newPublishTest(t)
	o := p.output()
	for range 200 {
		if r.IntN(5) == 0 {
			o = p.output()
		}
		want := map[string]string{}
		var pairs []string
		for _, dir := range []string{"", "a/", "b/", "b/c/", "b/c/d/"} {
			for _, name := range []string{"x", "y", "z z", "ü\n\"\\"} {
				if r.IntN(3) == 0 {
					want[dir+name] = strings.Repeat("t", r.IntN(3))
					pairs = append(pairs, dir+name, want[dir+name])
				}
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		if r.IntN(3) == 0 {
			var steps atomic.Int64
			stop := 1 + r.Int64N(20)
			o.step = func() error {
				if steps.Add(1) == stop {
					cancel()
				}
				return nil
			}
		}
		_, err := o.Publish(ctx, p.site(pairs...), nil)
		cancel()
		if o.step = nil; err != nil {
			continue
		}
		if got := p.tree(); !maps.Equal(got, want) {
			t.Fatalf("the folder holds\n%q, want\n%q", got, want)
		}
	}
}

// Until there is time for all pages, those are written that somebody looks at; a
// newer site finds the others as they were.
func TestWhatIsLookedAtIsWrittenFirst(t *testing.T) {
	p := newPublishTest(t)
	o := p.output()
	p.publish(o, p.site("a.html", "a", "b.html", "b", "c.html", "c"))
	next := p.site("a.html", "aa", "b.html", "bb", "c.html", "cc", "d.html", "dd")

	never := make(chan struct{})
	o.Calm = never
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer stop()
		for {
			if text, err := os.ReadFile(filepath.Join(p.dir, "c.html")); err != nil || string(text) == "cc" {
				return
			}
			runtime.Gosched()
		}
	}()
	if _, err := o.Publish(ctx, next, []string{"c.html"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Publish says %v when it was stopped", err)
	}
	p.wantTree("a.html", "a", "b.html", "b", "c.html", "cc")

	close(never)
	p.publish(o, next)
	p.wantTree("a.html", "aa", "b.html", "bb", "c.html", "cc", "d.html", "dd")
}
