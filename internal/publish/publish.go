// Package publish makes a folder hold a site, and touches only what differs.
//
// An [Output] is such a folder: what is in it that kith did not write is left alone,
// and named. A file is written under a temporary name and renamed, so nobody ever
// reads half a page where there was another; in a folder that is new, pages get their
// names at once. A manifest in the folder says which files are kith's and what is in
// them (manifest.go); it is always written before the files it speaks of, so that
// whatever happens to a build, the next one knows all that is its own and finishes the
// work. Two processes that publish to one folder notice each other by it.
package publish

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"kith/internal/folder"
	"kith/internal/site"
)

// Output is a folder that sites are written to, public/ of a journal. One goroutine at a
// time may use it.
type Output struct {
	// Workers is how many files are made at the same time, if they are not very
	// many; 0 is one for each processor.
	Workers int
	// Calm, if not nil, is closed when there is time for all pages. Until then
	// Publish writes those that it is given as the first.
	Calm <-chan struct{}
	// Shared, if not nil, renders the pages that Publish is given as the first, for
	// whoever needs one at the same moment. Nobody changes the bytes it returns.
	Shared func(site.File) ([]byte, error)

	root    *os.Root
	content fs.FS

	manifest manifest
	files    map[string]*owned // by path: what kith wrote, and means to write
	folders  map[string]bool   // those that kith made
	named    map[string]bool   // the foreign files that a report has named
	temp     string            // the start of temporary names, this Output's own
	missing  map[string]bool   // of what the manifest says is kith's, a moment ago
	untidy   bool              // there may be folders with nothing in them

	// clock is the newest time seen on a file that was written here: a clock
	// that can be behind, and never ahead, of the one that files are dated by.
	clock atomic.Int64

	// step, if not nil, is asked before each change on disk, which fails if it
	// does: a test dies at every step.
	step func() error
}

// owned is a file in the folder that kith wrote.
type owned struct {
	stamp
	// inputs are those of the page as it was last written by this process. They
	// are nil if that is not known, or if the file is to be looked at again.
	inputs site.Inputs
	// found is what was in the folder when this process first looked, until it
	// is compared with what the manifest says.
	found fs.FileInfo
	// first says that the manifest has not heard of the file.
	first bool
}

// stamp is what the manifest says of a file. The zero stamp says that it may
// be anything.
type stamp struct {
	folder.Info // what it looked like when it was written
	// source is when the file that it is a copy of was changed; 0 if it is a
	// page, or if that time does not prove that the file is still the same.
	source int64
}

// Report says what [Output.Publish] did.
type Report struct {
	Written   int // files
	Unchanged int
	Removed   int
	// Foreign are files that kith did not write and left alone. An Output names
	// each of them once.
	Foreign []Foreign
	// Errors are those of pages that could not be rendered and files that could
	// not be read. What was in their place before is still there.
	Errors []PageError
}

// Foreign is a file or folder in the output folder that kith did not write.
type Foreign struct {
	Path string // a folder's ends in a slash
	// InTheWay says that a page belongs there, which was not written.
	InTheWay bool
}

// PageError says why a page was not written.
type PageError struct {
	Path string
	Err  error
}

func (e PageError) Error() string { return e.Path + ": " + e.Err.Error() }

func (e PageError) Unwrap() error { return e.Err }

// New returns the Output for a folder. The files that are copied to it are read from
// content, the journal's folder.
func New(folder *os.Root, content fs.FS) *Output {
	return &Output{root: folder, content: content}
}

// Publish makes the folder hold the files of a site, which are in the order of their
// paths: it writes what changed, the given paths first, and removes what is stale. If ctx is done it stops between two
// files; what it did until then is done.
//
// The error is that of ctx, or the first of the file system; it does not keep
// the other files from being written.
func (o *Output) Publish(ctx context.Context, files []site.File, first []string) (Report, error) {
	p := publication{Output: o, ctx: ctx, site: files, first: first, blocked: map[string]bool{}, made: map[string]bool{}}
	if err := p.publish(); err != nil && ctx.Err() == nil {
		return p.report, fmt.Errorf("write the site: %w", err)
	}
	return p.report, ctx.Err()
}

// Vanished says whether an error of Publish is that somebody took away what was being
// written, as who removes the folder does, or had it written by another process at that
// moment. Then a new Output has to begin anew, at most so many times as Tries says.
func Vanished(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist)
}

// Tries is how often it is worth to publish before the folder is given up.
const Tries = 10

// publication is one call of Publish.
type publication struct {
	*Output
	ctx     context.Context
	site    []site.File       // in the order of their paths
	first   []string          // the paths of what somebody waits for
	blocked map[string]bool   // folder → a foreign file has its place
	made    map[string]bool   // folders made now, which hold no foreign file
	theirs  map[string]*owned // see others

	mu     sync.Mutex // for the following while workers run
	report Report
	err    error // the first of the file system
}

func (p *publication) publish() error {
	var foreign []Foreign
	looked := !p.manifest.same(p.root)
	if looked {
		var err error
		if foreign, err = p.look(); err != nil {
			p.manifest.forget()
			return err
		}
	}
	todo, stale := p.compare()
	p.removeStale(stale)
	if p.report.Removed > 0 || looked || p.untidy {
		p.removeFolders()
	}
	p.untidy = false
	todo = p.claim(todo)
	for _, f := range foreign { // after those that are in the way
		if p.files[f.Path] == nil { // a page that a lost manifest says nothing of is kith's again
			p.foreign(f)
		}
	}
	slices.SortFunc(p.report.Foreign, func(a, b Foreign) int { return strings.Compare(a.Path, b.Path) })

	if err := p.manifest.flush(p.disk()); err != nil {
		p.manifest.forget()
		return err // the files it could not claim would be foreign for ever
	}
	p.run(todo)
	var missing []string // of what the manifest says is kith's
	for name := range p.missing {
		if p.files[name] == nil {
			missing = append(missing, name)
		}
	}
	for _, j := range todo {
		if j.first { // it was not written after all
			p.untidy = true
			delete(p.files, j.Path)
			missing = append(missing, j.Path)
		}
	}
	p.missing = nil
	return cmp.Or(p.err, p.manifest.done(p.disk(), p.temp+"manifest", p.files, p.folders, missing))
}

// disk returns what all changes in the folder are made with.
func (o *Output) disk() disk {
	if o.step == nil {
		return disk{o.root, func() error { return nil }}
	}
	return disk{o.root, o.step}
}

// look looks at the folder and its manifest, as if for the first time, and returns the
// foreign files.
func (p *publication) look() (foreign []Foreign, err error) {
	o := p.Output
	o.named = map[string]bool{}
	o.temp = fmt.Sprintf("%s%08x-", tempPrefix, rand.Uint32())
	if o.files, o.folders, err = o.manifest.load(o.root); err != nil {
		return nil, err
	}
	ours := maps.Clone(o.folders) // and those with a file of ours, or to have one
	for name, file := range o.files {
		parents(ours, name)
		o.clock.Store(max(o.clock.Load(), file.Time))
	}
	for _, f := range p.site {
		parents(ours, f.Path)
	}

	found := map[string]fs.FileInfo{} // of those of ours
	err = fs.WalkDir(folder.New(o.root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case err != nil: // a folder that cannot be read is none of ours
			foreign = append(foreign, Foreign{Path: name + "/"})
		case name == ".":
		case strings.HasPrefix(d.Name(), tempPrefix) && d.Type().IsRegular():
			_ = o.disk().remove(name) // left over by a build that died
		case strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir() && !ours[name]:
			foreign = append(foreign, Foreign{Path: name + "/"})
			return fs.SkipDir
		case d.IsDir():
		case o.files[name] == nil || !d.Type().IsRegular():
			foreign = append(foreign, Foreign{Path: name})
		default:
			if info, err := d.Info(); err == nil {
				found[name] = info
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	o.missing = map[string]bool{}
	for name, file := range o.files {
		if file.found = found[name]; file.found == nil {
			o.missing[name] = true // whatever comes there from now on is somebody else's
			delete(o.files, name)
		}
	}
	return foreign, nil
}

// parents adds the folders that a file lies in.
func parents(set map[string]bool, name string) {
	for end := strings.LastIndexByte(name, '/'); end >= 0 && !set[name[:end]]; end = strings.LastIndexByte(name, '/') {
		name = name[:end]
		set[name] = true
	}
}

// foreign names a file in the report.
func (p *publication) foreign(f Foreign) {
	if !p.named[f.Path] {
		p.named[f.Path] = true
		p.report.Foreign = append(p.report.Foreign, f)
	}
}

// removeStale removes the files that are no longer part of the site. It comes before
// all writing: a person who was deleted is gone at once, and a file that changed the
// case of its name is not removed after it was written where the two names are one.
func (p *publication) removeStale(stale []string) {
	for _, name := range stale {
		if p.ctx.Err() != nil {
			return
		}
		// Something that is no file any more was put there by somebody else.
		if info, err := p.root.Lstat(name); err == nil && info.Mode().IsRegular() {
			if err := p.disk().remove(name); err != nil {
				p.fail(err)
				continue
			}
			p.report.Removed++
		}
		delete(p.files, name)
		p.manifest.removed(name)
	}
}

// removeFolders removes the folders that kith made and that hold nothing now.
func (p *publication) removeFolders() {
	used := map[string]bool{}
	for name := range p.files {
		parents(used, name)
	}
	folders := make([]string, 0, len(p.folders))
	for dir := range p.folders {
		folders = append(folders, dir)
	}
	slices.SortFunc(folders, func(a, b string) int { return strings.Compare(b, a) }) // the inner before the outer
	for _, dir := range folders {
		if used[dir] {
			continue
		}
		if info, err := p.root.Lstat(dir); err == nil && info.IsDir() && p.disk().remove(dir) != nil {
			continue // somebody keeps a file of their own there
		}
		delete(p.folders, dir)
		p.manifest.removed(dir + "/")
	}
}

// job is a file that may have to be written.
type job struct {
	site.File
	*owned // nil until kith has claimed its place
}

// compare returns the files to look at, and those that are not part of the site any
// more. A page that is made of the same as before is not rendered again.
func (p *publication) compare() (todo []job, stale []string) {
	known := 0
	for _, f := range p.site {
		j := job{File: f, owned: p.files[f.Path]}
		if j.owned != nil {
			known++
			if f.Inputs != nil && j.inputs == f.Inputs {
				p.report.Unchanged++
				continue
			}
			j.inputs = nil // so that the journal of before need not be held until all is written
		}
		todo = append(todo, j)
	}
	if known < len(p.files) {
		for name := range p.files {
			if _, ok := p.file(name); !ok {
				stale = append(stale, name)
			}
		}
		slices.Sort(stale)
	}
	return todo, stale
}

// file returns the file of the site at a path.
func (p *publication) file(name string) (site.File, bool) {
	i, ok := slices.BinarySearchFunc(p.site, name, func(f site.File, name string) int { return strings.Compare(f.Path, name) })
	if !ok {
		return site.File{}, false
	}
	return p.site[i], true
}

// fits says whether a file looks as it did when it was written.
func (s stamp) fits(info fs.FileInfo) bool {
	return folder.InfoOf(info) == s.Info
}

// claim returns those files that can have their place, the first ones first.
// All of them are in the manifest when it is flushed, and their folders exist.
func (p *publication) claim(todo []job) []job {
	claimed := todo[:0]
	for _, j := range todo {
		if j.owned == nil {
			if !p.place(j.Path) {
				continue
			}
			j.owned = &owned{first: true}
			p.files[j.Path] = j.owned
			p.manifest.writing(j.Path)
		}
		claimed = append(claimed, j)
	}
	if len(p.first) > 0 {
		rank := make(map[string]int, len(p.first))
		for i, name := range p.first {
			rank[name] = i - len(p.first)
		}
		// After those, the short ones: a list of everybody takes as long as a
		// hundred of them, and is of no use to who waits for a page.
		slices.SortStableFunc(claimed, func(a, b job) int { return cmp.Or(rank[a.Path]-rank[b.Path], cmp.Compare(a.Size, b.Size)) })
	} else { // nobody waits for one of them: no processor is left with the longest
		slices.SortStableFunc(claimed, func(a, b job) int { return cmp.Compare(b.Size, a.Size) })
	}
	return claimed
}

// place says whether a new file can have its place, and makes its folder.
func (p *publication) place(name string) bool {
	dir := path.Dir(name)
	if !p.folder(dir) {
		return false
	}
	if p.made[dir] {
		return true
	}
	if info, err := p.root.Lstat(name); err == nil {
		if info.IsDir() {
			name += "/"
		}
		if !info.Mode().IsRegular() || !p.identical(name, info) && !p.others(name) {
			p.foreign(Foreign{name, true})
			return false
		}
	}
	return true
}

// others says whether a file that was not there a moment ago is that of another process,
// which publishes at the same time.
func (p *publication) others(name string) bool {
	if p.theirs == nil {
		p.theirs = p.manifest.now(p.root)
	}
	return p.missing[name] || p.theirs[name] != nil
}

// identical says whether a file that the manifest does not know holds the bytes
// of what belongs there. Then it is kith's: the manifest was lost.
func (p *publication) identical(name string, info fs.FileInfo) bool {
	f, _ := p.file(name)
	if f.Source != "" {
		return p.copied(f)
	}
	page, err := f.Render(nil)
	return err == nil && holds(p.root, name, info, page)
}

// folder says whether a folder is there, and makes it.
func (p *publication) folder(dir string) bool {
	if dir == "." || p.made[dir] {
		return true
	}
	if p.blocked[dir] || !p.folder(path.Dir(dir)) {
		return false
	}
	info, err := p.root.Lstat(dir)
	switch {
	case err == nil && info.IsDir():
		return true
	case err == nil: // also a link to a folder: who knows where to
		p.foreign(Foreign{dir, true})
	default:
		// The manifest hears of the folder at the latest with the files in it.
		// Until then it is empty, and nobody misses it if it stays.
		if err = p.disk().mkdir(dir); err == nil {
			p.made[dir], p.folders[dir] = true, true
			p.manifest.folder(dir)
			return true
		}
		p.fail(err)
	}
	p.blocked[dir] = true
	return false
}

// fail keeps the first error of the file system.
func (p *publication) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = cmp.Or(p.err, err)
}

// may waits until a job may be done, and says whether it still is to be.
func (p *publication) may(j job) bool {
	if p.Calm != nil && !slices.Contains(p.first, j.Path) {
		select {
		case <-p.Calm:
		case <-p.ctx.Done():
		}
	}
	return p.ctx.Err() == nil
}

// veryMany is how many files take so long to make that all processors are at it,
// whatever else there is to do.
const veryMany = 250

// run does all jobs, in their order.
func (p *publication) run(todo []job) {
	var next atomic.Int64
	var workers sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	if len(todo) < veryMany {
		n = min(cmp.Or(p.Workers, n), len(todo))
	}
	for w := range n {
		workers.Go(func() {
			k := worker{p: p, temp: fmt.Sprint(p.temp, w)}
			defer k.leave()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(todo) || !p.may(todo[i]) {
					return
				}
				k.do(todo[i])
			}
		})
	}
	workers.Wait()
}

// worker does one job after the other.
type worker struct {
	p    *publication
	temp string // what it calls a file before that gets its name
	page []byte // the bytes of a page, kept for their room

	// folder is the one that it last wrote to, by its path. To find each file from
	// the top costs as much as to write it.
	folder *folder.Folder
	path   string
}

func (w *worker) do(j job) {
	var written bool
	var err error
	if j.Source == "" {
		written, err = w.render(j)
	} else {
		written, err = w.copy(j)
	}

	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	var page PageError
	switch {
	case errors.As(err, &page):
		w.p.report.Errors = append(w.p.report.Errors, page)
	case err != nil:
		if w.p.ctx.Err() == nil {
			w.p.err = cmp.Or(w.p.err, err)
		}
	case written:
		w.p.report.Written++
	default:
		w.p.report.Unchanged++
	}
}

// render makes a page, and writes it unless it is there already.
func (w *worker) render(j job) (written bool, err error) {
	page, err := w.make(j)
	if err != nil {
		j.inputs = nil
		return false, PageError{j.Path, err}
	}
	if info, ok := w.there(j); ok && holds(w.p.root, j.Path, info, page) {
		j.inputs = j.Inputs
		w.known(j, stamp{Info: folder.InfoOf(info)})
		return false, nil
	}
	dir, name := path.Split(j.Path)
	return true, w.write(j, 0, func() (folder.Info, error) {
		if err := w.enter(dir); err != nil {
			return folder.Info{}, err
		}
		return w.p.disk().writePage(w.folder, w.temp, name, page, w.p.made[path.Clean(dir)])
	})
}

// make returns the bytes of a page, which are good until the next one is made.
func (w *worker) make(j job) ([]byte, error) {
	if w.p.Shared != nil && slices.Contains(w.p.first, j.Path) {
		return w.p.Shared(j.File)
	}
	page, err := j.Render(w.page[:0])
	if err == nil {
		w.page = page
	}
	return page, err
}

// copy copies a file of the journal, unless it is there already.
func (w *worker) copy(j job) (written bool, err error) {
	source, err := fs.Stat(w.p.content, j.Source)
	if err != nil || !source.Mode().IsRegular() {
		return false, PageError{j.Path, cmp.Or(err, fmt.Errorf("%s is no file", j.Source))}
	}
	changed := source.ModTime().UnixNano()
	if info, ok := w.there(j); ok {
		if j.source == changed && j.fits(info) && info.Size() == source.Size() {
			return false, nil
		}
		if w.p.copied(j.File) {
			w.known(j, stamp{Info: folder.InfoOf(info), source: w.settled(changed)})
			return false, nil
		}
	}
	from, err := j.Open(w.p.content)
	if err != nil {
		return false, PageError{j.Path, err}
	}
	defer from.Close()
	return true, w.write(j, changed, func() (folder.Info, error) {
		return w.p.disk().writeFile(w.temp, j.Path, func(to io.Writer) error {
			_, err := io.Copy(to, reader{w.p.ctx, from})
			return err
		})
	})
}

// there returns what a file looks like that was written before, if it is one.
func (w *worker) there(j job) (info fs.FileInfo, ok bool) {
	if j.first {
		return nil, false
	}
	info, j.found = j.found, nil
	if dir, name := path.Split(j.Path); info == nil && w.enter(dir) == nil {
		info, _ = w.folder.Lstat(name)
	}
	return info, info != nil && info.Mode().IsRegular()
}

// known notes what a file is that was not written anew.
func (w *worker) known(j job, is stamp) {
	if j.stamp != is {
		j.stamp = is
		w.p.manifest.written(j.Path, is)
	}
}

// reader reads until its context is done: a long film need not be copied to its
// end by a program that was told to stop.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// write has a file written. If it is a copy, changed is the time of the source.
func (w *worker) write(j job, changed int64, put func() (folder.Info, error)) error {
	if !j.first {
		// Until it is written, nobody knows what is in it.
		j.stamp, j.inputs = stamp{}, nil
		w.p.manifest.writing(j.Path)
		if err := w.p.manifest.flush(w.p.disk()); err != nil {
			return err
		}
	}
	info, err := put()
	if err != nil {
		return err
	}
	j.first, j.inputs = false, j.Inputs
	j.stamp = stamp{Info: info}
	for now := w.p.clock.Load(); j.Time > now && !w.p.clock.CompareAndSwap(now, j.Time); {
		now = w.p.clock.Load()
	}
	if j.Source != "" {
		j.source = w.settled(changed)
	}
	w.p.manifest.written(j.Path, j.stamp)
	return nil
}

// enter makes a folder the one that the worker writes to.
func (w *worker) enter(dir string) error {
	if w.folder != nil && w.path == dir {
		return nil
	}
	w.leave()
	in, err := folder.Open(w.p.root, path.Clean(dir))
	if err == nil {
		w.folder, w.path = in, dir
	}
	return err
}

func (w *worker) leave() {
	if w.folder != nil {
		w.folder.Close()
		w.folder = nil
	}
}

// settled returns a time of change that proves from now on that a file is the
// same, or 0.
func (w *worker) settled(changed int64) int64 {
	if w.p.clock.Load()-changed < int64(folder.Settles) {
		return 0
	}
	return changed
}

// holds says whether a file, which looks like info, holds just these bytes.
func holds(root *os.Root, name string, info fs.FileInfo, page []byte) bool {
	if info.Size() != int64(len(page)) {
		return false
	}
	f, err := root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	b := make([]byte, 32<<10)
	for len(page) > 0 {
		n, err := f.Read(b[:min(len(b), len(page))])
		if err != nil || !bytes.Equal(b[:n], page[:n]) {
			return false
		}
		page = page[n:]
	}
	n, err := f.Read(b[:1]) // it may have grown since
	return n == 0 && err == io.EOF
}

// copied says whether the folder holds what belongs there of a file of the journal.
func (p *publication) copied(f site.File) bool {
	x, err := f.Open(p.content)
	if err != nil {
		return false
	}
	defer x.Close()
	y, err := p.root.Open(f.Path)
	if err != nil {
		return false
	}
	defer y.Close()
	var a, b [32 << 10]byte
	for {
		n, err1 := io.ReadFull(x, a[:])
		m, err2 := io.ReadFull(y, b[:])
		if !bytes.Equal(a[:n], b[:m]) || err1 != err2 {
			return false
		}
		if err1 != nil {
			return err1 == io.EOF || err1 == io.ErrUnexpectedEOF
		}
	}
}
