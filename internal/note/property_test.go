package note

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kith/internal/civil"
	"kith/internal/note/notetest"
)

func anyFile() *rapid.Generator[[2]any] {
	return rapid.Custom(func(t *rapid.T) [2]any {
		kind := rapid.SampledFrom([]Kind{Contact, Journal, Circle}).Draw(t, "kind")
		return [2]any{kind, pathOf(kind, rapid.SampledFrom([]string{"ada.md", "2026-11-23.md", "---.md"}).Draw(t, "file"))}
	})
}

// checkNote checks what holds for every note, whatever is in it.
func checkNote(t rapid.TB, p *Parser, path string, kind Kind, data []byte) *Note {
	t.Helper()
	n := p.Parse(path, kind, data)
	lines := strings.Split(n.Source, "\n")
	at := func(what string, line, column int) {
		t.Helper()
		if n.Source == "" && line == 1 && column == 1 {
			return
		}
		if line < 1 || line > len(lines) || column < 1 || column > utf8.RuneCountInString(lines[line-1])+1 {
			t.Errorf("%s stands at %d:%d, outside of the file", what, line, column)
		}
	}
	for _, pr := range n.Problems {
		if n.Source == "" && n.Broken {
			break // not read at all
		}
		at("problem "+pr.Code, pr.Line, pr.Column)
		if pr.File != path || pr.Code == "" || pr.Message == "" {
			t.Errorf("a problem without file, code or message: %+v", pr)
		}
		if pr.Line >= 1 && pr.Line <= len(lines) && !strings.HasPrefix(lines[pr.Line-1], pr.Source) {
			t.Errorf("the line of problem %s is %q, want %q", problemText(pr), pr.Source, lines[pr.Line-1])
		}
		if !utf8.ValidString(pr.Message) || !utf8.ValidString(pr.Hint) || !utf8.ValidString(pr.Source) {
			t.Errorf("a problem that is not UTF-8: %+v", pr)
		}
	}
	if f, found := fenceOf(n.fence); found && tooLong(n.Source[n.front.start:n.front.end], 1) == nil {
		got, err := n.readFence(f, 1, nil)
		want, wantErr := f.format.read(n.Source[n.front.start:n.front.end], 1)
		if !reflect.DeepEqual(want, got) && len(want)+len(got) > 0 || (err == nil) != (wantErr == nil) || err != nil && *err != *wantErr {
			t.Errorf("by way of the library front matter is not what stands between its fences: %+v (%v), want %+v (%v)", got, err, want, wantErr)
		}
	}
	for i, l := range n.Links {
		at("link "+l.Target, int(l.Pos.Line), int(l.Pos.Column))
		if l.Entry < -1 || l.Entry >= len(n.Entries) {
			t.Errorf("link %d stands in entry %d of %d", i, l.Entry, len(n.Entries))
		}
		if line := n.LineText(l.Pos.Line); l.Where != InVia && !strings.HasPrefix(string([]rune(line)[l.Pos.Column-1:]), "[[") {
			t.Errorf("link %d is said to stand at %d:%d of %q", i, l.Pos.Line, l.Pos.Column, line)
		}
	}
	last := int32(0)
	for i, e := range n.Entries {
		at("entry", int(e.Line), 1)
		if e.Line <= last {
			t.Errorf("entry %d on line %d stands after line %d", i, e.Line, last)
		}
		last = e.Line
		for k := range e.Links.All() {
			if k < 0 || k >= len(n.Links) || n.Links[k].Where != InHeader {
				t.Errorf("entry %d has the link %d of %d", i, k, len(n.Links))
			}
		}
		if e.Date.IsZero() || !e.Daily && !strings.Contains(n.LineText(e.Line), e.Date.String()) {
			t.Errorf("entry %d of %s is said to stand on the line %q", i, e.Date, n.LineText(e.Line))
		}
		if text := n.EntryText(&e); text != "" && !strings.Contains(n.LineText(e.Line), text) {
			t.Errorf("the text %q of entry %d is not on its line %q", text, i, n.LineText(e.Line))
		}
	}
	for i, task := range n.Tasks {
		at("task", int(task.Line), 1)
		if task.Entry < -1 || task.Entry >= len(n.Entries) || !strings.Contains(n.LineText(task.Line), task.Text) {
			t.Errorf("task %d: %+v on the line %q", i, task, n.LineText(task.Line))
		}
	}
	for _, tag := range n.Tags {
		at("tag", int(tag.Line), 1)
	}
	checkContent(t, p, n)
	return n
}

func checkContent(t rapid.TB, p *Parser, n *Note) {
	t.Helper()
	c := p.Content(n)
	if len(c.Entries) != len(n.Entries) || len(c.Tasks) != len(n.Tasks) || len(c.Via) != len(n.Front.Via) {
		t.Errorf("content has %d entries, %d tasks and %d via; the note %d, %d and %d", len(c.Entries), len(c.Tasks), len(c.Via),
			len(n.Entries), len(n.Tasks), len(n.Front.Via))
	}
	fill := func(f Fragment) {
		t.Helper()
		html := f.Fill(nil, func(b []byte, kind HoleKind, arg string) []byte {
			switch kind {
			case LinkHole:
				if i, err := strconv.Atoi(arg); err != nil || i < 0 || i >= len(n.Links) {
					t.Errorf("a hole for link %s of %d", arg, len(n.Links))
				}
			case TagHole:
				if TagSlug(arg) == "" {
					t.Errorf("a hole for the tag %q", arg)
				}
			case PathHole, PictureHole:
				if arg == "" {
					t.Errorf("a hole for no path")
				}
			default:
				t.Errorf("a hole of kind %q", kind)
			}
			return b
		})
		if !utf8.Valid(html) {
			t.Errorf("HTML that is not UTF-8: %q", html)
		}
		if low := bytes.ToLower(html); bytes.Contains(low, []byte("<script")) || bytes.Contains(low, []byte("\"javascript:")) {
			t.Errorf("HTML that runs: %s", html)
		}
	}
	for _, s := range c.Prose {
		fill(s.HTML)
	}
	for i, e := range c.Entries {
		if alone, ok := p.PlainEntry(n, i); ok && alone != e {
			t.Errorf("entry %d of %q looks by itself like %q, in its note like %q", i, n.Source, alone, e)
		}
		fill(e.Gist())
		fill(e.Line)
		fill(e.Rest)
	}
	for _, f := range append(c.Tasks, c.Via...) {
		fill(f)
	}
}

func TestPlacesOfRandomNotes(t *testing.T) {
	t.Parallel()
	p := NewParser(Kinds{Talk: []string{"zoom"}})
	rapid.Check(t, func(t *rapid.T) {
		file := anyFile().Draw(t, "file")
		checkNote(t, p, file[1].(string), file[0].(Kind), []byte(notetest.Text().Draw(t, "text")))
	})
}

func TestLineEndsAndBOMChangeNothing(t *testing.T) {
	t.Parallel()
	p := NewParser(Kinds{})
	rapid.Check(t, func(t *rapid.T) {
		file := anyFile().Draw(t, "file")
		path, kind := file[1].(string), file[0].(Kind)
		text := strings.ReplaceAll(notetest.Text().Draw(t, "text"), "\r", "")
		want := p.Parse(path, kind, []byte(text))
		for _, other := range []string{"\ufeff" + text, strings.ReplaceAll(text, "\n", "\r\n"), "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n")} {
			got := p.Parse(path, kind, []byte(other))
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(civil.Date{}, Marks{}, Entry{}, part{}), cmpopts.IgnoreUnexported(Note{}, Front{})); diff != "" {
				t.Fatalf("%q and %q differ: %s", text, other, diff)
			}
		}
	})
}

func TestANoteAfterAnotherParserReadIt(t *testing.T) {
	t.Parallel()
	// A parser may be used by many at once, and keeps nothing.
	p := NewParser(Kinds{})
	rapid.Check(t, func(t *rapid.T) {
		a, b := notetest.Text().Draw(t, "a"), notetest.Text().Draw(t, "b")
		first := p.Parse("content/contacts/a.md", Contact, []byte(a))
		p.Parse("content/contacts/b.md", Contact, []byte(b))
		again := p.Parse("content/contacts/a.md", Contact, []byte(a))
		if diff := cmp.Diff(first, again, cmp.AllowUnexported(civil.Date{}, Marks{}, Entry{}, part{}), cmpopts.IgnoreUnexported(Note{}, Front{})); diff != "" {
			t.Fatalf("%q read twice: %s", a, diff)
		}
	})
}

func FuzzNote(f *testing.F) {
	for i, c := range headerCases {
		f.Add([]byte("- 2026-11-02 "+c.line), uint8(i%3))
	}
	for _, text := range []string{fullYAML, fullTOML, fullJSON, ";;;\n" + fullJSON + ";;;\n"} {
		f.Add([]byte(text+"# 2026-11-02 a\n- [ ] b [[c]] by 2026-12-01\n\n# d\n- e #f\n"), uint8(0))
	}
	for _, text := range notetest.Pieces {
		f.Add([]byte(text), uint8(1))
		f.Add([]byte("---\n"+text+"\n---\n- "+text), uint8(0))
		f.Add([]byte("+++\n"+text+"\n+++\n# "+text), uint8(0))
		f.Add([]byte(";;;\n"+text+"\n;;;\n> "+text), uint8(2))
	}
	for _, item := range []string{"- > [[Ada]]\n", "- > news\n", "- > email gave [[Ada]] #t\n- > [[Ada]]: \n\n  more\n"} {
		f.Add([]byte(item), uint8(Journal))
	}
	for _, h := range hostile {
		f.Add([]byte(h.make(300)), uint8(0))
	}
	p := NewParser(Kinds{Talk: []string{"zoom"}, Write: []string{"fax"}})
	f.Fuzz(func(t *testing.T, data []byte, kind uint8) {
		k := Kind(kind % 3)
		checkNote(t, p, pathOf(k, "2026-11-23.md"), k, data)
	})
}
