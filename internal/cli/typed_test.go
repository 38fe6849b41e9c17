package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// typedPeople are those of the journal in which the lines of testdata/typed.txt are
// typed, by name and other names.
var typedPeople = [][2]string{
	{"Ada Lovelace", ""},
	{"Marcus Oyelaran", ""},
	{"Marcus Webb", ""},
	{"Kemi Ade", ""},
	{"Ellen Till", "Mum"},
	{"Rob Till", ""},
	{"Helen Marsh", ""},
	{"Rufus Lang", ""},
	{"Ana Horvat", ""},
	{"Grace Hopper", ""},
	{"Grace Jones", ""},
	{"Dr. Priya Nair", ""},
	{"Pat McCann", ""},
	{"Raj Patel", ""},
}

// TestLinesAsTheyAreTyped has lines as people type them, each with what becomes of it:
// the lines it writes, and what kith says. Today is Thursday, 26 November 2026.
func TestLinesAsTheyAreTyped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := filepath.Join(dir, "content", "contacts")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, who := range typedPeople {
		file := strings.ToLower(strings.NewReplacer(" ", "-", ".", "").Replace(who[0])) + ".md"
		text := fmt.Sprintf("---\nname: %s\naliases: [%s]\n---\n- [?] how the boat is\n\n## Log\n", who[0], who[1])
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const table = "testdata/typed.txt"
	want, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`"[^"]*"|[^ "]+`)
	var got bytes.Buffer
	for line := range strings.Lines(string(want)) {
		typed, isTyped := strings.CutPrefix(line, "kith ")
		if !isTyped {
			if strings.HasPrefix(line, "#") || line == "\n" {
				got.WriteString(line)
			}
			continue
		}
		args := []string{"--today", "2026-11-26"}
		for _, arg := range word.FindAllString(strings.TrimSpace(typed), -1) {
			args = append(args, strings.Trim(arg, `"`))
		}
		out, errs, _ := run(t, dir, append(args, "--dry-run")...)
		got.WriteString(line)
		file := ""
		for said := range strings.Lines(out) {
			switch text, added := strings.CutPrefix(said, "+"); {
			case strings.HasPrefix(said, "+++ "):
				file = strings.TrimSuffix(filepath.Base(strings.TrimSpace(said)), ".md")
			case added && strings.TrimSpace(text) != "":
				fmt.Fprintf(&got, "    %s: %s", file, text)
			}
		}
		for said := range strings.Lines(errs) {
			fmt.Fprintf(&got, "    %s", strings.TrimPrefix(said, "kith: "))
		}
	}
	if *update {
		if err := os.WriteFile(table, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" && !*update {
		t.Errorf("what becomes of the lines is something else (-want +got):\n%s", diff)
	}
}
