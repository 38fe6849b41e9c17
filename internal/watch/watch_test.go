package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/google/go-cmp/cmp"
)

// patience is how long a test waits for what must happen; none waits for it in
// vain unless it fails.
const patience = 20 * time.Second

// A disk is a folder that a test changes the way people and programs do. What
// it cannot do is a failure of the test at once.
type disk struct {
	t    testing.TB
	root string
}

func (d disk) at(path string) string { return filepath.Join(d.root, filepath.FromSlash(path)) }

func (d disk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d disk) write(path, text string) {
	d.t.Helper()
	d.mkdir(filepath.ToSlash(filepath.Dir(filepath.FromSlash(path))))
	d.must(os.WriteFile(d.at(path), []byte(text), 0o644))
}

func (d disk) mkdir(path string) { d.t.Helper(); d.must(os.MkdirAll(d.at(path), 0o755)) }

func (d disk) rename(from, to string)        { d.t.Helper(); d.must(os.Rename(d.at(from), d.at(to))) }
func (d disk) remove(path string)            { d.t.Helper(); d.must(os.RemoveAll(d.at(path))) }
func (d disk) symlink(to, path string)       { d.t.Helper(); d.must(os.Symlink(to, d.at(path))) }
func (d disk) chmod(p string, m os.FileMode) { d.t.Helper(); d.must(os.Chmod(d.at(p), m)) }

// A reader knows the journal as a consumer does that reads it once and then
// only what batches name: the content of each file, by path.
type reader struct {
	disk
	known map[string]string
}

func newReader(d disk) *reader {
	r := &reader{disk: d, known: map[string]string{}}
	r.apply(Batch{All: true})
	return r
}

func (r *reader) apply(batch Batch) {
	if batch.All {
		clear(r.known)
		r.read("kith.toml")
		r.read("content")
		r.read("templates")
	}
	for _, name := range batch.Paths {
		for known := range r.known {
			if known == name || strings.HasPrefix(known, name+"/") {
				delete(r.known, known)
			}
		}
		r.read(name)
	}
}

func (r *reader) read(name string) {
	filepath.WalkDir(r.at(name), func(file string, entry fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(r.root, file)
		name := filepath.ToSlash(rel)
		switch {
		case err != nil:
		case !belongs(name) && entry.IsDir():
			return fs.SkipDir
		case !belongs(name):
		case entry.Type()&fs.ModeSymlink != 0:
			r.known[name], _ = os.Readlink(file)
		case entry.Type().IsRegular():
			if text, err := os.ReadFile(file); err == nil {
				r.known[name] = string(text)
			}
		}
		return nil
	})
}

// A following is a journal that is watched and read, with all that was told.
type following struct {
	*reader
	batches <-chan Batch
	told    []Batch
	stop    func()
}

// follow watches the journal that start makes.
func follow(t *testing.T, start func(disk)) *following {
	return followOn(t, start, Options{}, system{
		add:     (*fsnotify.Watcher).Add,
		network: func(string) bool { return false },
		pause:   time.Hour,
	})
}

func followOn(t *testing.T, start func(disk), opts Options, sys system) *following {
	t.Helper()
	d := disk{t, t.TempDir()}
	if start != nil {
		start(d)
	}
	ctx, cancel := context.WithCancel(t.Context())
	batches, err := watch(ctx, d.root, opts, sys)
	d.must(err)
	stop := func() {
		cancel()
		for range batches { // until all has ended
		}
	}
	t.Cleanup(stop)
	return &following{reader: newReader(d), batches: batches, stop: stop}
}

// next takes one batch.
func (f *following) next() Batch {
	f.t.Helper()
	select {
	case batch := <-f.batches:
		f.told = append(f.told, batch)
		f.apply(batch)
		return batch
	case <-time.After(patience):
		f.t.Fatalf("nothing was told any more; so far: %v", f.told)
		panic("unreachable")
	}
}

// catchUp makes one last change and takes batches until it is told, and so
// everything before it. Then what was read has to be what is there.
func (f *following) catchUp() {
	f.t.Helper()
	mark := fmt.Sprintf("# %d batches", len(f.told))
	f.write("kith.toml", mark)
	for f.known["kith.toml"] != mark {
		f.next()
	}
	if diff := cmp.Diff(newReader(f.disk).known, f.known); diff != "" {
		f.t.Errorf("on disk (-), as read (+), told %v:\n%s", f.told, diff)
	}
}

// await takes batches until one names path.
func (f *following) await(path string) {
	f.t.Helper()
	for !slices.Contains(f.next().Paths, path) {
	}
}

func (f *following) toldOf(path string) bool {
	return slices.ContainsFunc(f.told, func(b Batch) bool { return slices.Contains(b.Paths, path) })
}

func ada(d disk) {
	d.write("content/contacts/ada.md", "old")
	d.write("content/contacts/charles.md", "Difference")
	d.write("templates/pages/index.html", "<h1>")
	d.write("kith.toml", "")
}

func TestEverySaveIsTold(t *testing.T) {
	const note = "content/contacts/ada.md"
	for name, save := range map[string]func(d disk){
		"in place": func(d disk) { d.write(note, "new") },
		"in place, in pieces": func(d disk) {
			file, err := os.OpenFile(d.at(note), os.O_WRONLY|os.O_TRUNC, 0o644)
			d.must(err)
			defer file.Close()
			for range 50 {
				_, err := file.WriteString("a line\n")
				d.must(err)
			}
		},
		"appended": func(d disk) {
			file, err := os.OpenFile(d.at(note), os.O_WRONLY|os.O_APPEND, 0o644)
			d.must(err)
			defer file.Close()
			_, err = file.WriteString("- 2026-10-02 call: hello\n")
			d.must(err)
		},
		"one byte, in place": func(d disk) {
			file, err := os.OpenFile(d.at(note), os.O_RDWR, 0o644)
			d.must(err)
			defer file.Close()
			_, err = file.WriteAt([]byte("n"), 0)
			d.must(err)
		},
		"Vim: probe, backup, new file": func(d disk) {
			d.write("content/contacts/.ada.md.swp", "b0VIM")
			d.write("content/contacts/4913", "")
			d.remove("content/contacts/4913")
			d.rename(note, note+"~")
			d.write(note, "new")
			d.remove(note + "~")
			d.remove("content/contacts/.ada.md.swp")
		},
		"Emacs: lock, auto-save, backup, new file": func(d disk) {
			d.symlink("ada@engine.1843:1", "content/contacts/.#ada.md")
			d.write("content/contacts/#ada.md#", "ne")
			d.rename(note, note+"~")
			d.write(note, "new")
			d.remove("content/contacts/#ada.md#")
			d.remove("content/contacts/.#ada.md")
		},
		"VS Code, Obsidian: temporary file renamed over": func(d disk) {
			d.write("content/contacts/ada.md.1843.tmp", "new")
			d.rename("content/contacts/ada.md.1843.tmp", note)
		},
		"renamed over from outside": func(d disk) {
			outside := disk{d.t, d.t.TempDir()}
			outside.write("download.md", "new")
			d.must(os.Rename(outside.at("download.md"), d.at(note)))
		},
		"deleted": func(d disk) { d.remove(note) },
		"deleted and written again": func(d disk) {
			d.remove(note)
			d.write(note, "new")
		},
		"made unreadable for others": func(d disk) { d.chmod(note, 0o600) },
		"replaced by a folder": func(d disk) {
			d.remove(note)
			d.write(note+"/inside.md", "new")
		},
		"replaced by a symbolic link": func(d disk) {
			d.remove(note)
			d.symlink("charles.md", note)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := follow(t, ada)
			save(f.disk)
			f.catchUp()
			if !f.toldOf(note) {
				t.Errorf("%s is not in %v", note, f.told)
			}
			for _, batch := range f.told {
				for _, path := range batch.Paths {
					if !belongs(path) {
						t.Errorf("told of %s", path)
					}
				}
			}
		})
	}
}

func TestFoldersComeMoveAndGo(t *testing.T) {
	for name, change := range map[string]func(f *following){
		"a new folder with a file in it": func(f *following) {
			f.write("content/contacts/friends/grace.md", "new")
		},
		"folders in a new folder, made at once": func(f *following) {
			f.write("content/contacts/a/b/c/d/grace.md", "new")
			f.write("content/contacts/a/b/mary.md", "new")
		},
		"a folder moved in": func(f *following) {
			outside := disk{f.t, f.t.TempDir()}
			outside.write("friends/close/grace.md", "new")
			f.must(os.Rename(outside.at("friends"), f.at("content/contacts/friends")))
		},
		"a folder moved out": func(f *following) {
			f.must(os.Rename(f.at("content/contacts"), filepath.Join(f.t.TempDir(), "contacts")))
		},
		"a folder moved within": func(f *following) {
			f.rename("content/contacts", "content/people")
		},
		"a folder moved into a new one": func(f *following) {
			f.mkdir("content/journal")
			f.rename("content/contacts", "content/journal/contacts")
		},
		"two folders change names": func(f *following) {
			f.rename("content/contacts", "content/tmp-name")
			f.rename("content/circles", "content/contacts")
			f.rename("content/tmp-name", "content/circles")
		},
		"a folder is deleted": func(f *following) { f.remove("content/contacts") },
		"a folder is deleted and made again": func(f *following) {
			f.remove("content/contacts")
			f.write("content/contacts/deep/down/grace.md", "new")
		},
		"the content is deleted and made again": func(f *following) {
			f.remove("content")
			f.write("content/contacts/deep/down/grace.md", "new")
		},
		"a folder becomes hidden":      func(f *following) { f.rename("content/contacts/deep", "content/contacts/_deep") },
		"a hidden folder shows itself": func(f *following) { f.rename("content/_later", "content/now") },
		"a folder becomes a file": func(f *following) {
			f.remove("content/contacts")
			f.write("content/contacts", "new")
		},
		"templates come": func(f *following) { f.write("templates/pages/index.html", "new") },
	} {
		t.Run(name, func(t *testing.T) {
			f := follow(t, func(d disk) {
				d.write("content/contacts/ada.md", "old")
				d.write("content/contacts/deep/down/charles.md", "old")
				d.write("content/circles/poets/mentors.md", "old")
				d.write("content/_later/x/mary.md", "old")
			})
			change(f)
			f.catchUp()

			// And whatever there is now is watched: every file, and every folder.
			for path := range newReader(f.disk).known {
				f.write(path, "later still")
			}
			f.catchUp()
			filepath.WalkDir(f.root, func(path string, entry fs.DirEntry, _ error) error {
				if rel, _ := filepath.Rel(f.root, path); entry.IsDir() {
					f.write(filepath.ToSlash(rel)+"/newcomer.md", "new")
				}
				return nil
			})
			f.catchUp()
		})
	}
}

// A folder that arrives while it is still being filled is where a watcher can
// miss a file: made too late to be listed, too early to be watched.
func TestAFolderFilledWhileItIsFoundLosesNothing(t *testing.T) {
	f := follow(t, ada)
	for i := range 30 {
		for j := range 4 {
			f.write(fmt.Sprintf("content/contacts/%d/%d/%d.md", i, j, j), "new")
			f.write(fmt.Sprintf("content/contacts/%d/%d.md", i, j), "new")
		}
	}
	f.catchUp()
}

func TestSettingsAndTemplatesAreTold(t *testing.T) {
	f := follow(t, ada)
	f.write("kith.toml.new", `every = "6 weeks"`)
	f.rename("kith.toml.new", "kith.toml")
	expect(t, f.next(), "kith.toml")
	f.write("templates/pages/index.html", "<h2>")
	f.await("templates/pages/index.html")
}

func TestACheckoutIsAFewBatchesNotAThousand(t *testing.T) {
	f := follow(t, func(d disk) {
		for i := range 1000 {
			d.write(fmt.Sprintf("content/contacts/%04d.md", i), "old")
		}
	})
	for i := range 1000 {
		f.write(fmt.Sprintf("content/contacts/%04d.md", i), "new")
	}
	f.catchUp()
	if len(f.told) > 10 {
		t.Errorf("%d batches for one checkout", len(f.told))
	}
	for _, batch := range f.told {
		if !slices.IsSorted(batch.Paths) || len(slices.Compact(slices.Clone(batch.Paths))) != len(batch.Paths) {
			t.Errorf("batch is not sorted and unique: %v", batch.Paths)
		}
	}
}

func TestOnlyTheJournalsOwnFilesAreTold(t *testing.T) {
	outside := disk{t, t.TempDir()}
	outside.write("secret.md", "old")
	f := follow(t, func(d disk) {
		ada(d)
		d.write("public/contacts/ada.html", "")
		d.write(".git/index", "")
		d.write("content/.obsidian/workspace.json", "")
		d.write("content/_drafts/x.md", "")
		d.symlink(outside.root, "content/contacts/elsewhere")
		d.symlink(outside.root, "elsewhere")
	})
	f.write("public/contacts/ada.html", "<p>")
	f.write("public/contacts/new.html", "<p>")
	f.write(".git/index", "DIRC")
	f.write("content/.obsidian/workspace.json", "{}")
	f.write("content/_drafts/x.md", "new")
	f.write("content/_drafts/deep/x.md", "new")
	f.write("content/contacts/.hidden.md", "new")
	f.write("README.md", "new")
	f.write("elsewhere.md", "new")
	outside.write("secret.md", "new")
	outside.write("folder/secret.md", "new")
	f.catchUp()
	for _, batch := range f.told {
		if diff := cmp.Diff(Batch{Paths: []string{"kith.toml"}}, batch); diff != "" {
			t.Errorf("batch (-want +got):\n%s", diff)
		}
	}
}

func TestALinkIsToldWhenItChangesItself(t *testing.T) {
	outside := disk{t, t.TempDir()}
	outside.write("folder/secret.md", "old")
	const link = "content/contacts/elsewhere"

	f := follow(t, ada)
	f.symlink(outside.at("folder"), link)
	expect(t, f.next(), link)
	outside.write("folder/secret.md", "new")
	f.catchUp()
	f.remove(link)
	f.await(link)
	for _, batch := range f.told {
		for _, path := range batch.Paths {
			if strings.HasPrefix(path, link+"/") {
				t.Errorf("told of %s, which is outside of the journal", path)
			}
		}
	}
}

func TestTheRootMayBeALinkOrRelative(t *testing.T) {
	real := disk{t, t.TempDir()}
	ada(real)
	link := filepath.Join(t.TempDir(), "journal")
	real.must(os.Symlink(real.root, link))
	t.Chdir(real.root)

	for _, root := range []string{link, ".", link + "/"} {
		batches, err := Watch(t.Context(), root, Options{})
		real.must(err)
		real.write("content/contacts/ada.md", root)
		select {
		case batch := <-batches:
			expect(t, batch, "content/contacts/ada.md")
		case <-time.After(patience):
			t.Fatalf("%s: nothing was told", root)
		}
	}
}

func TestAFolderThatBecomesReadableIsWatched(t *testing.T) {
	const shut = "content/contacts/shut"
	f := followOn(t, func(d disk) {
		d.write(shut+"/deep/ada.md", "old")
		d.chmod(shut, 0)
		t.Cleanup(func() { d.chmod(shut, 0o755) })
	}, Options{}, system{
		add: func(w *fsnotify.Watcher, dir string) error {
			if info, err := os.Stat(dir); err != nil || info.Mode().Perm() == 0 {
				return fs.ErrPermission // which is never said to the superuser
			}
			return w.Add(dir)
		},
		network: func(string) bool { return false },
		pause:   time.Hour,
	})
	f.chmod(shut, 0o755)
	f.await(shut)
	f.write(shut+"/deep/ada.md", "new")
	f.await(shut + "/deep/ada.md")
}

func TestWhatHappensToAFolderWhileOthersAreAddedIsNotForgotten(t *testing.T) {
	fsw := &fsnotify.Watcher{Events: make(chan fsnotify.Event), Errors: make(chan error)}
	events := listen(fsw, "root")
	for _, op := range []fsnotify.Op{fsnotify.Remove, fsnotify.Create, fsnotify.Write} {
		fsw.Events <- fsnotify.Event{Name: filepath.Join("root", "content", "contacts"), Op: op}
	}
	want := map[string]fsnotify.Op{"content/contacts": fsnotify.Remove | fsnotify.Create | fsnotify.Write}
	if diff := cmp.Diff(want, <-events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	close(fsw.Events)
	for range events {
	}
}

func TestWhenTheQueueOverflowsEverythingIsCompared(t *testing.T) {
	var fsw *fsnotify.Watcher
	f := followOn(t, ada, Options{}, system{
		add: func(w *fsnotify.Watcher, dir string) error {
			fsw = w
			return w.Add(dir)
		},
		network: func(string) bool { return false },
		pause:   time.Hour,
	})
	fsw.Errors <- fsnotify.ErrEventOverflow
	if diff := cmp.Diff(Batch{All: true}, f.next()); diff != "" {
		t.Errorf("batch (-want +got):\n%s", diff)
	}
	f.write("content/contacts/ada.md", "new")
	f.await("content/contacts/ada.md")
}

// notices collects what the user is told.
type notices struct {
	mu  sync.Mutex
	all []Notice
}

func (n *notices) add(notice Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, notice)
}

// want fails the test unless there were so many notices, and returns them.
func (n *notices) want(t *testing.T, count int) []Notice {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.all) != count {
		t.Fatalf("want %d notices, got %q", count, n.all)
	}
	return slices.Clone(n.all)
}

func TestWithoutWatchesFilesArePolledAndTheCureIsSaidOnce(t *testing.T) {
	for name, test := range map[string]struct {
		add     error
		network bool
		hint    string
	}{
		"watch limit":   {add: syscall.ENOSPC, hint: "fs.inotify.max_user_watches="},
		"no more files": {add: fmt.Errorf("open: %w", syscall.EMFILE), hint: map[bool]string{true: "fs.inotify.max_user_instances=", false: "ulimit -n"}[runtime.GOOS == "linux"]},
		"no watches":    {add: errors.ErrUnsupported, hint: "a drive of this computer"},
		"network drive": {add: fs.ErrPermission, network: true, hint: "a drive of this computer"},
	} {
		t.Run(name, func(t *testing.T) {
			var said notices
			f := followOn(t, ada, Options{Notify: said.add}, system{
				add:     func(*fsnotify.Watcher, string) error { return test.add },
				network: func(string) bool { return test.network },
				pause:   time.Millisecond,
			})
			f.write("content/contacts/ada.md", "new")
			f.write("content/contacts/new/grace.md", "new")
			f.remove("content/contacts/charles.md")
			f.catchUp()
			if notice := said.want(t, 1)[0]; !strings.Contains(notice.Hint, test.hint) || notice.Message == "" {
				t.Errorf("notice %q does not hint at %q", notice, test.hint)
			}
		})
	}
}

func TestWhenNoFileCanBeOpenedWatchesAreGivenUp(t *testing.T) {
	var fsw *fsnotify.Watcher
	followOn(t, ada, Options{}, system{
		add: func(w *fsnotify.Watcher, dir string) error {
			fsw = w
			if filepath.Base(dir) == "contacts" {
				return syscall.EMFILE
			}
			return w.Add(dir)
		},
		network: func(string) bool { return false },
		pause:   time.Millisecond,
	})
	if err := fsw.Add(t.TempDir()); !errors.Is(err, fsnotify.ErrClosed) {
		t.Errorf("the watches still hold files open: %v", err)
	}
}

// On a network drive the system does tell what this machine does, at once.
func TestOnANetworkDriveOwnSavesAreStillToldAtOnce(t *testing.T) {
	var said notices
	f := followOn(t, ada, Options{Notify: said.add}, system{
		add:     (*fsnotify.Watcher).Add,
		network: func(dir string) bool { return filepath.Base(dir) == "contacts" },
		pause:   time.Hour,
	})
	f.write("content/contacts/ada.md", "new")
	expect(t, f.next(), "content/contacts/ada.md")
	said.want(t, 1)
}

// macOS and Windows tell of a write to a folder whenever a file in it changes;
// taken for a change of all its files, each save would re-read the journal.
func TestAWriteToAFolderIsNoChangeOfItsFiles(t *testing.T) {
	w := watcher{folders: map[string]bool{"content/contacts": true}}
	told := w.follow(map[string]fsnotify.Op{
		"content/contacts":        fsnotify.Write,
		"content/contacts/ada.md": fsnotify.Write,
	})
	if diff := cmp.Diff([]string{"content/contacts/ada.md"}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestWhenTheLimitIsReachedLaterNothingIsLost(t *testing.T) {
	var said notices
	f := followOn(t, ada, Options{Notify: said.add}, system{
		add: func(w *fsnotify.Watcher, dir string) error {
			if filepath.Base(dir) == "one-too-many" {
				return syscall.ENOSPC
			}
			return w.Add(dir)
		},
		network: func(string) bool { return false },
		pause:   time.Millisecond,
	})
	f.catchUp()
	said.want(t, 0)
	f.write("content/contacts/one-too-many/grace.md", "new")
	f.catchUp()
	f.write("content/contacts/one-too-many/grace.md", "newer")
	for f.known["content/contacts/one-too-many/grace.md"] != "newer" {
		f.next()
	}
	f.mkdir("content/contacts/another/one-too-many")
	f.catchUp()
	said.want(t, 1)
}

func TestAJournalThatIsMovedAwayIsFoundWhenItComesBack(t *testing.T) {
	var said notices
	f := followOn(t, ada, Options{Notify: said.add}, system{
		add:     (*fsnotify.Watcher).Add,
		network: func(string) bool { return false },
		pause:   time.Millisecond,
	})
	away := filepath.Join(t.TempDir(), "journal")
	f.must(os.Rename(f.root, away))
	for len(f.known) > 0 {
		f.next()
	}
	if notice := said.want(t, 1)[0]; !strings.Contains(notice.Message, "moved or removed") {
		t.Errorf("notice: %q", notice)
	}
	f.must(os.Rename(away, f.root))
	f.catchUp()
}

func TestAJournalThatIsNotThereCannotBeWatched(t *testing.T) {
	d := disk{t, t.TempDir()}
	d.write("file", "")
	for _, path := range []string{"missing", "file"} {
		if _, err := Watch(t.Context(), d.at(path), Options{}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v", path, err)
		}
	}
	if _, err := Watch(t.Context(), d.at("missing"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v does not wrap fs.ErrNotExist", err)
	}
}

func TestCancellingEndsItAllEvenWithAnUntakenBatch(t *testing.T) {
	for _, pause := range []time.Duration{time.Hour, time.Microsecond} {
		d := disk{t, t.TempDir()}
		ada(d)
		ctx, cancel := context.WithCancel(t.Context())
		batches, err := watch(ctx, d.root, Options{}, system{
			add:     (*fsnotify.Watcher).Add,
			network: func(string) bool { return true },
			pause:   pause,
		})
		d.must(err)
		for i := range 100 {
			d.write(fmt.Sprintf("content/contacts/%d/x.md", i), "new")
		}
		cancel()
		deadline := time.After(patience)
		for open := true; open; {
			select {
			case _, open = <-batches:
			case <-deadline:
				t.Fatal("the channel stays open")
			}
		}
		for left := running(); left != ""; left = running() { // the last step of each may be yet to come
			select {
			case <-deadline:
				t.Fatalf("still running:\n%s", left)
			default:
				runtime.Gosched()
			}
		}
	}
}

// running returns the stacks of the goroutines that watching started.
func running() string {
	var stacks, ours strings.Builder
	pprof.Lookup("goroutine").WriteTo(&stacks, 2)
	for stack := range strings.SplitSeq(stacks.String(), "\n\n") {
		for _, name := range []string{"fsnotify.", "watch.listen", "watch.poll", "watch.settle", "watch.(*watcher)"} {
			if strings.Contains(stack, name) {
				fmt.Fprintln(&ours, stack)
				break
			}
		}
	}
	return ours.String()
}
