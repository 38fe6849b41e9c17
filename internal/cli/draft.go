package cli

import (
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-osc52/v2"
	"github.com/spf13/cobra"

	"kith/internal/draft"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/templates"
)

func (a *app) draftCommand() *cobra.Command {
	var as, to string
	var toClipboard, mail bool
	kinds := make([]string, len(draft.Kinds))
	for i, k := range draft.Kinds {
		kinds[i] = string(k)
	}
	cmd := &cobra.Command{
		Use:   "draft WHO",
		Short: "the beginning of a letter to somebody",
		Long: `Prints a short message to somebody, filled from what the journal says: thanks,
your news, a question, a promise. It is a beginning: change it until it is yours.
Without --as it is the one that suits the first reason to write.

An introduction, --as intro --to OTHER, is three messages: one that asks each of
the two, and the letter to both for when they said yes.`,
		Example:           "  kith draft philippa\n  kith draft siobhan --as hello --copy\n  kith draft siobhan --as intro --to 李淑云",
		Args:              args(1, 1<<16, "kith draft ada"),
		ValidArgsFunction: a.completeWho(false),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case as != "" && !slices.Contains(kinds, as):
				return usage(fmt.Sprintf("--as is %q; accepted are %s", as, strings.Join(kinds, ", ")), "kith draft "+args[0])
			case as == string(draft.Intro) && to == "":
				return usage("an introduction needs the other of the two", "kith draft "+args[0]+" --as intro --to WHO")
			case to != "" && as != "" && as != string(draft.Intro):
				return usage("--to is for an introduction", "kith draft "+args[0]+" --as intro --to "+to)
			}
			s, err := a.open()
			if err != nil {
				return err
			}
			c, err := a.who(s, strings.Join(args, " "))
			if err != nil {
				return err
			}
			var messages []draft.Message
			if to != "" {
				messages, err = a.introduction(s, c, to)
			} else {
				messages, err = a.draftOf(s, s.brief(c), draft.Kind(as))
			}
			if err != nil {
				return err
			}
			switch {
			case mail:
				address, err := a.mailDraft(c, messages[0])
				if err == nil {
					fmt.Fprintf(a.Stderr, "kith: a mail to %s is open in your mail program\n", address)
				}
				return err
			case toClipboard:
				return a.copyDraft(c, messages)
			}
			fmt.Fprint(a.Stdout, draftText(messages))
			return nil
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "what it is for: "+strings.Join(kinds, ", "))
	cmd.Flags().StringVar(&to, "to", "", "the other `person` of an introduction")
	cmd.Flags().BoolVar(&toClipboard, "copy", false, "copy it to the clipboard instead")
	cmd.Flags().BoolVar(&mail, "mail", false, "open it in your mail program instead")
	_ = cmd.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(kinds, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("to", a.completeWho(false))
	cmd.MarkFlagsMutuallyExclusive("copy", "mail")
	return cmd
}

// messageSet reads the message templates, and tells what is wrong with the journal's
// own.
func (a *app) messageSet(s *session) *draft.Set {
	set := draft.NewSet(templates.FS, s.root.FS())
	a.printProblems(set.Problems())
	return set
}

// draftOf writes a draft from a brief; without a kind, the one that suits it.
func (a *app) draftOf(s *session, b due.Brief, k draft.Kind) ([]draft.Message, error) {
	if k == "" {
		k = draft.KindFor(b, s.today)
	}
	m, err := a.messageSet(s).Write(k, b, s.journal.Parser().PlainText, s.today, s.journal.Settings.Name)
	if err != nil {
		return nil, fail(err.Error(), "kith help drafts says what a message can hold")
	}
	return []draft.Message{m}, nil
}

// introduction writes the three messages that bring two people together.
func (a *app) introduction(s *session, c *journal.Contact, to string) ([]draft.Message, error) {
	other, err := a.who(s, to)
	if err != nil {
		return nil, err
	}
	if other == c {
		return nil, usage(fmt.Sprintf("%s and %s are one person", c.Name, to), "name the other of the two with --to")
	}
	one, two := s.brief(c), s.brief(other)
	meeting := due.Meeting(one.Row, two.Row)
	messages, err := a.messageSet(s).Introduce(one, two, meeting, s.journal.Parser().PlainText, s.today, s.journal.Settings.Name)
	if err != nil {
		return nil, fail(err.Error(), "kith help drafts says what a message can hold")
	}
	return messages, nil
}

// draftText is what is printed: the message alone, or each of several below whom
// it is for.
func draftText(messages []draft.Message) string {
	if len(messages) == 1 {
		return messages[0].Text
	}
	var b strings.Builder
	for i, m := range messages {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "To %s:\n\n%s", m.To, m.Text)
	}
	return b.String()
}

// mailDraft hands a draft to the system's mail program, and returns the address.
func (a *app) mailDraft(c *journal.Contact, m draft.Message) (string, error) {
	mail := c.Front().Email
	if len(mail) == 0 {
		return "", fail(c.Name+" has no e-mail address in the journal", "kith draft "+c.Slug+" --copy, or add email: to "+c.File.Path)
	}
	if err := a.start(opener(m.Mailto(mail[0]))); err != nil {
		return "", fail("opening the mail program: "+reason(err), "kith draft "+c.Slug+" --copy")
	}
	return mail[0], nil
}

// opener returns the command by which a system opens an address.
func opener(address string) []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{"open", address}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", address}
	}
	return []string{"xdg-open", address}
}

// start runs a command that goes on by itself.
func (a *app) start(words []string) error {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = a.Dir
	return cmd.Run()
}

// copyDraft puts a draft into the clipboard: by the system's tool, or by the terminal
// where there is none, as over ssh (OSC 52).
func (a *app) copyDraft(c *journal.Contact, messages []draft.Message) error {
	text := draftText(messages)
	copied, err := a.fillClipboard(c, text)
	switch {
	case err != nil:
		return err
	case copied:
		fmt.Fprintf(a.Stderr, "kith: a draft to %s is in the clipboard\n", c.Name)
		return nil
	case !a.StderrIsTerminal:
		return fail("there is no clipboard: neither a tool for it nor a terminal", "kith draft "+c.Slug+" prints it")
	}
	// Past the writer that lets no escape sequence of a note through: this one is ours.
	if _, err := osc52.New(text).WriteTo(a.terminal); err != nil {
		return fail("copying by way of the terminal: "+err.Error(), "kith draft "+c.Slug+" prints it")
	}
	fmt.Fprintf(a.Stderr, "kith: a draft to %s was given to the terminal's clipboard\n", c.Name)
	return nil
}

// fillClipboard puts a draft to somebody into the clipboard of the system, if that has a
// tool for it and the person sits before it.
func (a *app) fillClipboard(c *journal.Contact, text string) (copied bool, err error) {
	remote := a.Getenv("SSH_TTY") != "" || a.Getenv("SSH_CONNECTION") != ""
	for _, tool := range a.clipboards() {
		if _, err := exec.LookPath(tool[0]); err != nil || remote {
			continue
		}
		cmd := exec.Command(tool[0], tool[1:]...)
		cmd.Stdin = strings.NewReader(text)
		if err := cmd.Run(); err != nil {
			return false, fail(fmt.Sprintf("copying with %s: %s", tool[0], reason(err)), "kith draft "+c.Slug+" prints it")
		}
		return true, nil
	}
	return false, nil
}

// clipboards are the tools that fill the clipboard of a system.
func (a *app) clipboards() [][]string {
	switch {
	case runtime.GOOS == "darwin":
		return [][]string{{"pbcopy"}}
	case runtime.GOOS == "windows":
		return [][]string{{"clip"}}
	case a.Getenv("WAYLAND_DISPLAY") != "":
		return [][]string{{"wl-copy"}, {"xclip", "-selection", "clipboard"}, {"xsel", "--clipboard", "--input"}}
	case a.Getenv("DISPLAY") != "":
		return [][]string{{"xclip", "-selection", "clipboard"}, {"xsel", "--clipboard", "--input"}}
	}
	return [][]string{{"clip.exe"}, {"termux-clipboard-set"}}
}
