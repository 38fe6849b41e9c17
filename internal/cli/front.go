package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/due"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
)

func (a *app) snoozeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "snooze WHO 2w|DATE|off",
		Short: "leave somebody in peace for a while",
		Long: `Raises nothing about somebody before a day: a length of time from today (2w,
"3 months"), a date, or the words of a day to come. off ends it.`,
		Example:           "  kith snooze edith 2w\n  kith snooze edith \"jan 6\"\n  kith snooze edith off",
		Args:              args(2, 1<<16, "kith snooze ada 2w"),
		ValidArgsFunction: a.completeWho(true, "1w", "2w", "1m", "3m", "off"),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		return w.setKey(args, "snooze", func(text string) (string, error) {
			if text == "off" {
				return "", nil
			}
			day, err := civil.ParseWords(text, w.session.today, true)
			if c, notSpan := civil.ParseCadence(text); notSpan == nil && c.Recurs() {
				day, err = c.From(w.session.today), nil
			}
			switch {
			case err != nil:
				return "", usage(fmt.Sprintf("%q is neither a day to come nor a length of time", text), `kith snooze WHO 2w, kith snooze WHO 2026-12-24, kith snooze WHO "next friday", kith snooze WHO off`)
			case !day.After(w.session.today):
				return "", usage(fmt.Sprintf("%s is not after today (%v)", daySaid(text, day), w.session.today), "kith snooze WHO off ends it")
			}
			return day.String(), nil
		})
	})
}

func (a *app) everyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "every WHO 3m|never|off",
		Short: "set how often to be in touch with somebody",
		Long: `Sets how often to be in touch with somebody: 3m, "6 weeks", monthly, or never.
With off they have no rhythm of their own, and that of their circles holds.`,
		Example:           "  kith every edith 3m\n  kith every edith never",
		Args:              args(2, 1<<16, "kith every ada 3m"),
		ValidArgsFunction: a.completeWho(true, append(cadences(), "off")...),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		return w.setKey(args, "every", everySaid)
	})
}

// everySaid reads how often to be in touch, "" for off.
func everySaid(text string) (string, error) {
	if text == "off" {
		return "", nil
	}
	return cadenceSaid(text, "kith every WHO 6w")
}

// decisions are the answers to how often one would like to be in touch, by their keys.
var decisions = []struct {
	key   byte
	words string
	every string // as it is written, or "" for later
}{
	{'w', "week", "1 week"},
	{'m', "month", "1 month"},
	{'q', "quarter", "1 quarter"},
	{'h', "half a year", "6 months"},
	{'y', "year", "1 year"},
	{'n', "never", "never"},
	{'l', "later", ""},
}

func (a *app) decideCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "decide [WHO 3m|never|off]",
		Short: "say how often to be in touch with those who have no rhythm",
		Long: `Asks about those who have no rhythm from anywhere, one after the other, how often
you would like to be in touch, the newest acquaintances first. One key answers:
w week, m month, q quarter, h half a year, y year, n never, l later; x ends it.
With WHO and a rhythm it is kith every.`,
		Example:           "  kith decide\n  kith decide edith,matteo 3m",
		ValidArgsFunction: a.completeWho(true, append(cadences(), "off")...),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		switch {
		case len(args) == 1:
			return usage("kith decide takes a rhythm behind WHO", "kith decide "+quoted(args[0])+" 3m")
		case len(args) > 1:
			return w.setKey(args, "every", everySaid)
		case !w.StdinIsTerminal:
			return fail("how often is asked on a terminal, and this is none", "kith decide WHO 3m, kith today says about whom")
		}
		return w.decide()
	})
}

// decide asks about everybody who has no cadence, until it is ended.
func (w *writer) decide() error {
	if err := w.openNotes(); err != nil {
		return err
	}
	rows := due.New(w.session.journal, w.session.today).Undecided()
	if len(rows) == 0 {
		fmt.Fprintln(w.Stderr, "kith: there is nobody to decide about: everybody has a rhythm")
		return nil
	}
	var choices text
	for _, d := range decisions {
		choices.addf("%s %s, ", bold(string(rune(d.key))), d.words)
	}
	w.errs.printf("How often would you like to be in touch? %s%s ends\n", choices, bold("x"))
	for i, r := range rows {
		c := r.Contact
		w.errs.printf("%d of %d  %s %s ", i+1, len(rows), bold(c.Name), dim(aboutNew(r, w.session.today)))
		every, more, err := w.decision()
		if err != nil || !more {
			return err
		}
		if every == "" {
			continue
		}
		if err := w.giveKey([]*journal.Contact{c}, "every", every); err != nil {
			return err
		}
	}
	return nil
}

// aboutNew says who somebody is, of whom one knows little yet.
func aboutNew(r *due.Row, today civil.Date) string {
	front, last := r.Contact.Front(), ""
	if !r.Last.IsZero() {
		last = "last contact " + due.When(today, r.Last)
	}
	return strings.Join(kept(front.Role, front.Company, front.MetText, last), ", ")
}

// decision reads keys until one is an answer: how often, "" for later. There is no more
// if it is the one that ends the questions.
func (w *writer) decision() (every string, more bool, err error) {
	for {
		key, err := w.readKey()
		if err != nil {
			fmt.Fprintln(w.Stderr)
			return "", false, err
		}
		switch key {
		case 'x', endOfText, endOfInput, escapeKey:
			fmt.Fprintln(w.Stderr, "the others another day")
			return "", false, nil
		}
		for _, d := range decisions {
			if d.key == key {
				fmt.Fprintln(w.Stderr, d.words)
				return d.every, true, nil
			}
		}
	}
}

// cadences are forms of a cadence, for completion.
func cadences() []string {
	return []string{"2w", "monthly", "6w", "2m", "quarterly", "6m", "yearly", "never"}
}

// cadenceSaid reads a cadence from the command line, and returns it in full.
func cadenceSaid(text, hint string) (string, error) {
	c, err := civil.ParseCadence(text)
	if err != nil {
		return "", usage(fmt.Sprintf("%q is %v", text, err), hint)
	}
	return c.String(), nil
}

func (a *app) statusCommand() *cobra.Command {
	words := []string{"active", "paused", "archived", "memorial"}
	cmd := &cobra.Command{
		Use:   "status WHO " + strings.Join(words, "|"),
		Short: "say whether to be reminded of somebody",
		Long: `Sets the status of somebody. Anything but active raises nothing: paused for a
while, archived for good, memorial for those who died.`,
		Example:           "  kith status edith paused\n  kith status edith active",
		Args:              args(2, 1<<16, "kith status ada paused"),
		ValidArgsFunction: a.completeWho(true, words...),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		return w.setKey(args, "status", func(text string) (string, error) {
			for i, word := range words {
				if text == word {
					if i == 0 { // as without the key
						word = ""
					}
					return word, nil
				}
			}
			return "", usage(fmt.Sprintf("%q is no status; accepted are %s", text, strings.Join(words, ", ")), "")
		})
	})
}

// setKey gives a key of the front matter of those whom a command line names the value
// that its other words mean, or takes it away for "".
func (w *writer) setKey(args []string, key string, value func(words string) (string, error)) error {
	if err := w.openNotes(); err != nil {
		return err
	}
	who, rest, err := w.people(args)
	if err != nil {
		return err
	}
	text, err := value(strings.Join(rest, " "))
	if err != nil {
		return err
	}
	return w.giveKey(who, key, text)
}

// giveKey gives a key of the front matter of some people a value, or takes it away for "".
func (w *writer) giveKey(who []*journal.Contact, key, text string) error {
	has := "has"
	if len(who) > 1 {
		has = "have"
	}
	already := fmt.Sprintf("%s %s no %s as it is", names(who), has, key)
	var v note.Value
	if text != "" {
		v = note.TextValue(text)
		already = fmt.Sprintf("%s %s %s: %s as it is", names(who), has, key, text)
	}
	return w.do(already, func(p *plan) error {
		for _, c := range who {
			err := p.edit(c.File.Path, func(src []byte) (revise.Change, error) {
				return revise.SetKey(p.parser, c.File.Path, note.Contact, src, key, v)
			})
			if err != nil {
				return err
			}
		}
		for i := range p.wrote {
			if text == "" {
				p.wrote[i].text, p.wrote[i].problems = key+" is taken away", nil // there is another line now
			}
		}
		return nil
	})
}
