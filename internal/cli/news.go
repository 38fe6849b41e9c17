package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/note"
	"kith/internal/note/revise"
)

func (a *app) newsCommand() *cobra.Command {
	var e newEntry
	cmd := &cobra.Command{
		Use:   "news TEXT...",
		Short: "write down news of your own",
		Long: `Adds news of your own to this year's file in content/journal. Those who asked
about one of its tags, or helped you with it, are then to be told (kith help due).`,
		Example: `  kith news I start at the Mint in January --tag job-search
  kith news "The boat is sold" -d yesterday`,
		Args: args(1, 1<<16, "kith news I start at the Mint in January --tag job-search"),
	}
	e.flags(a, cmd)
	return a.writing(cmd, func(w *writer, args []string) error {
		if err := w.openNotes(); err != nil {
			return err
		}
		args, pasted, err := w.pasted(args)
		if err != nil {
			return err
		}
		args = append(args, pasted)
		said := strings.TrimSpace(strings.TrimPrefix(oneLine(args), "news:"))
		if said == "" {
			return usage("there is no text to write", "kith news I start at the Mint in January")
		}
		if err := noTask("WHO", said); err != nil {
			return err
		}
		e.text = said
		if err := e.settleDay(w); err != nil {
			return err
		}
		if err := e.setDay(w.session); err != nil {
			return err
		}
		said = e.text
		// The tags come before the colon, where text cannot hide them.
		e.text = "news"
		for _, tag := range e.tags {
			e.text += " #" + strings.TrimPrefix(tag, "#")
		}
		tags := e.tags
		e.tags = nil
		e.text += ": " + said
		line, err := e.line(w, nil)
		if err != nil {
			return err
		}
		got, err := e.entry(w, line)
		if err == nil && (got.kind != "news" || len(got.tags) < len(tags)) {
			err = usage(fmt.Sprintf("%q would be no news with these tags", line), "a tag is letters, digits, _, - and /, at least one of them a letter")
		}
		if err != nil {
			return err
		}
		path := fmt.Sprintf("content/journal/%d.md", e.date.Year())
		return w.do("nothing to write", func(p *plan) error {
			src, err := p.Read(path)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			c, err := revise.AddEntry(p.parser, path, note.Journal, src, line)
			if err != nil {
				return err
			}
			p.say(path, src, c)
			return p.Write(path, c.Source)
		})
	})
}
