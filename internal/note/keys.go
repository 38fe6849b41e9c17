package note

import (
	"slices"
	"strings"
)

// A Form is what the value of a key of the front matter is (FORMAT.md, "Frontmatter").
type Form uint8

// The forms.
const (
	TextForm     Form = iota
	TextsForm         // one text or a list
	CadenceForm       // how often
	DateForm          // a day
	WhenForm          // a day, or a text
	PeopleForm        // one [[link]] or a list
	LinksForm         // a map of labels and addresses, or a list of these
	BirthdayForm      // a day of every year
	DatesForm         // a map of labels and such days
	StatusForm        // one of the statuses
)

// A Key is a key of a contact's front matter.
type Key struct {
	Name  string
	Form  Form
	About string // what it says, in a few words
}

// keyTable is all keys that mean something to kith.
var keyTable = []Key{
	{"name", TextForm, "the name that is shown; without it, that of the file"},
	{"aliases", TextsForm, "other names they are found by"},
	{"every", CadenceForm, "how often to be in touch"},
	{"circles", TextsForm, "groups, which may say how often"},
	{"tags", TextsForm, "groups, which say nothing about how often"},
	{"met", WhenForm, "when or where you met"},
	{"added", DateForm, "when the file was made"},
	{"via", PeopleForm, "who introduced you"},
	{"email", TextsForm, "e-mail addresses"},
	{"phone", TextsForm, "telephone numbers"},
	{"links", LinksForm, "pages of theirs: a label and an address each"},
	{"company", TextForm, "where they work"},
	{"role", TextForm, "what they do there"},
	{"location", TextForm, "where they live"},
	{"timezone", TextForm, "the zone they live in, as in Europe/Paris"},
	{"pronouns", TextForm, "she/her, he/him, they/them"},
	{"birthday", BirthdayForm, "YYYY-MM-DD or MM-DD"},
	{"dates", DatesForm, "other days of every year: a label and a day each"},
	{"snooze", DateForm, "raise nothing before this day"},
	{"status", StatusForm, "active, paused, archived or memorial"},
	{"needs", TextsForm, "what they look for"},
	{"offers", TextsForm, "what they can give"},
	{"photo", TextForm, "the path of a picture, seen from the file"},
	{"language", TextForm, "the language of drafts to them, as in de"},
	{"ids", TextsForm, "who they are elsewhere, as in linkedin:…"},
}

// keys are their names, for suggestions.
var keys = func() []string {
	names := make([]string, len(keyTable))
	for i, k := range keyTable {
		names[i] = k.Name
	}
	return names
}()

// circleKeys are those of a circle.
var circleKeys = []string{"name", "every"}

// Keys returns the keys that mean something in the front matter of a kind of note.
func Keys(kind Kind) []Key {
	switch kind {
	case Contact:
		return slices.Clone(keyTable)
	case Circle:
		return slices.DeleteFunc(slices.Clone(keyTable), func(k Key) bool { return !slices.Contains(circleKeys, k.Name) })
	}
	return nil
}

// KnownKey says whether a key of a contact's front matter means something to
// kith.
func KnownKey(key string) bool { return slices.Contains(keys, strings.ToLower(key)) }

// StatusWords returns the words of the statuses.
func StatusWords() []string { return slices.Clone(statusWords[:]) }
