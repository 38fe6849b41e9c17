package lsp

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
)

// A choice is something that may stand in a place of a buffer.
type choice struct {
	label  string
	detail string
	insert string // what is put there; the label if it is empty
	kind   protocol.CompletionItemKind
}

// mostChoices is how many choices a client is given at once: of a journal of thousands it
// asks again as the word grows.
const mostChoices = 100

// Completion says what may stand where the cursor is.
func (s *server) Completion(_ context.Context, p *protocol.CompletionParams) (protocol.CompletionResult, error) {
	d := s.document(p.TextDocument.URI)
	if d == nil {
		return nil, nil
	}
	s.cursorAt(d, int(p.Position.Line))
	n := s.note(d)
	if n == nil {
		return nil, nil
	}
	c := s.cursor(d, n, p.Position)
	start, end, choices := c.choices()
	if len(choices) == 0 {
		return nil, nil
	}
	list := &protocol.CompletionList{IsIncomplete: true, Items: []protocol.CompletionItem{}}
	at := s.encoding.between(d.text, start, end)
	typed := d.text.all[start:c.at]
	for i, choice := range choices[:min(len(choices), mostChoices)] {
		list.Items = append(list.Items, protocol.CompletionItem{
			Label: choice.label, Kind: choice.kind, Detail: optional(choice.detail),
			// They are chosen already, by rules of their own.
			FilterText: optional(typed), SortText: protocol.NewOptional(fmt.Sprintf("%03d", i)),
			TextEdit: &protocol.TextEdit{Range: at, NewText: cmp.Or(choice.insert, choice.label)},
		})
	}
	return list, nil
}

func optional(text string) protocol.Optional[string] {
	if text == "" {
		return protocol.Optional[string]{}
	}
	return protocol.NewOptional(text)
}

// A cursor is where somebody is in the middle of a line.
type cursor struct {
	*server
	doc           *document
	note          *note.Note
	at            int    // in the text of the buffer
	start         int    // of the line
	before, after string // what the line has
	today         civil.Date
}

func (s *server) cursor(d *document, n *note.Note, p protocol.Position) cursor {
	at := s.encoding.offset(d.text, p)
	line := d.text.lineAt(at)
	start := d.text.starts[line]
	if line == 0 && strings.HasPrefix(d.text.all, bom) {
		start = min(len(bom), at)
	}
	text := d.text.line(line)
	cut := at - d.text.starts[line]
	return cursor{
		server: s, doc: d, note: n, at: at, start: start,
		before: text[start-d.text.starts[line] : cut], after: text[cut:], today: s.today(),
	}
}

var (
	// aBegunTag is a hashtag that somebody is in the middle of.
	aBegunTag = regexp.MustCompile(`(?:^|[\s\p{Ps}])#([\pL\pN_/-]*)$`)
	// aBegunDay is the word behind by, at the end of a task.
	aBegunDay = regexp.MustCompile(`(?i)(?:^|[^\pL\pN_])(?:by|due|until|before):?:?\s+(\S*)$|📅\s*(\S*)$`)
	// anItem is the beginning of a list item or heading, and the word that it begins with.
	anItem = regexp.MustCompile(`^(?:[-*+]|\d{1,9}[.)]|#{1,6})\s+(\S*)$`)
)

// choices returns what may stand at the cursor, and in which place of the text.
func (c cursor) choices() (start, end int, choices []choice) {
	if i := strings.LastIndex(c.before, "[["); i >= 0 && !strings.Contains(c.before[i:], "]]") {
		return c.link(c.start+i+2, c.before[i+2:])
	}
	if c.inFront() {
		return c.frontMatter()
	}
	if m := aBegunTag.FindStringSubmatchIndex(c.before); m != nil && m[2] > 1 {
		start, end = c.word(m[2])
		return start, end, c.tags(c.before[m[2]:])
	}
	word := strings.LastIndexFunc(c.before, unicode.IsSpace) + 1
	if word > 0 {
		_, size := utf8.DecodeRuneInString(c.before[word-1:])
		word += size - 1
	}
	b := c.journal.Parser().Begin(c.note, c.before[:word])
	switch {
	case b.Task:
		if m := aBegunDay.FindStringSubmatchIndex(c.before); m != nil {
			at := max(m[2], m[4])
			start, end = c.word(at)
			return start, end, c.daysAhead(c.before[at:])
		}
	case b.Header && b.Rest > b.Text, b.Header && c.note.Kind == note.Journal && word > b.Text:
		start, end = c.word(word)
		return start, end, c.header(b, c.before[word:])
	case anItem.MatchString(c.before):
		start, end = c.word(word)
		choices = c.daysBack(c.before[word:])
		if b.Header { // in a daily note
			choices = append(choices, c.header(b, c.before[word:])...)
		}
		return start, end, append(choices, c.boxes(c.before[word:])...)
	}
	return 0, 0, nil
}

// word returns the place of the word at the cursor, which begins at an offset of the line.
func (c cursor) word(from int) (start, end int) {
	n := strings.IndexFunc(c.after, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(":,[]", r) })
	if n < 0 {
		n = len(c.after)
	}
	return c.start + from, c.at + n
}

// inFront says whether the cursor stands in the front matter, which may not be closed yet.
func (c cursor) inFront() bool {
	at := c.doc.text.offsetIn(c.note, c.at)
	if f := c.note.Fences(); f.Open != "" {
		return at >= f.Start && at < max(f.End, f.Start+1)
	}
	above := strings.Split(strings.TrimLeft(c.doc.text.all[:c.start], "\n\r"+bom), "\n")
	first := strings.TrimSpace(above[0])
	if first != "---" && first != "+++" {
		return false
	}
	for _, line := range above[1:] {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == first {
			return false
		}
	}
	return true
}

// link completes the [[link]] whose target begins at an offset of the text.
func (c cursor) link(start int, typed string) (int, int, []choice) {
	end, closed := c.at, false
	if i := strings.Index(c.after, "]]"); i >= 0 && !strings.Contains(c.after[:i], "[") {
		end, closed = c.at+i, true
	} else if n := strings.IndexFunc(c.after, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }); n != 0 && c.after != "" {
		if n < 0 {
			n = len(c.after)
		}
		end = c.at + n
	}
	if strings.Contains(typed, "|") { // the label, which is anybody's own words
		return 0, 0, nil
	}
	label := ""
	if closed {
		if i := strings.IndexByte(c.doc.text.all[c.at:end], '|'); i >= 0 {
			end = c.at + i
		}
	} else {
		label = "]]"
	}
	var choices []choice
	for _, p := range c.people(typed) {
		target := strings.TrimSuffix(strings.TrimPrefix(c.journal.Link(p), "[["), "]]")
		choices = append(choices, choice{label: p.Name, detail: c.met(p), insert: target + label, kind: protocol.CompletionItemKindReference})
	}
	return start, end, choices
}

// people returns those whose name may be meant by its beginning, who was met last first.
func (c cursor) people(typed string) []*journal.Contact {
	return c.lately(c.journal.Begun(typed))
}

// lately puts contacts in the order of the newest touch, newest first.
func (c cursor) lately(people []*journal.Contact) []*journal.Contact {
	type at struct {
		contact *journal.Contact
		last    civil.Date
	}
	list := make([]at, len(people))
	for i, p := range people {
		list[i] = at{p, lastTouch(p, c.today)}
	}
	slices.SortStableFunc(list, func(a, b at) int { return b.last.Compare(a.last) })
	for i := range list {
		people[i] = list[i].contact
	}
	return people
}

// lastTouch returns the day of the newest touch of a contact up to a day, or none.
func lastTouch(c *journal.Contact, today civil.Date) civil.Date {
	for _, ref := range c.Entries { // newest first
		if e := ref.Entry(); e.Touch() && !e.Date.After(today) {
			return e.Date
		}
	}
	return civil.Date{}
}

// met says when somebody was last met.
func (c cursor) met(p *journal.Contact) string {
	if last := lastTouch(p, c.today); !last.IsZero() {
		return due.When(c.today, last)
	}
	return ""
}

// begins says whether a word begins with what was typed, whatever its case.
func begins(word, typed string) bool { return strings.HasPrefix(note.Fold(word), note.Fold(typed)) }

// tags returns the tags there are that begin so.
func (c cursor) tags(typed string) []choice {
	count := map[string]int{}
	for _, f := range c.journal.Files {
		for _, tag := range f.Front.Tags {
			count[tag]++
		}
		for _, tag := range f.Tags {
			count[tag.Slug]++
		}
		for i := range f.Entries {
			for _, tag := range f.EntryTags(&f.Entries[i]) {
				count[tag]++
			}
		}
	}
	if count[note.TagSlug(typed)] == 1 { // which is the one that is being written
		delete(count, note.TagSlug(typed))
	}
	var choices []choice
	for tag, n := range count {
		if begins(tag, typed) {
			choices = append(choices, choice{label: tag, detail: times(n), kind: protocol.CompletionItemKindKeyword})
		}
	}
	slices.SortFunc(choices, func(a, b choice) int {
		return cmp.Or(cmp.Compare(count[b.label], count[a.label]), strings.Compare(a.label, b.label))
	})
	return choices
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// daysBack returns today and the days before it, for an entry.
func (c cursor) daysBack(typed string) []choice {
	words := []string{"today", "yesterday"}
	for i := 2; i < 7; i++ {
		words = append(words, strings.ToLower(c.today.AddDays(-i).Weekday().String()))
	}
	return c.days(words, typed, false, " ")
}

// daysAhead returns days to come, for what is due.
func (c cursor) daysAhead(typed string) []choice {
	words := []string{"tomorrow"}
	for i := 2; i < 7; i++ {
		words = append(words, strings.ToLower(c.today.AddDays(i).Weekday().String()))
	}
	return c.days(append(words, "in 2 weeks", "in a month", "in 3 months"), typed, true, "")
}

// days returns the days that words stand for, of which the word or the date begins with
// what was typed.
func (c cursor) days(words []string, typed string, ahead bool, behind string) (choices []choice) {
	for _, w := range words {
		day, err := civil.ParseWords(w, c.today, ahead)
		if err == nil && (begins(w, typed) || begins(day.String(), typed)) {
			choices = append(choices, choice{label: w, detail: day.String(), insert: day.String() + behind, kind: protocol.CompletionItemKindConstant})
		}
	}
	return choices
}

// boxes returns what begins a task.
func (c cursor) boxes(typed string) (choices []choice) {
	for _, b := range []choice{
		{label: "[ ]", detail: "a promise of yours", insert: "[ ] ", kind: protocol.CompletionItemKindKeyword},
		{label: "[?]", detail: "something to ask them", insert: "[?] ", kind: protocol.CompletionItemKindKeyword},
	} {
		if strings.HasPrefix(b.label, typed) {
			choices = append(choices, b)
		}
	}
	return choices
}

// markWords say what each mark means.
var markWords = map[string]string{
	"asked": "you asked for help", "got": "they helped you", "gave": "you helped them",
	"offered": "you offered help", "thanked": "you thanked them", "closed": "it asks for no answer",
}

// somePeople is how many of those you have been with lately an entry offers.
const somePeople = 8

// header returns the words that may follow those of an entry's header.
func (c cursor) header(b note.Beginning, typed string) (choices []choice) {
	add := func(label, detail, insert string, kind protocol.CompletionItemKind) {
		if begins(label, typed) {
			choices = append(choices, choice{label, detail, insert, kind})
		}
	}
	people := func(before string) {
		n := 0
		for _, p := range c.people(typed) {
			if p.Slug == c.note.Slug && c.note.Kind == note.Contact {
				continue
			}
			link := c.journal.Link(p)
			choices = append(choices, choice{before + p.Name, c.met(p), before + link, protocol.CompletionItemKindReference})
			if n++; n == somePeople {
				break
			}
		}
	}
	if b.Joins {
		people("")
		return choices
	}
	if b.Kind == "" {
		for _, k := range c.kinds() {
			add(k, "", "", protocol.CompletionItemKindEnumMember)
		}
	}
	if !b.Arrow {
		add(">", "you to them", "", protocol.CompletionItemKindOperator)
		add("<", "they to you", "", protocol.CompletionItemKindOperator)
	}
	for _, m := range note.MarkWords() {
		if !slices.ContainsFunc(b.Marks, func(is note.Mark) bool { return is.String() == m }) {
			add(m, markWords[m], "", protocol.CompletionItemKindEnum)
		}
	}
	if b.Kind != "" || b.Arrow || len(b.Marks) > 0 {
		people("with ")
	} else {
		people("")
	}
	return choices
}

// kinds returns the kinds of contact, those of the note's newest entries first.
func (c cursor) kinds() []string {
	var kinds []string
	entries := slices.SortedFunc(func(yield func(*note.Entry) bool) {
		for i := range c.note.Entries {
			if !yield(&c.note.Entries[i]) {
				return
			}
		}
	}, func(a, b *note.Entry) int { return b.Date.Compare(a.Date) })
	for _, e := range entries {
		if k := c.note.EntryKind(e); k != "" && !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	for _, k := range c.journal.Settings.Kinds.Words() {
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

var (
	// aBegunKey is a key that somebody is in the middle of.
	aBegunKey = regexp.MustCompile(`^"?([\pL_-]*)$`)
	// aBegunValue is a key and the beginning of its value.
	aBegunValue = regexp.MustCompile(`^"?([\pL_-]+)"?\s*[:=]\s*(.*)$`)
	// aBegunItem is an item of a list of its own lines.
	aBegunItem = regexp.MustCompile(`^\s*-\s+(.*)$`)
	// aListKey is a key whose values stand in a list below it.
	aListKey = regexp.MustCompile(`^([\pL_-]+):\s*$`)
)

// frontMatter completes a key of the front matter, or its value.
func (c cursor) frontMatter() (start, end int, choices []choice) {
	if m := aBegunKey.FindStringSubmatchIndex(c.before); m != nil {
		start, end = c.word(m[2])
		return start, end, c.keys(c.before[m[2]:])
	}
	var key string
	var from int
	if m := aBegunValue.FindStringSubmatchIndex(c.before); m != nil {
		key, from = c.before[m[2]:m[3]], m[4]
	} else if m := aBegunItem.FindStringSubmatchIndex(c.before); m != nil {
		key, from = c.listKey(), m[2]
	}
	i := slices.IndexFunc(note.Keys(c.note.Kind), func(k note.Key) bool { return strings.EqualFold(k.Name, key) })
	if i < 0 {
		return 0, 0, nil
	}
	k := note.Keys(c.note.Kind)[i]
	end = c.at + len(strings.TrimRight(c.after, " \t"))
	if k.Form == note.TextsForm || k.Form == note.PeopleForm { // of a list the item that the cursor is in
		from += strings.LastIndexAny(c.before[from:], ",[") + 1
		from += len(c.before[from:]) - len(strings.TrimLeft(c.before[from:], " \t"))
		if n := strings.IndexAny(c.after, ",]"); n >= 0 {
			end = c.at + n
		}
	}
	typed := strings.TrimLeft(c.before[from:], `"'`)
	from = len(c.before) - len(typed)
	if n := strings.IndexAny(c.doc.text.all[c.at:end], `"'`); n >= 0 {
		end = c.at + n
	}
	return c.start + from, end, c.values(k, typed)
}

// listKey returns the key of the list that the cursor is in an item of, or "".
func (c cursor) listKey() string {
	for line := c.doc.text.lineAt(c.at) - 1; line >= 0; line-- {
		text := c.doc.text.line(line)
		if m := aListKey.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		if !aBegunItem.MatchString(text) {
			return ""
		}
	}
	return ""
}

// keys returns the keys that the front matter has not, and that begin so.
func (c cursor) keys(typed string) (choices []choice) {
	has := fields(c.note)
	sign := ": "
	if c.note.Fences().Format == note.TOML {
		sign = " = "
	}
	if strings.ContainsAny(c.after, ":=") {
		sign = ""
	}
	for _, k := range note.Keys(c.note.Kind) {
		if f := note.Lookup(has, k.Name); begins(k.Name, typed) && (f == nil || int(f.Pos.Line) == c.doc.text.lineAt(c.at)+1) {
			choices = append(choices, choice{k.Name, k.About, k.Name + sign, protocol.CompletionItemKindProperty})
		}
	}
	return choices
}

// values returns what the value of a key may be.
func (c cursor) values(k note.Key, typed string) (choices []choice) {
	add := func(label, detail string) {
		if begins(label, typed) {
			choices = append(choices, choice{label, detail, c.spelled(label), protocol.CompletionItemKindValue})
		}
	}
	switch {
	case k.Form == note.CadenceForm:
		for _, every := range []string{"1 week", "2 weeks", "1 month", "6 weeks", "2 months", "3 months", "6 months", "1 year", "never"} {
			add(every, c.wouldBeDue(every))
		}
	case k.Form == note.StatusForm:
		for _, w := range note.StatusWords() {
			add(w, "")
		}
	case k.Name == "circles":
		for _, circle := range c.journal.Circles {
			detail := ""
			if circle.Every.Recurs() {
				detail = "every " + circle.Every.String()
			}
			add(circle.Name, detail)
		}
	case k.Name == "tags":
		for _, t := range c.tags(typed) {
			choices = append(choices, choice{t.label, t.detail, c.spelled(t.label), t.kind})
		}
	case k.Form == note.PeopleForm:
		for _, p := range c.people(strings.TrimPrefix(typed, "[[")) {
			choices = append(choices, choice{p.Name, c.met(p), c.spelled(c.journal.Link(p)), protocol.CompletionItemKindReference})
			if len(choices) == mostChoices {
				break
			}
		}
	case k.Name == "snooze":
		for _, in := range []string{"in 2 weeks", "in a month", "in 3 months", "in 6 months"} {
			choices = append(choices, c.days([]string{in}, typed, true, "")...)
		}
	case k.Form == note.DateForm, k.Form == note.WhenForm:
		choices = c.days([]string{"today", "yesterday"}, typed, false, "")
	case k.Name == "pronouns":
		for _, w := range []string{"she/her", "he/him", "they/them"} {
			add(w, "")
		}
	}
	return choices
}

// spelled writes a value so that the front matter's language reads it, but for quotes that
// stand around the cursor already.
func (c cursor) spelled(value string) string {
	if strings.Count(c.before, `"`)%2 == 1 || strings.Count(c.before, "'")%2 == 1 {
		return value
	}
	return c.note.Fences().Format.Spell(note.TextValue(value), 0, strings.Contains(c.before, "["))
}

// wouldBeDue says when the note's contact would be due with a cadence.
func (c cursor) wouldBeDue(every string) string {
	cadence, err := civil.ParseCadence(every)
	row := c.row(c.note.Slug)
	if err != nil || !cadence.Recurs() || c.note.Kind != note.Contact || row == nil {
		return ""
	}
	if row.Base.IsZero() {
		return "due today"
	}
	day := cadence.From(row.Base)
	return "due " + day.String() + ", " + due.When(c.today, day)
}

// today is the day that it is.
func (s *server) today() civil.Date { return s.opts.Today(s.journal.Settings) }

// seen returns the view of the journal today.
func (s *server) seen() *due.View {
	if today := s.today(); s.view == nil || s.view.Journal != s.journal || s.view.Today != today {
		before := s.view
		s.view = before.Next(s.journal, today)
		s.wishes = nil
	}
	return s.view
}

// row returns what is due with a contact, or nil.
func (s *server) row(slug string) *due.Row { return s.seen().Row(slug) }
