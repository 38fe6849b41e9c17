package cli

import (
	"fmt"
	"slices"
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
		ValidArgsFunction: a.completeWho(true),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		return w.addTask(args, "[?] ", "")
	})
}

func (a *app) promiseCommand() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "promise WHO TEXT...",
		Short: "note down what you promised somebody",
		Long: `Adds a promise to somebody's file, - [ ] TEXT. --by, or "by" at the end of TEXT, says
until when, in the words of a day to come: friday, in 2 weeks, dec 1, 2026-12-01.`,
		Example: `  kith promise edith send her the paper by friday
  kith promise edith,matteo the photos --by "in 2 weeks"`,
		Args:              args(2, 1<<16, "kith promise ada send her the paper --by friday"),
		ValidArgsFunction: a.completeWho(true),
	}
	cmd.Flags().StringVar(&by, "by", "", "the `day` it is due: friday, \"in 2 weeks\", 2026-12-01")
	_ = cmd.RegisterFlagCompletionFunc("by", cobra.FixedCompletions([]string{"tomorrow", "next friday", "in 2 weeks", "in a month"}, cobra.ShellCompDirectiveNoFileComp))
	return a.writing(cmd, func(w *writer, args []string) error {
		return w.addTask(args, "[ ] ", by)
	})
}

// oneLine joins what stands on a command line.
func oneLine(args []string) string {
	return strings.Join(strings.FieldsFunc(strings.TrimSpace(strings.Join(args, " ")), func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}

// addTask adds a task with a box to the files of those whom a command line names.
func (w *writer) addTask(args []string, box, by string) error {
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
	text, what := oneLine(append(rest, pasted)), "--by"
	if by == "" {
		text, by = settleDue(w, text)
		what = dayInText
	}
	task, due := box+text, civil.Date{}
	if by != "" {
		if due, err = w.dueDay(what, by); err != nil {
			return err
		}
		task += " by " + due.String()
	}
	n := w.parser.Parse("", note.Contact, []byte("- "+task+"\n"))
	if len(n.Tasks) != 1 || n.Tasks[0].Text == "" || n.Tasks[0].Due != due && !due.IsZero() {
		return usage(fmt.Sprintf("%q would not be a task", task), "say what it is about in a few words")
	}
	return w.do("nothing to write", func(p *plan) error {
		for _, c := range who {
			err := p.edit(c.File.Path, func(src []byte) (revise.Change, error) {
				return revise.AddTask(p.parser, c.File.Path, note.Contact, src, task)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// dueDay reads the day to come on which a task is due; what says where it was found.
func (w *writer) dueDay(what, words string) (civil.Date, error) {
	day, err := civil.ParseWords(words, w.session.today, true)
	if err != nil {
		return day, badDay(what, words, err)
	}
	if day.Before(w.session.today) {
		return day, usage(fmt.Sprintf("%s is %s, which is before today (%v)", what, daySaid(words, day), w.session.today), "kith promise ada the paper --by friday")
	}
	return day, nil
}

func (a *app) doneCommand() *cobra.Command {
	var answer, hash string
	cmd := &cobra.Command{
		Use:   "done WHO [N|WORDS]",
		Short: "mark a promise or a question as done",
		Long: `Marks a task of somebody's as done: - [x]. If they have several, words of it or its
number say which; without either kith asks on a terminal, and else lists them.

--answer writes down what they said to a question, as an entry of today: a note, no
contact, unless it begins with what it was, as in --answer "call: all of it".`,
		Example: `  kith done edith parcel
  kith done edith 2
  kith done edith bell code --answer "call: three, pause, one"`,
		Args:              args(1, 1<<16, "kith done ada, kith done ada 2, kith done ada paper"),
		ValidArgsFunction: a.completeWho(false),
	}
	cmd.Flags().StringVar(&answer, "answer", "", "what they said, an entry's `text`")
	cmd.Flags().StringVar(&hash, "hash", "", "the task by the hash of its line, as a page names it")
	_ = cmd.Flags().MarkHidden("hash")
	return a.writing(cmd, func(w *writer, args []string) error {
		if err := w.openNotes(); err != nil {
			return err
		}
		who, rest, err := w.people(args)
		if err != nil {
			return err
		}
		if len(who) > 1 {
			return usage("kith done is about one person", fmt.Sprintf("kith done %s, then kith done %s", who[0].Slug, who[1].Slug))
		}
		c := who[0]
		var open []journal.TaskRef
		for _, t := range c.Tasks {
			if !t.Task().Done {
				open = append(open, t)
			}
		}
		if hash != "" {
			open = slices.DeleteFunc(open, func(t journal.TaskRef) bool { return note.Hash(t.File.LineText(t.Task().Line)) != hash })
			if len(open) == 0 {
				w.stale = true
				return fail(errNotShown.Error(), "look at it again: nothing was written")
			}
			open = open[:1]
		}
		ref, err := w.whichTask(c, open, strings.Join(rest, " "))
		if err != nil {
			return err
		}
		said := ""
		if answer != "" {
			if said, err = w.answerLine(c, ref.Task(), answer); err != nil {
				return err
			}
		}
		line := ref.Task().Line
		was := ref.File.LineText(line)
		return w.do("it is done already", func(p *plan) error {
			err := p.edit(ref.File.Path, func(src []byte) (revise.Change, error) {
				now := p.parser.Parse(ref.File.Path, ref.File.Kind, src)
				if now.LineText(line) != was {
					return revise.Change{}, fail(ref.File.Path+" changed meanwhile", "say it again: nothing was written")
				}
				return revise.CloseTask(p.parser, ref.File.Path, ref.File.Kind, src, int(line))
			})
			if err != nil || said == "" {
				return err
			}
			return p.edit(c.File.Path, func(src []byte) (revise.Change, error) {
				return revise.AddEntry(p.parser, c.File.Path, note.Contact, src, said)
			})
		})
	})
}

// answerLine is the entry of today in which a question is answered.
func (w *writer) answerLine(c *journal.Contact, t *note.Task, answer string) (string, error) {
	if !t.Ask {
		return "", usage(fmt.Sprintf("%q is a promise, and --answer is for a question", t.Text), "kith log writes down what happened")
	}
	e := newEntry{date: w.session.today, file: c.File}
	p, err := e.parts(w, oneLine([]string{answer}))
	if err != nil {
		return "", err
	}
	if p.header == "" {
		p.header = "note:"
	}
	p.text = strings.TrimSpace(strings.TrimRight(t.Text, "? ") + "? " + p.text)
	return p.String(), nil
}

// whichTask returns the open task of somebody that a number or words of it name.
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
	if n, err := strconv.Atoi(which); err == nil && 0 < n && n <= len(open) {
		return open[n-1], nil
	}
	var fit []int
	for i, t := range open {
		if text := note.Fold(t.Task().Text); !slices.ContainsFunc(strings.Fields(note.Fold(which)), func(word string) bool { return !strings.Contains(text, word) }) {
			fit = append(fit, i)
		}
	}
	switch len(fit) {
	case 0:
		return journal.TaskRef{}, usage(fmt.Sprintf("%q is none of the open tasks of %s:%s", which, c.Name, list), hint)
	case 1:
		return open[fit[0]], nil
	}
	return journal.TaskRef{}, usage(fmt.Sprintf("%q fits %d of the open tasks of %s:%s", which, len(fit), c.Name, list), fmt.Sprintf("say which: kith done %s %d", c.Slug, fit[0]+1))
}
