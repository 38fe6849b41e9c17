package watch

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	pollRecent = 200  // the paths that changed last, looked at in every round
	pollOthers = 2000 // how many of all the others, in turn
	pollAgain  = 3    // rounds after which a change is told once more
)

// poll compares the files below root with how it last saw them, over and over
// with a pause between the rounds, and sends the paths of those that differ.
func poll(ctx context.Context, root string, pause time.Duration, changes chan<- []string) {
	p := newPoller(ctx, root)
	for {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		if !send(ctx, changes, p.round(ctx)) {
			return
		}
	}
}

// A poller finds changes by the size, time, mode and identity of files.
//
// Work per round is bounded, as every look can be a journey over the network: a
// round looks at all folders, whose times tell of files made, renamed and
// removed in them; at the files that changed last, because who edits a note
// edits it again; and at a slice of all the others.
//
// Many drives keep times to the second or two, so a file that is saved, looked
// at and saved again can seem the same. Each change is therefore told once more
// some rounds later, when the clock of any drive has moved on; and so is
// everything, for the changes around the first look.
type poller struct {
	root    string
	folders map[string]map[string]fs.FileInfo // what each folder held when last looked at, by name
	recent  []string                          // what changed last, latest first
	others  []string                          // what is left of the present turn around everything
	again   map[string]int                    // the round in which to tell a path once more
	rounds  int
	changed map[string]bool // in the present round
}

func newPoller(ctx context.Context, root string) *poller {
	p := &poller{
		root:    root,
		folders: map[string]map[string]fs.FileInfo{},
		again:   map[string]int{".": pollAgain},
		changed: map[string]bool{},
	}
	p.list(ctx, ".")

	p.recent = p.everything()
	slices.SortFunc(p.recent, func(a, b string) int {
		return p.last(b).ModTime().Compare(p.last(a).ModTime())
	})
	p.recent = slices.Clip(p.recent[:min(pollRecent, len(p.recent))])
	return p
}

// round looks around once and returns the paths to tell.
func (p *poller) round(ctx context.Context) []string {
	p.rounds++
	p.changed = map[string]bool{}

	p.list(ctx, ".")
	for _, folder := range slices.Collect(maps.Keys(p.folders)) {
		if folder != "." {
			p.look(ctx, folder)
		}
	}
	for _, name := range p.recent {
		p.look(ctx, name)
	}
	if len(p.others) == 0 {
		p.others = p.everything()
	}
	slice := p.others[:min(pollOthers, len(p.others))]
	p.others = p.others[len(slice):]
	for _, name := range slice {
		p.look(ctx, name)
		if p.folders[name] != nil {
			p.list(ctx, name) // even if its time says that nothing is new
		}
	}

	tell := slices.Collect(maps.Keys(p.changed))
	for name, round := range p.again {
		if round <= p.rounds && !p.changed[name] {
			delete(p.again, name)
			tell = append(tell, name)
		}
	}
	unchanged := slices.DeleteFunc(p.recent, func(name string) bool { return p.changed[name] })
	p.recent = slices.Collect(maps.Keys(p.changed))
	p.recent = append(p.recent, unchanged...)
	p.recent = slices.Clip(p.recent[:min(pollRecent, len(p.recent))])
	for name := range p.changed {
		p.again[name] = p.rounds + pollAgain
	}
	return tell
}

// look compares what is at name with what was there the last time.
func (p *poller) look(ctx context.Context, name string) {
	entries := p.folders[path.Dir(name)]
	if entries == nil || ctx.Err() != nil {
		return
	}
	base := path.Base(name)
	before := entries[base]
	now, err := os.Lstat(filepath.Join(p.root, filepath.FromSlash(name)))
	switch {
	case err == nil:
		entries[base] = now
	case errors.Is(err, fs.ErrNotExist):
		delete(entries, base)
		now = nil
	default:
		return // a drive that is away for a moment has lost nothing
	}

	switch {
	case before == nil && now == nil:
	case before == nil || now == nil || !same(before, now):
		p.changed[name] = true
		p.forget(name)
		if now != nil && now.IsDir() {
			p.list(ctx, name)
		}
	case now.IsDir() && !now.ModTime().Equal(before.ModTime()):
		p.list(ctx, name)
	}
}

// list looks at what appeared in a folder and what vanished from it.
func (p *poller) list(ctx context.Context, folder string) {
	known := p.folders[folder]
	if known == nil {
		known = map[string]fs.FileInfo{}
		p.folders[folder] = known
	}
	entries, err := os.ReadDir(filepath.Join(p.root, filepath.FromSlash(folder)))
	if err != nil {
		return // its own change, if it has one, is found by look
	}
	present := make(map[string]bool, len(entries))
	for _, entry := range entries {
		name := path.Join(folder, entry.Name())
		if !belongs(name) {
			continue
		}
		present[entry.Name()] = true
		if known[entry.Name()] == nil {
			p.look(ctx, name)
		}
	}
	for base := range known {
		if !present[base] {
			p.look(ctx, path.Join(folder, base))
		}
	}
}

// forget drops what was seen in a folder that is gone or is another one now.
func (p *poller) forget(name string) {
	maps.DeleteFunc(p.folders, func(folder string, _ map[string]fs.FileInfo) bool {
		return folder == name || strings.HasPrefix(folder, name+"/")
	})
}

// everything returns the paths of all known files and folders.
func (p *poller) everything() []string {
	var names []string
	for folder, entries := range p.folders {
		for base := range entries {
			names = append(names, path.Join(folder, base))
		}
	}
	return names
}

func (p *poller) last(name string) fs.FileInfo {
	return p.folders[path.Dir(name)][path.Base(name)]
}

// same reports whether a file seems untouched, or a folder is still the same
// one, whatever it holds.
func same(a, b fs.FileInfo) bool {
	return a.Mode() == b.Mode() && os.SameFile(a, b) &&
		(a.IsDir() || a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()))
}
