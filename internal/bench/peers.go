package main

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The other generators build a smaller site of the same contacts: a page for
// each, an index sorted by the due date that stands in the front matter, and a
// page for each tag.
//
//go:embed all:testdata
var peerSites embed.FS

// A peer is another generator.
type peer struct {
	name    string
	install func(cache string) error
	out     string // the folder it builds into
	build   func(cache string) []string
	serve   func(cache, port string) []string
}

var peers = []peer{
	{
		name: "hugo",
		// Newer ones refuse Go 1.26.
		install: func(cache string) error {
			if _, err := os.Stat(hugo(cache)); err == nil {
				return nil
			}
			cmd := exec.CommandContext(ctx, "go", "install", "github.com/gohugoio/hugo@v0.165.0")
			cmd.Dir = cache // away from this module
			cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOBIN="+filepath.Join(cache, "bin"))
			_, err := run(cmd)
			return err
		},
		out:   "public",
		build: func(cache string) []string { return []string{hugo(cache), "--quiet", "--noBuildLock"} },
		serve: func(cache, port string) []string {
			return []string{hugo(cache), "server", "--quiet", "--noBuildLock", "--bind", "127.0.0.1", "--port", port, "--disableLiveReload", "--disableFastRender"}
		},
	},
	{
		name: "eleventy",
		install: func(cache string) error {
			if _, err := os.Stat(eleventy(cache)); err == nil {
				return nil
			}
			cmd := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--prefix", filepath.Join(cache, "eleventy"), "@11ty/eleventy@3.1")
			_, err := run(cmd)
			return err
		},
		out:   "_site",
		build: func(cache string) []string { return []string{"node", eleventy(cache), "--quiet"} },
		serve: func(cache, port string) []string {
			return []string{"node", eleventy(cache), "--quiet", "--serve", "--port=" + port}
		},
	},
}

func hugo(cache string) string { return filepath.Join(cache, "bin", "hugo") }

func eleventy(cache string) string {
	return filepath.Join(cache, "eleventy", "node_modules", "@11ty", "eleventy", "cmd.cjs")
}

// peers measures other generators and kith on the same contacts.
func (b *bench) peers(n int) error {
	journal, err := b.journal(n)
	if err != nil {
		return err
	}
	contacts, err := cachedJournal(b.cache, n, b.seed, true)
	if err != nil {
		return err
	}
	names := []string{"kith"}
	entrants := []func() (cost, error){func() (cost, error) {
		out, err := b.fresh("out")
		if err != nil {
			return cost{}, err
		}
		return b.build(journal, out)
	}}
	for _, p := range peers {
		if err := p.install(b.cache); err != nil {
			return fmt.Errorf("installing %s: %w", p.name, err)
		}
		files, err := fs.Sub(peerSites, "testdata/"+p.name)
		if err != nil {
			return err
		}
		if err := copyFolder(b.in(p.name), contacts); err != nil {
			return err
		}
		if err := os.CopyFS(b.in(p.name), files); err != nil {
			return err
		}
		args := p.build(b.cache)
		names = append(names, p.name)
		entrants = append(entrants, func() (cost, error) {
			if _, err := b.fresh(filepath.Join(p.name, p.out)); err != nil {
				return cost{}, err
			}
			c, err := run(b.command(b.in(p.name), args[0], args[1:]...))
			if err == nil {
				err = complete(filepath.Join(b.in(p.name), p.out), n)
			}
			return c, err
		})
	}
	costs, err := contest(b.runs, entrants...)
	if err != nil {
		return err
	}
	rows := [][]string{{"", "time", "processor", "memory", "time to kith's", "processor to kith's"}}
	for i, name := range names {
		rows = append(rows, []string{
			name, seconds(middle(costs[i], wall)), seconds(middle(costs[i], cpu)), mebibytes(middle(costs[i], peak)),
			ratio(costs[i], costs[0], wall), ratio(costs[i], costs[0], cpu),
		})
	}
	table(fmt.Sprintf("Cold build and its peers, %d contacts, %s", n, b.medium), rows...)

	rows = [][]string{{"", "page: median", "p99", "due index: median", "p99", "saves"}}
	for i, name := range names {
		page, index, err := b.peerSaves(n, i-1)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		rows = append(rows, []string{
			name, millis(median(page)), millis(quantile(page, 0.99)), millis(median(index)), millis(quantile(index, 0.99)), strconv.Itoa(len(page)),
		})
	}
	table(fmt.Sprintf("Save → visible and its peers, %d contacts, %s", n, b.medium), rows...)
	return nil
}

// complete says whether a peer has made a page for everybody, and the index.
func complete(out string, n int) error {
	pages, err := filepath.Glob(filepath.Join(out, "contacts", "*.html"))
	if err != nil {
		return err
	}
	index, err := os.ReadFile(filepath.Join(out, "index.html"))
	if err != nil {
		return err
	}
	if rows := bytes.Count(index, []byte("data-due=")); len(pages) != n || rows != n {
		return fmt.Errorf("%d pages and %d rows of the index for %d contacts", len(pages), rows, n)
	}
	return nil
}

// peerSaves measures saves on a site served by a peer, or by kith for -1.
func (b *bench) peerSaves(n, which int) (page, index []time.Duration, err error) {
	if which < 0 {
		s, people, err := b.serveKith(n)
		if err != nil {
			return nil, nil, err
		}
		defer s.stop()
		page, index, _, err = s.saves(b.edits, b.pause, b.writeTo(s, people))
		return page, index, err
	}
	p, count := peers[which], min(b.edits, 10) // they take seconds
	people, err := readPeople(b.in(p.name))
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	addr := listener.Addr().String()
	listener.Close()
	args := p.serve(b.cache, addr[strings.LastIndex(addr, ":")+1:])
	s, err := serve(b.command(b.in(p.name), args[0], args[1:]...), addr)
	if err != nil {
		return nil, nil, err
	}
	defer s.stop()
	s.rest()
	page, index, _, err = s.saves(count, b.pause, func(i int) (saved, error) {
		c, day := people[(i*2+1)*n/(2*count)], dayBefore(-1000-i)
		data, err := os.ReadFile(c.path)
		if err != nil {
			return saved{}, err
		}
		before, rest, _ := bytes.Cut(data, []byte("\ndue: \""))
		data = slices.Concat(before, []byte("\ndue: \""+day), rest[len(day):], []byte("- "+touch(i)+"\n"))
		row := []byte(`data-contact="` + c.slug + `" data-due="` + day + `"`)
		return saved{
			page:   c.page(),
			shown:  func(body []byte) bool { return bytes.Contains(body, []byte(sign(i))) },
			listed: func(body []byte) bool { return bytes.Contains(body, row) },
			after:  func() error { s.rest(); return nil },
		}, replace(c.path, data, false)
	})
	return page, index, err
}
