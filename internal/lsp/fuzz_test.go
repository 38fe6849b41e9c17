package lsp

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/site"
	"kith/templates"
)

// A server that was told of edits in pieces has the text that the client has, and answers
// as one that was just started.
func FuzzEdits(f *testing.F) {
	f.Add("---\nname: Ada\n---\n\n- 2026-11-02 call: hi\n", []byte{0, 5, 0, 9, 1, 3, 0, 0})
	f.Add("a\r\n👩‍🚀b\r\n\r\n", []byte{1, 0, 1, 2, 2, 1, 9, 9, 0, 0, 3, 0})
	f.Add("\ufeff---\nname: é\n---\n- [ ] x by 2026-12-01\n", []byte{2, 1, 2, 2, 3, 3, 3, 4})
	random := rand.NewChaCha8([32]byte{1})
	for range 20 {
		edits := make([]byte, 60)
		random.Read(edits)
		f.Add("---\r\nname: Ada\r\nevery: 6w\r\n---\r\n\r\n- [?] é 👩‍🚀\r\n- 2026-11-02 call: hi [[Grace]]\r\n", edits)
	}
	pieces := []string{"", "\n", "\r\n", "x", "👩‍🚀", "[[Grace]]", "- 2026-11-02 call got: hi\n", "---\n", "é", "evrey: 1w\n", "`", "[["}
	encodings := []encoding{"utf-8", "utf-16", "utf-32"}
	f.Fuzz(func(t *testing.T, start string, edits []byte) {
		if !utf8.ValidString(start) || len(start) > 2000 || len(edits) > 100 {
			return
		}
		for _, enc := range encodings {
			s := quietServer(t, enc)
			d := &document{path: ada, text: newText(start), writing: -1}
			s.docs[ada] = d
			s.reread([]string{ada})
			mine := start
			for rest := edits; len(rest) >= 4; rest = rest[4:] {
				from, to := int(binary.LittleEndian.Uint16(rest))%(len(mine)+1), int(rest[2])%(len(mine)+1)
				if to < from {
					from, to = to, from
				}
				from, to = whole(mine, from), whole(mine, to)
				with := pieces[int(rest[3])%len(pieces)]
				now := newText(mine)
				text, _, err := enc.change(d.text, []protocol.TextDocumentContentChangeEvent{&protocol.TextDocumentContentChangePartial{
					Range: protocol.Range{Start: enc.position(now, from), End: enc.position(now, to)}, Text: with,
				}})
				if err != nil {
					t.Fatal(err)
				}
				mine = mine[:from] + with + mine[to:]
				if d.text = text; text.all != mine {
					t.Fatalf("%s: the server has %q, the client %q", enc, text.all, mine)
				}
				s.reread([]string{ada})
			}
			if f := s.journal.File(ada); f == nil || f.Stale {
				continue // the journal goes on with what could be read
			}
			fresh := quietServer(t, enc)
			fresh.docs[ada] = &document{path: ada, text: newText(mine), writing: -1}
			fresh.reread([]string{ada})
			if got, want := answers(t, s), answers(t, fresh); got != want {
				t.Fatalf("%s: of %q it says\n%s\nand anew\n%s", enc, mine, got, want)
			}
		}
	})
}

// whole moves an offset to the beginning of the character, or the line end, that it is in.
func whole(text string, at int) int {
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	if at > 0 && at < len(text) && text[at] == '\n' && text[at-1] == '\r' {
		at--
	}
	return at
}

// plainTheme is the built-in theme.
var plainTheme = sync.OnceValue(func() *site.Theme { return site.NewTheme(templates.FS, fstest.MapFS{}) })

// quietServer is a server without a client, of a journal that has one other person.
func quietServer(t *testing.T, enc encoding) *server {
	dir := t.TempDir()
	for path, text := range map[string]string{grace: "---\nname: Grace\n---\n\n- 2026-11-20 call with [[Ada]]: hi\n"} {
		if err := os.MkdirAll(dir+"/content/contacts", 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+"/"+path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	s := newServer(testOptions(t, dir, nil, nil))
	s.root, s.encoding, s.whole, s.conn = root, enc, true, silence{}
	s.journal, s.theme = journal.Read(root.FS()), plainTheme()
	s.client = client{hints: true, literals: true}
	return s
}

// answers are all that a server says of the file of Ada, at each of its places.
func answers(t *testing.T, s *server) string {
	var b strings.Builder
	said := func(what string, result any, err error) {
		data, wrong := protocol.Marshal(result)
		if err != nil || wrong != nil {
			t.Fatal(err, wrong)
		}
		fmt.Fprintf(&b, "%s %s\n", what, data)
	}
	for _, p := range site.Problems(s.journal, s.theme) {
		said("problem "+p.String(), s.rangeOf(p), nil)
	}
	d := s.docs[ada]
	d.uri = "file:///ada.md"
	n := s.note(d)
	row := s.row(n.Slug)
	said("row", row.JSON(), nil)
	for line := range d.text.starts {
		for _, at := range []int{d.text.starts[line], d.text.starts[line] + len(d.text.line(line))} {
			c := s.cursor(d, n, s.encoding.position(d.text, at))
			start, end, choices := c.choices()
			fmt.Fprintln(&b, start, end, choices)
			text, from, to := s.hover(d, n, d.text.offsetIn(n, at))
			fmt.Fprintln(&b, text, from, to)
		}
	}
	tokens := s.journal.Parser().Tokens(n)
	slices.SortFunc(tokens, func(a, b note.Token) int { return a.Start - b.Start })
	fmt.Fprintln(&b, tokens)
	return b.String()
}

// silence is a connection that nobody listens at.
type silence struct{ jsonrpc2.Conn }

func (silence) Notify(context.Context, string, any) error { return nil }

// Whatever bytes arrive, the server answers what is a request, and neither hangs nor falls.
func FuzzMessages(f *testing.F) {
	message := func(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }
	begin := message(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`)
	f.Add([]byte(begin + message(`{"jsonrpc":"2.0","method":"initialized","params":{}}`) + message(`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`) + message(`{"jsonrpc":"2.0","method":"exit"}`)))
	f.Add([]byte(begin + message(`{`) + message(`[]`) + message(`{"jsonrpc":"2.0","id":"x","method":"textDocument/hover","params":5}`)))
	f.Add([]byte(begin + message(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///%zz","languageId":"","version":1,"text":"x"}}}`)))
	f.Add([]byte("Content-Length: 99999999999\r\n\r\n{}"))
	f.Add([]byte("Content-Length: -1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		var out bytes.Buffer
		opts := testOptions(t, dir, bytes.NewReader(data), &out)
		opts.Log = func(string, ...any) {}
		_ = Run(t.Context(), opts)
		// All that it wrote is messages.
		for rest := out.Bytes(); len(rest) > 0; {
			head, body, found := bytes.Cut(rest, []byte("\r\n\r\n"))
			var n int
			if _, err := fmt.Sscanf(string(head), "Content-Length: %d", &n); err != nil || !found || n > len(body) {
				t.Fatalf("it wrote %q", rest)
			}
			rest = body[n:]
		}
	})
}
