package watch

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	quiet = 10 * time.Millisecond
	limit = 250 * time.Millisecond
)

// settling runs settle under a clock that stands still until all wait for it.
// When the test ends, settle must end too, or the bubble panics.
func settling(t *testing.T, test func(t *testing.T, changes chan<- []string, batches <-chan Batch)) {
	synctest.Test(t, func(t *testing.T) {
		changes, batches := make(chan []string), make(chan Batch)
		hollow := func(path string) bool { return strings.HasPrefix(path, "empty") }
		go settle(t.Context(), changes, batches, hollow, quiet, limit)
		test(t, changes, batches)
	})
}

func expect(t *testing.T, got Batch, want ...string) {
	t.Helper()
	if diff := cmp.Diff(Batch{Paths: want}, got); diff != "" {
		t.Errorf("batch (-want +got):\n%s", diff)
	}
}

func TestOneSaveIsTellableAfterTheQuietWindow(t *testing.T) {
	settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
		start := time.Now()
		changes <- []string{"a"}
		expect(t, <-batches, "a")
		if waited := time.Since(start); waited != quiet {
			t.Errorf("told after %v, want %v", waited, quiet)
		}
	})
}

func TestEachChangeRestartsTheQuietWindow(t *testing.T) {
	settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
		start := time.Now()
		for range 4 {
			changes <- []string{"a"}
			time.Sleep(quiet - 1)
		}
		expect(t, <-batches, "a")
		if waited := time.Since(start); waited != 4*quiet-3 {
			t.Errorf("told after %v, want %v", waited, 4*quiet-3)
		}
	})
}

func TestTheMoreFilesChangeTheLongerTheyMayPause(t *testing.T) {
	for files, want := range map[int]time.Duration{1: quiet, 2: 2 * quiet, 3: 3 * quiet, 10: 10 * quiet, 1000: 10 * quiet} {
		settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
			for i := range files {
				time.Sleep(time.Duration(min(i, 10))*quiet - 1)
				changes <- []string{fmt.Sprint(i)}
			}
			start := time.Now()
			if batch := <-batches; len(batch.Paths) != files {
				t.Errorf("a batch of %d, want all %d", len(batch.Paths), files)
			}
			if waited := time.Since(start); waited != want {
				t.Errorf("%d files were told after %v, want %v", files, waited, want)
			}
		})
	}
}

func TestAFileWithNothingInItIsGivenTimeToBeWritten(t *testing.T) {
	for paths, want := range map[string]time.Duration{
		"empty": 5 * quiet, "empty,empty too": 5 * quiet, "full,empty": 5 * quiet, "full,full too": 2 * quiet,
		"1,2,3,4,5,6,empty": 7 * quiet, "1,2,3,4,5,6,7,8,9,10,11,empty": 10 * quiet,
	} {
		settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
			start := time.Now()
			changes <- strings.Split(paths, ",")
			<-batches
			if waited := time.Since(start); waited != want {
				t.Errorf("%s: told after %v, want %v", paths, waited, want)
			}
		})
	}
}

func TestAnEndlessStreamIsToldInPieces(t *testing.T) {
	for files, patience := range map[int]time.Duration{1: 1, 1_000_000: 10} {
		settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
			go func() {
				for i := 0; send(t.Context(), changes, []string{fmt.Sprint(i % files)}); i++ {
					select {
					case <-time.After(quiet / 2):
					case <-t.Context().Done():
					}
				}
			}()

			start := time.Now()
			for i := range 40 {
				batch := <-batches
				waited := time.Since(start)
				if at := time.Duration(i+1) * (patience*limit + quiet/2); waited > at {
					t.Fatalf("of %d files, batch %d came after %v, want %v at most", files, i, waited, at)
				}
				if want := min(files, int(patience*limit/(quiet/2))); len(batch.Paths) < want-1 || len(batch.Paths) > want+1 {
					t.Errorf("batch %d names %d paths, want about %d", i, len(batch.Paths), want)
				}
			}
		})
	}
}

func TestWhatHappensDuringABuildJoinsTheNextBatch(t *testing.T) {
	settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
		changes <- []string{"first"}
		expect(t, <-batches, "first")

		// Building: three saves, far apart.
		for _, path := range []string{"b", "a", "b"} {
			changes <- []string{path}
			time.Sleep(2 * limit)
		}
		start := time.Now()
		expect(t, <-batches, "a", "b")
		if waited := time.Since(start); waited != 0 {
			t.Errorf("a settled batch was held back for %v", waited)
		}

		synctest.Wait()
		select {
		case batch := <-batches:
			t.Errorf("told twice: %v", batch)
		default:
		}
		changes <- []string{"c"}
		expect(t, <-batches, "c")
	})
}

func TestASaveInProgressWhenTheBuildEndsIsNotCutInHalf(t *testing.T) {
	settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
		changes <- []string{"a"}
		time.Sleep(2 * limit) // building; "a" waits
		changes <- []string{"b"}
		start := time.Now()
		expect(t, <-batches, "a", "b")
		if waited := time.Since(start); waited != 2*quiet {
			t.Errorf("told %v after the last change, want %v", waited, 2*quiet)
		}
	})
}

func TestEverythingSwallowsPaths(t *testing.T) {
	settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
		changes <- []string{"a", "."}
		changes <- []string{"b"}
		if diff := cmp.Diff(Batch{All: true}, <-batches); diff != "" {
			t.Errorf("batch (-want +got):\n%s", diff)
		}
		changes <- []string{"c"}
		expect(t, <-batches, "c")
	})
}

func TestNothingChangedNothingWakes(t *testing.T) {
	settling(t, func(t *testing.T, changes chan<- []string, batches <-chan Batch) {
		changes <- []string{"a"}
		expect(t, <-batches, "a")
		select {
		case batch := <-batches:
			t.Errorf("told of %v, but nothing changed", batch)
		case <-time.After(time.Hour):
		}
	})
}
