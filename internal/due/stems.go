package due

import (
	"slices"
	"strings"
	"unicode"

	"kith/internal/note"
)

// words returns the words of a need or an offer in the form in which they
// compare: without regard to case and accents, without their endings, each once.
// Words that say nothing of what is meant are left out. A tag is the words it is
// made of.
func words(text string) []string {
	var found []string
	for _, w := range strings.FieldsFunc(note.Fold(text), between) {
		if len(w) < 2 || !strings.ContainsFunc(w, unicode.IsLetter) || strings.Contains(emptyWords, " "+w+" ") {
			continue
		}
		if w = stem(w); !slices.Contains(found, w) {
			found = append(found, w)
		}
	}
	return found
}

func between(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }

// emptyWords are those of English that stand in any need and any offer.
const emptyWords = " " +
	"a about advice again all also always an and another any anybody anyone anything are around as at away be " +
	"because been before being best better big both but by can could do does don either else even every everybody " +
	"everyone everything few find finding first five for four from get getting give good got great had has have " +
	"he help helping helps her here him his how idea ideas if in into is it its just kind know knows last less " +
	"like little look looking lot make making many maybe me more most much must my need needs never new next nice " +
	"no nobody not nothing now of off offer offers often old on once one only or other others our out over own " +
	"people perhaps person place please quiet quite really right second she should small so some somebody someone " +
	"something somewhere sort still such support take than that the their them then there these they thing things " +
	"think third this those three tip tips to together too two under until up us use used using very want wants " +
	"was way we well were what when where which while who whom whose why will wish with without word would yet " +
	"you your "

// endings are those of English that one word has and another of the same meaning
// has not, and how many letters must come before.
var endings = [...]struct {
	text   string
	before int
}{{"ment", 4}, {"ing", 3}, {"ion", 4}, {"ed", 3}, {"er", 4}, {"or", 4}}

// stem returns a word, folded, without its ending: repair for repairs, publish
// for publisher and publishing. It is simple, so it goes wrong now and then, but
// alike for each form of a word.
func stem(w string) string {
	if strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && len(w) > 3 {
		w = w[:len(w)-1]
	}
	for _, end := range endings {
		if short, ok := strings.CutSuffix(w, end.text); ok && len(short) >= end.before && strings.ContainsAny(short, "aeiouy") {
			w = short
			if n := len(w); w[n-1] == w[n-2] && strings.IndexByte("bdgmnprt", w[n-1]) >= 0 {
				w = w[:n-1]
			}
			break
		}
	}
	if len(w) > 3 {
		w = strings.TrimSuffix(w, "e")
		if short, ok := strings.CutSuffix(w, "y"); ok {
			w = short + "i"
		}
	}
	return w
}
