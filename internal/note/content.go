package note

import (
	"bytes"
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"kith/internal/civil"
)

// Content is what a note looks like: the HTML of its parts. Raw HTML in a note
// is text, and dangerous addresses are emptied.
type Content struct {
	// Prose is what is neither entry nor task: one section. In a journal file it is
	// one for each day with a heading of its own, and the tasks, which may be
	// nobody's, stand in it, too.
	Prose   []Section
	Entries []EntryContent // one for each of Note.Entries
	Tasks   []Fragment     // one for each of Note.Tasks
	Via     []Fragment     // one for each of Front.Via
}

// Section is a part of a note's prose.
type Section struct {
	Day  civil.Date // the day whose heading it stands below, if there is one
	HTML Fragment
}

// EntryContent is the HTML of an entry: of its line, without date and header,
// as inline HTML, and of the blocks that follow.
type EntryContent struct{ Line, Rest Fragment }

// Fragment is HTML with holes where a link goes, since where it leads is known
// only to the whole journal. A hole stands between two bytes that no UTF-8 text
// has: its [HoleKind], then what it is about.
type Fragment string

// HoleKind says what goes into a hole.
type HoleKind byte

// The kinds of holes: a wiki link (its argument is an index of Note.Links), a
// hashtag (the tag as written), and the address of a relative link or of a picture,
// inside an attribute (the address as written).
const (
	LinkHole    HoleKind = 'L'
	TagHole     HoleKind = 'T'
	PathHole    HoleKind = 'P'
	PictureHole HoleKind = 'I'
)

const holeByte = "\xff"

// Fill appends the fragment's HTML to b, with what hole appends for each hole.
func (f Fragment) Fill(b []byte, hole func(b []byte, kind HoleKind, arg string) []byte) []byte {
	text := string(f)
	for {
		before, rest, found := strings.Cut(text, holeByte)
		b = append(b, before...)
		if !found {
			return b
		}
		var arg string
		arg, text, _ = strings.Cut(rest, holeByte)
		b = hole(b, HoleKind(arg[0]), arg[1:])
	}
}

func hole(kind HoleKind, arg string) string { return string(appendHole(nil, kind, arg)) }

func appendHole(html []byte, kind HoleKind, arg string) []byte {
	html = append(html, holeByte[0], byte(kind))
	html = append(html, arg...)
	return append(html, holeByte[0])
}

// Content renders a note that this parser, or one of the same kinds, has read.
func (p *Parser) Content(n *Note) (kept *Content) {
	p.Show(n, func(c *Content) { kept = c.clone() })
	return kept
}

// clone returns the content with its HTML in texts of its own.
func (c *Content) clone() *Content {
	kept := &Content{
		Prose: slices.Clone(c.Prose), Entries: slices.Clone(c.Entries), Tasks: slices.Clone(c.Tasks), Via: slices.Clone(c.Via),
	}
	for _, f := range kept.Fragments() {
		*f = Fragment(strings.Clone(string(*f)))
	}
	return kept
}

// Fragments returns those of the body.
func (c *Content) Fragments() []*Fragment {
	list := make([]*Fragment, 0, len(c.Prose)+2*len(c.Entries)+len(c.Tasks))
	for i := range c.Prose {
		list = append(list, &c.Prose[i].HTML)
	}
	for i := range c.Entries {
		list = append(list, &c.Entries[i].Line, &c.Entries[i].Rest)
	}
	for i := range c.Tasks {
		list = append(list, &c.Tasks[i])
	}
	return list
}

// Show renders a note as Content does, for as long as show takes: the memory that it
// is rendered in is used for the next one.
func (p *Parser) Show(n *Note, show func(*Content)) {
	r := p.enter()
	show(p.content(n, r, n.Kind == Journal))
	p.leave(r)
}

// Parts renders a note as Content does, but has the tasks of a journal file beside its
// prose alone, as those of other notes.
func (p *Parser) Parts(n *Note) *Content {
	r := p.enter()
	defer p.leave(r)
	return p.content(n, r, false).clone()
}

// content renders a note. With tasksStay, those of the top level stand in the prose,
// too.
func (p *Parser) content(n *Note, r *room, tasksStay bool) *Content {
	// Read the body once more, into a note that is thrown away: what this takes
	// is large, and the looks of most notes are wanted once, if at all.
	c := r.contentOf(n)
	s := p.scanAgain(n, r)
	if body, ok := p.parsePlain(s); ok {
		body.content(p.newContent(s, tasksStay), c)
	} else {
		s = p.scanAgain(n, r)
		doc := p.parse(s)
		p.newContent(s, tasksStay).take(doc, c)
	}
	r.read = s.note.Entries
	for _, text := range n.Front.Via {
		c.Via = append(c.Via, viaFragment(text, n.Links))
	}
	return c
}

// contentOf returns a content for the parts of a note, which are empty so far.
func (r *room) contentOf(n *Note) *Content {
	c := &r.content
	c.Entries = slices.Grow(c.Entries[:0], len(n.Entries))[:len(n.Entries)]
	c.Tasks = slices.Grow(c.Tasks[:0], len(n.Tasks))[:len(n.Tasks)]
	return c
}

// scanAgain returns a scan of a note that was read, into another one.
func (p *Parser) scanAgain(n *Note, r *room) *scan {
	via := 0
	for via < len(n.Links) && n.Links[via].Where == InVia {
		via++
	}
	r.again = Note{Path: n.Path, Kind: n.Kind, Source: n.Source, body: n.body, lines: n.lines, Links: append(r.links[:0], n.Links[:via]...)}
	s := p.newScan(&r.again, r)
	s.known = n
	return s
}

func (p *Parser) newContent(s *scan, tasksStay bool) *contentRenderer {
	return &contentRenderer{renderer: p.html, scan: s, source: util.StringToReadOnlyBytes(s.body()), tasksStay: tasksStay}
}

// viaFragment turns a text of the front matter with [[links]] into HTML.
func viaFragment(text string, links []Link) Fragment {
	var b strings.Builder
	last := 0
	for at, end := range FindLinks(text) {
		b.Write(util.EscapeHTML([]byte(text[last:at])))
		link := NewLink(text[at:end])
		i := slices.IndexFunc(links, func(l Link) bool { return l.Target == link.Target && l.Label == link.Label })
		b.WriteString(hole(LinkHole, strconv.Itoa(i)))
		last = end
	}
	b.Write(util.EscapeHTML([]byte(text[last:])))
	return Fragment(b.String())
}

type contentRenderer struct {
	*scan
	renderer  renderer.Renderer
	source    []byte
	tasksStay bool // see content
}

// take takes a parsed body apart into the parts of a Content.
func (r *contentRenderer) take(doc ast.Node, c *Content) {
	r.nestedTasks(doc, c)
	var section, above []ast.Node
	var days openDays
	var day civil.Date
	emptied := map[ast.Node]bool{} // headings above what was taken out
	flush := func() {
		if f := r.fragment(dropEmptyHeadings(section, emptied, headingLevel)...); f != "" {
			c.Prose = append(c.Prose, Section{day, f})
		}
		section = nil
	}
	for b := doc.FirstChild(); b != nil; {
		next := b.NextSibling()
		switch n := b.(type) {
		case *ast.Heading:
			if days.heading(n.Level, r.days[n]); days.day() != day {
				flush()
				day = days.day()
			}
			if i, ok := r.entries[n]; ok {
				var rest []ast.Node
				for next != nil && !r.ends(next, n.Level) {
					rest = append(rest, next)
					next = next.NextSibling()
				}
				c.Entries[i] = EntryContent{r.inline(n), r.fragment(rest...)}
				for _, h := range above {
					emptied[h] = emptied[h] || h.(*ast.Heading).Level < n.Level
				}
				break
			}
			if _, ok := r.days[n]; ok {
				break
			}
			above = slices.DeleteFunc(above, func(h ast.Node) bool { return h.(*ast.Heading).Level >= n.Level })
			above = append(above, n)
			section = append(section, n)
		case *ast.List:
			before := n.ChildCount()
			r.takeItems(n, c)
			if n.ChildCount() < before {
				for _, h := range above {
					emptied[h] = true
				}
			}
			if n.HasChildren() {
				section = append(section, n)
			}
		default:
			section = append(section, n)
		}
		b = next
	}
	flush()
}

// ends says whether a block ends the entry of a heading of the given level.
func (r *contentRenderer) ends(b ast.Node, level int) bool {
	h, ok := b.(*ast.Heading)
	if !ok {
		return false
	}
	_, isEntry := r.entries[h]
	_, isDay := r.days[h]
	return isEntry || isDay || h.Level <= level
}

// takeItems takes the entries and tasks out of a list of the top level.
func (r *contentRenderer) takeItems(l *ast.List, c *Content) {
	for item := l.FirstChild(); item != nil; {
		next := item.NextSibling()
		if i, ok := r.entries[item]; ok {
			c.Entries[i] = r.item(item)
			l.RemoveChild(l, item)
		} else if i, ok := r.tasks[item]; ok {
			parts := r.item(item)
			c.Tasks[i] = parts.Line + parts.Rest
			if !r.tasksStay {
				l.RemoveChild(l, item)
			}
		}
		item = next
	}
}

// item renders a list item: its first paragraph as inline HTML, and the rest.
func (r *contentRenderer) item(item ast.Node) EntryContent {
	first := item.FirstChild()
	if first == nil {
		return EntryContent{}
	}
	var e EntryContent
	var rest []ast.Node
	if _, ok := r.entries[item]; ok && first.Kind() == ast.KindBlockquote { // an arrow, taken for a quote
		for c := first.FirstChild(); c != nil; {
			next := c.NextSibling()
			item.InsertBefore(item, first, c)
			c = next
		}
		item.RemoveChild(item, first)
		if first = item.FirstChild(); first == nil { // its line was all header
			return e
		}
	}
	if k := first.Kind(); k == ast.KindParagraph || k == ast.KindTextBlock {
		e.Line = r.inline(first)
		first = first.NextSibling()
	}
	for ; first != nil; first = first.NextSibling() {
		rest = append(rest, first)
	}
	e.Rest = r.fragment(rest...)
	return e
}

// nestedTasks renders the tasks that stay where they are, inside of entries and
// deeper lists, and marks them there.
func (r *contentRenderer) nestedTasks(doc ast.Node, c *Content) {
	for item, i := range r.tasks {
		item.SetAttributeString("class", []byte("task "+r.note.Tasks[i].class()))
	}
	for item, i := range r.tasks { // which may have others in them
		first := item.FirstChild()
		if first == nil || item.Parent().Parent() == doc && r.note.Tasks[i].Entry < 0 {
			continue
		}
		if k := first.Kind(); k == ast.KindParagraph || k == ast.KindTextBlock {
			c.Tasks[i] = r.inline(first)
		} else { // its line is all there is of it
			c.Tasks[i] = r.fragment(first)
		}
	}
}

// class is the class of a task's item.
func (t *Task) class() string {
	switch {
	case t.Done:
		return "done"
	case t.Ask:
		return "ask"
	}
	return "promise"
}

// dropEmptyHeadings removes the headings, such as "Log", that have nothing below
// them now that entries and tasks are taken out. What is asked for a level gives that of
// a heading, and 0 of any other block.
func dropEmptyHeadings[B comparable](blocks []B, emptied map[B]bool, level func(B) int) []B {
	var kept []B // the last block first
	for _, b := range slices.Backward(blocks) {
		if emptied[b] {
			if len(kept) == 0 {
				continue
			}
			if next := level(kept[len(kept)-1]); next > 0 && next <= level(b) {
				continue
			}
		}
		kept = append(kept, b)
	}
	slices.Reverse(kept)
	return kept
}

// headingLevel returns the level of a heading, 0 of any other block.
func headingLevel(b ast.Node) int {
	if h, ok := b.(*ast.Heading); ok {
		return h.Level
	}
	return 0
}

// inline renders what is inside a block.
func (r *contentRenderer) inline(block ast.Node) Fragment { return r.fragment(children(block)...) }

func children(n ast.Node) []ast.Node {
	var nodes []ast.Node
	for n := n.FirstChild(); n != nil; n = n.NextSibling() {
		nodes = append(nodes, n)
	}
	return nodes
}

func (r *contentRenderer) fragment(nodes ...ast.Node) Fragment {
	return Fragment(bytes.TrimSpace(r.render(nodes...)))
}

func (r *contentRenderer) render(nodes ...ast.Node) []byte {
	var b buffer
	for _, n := range nodes {
		// A buffer does not fail, and neither do the renderers.
		_ = r.renderer.Render(&b, r.source, n)
	}
	return b.Bytes()
}

// A buffer is what goldmark's renderers write to. It is one of their own kind
// of writers, since they would put a large one in front of any other.
type buffer struct{ bytes.Buffer }

func (*buffer) Buffered() int { return 0 }
func (*buffer) Flush() error  { return nil }

func newRenderer() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(nodeRenderer{}, 100),
		util.Prioritized(extension.NewTableHTMLRenderer(), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(html.NewRenderer(), 1000),
	))
}

// A nodeRenderer renders the nodes that look other than goldmark has them.
type nodeRenderer struct{}

func (r nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindWikiLink, renderWikiLink)
	reg.Register(kindHashtag, renderHashtag)
	reg.Register(ast.KindHeading, renderHeading)
	reg.Register(ast.KindLink, renderLink)
	reg.Register(ast.KindAutoLink, renderAutoLink)
	reg.Register(ast.KindImage, renderImage)
	tableRenderer{}.RegisterFuncs(reg)
	reg.Register(ast.KindRawHTML, renderRawHTML)
	reg.Register(ast.KindHTMLBlock, renderHTMLBlock)
}

// A tableRenderer renders tables that can be scrolled without a mouse: a wide one
// scrolls inside of the page.
type tableRenderer struct{}

func (tableRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(east.KindTable, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<table tabindex=\"0\">\n")
		} else {
			_, _ = w.WriteString("</table>\n")
		}
		return ast.WalkContinue, nil
	})
}

// renderRawHTML shows a tag as it is written, since a note is no program; but a <br>
// breaks the line.
func renderRawHTML(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeHTML(w, node.(*ast.RawHTML).Segments.Value(source))
	}
	return ast.WalkSkipChildren, nil
}

// renderHTMLBlock shows a block of HTML as it is written.
func renderHTMLBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		n := node.(*ast.HTMLBlock)
		text := n.Lines().Value(source)
		if n.HasClosure() {
			text = append(text, n.ClosureLine.Value(source)...)
		}
		_, _ = w.WriteString("<p>")
		writeHTML(w, bytes.TrimSpace(text))
		_, _ = w.WriteString("</p>\n")
	}
	return ast.WalkSkipChildren, nil
}

// lineBreak matches what breaks a line in HTML, and comments.
var lineBreak = regexp.MustCompile(`(?i)<br\s*/?>|<!--(?s:>|->|.*?-->)`)

func writeHTML(w util.BufWriter, text []byte) {
	last := 0
	for _, at := range lineBreak.FindAllIndex(text, -1) {
		_, _ = w.Write(util.EscapeHTML(text[last:at[0]]))
		if last = at[1]; text[at[0]+1] != '!' {
			_, _ = w.WriteString("<br>")
		}
	}
	_, _ = w.Write(util.EscapeHTML(text[last:]))
}

func renderWikiLink(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	link, index := n.(*wikiLink).link, n.(*wikiLink).index
	if insideLink(n) { // where HTML allows no other one
		index = -1
	}
	_, _ = w.Write(appendLink(nil, link, index))
	return ast.WalkContinue, nil
}

func renderHashtag(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	if tag := n.(*hashtag); insideLink(n) {
		_, _ = w.WriteString("#" + tag.name)
	} else {
		_, _ = w.WriteString(hole(TagHole, tag.name))
	}
	return ast.WalkContinue, nil
}

// insideLink says whether a node is part of the text of a link of Markdown,
// where HTML allows no other link.
func insideLink(n ast.Node) bool {
	for n = n.Parent(); n != nil && n.Type() == ast.TypeInline; n = n.Parent() {
		if n.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

// renderHeading renders a heading one level lower: the page has the first.
func renderHeading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	level := strconv.Itoa(min(node.(*ast.Heading).Level+1, 6))
	if entering {
		_, _ = w.WriteString("<h" + level + ">")
	} else {
		_, _ = w.WriteString("</h" + level + ">\n")
	}
	return ast.WalkContinue, nil
}

// linkIndex is the attribute of a Markdown link to a note that has its index in
// Note.Links.
var linkIndex = []byte("index")

func renderLink(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if index, ok := node.Attribute(linkIndex); ok && index.(int) >= 0 {
		if entering {
			_, _ = w.WriteString(hole(LinkHole, strconv.Itoa(index.(int))))
		}
		return ast.WalkSkipChildren, nil
	}
	if entering {
		n := node.(*ast.Link)
		writeAnchor(w, n.Destination, n.Title)
	} else {
		_, _ = w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

// renderAutoLink renders an address that is written bare, or as <…>.
func renderAutoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.AutoLink)
	to := n.URL(source)
	if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(to), []byte("mailto:")) {
		to = append([]byte("mailto:"), to...)
	}
	writeAnchor(w, to, nil)
	_, _ = w.Write(util.EscapeHTML(n.Label(source)))
	_, _ = w.WriteString("</a>")
	return ast.WalkContinue, nil
}

func writeAnchor(w util.BufWriter, destination, title []byte) {
	_, _ = w.WriteString(`<a href="`)
	writeAddress(w, destination)
	if !relative(string(destination)) {
		_, _ = w.WriteString(`" rel="noopener noreferrer`)
	}
	if len(title) > 0 {
		_, _ = w.WriteString(`" title="`)
		_, _ = w.Write(util.EscapeHTML(title))
	}
	_, _ = w.WriteString(`">`)
}

// renderImage renders a picture of the journal; one from elsewhere as a link,
// since a page of the journal asks nothing of other machines.
func renderImage(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	alt := util.EscapeHTML([]byte(plainText(n, source)))
	if !relative(string(n.Destination)) {
		writeAnchor(w, n.Destination, n.Title)
		if len(alt) == 0 {
			alt = []byte("a picture")
		}
		_, _ = w.Write(alt)
		_, _ = w.WriteString("</a>")
		return ast.WalkSkipChildren, nil
	}
	_, _ = w.WriteString(`<img src="` + hole(PictureHole, string(n.Destination)))
	_, _ = w.WriteString(`" alt="`)
	_, _ = w.Write(alt)
	if len(n.Title) > 0 {
		_, _ = w.WriteString(`" title="`)
		_, _ = w.Write(util.EscapeHTML(n.Title))
	}
	_, _ = w.WriteString(`" loading="lazy">`)
	return ast.WalkSkipChildren, nil
}

func writeAddress(w util.BufWriter, destination []byte) {
	switch {
	case html.IsDangerousURL(destination):
	case relative(string(destination)):
		_, _ = w.WriteString(hole(PathHole, string(destination)))
	default:
		_, _ = w.Write(util.EscapeHTML(util.URLEscape(destination, true)))
	}
}

// relative says whether an address is that of a file of the journal.
func relative(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "" && u.Host == "" && u.Path != "" && !strings.HasPrefix(u.Path, "/")
}

// plainText returns the text of an inline node's children.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Value(source))
		case *ast.String:
			b.Write(c.Value)
		case *hashtag:
			b.WriteString("#" + c.name)
		case *wikiLink:
			b.WriteString(cmp.Or(c.link.Label, c.link.Target))
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *ast.RawHTML:
			if html := c.Segments.Value(source); !bytes.HasPrefix(html, []byte("<!--")) {
				b.Write(html)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// RenderMarkdown renders Markdown that is no note, such as a page of the manual:
// headings keep their level and get an id made of their text.
func RenderMarkdown(text string) string {
	md := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(tableRenderer{}, 100))))
	var b strings.Builder
	// A strings.Builder does not fail, and neither do goldmark's renderers.
	_ = md.Convert([]byte(text), &b)
	return b.String()
}
