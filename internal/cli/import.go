package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"kith/internal/civil"
	"kith/internal/exchange"
	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/revise"
	"kith/internal/store"
)

func (a *app) importCommand() *cobra.Command {
	var i importing
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "bring people in from another program",
		Long: `Brings in people, and what happened with them, from a file, an archive or a folder
of another program: LinkedIn, vCards, Google, Outlook, Notion, any table, calendars,
the headers of mail, texts and calls, WhatsApp, Telegram, friends.md, Monica, kith's
own JSON. What it is, is found from what is in it.

It can be said again and again: who is there already is found by what the other
program calls them, by e-mail, by phone, or by a name that only one has, and only
what is new is written. What you changed by hand stays. Nothing is ever removed.
On a terminal kith shows what would be written and asks. kith undo takes all of it
back. kith help import has an example for each program.`,
		Example: "  kith import ~/Downloads/Complete_LinkedInDataExport.zip --dry-run\n  kith import contacts.vcf --circle friends",
		Args:    args(1, 1<<16, "kith import contacts.vcf"),
	}
	flags := cmd.Flags()
	flags.StringVar(&i.read.Kind, "from", "", "what it is, where that cannot be found: "+strings.Join(exchange.Kinds(), ", "))
	flags.StringSliceVar(&i.wishes.Circles, "circle", nil, "a `circle` for those who are new; may be said again")
	flags.StringSliceVar(&i.wishes.Tags, "tag", nil, "a `tag` for those who are new; may be said again")
	flags.StringVar(&i.wishes.Every, "every", "", "how often to be in touch with those who are new, a `rhythm`")
	flags.StringVar(&i.wishes.Into, "into", "", "the `folder` for new notes, in content/contacts")
	flags.StringVar(&i.only, "only", "", "only people whose name, company or e-mail has the `pattern` in it; * stands for anything")
	flags.StringVar(&i.since, "since", "", "only what happened since a `day`")
	flags.StringArrayVar(&i.columns, "map", nil, "what a `column` of a table is: \"Column=key\"; may be said again")
	flags.StringArrayVar(&i.read.Me, "me", nil, "your own `name` or address in it; may be said again")
	flags.StringVar(&i.expect, "expect", "", "compare what is read with the JSON in a `file`, and bring nothing in; one that is not there is written")
	flags.BoolVar(&i.wishes.All, "all", false, "bring in those too whom you know from a message alone, and those you removed")
	cmd.ValidArgsFunction = nil
	_ = cmd.RegisterFlagCompletionFunc("from", cobra.FixedCompletions(exchange.Kinds(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("circle", a.completeCircle)
	_ = cmd.RegisterFlagCompletionFunc("tag", a.completeTag)
	_ = cmd.RegisterFlagCompletionFunc("every", cobra.FixedCompletions(cadences(), cobra.ShellCompDirectiveNoFileComp))
	a.writing(cmd, func(w *writer, args []string) error {
		i := i
		i.writer = w
		if err := w.openNotes(); err != nil {
			return err
		}
		return i.run(args)
	})
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return cmd
}

// An importing is one run of kith import.
type importing struct {
	*writer
	read        exchange.Options
	wishes      exchange.Wishes
	only, since string
	expect      string
	columns     []string
	program     string // of somebody's own, that reads the files

	batch *exchange.Batch
	plan  *exchange.Plan
}

func (i *importing) run(files []string) error {
	if err := i.settle(); err != nil {
		return err
	}
	debug.SetGCPercent(25) // an archive may be large, and one does not come in every minute
	failed := i.readAll(files)
	if i.expect != "" && failed == nil {
		return i.compare()
	}
	if len(i.batch.People)+len(i.batch.News) == 0 && failed != nil {
		return failed
	}
	heard, err := folder.ReadFile(i.root.FS(), exchange.HeardFile, folder.Any)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail(fmt.Sprintf("reading %s: %s", exchange.HeardFile, reason(err)), "")
	}
	i.plan = exchange.Compare(i.journal, i.batch, exchange.ReadHeard(heard), i.wishes)
	i.show()
	if i.dryRun || i.StdinIsTerminal || len(i.plan.New)+len(i.plan.Changed)+len(i.plan.News) == 0 {
		if len(i.plan.New)+len(i.plan.Changed)+len(i.plan.News) == 0 {
			return failed
		}
		if i.dryRun {
			if _, err := store.Try(i.root, i.changes); err != nil {
				return writeFailure(err)
			}
			return failed
		}
		yes, err := i.askYes("Write this?")
		if err != nil {
			return err
		}
		if !yes {
			return fail("nothing was written", "")
		}
	}
	if err := i.write(); err != nil {
		return err
	}
	return failed
}

// settle reads what the command line says.
func (i *importing) settle() error {
	i.batch = &exchange.Batch{}
	i.read.Today, i.wishes.Today = i.session.today, i.session.today
	i.read.Zone = i.Now().Location()
	if kinds := exchange.Kinds(); i.read.Kind != "" && !slices.Contains(kinds, i.read.Kind) {
		program, err := exec.LookPath("kith-import-" + i.read.Kind)
		if err != nil || strings.ContainsAny(i.read.Kind, `/\`) {
			return usage(fmt.Sprintf("--from is %q; accepted are %s", i.read.Kind, strings.Join(kinds, ", ")), "an executable kith-import-NAME on the PATH makes NAME one: kith help import")
		}
		i.program = program
	}
	if i.wishes.Every != "" {
		every, err := cadenceSaid(i.wishes.Every, "kith import contacts.vcf --every 6w")
		if err != nil {
			return err
		}
		i.wishes.Every = every
	}
	into := path.Clean(strings.Trim(filepath.ToSlash(i.wishes.Into), "/"))
	into = strings.TrimPrefix(strings.TrimPrefix(into, journal.ContactsFolder), "/")
	for part := range strings.SplitSeq(into, "/") {
		if part == ".." || part != "." && part != "" && journal.Ignored(part) {
			return usage(fmt.Sprintf("--into is %q, which is no folder of contacts", i.wishes.Into), "--into friends is content/contacts/friends")
		}
	}
	i.wishes.Into = path.Join(journal.ContactsFolder, into)
	if i.since != "" {
		d, err := civil.ParseWords(i.since, i.session.today, false)
		if err != nil {
			return badDay("--since", i.since, err)
		}
		i.read.Since = d
	}
	i.read.Map = map[string]string{}
	for _, said := range i.columns {
		at := strings.LastIndexByte(said, '=')
		if at < 0 {
			return usage(fmt.Sprintf("--map is %q", said), `--map "Column=key"`)
		}
		i.read.Map[said[:at]] = strings.TrimSpace(said[at+1:])
	}
	if i.only != "" {
		pattern := note.Fold(i.only)
		if !strings.ContainsAny(pattern, "*?") {
			pattern = "*" + pattern + "*"
		}
		if _, err := path.Match(pattern, ""); err != nil {
			return usage(fmt.Sprintf("--only is %q, which is no pattern", i.only), `--only "*@acme.example"`)
		}
		i.wishes.Only = func(p *exchange.Person) bool {
			for _, text := range append([]string{p.Name, p.Value("company")}, p.List("email")...) {
				// A slash separates nothing here.
				if ok, _ := path.Match(strings.ReplaceAll(pattern, "/", "|"), strings.ReplaceAll(note.Fold(text), "/", "|")); ok {
					return true
				}
			}
			return false
		}
	}
	if name := i.journal.Settings.Name; name != "" {
		i.read.Me = append(slices.Clone(i.read.Me), name)
	}
	return nil
}

// readAll reads the files, each whole or not at all, and returns why one could not be.
func (i *importing) readAll(files []string) error {
	var failed error
	for _, file := range files {
		place := file
		if !filepath.IsAbs(place) {
			place = filepath.Join(i.Dir, place)
		}
		b, err := i.readOne(filepath.Clean(place))
		if err != nil {
			failed = i.notRead(file, err)
			if len(files) > 1 {
				i.errs.printf("%s %s\n", red("kith: error:"), failed.Error())
				failed = fail("", "")
			}
			continue
		}
		i.batch.People = append(i.batch.People, b.People...)
		i.batch.News = append(i.batch.News, b.News...)
		i.batch.Problems = append(i.batch.Problems, b.Problems...)
		for why, n := range b.Left {
			if i.batch.Left == nil {
				i.batch.Left = map[string]int{}
			}
			i.batch.Left[why] += n
		}
		i.batch.Kind = b.Kind
	}
	return failed
}

// readOne reads a file or folder, or has a program of somebody's own read it.
func (i *importing) readOne(place string) (*exchange.Batch, error) {
	if i.program == "" {
		folder, name := filepath.Split(place)
		return exchange.Read(os.DirFS(folder), name, i.read)
	}
	cmd := exec.Command(i.program, place)
	cmd.Dir, cmd.Stderr = i.Dir, i.Stderr
	answer, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(i.program), err)
	}
	return exchange.ReadJSON(filepath.Base(i.program), answer)
}

// compare holds what was read to what is expected of it: the test of an import.
func (i *importing) compare() error {
	var got bytes.Buffer
	if err := exchange.WriteJSON(&got, i.batch); err != nil {
		return fail("writing what was read: "+err.Error(), "")
	}
	place := i.expect
	if !filepath.IsAbs(place) {
		place = filepath.Join(i.Dir, place)
	}
	want, err := os.ReadFile(place)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.WriteFile(place, got.Bytes(), 0o600); err != nil {
			return fail(fmt.Sprintf("writing %s: %s", i.expect, reason(err)), "")
		}
		fmt.Fprintf(i.Stderr, "kith: wrote %s: see whether it is what you expect\n", i.expect)
		return nil
	case err != nil:
		return fail(fmt.Sprintf("reading %s: %s", i.expect, reason(err)), "")
	case bytes.Equal(want, got.Bytes()):
		return nil
	}
	fmt.Fprintf(i.Stdout, "%s", diff.Diff(i.expect, want, "what was read", got.Bytes()))
	return fail("what was read is not what "+i.expect+" expects", "")
}

func (i *importing) notRead(file string, err error) *failure {
	unmapped := new(exchange.Unmapped)
	switch {
	case errors.As(err, &unmapped):
		return fail(fmt.Sprintf("%s is a table: say what its columns are", file),
			fmt.Sprintf("leave out what you do not want, and say text for the body, last for the day of the last contact:\n  kith import %s \\\n    %s", quoted(file), strings.Join(unmapped.Flags(), " \\\n    ")))
	case errors.Is(err, exchange.ErrUnknown):
		return fail(fmt.Sprintf("%s: %v", file, err), "--from says it: "+strings.Join(exchange.Kinds(), ", "))
	case errors.Is(err, fs.ErrNotExist):
		return fail(fmt.Sprintf("%s is not there", file), "")
	}
	return fail(fmt.Sprintf("%s: %v", file, reason(err)), "nothing of it was read")
}

// shown is how many of a kind are listed where not all are.
const shown = 10

// show tells what would be written: the new first, then the changed, then what is left.
func (i *importing) show() {
	out := i.out
	p := i.plan
	list := func(n int, what string, line func(k int) text) {
		if n == 0 {
			return
		}
		out.printf("%s\n", bold(fmt.Sprintf("%d %s:", n, what)))
		most := n
		if !i.dryRun && n > shown+2 {
			most = shown
		}
		for k := range most {
			out.printf("  %s\n", line(k))
		}
		if most < n {
			fmt.Fprintf(out, "  and %d more (--dry-run lists them)\n", n-most)
		}
	}
	list(len(p.New), "new", func(k int) text {
		n := p.New[k]
		about := strings.Join(slices.DeleteFunc([]string{n.Value("role"), n.Value("company")}, func(s string) bool { return s == "" }), ", ")
		if about != "" {
			about = " (" + about + ")"
		}
		return spaced(plain(n.Name+about), dim(" "+n.Path))
	})
	list(len(p.Changed), "changed", func(k int) text {
		return plain(p.Changed[k].Contact.Name + ": " + strings.Join(p.Changed[k].What, ", "))
	})
	if len(p.News) > 0 {
		fmt.Fprintf(out, "%s of your own\n", plural(len(p.News), "entry"))
	}
	if p.Same > 0 {
		fmt.Fprintf(out, "%d as they are\n", p.Same)
	}
	for _, why := range slices.Sorted(maps.Keys(i.batch.Left)) {
		fmt.Fprintf(out, "%d left out: %s\n", i.batch.Left[why], why)
	}
	list(len(p.Differs), "where what you wrote stays", func(k int) text { return plain(p.Differs[k]) })
	list(len(p.Doubts), "may be here already", func(k int) text {
		d := p.Doubts[k]
		return plain(fmt.Sprintf("%s: kith merge %s %s", d.Why, d.Keep, d.Other))
	})
	if len(p.New) > 0 {
		n := p.New[0]
		for _, a := range p.New { // one that shows most
			if len(a.Source) > len(n.Source) && len(a.Source) < 1200 {
				n = a
			}
		}
		fmt.Fprintf(out, "For instance, %v\n  %s\nbecomes %s:\n", n.Place, n.Row, n.Path)
		for line := range strings.Lines(string(n.Source)) {
			fmt.Fprintf(out, "  %s\n", strings.TrimRight(line, "\n"))
		}
	}
	for k, problem := range i.batch.Problems {
		if k == shown && !i.dryRun {
			fmt.Fprintf(i.Stderr, "kith: and %d more rows that could not be read whole (--dry-run lists them)\n", len(i.batch.Problems)-k)
			break
		}
		i.errs.printf("kith: %s: %v\n", yellow("warning"), problem)
	}
}

// write carries the plan out. Ctrl-C stops it while nothing is changed yet.
func (i *importing) write() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o := i.options()
	began, bar := i.Now(), (*progressbar.ProgressBar)(nil)
	o.Writing = func(done, of int) error {
		if ctx.Err() != nil {
			return errStopped
		}
		if bar == nil && i.StderrIsTerminal && i.Now().Sub(began) > time.Second {
			bar = progressbar.NewOptions(of, progressbar.OptionSetWriter(i.terminal), progressbar.OptionSetDescription("writing"), progressbar.OptionClearOnFinish())
		}
		if bar != nil {
			_ = bar.Set(done)
		}
		return nil
	}
	changes, err := store.Do(i.root, o, i.changes)
	if bar != nil {
		_ = bar.Finish()
	}
	switch {
	case errors.Is(err, errStopped):
		return fail(err.Error(), "nothing was written")
	case errors.Is(err, errStale):
		return err
	case err != nil:
		return writeFailure(err)
	}
	fmt.Fprintf(i.Stderr, "kith: wrote %s; kith undo takes it back\n", plural(len(changes), "file"))
	return nil
}

var errStopped = errors.New("stopped")

// changes are the edits that the plan comes to.
func (i *importing) changes(tx *store.Tx) error {
	if err := i.unchanged(); err != nil {
		return err
	}
	p := &plan{Tx: tx, parser: i.parser}
	for _, n := range i.plan.New {
		if err := p.Create(n.Path, n.Source); err != nil {
			return err
		}
		if n.PhotoPath != "" {
			if err := p.Create(n.PhotoPath, n.Photo.Data); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
		}
	}
	for _, u := range i.plan.Changed {
		if err := i.update(p, u); err != nil {
			return err
		}
	}
	for _, line := range i.plan.News {
		file := journalFile(line[:4])
		if _, err := p.Read(file); errors.Is(err, fs.ErrNotExist) {
			if err := p.Create(file, nil); err != nil {
				return err
			}
		}
		err := p.edit(file, func(src []byte) (revise.Change, error) {
			return revise.AddEntry(p.parser, file, note.Journal, src, line)
		})
		if err != nil {
			return err
		}
	}
	return p.Write(exchange.HeardFile, i.plan.Heard.Bytes())
}

// journalFile is the file of a year for your own news.
func journalFile(year string) string { return "content/journal/" + year + ".md" }

func (i *importing) update(p *plan, u *exchange.Update) error {
	file := u.Contact.File.Path
	if err := readable(u.Contact.File.Note); err != nil {
		return err
	}
	edit := func(change func(src []byte) (revise.Change, error)) error { return p.edit(file, change) }
	for _, f := range u.Set {
		if err := edit(func(src []byte) (revise.Change, error) {
			return revise.SetKey(p.parser, file, note.Contact, src, f.Key, f.Value)
		}); err != nil {
			return err
		}
	}
	for _, f := range u.Add {
		if err := edit(func(src []byte) (revise.Change, error) {
			return revise.AddToList(p.parser, file, note.Contact, src, f.Key, f.Value.Text)
		}); err != nil {
			return err
		}
	}
	for _, task := range u.Tasks {
		if err := edit(func(src []byte) (revise.Change, error) {
			return revise.AddTask(p.parser, file, note.Contact, src, task)
		}); err != nil {
			return err
		}
	}
	for _, line := range slices.Backward(u.Entries) {
		if err := edit(func(src []byte) (revise.Change, error) {
			return revise.AddEntry(p.parser, file, note.Contact, src, line)
		}); err != nil {
			return err
		}
	}
	if u.PhotoPath != "" {
		if err := p.Create(u.PhotoPath, u.Photo.Data); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}
