package journal

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"kith/internal/note"
)

// TestSpellerFindsTheNearest holds what is found by what is left of words to what is found
// by looking at each of them.
func TestSpellerFindsTheNearest(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("abé ")), 0, 9, -1),
		rapid.StringOfN(rapid.RuneFrom([]rune("ab")), 20, 30, -1),
	)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfNDistinct(word, 0, 30, rapid.ID).Draw(t, "words")
		asked := word.Draw(t, "asked")
		best, least := "", note.Slack(asked)
		for _, w := range words {
			if d := note.Distance(asked, w, 2); note.Slack(asked) > 0 && d <= note.Slack(asked) && (d < least || best == "" || d == least && w < best) {
				best, least = w, d
			}
		}
		if got := newSpeller(words).nearest(asked); got != best {
			t.Fatalf("nearest(%q) = %q, want %q", asked, got, best)
		}
	})
}

// TestSpellerLooksAtFew asks a speller for what nobody is called, among many names: of
// those it compares with hardly any, which each take some memory.
func TestSpellerLooksAtFew(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	name := func() string {
		return fmt.Sprintf("%c%x %x", 'g'+rune(random.IntN(20)), random.Uint32(), random.Uint32())
	}
	var words []string
	for range 10_000 {
		words = append(words, name())
	}
	s := newSpeller(words)
	if got := testing.AllocsPerRun(100, func() { s.nearest(name()) }); got > 40 {
		t.Errorf("asking among %d names takes %v allocations", len(words), got)
	}
}
