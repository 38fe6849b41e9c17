package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
)

func (a *app) logCommand() *cobra.Command {
	var e newEntry
	cmd := &cobra.Command{
		Use:   "log WHO [TEXT...]",
		Short: "write down that you were in touch",
		Long: `Adds an entry to somebody's file, in its order and its style. TEXT is the
entry's line without the date. Without TEXT, kith asks for it on a terminal, and
else opens $VISUAL or $EDITOR with the line begun. Several WHO with commas
between them are one entry, in the file of the first.

A shell eats > and < and #. --to, --from and --tag stand for them, and the words
to and from do as well: email from her: … Quote what else a shell would change:
'it'"'"'s', "What now?", '$5'.

With - at the end, or no TEXT and something piped in, the text is read from standard
input. A letter of several lines becomes an entry with a dated heading: say before
the - what it was (from letter -).

A day at the beginning of TEXT is the entry's (yesterday coffee: …), and the name of
somebody behind "with" becomes a link to them: kith says who was meant.

-d takes 2026-11-02 and words (yesterday, friday, "3 days ago", "nov 2"), in the
past unless --planned says that it is yet to come.`,
		Example: `  kith log edith coffee gave: lent her my atlas
  kith log edith,matteo dinner: at the harbour -d yesterday
  kith log edith --from letter: "What now?" --tag boats
  kith log edith yesterday coffee with matteo: on the pier
  kith log edith from letter - < letter.txt
  kith log edith lunch --planned -d "next friday"`,
		Args:              args(1, 1<<16, "kith log ada coffee: talked about the engine"),
		ValidArgsFunction: a.completeLog,
	}
	e.flags(a, cmd)
	cmd.Flags().BoolVar(&e.to, "to", false, "you wrote to them, as >")
	cmd.Flags().BoolVar(&e.from, "from", false, "they wrote to you, as <")
	return a.writing(cmd, func(w *writer, args []string) error {
		if e.to && e.from {
			return usage("--to and --from say different things", "leave one of them out")
		}
		if err := w.openNotes(); err != nil {
			return err
		}
		who, rest, err := w.people(args)
		if err != nil {
			return err
		}
		rest, pasted, err := w.pasted(rest)
		if err != nil {
			return err
		}
		e.text, e.file = oneLine(rest), who[0].File
		if pasted != "" {
			e.paste(w, pasted)
		}
		settle := func() error {
			if who, err = e.settle(w, who); err != nil {
				return err
			}
			return e.setDay(w.session)
		}
		if err := settle(); err != nil {
			return err
		}
		if e.text == "" {
			if err := w.askFor(&e, "What happened with "+names(who)); err != nil {
				return err
			}
			if err := settle(); err != nil {
				return err
			}
		}
		line, err := e.line(w, who[1:])
		if err != nil {
			return err
		}
		if err := w.unlessThere(who[0], line); err != nil {
			return err
		}
		return w.do("nothing to write", func(p *plan) error {
			return p.edit(who[0].File.Path, func(src []byte) (revise.Change, error) {
				if e.letter != "" {
					return revise.AddLetter(p.parser, who[0].File.Path, note.Contact, src, line, e.letter)
				}
				return revise.AddEntry(p.parser, who[0].File.Path, note.Contact, src, line)
			})
		})
	})
}

// unlessThere asks before a line is written that is in somebody's file already, or warns
// of it where nobody can be asked.
func (w *writer) unlessThere(c *journal.Contact, line string) error {
	src, err := folder.ReadFile(w.root.FS(), c.File.Path, note.MaxSize)
	if err != nil {
		return nil // as the plan will say
	}
	number := 0
	for text := range strings.Lines(string(src)) {
		number++
		if strings.TrimSpace(strings.TrimLeft(text, "-*+# \t")) != line {
			continue
		}
		there := fmt.Sprintf("%s:%d has this line already", c.File.Path, number)
		if !w.StdinIsTerminal {
			w.errs.printf("kith: %s %s\n", yellow("warning:"), there)
			return nil
		}
		yes, err := w.askYes(there + ". Write it again?")
		if err == nil && !yes {
			err = fail("nothing was written", "")
		}
		return err
	}
	return nil
}

// A newEntry is what the command line says of an entry.
type newEntry struct {
	day      string
	planned  bool
	to, from bool
	tags     []string

	date civil.Date
	text string
	file *journal.File // where the entry is to stand; nil for a journal file

	letter    string // what stands below the entry's line
	dayInText bool   // where day was found
}

// today is the day of an entry of which none is said, and dayInText where one was found
// that no flag says.
const (
	today     = "today"
	dayInText = "the day in the text"
)

func (e *newEntry) flags(a *app, cmd *cobra.Command) {
	cmd.Flags().StringVarP(&e.day, "date", "d", "", "the `day`: 2026-11-02, yesterday, \"last friday\" (default today)")
	cmd.Flags().BoolVar(&e.planned, "planned", false, "the day is yet to come")
	cmd.Flags().StringSliceVar(&e.tags, "tag", nil, "a `tag`, as #tag; may be said again")
	_ = cmd.RegisterFlagCompletionFunc("tag", a.completeTag)
	_ = cmd.RegisterFlagCompletionFunc("date", cobra.FixedCompletions([]string{today, "yesterday", "last friday", "a week ago"}, cobra.ShellCompDirectiveNoFileComp))
}

// setDay finds the day of the entry, which is past unless it is planned.
func (e *newEntry) setDay(s *session) error {
	if e.planned && (e.day == "" || e.day == today) {
		return usage("--planned needs the day: -d", `kith log ada lunch --planned -d "next friday"`)
	}
	said := cmp.Or(e.day, today)
	what := "-d"
	if e.dayInText {
		what = dayInText
	}
	d, err := civil.ParseWords(said, s.today, e.planned)
	switch {
	case err != nil:
		return badDay(what, said, err)
	case e.planned && !d.After(s.today):
		return usage(fmt.Sprintf("%s is %s, which is not after today (%v)", what, daySaid(said, d), s.today), "leave out --planned for what happened already")
	case !e.planned && d.After(s.today):
		return usage(fmt.Sprintf("%s is %s, which is after today (%v)", what, daySaid(said, d), s.today), "--planned says that it is yet to come")
	}
	e.date = d
	return nil
}

func badDay(flag, text string, err error) error {
	return usage(fmt.Sprintf("%s is %q: %v", flag, text, err), "")
}

// daySaid is a day in the words of whoever said it, and as a date if that is not the
// same.
func daySaid(text string, d civil.Date) string {
	if text == d.String() {
		return text
	}
	return fmt.Sprintf("%q (%v)", text, d)
}

// line puts the entry's line together, with further participants.
func (e *newEntry) line(w *writer, with []*journal.Contact) (string, error) {
	text := strings.TrimSpace(e.text)
	if _, err := civil.ParsePrefix(text); err != civil.ErrNotADate {
		return "", usage(fmt.Sprintf("the text begins with a date: %.10s", text), "say the day with -d: -d "+text[:10])
	}
	parts, err := e.parts(w, text)
	if err != nil {
		return "", err
	}
	for _, tag := range e.tags {
		if note.TagSlug(tag) == "" {
			return "", usage(fmt.Sprintf("--tag is %q, which has no letter or digit", tag), "--tag boats")
		}
		parts.text = strings.TrimLeft(parts.text+" #"+strings.TrimPrefix(tag, "#"), " ")
	}
	switch {
	case e.to:
		parts.arrow(">")
	case e.from:
		parts.arrow("<")
	}
	parts.join(w.journal, with)
	line := parts.String()
	// See whether it means what was meant.
	got, err := e.entry(w, line)
	if err != nil {
		return "", err
	}
	took := map[*journal.Contact]bool{}
	for _, name := range got.with {
		c := w.journal.Target(name)
		if took[c] = true; c == nil {
			w.errs.printf("kith: %s [[%s]] leads to nobody, or to more than one\n", yellow("warning:"), name)
		}
	}
	for _, c := range with {
		if !took[c] {
			return "", fail(fmt.Sprintf("%s would not take part in %q", c.Name, line), "begin the text with what it was: dinner: …")
		}
	}
	for _, tag := range e.tags {
		if !slices.Contains(got.tags, note.TagSlug(strings.TrimPrefix(tag, "#"))) {
			return "", usage(fmt.Sprintf("#%s would be no tag in %q", strings.TrimPrefix(tag, "#"), line), "a tag is letters, digits, _, - and /, at least one of them a letter")
		}
	}
	return line, nil
}

// entryParts are an entry's line: date and time, header, text.
type entryParts struct {
	when, header, text string
	direction          note.Direction
}

func (p *entryParts) String() string {
	line := p.when
	if p.header != "" {
		line += " " + p.header
	}
	if p.text != "" {
		line += " " + p.text
	}
	return line
}

// arrow puts an arrow before the header. Text of its own that has a colon must not
// be taken for a header then.
func (p *entryParts) arrow(sign string) {
	if p.header == "" && strings.Contains(p.text, ":") {
		sign += ":"
	}
	p.header = strings.TrimSpace(sign + " " + p.header)
	p.direction = note.Outbound
	if sign[0] == '<' {
		p.direction = note.Inbound
	}
}

// join lets others take part.
func (p *entryParts) join(j *journal.Journal, with []*journal.Contact) {
	var links []string
	for _, c := range with {
		links = append(links, j.Link(c))
	}
	if len(links) == 0 {
		return
	}
	word := "with"
	switch p.direction {
	case note.Outbound:
		word = "to"
	case note.Inbound:
		word = "from"
	}
	header, colon := strings.CutSuffix(p.header, ":")
	if p.header == "" {
		colon = p.text != ""
	}
	p.header = strings.TrimSpace(header + " " + word + " " + strings.Join(links, ", "))
	if colon {
		p.header += ":"
	}
}

// readEntry is an entry and those that its header names.
type readEntry struct {
	note.Entry
	kind, text string
	tags, with []string
}

// draft is an entry of today in the same file, for a text to be read as one.
func (e *newEntry) draft(w *writer) newEntry { return newEntry{date: w.session.today, file: e.file} }

// entry reads an entry's line as its file would: names of the contact's own are among the
// words of a header.
func (e *newEntry) entry(w *writer, line string) (readEntry, error) {
	path, kind, front := "", note.Journal, ""
	if e.file != nil {
		path, kind, front = e.file.Path, e.file.Kind, strings.TrimSuffix(e.file.Source, e.file.Body())
	}
	n := w.parser.Parse(path, kind, []byte(front+"\n- "+line+"\n"))
	if len(n.Entries) != 1 || n.Entries[0].Date != e.date {
		return readEntry{}, fail(fmt.Sprintf("%q would not be an entry", line), "write it without what Markdown takes for something else")
	}
	read := &n.Entries[0]
	r := readEntry{Entry: *read, kind: n.EntryKind(read), text: n.EntryText(read), tags: n.EntryTags(read)}
	for i := range r.Links.All() {
		r.with = append(r.with, n.Links[i].Target)
	}
	return r, nil
}

// parts takes the text of an entry apart.
func (e *newEntry) parts(w *writer, text string) (entryParts, error) {
	p := entryParts{when: e.date.String()}
	got, err := e.entry(w, p.when+" "+text)
	if err != nil {
		return p, err
	}
	p.direction = got.Direction
	p.text = got.text
	p.header = strings.TrimSpace(strings.TrimSuffix(text, got.text))
	if at := got.Time.String(); at != "" {
		p.when += " " + at
		p.header = strings.TrimSpace(strings.TrimPrefix(p.header, at))
	}
	return p, nil
}
