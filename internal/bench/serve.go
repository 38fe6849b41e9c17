package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A client asks one server on this machine, by one connection that it keeps.
type client struct {
	addr string
	root string // the path that the site is below, with the key to it
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

// get returns a page, which is good until the next one.
func (c *client) get(path string) (body []byte, header http.Header, err error) {
	for range 2 { // a server may close a connection, and only the next request shows it
		if c.conn == nil {
			if c.conn, err = net.DialTimeout("tcp", c.addr, time.Second); err != nil {
				return nil, nil, err
			}
			c.in = bufio.NewReader(c.conn)
		}
		if body, header, err = c.ask(path); err == nil {
			return body, header, nil
		}
		c.close()
	}
	return nil, nil, err
}

func (c *client) ask(path string) ([]byte, http.Header, error) {
	_ = c.conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := fmt.Fprintf(c.conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", (&url.URL{Path: c.root + path}).EscapedPath(), c.addr); err != nil {
		return nil, nil, err
	}
	answer, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, nil, err
	}
	c.body.Reset()
	if _, err := io.Copy(&c.body, answer.Body); err != nil {
		return nil, nil, err
	}
	if answer.Close {
		c.close()
	}
	if answer.StatusCode != http.StatusOK && path != "/404.html" {
		return nil, nil, nil // no such page, yet
	}
	return c.body.Bytes(), answer.Header, nil
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// A server is one of a program that is measured.
type server struct {
	client
	cmd *exec.Cmd
}

// serve starts a server and waits until it answers. If addr is empty, the server
// says on the first line where it is.
func serve(cmd *exec.Cmd, addr string) (*server, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{client{addr: addr}, cmd}
	in := bufio.NewReader(out)
	if addr == "" {
		line, err := in.ReadString('\n')
		if err != nil {
			s.stop()
			return nil, fmt.Errorf("%s: %w", cmd, err)
		}
		at, err := url.Parse(strings.TrimSpace(line))
		if err != nil {
			s.stop()
			return nil, fmt.Errorf("%s: %w", cmd, err)
		}
		s.addr, s.root = at.Host, strings.TrimSuffix(at.Path, "/")
	}
	go func() { _, _ = io.Copy(io.Discard, in) }()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if body, _, err := s.get("/"); err == nil && body != nil {
			return s, nil
		}
		if time.Since(began) > 2*patience {
			s.stop()
			return nil, fmt.Errorf("%s does not answer", cmd)
		}
	}
}

func (s *server) stop() {
	s.close()
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// status is a value of /proc/PID/status in bytes; 0 where there is none.
func (s *server) status(name string) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(text), name+":")
	kib, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(kib, 10, 64)
	return n << 10
}

// used is the processor time the server has used, in hundredths of a second.
func (s *server) used() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if err != nil || len(fields) < 13 {
		return -1
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return user + system
}

// rest waits until the server has done what it does behind the scenes.
func (s *server) rest() {
	if s.used() < 0 { // the system does not say
		time.Sleep(5 * time.Second)
		return
	}
	began := time.Now()
	for before, idle := s.used(), 0; idle < 5 && time.Since(began) < 2*patience && ctx.Err() == nil; {
		time.Sleep(100 * time.Millisecond)
		now := s.used()
		if idle++; now != before {
			before, idle = now, 0
		}
	}
}

// patience is when a page counts as stale for good.
const patience = 2 * time.Minute

// until asks for a page until it is as it should be.
func (s *server) until(path string, good func(body []byte) bool) error {
	for began := time.Now(); ; time.Sleep(500 * time.Microsecond) {
		body, _, err := s.get(path)
		if err != nil {
			return err
		}
		if body != nil && good(body) {
			return nil
		}
		if time.Since(began) > patience {
			return fmt.Errorf("%s is still stale after %v", path, patience)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// live is what kith adds to the pages that it serves.
var live = regexp.MustCompile(`<link[^>]*/_kith/[^>]*>|<script[^>]*/_kith/[^>]*></script>`)

// page is a page as a build writes it.
func (s *server) page(path string) (string, error) {
	body, _, err := s.get(path)
	return string(live.ReplaceAll(body, nil)), err
}

// A contact is somebody in a journal.
type contact struct{ slug, path string }

func (c contact) page() string { return "/contacts/" + c.slug + ".html" }

// readPeople lists the contacts of a journal, by path.
func readPeople(journal string) ([]contact, error) {
	var people []contact
	err := eachFile(filepath.Join(journal, "content", "contacts"), func(name string, _ fs.FileInfo) error {
		slug := strings.ToLower(strings.ReplaceAll(strings.TrimSuffix(filepath.Base(name), ".md"), " ", "-"))
		people = append(people, contact{slug: slug, path: filepath.Join(journal, "content", "contacts", filepath.FromSlash(name))})
		return nil
	})
	return people, err
}

// touch is an entry of the pinned day that no other is like.
func touch(number int) string { return dayBefore(0) + " call: " + sign(number) }

func sign(number int) string { return fmt.Sprintf("A word, number %d.", number) }

// save adds an entry to a file, as an editor does it: in place, or under another
// name that is given up for the file's.
func (c contact) save(entry string, rename bool) error {
	data, err := os.ReadFile(c.path)
	if err != nil {
		return err
	}
	form := "- "
	if bytes.Contains(data, []byte("\n### 20")) {
		form = "### "
	}
	return replace(c.path, append(data, form+entry+"\n"...), rename)
}

func replace(path string, data []byte, rename bool) error {
	if !rename {
		return os.WriteFile(path, data, 0o600)
	}
	temp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	if err := os.WriteFile(temp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// serveKith serves a copy of a journal, and waits until public/ is complete.
func (b *bench) serveKith(n int) (*server, []contact, error) {
	journal, err := b.journal(n)
	if err != nil {
		return nil, nil, err
	}
	people, err := readPeople(journal)
	if err != nil {
		return nil, nil, err
	}
	s, err := serve(b.command(journal, b.kith, "serve", "--addr", "127.0.0.1:0"), "")
	if err != nil {
		return nil, nil, err
	}
	s.rest()
	return s, people, nil
}

// A saved file is one that was just written: its page, when that and the index
// are as they should be, and what else to wait for.
type saved struct {
	page          string
	shown, listed func(body []byte) bool
	after         func() error
}

// saves measures the time from the end of a write to the new page, to the new
// index, and to what else there is.
func (s *server) saves(count int, pause time.Duration, write func(i int) (saved, error)) (page, index, after []time.Duration, err error) {
	for i := range count {
		time.Sleep(pause/2 + rand.N(pause))
		was, err := write(i)
		if err != nil {
			return nil, nil, nil, err
		}
		began := time.Now()
		if err := s.until(was.page, was.shown); err != nil {
			return nil, nil, nil, err
		}
		page = append(page, time.Since(began))
		if err := s.until("/", was.listed); err != nil {
			return nil, nil, nil, err
		}
		index = append(index, time.Since(began))
		if err := was.after(); err != nil {
			return nil, nil, nil, err
		}
		after = append(after, time.Since(began))
	}
	return page, index, after, nil
}

// due finds the people in a due list.
var due = regexp.MustCompile(`data-contact="([^"]+)" data-due=`)

// somebodyDue returns a way to choose among those who are due.
func (s *server) somebodyDue(people []contact) func() (contact, error) {
	bySlug := map[string]contact{}
	for _, c := range people {
		bySlug[c.slug] = c
	}
	return func() (contact, error) {
		index, err := s.page("/index.html")
		if err != nil {
			return contact{}, err
		}
		listed := due.FindAllStringSubmatch(index, -1)
		if len(listed) == 0 {
			return contact{}, errors.New("nobody is due any more")
		}
		return bySlug[listed[rand.IntN(len(listed))][1]], nil
	}
}

// writeTo writes to somebody who is due, and so is due no more.
func (b *bench) writeTo(s *server, people []contact) func(i int) (saved, error) {
	somebody := s.somebodyDue(people)
	return func(i int) (saved, error) {
		c, err := somebody()
		if err != nil {
			return saved{}, err
		}
		row := []byte(`data-contact="` + c.slug + `" data-due=`)
		return saved{
			page:   c.page(),
			shown:  func(body []byte) bool { return bytes.Contains(body, []byte(sign(i))) },
			listed: func(body []byte) bool { return !bytes.Contains(body, row) },
			after: func() error {
				return untilFile(filepath.Join(b.in("journal"), "public", "contacts", c.slug+".html"), sign(i))
			},
		}, c.save(touch(i), i%2 == 1)
	}
}

// save measures the time from the end of a write to the new pages.
func (b *bench) save(n int) error {
	s, people, err := b.serveKith(n)
	if err != nil {
		return err
	}
	defer s.stop()
	page, index, file, err := s.saves(b.edits, b.pause, b.writeTo(s, people))
	if err != nil {
		return err
	}
	rows := [][]string{{"", "page: median", "p99", "due index: median", "p99", "file in public/: median", "p99"}}
	for how, name := range []string{"in place", "by rename"} {
		row := []string{name}
		for _, all := range [][]time.Duration{page, index, file} {
			var times []time.Duration
			for i := how; i < len(all); i += 2 {
				times = append(times, all[i])
			}
			row = append(row, millis(median(times)), millis(quantile(times, 0.99)))
		}
		rows = append(rows, row)
	}
	s.rest()
	if err := b.check(s); err != nil {
		return err
	}
	table(fmt.Sprintf("Save → visible, %d contacts, %s, %d saves (equal to a clean build afterwards)", n, b.medium, b.edits), rows...)
	return nil
}

func untilFile(path, text string) error {
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		if data, err := os.ReadFile(path); err == nil && strings.Contains(string(data), text) {
			return nil
		}
		if time.Since(began) > patience {
			return fmt.Errorf("%s is still stale after %v", path, patience)
		}
	}
}

// check compares what is served and what is in public/ with a clean build.
func (b *bench) check(s *server) error {
	out := b.in("clean")
	if err := remake(out); err != nil {
		return err
	}
	if _, err := b.build(b.in("journal"), out); err != nil {
		return err
	}
	// A busy machine can leave a server without a processor for longer than
	// [server.rest] waits.
	for began := time.Now(); ; time.Sleep(time.Second) {
		err := sameFiles(filepath.Join(b.in("journal"), "public"), out)
		if err == nil {
			break
		}
		if time.Since(began) > 20*time.Second {
			return fmt.Errorf("public/: %w", err)
		}
	}
	var names []string
	if err := eachFile(out, func(name string, _ fs.FileInfo) error { names = append(names, name); return nil }); err != nil {
		return err
	}
	for i := 0; i < len(names); i += 1 + len(names)/3000 {
		want, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(names[i])))
		if err != nil {
			return err
		}
		if got, err := s.page("/" + names[i]); err != nil || got != string(want) {
			return fmt.Errorf("what is served as %s is not what a clean build writes (%v)", names[i], err)
		}
	}
	return nil
}

// mass measures changes that touch many pages at once.
func (b *bench) mass(n int) error {
	s, people, err := b.serveKith(n)
	if err != nil {
		return err
	}
	defer s.stop()
	journal := b.in("journal")
	hub, members, friends, err := company(people)
	if err != nil {
		return err
	}
	circle := filepath.Join(journal, "content", "circles", "friends.md")
	few := spread(people, min(n, 1000))
	rows := [][]string{{"", "visible", "updates", "files written", "all in public/"}}
	for _, e := range []struct {
		name   string
		pages  []contact // to wait for
		change func() error
	}{
		{fmt.Sprintf("cadence of a circle (%d of no other)", len(members)), spread(members, 5), func() error {
			return edit(circle, "every: 2 months", "every: 2 weeks")
		}},
		{fmt.Sprintf("name of a friend of %d", len(friends)), spread(friends, 5), func() error {
			return edit(hub.path, "name: ", "name: Old ")
		}},
		{fmt.Sprintf("%d files, as git does it", len(few)), spread(few, 50), func() error {
			for _, c := range few {
				data, err := os.ReadFile(c.path)
				if err := errors.Join(err, os.Remove(c.path), os.WriteFile(c.path, append(data, "- "+touch(1)+"\n"...), 0o600)); err != nil {
					return err
				}
			}
			return nil
		}},
		{fmt.Sprintf("all %d files appended to", len(people)), spread(people, 200), func() error {
			for _, c := range people {
				f, err := os.OpenFile(c.path, os.O_APPEND|os.O_WRONLY, 0)
				if err != nil {
					return err
				}
				_, err = f.WriteString("- " + touch(2) + "\n")
				if err := errors.Join(err, f.Close()); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		before := map[string]string{}
		for _, c := range e.pages {
			if before[c.slug], err = s.page(c.page()); err != nil {
				return err
			}
		}
		first, began := s.updates(), time.Now()
		if err := e.change(); err != nil {
			return err
		}
		changed := time.Now()
		for _, c := range e.pages {
			err := s.until(c.page(), func(body []byte) bool { return string(live.ReplaceAll(body, nil)) != before[c.slug] })
			if err != nil {
				return err
			}
		}
		visible := time.Since(changed)
		s.rest()
		written, last := 0, changed
		err := eachFile(filepath.Join(journal, "public"), func(_ string, info fs.FileInfo) error {
			if info.ModTime().After(began) {
				written++
				if info.ModTime().After(last) {
					last = info.ModTime()
				}
			}
			return nil
		})
		if err := errors.Join(err, b.check(s)); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		rows = append(rows, []string{e.name, millis(visible), strconv.Itoa(s.updates() - first), strconv.Itoa(written), millis(last.Sub(changed))})
	}
	rows = append(rows, []string{"memory of the server: " + mebibytes(s.status("VmRSS")) + ", at its peak " + mebibytes(s.status("VmHWM"))})
	table(fmt.Sprintf("Mass changes, %d contacts, %s (equal to a clean build after each)", n, b.medium), rows...)
	return nil
}

// updates is how often the server has changed what it shows.
func (s *server) updates() int {
	_, header, err := s.get("/index.html")
	if err != nil {
		return 0
	}
	_, number, _ := strings.Cut(header.Get("Kith-Version"), " ")
	n, _ := strconv.Atoi(number)
	return n
}

// company finds somebody whom everybody knows, their friends, and the members of
// the circle of friends who have no other cadence.
func company(people []contact) (hub contact, members, friends []contact, err error) {
	friend := regexp.MustCompile(`A friend of \[\[(.+?)\]\], too`)
	known := ""
	for _, c := range people {
		data, err := os.ReadFile(c.path)
		if err != nil {
			return hub, nil, nil, err
		}
		if found := friend.FindSubmatch(data); found != nil {
			known, friends = string(found[1]), append(friends, c)
		}
		if bytes.Contains(data, []byte("\ncircles: [friends]\n")) && !bytes.Contains(data, []byte("\nevery: ")) {
			members = append(members, c)
		}
	}
	for _, c := range people {
		if c.slug == known {
			hub = c
		}
	}
	return hub, members, friends, nil
}

// spread is a number of people from all over the list, the last one included.
func spread(people []contact, number int) []contact {
	number = min(number, len(people))
	some := make([]contact, 0, number)
	for i := range number {
		some = append(some, people[(i+1)*len(people)/number-1])
	}
	return some
}

func edit(path, old, new string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed := bytes.Replace(data, []byte(old), []byte(new), 1)
	if bytes.Equal(changed, data) {
		return fmt.Errorf("%s has no %q", path, old)
	}
	return os.WriteFile(path, changed, 0o600)
}

// pressure measures how many pages a server can send, what it needs for it, and
// what it needs when nobody asks.
func (b *bench) pressure(n int) error {
	s, people, err := b.serveKith(n)
	if err != nil {
		return err
	}
	defer s.stop()
	const clients, most = 4, 200_000 // most of each
	ready := s.status("VmRSS")
	used := s.used()
	times := make([][]time.Duration, clients)
	errs := make([]error, clients)
	var wg sync.WaitGroup
	began := time.Now()
	for i := range clients {
		wg.Go(func() {
			c := client{addr: s.addr, root: s.root}
			defer c.close()
			random := rand.New(rand.NewPCG(b.seed, uint64(i)))
			for len(times[i]) < most && time.Since(began) < b.load && ctx.Err() == nil {
				asked := time.Now()
				body, _, err := c.get(people[random.IntN(len(people))].page())
				if err != nil || body == nil {
					errs[i] = fmt.Errorf("no answer under load: %w", err)
					return
				}
				times[i] = append(times[i], time.Since(asked))
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	took := time.Since(began)
	all := append(append(append(times[0], times[1]...), times[2]...), times[3]...)
	busy := s.used() - used
	loaded := s.status("VmRSS")
	s.rest()
	const stand = 3 * time.Second
	used = s.used()
	time.Sleep(stand)
	idle := s.used() - used
	table(
		fmt.Sprintf("Serving, %d contacts, %s: %d clients for %v, who share the processors with the server", n, b.medium, clients, b.load),
		[]string{"pages a second", "median", "p99", "processor of the server", "memory: ready", "after", "peak", fmt.Sprintf("idle, processor in %v", stand)},
		[]string{
			fmt.Sprintf("%.0f", float64(len(all))/took.Seconds()), millis(median(all)), millis(quantile(all, 0.99)),
			fmt.Sprintf("%.0f%%", float64(busy)/took.Seconds()), mebibytes(ready), mebibytes(loaded), mebibytes(s.status("VmHWM")),
			fmt.Sprintf("%d ms", idle*10),
		},
	)
	return nil
}
