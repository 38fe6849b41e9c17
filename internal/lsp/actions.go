package lsp

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.lsp.dev/protocol"

	"kith/internal/draft"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
)

// snoozeDays is for how long an action snoozes somebody.
const snoozeDays = 14

// An actor offers what can be done at a place of a buffer.
type actor struct {
	*server
	doc        *document
	note       *note.Note
	start, end int // in the source of the note
	actions    []protocol.CommandOrCodeAction
	only       []protocol.CodeActionKind
}

// CodeAction offers what can be done at a place: what a hint says, and the edits that kith
// makes.
func (s *server) CodeAction(_ context.Context, p *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	d, n := s.noteOf(p.TextDocument)
	if n == nil || !s.client.literals {
		return nil, nil
	}
	s.cursorAt(d, int(p.Range.Start.Line))
	a := &actor{
		server: s, doc: d, note: n, only: p.Context.Only,
		start: d.text.offsetIn(n, s.encoding.offset(d.text, p.Range.Start)), end: d.text.offsetIn(n, s.encoding.offset(d.text, p.Range.End)),
	}
	a.hints(p.Range)
	a.links()
	a.task()
	a.person()
	return a.actions, nil
}

// offer adds an action, if the client wants one of its kind.
func (a *actor) offer(title string, kind protocol.CodeActionKind, mends []protocol.Diagnostic, changes ...change) {
	wanted := len(a.only) == 0 || slices.ContainsFunc(a.only, func(only protocol.CodeActionKind) bool {
		return only == kind || strings.HasPrefix(string(kind), string(only)+".")
	})
	if !wanted {
		return
	}
	action := &protocol.CodeAction{Title: title, Kind: &kind, Diagnostics: mends, Edit: a.workspaceEdit(changes...)}
	if len(mends) > 0 {
		action.IsPreferred = new(true)
	}
	a.actions = append(a.actions, action)
}

// edit adds an action that makes an edit of the buffer, unless it is refused.
func (a *actor) edit(title string, edit func(p *note.Parser, path string, kind note.Kind, src []byte) (revise.Change, error)) {
	before := a.doc.text.all
	c, err := edit(a.journal.Parser(), a.note.Path, a.note.Kind, []byte(before))
	if err == nil && c.Line > 0 {
		a.offer(title, protocol.CodeActionKindRefactorRewrite, nil, change{path: a.doc.path, before: before, after: string(c.Source)})
	}
}

// put adds an action that puts a text in the place of a part of the note's source.
func (a *actor) put(title string, kind protocol.CodeActionKind, mends []protocol.Diagnostic, start, end int, with string) {
	a.offer(title, kind, mends, change{path: a.doc.path, before: a.doc.text.all, after: a.with(start, end, with)})
}

// with returns the text of the buffer with a part of the note's source replaced.
func (a *actor) with(start, end int, with string) string {
	t := a.doc.text
	if strings.Contains(t.all, "\r\n") {
		with = strings.ReplaceAll(with, "\n", "\r\n")
	}
	return t.all[:t.offsetFrom(a.note, start)] + with + t.all[t.offsetFrom(a.note, end):]
}

// aKindHint is the hint that a word is a kind of the journal's own.
var aKindHint = regexp.MustCompile(`kith\.toml: \[kinds\] (\w+) = \["([^"]+)"\]`)

// hints offers what the hints of the problems at the place say.
func (a *actor) hints(at protocol.Range) {
	for _, p := range a.problems() {
		in := a.rangeOf(p)
		if p.File != a.doc.path || p.Hint == "" || p.Severity == note.Advice || in.End.Line < at.Start.Line || in.Start.Line > at.End.Line {
			continue
		}
		mends := []protocol.Diagnostic{a.diagnostic(p)}
		if m := aKindHint.FindStringSubmatch(p.Hint); m != nil {
			for _, list := range []string{"talk", "write", "note"} {
				if c, ok := a.addKind(list, m[2]); ok {
					a.offer(fmt.Sprintf("Add %s to kith.toml as a %s", m[2], list), protocol.CodeActionKindQuickFix, mends, c)
				}
			}
			continue
		}
		if start, end, with, ok := a.mend(p); ok {
			a.put("Write "+firstLine(with), protocol.CodeActionKindQuickFix, mends, start, end, with)
		}
		if p.Code == "unknown-contact" && a.client.creates {
			if i := linkAt(a.note, a.note.Offset(note.Pos{Line: int32(p.Line), Column: int32(p.Column)})); i >= 0 {
				name, _ := note.CutAnchor(a.note.Links[i].Target)
				file := newFile(name)
				text := "---\n" + note.YAML.SpellField("name", note.TextValue(name), false) + "\nadded: " + a.today().String() + "\n---\n"
				if a.journal.File(file) == nil {
					a.offer("Make a file for "+name, protocol.CodeActionKindQuickFix, mends, change{path: file, after: text, made: true})
				}
			}
		}
	}
}

func firstLine(text string) string {
	line, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	if more {
		line += " …"
	}
	return line
}

// addKind returns the change of kith.toml that adds a word to a list of kinds.
func (a *actor) addKind(list, word string) (change, bool) {
	before, _ := a.source(journal.SettingsFile) // which need not be there
	c := change{path: journal.SettingsFile, before: before, made: before == ""}
	if c.made && !a.client.creates || note.CheckKind(list, word) != nil {
		return c, false
	}
	quoted := `"` + word + `"`
	aList := regexp.MustCompile(`(?m)^(\s*` + list + `\s*=\s*\[)([^\]]*)`)
	aTable := regexp.MustCompile(`(?m)^\[kinds\][ \t]*\r?\n`)
	eol := "\n"
	if strings.Contains(before, "\r\n") {
		eol = "\r\n"
	}
	switch list := list + " = [" + quoted + "]" + eol; {
	case aList.MatchString(before):
		c.after = aList.ReplaceAllStringFunc(before, func(at string) string {
			if strings.HasSuffix(strings.TrimSpace(at), "[") {
				return at + quoted
			}
			return strings.TrimRight(at, ", \t") + ", " + quoted
		})
	case aTable.MatchString(before):
		at := aTable.FindStringIndex(before)[1]
		c.after = before[:at] + list + before[at:]
	default:
		if c.after = before; before != "" && !strings.HasSuffix(before, "\n") {
			c.after += eol
		}
		c.after += "[kinds]" + eol + list
	}
	was, wrong := journal.ParseSettings(before)
	is, wrongNow := journal.ParseSettings(c.after)
	return c, len(wrongNow) <= len(wrong) && len(is.Kinds.Words()) == len(was.Kinds.Words())+1
}

// aShown is what a hint shows to be written.
var aShown = regexp.MustCompile(`(?s)(?:^|; )write (?:which one: )?(.+)$`)

// aTail is what may stand behind the due date of a task.
var aTail = regexp.MustCompile(`\s[#^]|\s[^\x00-\x{ff}]`)

// mend returns what a hint says to write, in place of which part of the note's source. It
// is what is read without the problem, and without another, and leaves out none of the
// words that are right.
func (a *actor) mend(p note.Problem) (start, end int, with string, ok bool) {
	m := aShown.FindStringSubmatch(p.Hint)
	if m == nil {
		return 0, 0, "", false
	}
	line := int32(max(p.Line, 1))
	from := a.note.Offset(note.Pos{Line: line, Column: 1})
	to := from + len(a.note.LineText(line))
	at := a.note.Offset(note.Pos{Line: line, Column: int32(max(p.Column, 1))})
	with = m[1]
	type place struct {
		start, end int
		with       string
	}
	var places []place
	if shown, wrong, found := strings.Cut(with, " in place of "); found {
		wrong, _, _ = strings.Cut(wrong, ", or ")
		if i := strings.Index(a.note.Source[at:to], wrong); i >= 0 {
			places = append(places, place{at + i, at + i + len(wrong), shown})
		}
	} else if i := linkAt(a.note, at); i >= 0 && strings.HasPrefix(with, "[[") {
		start, end := linkSpan(a.note, a.note.Links[i])
		if label := a.note.Links[i].Label; label != "" && !strings.Contains(with, "|") {
			with = strings.TrimSuffix(with, "]]") + "|" + label + "]]"
		}
		places = append(places, place{start, end, with})
	} else if int(line) < a.note.BodyLine() {
		start, end := a.field(line)
		places = append(places, place{start, end, with})
	} else {
		starts := []int{at, from}
		for i := range a.note.Source[from:at] { // and each word before it
			if i > 0 && a.note.Source[from+i-1] == ' ' {
				starts = append(starts, from+i)
			}
		}
		ends := []int{to} // or what stands behind a due date
		if i := aTail.FindStringIndex(a.note.Source[at:to]); i != nil {
			ends = append(ends, at+i[0])
		}
		for _, s := range starts {
			for _, e := range ends {
				places = append(places, place{s, e, with})
			}
		}
	}
	least := -1
	for _, pl := range places {
		lost := lostWords(a.note.Source[pl.start:pl.end], pl.with)
		if least >= 0 && lost >= least || !a.mends(p, a.with(pl.start, pl.end, pl.with)) {
			continue
		}
		least, start, end, with, ok = lost, pl.start, pl.end, pl.with, true
	}
	return start, end, with, ok
}

// lostWords counts the words of a text that are not in what stands in its place, and those
// of that which are twice there.
func lostWords(text, with string) int {
	words := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) })
	}
	has, lost := words(with), 0
	for _, w := range words(text) {
		if i := slices.Index(has, w); i >= 0 {
			has = slices.Delete(has, i, i+1)
		} else {
			lost++
		}
	}
	return lost + len(has)
}

// field returns the lines of the front matter that the key on or above a line has.
func (a *actor) field(line int32) (start, end int) {
	first, next := int32(0), int32(a.note.BodyLine())-1
	for _, f := range fields(a.note) {
		if f.Pos.Line <= line {
			first = f.Pos.Line
		} else if f.Pos.Line < next {
			next = f.Pos.Line
		}
	}
	at := func(line int32) int { return a.note.Offset(note.Pos{Line: line, Column: 1}) }
	return at(first), at(next) - 1
}

// mends says whether a text of the buffer is read without a problem of the one that it
// has, and without another.
func (a *actor) mends(p note.Problem, text string) bool {
	before := slices.Clone(a.note.Problems)
	own := slices.ContainsFunc(before, func(q note.Problem) bool { return q == p })
	after := a.journal.Parser().Parse(a.note.Path, a.note.Kind, []byte(text))
	if own && len(after.Problems) >= len(before) {
		return false
	}
	for _, q := range after.Problems {
		i := slices.IndexFunc(before, func(b note.Problem) bool { return b.Code == q.Code && b.Message == q.Message })
		if i < 0 {
			return false
		}
		before = slices.Delete(before, i, i+1)
	}
	entries := len(after.Entries) + len(after.Tasks)
	return entries >= len(a.note.Entries)+len(a.note.Tasks)
}

// links offers to make a link of the name at the cursor.
func (a *actor) links() {
	line := a.note.Pos(a.start).Line
	if int(line) < a.note.BodyLine() || linkAt(a.note, a.start) >= 0 {
		return
	}
	from := a.note.Offset(note.Pos{Line: line, Column: 1})
	text := a.note.LineText(line)
	type word struct{ start, end int }
	var words []word
	for i := 0; i < len(text); {
		n := strings.IndexFunc(text[i:], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
		if n < 0 {
			break
		}
		i += n
		end := strings.IndexFunc(text[i:], func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-' && r != '\''
		})
		if end < 0 {
			end = len(text) - i
		}
		words = append(words, word{from + i, from + i + end})
		i += end
	}
	for n := min(4, len(words)); n > 0; n-- { // of several names the longest
		for i := range len(words) - n + 1 {
			start, end := words[i].start, words[i+n-1].end
			if start > a.start || a.end > end {
				continue
			}
			name := a.note.Source[start:end]
			if first, _ := note.CutAnchor(name); !unicode.IsUpper([]rune(first)[0]) {
				continue
			}
			if found := a.journal.Named(name); len(found) == 1 && found[0].Slug != a.note.Slug {
				a.put("Link to "+found[0].Name, protocol.CodeActionKindRefactorRewrite, nil, start, end, a.journal.Link(found[0]))
				return
			}
		}
	}
}

// task offers to tick the task at the cursor.
func (a *actor) task() {
	line := a.note.Pos(a.start).Line
	for i := range a.note.Tasks {
		if t := &a.note.Tasks[i]; t.Line == line && !t.Done {
			a.edit("Tick it", func(p *note.Parser, path string, kind note.Kind, src []byte) (revise.Change, error) {
				return revise.CloseTask(p, path, kind, src, int(line))
			})
		}
	}
}

// person offers what is about the contact of the file.
func (a *actor) person() {
	if a.note.Kind != note.Contact || a.note.Broken {
		return
	}
	row, today := a.row(a.note.Slug), a.today()
	if row == nil || row.Contact.File.Path != a.note.Path {
		return
	}
	log := func(title, entry string) {
		a.edit(title, func(p *note.Parser, path string, kind note.Kind, src []byte) (revise.Change, error) {
			return revise.AddEntry(p, path, kind, src, today.String()+" "+entry)
		})
	}
	set := func(title, key, value string) {
		a.edit(title, func(p *note.Parser, path string, kind note.Kind, src []byte) (revise.Change, error) {
			return revise.SetKey(p, path, kind, src, key, note.TextValue(value))
		})
	}
	log("Log today: you talked", "talk")
	log("Log today: you wrote", "> message")
	log("Log today: they wrote", "< message")
	if _, owed := row.Reason(due.Thanks); owed {
		log("Say thanks: you wrote to thank them today", "> message thanked")
	}
	set("Snooze for two weeks", "snooze", today.AddDays(snoozeDays).String())
	if row.Undecided() {
		for _, every := range []string{"1 month", "3 months", "6 months", "1 year", "never"} {
			set("Be in touch: "+every, "every", every)
		}
	}
	a.draft(row)
}

// draft offers to put the beginning of a letter below the cursor: as a quotation, of which
// nothing is taken for an entry.
func (a *actor) draft(row *due.Row) {
	if a.drafts == nil { // the journal is still being read
		return
	}
	view := a.seen()
	if a.wishes == nil {
		a.wishes = a.wishes.Next(nil, view.Rows)
	}
	brief := row.Brief(a.today(), a.wishes.For(view, row))
	kind := draft.KindFor(brief, a.today())
	m, err := a.drafts.Write(kind, brief, a.journal.Parser().PlainText, a.today(), a.journal.Settings.Name)
	if err != nil {
		return
	}
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(m.Text)) {
		b.WriteString(strings.TrimRight("> "+strings.TrimRight(line, "\n"), " ") + "\n")
	}
	line := a.note.Pos(a.start).Line
	if int(line) < a.note.BodyLine() {
		line = int32(a.note.BodyLine()) - 1
	}
	at := a.note.Offset(note.Pos{Line: line, Column: 1}) + len(a.note.LineText(line))
	text := "\n\n" + strings.TrimRight(b.String(), "\n")
	if at < len(a.note.Source) && !strings.HasPrefix(a.note.Source[at:], "\n\n") {
		text += "\n"
	}
	a.put(fmt.Sprintf("Insert a draft: %s", kind), protocol.CodeActionKindRefactorRewrite, nil, at, at, text)
}
