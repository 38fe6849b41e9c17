package serve

import (
	"bytes"
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// mostConnections is how many there may be at a time: more than all the tabs of a person
// need, and fewer than the files that a process may open.
const mostConnections = 1000

// door lets connections in, up to mostConnections. Beyond that the one that has said
// nothing for the longest time has to go, so that no crowd of them keeps out who asks
// for a page.
type door struct {
	net.Listener
	headers []byte // those of guard.go, for what net/http answers by itself

	mu      sync.Mutex
	open    int
	waiting list.List // of *conn: those of which no request is being answered, the longest first
}

// conn is a connection to the server.
type conn struct {
	*net.TCPConn
	headers   []byte
	answering atomic.Bool   // whether a request on it has come to the server's handler
	waits     *list.Element // its place in door.waiting, or nil
}

func newDoor(l net.Listener) *door {
	h, lines := http.Header{}, bytes.Buffer{}
	protect(h)
	_ = h.Write(&lines) // a buffer takes all
	return &door{Listener: l, headers: lines.Bytes()}
}

func (d *door) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{TCPConn: c.(*net.TCPConn), headers: d.headers}, nil
}

// Write writes what net/http does. An answer that it gave without asking the handler, as
// to what is no request, has none of the headers of a page.
func (c *conn) Write(b []byte) (int, error) {
	status, rest, ok := bytes.Cut(b, []byte("\r\n"))
	if c.answering.Load() || !ok || !bytes.HasPrefix(status, []byte("HTTP/1.")) {
		return c.TCPConn.Write(b)
	}
	if _, err := c.TCPConn.Write(bytes.Join([][]byte{status, []byte("\r\n"), c.headers, rest}, nil)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// connKey is that of a request's *conn in its context.
type connKey struct{}

// attend has a server take its connections from the door.
func (d *door) attend(s *http.Server) {
	handler := s.Handler
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.begin(r.Context().Value(connKey{}).(*conn))
		handler.ServeHTTP(w, r)
	})
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) }
	s.ConnState = func(c net.Conn, state http.ConnState) { d.turn(c.(*conn), state) }
	s.DisableGeneralOptionsHandler = true // it answers OPTIONS * without a header
}

// begin notes that a request is being answered.
func (d *door) begin(c *conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c.answering.Store(true)
	d.leave(c)
}

// turn notes what became of a connection.
func (d *door) turn(c *conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch state {
	case http.StateNew, http.StateIdle:
		if state == http.StateNew {
			d.open++
		}
		c.answering.Store(false)
		d.leave(c)
		c.waits = d.waiting.PushBack(c)
	case http.StateClosed, http.StateHijacked:
		d.open--
		d.leave(c)
	}
	if d.open > mostConnections && state == http.StateNew {
		longest := d.waiting.Front().Value.(*conn) // the new one, if all others are answered
		d.leave(longest)
		longest.Close()
	}
}

func (d *door) leave(c *conn) {
	if c.waits != nil {
		d.waiting.Remove(c.waits)
		c.waits = nil
	}
}
