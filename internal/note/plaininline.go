package note

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// This file reads the inline text of the blocks of plain.go: words, wiki links
// and hashtags; and code, emphasis and links to other sites where these stand by
// themselves, so that they can mean but one thing. A block that has more is left to
// goldmark.

// parseTrees has goldmark read the inline text of those blocks that have more
// than plain text. For the facts alone, only a block that may have a wiki link or
// a hashtag is of interest.
func (b *plainBody) parseTrees(p *Parser, facts bool) {
	var built *ast.Document
	for i := range b.blocks {
		block := &b.blocks[i]
		if text := b.textOf(block); facts && !mayLink(text) || onlyText(text) {
			continue
		}
		if built == nil {
			built = ast.NewDocument()
		}
		tree := ast.NewTextBlock()
		for at := block.text.start; at < block.text.end; {
			end := at + len(firstLine(b.source[at:block.text.end]))
			tree.Lines().Append(text.NewSegment(at, end))
			if at = end; block.kind >= plainItem {
				at += 2
			}
		}
		built.AppendChild(built, tree)
		block.tree = tree
	}
	if built != nil {
		b.built = built
		b.run(p.inline, p.inlineLinking)
	}
}

func (b *plainBody) textOf(p *plainBlock) string { return b.source[p.text.start:p.text.end] }

// mayLink says whether a text may have a wiki link or a hashtag.
func mayLink(text string) bool {
	return strings.Contains(text, "[[") || strings.Contains(text, "#") || strings.Contains(text, ".md")
}

// onlyText says whether a text has no sign that means something to goldmark, but
// for those that are read here.
func onlyText(text string) bool {
	for i := 0; i < len(text); i++ {
		if !treeSigns[text[i]] {
			continue
		}
		switch text[i] {
		case '\\', '<', '&', '~', '@':
			return false
		case '!':
			if i+1 < len(text) && text[i+1] == '[' {
				return false
			}
		case ':':
			if i+1 < len(text) && text[i+1] == '/' {
				return false
			}
		case 'w':
			if strings.HasPrefix(text[i:], "www.") {
				return false
			}
		case '[':
			n := linkLen(text[i:])
			if n == 0 {
				_, n = readSign(text, i)
			}
			if n == 0 {
				return false
			}
			i += n - 1
		case '`', '*', '_':
			_, n := readSign(text, i)
			if n == 0 {
				return false
			}
			i += n - 1
		}
	}
	return true
}

// treeSigns are the bytes that may mean something to goldmark, inlineSigns those that
// are not written as they stand: most of what notes are made of is neither, and is
// passed over.
var (
	treeSigns   = bytesOf("\\<&~@!:w[`*_")
	inlineSigns = bytesOf("\n[`*_#\">")
)

func bytesOf(set string) (t [256]bool) {
	for i := range len(set) {
		t[set[i]] = true
	}
	return t
}

// A sign is code, emphasis or a link, as HTML around a text of words alone.
type sign struct{ before, text, after string }

// readSign reads the one that begins at i of a text, and returns its length in
// bytes; 0 if there is none, or none that stands by itself.
func readSign(text string, i int) (s sign, size int) {
	switch c := text[i]; c {
	case '`':
		n := strings.IndexByte(text[i+1:], '`')
		if n <= 0 || strings.HasPrefix(text[i+1+n+1:], "`") {
			return s, 0
		}
		s = sign{"<code>", text[i+1 : i+1+n], "</code>"}
		if strings.ContainsAny(s.text, "\n&<") || s.text[0] == ' ' || s.text[n-1] == ' ' {
			return s, 0
		}
		return s, n + 2
	case '*', '_':
		run := 1
		s = sign{before: "<em>", after: "</em>"}
		if strings.HasPrefix(text[i+1:], text[i:i+1]) {
			run = 2
			s = sign{before: "<strong>", after: "</strong>"}
		}
		inner := text[i+run:]
		n := strings.IndexByte(inner, c)
		if n <= 0 || i > 0 && strings.IndexByte(" \n(", text[i-1]) < 0 || !isAlnum(inner[0]) || !isAlnum(inner[n-1]) || !onlyWords(inner[:n]) {
			return s, 0
		}
		end := n + run
		if end > len(inner) || inner[end-1] != c || end < len(inner) && strings.IndexByte(" \n.,;:!?)", inner[end]) < 0 {
			return s, 0
		}
		s.text = inner[:n]
		return s, run + end
	case '[':
		n := strings.IndexByte(text[i:], ']')
		if n <= 1 || !onlyWords(text[i+1:i+n]) || !strings.HasPrefix(text[i+n:], "](http") {
			return s, 0
		}
		address := text[i+n+2:]
		end := 0
		for end < len(address) && isAddress(address[end]) {
			end++
		}
		if end == len(address) || address[end] != ')' || !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
			return s, 0
		}
		return sign{`<a href="` + address[:end] + `" rel="noopener noreferrer">`, text[i+1 : i+n], "</a>"}, n + 2 + end + 1
	}
	return s, 0
}

// onlyWords says whether a text has nothing that may mean more than it says, and
// no end of a line.
func onlyWords(text string) bool {
	return !strings.ContainsAny(text, "\\`*_<&~@[#\n") && !strings.Contains(text, ":/") && !strings.Contains(text, "www.")
}

func isAlnum(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

// isAddress says whether an address may have a character, and has it written as it
// is.
func isAddress(c byte) bool { return isAlnum(c) || strings.IndexByte("-./:=?_~#+,", c) >= 0 }

// appendInline reads the inline text of a block: its links and hashtags are added to
// the note, as those of what the visitor is in, and its HTML to html if there is a
// renderer.
func (b *plainBody) appendInline(html []byte, p *plainBlock, v visitor, r *contentRenderer) []byte {
	if p.tree != nil {
		for n := p.tree.FirstChild(); n != nil; n = n.NextSibling() {
			v.visit(n)
		}
		if r != nil {
			html = append(html, r.render(children(p.tree)...)...)
		}
		return html
	}
	from := p.text.start
	flush := func(to int) {
		if r != nil {
			html = append(html, b.source[from:to]...)
		}
	}
	whole := b.textOf(p)
	for at := from; at < p.text.end; {
		if !inlineSigns[b.source[at]] {
			at++
			continue
		}
		size := 0
		switch b.source[at] {
		case '"', '>':
			flush(at)
			if size = 1; r != nil {
				html = append(html, escapePlain.Replace(b.source[at:at+1])...)
			}
		case '\n':
			if b.source[at-1] == ' ' { // by itself at the end of a line
				flush(at - 1)
				from = at
			}
			flush(at + 1)
			at++
			if p.kind >= plainItem {
				at += 2
			}
			from = at
			continue
		case '[':
			var link Link
			if link, size = b.wikiLink(b.source[at:p.text.end], at); size > 0 {
				flush(at)
				if index := v.link(link, at); r != nil {
					html = appendLink(html, link, index)
				}
				break
			}
			fallthrough
		case '`', '*', '_':
			var s sign
			if s, size = readSign(whole, at-p.text.start); size > 0 && r != nil {
				flush(at)
				html = append(html, s.before...)
				html = append(html, escapePlain.Replace(s.text)...)
				html = append(html, s.after...)
			}
		case '#':
			before := rune('\n')
			if at > p.text.start {
				before, _ = utf8.DecodeLastRuneInString(b.source[:at])
			}
			var tag hash
			if tag, size = b.hashtag(b.source[at:p.text.end], at, before); size > 0 {
				flush(at)
				if v.hash(tag); r != nil {
					html = appendHole(html, TagHole, tag.name)
				}
			}
		}
		if size == 0 {
			at++
			continue
		}
		at += size
		from = at
	}
	flush(p.text.end)
	return html
}

// appendLink appends what stands for a wiki link: a hole, if it is one of the note's.
func appendLink(html []byte, link Link, index int) []byte {
	if index < 0 {
		return append(html, util.EscapeHTML([]byte(cmp.Or(link.Label, link.Target)))...)
	}
	return appendHole(html, LinkHole, strconv.Itoa(index))
}

// escapePlain escapes text without & and <, which is never plain.
var escapePlain = strings.NewReplacer(`"`, "&quot;", ">", "&gt;")
