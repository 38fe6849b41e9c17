package note

import (
	"github.com/yuin/goldmark/ast"

	"kith/internal/civil"
)

// A Block is a block of a note's Markdown and the blocks in it: what who changes a
// note's text has to know about where something stands in it.
type Block struct {
	Shape BlockShape
	// Start is where in Note.Source its text begins: that of a list item after its
	// bullet or before it. It is -1 where Markdown does not tell.
	Start  int
	Level  int    // of a heading
	Text   string // of a heading, without date and header if it is an entry
	Marker string // of a list without numbers: its bullet
	// Day is the day that a heading of a daily note names, or the file's name if it
	// is the block of the whole body.
	Day    civil.Date
	Entry  int // the index in Note.Entries of the entry it is, or -1
	Task   int // the index in Note.Tasks of the task it is, or -1
	Parent *Block
	Blocks []*Block

	index int // in Parent.Blocks
}

// BlockShape says which kind of block a [Block] is.
type BlockShape uint8

// The shapes that matter to who changes a text.
const (
	OtherBlock BlockShape = iota
	BodyBlock
	HeadingBlock
	ListBlock
	ItemBlock
)

// Next returns the block after b in the same parent, or nil.
func (b *Block) Next() *Block { return b.sibling(1) }

// Previous returns the block before b in the same parent, or nil.
func (b *Block) Previous() *Block { return b.sibling(-1) }

func (b *Block) sibling(by int) *Block {
	if b.Parent == nil || b.index+by < 0 || b.index+by >= len(b.Parent.Blocks) {
		return nil
	}
	return b.Parent.Blocks[b.index+by]
}

// Blocks returns the block that is the whole body of a note which this parser, or
// one of the same kinds, has read.
func (p *Parser) Blocks(n *Note) *Block {
	r := p.enter()
	defer p.leave(r)
	s := p.scanAgain(n, r)
	body := s.block(p.parse(s))
	body.Shape, body.Day = BodyBlock, s.fileDay
	r.read = s.note.Entries
	return body
}

// block returns the block of a node of goldmark's tree.
func (s *scan) block(n ast.Node) *Block {
	b := &Block{Start: -1, Day: s.days[n], Entry: -1, Task: -1}
	if at := n.Pos(); at >= 0 {
		b.Start = s.note.body + at
	}
	if i, ok := s.entries[n]; ok {
		b.Entry = i
	}
	if i, ok := s.tasks[n]; ok {
		b.Task = i
	}
	switch n := n.(type) {
	case *ast.Heading:
		b.Shape, b.Level, b.Text = HeadingBlock, n.Level, string(n.Lines().Value([]byte(s.body())))
	case *ast.List:
		b.Shape = ListBlock
		if !n.IsOrdered() {
			b.Marker = string(n.Marker)
		}
	case *ast.ListItem:
		b.Shape = ItemBlock
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeBlock {
			in := s.block(c)
			in.Parent, in.index = b, len(b.Blocks)
			b.Blocks = append(b.Blocks, in)
		}
	}
	return b
}
