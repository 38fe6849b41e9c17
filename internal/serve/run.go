package serve

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/publish"
	"kith/internal/site"
	"kith/internal/watch"
)

// Options are what [Run] needs to know of the world.
type Options struct {
	// Journal is the journal's folder.
	Journal *os.Root
	// Templates is the built-in theme.
	Templates fs.FS
	// Addr is HOST:PORT on this machine; empty is the default address or, if
	// that is taken, any free one.
	Addr string
	// Passphrase, if not empty, lets other machines in that say it. Addr may be any
	// address of this machine then, and there is no key.
	Passphrase string
	// Key has to be known by who asks for a page; empty is for anybody on this machine.
	Key string
	// Now is the clock, which says when the day changes.
	Now func() time.Time
	// Today is the day to show, and whether it is pinned: by the settings of the
	// journal, or by something that is stronger.
	Today func(journal.Settings) (day civil.Date, pinned bool)
	// Touch writes what a page asks for; nil makes a server that only shows.
	Touch func(context.Context, Action) Answer
	// Ready is told where the site is, once it answers.
	Ready func(url string)
	// Log is told what somebody at the terminal should know: one line each.
	Log func(format string, args ...any)

	after func(time.Duration) <-chan time.Time // time.After, but for tests
}

// publicFolder is where the site is written to, in the journal's folder.
const publicFolder = "public"

// Run serves the journal until ctx is done, and keeps the site up to date in
// the browser and, behind the scenes, in public/. It returns nil if ctx ended it.
func Run(ctx context.Context, opts Options) error {
	if opts.after == nil {
		opts.after = time.After
	}
	listener, err := listen(opts.Addr, opts.Passphrase != "")
	if err != nil {
		return fmt.Errorf("serve the journal: %w", err)
	}
	defer listener.Close()

	// How much garbage there may be before it is collected: little, since the server holds
	// it for days, and enough that few saves meet the collector at work.
	defer debug.SetGCPercent(debug.SetGCPercent(50))

	// Whatever ends Run, nothing of it goes on.
	var running sync.WaitGroup
	defer running.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	// Watch first, read next: a save in between is told.
	batches, err := watch.Watch(ctx, opts.Journal.Name(), watch.Options{Notify: func(n watch.Notice) {
		opts.Log("%s", n.Message)
		opts.Log("hint: %s", n.Hint)
	}})
	if err != nil {
		return err
	}
	running.Go(func() {
		<-ctx.Done()
		for range batches { // until the watcher has ended
		}
	})

	k := keeper{opts: opts, fsys: folder.New(opts.Journal), dir: opts.Journal.Name()}
	k.readTheme()
	k.read(journal.Read(k.fsys))
	k.server = New(k.fsys, k.site, k.site.Problems())
	k.server.touch, k.server.token = opts.Touch, rand.Text()
	k.server.key = opts.Key
	if opts.Passphrase != "" {
		k.server.key, k.server.login = "", newLogin(opts.Passphrase, opts.Now)
	}

	p := publisher{opts: opts, fsys: k.fsys, server: k.server, sites: make(chan *site.Site, 1), named: map[string]bool{}}
	p.offer(k.site)
	running.Go(func() { p.run(ctx) })

	failed := make(chan error, 1)
	running.Go(func() {
		if err := answer(ctx, listener, k.server); err != nil {
			failed <- err
		}
	})
	at := url.URL{Scheme: "http", Host: address(opts.Addr, listener), Path: "/"}
	opts.Ready(at.JoinPath(k.server.key, "/").String())

	tick := opts.after(k.untilTick())
	var again <-chan time.Time // when to try to read what could not be read
	wait := firstRetry
	retry := func() {
		again = nil
		if len(k.site.View.Journal.Unread()) > 0 {
			again = time.After(wait)
			wait = min(2*wait, lastRetry)
		}
	}
	retry()
	for {
		copied := false
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return fmt.Errorf("serve the journal: %w", err)
		case batch, ok := <-batches:
			if !ok {
				return nil
			}
			p.offer(nil)
			copied = k.reread(batch)
			wait = firstRetry
			retry()
		case <-again:
			better := k.readAgain()
			if retry(); !better {
				continue
			}
			copied = true
		case <-k.server.asked:
			// A machine that slept shows yesterday until the next tick. It is
			// somebody who looks at the site that wants to know better.
			if !k.newDay() {
				continue
			}
			k.read(k.site.View.Journal)
		case <-tick:
			tick = opts.after(k.untilTick())
			if !k.newDay() {
				continue
			}
			k.read(k.site.View.Journal)
		}
		k.server.Update(k.site, k.site.Problems(), copied)
		p.offer(k.site)
	}
}

// signal puts an item into a channel, if it has none.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// address returns HOST:PORT of the site, with the host as the user wrote it.
func address(addr string, l net.Listener) string {
	host, port, _ := net.SplitHostPort(l.Addr().String())
	if h, _, err := net.SplitHostPort(addr); err == nil {
		host = h
	}
	return net.JoinHostPort(host, port)
}

// answer answers requests until ctx is done.
func answer(ctx context.Context, l net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler,
		// Streams of events end with ctx, of which each request has a part.
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // what a browser hangs up on is nobody's business
	}
	d := newDoor(l)
	d.attend(server)
	served := make(chan error, 1)
	go func() { served <- server.Serve(d) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	// A page on its way may arrive; a browser that holds a connection open
	// without a word is not waited for.
	soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), 200*time.Millisecond)
	defer cancel()
	if server.Shutdown(soon) != nil {
		server.Close()
	}
	<-served
	return nil
}

// keeper keeps a site up to date with its journal.
type keeper struct {
	opts   Options
	fsys   fs.FS
	dir    string // the journal's folder
	server *Server

	theme    *site.Theme
	themeSum [sha256.Size]byte // of the journal's own templates

	site *site.Site
}

// read makes the site of a journal today.
func (k *keeper) read(j *journal.Journal) {
	day, pinned := k.opts.Today(j.Settings)
	if k.site == nil || k.site.Pinned != pinned {
		k.site = site.New(due.New(j, day), k.theme, pinned)
		return
	}
	k.site = k.site.Next(k.site.View.Next(j, day), k.theme)
}

// reread makes the site after some files changed, and says whether one that is
// copied to it is among them.
func (k *keeper) reread(batch watch.Batch) (copied bool) {
	touched := func(name string) bool {
		return batch.All || slices.ContainsFunc(batch.Paths, func(p string) bool {
			return name == p || strings.HasPrefix(name, p+"/") || strings.HasPrefix(p, name+"/")
		})
	}
	if touched(site.ThemeFolder) {
		k.readTheme()
	}
	before := k.site.View.Journal
	k.read(before.Reread(k.fsys, batch.Paths))
	return slices.ContainsFunc(before.Attachments, touched)
}

// What failed for want of something that may be there in a moment, such as room on the
// disk, is tried again after so long, then after twice that, up to the last.
const (
	firstRetry = time.Second
	lastRetry  = time.Minute
)

// readAgain reads again what could not be read, and says whether anything of it could be.
func (k *keeper) readAgain() bool {
	before := k.site.View.Journal
	unread := before.Unread()
	next := before.Reread(k.fsys, unread)
	if slices.Equal(next.Unread(), unread) && slices.Equal(next.Files, before.Files) {
		return false
	}
	k.read(next)
	return true
}

// readTheme puts the theme together, unless it is what it was: a new theme makes
// every page new.
func (k *keeper) readTheme() {
	hash := sha256.New()
	_ = fs.WalkDir(k.fsys, site.ThemeFolder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return nil
		}
		var data []byte
		if err == nil {
			data, err = folder.ReadFile(k.fsys, name, folder.Any)
		}
		fmt.Fprintf(hash, "%q %v %d\n", name, err, len(data))
		hash.Write(data)
		return nil
	})
	sum := [sha256.Size]byte(hash.Sum(nil))
	if k.theme == nil || sum != k.themeSum {
		k.theme = site.NewTheme(k.opts.Templates, k.fsys)
		k.theme.Folder = k.dir
		k.themeSum = sum
	}
}

// newDay says whether the site shows another day than it should.
func (k *keeper) newDay() bool {
	day, pinned := k.opts.Today(k.site.View.Journal.Settings)
	return day != k.site.View.Today || pinned != k.site.Pinned
}

// untilTick returns when to look at the clock again: whenever a minute begins. One of
// them is that of the new day, whichever zone the machine is in by then, and whether or
// not that day has a midnight there. Timers also stand still while a machine sleeps, and
// clocks can be set.
func (k *keeper) untilTick() time.Duration {
	now := k.opts.Now()
	return now.Truncate(time.Minute).Add(time.Minute).Sub(now)
}

// publisher writes the newest site into public/.
type publisher struct {
	opts   Options
	fsys   fs.FS
	server *Server         // which is asked what to write first
	sites  chan *site.Site // the newest one, if it is not taken yet; nil if there will be one

	folder *os.Root // nil until it is open
	output *publish.Output
	named  map[string]bool // the foreign files that were logged
	logged string          // the failure that was logged last
}

// offer gives the publisher a newer site, or nil to have it stop until there is
// one. It does not wait.
func (p *publisher) offer(s *site.Site) {
	select {
	case <-p.sites: // nobody will ever want that one
	default:
	}
	p.sites <- s
}

// calm is for how long there must be no save before pages are written that nobody
// looks at. One who saves often would wait for pages of which each is out of date
// when it is done.
const calm = 250 * time.Millisecond

// run publishes sites until ctx is done. A newer one stops the writing of the
// one before, between two files.
func (p *publisher) run(ctx context.Context) {
	defer p.close()
	var s *site.Site
	var soon time.Duration // when all pages may be written: at first at once
	wait := firstRetry     // until what could not be written is tried again
	for {
		if s == nil {
			select {
			case s = <-p.sites:
				continue
			case <-ctx.Done():
				return
			}
		}
		writing, stop := context.WithCancel(ctx)
		written, calmed := make(chan struct{}), make(chan struct{})
		var again atomic.Bool
		timer := time.AfterFunc(soon, func() { close(calmed) })
		soon = calm
		go func() {
			defer close(written)
			if p.publish(writing, s, calmed) {
				wait = firstRetry
				return
			}
			select {
			case <-time.After(wait):
				wait = min(2*wait, lastRetry)
				again.Store(true)
			case <-writing.Done():
			}
		}()
		var newer *site.Site
		select {
		case newer = <-p.sites:
		case <-written:
		}
		stop()
		timer.Stop()
		<-written
		if newer == nil && again.Load() && ctx.Err() == nil {
			continue
		}
		s = newer
	}
}

// many is how many files are so many that the memory it took to read and to write them
// is given back.
const many = 250

// publish writes a site: what somebody looked at at once, the rest when calmed is
// closed. It says whether all of it is there, or nobody wants it any more.
func (p *publisher) publish(ctx context.Context, s *site.Site, calmed <-chan struct{}) (done bool) {
	var report publish.Report
	var err error
	for range publish.Tries { // again if somebody removed the folder meanwhile
		if err = p.open(); err == nil {
			p.output.Calm = calmed
			report, err = p.output.Publish(ctx, s.Files(), p.server.lookedAt())
		}
		for _, f := range report.Foreign {
			switch {
			case p.named[f.Path]:
			case f.InTheWay:
				p.opts.Log("%s/%s was not written by kith: it is left alone, and what belongs there is not written", publicFolder, f.Path)
			default:
				p.opts.Log("%s/%s was not written by kith: it is left alone", publicFolder, f.Path)
			}
			p.named[f.Path] = true
		}
		if err == nil || ctx.Err() != nil {
			break
		}
		p.close()
		if !publish.Vanished(err) {
			break
		}
	}
	if ctx.Err() != nil {
		return true
	}
	if report.Written > many {
		debug.FreeOSMemory()
	}
	if err == nil && len(report.Errors) > 0 {
		err = report.Errors[0]
	}
	failure := ""
	if err != nil {
		failure = err.Error()
	}
	if failure != "" && failure != p.logged {
		p.opts.Log("%s/ is not up to date: %s", publicFolder, failure)
	}
	p.logged = failure
	return failure == ""
}

// open opens the folder, unless that is done and it is still in its place: one
// that was put into the bin can be written to for ever.
func (p *publisher) open() error {
	if p.folder != nil {
		here, err1 := p.folder.Stat(".")
		there, err2 := p.opts.Journal.Lstat(publicFolder)
		if err1 == nil && err2 == nil && os.SameFile(here, there) {
			return nil
		}
		p.close()
	}
	err := p.opts.Journal.Mkdir(publicFolder, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if is, err := p.opts.Journal.Lstat(publicFolder); err != nil {
		return err
	} else if !is.IsDir() { // a link could lead among the notes
		return fmt.Errorf("%s is no folder: move it away", publicFolder)
	}
	if p.folder, err = p.opts.Journal.OpenRoot(publicFolder); err != nil {
		return err
	}
	p.output = publish.New(p.folder, p.fsys)
	// Who waits for a page comes first.
	p.output.Workers = max(1, runtime.GOMAXPROCS(0)-1)
	p.output.Shared = p.server.render
	return nil
}

func (p *publisher) close() {
	if p.folder != nil {
		p.folder.Close()
		p.folder, p.output = nil, nil
	}
}
