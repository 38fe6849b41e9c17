package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"kith/internal/cli"
	"kith/internal/lsp/lsptest"
)

// openJournal starts kith lsp and an editor that has each note of a journal open.
func openJournal(t *testing.T, root string, can protocol.ClientCapabilities, flags ...string) *lsptest.Editor {
	t.Helper()
	e := lsptest.Start(lsptest.Options{
		Folder: root, Fail: t.Fatalf,
		Capabilities: can,
		Serve: func(in io.Reader, out io.Writer) error {
			var log strings.Builder
			status := cli.Main(append(flags, "lsp"), cli.Env{
				Stdin: in, Stdout: out, Stderr: &log, Dir: root, Now: time.Now, Getenv: func(string) string { return "" },
			})
			if status != 0 || log.Len() > 0 {
				return fmt.Errorf("exit status %d: %s", status, log.String())
			}
			return nil
		},
	})
	err := filepath.WalkDir(filepath.Join(root, "content"), func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) != ".md" {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil || !utf8.Valid(data) || len(data) > 1<<20 {
			return nil // which is no text, so no editor has it
		}
		path, err := filepath.Rel(root, file)
		e.Open(filepath.ToSlash(path), strings.TrimPrefix(string(data), "\ufeff"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Read()
	return e
}

// What kith lsp says of each file is what kith check says of it.
func sameAsCheck(t *testing.T, root string, flags ...string) {
	t.Helper()
	e := openJournal(t, root, protocol.ClientCapabilities{General: &protocol.GeneralClientCapabilities{
		// In which a column is a character, as in a problem.
		PositionEncodings: []protocol.PositionEncodingKind{protocol.PositionEncodingKindUTF32},
	}}, flags...)
	out, _, _ := run(t, root, append(flags, "check", "--json")...)
	var doc struct {
		Problems []struct {
			File                          string
			Line, Column                  int
			Severity, Code, Message, Hint string
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var want, got []string
	for _, p := range doc.Problems {
		message := p.Message
		if p.Hint != "" {
			message += "\n" + p.Hint
		}
		want = append(want, fmt.Sprintf("%s:%d:%d: %s: %s (%s)", e.URI(p.File), max(p.Line, 1), max(p.Column, 1), p.Severity, message, p.Code))
	}
	e.Diagnostics("") // once all that was opened is dealt with
	for file, told := range e.Told() {
		for _, d := range told.Diagnostics {
			severity := map[protocol.DiagnosticSeverity]string{1: "error", 2: "warning"}[d.Severity]
			got = append(got, fmt.Sprintf("%s:%d:%d: %s: %s (%s)", file, d.Range.Start.Line+1, d.Range.Start.Character+1, severity, d.Message, d.Code))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the server says\n%s\nand kith check\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if err := e.Leave(); err != nil {
		t.Error(err)
	}
}

func TestDiagnosticsAreThoseOfCheck(t *testing.T) {
	t.Run("demo", func(t *testing.T) { sameAsCheck(t, demo) })
	tables, err := filepath.Glob("testdata/format/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		cases, err := readTable(table)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(table), ".txt"), func(t *testing.T) {
			for i, c := range cases {
				if i%serverEach > 0 || testing.Short() && i%10 > 0 {
					continue
				}
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					sameAsCheck(t, c.write(t), "--today", "2026-11-23")
				})
			}
		})
	}
}

// A rename in an editor leaves the files as kith rename does.
func TestRenameInAnEditorIsThatOfRename(t *testing.T) {
	t.Parallel()
	for _, who := range []struct{ slug, name string }{
		{"philippa-boyle", "Philippa Boyle-Lund"}, {"siobhan-orourke", "Siobhán O’Rourke Daly"}, {"李淑云", "Li Shuyun"},
	} {
		var trees [2]map[string]string
		for i := range trees {
			root := t.TempDir()
			if err := os.CopyFS(filepath.Join(root, "content"), os.DirFS(filepath.Join(demo, "content"))); err != nil {
				t.Fatal(err)
			}
			file := "content/contacts/" + who.slug + ".md"
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				if _, errs, status := run(t, root, "rename", who.slug, who.name); status != 0 {
					t.Fatal(errs)
				}
			} else {
				e := openJournal(t, root, lsptest.Full())
				var edit protocol.WorkspaceEdit
				e.Ask(protocol.MethodTextDocumentRename, &protocol.RenameParams{
					TextDocumentPositionParams: protocol.TextDocumentPositionParams{TextDocument: e.File(file), Position: nameOf(t, filepath.Join(root, file))},
					NewName:                    who.name,
				}, &edit)
				e.Apply(&edit)
			}
			trees[i] = readTree(t, filepath.Join(root, "content"))
		}
		for path, want := range trees[0] {
			if got := trees[1][path]; got != want {
				t.Errorf("%s: an editor makes of %s\n%s\nwant\n%s", who.name, path, got, want)
			}
			delete(trees[1], path)
		}
		for path := range trees[1] {
			t.Errorf("%s: an editor leaves %s", who.name, path)
		}
	}
}

// nameOf returns where the name stands in the front matter of a file.
func nameOf(t *testing.T, file string) protocol.Position {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(line, "name: ") {
			return protocol.Position{Line: uint32(i), Character: 7}
		}
	}
	t.Fatalf("%s has no name", file)
	return protocol.Position{}
}

// readTree returns the texts of the files below a folder, by path.
func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(file)
		texts[strings.TrimPrefix(file, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
