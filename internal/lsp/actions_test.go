package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"kith/internal/lsp/lsptest"
)

// actions returns what is offered at the | of a text of a file, by title; the text without
// it is in the file and in a buffer.
func actions(t *testing.T, e *lsptest.Editor, path, marked string) map[string]*protocol.CodeAction {
	t.Helper()
	before, after, found := strings.Cut(marked, "|")
	if !found {
		t.Fatalf("no cursor in %q", marked)
	}
	text := before + after
	file := e.URI(path).FsPath()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e.Open(path, text)
	defer e.Close(path)
	at := encoding("utf-16").position(newText(text), len(before))
	var list []protocol.CommandOrCodeAction
	e.Ask(protocol.MethodTextDocumentCodeAction, &protocol.CodeActionParams{TextDocument: e.File(path), Range: protocol.Range{Start: at, End: at}}, &list)
	offered := map[string]*protocol.CodeAction{}
	for _, a := range list {
		a := a.(*protocol.CodeAction)
		offered[a.Title] = a
	}
	return offered
}

func titles(offered map[string]*protocol.CodeAction) (list []string) {
	for title := range offered {
		list = append(list, title)
	}
	return list
}

func TestCodeActions(t *testing.T) {
	const head = "---\nname: Ada Lovelace\n---\n"
	for _, c := range []struct{ marked, title, want string }{
		{"---\nname: Ada\nev|rey: 6 weeks\n---\n", "Write every: 6 weeks", "---\nname: Ada\nevery: 6 weeks\n---\n"},
		{"---\nname: Ada\nbirthday: 14 Ma|rch\n---\n", "Write birthday: 03-14", "---\nname: Ada\nbirthday: 03-14\n---\n"},
		{"---\nname: Ada\nemail: <ada at x>, x@exam|ple.org\n---\n", "", ""},
		{"---\r\nname: Ada\r\nstat|us: pausd\r\n---\r\n", "Write status: paused", "---\r\nname: Ada\r\nstatus: paused\r\n---\r\n"},
		{head + "- 14/11/2026 ca|ll: hi\n", "Write - 2026-11-14 call: hi", head + "- 2026-11-14 call: hi\n"},
		{head + "- 2026-11-02 cof|ee: 👩‍🚀 hi\n", "Write coffee: 👩‍🚀 hi", head + "- 2026-11-02 coffee: 👩‍🚀 hi\n"},
		{head + "- [] se|nd it\n", "Write [ ] send it", head + "- [ ] send it\n"},
		{head + "- [ ] send it b|y 14 November 2026\n", "Write by 2026-11-14", head + "- [ ] send it by 2026-11-14\n"},
		{head + "- [ ] send it by 14| Nov 2026 #paper\n", "Write by 2026-11-14", head + "- [ ] send it by 2026-11-14 #paper\n"},
		{head + "- 2026-11-02 call with [[Grcae Hop|per]]: hi\n", "Write [[Grace Hopper]]", head + "- 2026-11-02 call with [[Grace Hopper]]: hi\n"},
		{head + "Knows [[Grcae Hop|per|her]].\n", "Write [[Grace Hopper|her]]", head + "Knows [[Grace Hopper|her]].\n"},
		{head + "Knows Grace Hop|per well.\n", "Link to Grace Hopper", head + "Knows [[Grace Hopper]] well.\n"},
		{head + "- [ ] send| it\n", "Tick it", head + "- [x] send it\n"},
		{head + "|\n- 2026-11-02 call: hi\n", "Log today: you talked", head + "\n- 2026-11-23 talk\n- 2026-11-02 call: hi\n"},
		{head + "|\n- 2026-11-02 call got: hi\n", "Say thanks: you wrote to thank them today", head + "\n- 2026-11-23 > message thanked\n- 2026-11-02 call got: hi\n"},
		{head + "|", "Snooze for two weeks", "---\nname: Ada Lovelace\nsnooze: 2026-12-07\n---\n"},
		{head + "|", "Be in touch: 3 months", "---\nname: Ada Lovelace\nevery: 3 months\n---\n"},
	} {
		e, _ := setup{files: map[string]string{grace: "---\nname: Grace Hopper\n---\n"}, can: lsptest.Full()}.start(t)
		offered := actions(t, e, ada, c.marked)
		if c.title == "" {
			for title := range offered {
				if strings.HasPrefix(title, "Write") {
					t.Errorf("%q: it offers to %s", c.marked, title)
				}
			}
			continue
		}
		a := offered[c.title]
		if a == nil {
			t.Errorf("%q: there is no %q among %q", c.marked, c.title, titles(offered))
			continue
		}
		e.Apply(a.Edit)
		got, err := os.ReadFile(e.URI(ada).FsPath())
		if err != nil || string(got) != c.want {
			t.Errorf("%q: %s makes %q, want %q (%v)", c.marked, c.title, got, c.want, err)
		}
	}
}

func TestActionsThatMakeFiles(t *testing.T) {
	e, dir := setup{can: lsptest.Full()}.start(t)
	read := func(path string) string {
		data, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Error(err)
		}
		return string(data)
	}
	offered := actions(t, e, ada, "---\nname: Ada\n---\n- 2026-11-02 call with [[Mary Som|erville]]: hi\n")
	if a := offered["Make a file for Mary Somerville"]; a == nil {
		t.Errorf("there is %q", titles(offered))
	} else if e.Apply(a.Edit); read("content/contacts/mary-somerville.md") != "---\nname: Mary Somerville\nadded: 2026-11-23\n---\n" {
		t.Errorf("the file is %q", read("content/contacts/mary-somerville.md"))
	}
	offered = actions(t, e, ada, "---\nname: Ada\n---\n- 2026-11-02 > fa|x: hi\n")
	if a := offered["Add fax to kith.toml as a write"]; a == nil {
		t.Errorf("there is %q", titles(offered))
	} else if e.Apply(a.Edit); read("kith.toml") != "[kinds]\nwrite = [\"fax\"]\n" {
		t.Errorf("the settings are %q", read("kith.toml"))
	}
}

// The beginning of a letter is a quotation below the cursor.
func TestDraftBelowTheCursor(t *testing.T) {
	const text = "---\nname: Ada Lovelace\n---\n\n- 2026-05-02 call got: She helped with the tables.\n"
	e, _ := setup{can: lsptest.Full()}.start(t)
	offered := actions(t, e, ada, strings.Replace(text, "tables.", "tables.|", 1))
	a := offered["Insert a draft: thanks"]
	if a == nil {
		t.Fatalf("there is %q", titles(offered))
	}
	e.Apply(a.Edit)
	got, err := os.ReadFile(e.URI(ada).FsPath())
	if err != nil || !strings.HasPrefix(string(got), strings.TrimSuffix(text, "\n")+"\n\n> ") {
		t.Errorf("it makes %q (%v)", got, err)
	}
	for line := range strings.Lines(string(got)[len(text):]) {
		if line != "\n" && !strings.HasPrefix(line, ">") {
			t.Errorf("the line %q of the draft is no quotation", line)
		}
	}
}

func TestRenameRefuses(t *testing.T) {
	e, _ := setup{files: map[string]string{ada: adaText, grace: "---\nname: Grace Hopper\n---\n"}, can: lsptest.Full()}.start(t)
	e.Open(ada, adaText)
	p := where(t, "with [[Gr")
	p.TextDocument = e.File(ada)
	for _, name := range []string{"Ada Lovelace", "...", ""} {
		if err := e.Try(protocol.MethodTextDocumentRename, &protocol.RenameParams{TextDocumentPositionParams: p, NewName: name}, nil); err == nil {
			t.Errorf("it takes the name %q", name)
		}
	}
	p = where(t, "She")
	p.TextDocument = e.File(ada)
	if err := e.Try(protocol.MethodTextDocumentRename, &protocol.RenameParams{TextDocumentPositionParams: p, NewName: "X"}, nil); err == nil {
		t.Error("it renames nobody")
	}
}
