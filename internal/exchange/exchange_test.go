package exchange_test

import (
	"bytes"
	"flag"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/exchange"
)

var update = flag.Bool("update", false, "write what the sources are read as")

// TestSources reads every source in testdata: what it is read as stands beside it.
func TestSources(t *testing.T) {
	root := os.DirFS("testdata")
	folders, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var sources []string
	for _, f := range folders {
		if f.Name() == "archive" || f.Name() == "fuzz" || !f.IsDir() {
			continue
		}
		files, err := os.ReadDir("testdata/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file.Name(), ".golden") {
				sources = append(sources, path.Join(f.Name(), file.Name()))
			}
		}
	}
	for _, source := range append(sources, "archive") {
		t.Run(source, func(t *testing.T) {
			o := exchange.Options{Today: today, Me: []string{"me@example.org", "Me Myself"}}
			if source == "linkedin/messages.csv" {
				o.Me = []string{"Pedro Fuentes"}
			}
			if source == "archive" { // which says itself
				o.Me = nil
			}
			b, err := exchange.Read(root, source, o)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := exchange.WriteJSON(&got, b); err != nil {
				t.Fatal(err)
			}
			golden := "testdata/" + source + ".golden"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
