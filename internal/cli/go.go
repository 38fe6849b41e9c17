package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"kith/internal/draft"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/serve"
)

func (a *app) goCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "go",
		Short: "today's people one after the other, a key for each answer",
		Long: `Takes the people of today one at a time: those whose birthday it is, the few to write
to, then those about whom nobody said how often. It shows what kith today does,
and a key does the rest: d draft, l log, s snooze, h how often, e edit, n next,
p the one before, u undo, q quit. It writes as kith log and its like do, and works
over ssh.`,
		Example: "  kith go",
		Args:    args(0, 0, "kith go --help says which keys there are"),
		RunE: func(*cobra.Command, []string) error {
			if !a.StdinIsTerminal || !a.StderrIsTerminal || a.Getenv("TERM") == "dumb" {
				return fail("kith go asks on a terminal that can be drawn on, and this is none", "kith today prints the same people")
			}
			s, err := a.open()
			if err != nil {
				return err
			}
			a.tellProblems(s.journal.Problems())
			r := newRound(a, s)
			if len(r.turns) == 0 {
				fmt.Fprintln(a.Stderr, "kith: nobody needs a word from you today")
				return nil
			}
			if _, err := tea.NewProgram(r, tea.WithInput(a.Stdin), tea.WithOutput(a.terminal)).Run(); err != nil {
				return fail("drawing on the terminal: "+err.Error(), "kith today prints the same people")
			}
			return nil
		},
	}
}

// A round takes the people of a day one at a time. It writes what a page of kith serve
// would, by the same commands.
type round struct {
	*toucher
	turns []turn
	at    int // in turns; behind the last when all had theirs
	undo  []written

	mode  mode
	input textinput.Model // of a line that is being written
	draft string          // that is being read
	told  string          // what came of the last key, if there is something to say

	width, height int
}

// A turn is somebody whose turn it is.
type turn struct {
	slug   string
	born   string // what to say of their birthday, if it is today
	decide bool   // whether it is to ask how often
}

// What was written can be taken back.
type written struct {
	hash string // names it for undo
	at   int    // whose turn it was
}

// mode is what the keys mean.
type mode uint8

const (
	choosing mode = iota // what to do
	reading              // a draft
	logging              // the line of an entry is written
	snoozing             // the day until when
	deciding             // how often
)

func newRound(a *app, s *session) *round {
	quiet := *a // a command says what is wrong with a message; the card has no room for it
	quiet.Stderr = io.Discard
	r := &round{toucher: &toucher{app: &quiet, session: s}}
	few := s.view.TodaysFew()
	seen := map[string]bool{}
	add := func(t turn) {
		if !seen[t.slug] {
			seen[t.slug] = true
			r.turns = append(r.turns, t)
		}
	}
	for _, y := range s.view.Anniversaries(1) {
		if y.Label == "birthday" && !y.Row.InTouch {
			add(turn{slug: y.Row.Contact.Slug, born: anniversaryWords(y)})
		}
	}
	for _, p := range few.People {
		if !p.Done() {
			add(turn{slug: p.Row.Contact.Slug})
		}
	}
	for _, d := range few.Decide {
		add(turn{slug: d.Contact.Slug, decide: true})
	}
	r.enter()
	return r
}

func (r *round) Init() tea.Cmd { return nil }

func (r *round) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.width, r.height = msg.Width, msg.Height
		r.input.SetWidth(max(10, r.width-4))
	case edited:
		if msg.err != nil {
			r.told = fmt.Sprintf("the editor ended with: %v", msg.err)
		}
		r.reread()
	case tea.KeyPressMsg:
		return r, r.press(msg)
	case tea.PasteMsg:
		if r.mode == logging || r.mode == snoozing {
			return r, r.typed(msg)
		}
	}
	return r, nil
}

// press does what a key says.
func (r *round) press(key tea.KeyPressMsg) tea.Cmd {
	r.told = ""
	if key.String() == "ctrl+c" {
		return tea.Quit
	}
	switch r.mode {
	case logging, snoozing:
		return r.pressInLine(key)
	case deciding:
		return r.pressHowOften(key)
	case reading:
		return r.pressInDraft(key)
	}
	c := r.contact()
	switch key.String() {
	case "d", "enter":
		r.readDraft(c)
	case "l":
		r.begin(logging, r.session.view.Row(c.Slug).Habit("email", note.Outbound, note.Mutual)+": ")
	case "s":
		r.begin(snoozing, "2w")
	case "h":
		r.mode = deciding
	case "e":
		return r.editNote(c)
	case "n", "space", "right", "down", "j":
		return r.next()
	case "p", "left", "up", "k":
		r.at = max(0, r.at-1)
		r.enter()
	case "u":
		return r.takeBack()
	case "q", "esc", "ctrl+d":
		return tea.Quit
	}
	return nil
}

// begin lets a line be written, which is begun already.
func (r *round) begin(m mode, begun string) {
	r.mode, r.input = m, textinput.New()
	r.input.SetStyles(textinput.Styles{}) // a plain line
	r.input.SetVirtualCursor(false)
	r.input.SetWidth(max(10, r.width-4))
	r.input.SetValue(begun)
	r.input.Focus()
}

func (r *round) pressInLine(key tea.KeyPressMsg) tea.Cmd {
	switch key.String() {
	case "esc":
		r.mode = choosing
		return nil
	case "enter":
		act := serve.Action{Do: "log", Who: r.contact().Slug, Text: r.input.Value()}
		if r.mode == snoozing {
			act.Do, act.Hash = "snooze", r.contact().File.FrontHash()
		}
		return r.write(act)
	}
	return r.typed(key)
}

// typed changes the line that is being written.
func (r *round) typed(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	r.input, cmd = r.input.Update(msg)
	return cmd
}

func (r *round) pressHowOften(key tea.KeyPressMsg) tea.Cmd {
	word := key.String()
	switch word {
	case "esc":
		r.mode = choosing
		return nil
	case "x":
		return tea.Quit
	}
	for _, d := range decisions {
		if string(rune(d.key)) != word {
			continue
		}
		if d.every == "" {
			return r.next()
		}
		return r.write(serve.Action{Do: "every", Who: r.contact().Slug, Text: d.every, Hash: r.contact().File.FrontHash()})
	}
	return nil
}

func (r *round) pressInDraft(key tea.KeyPressMsg) tea.Cmd {
	c := r.contact()
	switch key.String() {
	case "c":
		copied, err := r.fillClipboard(c, r.draft)
		switch {
		case err != nil:
			r.told = err.Error()
		case copied:
			r.told = "It is in the clipboard."
		default:
			r.told = "It was given to the terminal's clipboard."
			return tea.SetClipboard(r.draft)
		}
	case "m":
		messages, err := r.draftOf(r.session, r.session.brief(c), "")
		if err == nil {
			var address string
			if address, err = r.mailDraft(c, messages[0]); err == nil {
				r.told = "A mail to " + address + " is open in your mail program."
			}
		}
		if err != nil {
			r.told = err.Error()
		}
	case "l":
		r.begin(logging, r.session.view.Row(c.Slug).Habit("email", note.Outbound, note.Mutual)+": ")
	case "esc", "q", "d", "enter":
		r.mode = choosing
	}
	return nil
}

func (r *round) readDraft(c *journal.Contact) {
	messages, err := r.draftOf(r.session, r.session.brief(c), draft.Kind(""))
	if err != nil {
		r.told = err.Error()
		return
	}
	r.mode, r.draft = reading, draftText(messages)
}

// write writes, says what was written above the card, and goes on.
func (r *round) write(act serve.Action) tea.Cmd {
	at := r.at
	answer := r.touch(context.Background(), act)
	if answer.Error != "" {
		r.told = strings.Join(kept(answer.Error, answer.Hint), ": ")
		if answer.Status == http.StatusConflict { // what the card says is old
			r.reread()
		}
		return nil
	}
	if answer.Undo != "" {
		r.undo = append(r.undo, written{answer.Undo, at})
	}
	r.reread()
	var said text
	said.addf("%s  %s", bold(r.contact().Name), answer.Said)
	if answer.Read != "" {
		said.addf("\n  %s", dim(answer.Read))
	}
	if answer.Hint != "" {
		said.addf("\n  %s", yellow(answer.Hint))
	}
	return tea.Sequence(tea.Println(r.drawn(said)), r.next())
}

// next goes on to whose turn it is then; behind the last it ends.
func (r *round) next() tea.Cmd {
	r.at++
	if r.at < len(r.turns) {
		r.enter()
		return nil
	}
	return tea.Sequence(tea.Println("That is all for today."), tea.Quit)
}

// takeBack undoes what was written last in this round.
func (r *round) takeBack() tea.Cmd {
	if len(r.undo) == 0 {
		r.told = "There is nothing to take back that was written here; kith undo goes further back."
		return nil
	}
	last := r.undo[len(r.undo)-1]
	answer := r.touch(context.Background(), serve.Action{Do: "undo", Hash: last.hash})
	if answer.Error != "" {
		r.told = strings.Join(kept(answer.Error, answer.Hint), ": ")
		return nil
	}
	r.undo = r.undo[:len(r.undo)-1]
	r.at = last.at
	r.reread()
	return tea.Println(r.drawn(spaced(bold(r.contact().Name), plain("taken back"))))
}

// edited is the message that the editor was closed.
type edited struct{ err error }

func (r *round) editNote(c *journal.Contact) tea.Cmd {
	editor, err := r.editor()
	if err != nil {
		r.told = err.Error() + ": export EDITOR=nano"
		return nil
	}
	words := atLine(editor, filepath.Join(r.session.dir, filepath.FromSlash(c.File.Path)), newestLine(c))
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = r.Dir
	return tea.ExecProcess(cmd, func(err error) tea.Msg { return edited{err} })
}

// reread reads the journal as it is by now. Those who are there no more have no turn.
func (r *round) reread() {
	s := *r.session
	if err := r.read(&s); err != nil {
		r.told = err.Error()
		return
	}
	s.view, s.wishes = due.New(s.journal, s.today), nil
	*r.session = s
	for i := 0; i < len(r.turns); {
		if s.journal.Contact(r.turns[i].slug) != nil {
			i++
			continue
		}
		r.turns = slices.Delete(r.turns, i, i+1)
		r.undo = slices.DeleteFunc(r.undo, func(w written) bool { return w.at == i })
		for k := range r.undo {
			if r.undo[k].at > i {
				r.undo[k].at--
			}
		}
		if r.at > i {
			r.at--
		}
	}
	r.at = min(r.at, len(r.turns)-1)
	r.enter()
}

// enter shows whose turn it is.
func (r *round) enter() {
	r.mode = choosing
	if r.at < len(r.turns) && r.turns[r.at].decide {
		r.mode = deciding
	}
}

func (r *round) contact() *journal.Contact { return r.session.journal.Contact(r.turns[r.at].slug) }

// card is what there is to say to whose turn it is.
func (r *round) card() *sheet {
	t := r.turns[r.at]
	row := r.session.view.Row(t.slug)
	var lines []line
	if t.born != "" {
		lines = append(lines, line{Text: t.born})
	}
	if t.decide {
		lines = append(lines, line{Text: aboutNew(row, r.session.today)})
	} else {
		if who := r.whoLine(row.Contact); who != "" {
			lines = append(lines, line{Text: who})
		}
		reasons := row.Reasons
		few := r.session.view.TodaysFew().People
		if i := slices.IndexFunc(few, func(p due.Pick) bool { return p.Row == row }); i >= 0 {
			reasons = few[i].Reasons()
		}
		for _, l := range r.morning(r.session, row, reasons, map[journal.TaskRef]bool{}) {
			l.Command = "" // there is a key for it
			lines = append(lines, l)
		}
	}
	s := &sheet{Title: fmt.Sprintf("%d of %d", r.at+1, len(r.turns))}
	s.add(row.Contact.Name, lines...)
	return s
}

func (r *round) View() tea.View {
	if r.at >= len(r.turns) {
		return tea.NewView("")
	}
	card := r.card().plain()
	if r.mode == reading {
		card = append(bold("To "+r.contact().Name), plain("\n\n"+r.draft)...)
	}
	foot := plain("\n")
	if r.told != "" {
		foot.addf("%s\n\n", yellow(r.told))
	}
	above, below := r.wrap(r.drawn(card)), r.wrap(r.drawn(append(foot, r.keys()...)))
	writes := r.mode == logging || r.mode == snoozing
	room := r.height - strings.Count(below, "\n") - 1
	if writes {
		room -= 2
	}
	// The keys stay in sight where a screen is low.
	if lines := strings.SplitAfter(strings.TrimSuffix(above, "\n"), "\n"); r.height > 0 && len(lines) > room {
		above = strings.Join(lines[:max(0, room-1)], "") + "…\n"
	}
	if !writes {
		return tea.NewView(above + below)
	}
	v := tea.NewView(above + "\n" + r.input.View() + "\n" + below)
	if v.Cursor = r.input.Cursor(); v.Cursor != nil {
		v.Cursor.Y += strings.Count(above, "\n") + 1
	}
	return v
}

// keys says what the keys do.
func (r *round) keys() (said text) {
	named := func(pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			if i > 0 {
				said.addf("   ")
			}
			said.addf("%s %s", bold(pairs[i]), pairs[i+1])
		}
	}
	switch r.mode {
	case reading:
		named("c", "copy", "m", "mail", "l", "log", "esc", "back")
	case logging:
		if read := r.session.journal.ReadingOf(r.contact().File, r.session.today, r.input.Value()); read != "" {
			said.addf("%s\n\n", dim("reads as "+read))
		}
		named("enter", "write it down", "esc", "back")
	case snoozing:
		said.addf("%s\n\n", dim("for how long: 2w, 3 months, next friday"))
		named("enter", "leave in peace", "esc", "back")
	case deciding:
		said.addf("How often would you like to be in touch?\n\n")
		var pairs []string
		for _, d := range decisions {
			pairs = append(pairs, string(rune(d.key)), d.words)
		}
		named(append(pairs, "x", "quit", "esc", "other keys")...)
	default:
		named("d", "draft", "l", "log", "s", "snooze", "h", "how often", "e", "edit", "n", "next", "u", "undo", "q", "quit")
	}
	return said
}

// drawn is a text with the marks of its styles, for a library that draws what it is given.
func (r *round) drawn(t text) string {
	var b strings.Builder
	_ = (&screen{w: &b, colour: func() bool { return r.colourFor(r.StderrIsTerminal) }}).print(t)
	return b.String()
}

// wrap breaks lines that are wider than the terminal; what goes on is indented like what
// it is part of.
func (r *round) wrap(text string) string {
	if r.width == 0 {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		words := strings.TrimLeft(line, " ")
		indent := strings.Repeat(" ", min(len(line)-len(words), r.width/2))
		wrapped := ansi.Wrap(strings.TrimSuffix(words, "\n"), r.width-len(indent), "")
		b.WriteString(indent + strings.ReplaceAll(wrapped, "\n", "\n"+indent))
		if strings.HasSuffix(line, "\n") {
			b.WriteString("\n")
		}
	}
	return b.String()
}
