package main

import (
	"bytes"
	"testing"
	"time"

	"kith/internal/cli"
)

// Journals of one seed are the same, and those of another are not.
func TestJournalsAreThoseOfTheirSeed(t *testing.T) {
	t.Parallel()
	a, b, c := t.TempDir(), t.TempDir(), t.TempDir()
	for dir, seed := range map[string]uint64{a: 1, b: 1, c: 2} {
		if err := makeJournal(dir, 50, seed, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := sameFiles(a, b); err != nil {
		t.Error(err)
	}
	if sameFiles(a, c) == nil {
		t.Error("the journals of two seeds are the same")
	}
}

// Nothing is wrong in a generated journal, and some in it are due.
func TestJournalsHaveNoProblems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := makeJournal(dir, 50, 1, false); err != nil {
		t.Fatal(err)
	}
	kith := func(args ...string) string {
		var out, errs bytes.Buffer
		status := cli.Main(args, cli.Env{
			Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &errs, Dir: dir,
			Getenv: func(string) string { return "" }, Now: time.Now,
		})
		if status != 0 {
			t.Fatalf("kith %v: status %d\n%s%s", args, status, out.String(), errs.String())
		}
		return out.String()
	}
	if out := kith("check", "--strict"); out != "" {
		t.Errorf("kith check says:\n%s", out)
	}
	if due := bytes.Count([]byte(kith("due", "--json")), []byte(`"slug"`)); due < 2 || due > 15 {
		t.Errorf("%d of 50 are due, want about an eighth", due)
	}
}

// The short way of floor C reads what the long way reads.
func TestFloorReadsPlainFrontMatter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{"---\nname: Ada Lovelace\ntags: [a, b]\nvia: \"[[Mary]]\"\n---\nText\n", true},
		{"---\nname: Ada # a comment\n---\nText\n", false},
		{"---\ntags:\n  - a\n---\nText\n", false},
		{"+++\nname = \"Ada\"\n+++\nText\n", false},
	} {
		if _, body, ok := plainFront([]byte(c.text)); ok != c.ok || ok && string(body) != "Text\n" {
			t.Errorf("%q: ok %v, body %q", c.text, ok, body)
		}
	}
}
