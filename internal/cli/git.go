package cli

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/folder"
	"kith/internal/journal"
	"kith/internal/note"
	"kith/internal/note/merge"
)

func (a *app) gitCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "git",
		Short: "let git merge notes by what they mean",
		Long: `Lets git merge the notes of a journal that is written on several machines by what
they mean: entries and tasks that were added on both are all kept, and only what
both changed differently is a conflict.`,
		Example: "  kith git setup\n  kith git setup --hook",
		Args:    args(0, 0, "kith git setup is what you want"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.gitSetupCommand(), a.gitMergeCommand())
	return cmd
}

// The merge driver, as git's configuration has it. A kith that is not there, or
// that fails, must not pass for a merge that went well, or for one that ended in
// conflicts: git's own merge of texts takes its place.
const (
	driverKey   = "merge.kith.driver"
	driverName  = "notes of kith, by what they mean"
	driver      = "kith git merge %O %A %B %P --marker-size=%L || { test $? = 1 && exit 1; git merge-file -L ours -L base -L theirs --marker-size=%L %A %O %B; }"
	attribute   = "/content/**/*.md merge=kith"
	attributes  = ".gitattributes"
	aboutDriver = "# Notes merge by what they mean (kith git setup); without kith, as any text does."
)

//go:embed pre-commit
var preCommit string

func (a *app) gitSetupCommand() *cobra.Command {
	var hook bool
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "register kith as what merges notes",
		Long: `Writes into .gitattributes which files are notes, and into this repository's git
configuration that kith merges them. The first goes with the journal, the second
stays on this machine: run it once on each. Where it was not run, git merges
notes as it merges any text.

With --hook, git also runs kith check on the notes of each commit before it is
made.`,
		Example: "  kith git setup\n  kith git setup --hook",
		Args:    args(0, 0, "kith git setup --help shows what it takes"),
		RunE: func(*cobra.Command, []string) error {
			s, err := a.find()
			if err != nil {
				return err
			}
			defer s.root.Close()
			if _, err := exec.LookPath("git"); err != nil {
				return fail("git is not on this machine", "install it, and run kith git setup again")
			}
			if _, err := git(s.dir, "rev-parse", "--show-toplevel"); err != nil {
				return fail(fmt.Sprintf("%s is in no git repository", s.dir), "git init "+quoted(s.dir)+" makes it one")
			}
			did, err := setupGit(s.dir, s.root)
			if err != nil {
				return err
			}
			for _, d := range did {
				fmt.Fprintln(a.Stdout, d)
			}
			if hook {
				wrote, err := setupHook(s.dir)
				if err != nil {
					return err
				}
				fmt.Fprintln(a.Stdout, wrote)
			}
			a.tellPath()
			return nil
		},
	}
	cmd.Flags().BoolVar(&hook, "hook", false, "also check notes before each commit")
	return cmd
}

// git runs git in a folder and returns what it says.
func git(dir string, args ...string) (string, error) {
	cmd := gitCommand(dir, args...)
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) && len(exit.Stderr) > 0 {
		err = errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	return strings.TrimSpace(string(out)), err
}

// gitCommand is git in a folder. Git tells a hook by the environment which repository it
// is about, relative to where the hook is run, which is the top of what is checked out:
// that is said to it as it is seen from the folder.
func gitCommand(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
	cmd.Env = os.Environ()
	tell := func(name, fallback string) {
		if path, err := filepath.Abs(cmp.Or(os.Getenv(name), fallback)); err == nil {
			cmd.Env = append(cmd.Env, name+"="+path)
		}
	}
	if os.Getenv("GIT_DIR") != "" {
		tell("GIT_DIR", "")
		tell("GIT_WORK_TREE", ".")
	}
	if os.Getenv("GIT_INDEX_FILE") != "" {
		tell("GIT_INDEX_FILE", "")
	}
	return cmd
}

// setupGit makes kith merge the notes of a journal, and says what it did.
func setupGit(dir string, root *os.Root) (did []string, err error) {
	checked, err := git(dir, "check-attr", "merge", "--", "content/contacts/a.md", "content/circles/a.md", "content/journal/2026/a.md")
	if err != nil {
		return nil, fail(fmt.Sprintf("asking git which files are notes: %v", err), "")
	}
	if strings.Count(checked, ": merge: kith") == 3 {
		did = append(did, attributes+" has the notes already")
	} else {
		text, err := folder.ReadFile(root.FS(), attributes, folder.Any)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fail(fmt.Sprintf("reading %s: %s", attributes, reason(err)), "")
		}
		verb := "wrote"
		if len(text) > 0 {
			verb = "added to"
		}
		if slices.Contains(strings.Fields(strings.ReplaceAll(string(text), attribute, "\x00")), "\x00") {
			return nil, fail(fmt.Sprintf("a later line of %s takes the notes away from kith", attributes), "put the line "+attribute+" last")
		}
		if err := root.WriteFile(attributes, withAttribute(text), 0o644); err != nil {
			return nil, fail(fmt.Sprintf("writing %s: %s", attributes, reason(err)), "")
		}
		did = append(did, fmt.Sprintf("%s %s: %s", verb, attributes, attribute))
	}
	registered, _ := git(dir, "config", "--local", driverKey)
	if registered == driver {
		return append(did, "git's configuration has kith already"), nil
	}
	for _, set := range [][2]string{{"merge.kith.name", driverName}, {driverKey, driver}} {
		if _, err := git(dir, "config", "--local", set[0], set[1]); err != nil {
			return nil, fail(fmt.Sprintf("registering kith with git: %v", err), "")
		}
	}
	return append(did, "registered kith in git's configuration, as "+driverKey), nil
}

// tellClone warns of a clone of a journal in which kith merges the notes elsewhere: what
// is registered with git stays on the machine.
func (a *app) tellClone(s *session) {
	text, err := folder.ReadFile(s.root.FS(), attributes, folder.Any)
	if err != nil || !slices.Contains(strings.Fields(string(text)), "merge=kith") {
		return
	}
	if _, err := git(s.dir, "rev-parse", "--git-dir"); err != nil { // no repository, or no git
		return
	}
	if _, err := git(s.dir, "config", driverKey); err != nil {
		a.errs.printf("kith: %s: in this clone git merges notes as it merges any text\n", yellow("warning"))
		a.errs.printf("%s kith git setup has it merge them by what they mean\n", dim("kith: hint:"))
	}
}

// mergeNotes makes kith merge the notes of a new journal.
func (a *app) mergeNotes(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := setupGit(dir, root); err != nil {
		return err
	}
	a.tellPath()
	return nil
}

// withAttribute adds kith's lines to those of a .gitattributes.
func withAttribute(text []byte) []byte {
	end := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		end = "\r\n"
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, end...)
	}
	return append(text, aboutDriver+end+attribute+end...)
}

// setupHook makes git check notes before each commit, and says what it did. A
// hook that is not kith's stays.
func setupHook(dir string) (did string, err error) {
	hooks, err := git(dir, "rev-parse", "--git-path", "hooks")
	if err != nil {
		return "", fail(fmt.Sprintf("asking git for its hooks: %v", err), "")
	}
	if !filepath.IsAbs(hooks) {
		hooks = filepath.Join(dir, hooks)
	}
	prefix, err := git(dir, "rev-parse", "--show-prefix")
	if err != nil {
		return "", fail(fmt.Sprintf("asking git for the journal's place: %v", err), "")
	}
	text := strings.ReplaceAll(preCommit, "JOURNAL", quoted(path.Join(".", prefix)))
	file := filepath.Join(hooks, "pre-commit")
	switch there, err := os.ReadFile(file); {
	case err == nil && string(there) == text:
		return "the pre-commit hook is there already", nil
	case err == nil && !bytes.Contains(there, []byte("kith git setup --hook")):
		return "", fail(fmt.Sprintf("%s is there and not kith's: it was left as it is", file), "add this line to it: kith check --staged")
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return "", fail(fmt.Sprintf("reading %s: %s", file, reason(err)), "")
	}
	if err := os.MkdirAll(hooks, 0o755); err != nil {
		return "", fail(fmt.Sprintf("making the folder %s: %s", hooks, reason(err)), "")
	}
	if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
		return "", fail(fmt.Sprintf("writing %s: %s", file, reason(err)), "")
	}
	return "wrote the pre-commit hook " + file, nil
}

// tellPath warns that git will not find kith.
func (a *app) tellPath() {
	if _, err := exec.LookPath("kith"); err != nil {
		fmt.Fprintln(a.Stderr, "kith: git runs kith by its name, and there is none on your PATH: until there is, git merges notes as it merges any text")
	}
}

func (a *app) gitMergeCommand() *cobra.Command {
	markerSize := 7
	cmd := &cobra.Command{
		Use:   "merge BASE OURS THEIRS PATH [SIZE]",
		Short: "merge three versions of a note, for git",
		Long: `Merges three versions of the note PATH into the file OURS. git runs it, with
temporary files; kith git setup tells git to.

The exit status is 0 if there was no conflict, 1 if there is one, which then
stands in the file, and 2 if nothing was done. What kith cannot merge by its
meaning, git's own merge of texts does.`,
		Example: "  kith git merge %O %A %B %P",
		Args:    args(4, 5, "git runs it: kith git merge %O %A %B %P"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 5 {
				size, err := strconv.Atoi(args[4])
				if err != nil {
					return usage(fmt.Sprintf("the size of a conflict marker is %q, not a number", args[4]), "")
				}
				markerSize = size
			}
			if markerSize < 1 || markerSize > 1000 {
				markerSize = 7
			}
			var versions [3][]byte
			for i, name := range args[:3] {
				data, err := os.ReadFile(a.path(name))
				if err != nil {
					return notMerged(fmt.Sprintf("reading %s: %s", name, reason(err)))
				}
				versions[i] = data
			}
			if place, kind, ok := noteAt(args[3]); ok {
				merged, conflicts, ok := merge.Notes(note.NewParser(note.Kinds{}), place, kind, versions[0], versions[1], versions[2], markerSize)
				if ok {
					return a.writeMerged(args[1], args[3], merged, conflicts)
				}
			}
			return a.mergeText(args, markerSize)
		},
	}
	cmd.Flags().IntVar(&markerSize, "marker-size", markerSize, "the `size` of conflict markers")
	return cmd
}

// notMerged is what git must not take for a conflict.
func notMerged(message string) error { return &failure{statusUsage, message, ""} }

func (a *app) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(a.Dir, name)
}

func (a *app) writeMerged(name, shown string, merged []byte, conflicts int) error {
	if err := os.WriteFile(a.path(name), merged, 0o666); err != nil {
		return notMerged(fmt.Sprintf("writing %s: %s", name, reason(err)))
	}
	if conflicts > 0 {
		fmt.Fprintf(a.Stderr, "kith: %s in %s\n", plural(conflicts, "conflict"), shown)
		return &failure{status: statusFailed}
	}
	return nil
}

// mergeText has git merge the files as any text.
func (a *app) mergeText(args []string, markerSize int) error {
	cmd := exec.Command("git", "merge-file", "-L", "ours", "-L", "base", "-L", "theirs",
		"--marker-size="+strconv.Itoa(markerSize), args[1], args[0], args[2])
	cmd.Dir, cmd.Stderr = a.Dir, a.Stderr
	err := cmd.Run()
	exit := new(exec.ExitError)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit) && exit.ExitCode() > 0 && exit.ExitCode() < 128: // the number of conflicts
		return &failure{status: statusFailed}
	}
	return notMerged(fmt.Sprintf("merging %s as text: %v", args[3], err))
}

// noteAt returns where in its journal a note is, by its path in a repository,
// and what it is about.
func noteAt(name string) (place string, kind note.Kind, ok bool) {
	name = "/" + filepath.ToSlash(name)
	at := -1
	for folder, k := range map[string]note.Kind{"contacts": note.Contact, "circles": note.Circle, "journal": note.Journal} {
		if i := strings.LastIndex(name, "/content/"+folder+"/"); i > at {
			at, kind = i, k
		}
	}
	if at < 0 || path.Ext(name) != ".md" {
		return "", 0, false
	}
	return name[at+1:], kind, true
}

// openStaged reads the journal as it is staged in git, and says of which files
// the next commit changes something.
func (a *app) openStaged() (j *journal.Journal, staged func(file string) bool, err error) {
	s, err := a.find()
	if err != nil {
		return nil, nil, err
	}
	defer s.root.Close()
	list, err := git(s.dir, "diff", "--cached", "--name-only", "--relative", "--diff-filter=d", "-z", "--", "content", journal.SettingsFile)
	if err != nil {
		return nil, nil, fail(fmt.Sprintf("asking git what is staged: %v", err), "kith check --staged is for a journal in a git repository")
	}
	temp, err := os.MkdirTemp("", "kith-staged-")
	if err != nil {
		return nil, nil, fail(fmt.Sprintf("making a temporary folder: %s", reason(err)), "")
	}
	defer os.RemoveAll(temp)
	files, err := git(s.dir, "ls-files", "-z", "--", "content", journal.SettingsFile)
	if err != nil {
		return nil, nil, fail(fmt.Sprintf("asking git for the notes: %v", err), "")
	}
	// Paths of checkout-index are put after the prefix as they are from the
	// repository's top.
	prefix, err := git(s.dir, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, nil, fail(fmt.Sprintf("asking git for the journal's place: %v", err), "")
	}
	cmd := gitCommand(s.dir, "checkout-index", "--stdin", "-z", "--prefix="+filepath.ToSlash(temp)+"/")
	cmd.Stdin, cmd.Stderr = strings.NewReader(files), a.Stderr
	if err := cmd.Run(); err != nil {
		return nil, nil, fail(fmt.Sprintf("reading what is staged: %v", err), "")
	}
	dir := filepath.Join(temp, filepath.FromSlash(prefix))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fail(fmt.Sprintf("making a temporary folder: %s", reason(err)), "")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, fail(fmt.Sprintf("opening a temporary folder: %s", reason(err)), "")
	}
	defer root.Close()
	changed := strings.Split(list, "\x00")
	return journal.Read(folder.New(root)), func(file string) bool { return slices.Contains(changed, file) }, nil
}
