package serve

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// attacked returns the address of a server that answers as Run does, and the server.
func attacked(t *testing.T) (*Server, *url.URL) {
	t.Helper()
	fsys := files()
	s, problems := siteOf(fsys)
	server := New(fsys, s, problems)
	l, err := listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- answer(ctx, l, server) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return server, &url.URL{Scheme: "http", Host: l.Addr().String()}
}

// answers checks that somebody who asks now sees a page soon.
func answers(t *testing.T, at *url.URL) {
	t.Helper()
	began := time.Now()
	if r, body := ask(t, at, "GET", "/contacts/ada.html"); r.StatusCode != http.StatusOK || !strings.Contains(body, "Prefers letters") {
		t.Errorf("a page is answered with %s", r.Status)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a page took %v", took)
	}
}

func dial(t *testing.T, at *url.URL) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// What is no request is answered with the same headers as a page, and so is a question
// for all that there is.
func TestHeadersOfWhatIsNoRequest(t *testing.T) {
	_, at := attacked(t)
	for _, request := range []string{
		"nonsense\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
		"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: much\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + strings.Repeat("a", 1<<20) + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: odd\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: " + at.Host + "\r\n\r\n",
		// Also on a connection that had an answer before.
		"GET / HTTP/1.1\r\nHost: " + at.Host + "\r\n\r\nnonsense\r\n\r\n",
	} {
		c := dial(t, at)
		go func() { _, _ = io.WriteString(c, request) }()
		in := bufio.NewReader(c)
		for range 1 + strings.Count(request, "nonsense")*strings.Count(request, "GET") {
			r, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Errorf("%.60q: %v", request, err)
				break
			}
			_, _ = io.Copy(io.Discard, r.Body)
			want := http.Header{}
			protect(want)
			for name := range want {
				if got := r.Header.Values(name); len(got) != 1 || got[0] != want.Get(name) {
					t.Errorf("%.60q: %s, %s is %q", request, r.Status, name, got)
				}
			}
		}
	}
}

// A crowd of connections that say nothing keeps nobody out.
func TestIdleConnections(t *testing.T) {
	_, at := attacked(t)
	var first net.Conn
	for i := range idleConnections {
		c := dial(t, at)
		if i == 0 {
			first = c
		}
		if i%2 == 0 { // and some had a page before
			fmt.Fprintf(c, "GET /contacts/ada.html HTTP/1.1\r\nHost: %s\r\n\r\n", at.Host)
		}
	}
	answers(t, at)
	// The one that had been quiet for the longest time had to go.
	_ = first.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.Copy(io.Discard, first); err != nil {
		t.Errorf("of %d connections the first is still open: %v", idleConnections, err)
	}
}

// Those who send a byte now and then, or take one, keep nobody waiting.
func TestSlowClients(t *testing.T) {
	_, at := attacked(t)
	ctx, cancel := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for i := range slowClients {
		c := dial(t, at)
		clients.Go(func() {
			defer c.Close()
			tick := time.NewTicker(50 * time.Millisecond)
			defer tick.Stop()
			request := "GET /contacts.html HTTP/1.1\r\nHost: " + at.Host + "\r\nX: " + strings.Repeat("a", 1<<10)
			if i%2 == 0 {
				_, _ = io.WriteString(c, "GET /assets/kith.css HTTP/1.1\r\nHost: "+at.Host+"\r\n\r\n")
			}
			for j := 0; ; j++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				var err error
				if i%2 == 0 {
					_, err = c.Read(make([]byte, 1))
				} else {
					_, err = io.WriteString(c, request[j:j+1])
				}
				if err != nil {
					return
				}
			}
		})
	}
	for range 20 {
		answers(t, at)
	}
	cancel()
	clients.Wait()
}

// Every open page hears of the last of many saves, however many pages and saves.
func TestManyStreamsOverManySaves(t *testing.T) {
	server, at := attacked(t)
	var streams []*stream
	for range openStreams {
		streams = append(streams, listenTo(t, at))
	}
	fsys := fstest.MapFS{"content/contacts/ada.md": files()["content/contacts/ada.md"]}
	for i := range savesStreamed {
		fsys["content/contacts/bo.md"] = &fstest.MapFile{Data: fmt.Appendf(nil, "---\nname: Bo %d\n---\n", i)}
		next, problems := siteOf(fsys)
		server.Update(next, problems, false)
	}
	answers(t, at)
	for _, s := range streams {
		for want := server.now.Load().live.String(); s.next() != want; {
		}
	}
}
