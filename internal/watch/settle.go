package watch

import (
	"context"
	"maps"
	"slices"
	"time"
)

// settle gathers changes into batches until ctx is done. A batch is ready when
// no change came for the time quiet, or limit after its first one; sometimes it has
// more patience, as [gathering.patience] says. A change that comes while a ready
// batch waits for its consumer joins it, and the files may come to rest again: the
// save it is part of should not be read half-way.
func settle(ctx context.Context, changes <-chan []string, batches chan<- Batch, hollow func(path string) bool, quiet, limit time.Duration) {
	gathered := gathering{}
	var batch Batch
	var ready chan<- Batch // nil while there is no batch to take
	for {
		select {
		case ready <- batch:
			gathered, ready = gathering{}, nil
			continue
		case paths := <-changes:
			gathered.add(paths)
		case <-ctx.Done():
			return
		}

		if !gathered.rest(ctx, changes, hollow, quiet, limit) {
			return
		}
		batch, ready = gathered.batch(), batches
		select {
		case ready <- batch: // who waits is served before another change is heard
			gathered, ready = gathering{}, nil
		default:
		}
	}
}

// A gathering is the set of paths that changed since the last batch.
type gathering map[string]bool

func (g gathering) add(paths []string) {
	for _, path := range paths {
		g[path] = true
	}
}

// batch returns what was gathered. The root as a changed folder is everything.
func (g gathering) batch() Batch {
	if g["."] {
		return Batch{All: true}
	}
	return Batch{Paths: slices.Sorted(maps.Keys(g))}
}

// patience is how many times as long a batch may wait for the files to come to
// rest. A save is of one file, and somebody looks at the screen. Where there are
// more, a checkout or a script is at work, which pauses for longer than an editor
// does between two pieces of a file; to show it half-way would only keep the
// machine from the rest of it. A file that is hollow, empty or not there, is most
// often about to be written: a machine with much to do can stop an editor there.
func (g gathering) patience(hollow func(path string) bool) time.Duration {
	const some, most = 5, 10
	if g["."] || len(g) >= most {
		return most
	}
	for path := range g {
		if len(g) < some && hollow(path) {
			return some
		}
	}
	return time.Duration(len(g))
}

// rest gathers changes until none comes for the time quiet, but no longer than
// limit, both times the patience. It reports false if ctx ended it.
func (g gathering) rest(ctx context.Context, changes <-chan []string, hollow func(path string) bool, quiet, limit time.Duration) bool {
	limits := time.NewTicker(limit)
	defer limits.Stop()
	patience := g.patience(hollow)
	rested := time.After(quiet * patience)
	for passed := time.Duration(0); passed < patience; {
		select {
		case paths := <-changes:
			g.add(paths)
			patience = g.patience(hollow)
			rested = time.After(quiet * patience)
		case <-limits.C:
			passed++
		case <-rested:
			return true
		case <-ctx.Done():
			return false
		}
	}
	return true
}
