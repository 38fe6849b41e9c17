package lsp

import (
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"kith/internal/lsp/lsptest"
)

// circleOfFriends is a journal to complete in.
var circleOfFriends = map[string]string{
	ada:                          "---\nname: Ada Lovelace\naliases: [Augusta]\ncircles: [mentors]\ntags: [mathematics]\n---\n\n- 2026-11-10 call: hello\n",
	"content/contacts/grace.md":  "---\nname: Grace Hopper\n---\n\n- 2026-11-20 coffee got: a book #engine\n",
	"content/contacts/muller.md": "---\nname: Jörg Müller\n---\n",
	"content/circles/mentors.md": "---\nname: Mentors\nevery: 6 weeks\n---\n",
}

// complete asks for what may stand at the | of a text, and returns the text with the choice of
// a label, and all labels.
func complete(t *testing.T, e *lsptest.Editor, path, text, label string) (with string, labels []string) {
	t.Helper()
	before, after, found := strings.Cut(text, "|")
	if !found {
		t.Fatalf("no cursor in %q", text)
	}
	buffer := newText(before + after)
	e.Open(path, buffer.all)
	defer e.Close(path)
	enc := encoding(e.Can.PositionEncoding)
	var list protocol.CompletionList
	e.Ask(protocol.MethodTextDocumentCompletion, &protocol.CompletionParams{TextDocumentPositionParams: protocol.TextDocumentPositionParams{
		TextDocument: e.File(path), Position: enc.position(buffer, len(before)),
	}}, &list)
	for _, item := range list.Items {
		labels = append(labels, item.Label)
		if item.Label == label && with == "" {
			edit := item.TextEdit.(*protocol.TextEdit)
			start, end := enc.offset(buffer, edit.Range.Start), enc.offset(buffer, edit.Range.End)
			if filter, _ := item.FilterText.Get(); filter != buffer.all[start:len(before)] {
				t.Errorf("%s: a client would choose by %q, and %q is typed", label, filter, buffer.all[start:len(before)])
			}
			with = buffer.all[:start] + edit.NewText + buffer.all[end:]
		}
	}
	return with, labels
}

// positions are places where there is something to choose: the line up to the cursor, what
// follows if it is in the middle, and the choice and what it makes of the line.
var positions = []struct{ name, path, above, line, label, want string }{
	{"a person by name", ada, "", "- 2026-11-23 call with [[gra|", "Grace Hopper", "- 2026-11-23 call with [[Grace Hopper]]"},
	{"a person by alias", "content/contacts/grace.md", "", "Saw [[augus|", "Ada Lovelace", "Saw [[Ada Lovelace]]"},
	{"a person by initials", ada, "", "Saw [[gh|", "Grace Hopper", "Saw [[Grace Hopper]]"},
	{"a person by a slip", ada, "", "Saw [[grcae|", "Grace Hopper", "Saw [[Grace Hopper]]"},
	{"a person without accents", ada, "", "Saw [[muller|", "Jörg Müller", "Saw [[Jörg Müller]]"},
	{"a person in a link that is there", ada, "", "Saw [[gr|xx]] today", "Grace Hopper", "Saw [[Grace Hopper]] today"},
	{"a person in a link with a label", ada, "", "Saw [[gr||her]] today", "Grace Hopper", "Saw [[Grace Hopper|her]] today"},
	{"a person before other words", ada, "", "Saw [[gr| today", "Grace Hopper", "Saw [[Grace Hopper]] today"},
	{"today", ada, "", "- |", "today", "- 2026-11-23 "},
	{"yesterday begun", ada, "", "- yes|", "yesterday", "- 2026-11-22 "},
	{"a weekday", ada, "", "* fri|", "friday", "* 2026-11-20 "},
	{"a date begun", ada, "", "- 2026-11-2|", "yesterday", "- 2026-11-22 "},
	{"a day before a line", ada, "", "- tod| call", "today", "- 2026-11-23  call"},
	{"a question", ada, "", "- [|", "[?]", "- [?] "},
	{"a kind", ada, "", "- 2026-11-23 cof|", "coffee", "- 2026-11-23 coffee"},
	{"a kind in a heading", ada, "", "## 2026-11-23 cof|", "coffee", "## 2026-11-23 coffee"},
	{"a kind before a colon", ada, "", "- 2026-11-23 cof|: good", "coffee", "- 2026-11-23 coffee: good"},
	{"an arrow", ada, "", "- 2026-11-23 |", "<", "- 2026-11-23 <"},
	{"a kind after an arrow", ada, "", "- 2026-11-23 < em|", "email", "- 2026-11-23 < email"},
	{"a mark", ada, "", "- 2026-11-23 call th|", "thanked", "- 2026-11-23 call thanked"},
	{"a mark after a mark", ada, "", "- 2026-11-23 call got as|", "asked", "- 2026-11-23 call got asked"},
	{"a kind after a mark", ada, "", "- 2026-11-23 got let|", "letter", "- 2026-11-23 got letter"},
	{"who took part", ada, "", "- 2026-11-23 call |", "with Grace Hopper", "- 2026-11-23 call with [[Grace Hopper]]"},
	{"who took part, after with", ada, "", "- 2026-11-23 call with gra|", "Grace Hopper", "- 2026-11-23 call with [[Grace Hopper]]"},
	{"a tag", ada, "", "- 2026-11-23 call: about #eng|", "engine", "- 2026-11-23 call: about #engine"},
	{"a tag in a header", ada, "", "- 2026-11-23 call #eng|: x", "engine", "- 2026-11-23 call #engine: x"},
	{"a due date", ada, "", "- [ ] send it by tom|", "tomorrow", "- [ ] send it by 2026-11-24"},
	{"a due date, empty", ada, "", "- [?] ask by |", "in 2 weeks", "- [?] ask by 2026-12-07"},
	{"a daily note", "content/journal/2026-11-23.md", "", "- cof|", "coffee", "- coffee"},
	{"a key", ada, "---\n", "sno|", "snooze", "snooze: "},
	{"a key that has a value", ada, "---\n", "ev|ry: 6 weeks", "every", "every: 6 weeks"},
	{"a cadence", ada, "---\n", "every: 6|", "6 weeks", "every: 6 weeks"},
	{"a cadence in place of another", ada, "---\n", "every: 3| months", "3 months", "every: 3 months"},
	{"a status", ada, "---\n", "status: pau|", "paused", "status: paused"},
	{"a circle", ada, "---\n", "circles: men|", "Mentors", "circles: Mentors"},
	{"a circle of a list", ada, "---\n", "circles: [family, men|]", "Mentors", "circles: [family, Mentors]"},
	{"a circle of a list below", ada, "---\ncircles:\n  - family\n", "  - men|", "Mentors", "  - Mentors"},
	{"a tag of the front matter", "content/contacts/grace.md", "---\n", "tags: [math|", "mathematics", "tags: [mathematics"},
	{"who introduced you", ada, "---\n", "via: gra|", "Grace Hopper", `via: "[[Grace Hopper]]"`},
	{"a snooze", ada, "---\n", "snooze: in|", "in 2 weeks", "snooze: 2026-12-07"},
}

func TestCompletion(t *testing.T) {
	for _, enc := range []protocol.PositionEncodingKind{"utf-8", "utf-16", "utf-32"} {
		t.Run(string(enc), func(t *testing.T) {
			t.Parallel()
			e, _ := setup{files: circleOfFriends, can: protocol.ClientCapabilities{General: &protocol.GeneralClientCapabilities{
				PositionEncodings: []protocol.PositionEncodingKind{enc},
			}}}.start(t)
			for _, p := range positions {
				front := strings.HasPrefix(p.above, "---")
				above, below := p.above, ""
				if front {
					below = "name: Ada\n---\n"
				} else {
					above = "---\nname: Ada\n---\n\n" + p.above
				}
				line, want := p.line, p.want
				for _, v := range []struct{ name, above, below, line, want string }{
					{"as the last line", above, "", line, want},
					{"among others", above, "\n" + below + "\nmore\n", line, want},
					{"with CRLF", strings.ReplaceAll(above, "\n", "\r\n"), strings.ReplaceAll("\n"+below+"\nmore\n", "\n", "\r\n"), line, want},
					{"behind emoji", above, "\n" + below, strings.Replace(line, "call", "call [[👩‍🚀 é]]", 1), strings.Replace(want, "call", "call [[👩‍🚀 é]]", 1)},
					{"behind emoji in words", above, "\n" + below, strings.Replace(line, "Saw", "Saw 👩‍🚀 é", 1), strings.Replace(want, "Saw", "Saw 👩‍🚀 é", 1)},
				} {
					got, labels := complete(t, e, p.path, v.above+v.line+v.below, p.label)
					if got != v.above+v.want+v.below {
						t.Errorf("%s, %s: %q becomes %q, want %q; there are %q", p.name, v.name, v.above+v.line, got, v.above+v.want, labels)
					}
				}
			}
		})
	}
}

// Where there is nothing to choose, nothing is offered.
func TestNoCompletion(t *testing.T) {
	e, _ := setup{files: circleOfFriends}.start(t)
	for _, text := range []string{
		"---\nname: Ada\n---\n\nprose |", "---\nname: Ada\n---\n\n- 2026-11-23 call: she |", "---\nname: Ada\n---\n\n- 2026-11-23 Ran into her |",
		"---\nname: A|\n---\n", "---\nname: Ada\n---\n\n- [ ] send |", "---\nname: Ada\n---\n\n# |", "---\nname: Ada\n---\n\n[[Ada]] |",
	} {
		if _, labels := complete(t, e, ada, text, ""); len(labels) > 0 && !strings.HasSuffix(text, "# |") {
			t.Errorf("%q: there are %q", text, labels)
		}
	}
}

// Who was met last comes first.
func TestCompletionOrder(t *testing.T) {
	e, _ := setup{files: circleOfFriends}.start(t)
	_, labels := complete(t, e, "content/journal/x.md", "Saw [[|", "")
	if got := strings.Join(labels, ", "); got != "Grace Hopper, Ada Lovelace, Jörg Müller" {
		t.Errorf("there are %s", got)
	}
	_, labels = complete(t, e, "content/contacts/grace.md", "---\nname: Grace Hopper\n---\n- 2026-11-20 visit: x\n- 2026-11-23 |", "")
	if len(labels) == 0 || labels[0] != "visit" {
		t.Errorf("the kinds are %v", labels)
	}
}
