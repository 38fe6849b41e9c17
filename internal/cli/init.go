package cli

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"kith/content"
	"kith/internal/civil"
	"kith/internal/journal"
)

// What a new journal begins with.
//
//go:embed init
var initFiles embed.FS

func (a *app) initCommand() *cobra.Command {
	var demo bool
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "begin a journal of your own",
		Long: `Makes a journal in a folder: an example contact, settings, and a git repository
unless the folder is already in one. Nothing that is there is changed, but for
what kith git setup adds to a repository.

With --demo, the journal is that of an invented person, with every date moved so
that today is a day in her life.`,
		Example:           "  kith init people\n  kith init --demo /tmp/demo",
		ValidArgsFunction: completeFolder,
		Args:              args(1, 1, "kith init people makes a journal in the folder people"),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := args[0]
			if dir == "" {
				return usage("the name of the folder is empty", "kith init people")
			}
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(a.Dir, dir)
			}
			today, _, err := a.day(session{})
			if err != nil {
				return err
			}
			files, err := newJournal(today)
			if demo {
				files, err = demoJournal(today)
			}
			if err != nil {
				return fail(fmt.Sprintf("preparing the journal: %v", err), "")
			}
			if err := writeJournal(dir, args[0], files); err != nil {
				return err
			}
			a.initGit(dir, slices.Sorted(maps.Keys(files)))
			a.nextSteps(args[0], demo)
			return nil
		},
	}
	cmd.Flags().BoolVar(&demo, "demo", false, "fill it with invented people")
	return cmd
}

// newJournal returns the files of a new journal, by their paths.
func newJournal(today civil.Date) (map[string]string, error) {
	files := map[string]string{}
	err := fs.WalkDir(initFiles, "init", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := initFiles.ReadFile(p)
		// Go embeds no file whose name begins with a dot unless told to.
		name := strings.Replace(strings.TrimPrefix(p, "init/"), "gitignore", ".gitignore", 1)
		// Ada was last written to two months ago, so that the first sight is a card.
		files[name] = strings.ReplaceAll(string(text), "BEFORE", today.AddMonths(-2).String())
		return err
	})
	return files, err
}

// demoJournal returns the files of the demo journal with every date moved, so
// that the day it was written for is today.
func demoJournal(today civil.Date) (map[string]string, error) {
	written, err := civil.Parse(content.Day)
	if err != nil {
		return nil, err
	}
	move := today.Sub(written)
	files := map[string]string{}
	err = fs.WalkDir(content.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := content.FS.ReadFile(p)
		if path.Ext(p) != ".md" {
			files[path.Join("content", p)] = string(text)
			return err
		}
		files[path.Join("content", moveDates(p, move))] = moveDates(string(text), move)
		return err
	})
	if err != nil {
		return nil, err
	}
	ignore, err := initFiles.ReadFile("init/gitignore")
	if err != nil {
		return nil, err
	}
	files[".gitignore"] = string(ignore)
	files[journal.SettingsFile] = content.Settings
	return files, nil
}

// moveDates adds days to every date of the form YYYY-MM-DD in a text.
func moveDates(text string, days int) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		d, err := civil.ParsePrefix(text[i:])
		inNumber := i > 0 && text[i-1] >= '0' && text[i-1] <= '9' || i+10 < len(text) && text[i+10] >= '0' && text[i+10] <= '9'
		if err != nil || inNumber {
			b.WriteByte(text[i])
			i++
			continue
		}
		b.WriteString(d.AddDays(days).String())
		i += 10
	}
	return b.String()
}

// writeJournal writes the files of a journal into a folder. It changes nothing
// that is there: if one of the files is, it writes none.
func writeJournal(dir, shown string, files map[string]string) error {
	if isFolder(filepath.Join(dir, contactsFolder)) {
		return fail(fmt.Sprintf("%s is already a journal", shown), "kith serve --dir "+shown+" shows it")
	}
	for name := range files {
		if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
			return fail(fmt.Sprintf("%s already has a file %s", shown, name), "choose another folder: nothing was written")
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil { // what it holds is about people
		return fail(fmt.Sprintf("making the folder %s: %s", shown, reason(err)), "choose a folder that you may write to")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fail(fmt.Sprintf("opening the folder %s: %s", shown, reason(err)), "")
	}
	defer root.Close()
	loose := fs.FileMode(0) // a folder that was there may be open to others
	if info, err := root.Stat("."); err == nil {
		loose = info.Mode().Perm()
	}
	for name, text := range files {
		if err := root.MkdirAll(path.Dir(name), 0o700|loose&0o055); err != nil {
			return fail(fmt.Sprintf("making the folder %s: %s", path.Dir(name), reason(err)), "")
		}
		if err := root.WriteFile(name, []byte(text), 0o600|loose&0o044); err != nil {
			return fail(fmt.Sprintf("writing %s: %s", name, reason(err)), "")
		}
	}
	return nil
}

// initGit makes the folder a git repository unless it is in one, has kith merge its
// notes, and commits what a repository of its own begins with. That it cannot is worth a
// word, no more: the journal is there.
func (a *app) initGit(dir string, files []string) {
	inside := false
	for up := dir; !inside && up != filepath.Dir(up); up = filepath.Dir(up) {
		_, err := os.Lstat(filepath.Join(up, ".git"))
		inside = err == nil
	}
	if !inside {
		if _, err := git(dir, "init", "--quiet"); err != nil {
			fmt.Fprintf(a.Stderr, "kith: no git repository was made (%v): keep the folder's history some other way\n", err)
			return
		}
	}
	if err := a.mergeNotes(dir); err != nil {
		fmt.Fprintf(a.Stderr, "kith: git was not told how to merge notes (%v): kith git setup does that\n", err)
	}
	if _, err := git(dir, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"); inside || err != nil {
		return // another's repository, or git knows no name and address to commit under
	}
	for _, args := range [][]string{append([]string{"add", "--", ".gitattributes"}, files...), {"commit", "--quiet", "--message", "Begin the journal"}} {
		if _, err := git(dir, args...); err != nil {
			fmt.Fprintf(a.Stderr, "kith: there is no first commit (%v): git add . and git commit make it\n", err)
			return
		}
	}
}

func (a *app) nextSteps(dir string, demo bool) {
	example := filepath.Join(dir, "content", "contacts", "ada-lovelace.md")
	if demo {
		fmt.Fprintf(a.Stdout, `A journal of invented people is in %s. Next:
  cd %s
  kith serve
`, dir, quoted(dir))
		return
	}
	fmt.Fprintf(a.Stdout, `Your journal is in %s. Next:
  cd %s && kith serve
  kith new NAME for the first person you would like to hear from, as in
  %s
`, dir, quoted(dir), example)
}

// quoted returns a path as a shell reads it.
func quoted(path string) string {
	if strings.IndexFunc(path, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/._-~", r)
	}) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
