package note

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// A tableTransformer is goldmark's for tables, but for those that have a row of more cells
// than columns: all of it is text then, since these cells would be on no page.
type tableTransformer struct{ parser.ParagraphTransformer }

func (t tableTransformer) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	columns := 0 // once the line below the head has said how many there are
	for i := 1; i < p.Lines().Len(); i++ {
		seg := p.Lines().At(i)
		switch line := bytes.TrimSpace(seg.Value(reader.Source())); {
		case columns > 0 && cells(line) > columns:
			return
		case columns == 0 && len(bytes.Trim(line, "|-: \t")) == 0:
			columns = cells(line)
		}
	}
	t.ParagraphTransformer.Transform(p, reader, pc)
}

// cells returns how many cells a row of a table has.
func cells(row []byte) int {
	row = bytes.TrimPrefix(row, []byte("|"))
	n := 1
	for i, c := range row {
		if c == '|' && i < len(row)-1 && (i == 0 || row[i-1] != '\\') {
			n++
		}
	}
	return n
}
