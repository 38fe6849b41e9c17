package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// pasted reads the text of a command from standard input, where - stands for it at the
// end of its words, or where it has none and something is piped into kith. It returns
// the words without the -.
func (a *app) pasted(words []string) (rest []string, text string, err error) {
	last := len(words) - 1
	switch {
	case last >= 0 && words[last] == "-":
		words = words[:last]
	case last >= 0 || !a.StdinIsPipe:
		return words, "", nil
	}
	const most = 1 << 20 // nobody writes so long a letter
	data, err := io.ReadAll(io.LimitReader(a.in(), most+1))
	switch {
	case err != nil:
		return nil, "", fail("reading standard input: "+reason(err), "nothing was written")
	case len(data) > most:
		return nil, "", fail("standard input has more than 1 MiB", "put it into a file beside the notes, and link to it")
	case !utf8.Valid(data):
		return nil, "", fail("standard input is not UTF-8 text", "nothing was written")
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufeff", "").Replace(string(data))
	return words, strings.TrimSpace(text), nil
}

// paste takes what was read from standard input as the text of an entry. Of several
// lines the entry is one that holds them, and its own line is what the command line
// says, or else the first of them if it says what it was.
func (e *newEntry) paste(w *writer, text string) {
	if !strings.Contains(text, "\n") {
		switch {
		case e.text == "":
			e.text = text
		case !strings.HasSuffix(e.text, ":"):
			e.text += ": " + text
		default:
			e.text += " " + text
		}
		return
	}
	e.letter = text
	if e.text != "" {
		return
	}
	first, rest, _ := strings.Cut(text, "\n")
	switch {
	case !e.isText(w, first) && noTask("", first) == nil:
		e.text, e.letter = first, strings.TrimSpace(rest)
	case e.to || e.from:
		e.text = "letter"
	default:
		e.text = "note"
		fmt.Fprintln(w.Stderr, "kith: a note, and no contact: kith log WHO from letter - says that they wrote it")
	}
}
