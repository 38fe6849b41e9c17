package watch

import (
	"context"
	"maps"
	"slices"
	"time"
)

// settle gathers changes into batches until ctx is done. A batch is ready when
// no change came for the time quiet, or limit after its first one. A change
// that comes while a ready batch waits for its consumer joins it, and the files
// may come to rest again: the save it is part of should not be read half-way.
func settle(ctx context.Context, changes <-chan []string, batches chan<- Batch, quiet, limit time.Duration) {
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

		if !gathered.rest(ctx, changes, quiet, limit) {
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

// rest gathers changes until none comes for the time quiet, but no longer than
// limit. It reports false if ctx ended it.
func (g gathering) rest(ctx context.Context, changes <-chan []string, quiet, limit time.Duration) bool {
	resting, overdue := time.NewTimer(quiet), time.NewTimer(limit)
	for {
		select {
		case paths := <-changes:
			g.add(paths)
			resting.Reset(quiet)
		case <-resting.C:
			return true
		case <-overdue.C:
			return true
		case <-ctx.Done():
			return false
		}
	}
}
