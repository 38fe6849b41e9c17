// Package watch tells which files of a journal changed. It is the only package
// that knows fsnotify.
//
// [Watch] sets a watch on every folder that a build reads and returns; from
// then on its channel gives a [Batch] of changed paths whenever the files have
// come to rest. A consumer that calls Watch first, reads the journal next and
// then re-reads what each batch names is never behind the disk:
//
//	batches, err := watch.Watch(ctx, root, watch.Options{})
//	…
//	everything := read(root)
//	for batch := range batches {
//		everything = everything.reread(batch)
//	}
//
// A path says where to look, never what happened: editors save by writing, by
// truncating and writing in pieces, or by renaming another file over the old
// one, and a consumer that looks at what is there now need not care. A path may
// name a folder, and then stands for all that is, or was, below it: the system
// tells of a new or moved folder and not of the files that came along.
//
// On the way from the system to the consumer every stage takes what it is given
// at once and merges it until the next stage is ready, so that neither a slow
// build nor a checkout of a thousand files makes anything wait or get lost:
//
//	fsnotify → listen → watcher.run → settle → consumer
//	                        poll ↗
//
// Where the system cannot tell (its limit is reached, or the files are on a
// network drive), [Options.Notify] is called once and the files are compared
// every second instead, see poll.go.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A Batch names what changed since the batch before it.
type Batch struct {
	// Paths are slash-separated and relative to the journal's root, sorted and
	// unique. Each may have been written, made, moved or removed, and may be a
	// file or a folder.
	Paths []string

	// All says that anything may have changed, and Paths is empty: changes came
	// faster than the system could queue them, or a folder was moved or
	// removed. What was read before is worth comparing with, by content; file
	// times are no proof, as two saves can share one.
	All bool
}

// Options tune [Watch]; the zero value is right for a person at an editor.
type Options struct {
	// Quiet is how long no file may change before a batch is given. It starts
	// again with each change. Default: 10 ms, which spans the pieces of a save
	// and which nobody sees. A batch of two files waits for twice as long, and
	// so on; one of ten or more, ten times; and one with a file that is empty or
	// gone, five times at least.
	Quiet time.Duration

	// Limit is how long changes that do not end can hold a batch back. Default:
	// 250 ms, so that someone who watches a long download arrive sees it move.
	// It grows like Quiet: a checkout of a thousand files stays in one batch.
	Limit time.Duration

	// Notify is told, at most once, that changes will be found late. It is
	// called by Watch or later, from another goroutine, and must not block.
	Notify func(Notice)
}

// A Notice says why changes will be found late, and what cures that.
type Notice struct {
	Message string
	Hint    string
}

// Watch watches the journal in the folder root: kith.toml, content and
// templates, present or yet to come. Once it returns, no change goes untold. It
// looks neither into public nor at what the journal ignores, nor through
// symbolic links; those it names when they change themselves.
//
// The channel is closed when ctx is done and all of Watch's goroutines have
// ended.
func Watch(ctx context.Context, root string, opts Options) (<-chan Batch, error) {
	return watch(ctx, root, opts, system{
		add:     (*fsnotify.Watcher).Add,
		network: networkDrive,
		pause:   time.Second,
	})
}

// A system is what tests cannot bring about for real: limits and network drives.
type system struct {
	add     func(w *fsnotify.Watcher, dir string) error
	network func(dir string) bool
	pause   time.Duration // between two rounds of polling
}

func watch(ctx context.Context, root string, opts Options, sys system) (<-chan Batch, error) {
	if opts.Quiet == 0 {
		opts.Quiet = 10 * time.Millisecond
	}
	if opts.Limit == 0 {
		opts.Limit = 250 * time.Millisecond
	}
	if opts.Notify == nil {
		opts.Notify = func(Notice) {}
	}

	info, err := os.Stat(root)
	if err != nil {
		return nil, fmt.Errorf("watch the journal: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("watch the journal: %s is not a folder", root)
	}
	// Some systems name events by where a link leads. A few kinds of Windows
	// volumes cannot say; there the root as given has to do.
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}

	w := &watcher{root: root, sys: sys, notify: opts.Notify, mustPoll: make(chan struct{})}
	w.restart()

	changes := make(chan []string)
	batches := make(chan Batch)
	var stages sync.WaitGroup
	stages.Go(func() { w.run(ctx, changes) })
	stages.Go(func() { settle(ctx, changes, batches, w.hollow, opts.Quiet, opts.Limit) })
	stages.Go(func() {
		select {
		case <-w.mustPoll:
			poll(ctx, root, sys.pause, changes)
		case <-ctx.Done():
		}
	})
	go func() {
		stages.Wait()
		close(batches)
	}()
	return batches, nil
}

// A watcher keeps a watch on every folder and turns events into changed paths.
//
// What keeps it right while folders come, move and go under its hands is one
// rule: a folder is watched before it is listed, parents first. So whatever
// happens to a folder after it was listed, its parent's watch tells.
type watcher struct {
	root     string
	sys      system
	notify   func(Notice)
	once     sync.Once     // for notify and mustPoll
	mustPoll chan struct{} // closed when events are not enough

	// These last from one restart to the next; fsw and events are nil when
	// the system gives no events at all.
	fsw     *fsnotify.Watcher
	events  <-chan map[string]fsnotify.Op
	folders map[string]bool // those with a watch
}

// hollow reports whether there is nothing at a path, or a file without a byte.
func (w *watcher) hollow(path string) bool {
	info, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(path)))
	return errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().IsRegular() && info.Size() == 0
}

func (w *watcher) run(ctx context.Context, changes chan<- []string) {
	defer w.close()
	for {
		select {
		case ops := <-w.events:
			if !send(ctx, changes, w.follow(ops)) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// send passes paths on, and reports false when there is nobody to take them.
func send(ctx context.Context, changes chan<- []string, paths []string) bool {
	if len(paths) == 0 {
		return true
	}
	select {
	case changes <- paths:
		return true
	case <-ctx.Done():
		return false
	}
}

// follow brings the watches up to date with ops, and returns the changed paths.
func (w *watcher) follow(ops map[string]fsnotify.Op) []string {
	for path, op := range ops {
		switch {
		case w.folders[path] && (op.Has(fsnotify.Remove) || op.Has(fsnotify.Rename)):
			// The folders below keep their watches when one is moved, and
			// would report under the old name for ever. Forgetting them one by
			// one is exact on Linux alone: kqueue keeps their files open, and
			// Windows cannot find them again. A fresh start is right everywhere.
			w.restart()
			return []string{"."}
		case op.Has(fsnotify.Create) || op.Has(fsnotify.Chmod):
			w.add(path) // also after chmod: it may be readable only now
		case w.folders[path]:
			// Some systems call it a write to a folder when a file in it
			// changes, which they tell as well.
			delete(ops, path)
		}
	}
	return slices.Collect(maps.Keys(ops))
}

// restart watches everything afresh. What happened unseen until it returns is
// for its caller to tell, as a change of ".".
func (w *watcher) restart() {
	w.close()
	fsw, err := fsnotify.NewWatcher()
	if err != nil {
		w.fallBack(limitNotice(err))
		return
	}
	w.fsw, w.events, w.folders = fsw, listen(fsw, w.root), map[string]bool{}
	w.add(".")
}

func (w *watcher) close() {
	if w.fsw == nil {
		return
	}
	w.fsw.Close()
	for range w.events { // until listen has ended
	}
	w.fsw, w.events, w.folders = nil, nil, nil
}

// add watches the folder at name and those below it, if it is one.
func (w *watcher) add(name string) {
	if w.fsw == nil {
		return
	}
	dir := filepath.Join(w.root, filepath.FromSlash(name))
	info, err := os.Lstat(dir)
	if name == "." && err != nil {
		w.fallBack(goneNotice())
	}
	if err != nil || !info.IsDir() {
		return
	}

	if w.sys.network(dir) {
		w.fallBack(networkNotice()) // the watch still tells what this machine does
	}
	var entries []fs.DirEntry
	err = w.sys.add(w.fsw, dir)
	if err == nil {
		w.folders[name] = true
		entries, err = os.ReadDir(dir)
	}
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrPermission):
		// Gone again or not readable: the parent's watch tells when that changes.
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		// Where each watched file is held open, keeping the watches would leave
		// none for reading notes.
		w.close()
		fallthrough
	default:
		w.fallBack(limitNotice(err))
	}
	for _, entry := range entries {
		if below := path.Join(name, entry.Name()); entry.IsDir() && belongs(below) {
			w.add(below)
		}
	}
}

// fallBack has the files polled from now on, and says so the first time.
func (w *watcher) fallBack(n Notice) {
	w.once.Do(func() {
		w.notify(n)
		close(w.mustPoll)
	})
}

// listen collects the events of fsw, by path below root, until they are taken.
// It ends when fsw is closed.
//
// It is a stage of its own because fsnotify can hold a lock, or on Windows its
// only thread, while it waits for someone to take an event: who adds watches
// must not be the one it waits for.
func listen(fsw *fsnotify.Watcher, root string) <-chan map[string]fsnotify.Op {
	out := make(chan map[string]fsnotify.Op)
	go func() {
		defer close(out)
		seen := map[string]fsnotify.Op{}
		for {
			var ready chan<- map[string]fsnotify.Op
			if len(seen) > 0 {
				ready = out
			}
			select {
			case event, ok := <-fsw.Events:
				if !ok {
					return
				}
				rel, err := filepath.Rel(root, event.Name)
				if name := filepath.ToSlash(rel); err == nil && belongs(name) {
					seen[name] |= event.Op
				}
			case _, ok := <-fsw.Errors:
				if !ok {
					return
				}
				// The queue overflowed, or worse. As if the root had gone,
				// everything is watched and compared anew.
				seen["."] |= fsnotify.Remove
			case ready <- seen:
				seen = map[string]fsnotify.Op{}
			}
		}
	}()
	return out
}
