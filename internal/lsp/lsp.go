// Package lsp is the language server of a journal: kith in an editor, over the Language
// Server Protocol.
//
// Run answers one client. Its messages are dealt with one after the other, in the order in
// which they come (server.go), so that no answer is about a text that has changed since.
// What a client has in its buffers is laid over the files of the journal, and package
// journal reads both alike (workspace.go): a change of a buffer makes the next journal of
// the last, as a save does for package serve. Everything that is answered is looked up in
// that journal and in the note of the buffer; nothing here reads the language a second
// time. What a client is given to change comes from package revise, or has been read again
// and found to be right.
//
// Places are offsets in the text of a buffer in here, and become a client's lines and
// columns at the edge (text.go).
package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"kith/internal/civil"
	"kith/internal/journal"
)

// Options are what [Run] needs to know of the world.
type Options struct {
	// In and Out are the two directions of the connection with the client.
	In  io.Reader
	Out io.Writer
	// Find finds the journal that a folder belongs to; an empty one is that which the
	// program was started in.
	Find func(folder string) (*os.Root, error)
	// Templates is the built-in theme.
	Templates fs.FS
	// Today is the day that it is by the settings of a journal.
	Today func(journal.Settings) civil.Date
	// Version is that of the program.
	Version string
	// Log is told what somebody who looks for a fault should know: one line each.
	Log func(format string, args ...any)
}

// ErrNotShutDown says that a client left without a word.
var ErrNotShutDown = errors.New("the client went away without shutting the server down")

// Run answers a client until it takes its leave or ctx is done.
func Run(ctx context.Context, opts Options) error {
	ctx, cancel := context.WithCancel(ctx)
	s := newServer(opts)
	s.done = ctx.Done()
	var beside sync.WaitGroup
	defer beside.Wait()
	defer cancel()
	s.beside = func(work func(context.Context)) { beside.Go(func() { work(ctx) }) }

	s.conn = jsonrpc2.NewConn(messages{jsonrpc2.NewHeaderStream(connection{opts.In, opts.Out})}, jsonrpc2.WithCodec(codec{}))
	s.conn.Go(ctx, s.handle)
	select {
	case <-s.conn.Done():
	case <-s.left:
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root != nil {
		s.root.Close()
	}
	if s.phase != ended && ctx.Err() == nil {
		return errors.Join(ErrNotShutDown, s.conn.Err())
	}
	return nil
}

// connection is the two directions of a connection, which the process that began them ends.
type connection struct {
	io.Reader
	io.Writer
}

func (connection) Close() error { return nil }

// messages are those of a connection. One that is no JSON, or no message, is answered with
// an error, and does not end it.
type messages struct{ jsonrpc2.Stream }

func (m messages) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	for {
		msg, n, err := m.Stream.Read(ctx)
		var wrong *jsonrpc2.Error
		switch {
		case errors.Is(err, jsonrpc2.ErrParse), errors.Is(err, jsonrpc2.ErrInvalidRequest):
			wrong = jsonrpc2.ErrParse
		default:
			return msg, n, err
		}
		answer := jsonrpc2.NewResponse(jsonrpc2.ID{}, nil, wrong)
		if _, err := m.Stream.Write(ctx, answer); err != nil {
			return nil, 0, err
		}
	}
}

// codec is how the parameters and results of messages are written.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error) { return protocol.Marshal(v) }

func (codec) Unmarshal(data []byte, v any) error { return protocol.Unmarshal(data, v) }

// answered turns a panic in the answer to a request into an error, so that it ends no more
// than that.
func answered(method string, answer func() (any, error), log func(format string, args ...any)) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			log("%s: %v", method, r)
			result, err = nil, jsonrpc2.NewError(jsonrpc2.InternalError, fmt.Sprintf("%s failed: %v", method, r))
		}
	}()
	return answer()
}
