package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/help"
	"kith/internal/journal"
	"kith/internal/note"
)

// Hover says what stands at a place means.
func (s *server) Hover(_ context.Context, p *protocol.HoverParams) (*protocol.Hover, error) {
	d, n, at := s.at(p.TextDocumentPositionParams)
	if n == nil {
		return nil, nil
	}
	said, start, end := s.hover(d, n, at)
	if help := s.helpAt(d, p.Position); help != "" {
		if said != "" {
			said += "\n\n---\n\n"
		} else {
			start, end = at, at
		}
		said += help
	}
	if said == "" {
		return nil, nil
	}
	kind := protocol.MarkupKindMarkdown
	if s.client.plain {
		kind, said = protocol.MarkupKindPlainText, strings.NewReplacer("**", "", "\\", "").Replace(said)
	}
	about := s.rangeIn(d, n, start, end)
	return &protocol.Hover{Contents: &protocol.MarkupContent{Kind: kind, Value: said}, Range: &about}, nil
}

// hover returns what there is to say of a place in the source of a note, and of which part
// of it.
func (s *server) hover(d *document, n *note.Note, at int) (said string, start, end int) {
	if c, start, end := s.whoAt(n, at); c != nil {
		return s.brief(c), start, end
	}
	line := n.Pos(at).Line
	whole := func(said string) (string, int, int) {
		start := n.Offset(note.Pos{Line: line, Column: 1})
		return said, start, start + len(n.LineText(line))
	}
	if int(line) < n.BodyLine() {
		for _, f := range fields(n) {
			if f.Pos.Line == line {
				return whole(s.sayKey(n, f.Key))
			}
		}
		return "", 0, 0
	}
	for i := range n.Entries {
		if e := &n.Entries[i]; e.Line == line {
			return whole(s.journal.Reading(n, e).String() + "\n\n" + due.When(s.today(), e.Date))
		}
	}
	for i := range n.Tasks {
		if t := &n.Tasks[i]; t.Line == line && !t.Done {
			return whole(journal.TaskReading(t))
		}
	}
	return "", 0, 0
}

// sayKey says what a key of the front matter means, and of a rhythm what comes of it.
func (s *server) sayKey(n *note.Note, key string) string {
	keys := note.Keys(n.Kind)
	i := slices.IndexFunc(keys, func(k note.Key) bool { return strings.EqualFold(k.Name, key) })
	if i < 0 {
		return ""
	}
	said := "**" + keys[i].Name + "**: " + keys[i].About
	if row := s.row(n.Slug); n.Kind == note.Contact && row != nil && (keys[i].Form == note.CadenceForm || keys[i].Name == "snooze") {
		if worked := s.workedOut(row); worked != "" {
			said += "\n\n" + worked
		}
	}
	return said
}

// workedOut says how a due date comes about: 6 weeks after coffee on 2 October → 13
// November, 10 days ago.
func (s *server) workedOut(row *due.Row) string {
	c, today := row.Contact, s.today()
	if row.Due.IsZero() {
		return ""
	}
	when := due.Day(today, row.Due) + ", " + due.When(today, row.Due)
	if row.Base.IsZero() {
		return "no contact yet → " + when
	}
	after := "the day it was written down"
	front := c.Front()
	switch ref, found := baseEntry(row); {
	case found && ref.Kind() != "":
		after = due.KindName(ref.Kind())
	case found && ref.Entry().Direction == note.Outbound:
		after = "you wrote"
	case found:
		after = "you talked"
	case front.Met == row.Base:
		after = "you met"
	}
	said := fmt.Sprintf("%s after %s on %s", c.Cadence, after, due.Day(today, row.Base))
	counted := c.Cadence.From(row.Base)
	switch {
	case counted == row.Due:
	case front.Snooze == row.Due:
		said += " → " + due.Day(today, counted) + ", snoozed"
	default:
		said += " → " + due.Day(today, counted) + ", planned"
	}
	return said + " → " + when
}

// baseEntry returns the entry that the rhythm of a contact counts from.
func baseEntry(row *due.Row) (journal.EntryRef, bool) {
	for _, ref := range row.Contact.Entries {
		if e := ref.Entry(); e.Date == row.Base && (e.Direction == note.Outbound || e.Direction == note.Mutual) {
			return ref, true
		}
	}
	return journal.EntryRef{}, false
}

// brief says what there is to say to somebody, in Markdown.
func (s *server) brief(c *journal.Contact) string {
	row, today := s.row(c.Slug), s.today()
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**", c.Name)
	front := c.Front()
	if who := strings.Join(slices.DeleteFunc([]string{front.Role, front.Company, front.Location}, func(s string) bool { return s == "" }), " · "); who != "" {
		b.WriteString("  \n" + who)
	}
	if row == nil {
		return b.String()
	}
	if stands := standing(row, today); stands != "" {
		b.WriteString("  \n" + stands)
	}
	brief := row.Brief(today, nil)
	plain := s.journal.Parser().PlainText
	part := func(title string, lines []string) {
		if len(lines) > 0 {
			b.WriteString("\n\n" + title + "\n")
		}
		for _, line := range lines {
			b.WriteString("\n- " + line)
		}
	}
	var why []string
	for _, r := range row.Reasons {
		why = append(why, plain(r.Why))
	}
	part("Why write", why)
	if last := brief.Last; last.File != nil {
		part("Last exchange", []string{entryWords(plain, last, today)})
	}
	part("To ask", tasksWords(plain, brief.Asks))
	part("You promised", tasksWords(plain, brief.Promises))
	var news []string
	for _, n := range brief.News {
		news = append(news, entryWords(plain, n.EntryRef, today))
	}
	part("To tell", news)
	part("They look for", front.Needs)
	return b.String()
}

func entryWords(plain func(string) string, ref journal.EntryRef, today civil.Date) string {
	when := due.When(today, ref.Entry().Date)
	if kind := ref.Kind(); kind != "" {
		when += ", " + kind
	}
	return strings.TrimSpace(plain(ref.Text()) + " (" + when + ")")
}

func tasksWords(plain func(string) string, refs []journal.TaskRef) (lines []string) {
	for _, ref := range refs {
		line := plain(ref.Task().Text)
		if day := ref.Task().Due; !day.IsZero() {
			line += " (by " + day.String() + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// standing says in a line how one stands with somebody: due in 3 days · your turn · 2 open
// questions.
func standing(row *due.Row, today civil.Date) string {
	var said []string
	switch {
	case row.Contact.Front().Status != note.Active:
		said = append(said, row.Contact.Front().Status.String())
	case !row.Due.IsZero():
		said = append(said, "due "+due.When(today, row.Due))
	}
	if row.Contact.Active() {
		switch row.Turn {
		case due.Yours:
			said = append(said, "your turn")
		case due.Theirs:
			said = append(said, "their turn")
		}
	}
	asks, promises := 0, 0
	for _, ref := range row.Contact.Tasks {
		switch t := ref.Task(); {
		case t.Done:
		case t.Ask:
			asks++
		default:
			promises++
		}
	}
	for _, count := range []struct {
		n    int
		what string
	}{{asks, "open question"}, {promises, "open promise"}} {
		if count.n == 1 {
			said = append(said, "1 "+count.what)
		} else if count.n > 1 {
			said = append(said, fmt.Sprintf("%d %ss", count.n, count.what))
		}
	}
	return strings.Join(said, " · ")
}

// helpAt returns the section of the help about a problem that stands at a position.
func (s *server) helpAt(d *document, p protocol.Position) string {
	for _, problem := range s.told[d.path] {
		at := s.rangeOf(problem)
		if at.Start.Line != p.Line || p.Character < at.Start.Character || p.Character > at.End.Character {
			continue
		}
		if topic, heading, found := strings.Cut(helpOf[problem.Code], ": "); found {
			return section(topic, heading)
		}
	}
	return ""
}

// helpOf is which section of the help is about a problem, by its code.
var helpOf = func() map[string]string {
	of := map[string]string{}
	for about, codes := range map[string]string{
		"format: Who they are": "bad-cadence bad-date bad-email bad-language bad-photo bad-status duplicate-key foreign-key wrong-type " +
			"unknown-key unclosed-front-matter bad-front-matter stray-front-matter double-name double-email",
		"format: A line is enough":                       "near-date late-entry",
		"format: Who wrote to whom":                      "unknown-word unknown-kind",
		"format: Give and take":                          "idle-mark",
		"format: Other people":                           "unknown-contact ambiguous-link missing-note unlinked-name",
		"format: Promises, and things to ask":            "near-due near-box",
		"format: Many people at once, and your own news": "unknown-circle ambiguous-circle",
		"files: Names of files":                          "duplicate-slug empty-slug conflict-copy not-a-note folder-named-note linked-folder",
		"files: What is copied":                          "taken-name missing-file",
		"files: On several machines":                     "conflict-markers",
	} {
		for code := range strings.FieldsSeq(codes) {
			of[code] = about
		}
	}
	return of
}()

// section returns the part of a topic of the help below a heading.
func section(topic, heading string) string {
	t, ok := help.Find(topic)
	if !ok {
		return ""
	}
	_, rest, found := strings.Cut(t.Markdown, "\n## "+heading+"\n")
	if !found {
		return ""
	}
	text, _, _ := strings.Cut(rest, "\n## ")
	return "### " + heading + "\n" + strings.TrimRight(text, "\n")
}

// CodeLens says above the note of a contact how one stands with them.
func (s *server) CodeLens(_ context.Context, p *protocol.CodeLensParams) ([]protocol.CodeLens, error) {
	d, n := s.noteOf(p.TextDocument)
	if n == nil || n.Kind != note.Contact {
		return nil, nil
	}
	row := s.row(n.Slug)
	if row == nil || row.Contact.File.Path != n.Path {
		return nil, nil
	}
	said := standing(row, s.today())
	if said == "" {
		return nil, nil
	}
	return []protocol.CodeLens{{Range: s.lineRange(d, 1), Command: protocol.Command{Title: said}}}, nil
}

// InlayHint says beside a rhythm when it makes somebody due, and beside the day of an entry
// how long ago it was.
func (s *server) InlayHint(_ context.Context, p *protocol.InlayHintParams) ([]protocol.InlayHint, error) {
	d, n := s.noteOf(p.TextDocument)
	if n == nil || !s.client.hints {
		return nil, nil
	}
	hints := []protocol.InlayHint{}
	add := func(line int32, at int, said string) {
		if said == "" || line-1 < int32(p.Range.Start.Line) || line-1 > int32(p.Range.End.Line) {
			return
		}
		hints = append(hints, protocol.InlayHint{Position: s.encoding.position(d.text, at), Label: protocol.String(said), PaddingLeft: new(true)})
	}
	endOf := func(line int32) int { return d.text.starts[line-1] + len(d.text.line(int(line-1))) }
	if row := s.row(n.Slug); n.Kind == note.Contact && row != nil && !row.Due.IsZero() && !n.Broken {
		if f := note.Lookup(fields(n), "every"); f != nil {
			add(f.Pos.Line, endOf(f.Pos.Line), "due "+row.Due.String()+", "+due.When(s.today(), row.Due))
		}
	}
	ends := map[int32]int{}
	for _, t := range s.journal.Parser().Tokens(n) {
		if t.Kind == note.DateToken {
			ends[n.Pos(t.Start).Line] = d.text.offsetFrom(n, t.End)
		}
	}
	for i := range n.Entries {
		e := &n.Entries[i]
		if at, ok := ends[e.Line]; ok && !e.Daily {
			add(e.Line, at, due.When(s.today(), e.Date))
		}
	}
	return hints, nil
}
