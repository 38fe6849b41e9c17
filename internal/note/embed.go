package note

import (
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// An embedParser reads ![[photo.jpg]]: a picture, or a link to any other file (FORMAT.md,
// "Nothing that was written goes unseen"). ![[Ada]] is the link to a note.
type embedParser struct{ wikiLinkParser }

func (embedParser) Trigger() []byte { return []byte{'!'} }

func (p embedParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	size := linkLen(util.BytesToReadOnlyString(line[1:]))
	if size == 0 {
		return nil
	}
	link := NewLink(string(line[1 : 1+size]))
	file, _ := CutAnchor(link.Target)
	ext := strings.ToLower(path.Ext(file))
	if !strings.HasPrefix(ext, ".") || ext == ".md" || strings.Contains(ext, " ") {
		block.Advance(1)
		return p.wikiLinkParser.Parse(parent, block, pc)
	}
	block.Advance(1 + size)
	to := ast.NewLink()
	to.Destination = []byte((&url.URL{Path: file}).String())
	called := ast.NewString([]byte(file))
	if link.Label != "" {
		called = ast.NewString([]byte(link.Label))
	}
	switch ext {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif", ".bmp":
		picture := ast.NewImage(to)
		picture.AppendChild(picture, called)
		return picture
	}
	to.AppendChild(to, called)
	return to
}
