package due

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/note"
)

// Pronouns are the words that stand for somebody in a sentence.
type Pronouns struct {
	They, Them, Their string
	Given             bool // their note says so
	plural            bool // the verb is that of they
}

var pronouns = map[string]Pronouns{
	"she":  {"she", "her", "her", true, false},
	"he":   {"he", "him", "his", true, false},
	"they": {"they", "them", "their", true, true},
	"it":   {"it", "it", "its", true, false},
	"xe":   {"xe", "xem", "xyr", true, false},
	"ze":   {"ze", "zir", "zir", true, false},
	"ey":   {"ey", "em", "eir", true, true},
}

// PronounsOf returns those of somebody's front matter: the first of "she/her" or
// "they/she" says which. Where none are given, or none that fit an English sentence,
// they are they.
func PronounsOf(front *note.Front) Pronouns {
	first, _, _ := strings.Cut(front.Pronouns, "/")
	if p, ok := pronouns[strings.ToLower(strings.TrimSpace(first))]; ok {
		return p
	}
	p := pronouns["they"]
	p.Given = false
	return p
}

// Did begins a sentence of what somebody did: She helped you. Without pronouns it has
// no subject, and stands beside their name: Helped you.
func (p Pronouns) Did(what string) string {
	if p.Given {
		what = p.They + " " + what
	}
	return UpperFirst(what)
}

// Has and Is are the verbs that go with them.
func (p Pronouns) Has() string { return p.verb("has", "have") }

func (p Pronouns) Is() string { return p.verb("is", "are") }

func (p Pronouns) verb(one, many string) string {
	if p.plural {
		return many
	}
	return one
}

// UpperFirst begins a text with a capital.
func UpperFirst(s string) string {
	if s == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
