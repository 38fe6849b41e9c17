package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/civil"
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
With off they have no cadence of their own, and that of their circles holds.`,
		Example:           "  kith every edith 3m\n  kith every edith never",
		Args:              args(2, 1<<16, "kith every ada 3m"),
		ValidArgsFunction: a.completeWho(true, append(cadences(), "off")...),
	}
	return a.writing(cmd, func(w *writer, args []string) error {
		return w.setKey(args, "every", func(text string) (string, error) {
			if text == "off" {
				return "", nil
			}
			return cadenceSaid(text, "kith every WHO 6w")
		})
	})
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
