package note

import (
	"fmt"
	"strings"
	"testing"
)

// entryText describes an entry in one line: DATE [TIME] DIRECTION [KIND] [MARKS]
// [LINKS] [#TAGS] | TEXT.
func entryText(n *Note, e *Entry) string {
	words := []string{e.Date.String()}
	if e.Time != NoTime {
		words = append(words, e.Time.String())
	}
	if e.Touch() {
		words = append(words, e.Direction.String())
	}
	if kind := n.EntryKind(e); kind != "" {
		words = append(words, kind)
	}
	for _, m := range e.Marks.All() {
		words = append(words, m.String())
	}
	for i := range e.Links.All() {
		words = append(words, "[["+n.Links[i].Target+"]]")
	}
	for _, t := range n.EntryTags(e) {
		words = append(words, "#"+t)
	}
	return strings.Join(words, " ") + " | " + n.EntryText(e)
}

// problemText describes a problem in one line: LINE:COL CODE.
func problemText(p Problem) string { return fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Code) }

func problemTexts(n *Note) string {
	var all []string
	for _, p := range n.Problems {
		all = append(all, problemText(p))
	}
	return strings.Join(all, ", ")
}

func entryTexts(n *Note) string {
	var all []string
	for i := range n.Entries {
		all = append(all, entryText(n, &n.Entries[i]))
	}
	return strings.Join(all, "\n")
}

// header cases are what follows the date on an entry's line.
var headerCases = []struct{ name, line, want, problems string }{
	// The examples of FORMAT.md.
	{"coffee with somebody", "coffee with [[Mary Somerville]]: Talked about the engine. #engine", "mutual coffee [[Mary Somerville]] #engine | Talked about the engine. #engine", ""},
	{"an arrow, a kind and a mark", "> email gave: Sent the note on looms.", "outbound email gave | Sent the note on looms.", ""},
	{"a letter from them", "< letter: Long answer, wants to meet in autumn.", "inbound letter | Long answer, wants to meet in autumn.", ""},
	{"a mark and a tag", "call got #job-search: She put me in touch with the head of the Mint.", "mutual call got #job-search | She put me in touch with the head of the Mint.", ""},
	{"rule 1: an unknown word after an arrow", "< fax: she's back", "inbound | fax: she's back", "1:16 unknown-word"},
	{"rule 2: all words are known", "call got", "mutual call got | ", ""},
	{"rule 3: a leading run", "coffee with [[Grace Hopper]] by the sea", "mutual coffee [[Grace Hopper]] | by the sea", ""},
	{"rule 3: a mark is text", "call asked how the move went", "mutual call | asked how the move went", ""},
	{"rule 4: a colon further on", "Ran into her: she is well", "mutual | Ran into her: she is well", ""},
	{"a colon behind the date is a separator", ": call her", "mutual call | ", ""},
	{"email from her", "email from her: hello", "inbound email | hello", ""},
	{"letter to him", "letter to him: hello", "outbound letter | hello", ""},
	{"your own news", "news #job-search: I start at the Mint in January.", "news #job-search | I start at the Mint in January.", ""},
	{"video call", "video call: x", "mutual call | x", ""},
	{"text message", "text message: x", "outbound message | x", ""},
	// Rule 1.
	{"a colon inside a link is not the colon", "coffee with [[Q: a club]]: x", "mutual coffee [[Q: a club]] | x", ""},
	{"a space before the colon", "call : x", "mutual call | x", ""},
	{"nothing after the colon", "call:", "mutual call | ", ""},
	{"no space after the colon", "call:x", "mutual call | x", ""},
	{"a second colon is text", "call: a: b", "mutual call | a: b", ""},
	{"a link alone", "[[Ada]]: x", "mutual [[Ada]] | x", ""},
	{"several people", "dinner with [[Ada]], [[Grace]] & [[Mary]] + [[Jo]]: x", "mutual dinner [[Ada]] [[Grace]] [[Mary]] [[Jo]] | x", ""},
	{"people without spaces between", "dinner [[Ada]],[[Grace]]: x", "mutual dinner [[Ada]] [[Grace]] | x", ""},
	{"a link with a label", "call [[ada-lovelace|Ada]]: x", "mutual call [[ada-lovelace]] | x", ""},
	{"capitals", "CALL Got With [[Ada]]: x", "mutual call got [[Ada]] | x", ""},
	{"a mark alone", "gave: x", "mutual gave | x", ""},
	{"a tag alone", "#work/Client: x", "mutual #work/client | x", ""},
	{"fillers alone", "with her: x", "mutual | x", ""},
	{"an unknown word among known ones", "quick call: x", "mutual call | quick call: x", ""},
	{"a time in the text is not the colon", "call at 10:30", "mutual call | at 10:30", ""},
	{"an address in the text is not the colon", "> sent https://example.org", "outbound | sent https://example.org", ""},
	// Rule 2.
	{"an arrow alone", ">", "outbound | ", ""},
	{"a date alone", "", "mutual | ", ""},
	{"a link without a colon", "[[Ada]]", "mutual [[Ada]] | ", ""},
	{"a tag without a colon", "#work", "mutual #work | ", ""},
	{"a mark without a colon", "got", "mutual got | ", ""},
	// Rule 3.
	{"an arrow and text", "< asked for the paper", "inbound | asked for the paper", ""},
	{"an arrow, a kind and text", "< letter with a long story", "inbound letter | a long story", ""},
	{"tags in the run", "call #work about the job", "mutual call #work | about the job", ""},
	{"a full stop makes a word unknown", "call.", "mutual | call.", ""},
	// Rule 4.
	{"a link first and text after it", "[[Ada]] came by", "mutual | [[Ada]] came by", ""},
	{"a filler first and text after it", "with her at sea", "mutual | with her at sea", ""},
	{"the word to is no sign", "to her we sent a card", "mutual | to her we sent a card", ""},
	// Arrows.
	{"->", "-> email: x", "outbound email | x", ""},
	{"→", "→ email: x", "outbound email | x", ""},
	{"<-", "<- email: x", "inbound email | x", ""},
	{"←", "← email: x", "inbound email | x", ""},
	{"an arrow after the kind", "email <: x", "inbound email | x", ""},
	{"a write without an arrow is yours", "email: x", "outbound email | x", ""},
	{"a talk is two-way whatever the arrow", "< call: x", "mutual call | x", ""},
	{"a note is no contact whatever the arrow", "> note: x", "note | x", ""},
	{"an arrow without a kind is a write", "from [[Ada]]: x", "inbound [[Ada]] | x", ""},
	{"the last kind counts", "call email: x", "outbound email | x", ""},
	{"the last kind counts, a note too", "call note: x", "note | x", ""},
	// Marks.
	{"all marks", "call asked got gave offered thanked: x", "mutual call asked got gave offered thanked | x", ""},
	{"a mark twice", "call got got: x", "mutual call got | x", ""},
	{"marks on a note", "note got: x", "note got | x", ""},
	{"asked on what they wrote", "< email asked: x", "inbound email | x", "1:22 idle-mark"},
	{"offered on what they wrote", "< email offered: x", "inbound email | x", "1:22 idle-mark"},
	{"thanked on what they wrote", "< email thanked: x", "inbound email | x", "1:22 idle-mark"},
	{"got and gave on what they wrote", "< email got gave: x", "inbound email got gave | x", ""},
	{"closed on what they wrote", "< email closed: x", "inbound email closed | x", ""},
	{"closed on what you wrote", "> email closed: x", "outbound email | closed: x", "1:22 unknown-word"},
	{"closed on a talk", "call closed: x", "mutual call | closed: x", ""},
	// Times.
	{"a time", "09:30 call: x", "09:30 mutual call | x", ""},
	{"a time alone", "23:59", "23:59 mutual | ", ""},
	{"midnight", "00:00 x", "00:00 mutual | x", ""},
	{"no such time is text", "24:00 x", "mutual | 24:00 x", ""},
	{"no such minute is text", "12:60 x", "mutual | 12:60 x", ""},
	// Tags and links of the text.
	{"tags of the text", "call: a #b and (#c) #d/e", "mutual call #b #c #d/e | a #b and (#c) #d/e", ""},
	{"a tag twice", "call #b: a #B", "mutual call #b | a #B", ""},
	{"no tag inside a word", "call: a#b", "mutual call | a#b", ""},
	{"no tag of digits alone", "call: #1 of 2", "mutual call | #1 of 2", ""},
	{"no tag in code", "call: `#b`", "mutual call | `#b`", ""},
	{"a link of the text took no part", "call: met [[Ada]]", "mutual call | met [[Ada]]", ""},
	// Slips.
	{"a slip in a kind", "cofee: x", "mutual | cofee: x", "1:14 unknown-word"},
	{"no slip but a word", "launch: x", "mutual | launch: x", ""},
	{"a slip in a kind after an arrow", "> emial: x", "outbound | emial: x", "1:16 unknown-word"},
	{"a mark as a verb", "asked about her mother", "mutual | asked about her mother", "1:14 loose-mark"},
	{"a sentence is no slip", "Thought of her for long", "mutual | Thought of her for long", ""},
}

func TestHeaderOfAnEntry(t *testing.T) {
	t.Parallel()
	p := NewParser(Kinds{})
	for _, c := range headerCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, form := range []string{"- 2026-11-02 ", "# 2026-11-02 "} {
				if c.line == ">" && form[0] == '#' {
					continue
				}
				n := p.Parse("content/contacts/somebody.md", Contact, []byte(form+strings.TrimPrefix(c.line, " ")))
				if strings.HasPrefix(c.line, ":") {
					n = p.Parse("content/contacts/somebody.md", Contact, []byte(strings.TrimSpace(form)+c.line))
				}
				if len(n.Entries) != 1 {
					t.Fatalf("%s%s: %d entries", form, c.line, len(n.Entries))
				}
				if got, want := entryText(n, &n.Entries[0]), "2026-11-02 "+c.want; got != want {
					t.Errorf("%s%s:\n got %s\nwant %s", form, c.line, got, want)
				}
				if got := problemTexts(n); got != c.problems {
					t.Errorf("%s%s: problems %s, want %s", form, c.line, got, c.problems)
				}
				if n.Entries[0].Heading != (form[0] == '#') {
					t.Errorf("%s%s: Heading is %v", form, c.line, n.Entries[0].Heading)
				}
			}
		})
	}
}

func TestEveryWordOfAHeader(t *testing.T) {
	t.Parallel()
	p := NewParser(Kinds{Talk: []string{"padel"}, Write: []string{"Fax"}, Note: []string{"rumour"}})
	check := func(line, want string) {
		t.Helper()
		n := p.Parse("content/contacts/somebody.md", Contact, []byte("- 2026-11-02 "+line))
		if got := entryTexts(n); got != "2026-11-02 "+want || len(n.Problems) > 0 {
			t.Errorf("%s:\n got %s (%s)\nwant 2026-11-02 %s", line, got, problemTexts(n), want)
		}
	}
	for _, w := range strings.Fields(talkWords + " padel") {
		check(w+": x", "mutual "+w+" | x")
		check("< "+w+" x", "mutual "+w+" | x")
	}
	for _, w := range strings.Fields(writeWords + " fax") {
		check(w+": x", "outbound "+w+" | x")
		check("< "+strings.ToUpper(w)+": x", "inbound "+w+" | x")
		check("from her "+w+": x", "inbound "+w+" | x")
	}
	for _, w := range strings.Fields("note news rumour") {
		check(w+": x", w+" | x")
	}
	for _, w := range strings.Fields("with and to from her him them me us , & +") {
		direction := map[string]string{"to": "outbound", "from": "inbound"}[w]
		if direction == "" {
			direction = "mutual"
		}
		check(w+": x", direction+" | x")
		check("call "+w+" x", "mutual call | x")
	}
}

func TestAddingAKind(t *testing.T) {
	t.Parallel()
	for _, w := range []string{"padel", "Fax", "stand-up", "face_time", "電話"} {
		if err := CheckKind("note", w); err != nil {
			t.Errorf("CheckKind(%q): %v", w, err)
		}
	}
	for _, w := range []string{"", "two words", "call", "CALL", "got", "with", "to", ">", "→", "a:b", "#a", "[[a]]", "a,b", "a\tb"} {
		if CheckKind("note", w) == nil {
			t.Errorf("CheckKind(%q) accepts it", w)
		}
	}
}

func TestDateOfALine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, line, want, problems string }{
		{"a date", "2026-11-02 x", "2026-11-02 mutual | x", ""},
		{"a tab after it", "2026-11-02\tx", "2026-11-02 mutual | x", ""},
		{"a dash after it", "2026-11-02 – x", "2026-11-02 mutual | x", ""},
		{"a comma after it", "2026-11-02, x", "2026-11-02 mutual | x", ""},
		{"a letter after it", "2026-11-02x", "", ""},
		{"a span", "2026-11-02/2026-11-05 x", "", ""},
		{"a longer number", "2026-11-023", "", ""},
		{"another number", "2026-11-02-1", "", ""},
		{"text before it", "on 2026-11-02", "", ""},
		{"emphasis around it", "**2026-11-02** x", "2026-11-02 mutual | x", ""},
		{"no such day", "2026-02-30 x", "", "1:3 bad-date"},
		{"no such month", "2026-13-01 x", "", "1:3 bad-date"},
		{"digits missing", "2026-1-5 x", "", "1:3 near-date"},
		{"slashes", "2026/01/05 x", "2026-01-05 mutual | x", ""},
		{"dots", "2026.01.05 x", "2026-01-05 mutual | x", ""},
		{"slashes and a long dash", "2026/01/05—x", "2026-01-05 mutual | —x", ""},
		{"no such month, with slashes", "2026/13/45 x", "", "1:3 bad-date"},
		{"a version", "1.2.3", "", ""},
		{"a year alone", "2026", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := NewParser(Kinds{}).Parse("content/contacts/somebody.md", Contact, []byte("- "+c.line+"\n"))
			if got := entryTexts(n); got != c.want {
				t.Errorf("%q:\n got %s\nwant %s", c.line, got, c.want)
			}
			if got := problemTexts(n); got != c.problems {
				t.Errorf("%q: problems %q, want %q", c.line, got, c.problems)
			}
		})
	}
}

func TestDueDateOfATask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, line, text, due, problems string }{
		{"by", "send it by 2026-12-01", "send it", "2026-12-01", ""},
		{"due", "send it due 2026-12-01", "send it", "2026-12-01", ""},
		{"the calendar", "send it 📅 2026-12-01", "send it", "2026-12-01", ""},
		{"the calendar without a space", "send it 📅2026-12-01", "send it", "2026-12-01", ""},
		{"capitals", "Send it BY 2026-12-01", "Send it", "2026-12-01", ""},
		{"in brackets", "send it (by 2026-12-01)", "send it", "2026-12-01", ""},
		{"a full stop", "send it by 2026-12-01.", "send it", "2026-12-01", ""},
		{"nothing but the date", "by 2026-12-01", "", "2026-12-01", ""},
		{"no word before it", "send it 2026-12-01", "send it 2026-12-01", "", ""},
		{"the end of a longer word", "standby 2026-12-01", "standby 2026-12-01", "", ""},
		{"no space after the word", "send it by2026-12-01", "send it by2026-12-01", "", ""},
		{"not at the end", "send it by 2026-12-01 at noon", "send it by 2026-12-01 at noon", "", "1:18 near-due"},
		{"in the middle", "what he did before 2026-12-01 in the house", "what he did before 2026-12-01 in the house", "", ""},
		{"a weekday and a day", "send it before Friday 13th November", "send it before Friday 13th November", "", "1:22 near-due"},
		{"the end of a month", "send it by the end of November", "send it by the end of November", "", "1:18 near-due"},
		{"a time of the day", "send it by monday evening", "send it by monday evening", "", "1:18 near-due"},
		{"a word that is none", "send it till 2026-12-01", "send it till 2026-12-01", "", "1:20 near-due"},
		{"a sign and another date", "send it 📅 20/11/2026", "send it 📅 20/11/2026", "", "1:17 near-due"},
		{"a deadline of Org mode", "send it DEADLINE: <2026-12-01 Tue>", "send it DEADLINE: <2026-12-01 Tue>", "", "1:25 near-due"},
		{"words that are no day", "buy the book by May Sinclair", "buy the book by May Sinclair", "", ""},
		{"the end of something else", "be by the end of the road", "be by the end of the road", "", ""},
		{"no such day", "send it by 2026-02-30", "send it by 2026-02-30", "", "1:18 bad-date"},
		{"no such day, after a long letter", "é by 2026-02-30", "é by 2026-02-30", "", "1:12 bad-date"},
		{"no date", "send it by whenever", "send it by whenever", "", ""},
		{"the date alone", "2026-12-01", "2026-12-01", "", ""},
		{"nothing", "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := NewParser(Kinds{}).Parse("content/contacts/somebody.md", Contact, []byte("- [ ] "+c.line+"\n"))
			if len(n.Tasks) != 1 {
				t.Fatalf("%q: %d tasks", c.line, len(n.Tasks))
			}
			if got := n.Tasks[0]; got.Text != c.text || got.Due.String() != c.due {
				t.Errorf("%q: text %q, due %q; want %q, %q", c.line, got.Text, got.Due, c.text, c.due)
			}
			if got := problemTexts(n); got != c.problems {
				t.Errorf("%q: problems %q, want %q", c.line, got, c.problems)
			}
		})
	}
}
