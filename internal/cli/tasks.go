package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
)

func (a *app) askCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ask WHO TEXT...",
		Short: "note down what to ask somebody",
		Long: `Adds something to ask to somebody's file, - [?] TEXT. Quote what a shell would
change: the ? at the end of a question, for one.`,
		Example:           `  kith ask edith "how did the lecture go?"`,
		Args:              args(2, 1<<16, `kith ask ada "how did the lecture go?"`),
		ValidArgsFunction: a.completeWho(false),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		if err := w.openPeople(); err != nil {
			return err
		}
		return w.addTask(args[0], "[?] "+oneLine(args[1:]), civil.Date{})
	})
}

func (a *app) promiseCommand() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "promise WHO TEXT...",
		Short: "note down what you promised somebody",
		Long: `Adds a promise to somebody's file, - [ ] TEXT. --by says until when, in the words
of a day to come: friday, "in 2 weeks", "dec 1", 2026-12-01.`,
		Example:           `  kith promise edith send her the paper --by "in 2 weeks"`,
		Args:              args(2, 1<<16, "kith promise ada send her the paper --by friday"),
		ValidArgsFunction: a.completeWho(false),
	}
	cmd.Flags().StringVar(&by, "by", "", "the `day` it is due: friday, \"in 2 weeks\", 2026-12-01")
	_ = cmd.RegisterFlagCompletionFunc("by", cobra.FixedCompletions([]string{"tomorrow", "next friday", "in 2 weeks", "in a month"}, cobra.ShellCompDirectiveNoFileComp))
	return a.writing(cmd, func(w *writer, args []string) error {
		if err := w.openPeople(); err != nil {
			return err
		}
		text := "[ ] " + oneLine(args[1:])
		if by == "" {
			return w.addTask(args[0], text, civil.Date{})
		}
		day, err := civil.ParseWords(by, w.session.today, true)
		if err != nil {
			return badDay("--by", by, err)
		}
		if day.Before(w.session.today) {
			return usage(fmt.Sprintf("--by is %s, which is before today (%v)", daySaid(by, day), w.session.today), "kith promise ada the paper --by friday")
		}
		return w.addTask(args[0], text+" by "+day.String(), day)
	})
}

// oneLine joins what stands on a command line.
func oneLine(args []string) string {
	return strings.Join(strings.FieldsFunc(strings.TrimSpace(strings.Join(args, " ")), func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}

func (w *writer) addTask(who, task string, due civil.Date) error {
	c, err := w.who(who)
	if err != nil {
		return err
	}
	n := w.parser.Parse("", note.Contact, []byte("- "+task+"\n"))
	if len(n.Tasks) != 1 || n.Tasks[0].Text == "" || n.Tasks[0].Due != due && !due.IsZero() {
		return usage(fmt.Sprintf("%q would not be a task", task), "say what it is about in a few words")
	}
	return w.do("nothing to write", func(p *plan) error {
		return p.edit(c.File.Path, func(src []byte) (revise.Change, error) {
			return revise.AddTask(p.parser, c.File.Path, note.Contact, src, task)
		})
	})
}

func (a *app) doneCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "done WHO [N]",
		Short: "mark a promise or a question as done",
		Long: `Marks a task of somebody's as done: - [x]. If they have several, N says which;
without it kith asks on a terminal, and else lists them.`,
		Example:           "  kith done edith\n  kith done edith 2",
		Args:              args(1, 2, "kith done ada, kith done ada 2"),
		ValidArgsFunction: a.completeWho(false),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		if err := w.openNotes(); err != nil {
			return err
		}
		c, err := w.who(args[0])
		if err != nil {
			return err
		}
		var open []journal.TaskRef
		for _, t := range c.Tasks {
			if !t.Task().Done {
				open = append(open, t)
			}
		}
		which := ""
		if len(args) == 2 {
			which = args[1]
		}
		ref, err := w.whichTask(c, open, which)
		if err != nil {
			return err
		}
		line := ref.Task().Line
		was := ref.File.LineText(line)
		return w.do("it is done already", func(p *plan) error {
			return p.edit(ref.File.Path, func(src []byte) (revise.Change, error) {
				now := p.parser.Parse(ref.File.Path, ref.File.Kind, src)
				if now.LineText(line) != was {
					return revise.Change{}, fail(ref.File.Path+" changed meanwhile", "say it again: nothing was written")
				}
				return revise.CloseTask(p.parser, ref.File.Path, ref.File.Kind, src, int(line))
			})
		})
	})
}

func (w *writer) whichTask(c *journal.Contact, open []journal.TaskRef, which string) (journal.TaskRef, error) {
	if len(open) == 0 {
		return journal.TaskRef{}, fail(fmt.Sprintf("there is nothing open with %s", c.Name), fmt.Sprintf("kith show %s has what is done", c.Slug))
	}
	if len(open) == 1 && which == "" {
		return open[0], nil
	}
	list := ""
	for i, t := range open {
		list += fmt.Sprintf("\n  %d  %s", i+1, strings.TrimSpace(t.File.LineText(t.Task().Line)))
	}
	hint := fmt.Sprintf("say which: kith done %s 1", c.Slug)
	if which == "" && w.StdinIsTerminal {
		answer, err := w.ask(fmt.Sprintf("Open with %s:%s\nWhich is done?", c.Name, list))
		if err != nil {
			return journal.TaskRef{}, err
		}
		which = answer
	}
	if which == "" {
		return journal.TaskRef{}, fail(fmt.Sprintf("%s are open with %s:%s", plural(len(open), "task"), c.Name, list), hint)
	}
	n, err := strconv.Atoi(which)
	if err != nil || n < 1 || n > len(open) {
		return journal.TaskRef{}, usage(fmt.Sprintf("%q is none of the open tasks of %s:%s", which, c.Name, list), hint)
	}
	return open[n-1], nil
}
