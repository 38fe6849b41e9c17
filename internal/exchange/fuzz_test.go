package exchange_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kith/internal/exchange"
)

// FuzzRead reads anything as each kind of source. What comes out can be written as
// kith's JSON, and is the same when that is read.
func FuzzRead(f *testing.F) {
	root := os.DirFS("testdata")
	_ = fs.WalkDir(root, ".", func(path string, d fs.DirEntry, _ error) error {
		if !d.IsDir() && !strings.HasSuffix(path, ".golden") && !strings.HasPrefix(path, "fuzz/") {
			data, _ := fs.ReadFile(root, path)
			f.Add(data[:min(len(data), 4096)], uint8(len(path)))
		}
		return nil
	})
	f.Fuzz(func(t *testing.T, data []byte, kind uint8) {
		kinds := append(exchange.Kinds(), "")
		o := exchange.Options{Kind: kinds[int(kind)%len(kinds)]}
		b, err := exchange.Read(fstest.MapFS{"source": {Data: data}}, "source", o)
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := exchange.WriteJSON(&once, b); err != nil {
			t.Fatal(err)
		}
		again, err := exchange.Read(fstest.MapFS{"source": {Data: once.Bytes()}}, "source", exchange.Options{Kind: "json"})
		if err != nil {
			t.Fatalf("%v\n%s", err, once.Bytes())
		}
		if err := exchange.WriteJSON(&twice, again); err != nil {
			t.Fatal(err)
		}
		if once.String() != twice.String() {
			t.Errorf("written\n%s\nread again\n%s", once.String(), twice.String())
		}
	})
}
