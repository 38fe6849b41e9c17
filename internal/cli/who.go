package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kith/internal/journal"
)

// who returns the contact that WHO means, for a command that reads: of slips of the
// pen it says whom it took.
func (a *app) who(s *session, who string) (*journal.Contact, error) {
	found := s.journal.Find(who)
	if len(found) == 0 {
		if found = s.journal.Guess(who); len(found) == 1 {
			fmt.Fprintf(a.Stderr, "kith: nobody is called %q; taken for %s\n", who, called(found[0]))
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return nil, s.unclear(who, found)
}

// who returns the contact that WHO means, for a command that writes: what may mean
// several people, or somebody only by a slip of the pen, is asked about on a terminal
// and else refused.
func (w *writer) who(who string) (*journal.Contact, error) {
	if found := w.journal.Find(who); len(found) > 0 {
		return w.one(who, found)
	}
	return w.one(who, w.journal.Guess(who))
}

// one returns who of those found for a name is meant.
func (w *writer) one(who string, found []*journal.Contact) (*journal.Contact, error) {
	if len(found) == 1 && len(w.journal.Find(who)) > 0 {
		return found[0], nil
	}
	unclear := w.unclear(who, found)
	if !w.StdinIsTerminal || len(found) == 0 {
		return nil, unclear
	}
	if len(found) == 1 {
		yes, err := w.askYes(fmt.Sprintf("Nobody is called %q. Is it %s?", who, called(found[0])))
		if yes {
			return found[0], err
		}
		return nil, cmp.Or(err, error(unclear))
	}
	list := ""
	for i, c := range found {
		list += fmt.Sprintf("\n  %d  %s", i+1, called(c))
	}
	answer, err := w.ask(fmt.Sprintf("%q may mean:%s\nWhich?", who, list))
	if n, notNumber := strconv.Atoi(answer); notNumber == nil && 0 < n && n <= len(found) {
		return found[n-1], nil
	}
	return nil, cmp.Or(err, error(unclear))
}

// unclear says that WHO is nobody, or may be any of those who were found.
func (s *session) unclear(who string, found []*journal.Contact) *failure {
	const shown = 50
	list := ""
	for _, c := range found[:min(len(found), shown)] {
		list += "\n  " + called(c)
	}
	if more := len(found) - shown; more > 0 {
		list += fmt.Sprintf("\n  and %d more", more)
	}
	nobody := fmt.Sprintf("nobody is called %q", who)
	switch {
	case len(found) == 0:
		return fail(nobody, fmt.Sprintf("kith due --all lists everybody, kith new %s begins a file", quoted(who)))
	case len(s.journal.Find(who)) > 0:
		return fail(fmt.Sprintf("%q may mean any of %d people:%s", who, len(found), list), "name one of them by the word in brackets")
	case len(found) == 1:
		return fail(nobody, fmt.Sprintf("did you mean %s?", called(found[0])))
	}
	return fail(nobody+"; it is near to:"+list, "name one of them by the word in brackets")
}

// called is how a contact is shown where one may have to be named.
func called(c *journal.Contact) string { return fmt.Sprintf("%s (%s)", c.Name, c.Slug) }

// names are people's names as one says them: Ada, Grace and Mary.
func names(who []*journal.Contact) string {
	var list []string
	for _, c := range who {
		list = append(list, c.Name)
	}
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// people reads the WHO that a command line begins with, and returns what stands behind
// it: one person, or several with commas or "and" between them. A name of several words
// needs no quotes.
func (w *writer) people(args []string) (who []*journal.Contact, rest []string, err error) {
	if strings.Trim(args[0], ", ") == "" {
		return nil, nil, usage("WHO is empty", "kith log ada coffee: talked about the engine")
	}
	rest = args
	for more := true; more; {
		var found []*journal.Contact
		if len(rest) == 0 {
			return nil, nil, usage("there is nobody behind the comma", "kith log ada,grace dinner: at the harbour")
		}
		if found, rest, err = w.some(rest); err != nil {
			return nil, nil, err
		}
		for _, c := range found {
			if !slices.Contains(who, c) {
				who = append(who, c)
			}
		}
		last := strings.TrimSpace(args[len(args)-len(rest)-1])
		switch more = strings.HasSuffix(last, ","); {
		case len(rest) > 0 && rest[0] == ",":
			more, rest = true, rest[1:]
		case len(rest) > 1 && isAnd(rest[0]):
			if name, _ := w.longer(rest[1], rest[2:]); len(w.journal.FirstNamed(name)) > 0 {
				more, rest = true, rest[1:]
			}
		}
	}
	return who, rest, nil
}

func isAnd(word string) bool { return word == "and" || word == "&" || word == "+" }

// some reads those whom the first word of a command line names, and the words that
// belong to the last of their names.
func (w *writer) some(args []string) (who []*journal.Contact, rest []string, err error) {
	pieces := []string{args[0]}
	if len(w.journal.Named(args[0])) == 0 { // a name may have a comma in it
		commas := strings.NewReplacer(" and ", ",", " & ", ",", " + ", ",").Replace(strings.Trim(args[0], ", "))
		pieces = strings.Split(commas, ",")
	}
	for _, piece := range pieces[:len(pieces)-1] {
		c, err := w.who(strings.TrimSpace(piece))
		if err != nil {
			return nil, nil, err
		}
		who = append(who, c)
	}
	name := strings.TrimSpace(pieces[len(pieces)-1])
	rest = args[1:]
	if !strings.HasSuffix(args[0], ",") {
		name, rest = w.longer(name, rest)
	}
	c, err := w.who(name)
	if err != nil {
		return nil, nil, err
	}
	return append(who, c), rest, nil
}

// longer adds to a name the words behind it that belong to it: those with which it is
// somebody's whole name, or that which says which of several people is meant, or is
// another word of the name of the one.
func (w *writer) longer(name string, rest []string) (string, []string) {
	for len(rest) > 0 && journal.Honorific(name) {
		name, rest = name+" "+rest[0], rest[1:]
	}
	const most = 5
	for n := min(len(rest), most); n > 0; n-- {
		if whole := name + " " + strings.Join(rest[:n], " "); len(w.journal.Named(whole)) == 1 {
			return whole, rest[n:]
		}
	}
	found := w.journal.Find(name)
	if len(rest) == 0 || len(found) == 0 || slices.Contains(w.journal.Settings.Kinds.Words(), strings.ToLower(rest[0])) {
		return name, rest
	}
	both := name + " " + rest[0]
	with := w.journal.Find(both)
	switch {
	case len(with) == 1 && (len(found) > 1 || journal.HasWord(with[0], rest[0])):
		return both, rest[1:]
	case len(with) == 0:
		if meant := w.journal.Guess(both); len(meant) == 1 && slices.Contains(found, meant[0]) {
			return both, rest[1:]
		}
	}
	return name, rest
}
