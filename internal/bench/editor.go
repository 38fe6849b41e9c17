package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.lsp.dev/protocol"

	"kith/internal/lsp/lsptest"
)

// editor measures kith lsp as an editor meets it: a file is opened, lines are typed into it
// here and there, and words are asked for.
func (b *bench) editor(n int) (err error) {
	dir, err := b.journal(n)
	if err != nil {
		return err
	}
	people, err := readPeople(dir)
	if err != nil {
		return err
	}
	defer func() {
		if failed := recover(); failed != nil {
			err = fmt.Errorf("%v", failed)
		}
	}()
	path := func(c contact) string {
		in, err := filepath.Rel(dir, c.path)
		if err != nil {
			panic(err)
		}
		return filepath.ToSlash(in)
	}
	textOf := func(c contact) string {
		data, err := os.ReadFile(c.path)
		if err != nil {
			panic(err)
		}
		return string(data)
	}
	begun := time.Now()
	e := lsptest.Start(lsptest.Options{
		Folder: dir, Capabilities: lsptest.Full(),
		Serve: func(in io.Reader, out io.Writer) error {
			cmd := b.command(dir, b.kith, "--today", dayBefore(0), "lsp")
			cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, os.Stderr
			return cmd.Run()
		},
		Fail: func(format string, args ...any) { panic(fmt.Sprintf(format, args...)) },
	})
	const wrong = "evrey: 6 weeks\n" // below the first line
	told := func(path string, problems bool) {
		e.Until(fmt.Sprintf("it said of %s that there is a problem: %v", path, problems), func() bool {
			is, known := e.Told()[e.URI(path)]
			has := false
			for _, d := range is.Diagnostics {
				has = has || d.Code == protocol.String("unknown-key")
			}
			return known && has == problems
		})
	}
	people = slices.DeleteFunc(people, func(c contact) bool { return !strings.HasPrefix(textOf(c), "---\n") })
	first := people[len(people)/2]
	e.Open(path(first), strings.Replace(textOf(first), "\n", "\n"+wrong, 1))
	told(path(first), true)
	opened := time.Since(begun)
	e.Read()
	whole := time.Since(begun)
	told(path(first), true)

	var change, completion, hover, actions []time.Duration
	measure := func(times *[]time.Duration, work func()) {
		start := time.Now()
		work()
		*times = append(*times, time.Since(start))
	}
	random := rand.New(rand.NewPCG(b.seed, 1))
	for range b.edits {
		who := people[random.IntN(len(people))]
		if who == first {
			continue
		}
		text, file := textOf(who), path(who)
		lines := uint32(strings.Count(text, "\n"))
		e.Open(file, text)
		put := func(with string, from, to uint32) {
			e.Change(file, &protocol.TextDocumentContentChangePartial{
				Range: protocol.Range{Start: protocol.Position{Line: from}, End: protocol.Position{Line: to}}, Text: with,
			})
		}
		measure(&change, func() { put(wrong, 1, 1); told(file, true) })
		measure(&change, func() { put("", 1, 2); told(file, false) })
		at := func(typed string) protocol.TextDocumentPositionParams {
			put(typed, lines, lines+9)
			return protocol.TextDocumentPositionParams{TextDocument: e.File(file), Position: protocol.Position{Line: lines, Character: uint32(len(typed))}}
		}
		for _, typed := range []string{"- ", "- " + dayBefore(0) + " ", "Saw [[", "Saw [[ma", "Saw #a"} {
			p := at(typed)
			measure(&completion, func() {
				e.Ask(protocol.MethodTextDocumentCompletion, &protocol.CompletionParams{TextDocumentPositionParams: p}, nil)
			})
		}
		p := at("")
		p.Position = protocol.Position{Line: 1, Character: 8}
		measure(&hover, func() {
			e.Ask(protocol.MethodTextDocumentHover, &protocol.HoverParams{TextDocumentPositionParams: p}, nil)
		})
		measure(&actions, func() {
			e.Ask(protocol.MethodTextDocumentCodeAction, &protocol.CodeActionParams{TextDocument: e.File(file), Range: protocol.Range{Start: p.Position, End: p.Position}}, nil)
		})
		e.Close(file)
	}
	if err := e.Leave(); err != nil {
		return err
	}
	rows := [][]string{{"", "median", "p99"}}
	for _, m := range []struct {
		name  string
		times []time.Duration
	}{{"change → diagnostics", change}, {"completion", completion}, {"hover", hover}, {"actions", actions}} {
		rows = append(rows, []string{m.name, millis(median(m.times)), millis(quantile(m.times, 0.99))})
	}
	rows = append(rows, []string{"start → diagnostics of the open file", millis(opened)}, []string{"start → the whole journal", millis(whole)})
	table(fmt.Sprintf("In an editor, %d contacts, %s", n, b.medium), rows...)
	return nil
}
