// Command bench measures kith: against the floor of what its work must cost,
// and against other generators. It makes its own journals, the same ones for the
// same seed, keeps them in a cache outside the tree, and prints tables. What it
// measures it also checks: that what is served or written is what a clean build
// writes. It never says that something is too slow.
//
//	go run ./internal/bench -sizes 1000,10000,30000 -runs 7 -edits 60
//	go run ./internal/bench -run save,mass -sizes 30000
//	go run ./internal/bench -run cold -on ram,disk -sizes 1000,10000,30000,100000
//	go run ./internal/bench -run peers -sizes 1000,10000
//
// The sections, for -run:
//
//	cold      a build into an empty folder, and the floors (floor.go)
//	again     a build when nothing changed, and when one file did
//	commands  kith due, today, show and log as whole processes
//	save      from the end of an editor's write to the new page, and the new index
//	mass      a circle's cadence, a rename, 1,000 files, all files
//	editor    kith lsp: from a change of a buffer to what is wrong in it, completion,
//	          hovers, and from the start to the first of it
//	browser   from a write to the page in a browser, and how long a long page
//	          takes there (browser.go); not run by default: it needs Chromium
//	load      pages a second, memory, what it costs to stand by
//	import    kith import of a LinkedIn archive with so many connections, and again
//	          (imports.go); not run by default: 30,000 take minutes
//	peers     Hugo and Eleventy on the same contacts (peers.go); not run by default
//
// Programs take turns, and a ratio is the median of the ratios of the turns:
// where others use the machine too, look at these.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bench is one run of the program.
type bench struct {
	cache  string // where journals and other generators are kept
	kith   string // the program
	work   string // a folder to work in, gone afterwards
	medium string // where it is
	seed   uint64
	procs  int
	runs   int
	edits  int
	pause  time.Duration // between two of them, on average
	load   time.Duration
}

type section struct {
	name    string
	measure func(b *bench, n int) error
}

var sections = []section{
	{"cold", (*bench).cold},
	{"again", (*bench).again},
	{"commands", (*bench).commands},
	{"save", (*bench).save},
	{"mass", (*bench).mass},
	{"editor", (*bench).editor},
	{"browser", (*bench).browser},
	{"load", (*bench).pressure},
	{"import", (*bench).imports},
	{"peers", (*bench).peers},
}

func main() {
	if err := start(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func start(args []string) error {
	switch { // this program as one of its own processes
	case len(args) == 5 && args[0] == "floor":
		return floor(args[1], args[2], args[3], args[4])
	case len(args) == 3 && args[0] == "names":
		return names(args[1], args[2])
	case len(args) == 5 && args[0] == "make":
		n, err1 := strconv.Atoi(args[2])
		seed, err2 := strconv.ParseUint(args[3], 10, 64)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		return makeJournal(args[1], n, seed, args[4] == "true")
	}

	b := bench{}
	flag.StringVar(&b.kith, "kith", "", "the program to measure (default: it is built)")
	flag.Uint64Var(&b.seed, "seed", 1, "of the journals")
	flag.IntVar(&b.procs, "procs", 2, "processors that may be used")
	flag.IntVar(&b.runs, "runs", 3, "runs of each program, after one to warm up")
	flag.IntVar(&b.edits, "edits", 30, "saves to measure")
	flag.DurationVar(&b.pause, "pause", 100*time.Millisecond, "between saves, on average")
	flag.DurationVar(&b.load, "load", 3*time.Second, "how long to ask for pages")
	names := flag.String("run", "cold,again,commands,save,mass,editor,load", "sections, or all")
	sizes := flag.String("sizes", "1000,10000", "numbers of contacts")
	media := flag.String("on", "ram", "where to work: ram, disk or both, ram,disk")
	flag.Parse()

	var stop func()
	ctx, stop = signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	if err := b.prepare(); err != nil {
		return err
	}
	wanted := strings.Split(*names, ",")
	for _, name := range wanted {
		if !slices.ContainsFunc(sections, func(s section) bool { return s.name == name || name == "all" }) {
			return fmt.Errorf("there is no section %q", name)
		}
	}
	for medium := range strings.SplitSeq(*media, ",") {
		for size := range strings.SplitSeq(*sizes, ",") {
			n, err := strconv.Atoi(size)
			if err != nil {
				return err
			}
			for _, s := range sections {
				if !slices.Contains(wanted, s.name) && !slices.Contains(wanted, "all") {
					continue
				}
				if err := b.on(medium, n, s); err != nil {
					return fmt.Errorf("%s with %d contacts: %w", s.name, n, err)
				}
			}
		}
	}
	return nil
}

// prepare finds the cache and builds the program.
func (b *bench) prepare() error {
	b.cache = os.Getenv("KITH_BENCH_DIR")
	if b.cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return fmt.Errorf("%w: KITH_BENCH_DIR says where to keep journals", err)
		}
		b.cache = filepath.Join(dir, "kith-bench")
	}
	if err := os.MkdirAll(b.cache, 0o700); err != nil {
		return err
	}
	if b.kith == "" {
		b.kith = filepath.Join(b.cache, "kith")
		build := exec.CommandContext(ctx, "go", "build", "-o", b.kith, "kith/cmd/kith")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if _, err := run(build); err != nil {
			return err
		}
	}
	fmt.Printf("%s, %s/%s, %d of %d processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, b.procs, runtime.NumCPU())
	return nil
}

// on runs one section in a folder on a medium.
func (b *bench) on(medium string, n int, s section) error {
	parent := b.cache
	if medium == "ram" {
		parent = os.TempDir()
		if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
			parent = "/dev/shm"
		}
	}
	var err error
	if b.work, err = os.MkdirTemp(parent, "kith-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.work)
	b.medium = medium
	return s.measure(b, n)
}

// journal makes a copy of a generated journal in the folder to work in.
func (b *bench) journal(n int) (string, error) {
	cached, err := cachedJournal(b.cache, n, b.seed, false)
	if err != nil {
		return "", err
	}
	dir := b.in("journal")
	return dir, copyFolder(dir, cached)
}

func (b *bench) in(name string) string { return filepath.Join(b.work, name) }
