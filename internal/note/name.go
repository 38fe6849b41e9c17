package note

import (
	"slices"
	"strings"
)

// honorifics are words before a name that say nothing about who it is, folded.
var honorifics = strings.Fields("mr mrs ms miss mx dr dra prof professor sir dame lord lady rev fr sr sra herr frau signor signora senor senora monsieur madame mme mlle")

// IsHonorific says whether a word before a name says nothing about who it is: Dr.
func IsHonorific(word string) bool {
	return slices.Contains(honorifics, Fold(strings.TrimSuffix(word, ".")))
}

// FirstName is what somebody is called: the first word of the name that is no honorific,
// or of what stands behind the comma of Surname, First.
func FirstName(name string) string {
	if surname, first, found := strings.Cut(name, ", "); found && !strings.Contains(first, ",") && !strings.Contains(surname, " ") {
		name = first
	}
	words := strings.Fields(name)
	for len(words) > 1 && IsHonorific(words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
