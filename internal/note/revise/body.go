package revise

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kith/internal/civil"
	"kith/internal/note"
)

// A body is the Markdown of a file that is being edited.
type body struct {
	*editor
	all     *note.Block
	entries []*note.Block // of each of Note.Entries
	tasks   []*note.Block // of each of Note.Tasks
}

func (e *editor) body() *body {
	b := &body{editor: e, all: e.Blocks(e.note), entries: make([]*note.Block, len(e.note.Entries)), tasks: make([]*note.Block, len(e.note.Tasks))}
	b.find(b.all)
	return b
}

// find finds the entries and tasks in a block.
func (b *body) find(in *note.Block) {
	if in.Entry >= 0 {
		b.entries[in.Entry] = in
	}
	if in.Task >= 0 {
		b.tasks[in.Task] = in
	}
	for _, c := range in.Blocks {
		b.find(c)
	}
}

// start returns where the first line of a block begins.
func (b *body) start(n *note.Block) int { return lineStart(b.text, max(n.Start, b.top)) }

// end returns where the last line of a block that is not blank ends, with its
// line end.
func (b *body) end(n *note.Block) int { return b.trimmed(b.after(n)) }

// after returns where the first line after a block begins.
func (b *body) after(n *note.Block) int {
	for ; n != nil; n = n.Parent {
		if next := n.Next(); next != nil {
			return b.start(next)
		}
	}
	return len(b.text)
}

// trimmed returns where the last line before an offset that is not blank ends.
func (b *body) trimmed(end int) int {
	text := strings.TrimRight(b.text[:end], " \t\r\n")
	return min(lineStop(b.text, len(text))+1, len(b.text))
}

// A chunk is what an insertion writes: lines of which one is what was asked for.
type chunk struct {
	lines string // without the last line end
	line  int    // which line it is, from 0
	alone string // the same as a note of its own, and which line it is there
	there int32
}

// insert is the attempt to put a chunk at an offset, with given lines before and
// after it: at the end of a text without a last line end, it gets none either.
func (b *body) insert(offset int, before string, c chunk, after string) attempt {
	text := before + c.lines + "\n" + after
	if offset > 0 && b.text[offset-1] != '\n' {
		before = "\n" + before
		text = strings.TrimSuffix("\n"+text, "\n")
	}
	at := offset + len(before)
	for _, line := range strings.SplitAfter(c.lines, "\n")[:c.line] {
		at += len(line)
	}
	return attempt{splices: []splice{{offset, offset, text}}, at: at, chunk: &c}
}

// chunkFacts returns what a chunk says that is asked for, once that stands on a line.
func (e *editor) chunkFacts(c chunk, line int32) []fact {
	alone := strings.Split(c.alone, "\n")[c.there-1]
	shift := int32(utf8.RuneCountInString(strings.Split(c.lines, "\n")[c.line]) - utf8.RuneCountInString(alone))
	n := e.Parse(e.note.Path, e.note.Kind, []byte(c.alone))
	var facts []fact
	for _, f := range e.facts(n, func(p note.Pos) note.Pos { return note.Pos{Line: line, Column: p.Column + shift} }, attempt{}) {
		if slices.Contains([]string{"entry", "task", "link", "tag"}, f.about) && f.line == c.there {
			f.line = line
			facts = append(facts, f)
		}
	}
	return facts
}

// block is the attempt to insert a chunk as blocks of their own, with an empty
// line before and after.
func (b *body) block(offset int, c chunk) attempt {
	before, after := "", ""
	if !b.blankAbove(offset) {
		before = "\n"
	}
	if strings.TrimSpace(b.text[offset:lineStop(b.text, offset)]) != "" {
		after = "\n"
	}
	return b.insert(offset, before, c, after)
}

// item returns the chunk of a list item that begins with the given indent and
// bullet.
func item(prefix, text string) chunk {
	return chunk{lines: prefix + text, alone: strings.TrimLeft(prefix, " \t") + text, there: 1}
}

// below returns the chunk with a heading above it.
func (c chunk) below(heading string) chunk {
	c.lines = heading + "\n\n" + c.lines
	c.line += 2
	return c
}

var (
	bulletStart = regexp.MustCompile(`^[ \t]*([-*+]|[0-9]{1,9}[.)])[ \t]+`)
	ordinal     = regexp.MustCompile(`[0-9]+`)
)

// prefix returns what stands before the text of a list item, which begins at an
// offset: indent and bullet. Where that is more than these, as in an item that
// begins with another list, it is a plain bullet.
func (b *body) prefix(n *note.Block, textAt int) string {
	if p := b.text[b.start(n):max(textAt, b.start(n))]; p != "" && bulletStart.FindString(p) == p {
		return p
	}
	if n.Parent.Marker != "" {
		return n.Parent.Marker + " "
	}
	return "- "
}

// bullet returns a bullet as the file's lists have it.
func (b *body) bullet() string {
	for _, n := range b.all.Blocks {
		if n.Marker != "" {
			return n.Marker + " "
		}
	}
	return "- "
}

// loose says whether the items beside one are divided by empty lines.
func (b *body) loose(n *note.Block) bool {
	if next := n.Next(); next != nil {
		return b.blankAbove(b.start(next))
	}
	return n.Previous() != nil && b.blankAbove(b.start(n))
}

// blankAbove says whether there is nothing on the line above an offset, or no
// such line.
func (b *body) blankAbove(offset int) bool {
	above := strings.TrimSuffix(b.text[:offset], "\n")
	return strings.TrimSpace(above[lineStart(above, len(above)):]) == ""
}

// before is the attempt to insert an item before another of a list.
func (b *body) before(n *note.Block, c chunk) attempt {
	gap := ""
	if b.loose(n) {
		gap = "\n"
	}
	return b.insert(b.start(n), "", c, gap)
}

// behind is the attempt to insert an item after another of a list.
func (b *body) behind(n *note.Block, c chunk) attempt {
	gap := ""
	if b.loose(n) {
		gap = "\n"
	}
	return b.insert(b.end(n), gap, c, "")
}

// closeTask makes the edit of [CloseTask].
func (e *editor) closeTask(line int) (Change, error) {
	i := slices.IndexFunc(e.note.Tasks, func(t note.Task) bool { return int(t.Line) == line })
	if i < 0 {
		return Change{}, e.refuse(line, "there is no task on this line", "a task is a list item that begins with [ ] or [?]")
	}
	t := e.note.Tasks[i]
	if t.Done {
		return Change{Source: e.src}, nil
	}
	box := "[ ]"
	if t.Ask {
		box = "[?]"
	}
	start := e.note.Offset(note.Pos{Line: t.Line, Column: 1})
	at := strings.Index(e.text[start:], box) + start
	a := attempt{splices: []splice{{at + 1, at + 2, "x"}}, at: at}
	a.gone = func(f fact) bool { return f.about == "task" && int(f.line) == line }
	done := e.note.Tasks[i]
	done.Ask, done.Done = false, true
	after := *e.note
	after.Tasks = slices.Clone(after.Tasks)
	after.Tasks[i] = done
	for _, f := range e.facts(&after, func(p note.Pos) note.Pos { return p }, attempt{}) {
		if a.gone(f) {
			a.added = append(a.added, f)
		}
	}
	return e.try("close the task", "put an x into its box by hand", line, a)
}

// checkLine says why a text cannot be a line of a note.
func (e *editor) checkLine(text string) error {
	if !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r\x00") {
		return e.refuse(0, fmt.Sprintf("cannot write %q: it has to be one line of text", text), "leave out line ends and control characters")
	}
	return nil
}

// addTask makes the edit of [AddTask].
func (e *editor) addTask(text string) (Change, error) {
	text = strings.TrimSpace(text)
	if err := e.checkLine(text); err != nil {
		return Change{}, err
	}
	if e.note.Kind == note.Circle {
		return Change{}, e.refuse(0, "a circle has no tasks", "tasks stand in the file of a contact, or in the journal")
	}
	if n := e.Parse(e.note.Path, e.note.Kind, []byte("- "+text)); len(n.Tasks) != 1 {
		return Change{}, e.refuse(0, fmt.Sprintf("%q is no task", text), "begin with [ ] for a promise, or [?] for something to ask")
	}
	b := e.body()
	var attempts []attempt
	last := -1
	for i, t := range e.note.Tasks {
		if b.tasks[i].Parent.Parent == b.all && t.Entry < 0 && (last < 0 || !t.Done || e.note.Tasks[last].Done) {
			last = i
		}
	}
	if last >= 0 {
		n := b.tasks[last]
		line := e.note.Offset(note.Pos{Line: e.note.Tasks[last].Line, Column: 1})
		c := item(b.prefix(n, line+max(strings.IndexByte(e.text[line:], '['), 0)), text)
		attempts = append(attempts, b.behind(n, c.next()), b.before(n, c))
	}
	at := b.beforeEntries()
	c := item(b.bullet(), text)
	attempts = append(attempts, b.block(at, c))
	if end := b.trimmed(at); end >= e.top {
		attempts = append(attempts, b.insert(end, "", c, ""))
	}
	if len(b.entries) > 0 && !e.note.Entries[0].Heading { // whose list may take it in, or be taken in
		n := b.entries[0]
		attempts = append(attempts, b.before(n, item(b.entryPrefix(n, e.note.Entries[0]), text)))
	}
	for _, bullet := range []string{c.lines[:2], "- ", "* "} { // another bullet begins another list
		c := item(bullet, text)
		attempts = append(attempts, b.block(at, c))
		attempts = append(attempts, b.anywhere(c)...)
	}
	return e.try("add the task", "add it by hand: - "+text, int(e.note.Pos(at).Line), attempts...)
}

// next returns the chunk of an item that follows one with the same ordinal.
func (c chunk) next() chunk {
	at := ordinal.FindStringIndex(c.lines)
	if at == nil || strings.TrimSpace(c.lines[:at[0]]) != "" || !strings.ContainsAny(c.lines[at[1]:min(at[1]+1, len(c.lines))], ".)") {
		return c
	}
	var n int
	fmt.Sscan(c.lines[at[0]:at[1]], &n)
	c.lines = c.lines[:at[0]] + fmt.Sprint(n+1) + c.lines[at[1]:]
	c.alone = strings.TrimLeft(c.lines, " \t")
	return c
}

// beforeEntries returns the offset after what stands before the first entry, and
// before the headings right above that.
func (b *body) beforeEntries() int {
	at := len(b.text)
	for _, n := range b.all.Blocks {
		if begins(n) {
			for p := n.Previous(); p != nil && p.Shape == note.HeadingBlock && (p.Level > 1 || p.Previous() != nil); p = p.Previous() {
				n = p
			}
			at = b.start(n)
			break
		}
	}
	if at < len(b.text) {
		return at
	}
	if b.trimmed(at) <= b.top {
		return len(b.text)
	}
	return b.trimmed(at)
}

// begins says whether a block is where the entries of a file begin.
func begins(n *note.Block) bool {
	switch n.Shape {
	case note.HeadingBlock:
		return !n.Day.IsZero() || n.Entry >= 0 || isLog(n)
	case note.ListBlock:
		return slices.ContainsFunc(n.Blocks, func(it *note.Block) bool { return it.Entry >= 0 })
	}
	return false
}

func isLog(n *note.Block) bool {
	return n.Shape == note.HeadingBlock && strings.EqualFold(strings.TrimSpace(n.Text), "log")
}

// anywhere returns the attempts to insert a chunk before one of the last blocks,
// for files whose last block takes in all that follows.
func (b *body) anywhere(c chunk) []attempt {
	var attempts []attempt
	for _, n := range slices.Backward(b.all.Blocks[max(len(b.all.Blocks)-20, 0):]) {
		attempts = append(attempts, b.block(b.start(n), c))
	}
	return attempts
}

// addEntry makes the edit of [AddEntry].
func (e *editor) addEntry(text string) (Change, error) {
	w, err := e.newEntry(text)
	if err != nil {
		return Change{}, err
	}
	text = w.text
	b := e.body()
	attempts := b.among(w)
	line := e.note.Pos(b.trimmed(len(e.text))).Line
	c := item(b.bullet(), text).below("## Log")
	attempts = append(attempts, b.block(len(e.text), c))
	attempts = append(attempts, b.anywhere(c)...)
	return e.try("add the entry", "add it by hand: - "+text, int(line), attempts...)
}

// A newEntry is an entry that is to be added.
type newEntry struct {
	text string // from the date on
	rest string // after the date
	date civil.Date
	time note.Time
}

// newEntry reads the line of an entry that is to be added.
func (e *editor) newEntry(text string) (newEntry, error) {
	text = strings.TrimSpace(text)
	if err := e.checkLine(text); err != nil {
		return newEntry{}, err
	}
	if e.note.Kind == note.Circle {
		return newEntry{}, e.refuse(0, "a circle has no entries", "entries stand in the file of a contact, or in the journal")
	}
	n := e.Parse(e.note.Path, e.note.Kind, []byte("- "+text))
	if len(n.Entries) != 1 || n.Entries[0].Daily {
		return newEntry{}, e.refuse(0, fmt.Sprintf("%q is no entry", text), "begin with the day: 2026-11-23 coffee: …")
	}
	return newEntry{text, strings.TrimSpace(text[10:]), n.Entries[0].Date, n.Entries[0].Time}, nil
}

// A slot is something that entries are ordered by: one of them, or a day.
type slot struct {
	node *note.Block
	date civil.Date
	time note.Time
}

// compare compares the time of an entry with that of a slot. Where either has no
// time of day, their days count alone.
func (w newEntry) compare(s slot) int {
	if w.time == note.NoTime || s.time == note.NoTime {
		return w.date.Compare(s.date)
	}
	return cmp.Or(w.date.Compare(s.date), cmp.Compare(w.time, s.time))
}

// among returns the attempts to put an entry among those of the file, the best
// one first.
func (b *body) among(w newEntry) []attempt {
	var items, headings, days, today []slot
	for i, en := range b.note.Entries {
		s := slot{b.entries[i], en.Date, en.Time}
		switch {
		case en.Heading:
			headings = append(headings, s)
		case !en.Daily:
			items = append(items, s)
		case en.Date == w.date:
			today = append(today, s)
		}
	}
	for _, n := range b.all.Blocks {
		if !n.Day.IsZero() {
			days = append(days, slot{n, n.Day, note.NoTime})
		}
	}
	own := b.all.Day == w.date && !w.date.IsZero()
	switch {
	case len(today) > 0 || own || len(days) > len(items):
		return b.amongDays(w, days, today, own)
	case len(items) > 0:
		return b.amongItems(w, items)
	case len(headings) > 0:
		return b.amongHeadings(headings, w, func(level int) chunk {
			text := strings.Repeat("#", level) + " " + w.text
			return chunk{lines: text, alone: text, there: 1}
		})
	}
	for _, n := range b.all.Blocks {
		if isLog(n) {
			return []attempt{b.under(n, item(b.bullet(), w.text))}
		}
	}
	return nil
}

// under is the attempt to insert a chunk right below a heading.
func (b *body) under(h *note.Block, c chunk) attempt {
	at := b.end(h)
	if next := lineStop(b.text, at); at < len(b.text) && strings.TrimSpace(b.text[at:next]) == "" {
		at = min(next+1, len(b.text))
	}
	return b.block(at, c)
}

// newestFirst says in which order most slots follow each other, which is newest
// first if it cannot be told.
func newestFirst(slots []slot) bool {
	order := 0
	for i := 1; i < len(slots); i++ {
		order += cmp.Compare(slots[i-1].date.Compare(slots[i].date), 0)
	}
	return order >= 0
}

// place returns between which two slots an entry comes: before that with the
// index, which may be one past the last.
func (w newEntry) place(slots []slot) int {
	if newestFirst(slots) {
		if i := slices.IndexFunc(slots, func(s slot) bool { return w.compare(s) >= 0 }); i >= 0 {
			return i
		}
		return len(slots)
	}
	for i, s := range slices.Backward(slots) {
		if w.compare(s) >= 0 {
			return i + 1
		}
	}
	return 0
}

// near says how near a slot's date is to that of an entry: in the same month, in
// the same year. It tells which of two lists an entry between them belongs to.
func (w newEntry) near(s slot) int {
	a, b := w.date.String(), s.date.String()
	switch {
	case a[:7] == b[:7]:
		return 2
	case a[:4] == b[:4]:
		return 1
	}
	return 0
}

// prefixOf returns the indent and bullet of a slot that is a list item.
func (b *body) prefixOf(s slot) string {
	return b.entryPrefix(s.node, b.note.Entries[s.node.Entry])
}

var yearHeading = regexp.MustCompile(`^[0-9]{4}$`)

// amongItems returns the attempts to put an entry among list items.
func (b *body) amongItems(w newEntry, items []slot) []attempt {
	i := w.place(items)
	var attempts []attempt
	before := func(s slot) { attempts = append(attempts, b.before(s.node, item(b.prefixOf(s), w.text))) }
	behind := func(s slot) {
		attempts = append(attempts, b.behind(s.node, item(b.prefixOf(s), w.text).next()))
	}
	behindFirst := i == len(items) || i > 0 && !newestFirst(items)
	if i > 0 && i < len(items) && items[i-1].node.Parent != items[i].node.Parent {
		if a, c := w.near(items[i-1]), w.near(items[i]); a != c {
			behindFirst = a > c
		}
	}
	chosen := items[min(i, len(items)-1)]
	if behindFirst {
		chosen = items[i-1]
	}
	if a, ok := b.newYear(w, chosen, items); ok {
		attempts = append(attempts, a)
	}
	if behindFirst {
		behind(items[i-1])
	}
	if i < len(items) {
		before(items[i])
	}
	if i > 0 && !behindFirst {
		behind(items[i-1])
	}
	return attempts
}

// newYear is the attempt to begin a year in a file that has a heading for each.
func (b *body) newYear(w newEntry, s slot, items []slot) (attempt, bool) {
	list := s.node.Parent
	h := list.Previous()
	if h == nil {
		return attempt{}, false
	}
	name := strings.TrimSpace(h.Text)
	year := w.date.String()[:4]
	if !yearHeading.MatchString(name) || name == year || slices.ContainsFunc(items, func(s slot) bool { return s.date.String()[:4] == year }) {
		return attempt{}, false
	}
	c := item(b.prefixOf(s), w.text).below(strings.Repeat("#", h.Level) + " " + year)
	if newestFirst(items) == (year > name) {
		return b.block(b.start(h), c), true
	}
	return b.block(b.end(list), c), true
}

// entryPrefix returns the indent and bullet of an entry that is a list item.
func (b *body) entryPrefix(n *note.Block, en note.Entry) string {
	line := b.note.Offset(note.Pos{Line: en.Line, Column: 1})
	text := b.text[line:lineStop(b.text, line)]
	if at := strings.Index(text, en.Date.String()); at >= 0 && !en.Daily {
		return b.prefix(n, line+at)
	}
	return b.prefix(n, line+len(bulletStart.FindString(text)))
}

// amongHeadings returns the attempts to put a chunk with a heading among dated
// ones.
func (b *body) amongHeadings(headings []slot, w newEntry, heading func(level int) chunk) []attempt {
	i := w.place(headings)
	if i < len(headings) {
		h := headings[i].node
		c, at := heading(h.Level), b.start(h)
		switch {
		case at == b.top:
			return []attempt{b.insert(at, "", c, "\n")}
		case !b.blankAbove(at): // as it is above the other
			return []attempt{b.insert(at, "", c, ""), b.block(at, c)}
		}
		return []attempt{b.block(at, c)}
	}
	h := headings[i-1].node
	last := h
	for next := h.Next(); next != nil && !ends(next, h.Level); next = next.Next() {
		last = next
	}
	at := b.end(last)
	return []attempt{b.block(at, heading(h.Level))}
}

// ends says whether a block ends the entry or day of a heading of the given level.
func ends(n *note.Block, level int) bool {
	return n.Shape == note.HeadingBlock && (n.Entry >= 0 || !n.Day.IsZero() || n.Level <= level)
}

// amongDays returns the attempts to put an entry into a daily note, below its
// day: own says that the file itself is that day's.
func (b *body) amongDays(w newEntry, days, today []slot, own bool) []attempt {
	day := "## " + w.date.String() + "\n\n"
	if own {
		day = ""
	}
	itemOf := func(prefix string) chunk { // without its date, if it is read as one of its day
		c := item(prefix, w.rest)
		c.alone, c.there = day+c.alone, int32(1+strings.Count(day, "\n"))
		n := b.Parse(b.note.Path, b.note.Kind, []byte(c.alone))
		if len(n.Entries) == 1 && n.Entries[0].Daily && n.Entries[0].Date == w.date && n.Entries[0].Time == w.time {
			return c
		}
		return item(prefix, w.text)
	}
	if len(today) > 0 {
		s := today[len(today)-1]
		return []attempt{b.behind(s.node, itemOf(b.prefixOf(s)))}
	}
	if own {
		return []attempt{b.block(len(b.text), itemOf(b.bullet()))}
	}
	for _, s := range days {
		if s.date == w.date {
			return []attempt{b.under(s.node, itemOf(b.bullet()))}
		}
	}
	return b.amongHeadings(days, w, func(level int) chunk {
		return itemOf(b.bullet()).below(strings.Repeat("#", level) + " " + w.date.String())
	})
}
