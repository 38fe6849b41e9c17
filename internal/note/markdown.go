package note

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kith/internal/civil"
)

// Parser reads notes and renders them. It does not change, so may be used by
// many at once.
type Parser struct {
	words vocabulary
	// Two of goldmark's parsers, one of which finds bare addresses. It looks at
	// every space of a text for that, which most notes need not pay for.
	markdown, linking parser.Parser
	// The same for the inline text of blocks that are built already (plain.go).
	inline, inlineLinking parser.Parser
	html                  renderer.Renderer

	rooms sync.Pool // of *room
}

// NewParser returns a parser that knows the built-in kinds of contact and those
// given.
func NewParser(kinds Kinds) *Parser {
	linkify, built := util.Prioritized(extension.NewLinkifyParser(), 999), util.Prioritized(builtParser{}, 100)
	return &Parser{
		words:         newVocabulary(kinds),
		markdown:      newMarkdown(),
		linking:       newMarkdown(linkify),
		inline:        parser.NewParser(parser.WithBlockParsers(built), inlineParsers()),
		inlineLinking: parser.NewParser(parser.WithBlockParsers(built), inlineParsers(linkify)),
		html:          newRenderer(),
	}
}

// newMarkdown returns goldmark's parser with the extensions of this package and
// the given inline parsers.
func newMarkdown(inline ...util.PrioritizedValue) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(headingParser{parser.NewSetextHeadingParser()}, 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(nestingParser{parser.NewListParser()}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(headingParser{parser.NewATXHeadingParser()}, 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(nestingParser{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(htmlParser{parser.NewHTMLBlockParser()}, 900),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		inlineParsers(inline...),
		parser.WithParagraphTransformers(
			util.Prioritized(denseTransformer{}, 10),
			util.Prioritized(itemTransformer{}, 50), // before link references take a [ ] away
			util.Prioritized(referenceTransformer{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(tableTransformer{extension.NewTableParagraphTransformer()}, 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
		),
	)
}

// inlineParsers are those of this package and the given ones.
func inlineParsers(more ...util.PrioritizedValue) parser.Option {
	return parser.WithInlineParsers(append(more,
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(embedParser{}, 140),
		util.Prioritized(wikiLinkParser{}, 150), // before the links of Markdown, which begin alike
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(hashtagParser{}, 250),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
	)...)
}

// A scan is one pass over a note's body, for what it says or, if that is known, for what
// it looks like. The block parsers of this file find it in goldmark's context, and add
// what they see to the note; a body that is plain is read by a [plainBody] alone.
type scan struct {
	note   *Note
	shown  string // the body without its comments
	words  lexicon
	labels map[string]bool // which links may refer to, once somebody asked

	// What the last headings of the body began: an entry, in which no list item
	// is an entry of its own, or days of a daily note. The level is that of the
	// heading, 0 where no entry is open.
	entryLevel int
	open       openDays
	fileDay    civil.Date
	undated    bool // a line would be an entry if its day were known
	ownHeading bool // the last heading says something of its own

	// Of goldmark's tree, if there is one.
	entries map[ast.Node]int // list items and headings that are an entry: its index
	tasks   map[ast.Node]int // list items that are a task: its index
	days    map[ast.Node]civil.Date

	known    *Note // has the entries of the body if they were read before
	from     int   // which of those the first is that is read
	lineOnly bool  // what is read is not the body of known, but a line of or about it
	*room

	built *ast.Document // blocks of which goldmark is to read the inline text
}

// A room is memory that a note is read or rendered in, and after it another one: most
// of what there would be to collect in reading a journal.
type room struct {
	read   []Entry
	header header // of a line
	tags   []entryTag
	shared []sharedLink
	blocks []plainBlock
	fields []Field // of the front matter
	lines  lines

	headings []heading

	// For rendering.
	again   Note
	links   []Link
	inline  []string // what is in the blocks
	html    []byte
	content Content
}

// enter returns a room that nobody is in.
func (p *Parser) enter() *room {
	if r, ok := p.rooms.Get().(*room); ok {
		return r
	}
	return &room{}
}

// leave gives up a room, and what was made in it.
func (p *Parser) leave(r *room) {
	r.clear()
	p.rooms.Put(r)
}

// clear makes a room hold on to no note.
func (r *room) clear() {
	if r.again.Links != nil {
		r.links = r.again.Links
	}
	*r = room{
		read: emptied(r.read), tags: cleared(r.tags), blocks: cleared(r.blocks), fields: cleared(r.fields),
		header: header{
			marks: cleared(r.header.marks), links: cleared(r.header.links), tags: cleared(r.header.tags),
			unknown: cleared(r.header.unknown), words: cleared(r.header.words),
		},
		lines: lines{starts: emptied(r.lines.starts)}, headings: emptied(r.headings),
		links: cleared(r.links), inline: cleared(r.inline), html: emptied(r.html),
		content: Content{Entries: cleared(r.content.Entries), Tasks: cleared(r.content.Tasks)},
	}
}

// emptied returns the room of a list. That of a very long one is given up: every note
// after it would hold it, and take as long to clear it.
func emptied[T any](list []T) []T {
	const most = 16 << 10 // bytes
	if roomOf(list) > most {
		return nil
	}
	return list[:0]
}

// roomOf returns how many bytes a list takes, with the room left in it.
func roomOf[T any](list []T) int { return cap(list) * int(reflect.TypeFor[T]().Size()) }

// cleared is emptied for a list whose items lead to a note.
func cleared[T any](list []T) []T {
	list = emptied(list)
	clear(list[:cap(list)])
	return list
}

// places returns where the lines of a text begin.
func (r *room) places(text string) *lines {
	r.lines.find(text)
	return &r.lines
}

var scanKey = parser.NewContextKey()

// newScan returns a scan of a note, in a room in which its entries are read.
func (p *Parser) newScan(n *Note, r *room) *scan {
	s := &scan{note: n, shown: withoutComments(n.Body()), words: p.words.lexiconOf(n), room: r}
	r.tags, r.shared, r.headings = r.tags[:0], r.shared[:0], r.headings[:0]
	n.Entries = r.read[:0]
	if n.Kind == Journal {
		s.fileDay = dayOfName(path.Base(n.Path))
	}
	return s
}

// readBody reads the entries, tasks, links and hashtags of the body into n.
func (p *Parser) readBody(n *Note, r *room) {
	links, problems := len(n.Links), len(n.Problems)
	s := p.newScan(n, r)
	if body, ok := p.parsePlain(s); ok {
		body.visit()
	} else {
		n.Tasks, n.Links, n.Problems = nil, n.Links[:links], n.Problems[:problems]
		s = p.newScan(n, r)
		p.parse(s)
	}
	s.giveTags()
	s.giveHeadings()
	s.nearName()
	if r.read = n.Entries; len(n.Entries) > 0 {
		n.Entries = append(make([]Entry, 0, len(n.Entries)), n.Entries...)
	} else {
		n.Entries = nil
	}
	n.Tasks, n.Links, n.Tags = fitted(n.Tasks), fitted(n.Links), fitted(n.Tags)
}

// fitted returns a list without the room that is left over for more: there are many
// notes, and they stay.
func fitted[T any](list []T) []T {
	if cap(list) == len(list) {
		return list
	}
	return append(make([]T, 0, len(list)), list...)
}

// parsePlain reads a body that is plain (plain.go).
func (p *Parser) parsePlain(s *scan) (*plainBody, bool) {
	body, ok := s.readPlain()
	if ok {
		body.parseTrees(p, s.known == nil)
	}
	return body, ok
}

// parse runs goldmark over the body of a note and adds what it finds to it.
func (p *Parser) parse(s *scan) *ast.Document {
	s.entries, s.tasks, s.days = map[ast.Node]int{}, map[ast.Node]int{}, map[ast.Node]civil.Date{}
	doc := s.run(p.markdown, p.linking)
	s.visitBlocks(doc)
	return doc
}

// run runs goldmark over a body, with the parser that finds bare addresses if
// there may be any.
func (s *scan) run(markdown, linking parser.Parser) *ast.Document {
	body := s.body()
	if strings.Contains(body, "://") || strings.Contains(body, "www.") || strings.Contains(body, "@") {
		markdown = linking
	}
	pc := parser.NewContext()
	pc.Set(scanKey, s)
	return markdown.Parse(text.NewReader(util.StringToReadOnlyBytes(body)), parser.WithContext(pc)).(*ast.Document)
}

// body returns the body, with nothing where it has comments.
func (s *scan) body() string { return s.shown }

// pos returns the place of an offset in the body; none if that is read for its looks,
// of which the places are known.
func (s *scan) pos(offset int) Pos {
	if s.known != nil {
		return Pos{}
	}
	return s.note.places().pos(s.note.body + offset)
}

// problem adds a problem at an offset in the body, unless that is read for its looks.
func (s *scan) problem(offset int, severity Severity, code, message, hint string) {
	if s.known == nil {
		s.note.problem(s.pos(offset), severity, code, message, hint)
	}
}

// What nobody writes, and what would take goldmark time in step with the square
// of its length, is shown as it stands.
const (
	maxNesting = 50    // lists and quotes, one inside the other
	maxSigns   = 2000  // in one paragraph
	maxCells   = 20000 // in one table
)

// A nestingParser is one of goldmark's for blocks that hold others, which does
// not nest them more deeply than anybody writes.
type nestingParser struct{ parser.BlockParser }

func (p nestingParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		depth++
	}
	if depth <= 2*maxNesting {
		return p.BlockParser.Open(parent, reader, pc)
	}
	return nil, parser.NoChildren
}

// An htmlParser is goldmark's for blocks of HTML, but for comments that are never closed:
// all up to the end of the note would be one.
type htmlParser struct{ parser.BlockParser }

func (p htmlParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if line, _ := reader.PeekLine(); bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("<!--")) {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// A denseTransformer leaves a paragraph of more signs than anybody writes, or a
// table of more cells, as it stands.
type denseTransformer struct{}

func (denseTransformer) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if !dense(p.Lines(), reader.Source()) {
		return
	}
	s := pc.Get(scanKey).(*scan)
	s.problem(p.Lines().At(0).Start, Warning, "too-dense", "the paragraph has more signs such as [ * _ | than can be read, so it is shown as it stands",
		"divide it with empty lines")
	raw := ast.NewCodeBlock()
	raw.SetLines(p.Lines())
	p.Parent().ReplaceChild(p.Parent(), p, raw)
}

func dense(lines *text.Segments, source []byte) bool {
	signs, pipes := 0, 0
	for i := range lines.Len() {
		seg := lines.At(i)
		row := 0
		for _, c := range source[seg.Start:seg.Stop] {
			switch c {
			case '[', ']', '*', '_', '~', '<', '&':
				signs++
			case '|':
				row++
			}
		}
		if pipes = max(pipes, row); signs > maxSigns || pipes*(i+1) > maxCells {
			return true
		}
	}
	return false
}

// A headingParser is one of goldmark's, with an eye for headings that are dated.
type headingParser struct{ parser.BlockParser }

func (h headingParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	h.BlockParser.Close(node, reader, pc)
	s := pc.Get(scanKey).(*scan)
	if parent := node.Parent(); parent != nil && node.Lines().Len() > 0 && dense(node.Lines(), reader.Source()) {
		raw := ast.NewCodeBlock()
		raw.SetLines(node.Lines())
		parent.ReplaceChild(parent, node, raw)
		return
	}
	heading, ok := node.(*ast.Heading)
	if !ok || heading.Parent() == nil || heading.Parent().Kind() != ast.KindDocument || s.note.Kind == Circle {
		return
	}
	var line text.Segment
	if heading.Lines().Len() > 0 {
		line = heading.Lines().At(0)
	}
	end := line.Stop
	if n := heading.Lines().Len(); n > 0 {
		end = heading.Lines().At(n - 1).Stop
	}
	entry, day, cut := s.heading(heading.Level, line, end)
	if !day.IsZero() {
		s.days[heading] = day
	}
	if entry >= 0 {
		s.entries[heading] = entry
		trim(heading, reader.Source(), cut)
	}
}

// heading opens and closes the entries and days that headings begin (FORMAT.md,
// "Entries"): an entry holds everything up to the next heading of the same or a
// higher level, or the next dated heading. It returns the index of the entry that
// the heading is, or -1, and where its text begins then; or the day that it is. The
// heading ends at an offset of the body, which may be lines below its first.
func (s *scan) heading(level int, line text.Segment, end int) (entry int, day civil.Date, cut int) {
	var d dateline
	var found bool
	if line.Len() > 0 {
		d, found = s.dateline(line, false)
	}
	if found || level <= s.entryLevel {
		s.entryLevel = 0
	}
	s.open.heading(level, civil.Date{})
	s.ownHeading = !found && line.Len() > 0 && !s.plainHeading(strings.TrimSpace(s.body()[line.Start:end]))
	s.addHeading(level, line.Start, end)
	if !found {
		return -1, day, 0
	}
	if rest := s.text(line.Start+d.end, line.Stop); s.note.Kind == Journal && rest == "" && d.time == NoTime {
		s.open.heading(level, d.date)
		return -1, d.date, 0
	}
	s.entryLevel = level
	entry = len(s.note.Entries)
	cut = s.entry(d, line, true)
	s.note.Entries[entry].Heading = true
	return entry, day, cut
}

// openDays are the days whose headings what comes next stands below, the innermost
// last (FORMAT.md, "Daily notes").
type openDays []openDay

type openDay struct {
	date  civil.Date
	level int // of the heading
}

// heading ends the days of headings of the same or a lower level, and begins the one
// that the heading names, if it does.
func (o *openDays) heading(level int, day civil.Date) {
	n := len(*o)
	for n > 0 && (*o)[n-1].level >= level {
		n--
	}
	if *o = (*o)[:n]; !day.IsZero() {
		*o = append(*o, openDay{day, level})
	}
}

// day returns the innermost day; the zero date if there is none.
func (o openDays) day() civil.Date {
	if len(o) == 0 {
		return civil.Date{}
	}
	return o[len(o)-1].date
}

// trim makes the text of a block begin at an offset of its first line. A line of
// which nothing is left is dropped, since goldmark has no empty lines in a block.
func trim(node ast.Node, source []byte, start int) {
	old := node.Lines()
	kept := text.NewSegments()
	if first := old.At(0); start < first.Stop && !util.IsBlank(source[start:first.Stop]) {
		kept.Append(text.NewSegment(start, first.Stop))
	}
	for i := 1; i < old.Len(); i++ {
		kept.Append(old.At(i))
	}
	node.SetLines(kept)
}

// An itemTransformer looks at the first paragraph of each list item, before its
// inline text is parsed: is it an entry, or a task?
type itemTransformer struct{}

func (itemTransformer) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	s, source := pc.Get(scanKey).(*scan), reader.Source()
	if p.PreviousSibling() != nil || p.Lines().Len() == 0 || s.note.Kind == Circle {
		return
	}
	item, ok := p.Parent().(*ast.ListItem)
	if !ok {
		if p.Parent().Kind() == ast.KindDocument {
			s.looseLines(p.Lines(), 0)
		}
		s.quotedArrow(p, source)
		return
	}
	if isTop(item) {
		s.looseLines(p.Lines(), 1)
	}
	line := p.Lines().At(0)
	entry, task, cut := s.itemText(line.TrimLeftSpace(source), isTop(item))
	if entry >= 0 {
		s.entries[item] = entry
	}
	if task >= 0 {
		s.tasks[item] = task
	}
	if entry >= 0 || task >= 0 {
		trim(p, source, cut)
	}
}

// itemText reads the first line of a list item, which may be of the top level. It returns
// the index of the task or the entry that it is, else -1, and where its text begins then.
func (s *scan) itemText(line text.Segment, top bool) (entry, task, cut int) {
	if task, cut := s.task(line); task >= 0 {
		return -1, task, cut
	}
	if fixed := nearBox(s.line(line)); fixed != "" {
		s.problem(line.Start, Warning, "near-box", "this looks like a task, but only [ ], [?] and [x] with a space behind them make one", "write "+clip(fixed))
	} else if otherBox(s.line(line)) {
		s.problem(line.Start, Warning, "near-box", "this looks like a task, but only [ ], [?] and [x] with a space behind them make one", "write [ ] as long as it is open, and [x] once it is done or given up")
	}
	if top && s.entryLevel > 0 {
		s.lateEntry(line)
	}
	if !top || s.entryLevel > 0 {
		return -1, -1, 0
	}
	d, found := s.dateline(line, true)
	if !found {
		d, found = s.daily(line)
	}
	if !found {
		return -1, -1, 0
	}
	entry = len(s.note.Entries)
	return entry, -1, s.entry(d, line, false)
}

// isTop says whether a list item is of the top level.
func isTop(item ast.Node) bool {
	top := item.Parent().Parent()
	return top != nil && top.Kind() == ast.KindDocument
}

// lateEntry reports an item in the body of a dated heading that would be an entry, and is
// later than the heading.
func (s *scan) lateEntry(seg text.Segment) {
	if s.known != nil {
		return
	}
	d, found, err := readDate(s.line(seg))
	if last := s.note.Entries[len(s.note.Entries)-1].Date; found && err == nil && d.date.After(last) {
		s.problem(seg.Start, Warning, "late-entry", fmt.Sprintf("this stands in the entry of %s, so it is text of that and no entry of its own", last),
			"put a heading of the same level (## Log) above it, or move it out of what belongs to the heading")
	}
}

// quotedArrow reads an item of a daily note that begins with the arrow >, which
// Markdown takes for a quote.
func (s *scan) quotedArrow(p *ast.Paragraph, source []byte) {
	quote, ok := p.Parent().(*ast.Blockquote)
	if !ok || quote.PreviousSibling() != nil {
		return
	}
	item, ok := quote.Parent().(*ast.ListItem)
	if !ok || !isTop(item) || s.entryLevel > 0 {
		return
	}
	seg := p.Lines().At(0)
	arrow := bytes.LastIndexByte(source[:seg.Start], '>')
	if arrow < 0 {
		return
	}
	seg = text.NewSegment(arrow, seg.Stop)
	if d, found := s.daily(seg); found {
		s.entries[item] = len(s.note.Entries)
		trim(p, source, s.entry(d, seg, false))
	}
}

// daily says whether a list item without a date of its own is an entry of the
// day that its file or heading names: its header has a participant or the kind
// news (FORMAT.md, "Daily notes").
func (s *scan) daily(seg text.Segment) (dateline, bool) {
	d := dateline{date: cmp.Or(s.open.day(), s.fileDay), time: NoTime, daily: true}
	if s.note.Kind != Journal || d.date.IsZero() && s.known != nil {
		return d, false
	}
	line := s.line(seg)
	if at := signs(line, 0); at < len(line) {
		if t, n := readTime(line[at:]); n > 0 {
			d.time, d.end = t, skip(line, at+n)
			d.end = separated(line, d.end)
		}
	}
	h := &s.header
	s.words.readHeader(h, line[d.end:])
	found := h.found && (len(h.links) > 0 || h.kind == "news")
	if s.undated = s.undated || found && d.date.IsZero(); d.date.IsZero() {
		return d, false
	}
	return d, found
}

// line returns the text of a line without its end.
func (s *scan) line(seg text.Segment) string {
	return strings.TrimRight(s.body()[seg.Start:seg.Stop], " \t\r\n")
}

// entry adds the entry whose line is seg to the note, and returns the offset
// where its text begins.
func (s *scan) entry(d dateline, seg text.Segment, heading bool) int {
	line := s.line(seg)
	d.end = min(d.end, len(line)) // nothing may follow the date but spaces
	rest := line[d.end:]
	start := seg.Start + d.end
	if s.known != nil {
		if end, ok := s.seen(line, d.end); ok {
			return seg.Start + end
		}
	}
	h := &s.header
	if d.span { // a note, of which all is text
		*h = header{marks: h.marks[:0], links: h.links[:0], tags: h.tags[:0], unknown: h.unknown[:0], words: h.words[:0]}
		h.end = leadingSpace(rest)
		h.shown = h.end
	} else {
		s.words.readHeader(h, rest)
		n := openEmphasis(line[:d.end+h.end], rest[h.end:])
		h.end, h.shown = h.end+n, h.shown+n
	}
	if !h.found && s.ownHeading && !heading {
		h.direction = NoContact
	}
	e := Entry{
		Date: d.date, Time: d.time, kind: h.kind, Direction: h.direction, text: s.part(start+h.end, start+len(rest)),
		Line: s.pos(seg.Start).Line, Daily: d.daily, inText: h.inText, shown: uint16(min(h.end-h.shown, math.MaxUint16)), Header: h.found,
	}
	for _, m := range h.marks {
		switch {
		case h.direction == Inbound && (m.mark == Asked || m.mark == Offered || m.mark == Thanked):
			s.problem(start+m.at, Warning, "idle-mark", fmt.Sprintf("%s says what you did, so it counts for nothing on what they wrote to you", m.mark),
				"leave it out; got (they helped you) and gave (you helped them) count here too")
		case !e.Has(m.mark):
			e.Marks.add(m.mark)
		}
	}
	if len(h.links) > 0 {
		e.Links = Indices{int32(len(s.note.Links)), int32(len(h.links))}
	}
	for _, l := range h.links {
		link := s.note.newLink(rest[l.start:l.end])
		link.Pos, link.Where, link.Entry = s.pos(start+l.start), InHeader, len(s.note.Entries)
		if h.inText {
			s.shared = append(s.shared, sharedLink{start + l.start, len(s.note.Links)})
		}
		s.note.Links = append(s.note.Links, link)
	}
	for _, t := range h.tags {
		s.tag(len(s.note.Entries), rest[t.start:t.end])
	}
	for _, u := range h.unknown[:min(len(h.unknown), 20)] {
		s.unknownWord(rest, u, start)
	}
	if !h.found {
		s.nearHeader(rest, h.words, start)
	}
	s.note.Entries = append(s.note.Entries, e)
	return start + h.shown
}

// A sharedLink is a link of an entry's text that took part: where in the body it stands,
// and its index in Note.Links.
type sharedLink struct{ at, index int }

// seen adds an entry that was read before, and returns the offset in its line
// where its text begins.
func (s *scan) seen(line string, from int) (end int, ok bool) {
	n := s.from + len(s.note.Entries)
	if n >= len(s.known.Entries) {
		return 0, false
	}
	e := &s.known.Entries[n]
	text := s.known.EntryText(e)
	if e.inText || e.shown > 0 {
		return 0, false
	}
	if end = len(line) - len(text); end < from || line[end:] != text {
		return 0, false
	}
	for i := range e.Links.All() {
		s.note.Links = append(s.note.Links, s.known.Links[i])
	}
	s.note.Entries = append(s.note.Entries, *e)
	return end, true
}

// text returns a part of the body, by its offsets, as a part of the source.
func (s *scan) text(start, end int) string {
	return strings.TrimSpace(s.note.Source[s.note.body+start : s.note.body+max(start, end)])
}

// part is text as a part of the source.
func (s *scan) part(start, end int) part {
	from, to := s.note.body+start, s.note.body+max(start, end)
	text := strings.TrimLeftFunc(s.note.Source[from:to], unicode.IsSpace)
	if text == "" {
		return part{}
	}
	from = to - len(text)
	return part{int32(from), int32(from + len(strings.TrimSpace(text)))}
}

// An entryTag is a tag of the entry with the given index.
type entryTag struct {
	entry int
	slug  string
}

// tag adds a tag to the entry with the given index.
func (s *scan) tag(entry int, name string) {
	if slug := TagSlug(name); slug != "" {
		s.tags = append(s.tags, entryTag{entry, slug})
	}
}

// giveTags gives the entries their tags, each once.
func (s *scan) giveTags() {
	if len(s.tags) == 0 {
		return
	}
	slices.SortStableFunc(s.tags, func(a, b entryTag) int { return a.entry - b.entry })
	const few = 50
	given := make([]string, 0, len(s.tags))
	seen := map[entryTag]bool{} // if there are so many that a list of them would take long to look through
	for _, t := range s.tags {
		tags := &s.note.Entries[t.entry].tags
		if tags.Count == 0 {
			tags.First = int32(len(given))
		}
		if len(s.tags) > few {
			if seen[t] {
				continue
			}
			seen[t] = true
		} else if slices.Contains(given[tags.First:], t.slug) {
			continue
		}
		tags.Count++
		given = append(given, t.slug)
	}
	s.note.entryTags = given
}

// unknownWord reports the word behind an arrow that no header has.
func (s *scan) unknownWord(line string, u span, start int) {
	w := line[u.start:u.end]
	hint := "put a colon before words of your own"
	if colon, _ := headerColon(line); strings.TrimSpace(line[u.end:max(u.end, colon)]) == "" && CheckKind("talk", w) == nil && !ownWord(w) {
		hint = "if it is a kind of contact, add it to kith.toml: [kinds] write = [\"" + strings.ToLower(w) + "\"]"
	}
	message := fmt.Sprintf("%s is not a word of a header, so the text begins with it: known are arrows, kinds, marks, [[links]] and #tags", w)
	if meant := s.words.nearest(w); meant != "" {
		message = fmt.Sprintf("%s is not a word of a header: did you mean %s?", w, meant)
		hint = "write " + clip(line[:u.start]) + meant + clip(line[u.end:])
	}
	s.problem(start+u.start, Warning, "unknown-word", message, clip(hint))
}

// nearHeader reports a line that has no header but was probably meant to have one: a mark
// that stands alone, a slip of the pen, a kind that kith does not know.
func (s *scan) nearHeader(line string, words []wordAt, start int) {
	if len(words) == 0 {
		return
	}
	first := words[0]
	at := start + first.start
	text := line[first.start:first.end]
	colon, _ := headerColon(line)
	if use := markUse(first); use != "" {
		severity := Advice
		if colon >= 0 {
			severity = Warning
		}
		s.problem(at, severity, "loose-mark", fmt.Sprintf("%s at the start of a text is read as text, not as a mark", text), use)
		return
	}
	s.looseVerb(line, words, start)
	if colon < 0 {
		if len(text) > 4 && first.class == unknownWord && s.headerFollows(line[first.end:]) {
			if meant := s.words.nearest(text); meant != "" {
				s.nearKind(at, line, first, meant)
			}
		}
		return
	}
	var unknown []wordAt // words that are nothing a header has
	known := 0           // kinds, marks and links
	for _, w := range words {
		switch {
		case w.class.kind() || w.class == markWord || w.class == linkWord:
			known++
		case w.class == unknownWord:
			unknown = append(unknown, w)
		}
	}
	if len(unknown) != 1 {
		return
	}
	w := unknown[0]
	text = line[w.start:w.end]
	switch meant := s.words.nearest(text); {
	case ownWord(w.said):
	case meant != "" && len(words) <= 4:
		s.nearKind(start+w.start, line, w, meant)
	case known > 0 && len(words) <= 3 && w.start == first.start && CheckKind("talk", text) == nil:
		s.problem(start+w.start, Warning, "unknown-kind", fmt.Sprintf("%s is not a kind of contact that kith knows, so the line is read as text", text),
			fmt.Sprintf("add it to kith.toml, under [kinds]: talk = [%q] if you both speak, write = [%[1]q] if one of you writes", strings.ToLower(text)))
	}
}

// nearKind reports a slip of the pen in a word.
func (s *scan) nearKind(at int, line string, w wordAt, meant string) {
	s.problem(at, Warning, "unknown-word", fmt.Sprintf("%s is not a kind of contact: did you mean %s?", line[w.start:w.end], meant),
		clip("write "+line[:w.start]+meant+line[w.end:]))
}

// markUse says what to write in place of a word that is a mark, or that people use for
// one; it is empty for any other word.
func markUse(w wordAt) string {
	switch {
	case w.class == markWord && w.mark != Closed:
		return fmt.Sprintf("a mark stands before a colon, and says what you did or got: %s: …", w.text)
	case strings.Contains(helpVerbs, " "+w.said+" "):
		return "write got: if they helped you, or gave: if you helped them"
	case w.said == "requested" || w.said == "begged":
		return "write asked: if you asked them for help"
	}
	return ""
}

// helpVerbs are words that people use for the marks got and gave.
const helpVerbs = " helped assisted supported lent loaned borrowed introduced intro'd recommended referred taught covered "

// verbKinds are words that people use for a kind, and that are in no phrase: FORMAT.md has
// the table of those that are.
var verbKinds = map[string]string{
	"zoomed": "zoom", "skyped": "skype", "facetimed": "facetime", "videoed": "video", "slacked": "slack",
	"whatsapped": "whatsapp", "dm'd": "dm", "dmed": "dm", "dmd": "dm", "sms'd": "sms", "smsed": "sms", "msg'd": "message", "messaged": "message",
	"mailed": "email", "e-mailed": "email", "forwarded": "email", "fwd'd": "email", "fw": "email", "fwd": "email", "voicemailed": "voicemail",
	"rung": "call", "dialled": "call", "dialed": "call", "lunched": "lunch", "dined": "dinner", "bumped": "meet", "hosted": "visit", "commented": "comment",
}

// looseVerb advises on a text that begins with such a word, or has it behind who did it.
func (s *scan) looseVerb(line string, words []wordAt, start int) {
	w := words[0]
	subject := w.class == nameWord || slices.Contains([]string{"i", "we", "she", "he", "they"}, w.said)
	if subject && len(words) > 1 {
		w = words[1]
	}
	said := strings.ReplaceAll(w.said, "’", "'")
	if kind := verbKinds[said]; kind != "" {
		s.problem(start+w.start, Advice, "loose-kind", fmt.Sprintf("%s is read as text, not as a kind of contact", line[w.start:w.end]),
			fmt.Sprintf("write %s at the beginning if that is what it was, with > before it if you wrote and < if they did", kind))
	} else if subject && strings.Contains(helpVerbs, " "+said+" ") {
		s.problem(start+w.start, Advice, "loose-mark", fmt.Sprintf("%s is read as text, not as a mark", line[w.start:w.end]), markUse(w))
	}
}

// headerFollows says whether a text begins with a word that hardly begins one
// but in a header.
func (s *scan) headerFollows(line string) bool {
	at := leadingSpace(line)
	if at == len(line) {
		return false
	}
	next := s.words.wordAt(line, at)
	return next.text == "with" || next.class == linkWord || next.class == markWord
}

// task reads the task that a list item's first line is. It returns its index, or
// -1, and the offset where its text begins.
func (s *scan) task(seg text.Segment) (task, cut int) {
	line := s.line(seg)
	if len(line) < 3 || line[0] != '[' || line[2] != ']' || len(line) > 3 && line[3] != ' ' && line[3] != '\t' {
		return -1, 0
	}
	t := Task{Line: s.pos(seg.Start).Line, Entry: -1}
	switch line[1] {
	case ' ':
	case '?':
		t.Ask = true
	case 'x', 'X':
		t.Done = true
	default:
		return -1, 0
	}
	from := 3 + leadingSpace(line[3:])
	rest := line[from:]
	t.Text = s.text(seg.Start+from, seg.Start+len(line))
	due, found := readDue(rest)
	switch {
	case !found && s.known != nil: // what is near one was told of when the note was read
	case !found:
		if t.Done {
			break
		}
		if near := readNearDue(rest, t.Ask); near.message != "" {
			s.problem(seg.Start+from+near.at, near.severity, "near-due", near.message, near.hint)
		}
	case due.err != nil:
		s.problem(seg.Start+from+due.at, Warning, "bad-date", fmt.Sprintf("no such day, so it is no due date: %v", due.err), "which day it is, is not known from this: write it as YYYY-MM-DD")
	default:
		t.Due = due.day
		t.Text = s.text(seg.Start+from, seg.Start+from+due.start)
		if after := rest[due.end:]; t.Text == "" {
			t.Text = s.text(seg.Start+from+due.end, seg.Start+len(line))
		} else if after != "" {
			t.Text += " " + after
		}
	}
	s.note.Tasks = append(s.note.Tasks, t)
	return len(s.note.Tasks) - 1, seg.Start + from
}

// A wikiLink is a [[link]] in running text.
type wikiLink struct {
	ast.BaseInline
	link  Link
	at    int // where in the body it stands
	index int // in Note.Links, once the tree was visited
}

var (
	kindWikiLink = ast.NewNodeKind("WikiLink")
	kindHashtag  = ast.NewNodeKind("Hashtag")
)

func (*wikiLink) Kind() ast.NodeKind            { return kindWikiLink }
func (n *wikiLink) Dump(source []byte, lvl int) { ast.DumpHelper(n, source, lvl, nil, nil) }

type wikiLinkParser struct{}

func (wikiLinkParser) Trigger() []byte { return []byte{'['} }

func (wikiLinkParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, seg := block.PeekLine()
	link, size := pc.Get(scanKey).(*scan).wikiLink(util.BytesToReadOnlyString(line), seg.Start)
	if size == 0 {
		return nil
	}
	block.Advance(size)
	return &wikiLink{link: link, at: seg.Start}
}

// wikiLink returns the wiki link that a line, which begins at an offset of the
// body, begins with, and its size in bytes; 0 if there is none.
func (s *scan) wikiLink(line string, offset int) (link Link, size int) {
	if len(line) < 5 || line[1] != '[' {
		return link, 0
	}
	if size = linkLen(line); size > 0 {
		link = NewLink(s.text(offset, offset+size))
		link.Pos, link.Entry = s.pos(offset), -1
	}
	return link, size
}

// A hashtag is a #tag in running text.
type hashtag struct {
	ast.BaseInline
	hash
}

type hash struct {
	name string // as written, without #
	line int32
}

func (*hashtag) Kind() ast.NodeKind            { return kindHashtag }
func (n *hashtag) Dump(source []byte, lvl int) { ast.DumpHelper(n, source, lvl, nil, nil) }

type hashtagParser struct{}

func (hashtagParser) Trigger() []byte { return []byte{'#'} }

func (hashtagParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, seg := block.PeekLine()
	tag, size := pc.Get(scanKey).(*scan).hashtag(util.BytesToReadOnlyString(line), seg.Start, block.PrecendingCharacter())
	if size == 0 {
		return nil
	}
	block.Advance(size)
	return &hashtag{hash: tag}
}

// hashtag returns the hashtag that a line begins with, as wikiLink does a link.
// before is the character that the line follows.
func (s *scan) hashtag(line string, offset int, before rune) (tag hash, size int) {
	if !opensTag(before) {
		return tag, 0
	}
	size = tagLen(line[1:min(len(line), maxTag)])
	if size == 0 || size == maxTag-1 {
		return tag, 0
	}
	return hash{line[1 : 1+size], s.pos(offset).Line}, 1 + size
}

// visitBlocks goes once over the parsed body, to tell which entry or task each
// link and hashtag stands in.
func (s *scan) visitBlocks(doc *ast.Document) {
	v := visitor{scan: s, entry: -1, task: -1}
	for b := doc.FirstChild(); b != nil; b = b.NextSibling() {
		if h, ok := b.(*ast.Heading); ok {
			i, isEntry := s.entries[h]
			_, isDay := s.days[h]
			switch {
			case isEntry:
				v.entry, v.level = i, h.Level
			case isDay || h.Level <= v.level:
				v.entry, v.level = -1, 0
			}
		}
		v.visit(b)
	}
}

type visitor struct {
	*scan
	entry, task int // indices, or -1
	level       int // of the heading whose entry it is
}

func (v visitor) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.ListItem:
		if i, ok := v.entries[n]; ok {
			v.entry = i
		}
		if i, ok := v.tasks[n]; ok {
			v.task = i
			v.note.Tasks[i].Entry = v.entry
		}
	case *wikiLink:
		n.index = v.link(n.link, n.at)
	case *ast.Link:
		source := util.StringToReadOnlyBytes(v.body())
		if link, ok := v.note.fileLink(plainText(n, source), string(n.Destination)); ok {
			link.Pos = v.pos(n.Pos())
			n.SetAttribute(linkIndex, v.link(link, n.Pos()))
		}
	case *hashtag:
		v.hash(n.hash)
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		v.visit(c)
	}
}

// link adds a link of running text, at an offset of the body, to the note, and returns its index; -1 if it is
// none of the note's.
func (v visitor) link(l Link, at int) int {
	for _, shared := range v.shared {
		if shared.at == at {
			return shared.index
		}
	}
	if v.lineOnly {
		return slices.IndexFunc(v.known.Links, func(k Link) bool { return k.Target == l.Target && k.Label == l.Label && k.Where != InVia })
	}
	index := len(v.note.Links)
	l.Entry = v.entry
	v.note.Links = append(v.note.Links, l)
	if v.known == nil && v.task >= 0 && v.note.Tasks[v.task].Line == l.Pos.Line {
		t := &v.note.Tasks[v.task]
		t.Links = append(t.Links, index)
	}
	return index
}

// hash adds a hashtag of running text to the note.
func (v visitor) hash(h hash) {
	if v.entry >= 0 {
		v.tag(v.entry, h.name)
	} else if slug := TagSlug(h.name); slug != "" {
		v.note.Tags = append(v.note.Tags, Tag{slug, h.line})
	}
}
