// Package draft writes the beginning of a letter: a short message to a contact,
// filled from what the journal has to say to them.
//
// A [Set] is the message templates of a theme, text files of templates/messages/
// that a journal overrides one by one, also by language. [Set.Write] fills the one
// for a [Kind] from a brief ([due.Brief]). A draft never says what the journal does
// not: its words are those of the template and of the notes, and a part for which
// the notes have nothing is left out with its sentence. What is written about
// somebody as "she" or "his" cannot be said to their face, so it is left out, too.
package draft

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"text/template"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/folder"
	"kith/internal/note"
)

// Kind is what a draft is for, and the name of its template.
type Kind string

// The kinds of drafts.
const (
	Thanks       Kind = "thanks"
	Tell         Kind = "tell"
	Reply        Kind = "reply"
	Hello        Kind = "hello"
	Intro        Kind = "intro"
	Congratulate Kind = "congratulate"
	Condolence   Kind = "condolence"
	Birthday     Kind = "birthday"
)

// Kinds are all of them, in the order in which help lists them.
var Kinds = []Kind{Thanks, Tell, Reply, Hello, Intro, Congratulate, Condolence, Birthday}

// KindFor returns the draft that suits a brief best: a birthday today, a new
// company or role, else the first of the reasons to write.
func KindFor(b due.Brief, today civil.Date) Kind {
	if day, _, _ := b.Row.Contact.Front().Birthday.Next(today); day == today {
		return Birthday
	}
	for _, reason := range b.Row.Reasons {
		switch reason.Kind {
		case due.Reply:
			return Reply
		case due.Tell, due.Quiet:
			return Tell
		case due.Thanks:
			return Thanks
		}
	}
	if b.Job.File != nil {
		return Congratulate
	}
	return Hello
}

// Message is a draft.
type Message struct {
	// To names whom it is for: one name, or the two of an introduction.
	To      string
	Subject string // of a mail
	Text    string
}

// Mailto returns the address that opens the message in a mail program (RFC 6068).
func (m Message) Mailto(address string) string {
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	to := strings.ReplaceAll(url.PathEscape(address), "%40", "@")
	return "mailto:" + to + "?subject=" + escape(m.Subject) + "&body=" + escape(strings.ReplaceAll(m.Text, "\n", "\r\n"))
}

// Folder is where a theme has its messages: one file a kind, and a folder for each
// other language.
const Folder = "messages"

// Set is the templates of messages. It never changes.
type Set struct {
	byPath   map[string]*template.Template // by language and kind: "thanks", "de/thanks"
	problems []note.Problem
}

// NewSet reads the templates of a theme and those that a journal has in their
// place, in the folder templates of user, which may be nil. One of the journal's
// that cannot be used is among the problems, and the built-in one stays.
func NewSet(builtin, user fs.FS) *Set {
	s := &Set{byPath: map[string]*template.Template{}}
	if err := s.read(builtin, Folder); err != nil {
		panic("draft: built-in messages: " + err.Error())
	}
	if user != nil {
		_ = s.read(user, path.Join("templates", Folder))
	}
	return s
}

// Problems returns what is wrong with a journal's own messages.
func (s *Set) Problems() []note.Problem { return s.problems }

// read adds the templates below a folder; the error is that of the first that
// cannot be used, and all of them are problems, too.
func (s *Set) read(fsys fs.FS, root string) (first error) {
	_ = fs.WalkDir(fsys, root, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(at) != ".txt" {
			return nil // a folder that is not there has no messages
		}
		text, err := folder.ReadFile(fsys, at, note.MaxSize)
		name := strings.TrimSuffix(strings.TrimPrefix(at, root+"/"), ".txt")
		var t *template.Template
		if err == nil {
			t, err = template.New(at).Option("missingkey=error").Parse(string(text))
		}
		if err == nil {
			_, err = fill(t, Letter{})
		}
		if err != nil {
			first = errors.Join(first, err)
			s.problems = append(s.problems, note.Problem{
				File: at, Line: 1, Column: 1, Code: "bad-template", Message: err.Error(),
				Hint: "the built-in message is used until this is mended; kith help drafts says what a message can hold",
			})
			return nil
		}
		s.byPath[name] = t
		return nil
	})
	return first
}

// find returns the template of a kind in a language, else in the nearest one there
// is: "de-AT" falls back to "de", and that to the messages without a language.
func (s *Set) find(k Kind, language string) *template.Template {
	for language = strings.ToLower(language); language != ""; {
		if t := s.byPath[language+"/"+string(k)]; t != nil {
			return t
		}
		i := strings.LastIndexAny(language, "-_")
		language = language[:max(i, 0)]
	}
	return s.byPath[string(k)]
}

// Write makes the draft of a kind from a brief. from signs it, and may be empty.
func (s *Set) Write(k Kind, b due.Brief, plain func(string) string, today civil.Date, from string) (Message, error) {
	c := b.Row.Contact
	return s.write(k, c.Front().Language, c.Name, NewLetter(b, plain, today, from))
}

// Introduce makes the three messages of an introduction: one that asks each of the
// two, and the joint letter for when both said yes. Each is in the language of whom
// it goes to, the joint one in that of the first.
func (s *Set) Introduce(one, other due.Brief, meeting due.Introduction, plain func(string) string, today civil.Date, from string) ([]Message, error) {
	a, b := NewLetter(one, plain, today, from), NewLetter(other, plain, today, from)
	a.Other, b.Other = otherOf(other, meeting), otherOf(one, meeting)
	joint := a
	joint.Joint = true
	first, second := one.Row.Contact, other.Row.Contact
	var list []Message
	for _, m := range []struct {
		language, to string
		letter       Letter
	}{
		{first.Front().Language, first.Name, a},
		{second.Front().Language, second.Name, b},
		{first.Front().Language, first.Name + " and " + second.Name, joint},
	} {
		got, err := s.write(Intro, m.language, m.to, m.letter)
		if err != nil {
			return nil, err
		}
		list = append(list, got)
	}
	return list, nil
}

func otherOf(b due.Brief, meeting due.Introduction) *Other {
	o := &Other{Name: b.Row.Contact.Name, First: note.FirstName(b.Row.Contact.Name)}
	switch b.Row.Contact.Slug {
	case meeting.Needs.Slug:
		o.Needs = meeting.Needs.Text
	case meeting.Offers.Slug:
		o.Offers = meeting.Offers.Text
	}
	return o
}

func (s *Set) write(k Kind, language, to string, l Letter) (Message, error) {
	t := s.find(k, language)
	if t == nil {
		return Message{}, fmt.Errorf("there is no message %q", k)
	}
	text, err := fill(t, l)
	if err != nil {
		return Message{}, fmt.Errorf("writing the draft: %w", err)
	}
	m := Message{To: to, Text: text}
	if rest, ok := strings.CutPrefix(text, "Subject:"); ok {
		m.Subject, m.Text, _ = strings.Cut(rest, "\n")
		m.Subject, m.Text = strings.TrimSpace(m.Subject), strings.TrimLeft(m.Text, "\n")
	}
	return m, nil
}

// fill executes a template, and leaves no gap where a part had nothing to say.
func fill(t *template.Template, l Letter) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, l); err != nil {
		return "", err
	}
	var lines []string
	for line := range strings.Lines(b.String()) {
		line = strings.Join(strings.Fields(line), " ")
		if line != "" || len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, line)
		}
	}
	if n := len(lines); n > 0 && lines[n-1] == "" {
		lines = lines[:n-1]
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// Letter is what a message template is given. Every field may be empty, and a
// template leaves out the sentence of one that is.
type Letter struct {
	To   string // the first name of whom it is for
	From string // who signs

	Since   string     // how long ago you last wrote or spoke: 5 months
	Helped  []Occasion // what they did for you, and you have not thanked them for
	Before  []Occasion // what they did for you, if you have thanked for all
	Waiting []Occasion // their letters that wait for an answer
	News    []string   // your own, in your words: two at the most
	Ask     string     // a question that can be asked as it stands: Has the map gone to the printer?
	Hear    string     // else what you would like to hear: how the bell museum decided.
	Promise string     // what you promised them
	Needs   string     // what they look for
	Meeting *Other     // who could give it
	Job     string     // their new company or role
	Other   *Other     // of an introduction: the other of the two
	Joint   bool       // of an introduction: both said yes, and the letter goes to both
}

// Occasion is something that happened.
type Occasion struct {
	Kind  string // of a letter of theirs: email; else empty
	Day   string // 20 May, with the year if it is another
	Month string // May, with the year if it is another
}

// Other is another person of a letter.
type Other struct{ Name, First, Needs, Offers string }

// mostNews is how many pieces of news a letter tells.
const mostNews = 2

// NewLetter takes from a brief what can be said to their face. plain makes text of a
// line of Markdown.
func NewLetter(b due.Brief, plain func(string) string, today civil.Date, from string) Letter {
	c := b.Row.Contact
	l := Letter{To: note.FirstName(c.Name), From: from}
	occasion := func(e *note.Entry, kind string) Occasion {
		o := Occasion{Day: due.Day(today, e.Date), Month: due.MonthOf(today, e.Date)}
		if e.Direction == note.Inbound {
			o.Kind = kind
		}
		return o
	}
	for _, ref := range b.Helped {
		if e := ref.Entry(); e.Date.After(b.Thanked) {
			l.Helped = append(l.Helped, occasion(e, ref.Kind()))
		} else {
			l.Before = append(l.Before, occasion(e, ref.Kind()))
		}
	}
	for _, ref := range b.Unanswered {
		o := occasion(ref.Entry(), ref.Kind())
		if o.Kind == "" {
			o.Kind = "message"
		}
		l.Waiting = append(l.Waiting, o)
	}
	if !b.Row.Base.IsZero() && today.Sub(b.Row.Base) >= 30 {
		l.Since = due.Span(today.Sub(b.Row.Base))
	}
	for _, n := range b.News {
		if text := sentence(plain(n.Text())); text != "" && len(l.News) < mostNews {
			l.News = append(l.News, text)
		}
	}
	for _, ref := range b.Asks {
		text := plain(ref.Task().Text)
		if !aboutThem(text) {
			l.Ask, l.Hear = question(text)
			break
		}
	}
	for _, ref := range b.Promises {
		if text, ok := toYou(plain(ref.Task().Text)); ok {
			l.Promise = strings.TrimRight(text, ".!")
			break
		}
	}
	for _, need := range c.Front().Needs {
		if !aboutThem(need) {
			l.Needs = need
			break
		}
	}
	if b.Gift.Kind == due.Introduce && !aboutThem(b.Gift.Meeting.Needs.Text) && !aboutThem(b.Gift.Meeting.Offers.Text) {
		m := b.Gift.Meeting
		l.Needs = m.Needs.Text
		l.Meeting = &Other{Name: m.Offers.Name, First: note.FirstName(m.Offers.Name), Offers: m.Offers.Text}
	}
	if b.Job.File != nil {
		l.Job = newJob(plain(b.Job.Text()))
	}
	return l
}

// newJob takes the new company or role out of the note of it: "now Director at
// Globex (was Engineer at Acme)" is "Director at Globex".
func newJob(text string) string {
	text, ok := strings.CutPrefix(text, "now ")
	if !ok {
		return ""
	}
	text, _, _ = strings.Cut(text, " (was ")
	return text
}

// sentence ends a text as a sentence.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?\"") {
		return text
	}
	return text + "."
}

// openers are the words that a question begins with which can be asked as it stands.
var openers = strings.Fields("am are can could did do does had has have is may might shall should was were will would")

// question tells a question that can be asked as it stands from what one would like
// to hear.
func question(text string) (ask, hear string) {
	text = strings.TrimRight(strings.TrimSpace(text), ". ")
	first, _, _ := strings.Cut(text, " ")
	if slices.Contains(openers, strings.ToLower(first)) {
		return due.UpperFirst(strings.TrimRight(text, "?")) + "?", ""
	}
	return "", sentence(text)
}

// The words that speak of somebody who is not there.
var (
	objects    = []string{"her", "him", "them"}
	aboutWords = strings.Fields("he she they her him them his hers their theirs himself herself themselves he's she's they're they've he'd she'd")
	// What follows the person to whom something is given: lend him the book.
	given = strings.Fields("a an the my some back another this that these those")
)

// words splits a text at everything that is part of no word.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return strings.ContainsRune(" \t\u00a0,.;:!?()[]\"“”«»*", r)
	})
}

// aboutThem says whether a text speaks of somebody as "she" or "his".
func aboutThem(text string) bool {
	return slices.ContainsFunc(words(text), func(w string) bool { return slices.Contains(aboutWords, w) })
}

// toYou turns a promise about somebody into one to them: "lend him the book" is
// "lend you the book". ok is false if that cannot be said for certain.
func toYou(text string) (said string, ok bool) {
	parts := strings.Split(text, " ")
	about := -1
	for i, w := range parts {
		if !aboutThem(w) {
			continue
		}
		if about >= 0 {
			return "", false
		}
		about = i
	}
	if about < 0 {
		return text, true
	}
	bare := strings.TrimRight(parts[about], ".,;:!?")
	last := about == len(parts)-1
	object := about == 1 && !last && slices.Contains(given, strings.ToLower(parts[2])) ||
		about > 1 && last && strings.EqualFold(parts[about-1], "for")
	if !object || !slices.Contains(objects, strings.ToLower(bare)) {
		return "", false
	}
	parts[about] = "you" + parts[about][len(bare):]
	return strings.Join(parts, " "), true
}
