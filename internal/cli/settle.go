package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/civil"
	"kith/internal/journal"
)

// What people say on a command line beside its grammar is settled here, or asked
// about: the day in the text, somebody's name in it, a task in the place of an entry.
// Nothing of it is to end up as text that nobody reads again.

// noTask fails if what is to be an entry is a task.
func noTask(who, text string) error {
	text = strings.TrimSpace(strings.TrimPrefix(text, "- "))
	for box, command := range map[string]string{"[ ]": "promise", "[]": "promise", "[?]": "ask", "[x]": "done", "[X]": "done"} {
		if rest, found := strings.CutPrefix(text, box); found {
			hint := fmt.Sprintf("kith %s %s %s", command, who, quoted(strings.TrimSpace(rest)))
			return usage(fmt.Sprintf("%s begins a task, and this is to be what happened", box), hint)
		}
	}
	return nil
}

// settle settles what the text of an entry in somebody's file says beside its grammar,
// and returns who takes part.
func (e *newEntry) settle(w *writer, who []*journal.Contact) ([]*journal.Contact, error) {
	if err := noTask(who[0].Slug, e.text); err != nil {
		return nil, err
	}
	if err := e.settleDay(w); err != nil {
		return nil, err
	}
	who, err := e.settleSecond(w, who)
	if err != nil {
		return nil, err
	}
	return who, e.settleNames(w, who[0])
}

// settleDay takes the day of an entry from the beginning of its text, or from behind
// its header, where none is said otherwise: yesterday coffee, coffee last friday.
func (e *newEntry) settleDay(w *writer) error {
	words := strings.Fields(e.text)
	day, n, err := e.leadingDay(w, words)
	rest := strings.Join(words[n:], " ")
	if n > 0 && e.isText(w, rest) && !isDate(words[0]) {
		if !e.plainly(words[:n]) {
			return nil // may 5 people came
		}
		if e.day != "" {
			return nil // which day it was is said
		}
		if err == nil && e.file != nil {
			return e.askDay(w, day, strings.Join(words[:n], " "), rest)
		}
	}
	if n == 0 {
		var header string
		header, day, n, rest, err = e.trailingDay(w)
		words = words[len(strings.Fields(header)):]
		if n > 0 {
			rest = strings.TrimSpace(header + rest)
		}
	}
	if n == 0 {
		return nil
	}
	said := strings.TrimRight(strings.Join(words[:n], " "), ":,")
	if err != nil {
		return badDay(dayInText, said, err)
	}
	if e.day != "" {
		if d, err := civil.ParseWords(e.day, w.session.today, e.planned); err != nil || d != day {
			return usage(fmt.Sprintf("the text says %s, and -d says %q", daySaid(said, day), e.day), "leave out one of them")
		}
	}
	e.day, e.text, e.dayInText = said, rest, true
	return nil
}

// leadingDay returns the day that words begin with, and how many of them say it.
func (e *newEntry) leadingDay(w *writer, words []string) (day civil.Date, n int, err error) {
	const most = 4 // the day before yesterday
	for n = min(len(words), most); n > 0; n-- {
		said := strings.TrimRight(strings.Join(words[:n], " "), ":,")
		day, err = civil.ParseWords(said, w.session.today, e.planned)
		if !errors.Is(err, civil.ErrWords) {
			return day, n, err
		}
	}
	return day, 0, nil
}

// trailingDay returns the day that all of the text behind a header says, or that
// stands between the header and its colon.
func (e *newEntry) trailingDay(w *writer) (header string, day civil.Date, n int, rest string, err error) {
	draft := e.draft(w)
	p, err := draft.parts(w, e.text)
	if err != nil || p.header == "" {
		return "", day, 0, "", nil
	}
	words := strings.Fields(p.text)
	day, n, err = e.leadingDay(w, words)
	header = strings.TrimSpace(strings.TrimSuffix(e.text, p.text))
	switch {
	case n == 0:
	case n == len(words):
		return header, day, n, "", err
	case strings.HasSuffix(words[n-1], ":") && !strings.HasSuffix(header, ":"):
		return header, day, n, ": " + strings.Join(words[n:], " "), err
	}
	return "", day, 0, "", nil
}

// plainly says whether words are a day and can hardly be anything else.
func (e *newEntry) plainly(words []string) bool {
	switch strings.ToLower(strings.TrimRight(words[0], ":,")) {
	case "today", "yesterday", "tomorrow", "last", "next", "the", "day", "on":
		return true
	}
	last := strings.ToLower(strings.TrimRight(words[len(words)-1], ":,"))
	return last == "ago" || strings.HasSuffix(last, "day")
}

func isDate(word string) bool {
	_, err := civil.Parse(strings.TrimRight(word, ":,"))
	return err == nil
}

// isText says whether a text has no header.
func (e *newEntry) isText(w *writer, text string) bool {
	draft := e.draft(w)
	p, err := draft.parts(w, text)
	return err == nil && p.header == "" && text != ""
}

// askDay asks whether a sentence that begins with a day happened on it.
func (e *newEntry) askDay(w *writer, day civil.Date, said, rest string) error {
	if !w.StdinIsTerminal {
		return usage(fmt.Sprintf("the text begins with a day: %s", daySaid(said, day)),
			fmt.Sprintf("say the day with -d: -d %s, or -d today if %s is part of what you say", quoted(said), quoted(said)))
	}
	yes, err := w.askYes(fmt.Sprintf("Was it on %v?", day))
	if yes {
		e.day, e.text, e.dayInText = said, rest, true
	}
	return err
}

// settleSecond adds those who are named before the header of the text, as if they were
// named before the text.
func (e *newEntry) settleSecond(w *writer, who []*journal.Contact) ([]*journal.Contact, error) {
	words := strings.Fields(e.text)
	if len(words) == 0 || !e.isText(w, e.text) {
		return who, nil
	}
	found, n := w.named(words)
	rest := strings.Join(words[n:], " ")
	if n == 0 || rest != "" && e.isText(w, rest) {
		return who, nil
	}
	c, err := w.one(strings.Join(words[:n], " "), found)
	if err != nil {
		return nil, err
	}
	if e.text = rest; !slices.Contains(who, c) {
		who = append(who, c)
	}
	return who, nil
}

// settleNames makes links of the names that stand where somebody who took part is
// named: behind "with", and before a colon that ends a header once they are links.
func (e *newEntry) settleNames(w *writer, own *journal.Contact) error {
	words := strings.Fields(e.text)
	end := len(words)
	if colon := slices.IndexFunc(words, func(word string) bool { return strings.HasSuffix(word, ":") }); colon >= 0 {
		end = colon + 1
	}
	var behindWith, everywhere []nameIn
	joined := false // to a name before it
	for i := 0; i < end; {
		before := ""
		if i > 0 {
			before = strings.ToLower(words[i-1])
		}
		open := before == "with" || before == "w/" || joined && (isAnd(before) || strings.HasSuffix(before, ","))
		found, n := w.named(words[i:end])
		if n == 0 || !open && (len(found) > 1 || e.known(w, words[i])) || len(found) == 1 && found[0] == own {
			joined = strings.Contains(words[i], "]]") || joined && isAnd(strings.ToLower(words[i]))
			i++
			continue
		}
		bare := strings.TrimRight(strings.Join(words[i:i+n], " "), ",:.;!?")
		c, err := w.one(bare, found)
		if err != nil {
			return err
		}
		name := nameIn{i, n, bare, c}
		everywhere = append(everywhere, name)
		if joined = open; open {
			behindWith = append(behindWith, name)
		}
		i += n
	}
	names, text := everywhere, w.linked(words, everywhere)
	if len(everywhere) > len(behindWith) && (end == len(words) || !e.endsHeader(w, text, strings.Join(words[end:], " "))) {
		names, text = behindWith, w.linked(words, behindWith)
	}
	for _, n := range names {
		e.text = text
		fmt.Fprintf(w.Stderr, "kith: %s is %s\n", n.bare, called(n.is))
	}
	return nil
}

// nameIn is a name among words: where it begins, how many words it has, and whose it is.
type nameIn struct {
	at, n int
	bare  string
	is    *journal.Contact
}

// linked joins words, with links in the place of names.
func (w *writer) linked(words []string, names []nameIn) string {
	words = slices.Clone(words)
	for _, n := range slices.Backward(names) {
		last := words[n.at+n.n-1]
		rest := last[len(strings.TrimRight(last, ",:.;!?")):]
		words = slices.Replace(words, n.at, n.at+n.n, w.journal.Link(n.is)+rest)
	}
	return strings.Join(words, " ")
}

// endsHeader says whether the header of an entry ends where its text is to begin.
func (e *newEntry) endsHeader(w *writer, line, text string) bool {
	draft := e.draft(w)
	p, err := draft.parts(w, line)
	return err == nil && p.header != "" && p.text == text
}

// known says whether a word has a meaning in a header.
func (e *newEntry) known(w *writer, word string) bool {
	draft := e.draft(w)
	p, err := draft.parts(w, strings.TrimRight(word, ":,"))
	return err != nil || p.header != ""
}

// named returns those whose whole name, or first name, words begin with, and how many
// of the words it has.
func (w *writer) named(words []string) (found []*journal.Contact, n int) {
	const most = 4
	for n = min(len(words), most); n > 0; n-- {
		name := strings.Join(words[:n], " ")
		bare := strings.TrimRight(name, ",:.;!?")
		if inner := strings.Join(words[:n-1], " "); strings.ContainsAny(inner, ",:;[") || strings.Contains(name, "[[") {
			continue
		}
		if found = w.journal.FirstNamed(bare); len(found) > 0 {
			return found, n
		}
	}
	return nil, 0
}

// settleDue takes the day on which a task is due from the end of its text.
func settleDue(w *writer, text string) (rest, by string) {
	words := strings.Fields(text)
	for i := len(words) - 2; i > 0; i-- {
		switch strings.ToLower(strings.Trim(words[i], "(:")) {
		case "by", "due", "until", "before":
			said := strings.Trim(strings.Join(words[i+1:], " "), "().:")
			if _, err := civil.ParseWords(said, w.session.today, true); !errors.Is(err, civil.ErrWords) {
				return strings.Join(words[:i], " "), said
			}
		}
	}
	return text, ""
}
