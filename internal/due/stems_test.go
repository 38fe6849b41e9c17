package due

import (
	"slices"
	"strings"
	"testing"
)

// The words of one line compare equal; those of different lines do not.
func TestWords(t *testing.T) {
	lines := [][]string{
		{"repair", "repairs", "Repairing", "the repairer"},
		{"publisher", "publishers", "publishing", "PUBLISHED", "publish"},
		{"translator", "translation", "translations", "translate", "translating"},
		{"web developer", "web development", "developing (web)", "#web-development"},
		{"programmer", "programming", "programs"},
		{"house", "houses", "housing"},
		{"party", "parties"},
		{"part", "parts"},
		{"cookie", "cookies"},
		{"café", "cafe", "CAFÉS"},
		{"glass"},
		{"campus"},
		{"string", "strings"},
		{"king"},
		{"thing of paper", "paper"},
		{"UX"},
		{"AI"},
		{"李淑云"},
		{"наставник"},
		{"", "an old one", "3", "help!", "whose", "away"},
	}
	seen := map[string]int{}
	for i, line := range lines {
		for _, text := range line {
			key := strings.Join(slices.Sorted(slices.Values(words(text))), " ")
			if first := strings.Join(slices.Sorted(slices.Values(words(line[0]))), " "); key != first {
				t.Errorf("%q has %q, %q has %q", text, key, line[0], first)
			}
			if at, ok := seen[key]; ok && at != i {
				t.Errorf("%q is taken for %q", text, lines[at][0])
			}
			seen[key] = i
		}
	}
}
