package revise

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/internal/civil"
	"kith/internal/note"
	"kith/internal/note/notetest"
)

// An anEdit is one edit of a note, and what it may change.
type anEdit struct {
	op   uint8
	arg  string
	line int
}

const editOps = 7

func (a anEdit) String() string {
	return fmt.Sprintf("%s %q %d", [editOps]string{"add entry", "add task", "close task", "set every", "remove every", "add alias", "relink"}[a.op], a.arg, a.line)
}

func (a anEdit) run(p *note.Parser, path string, kind note.Kind, src []byte) (Change, error) {
	switch a.op {
	case 0:
		return AddEntry(p, path, kind, src, a.arg)
	case 1:
		return AddTask(p, path, kind, src, a.arg)
	case 2:
		return CloseTask(p, path, kind, src, a.line)
	case 3:
		return SetKey(p, path, kind, src, "every", note.TextValue(a.arg))
	case 4:
		return SetKey(p, path, kind, src, "every", note.Value{})
	case 5:
		return AddToList(p, path, kind, src, "aliases", a.arg)
	}
	return Relink(p, path, kind, src, func(target string) (string, bool) { return a.arg, target == "Ada" })
}

// checkEdit checks what holds for every edit of whatever file, without looking
// at how the edit checks itself. It says whether the edit was made.
func checkEdit(t rapid.TB, p *note.Parser, path string, kind note.Kind, src []byte, a anEdit) bool {
	t.Helper()
	given := bytes.Clone(src)
	got, err := a.run(p, path, kind, src)
	if !bytes.Equal(src, given) {
		t.Errorf("%s of %q changed what it was given to %q", a, given, src)
	}
	if err != nil {
		var refused *Error
		if !errors.As(err, &refused) || refused.File != path || refused.Message == "" || len(got.Source) > 0 || got.Line != 0 {
			t.Errorf("%s of %q: %#v, with %q", a, src, err, got.Source)
		}
		return false
	}
	if same := bytes.Equal(got.Source, src); same != (got.Line == 0) {
		t.Errorf("%s of %q: %q is said to be written at line %d", a, src, got.Source, got.Line)
	} else if same {
		return true
	}
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s\nof  %q\nhas %q: %s", a, src, got.Source, fmt.Sprintf(format, args...))
	}

	// The bytes.
	bom := []byte("\ufeff")
	if bytes.HasPrefix(src, bom) != bytes.HasPrefix(got.Source, bom) {
		fail("the BOM changed")
	}
	if crlf, lf := bytes.Count(src, []byte("\r\n")), bytes.Count(src, []byte("\n")); crlf == 0 || crlf == lf {
		if crlf2, lf2 := bytes.Count(got.Source, []byte("\r\n")), bytes.Count(got.Source, []byte("\n")); crlf == 0 && crlf2 > 0 || crlf > 0 && crlf2 != lf2 {
			fail("the line ends changed")
		}
	}
	head := 0
	for head < min(len(src), len(got.Source)) && src[head] == got.Source[head] {
		head++
	}
	tail := 0
	for tail < min(len(src), len(got.Source))-head && src[len(src)-1-tail] == got.Source[len(got.Source)-1-tail] {
		tail++
	}
	written := string(got.Source[head : len(got.Source)-tail])
	lost := string(src[head : len(src)-tail])
	switch a.op {
	case 0, 1:
		if lost != "" {
			fail("%q was lost", lost)
		}
		if n := strings.Count(got.String(), "\n") - strings.Count(string(src), "\n"); n > 5 {
			fail("%d lines were written", n)
		}
		if len(src) > 3 && bytes.HasSuffix(src, []byte("\n")) != bytes.HasSuffix(got.Source, []byte("\n")) {
			fail("the last line end changed")
		}
	case 2:
		if len(lost) != 1 || written != "x" {
			fail("%q became %q", lost, written)
		}
	}

	// The meaning.
	old, now := p.Parse(path, kind, src), p.Parse(path, kind, got.Source)
	if now.Broken != old.Broken {
		fail("the front matter cannot be read any more")
	}
	line := strings.Split(now.Source, "\n")[got.Line-1]
	entry := func(n *note.Note, e *note.Entry) string {
		return fmt.Sprint(e.Date, e.Time, e.Direction, n.EntryKind(e), e.Marks.All(), n.EntryTags(e), n.EntryText(e), e.Heading)
	}
	task := func(t note.Task) string { return fmt.Sprint(t.Ask, t.Done, t.Text, t.Due) }
	var oldEntries, newEntries, oldTasks, newTasks []string
	for i := range old.Entries {
		oldEntries = append(oldEntries, entry(old, &old.Entries[i]))
	}
	for i := range now.Entries {
		newEntries = append(newEntries, entry(now, &now.Entries[i]))
	}
	for _, e := range old.Tasks {
		oldTasks = append(oldTasks, task(e))
	}
	for _, e := range now.Tasks {
		newTasks = append(newTasks, task(e))
	}
	switch a.op {
	case 0:
		i := slices.IndexFunc(now.Entries, func(e note.Entry) bool { return int(e.Line) == got.Line })
		date, _ := civil.ParsePrefix(strings.TrimSpace(a.arg))
		if i < 0 || now.Entries[i].Date != date {
			fail("the entry is not on line %d", got.Line)
			return true
		}
		newEntries = slices.Delete(newEntries, i, i+1)
	case 1:
		i := slices.IndexFunc(now.Tasks, func(t note.Task) bool { return int(t.Line) == got.Line })
		if i < 0 || now.Tasks[i].Entry >= 0 || !strings.HasSuffix(line, strings.TrimSpace(a.arg)) {
			fail("the task is not on line %d", got.Line)
			return true
		}
		newTasks = slices.Delete(newTasks, i, i+1)
	case 2:
		i := slices.IndexFunc(now.Tasks, func(t note.Task) bool { return int(t.Line) == a.line })
		if i < 0 || !now.Tasks[i].Done || got.Line != a.line {
			fail("the task is not done")
			return true
		}
		oldTasks[i] = newTasks[i]
	case 6:
		if slices.ContainsFunc(now.Links, func(l note.Link) bool { return l.Target == "Ada" && a.arg != "Ada" }) {
			fail("a link is left")
		}
		return true
	}
	if !slices.Equal(oldEntries, newEntries) || !slices.Equal(oldTasks, newTasks) {
		fail("entries were %q, are %q; tasks were %q, are %q", oldEntries, newEntries, oldTasks, newTasks)
	}
	a1, b1 := old.Front, now.Front
	switch a.op {
	case 3, 4:
		v := note.Lookup(now.FrontMatter(), "every")
		if a.op == 4 && v != nil || a.op == 3 && (v == nil || v.Value.Shape != note.Scalar || v.Value.Text != a.arg) {
			fail("every is %v", v)
		} else if a.op == 3 {
			// What was written is the key, or its value some lines below.
			lines := strings.Split(now.Source, "\n")
			if key := got.Line - 1 - int(v.Value.Pos.Line-v.Pos.Line); !hasEvery(line) && (key < 0 || !hasEvery(lines[key])) {
				fail("line %d is %q", got.Line, line)
			}
		}
		a1.Every, b1.Every = civil.Cadence{}, civil.Cadence{}
		a1.Extra, b1.Extra = nil, nil
	case 5:
		if kind == note.Contact && strings.TrimSpace(a.arg) != "" && !slices.Contains(b1.Aliases, strings.TrimSpace(a.arg)) {
			fail("aliases are %q", b1.Aliases)
		}
		a1.Aliases, b1.Aliases = nil, nil
		a1.Extra, b1.Extra = nil, nil
	}
	if !reflect.DeepEqual(a1, b1) {
		fail("the front matter was %+v, is %+v", a1, b1)
	}
	if a.op >= 3 && old.Body() != now.Body() && a.op < 6 {
		fail("the text changed")
	}
	return true
}

func hasEvery(line string) bool {
	return strings.Contains(strings.ToLower(line), "every") || strings.Contains(line, "3 months")
}

// String returns the new bytes, for counting.
func (c Change) String() string { return string(c.Source) }

// fronts are front matters in every style; where they are not whole, an edit
// may be refused.
var frontLines = []string{
	"name: Ada Lovelace\n", "name: 'Ada' # who\n", "every: 6 weeks\n", "every: \"6 weeks\" # or so\n", "every: '6w'\n", "every:\n", "every: # none\n", "every:\n  6 weeks\n", "every: # so\n  \"6 weeks\"\n", "every: &e 6w\nother: *e\n", "other: &e 6w\nevery: *e\n",
	"aliases: [Countess, \"A, B\"]\n", "aliases:\n  - Countess # once\n\n  # and\n  - 'King'\n", "aliases: Countess\n", "aliases: []\n", "aliases:\n- a\n- b\n", "aliases: [\n  a, # x\n  b\n]\n", "aliases: &n [x]\nmore: *n\n",
	"via: \"[[Ada]]\"\n", "via: [[Ada]]\n", "via:\n  - '[[Ada|a]]'\n", "# a comment\n", "\n", "tags: [a, b]  \n", "needs: |\n  a\n  # not a comment\n\n  b\n", "needs: >-\n  a b\n   c\n", "offers: \"a\n  b\" # c\n",
	"links:\n  site: https://x.org # y\n  other: z\n", "dates: {wedding: 2015-06-20}\n", "snooze: 2026-01-01\n", "role: a\n  b c\n", "birthday: 12-10\n", "\"quoted key\": 1\n", "links: {a: 'b'}\n", "met: ~\n", "evrey: a problem\n", "status: gone\n",
}

var tomlLines = []string{
	"name = \"Ada\"\n", "every = \"6w\" # so\n", "every='6 weeks'\n", "every = \"\"\"\n6w\"\"\"\n", "aliases = [\"a\", 'b']\n", "aliases = [\n  \"a\", # x\n  \"b\",\n]\n", "aliases = 'x'\n", "# c\n", "\n", "snooze = 2026-01-01\n",
	"via = \"[[Ada]]\"\n", "role = 'a # b'\n", "dates = {a = \"12-10\"}\n", "phone = 12\n",
}

var jsonParts = []string{
	`"name": "Ada"`, `"every": "6w"`, `"every":6`, `"every": null`, `"aliases": ["a", "b"]`, `"aliases": "a"`, `"aliases": []`, `"via": "[[Ada]]"`, `"role": "a, \"b\" }"`, `"dates": {"a": "12-10"}`, `"x": [{"y": [1, true]}]`,
}

// bodyParts are blocks that are whole, so that an edit has to be possible
// whatever of them a note has.
var bodyParts = []string{
	"Prose with [[Ada]] and `[[Ada]]`.\n", "Two\nlines.  \n", "# Title\n", "## More\n", "## Log\n", "Setext\n---\n", "Setext\n===\n", "***\n", "> quote\nlazy\n", "```\n- 2026-01-01 no\n```\n", "    code\n", "<div>\n- x\n</div>\n", "<!-- c -->\n",
	"[ref]: /url\n", "|a|b|\n|-|-|\n|[[Ada]]|c|\n", "- likes tea\n- and [[Ada|her]]\n", "- a\n  - b\n\n    c\n", "* x\n\n* y\n", "1. one\n2. two\n", "- [ ] promise [[Ada]]\n", "- [?] ask\n- [x] done\n", "* [ ] star\n", "- Trip\n  - [ ] nested by 2026-12-01\n",
	"- 2026-01-05 call: a [[Ada]]\n- 2025-12-31 coffee with [[Ada]]: b #t\n", "- 2025-01-01 x\n- 2025-02-02 y\n  more\n\n  and more\n  - [ ] in it\n", "- 2026-03-03 a\n\n- 2026-02-02 b\n", "  * 2026-05-05 indented\n", "+ 2026-04-04 plus\nlazy\n", "1. 2026-01-01 first\n2. 2026-01-02 second\n",
	"## 2026-03-01 dinner\n\nBody.\n\n- 2020-01-01 not an entry\n", "### 2026-02-01 party\n- [ ] task\n", "## 2025\n\n- 2025-06-06 x\n", "## 2026-11-01\n\n- lunch with [[Ada]]: x\n- news: y\n",
	"- 2026-10-01 > fax: a problem\n- 2026-09-01 < email asked: another\n- 2026-02-30 x\n", "2026/1/5 near a date\n", "## 2026-02-30\n",
	"- 2026-01-01 a\n\n      code\n", "-\n  2026-01-01 late\n", "- 2026-01-01\n", "\n", "\n\n", "- 2026-06-06\ttab\n", "-   2026-07-07 wide\n",
}

// openParts take in all that follows.
var openParts = []string{"```\nopen\n", "<!-- open\n\nx\n", "~~~\n", "<script>\n"}

// styledNote draws a note in one of all styles, each part of which is whole.
func styledNote(t *rapid.T) []byte {
	var b strings.Builder
	switch rapid.IntRange(0, 7).Draw(t, "front") {
	case 0:
	case 1, 2, 3:
		b.WriteString("---\n" + distinct(t, frontLines, ":") + "---\n")
	case 4:
		b.WriteString("+++\n" + distinct(t, tomlLines, " =") + rapid.SampledFrom([]string{"", "[links]\nsite = \"x\" # y\n", "[[a.b]]\nc = 1\n"}).Draw(t, "table") + "+++\n")
	case 5:
		b.WriteString(rapid.SampledFrom([]string{";;;\n", "---json\n"}).Draw(t, "fence"))
		close := b.String()[:3] + "\n"
		b.WriteString("{" + strings.Join(distinctParts(t, jsonParts, ":"), ", ") + "}\n" + close)
	case 6:
		b.WriteString("{\n")
		if parts := distinctParts(t, jsonParts, ":"); len(parts) > 0 {
			b.WriteString("  " + strings.Join(parts, ",\n  ") + "\n")
		}
		b.WriteString("}\n\n")
	case 7:
		parts := distinctParts(t, []string{"name: Ada", "every: 6w", "every: '6 w'", "\"every\": 6w", "aliases: [a, 'b, c']", "via: \"[[Ada]]\"", "aliases: a", "x: &y z"}, ":")
		b.WriteString("---\n{" + strings.Join(parts, rapid.SampledFrom([]string{", ", ",\n ", ", # c\n "}).Draw(t, "comma")) + "}\n---\n")
	}
	parts := rapid.SliceOfN(rapid.SampledFrom(bodyParts), 0, 8).Draw(t, "body")
	for _, part := range parts {
		b.WriteString(part)
		if rapid.Bool().Draw(t, "blank") {
			b.WriteString("\n")
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "open") == 0 {
		b.WriteString("\n" + rapid.SampledFrom(openParts).Draw(t, "open part"))
	}
	text := b.String()
	if rapid.IntRange(0, 3).Draw(t, "last line") == 0 {
		text = strings.TrimRight(text, "\n")
	}
	switch rapid.IntRange(0, 3).Draw(t, "line ends") {
	case 0:
		text = strings.ReplaceAll(text, "\n", "\r\n")
	case 1:
		var mixed strings.Builder
		for line := range strings.Lines(text) {
			if rapid.Bool().Draw(t, "cr") {
				line = strings.ReplaceAll(line, "\n", "\r\n")
			}
			mixed.WriteString(line)
		}
		text = mixed.String()
	}
	if rapid.IntRange(0, 3).Draw(t, "BOM") == 0 {
		text = "\ufeff" + text
	}
	return []byte(text)
}

func distinct(t *rapid.T, from []string, sign string) string {
	return strings.Join(distinctParts(t, from, sign), "")
}

// distinctParts draws parts of which no two have the same key.
func distinctParts(t *rapid.T, from []string, sign string) []string {
	var parts []string
	seen := map[string]bool{}
	for _, part := range rapid.SliceOfN(rapid.SampledFrom(from), 0, 7).Draw(t, "parts") {
		fresh := true
		for _, key := range []string{"name", "every", "aliases", "via", "other", "needs", "links", "dates", "role", "more", "tags", "offers", "snooze", "birthday", "met", "x", "phone", "quoted key", "evrey", "status"} {
			if has := regexpKey(part, key); has && seen[key] {
				fresh = false
			}
		}
		if !fresh {
			continue
		}
		for _, key := range []string{"name", "every", "aliases", "via", "other", "needs", "links", "dates", "role", "more", "tags", "offers", "snooze", "birthday", "met", "x", "phone", "quoted key", "evrey", "status"} {
			if regexpKey(part, key) {
				seen[key] = true
			}
		}
		parts = append(parts, part)
	}
	return parts
}

func regexpKey(part, key string) bool {
	for line := range strings.Lines(part) {
		line = strings.TrimPrefix(line, `"`)
		if rest, ok := strings.CutPrefix(line, key); ok && strings.ContainsAny(rest[:min(1, len(rest))], `:" =`) {
			return true
		}
	}
	return false
}

func TestEditsOfNotesInEveryStyle(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	entries := []string{"2026-11-23 coffee: new", "2025-06-07 12:30 > email gave [[Ada]]: new #t", "2020-01-01 news: old", "2026-11-01 call with [[Bob]]", "2026-01-01 news"}
	tasks := []string{"[ ] new by 2026-12-01", "[?] how is [[Bob]]"}
	texts := []string{"3 months", "yes", "a: b # c", "it's", `"q" \ 'r'`, "2026-12-01", "[[Bob]]", "é, {x}", " x "}
	rapid.Check(t, func(t *rapid.T) {
		src := styledNote(t)
		kind := rapid.SampledFrom([]note.Kind{note.Contact, note.Journal}).Draw(t, "kind")
		path := pathOf(kind, rapid.SampledFrom([]string{"ada.md", "2026-11-23.md"}).Draw(t, "file"))
		a := anEdit{op: uint8(rapid.IntRange(0, editOps-1).Draw(t, "op"))}
		n := p.Parse(path, kind, src)
		switch a.op {
		case 0:
			a.arg = rapid.SampledFrom(entries).Draw(t, "entry")
		case 1:
			a.arg = rapid.SampledFrom(tasks).Draw(t, "task")
		case 2:
			if len(n.Tasks) == 0 {
				return
			}
			a.line = int(rapid.SampledFrom(n.Tasks).Draw(t, "task").Line)
		case 6:
			a.arg = "Bob"
		default:
			a.arg = rapid.SampledFrom(texts).Draw(t, "text")
		}
		if !checkEdit(t, p, path, kind, src, a) && !n.Broken {
			_, err := a.run(p, path, kind, src)
			t.Fatalf("%s of %q is refused: %v", a, src, err)
		}
	})
}

func TestEditsOfAnything(t *testing.T) {
	t.Parallel()
	p := note.NewParser(note.Kinds{})
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]note.Kind{note.Contact, note.Journal, note.Circle}).Draw(t, "kind")
		path := pathOf(kind, rapid.SampledFrom([]string{"ada.md", "2026-11-23.md", "---.md"}).Draw(t, "file"))
		a := anEdit{op: uint8(rapid.IntRange(0, editOps-1).Draw(t, "op")), arg: rapid.SampledFrom([]string{"2026-11-23 coffee: new", "[ ] new", "a: b", "Bob"}).Draw(t, "arg"), line: rapid.IntRange(0, 9).Draw(t, "line")}
		checkEdit(t, p, path, kind, []byte(notetest.Text().Draw(t, "text")), a)
	})
}

func FuzzEdit(f *testing.F) {
	for i, c := range setCases {
		f.Add([]byte(c.before+"- [ ] a [[Ada]]\n\n## Log\n\n- 2026-01-01 x\n"), uint8(i%editOps), uint8(0), "2026-11-23 coffee: new", uint8(4))
	}
	for i, part := range append(slices.Concat(bodyParts, openParts), notetest.Pieces...) {
		f.Add([]byte(part), uint8(i%2), uint8(i%3), "2026-11-23 news: new", uint8(1))
		f.Add([]byte("- 2026-01-01 a\n"+part+"\n- [ ] b\n"), uint8(i%2), uint8(i%3), "[ ] new", uint8(1))
	}
	for i, part := range slices.Concat(frontLines, notetest.Pieces) {
		f.Add([]byte("---\r\n"+part+"\r\n---\r\n"), uint8(3+i%3), uint8(0), "a: b", uint8(1))
	}
	p := note.NewParser(note.Kinds{})
	f.Fuzz(func(t *testing.T, data []byte, op, kind uint8, arg string, line uint8) {
		k := note.Kind(kind % 3)
		checkEdit(t, p, pathOf(k, "2026-11-23.md"), k, data, anEdit{op % editOps, arg, int(line)})
	})
}

func pathOf(kind note.Kind, file string) string {
	return "content/" + [...]string{note.Contact: "contacts", note.Circle: "circles", note.Journal: "journal"}[kind] + "/" + file
}
