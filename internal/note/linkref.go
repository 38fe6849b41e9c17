package note

import (
	"iter"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// A referenceTransformer is goldmark's for the addresses that links refer to, [label]:
// address, but for paragraphs of which a label is one that no link has: all of it is text
// then, since it would be on no page.
type referenceTransformer struct{ parser.ParagraphTransformer }

func (r referenceTransformer) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	s := pc.Get(scanKey).(*scan)
	for label, defined := range labels(string(p.Lines().Value(reader.Source()))) {
		if defined && !s.refersTo(label) {
			return
		}
	}
	r.ParagraphTransformer.Transform(p, reader, pc)
}

// refersTo says whether the body may have a link that refers to a label.
func (s *scan) refersTo(label string) bool {
	if s.labels == nil {
		s.labels = map[string]bool{}
		for label, defined := range labels(s.body()) {
			if !defined {
				s.labels[strings.ToLower(label)] = true
			}
		}
	}
	return s.labels[strings.ToLower(label)]
}

// labels goes over what stands in brackets in a text, and says whether an address is
// given to it there.
func labels(text string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for line := range strings.Lines(text) {
			first := true
			for {
				_, rest, found := strings.Cut(line, "[")
				end := strings.IndexAny(rest, "[]")
				if !found || end < 0 {
					break
				}
				line = rest[end:]
				if !yield(rest[:end], first && strings.HasPrefix(line, "]:")) {
					return
				}
				first = false
			}
		}
	}
}
