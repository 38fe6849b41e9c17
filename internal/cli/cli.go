// Package cli is the command line of kith: its commands, their flags, and what
// the terminal shows. It is the only package that reads the clock, the
// environment and the working folder, once, into an [Env]; everything below it
// is told.
//
// [Main] is the whole program. Each command has a file of its own; session.go
// finds the journal and the day that a command works on, write.go carries out what
// a command changes, and term.go knows how to write for a terminal.
package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// Env is the world that a run of kith sees.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	Dir            string // the working folder
	// Whether the standard streams are terminals, so colour may be used.
	StdoutIsTerminal, StderrIsTerminal bool
	// Whether standard input is one, so a person can be asked.
	StdinIsTerminal bool
	// Whether it is a pipe or a file, so that it is read in the place of a text.
	StdinIsPipe bool
}

// System returns the Env of this process.
func System() Env {
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	now := time.Now
	if _, given := os.LookupEnv("TZ"); !given {
		now = travelling(now, zoneFile)
	}
	return Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: now, Dir: dir,
		StdinIsTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		StdinIsPipe:      isPipe(os.Stdin),
		StdoutIsTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		StderrIsTerminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
}

// isPipe says whether something was put into a file of the process: a pipe or a file.
func isPipe(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && (info.Mode()&os.ModeNamedPipe != 0 || info.Mode().IsRegular())
}

// The exit statuses (FORMAT.md, "The command line").
const (
	statusDone   = 0
	statusFailed = 1 // it could not be done, or problems were found
	statusUsage  = 2 // the command line is wrong
)

// Main runs kith with the given arguments and returns the exit status.
func Main(args []string, env Env) int {
	return (&app{Env: env, terminal: env.Stderr, args: args}).run()
}

// run carries out the command line and returns the exit status.
func (a *app) run() int {
	out := &answer{w: a.Stdout}
	a.file = out
	a.out = &screen{w: out, colour: func() bool { return a.colourFor(a.StdoutIsTerminal) }}
	a.errs = &screen{w: a.Stderr, colour: func() bool { return a.colourFor(a.StderrIsTerminal) }}
	a.Stdout, a.Stderr = a.out, a.errs
	root := a.command()
	root.SetArgs(a.args)
	err := root.Execute()
	if err == nil && out.err != nil {
		err = fail(fmt.Sprintf("writing the answer: %v", out.err), "all else is done")
	}
	if err == nil {
		return statusDone
	}
	failed := new(failure)
	switch {
	case errors.As(err, &failed):
	case a.started: // what a command could not do, as to write its answer
		failed = fail(err.Error(), "")
	default: // cobra's word on the command line
		failed = usage(err.Error(), "kith help lists the commands")
	}
	if failed.message != "" {
		a.errs.printf("%s %s\n", red("kith: error:"), failed.message)
	}
	if failed.hint != "" {
		a.errs.printf("%s %s\n", dim("kith: hint:"), failed.hint)
	}
	return failed.status
}

// A failure is why a command could not do its work: what a person reads, and
// the exit status. Without a message, all has been said.
type failure struct {
	status        int
	message, hint string
}

func (f *failure) Error() string { return f.message }

func fail(message, hint string) *failure  { return &failure{statusFailed, message, hint} }
func usage(message, hint string) *failure { return &failure{statusUsage, message, hint} }

// app is one run of the program.
type app struct {
	Env
	out, errs         *screen   // Stdout and Stderr, for words in colour
	terminal          io.Writer // standard error as it is, for the one sequence that is ours
	file              io.Writer // standard output as it is, for files of other programs
	dir, today, color string    // the global flags
	args              []string
	input             *bufio.Reader // of standard input, once somebody was asked
	started           bool          // the command line is right, and a command runs
	// expect, if not nil, says whether a file that is about to be changed is still what
	// whoever asks for it was shown; stale, that one was not.
	expect func(path string, src []byte) bool
	stale  bool
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "kith",
		Short: "remember to write to people",
		Long: `kith turns a folder of notes about people into a private site: who is due for
contact, who helped you and has not heard since, what you promised, what to say.

A journal is plain text in a folder of your own, one Markdown file a person.
Nothing leaves your machine.`,
		Example: `  kith init ~/people     a journal of your own
  kith serve             the site, rebuilt at every save
  kith today             whom to write to today`,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return noCommand(cmd, args)
		},
		SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := a.journalDir(); err != nil && a.dir == "" {
				return cmd.Help()
			}
			return a.greet()
		},
	}
	root.SetIn(a.Stdin)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	flags := root.PersistentFlags()
	flags.StringVar(&a.dir, "dir", "", "the journal's `folder` (default: the nearest one upward that has content/contacts)")
	flags.StringVar(&a.today, "today", "", "the `date` to take for today, as YYYY-MM-DD")
	flags.StringVar(&a.color, "color", "auto", "use colour: auto, always or never")
	_ = root.MarkPersistentFlagDirname("dir")
	_ = root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions([]string{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp))
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.checkFlags(cmd) }
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if cmd == root && len(a.args) > 0 && !strings.HasPrefix(a.args[0], "-") { // a flag of what is no command
			return noCommand(root, a.args)
		}
		return usage(err.Error(), fmt.Sprintf("%s --help shows the flags", cmd.CommandPath()))
	})
	group := func(id, title string, commands ...*cobra.Command) {
		root.AddGroup(&cobra.Group{ID: id, Title: title})
		for _, cmd := range commands {
			cmd.GroupID = id
			root.AddCommand(cmd)
		}
	}
	group("read", "Who and what:", a.todayCommand(), a.goCommand(), a.dueCommand(), a.briefCommand(), a.draftCommand(), a.showCommand(), a.reviewCommand(), a.findCommand(), a.checkCommand(), a.exportCommand())
	group("write", "Writing it down:", a.logCommand(), a.newCommand(), a.askCommand(), a.promiseCommand(), a.doneCommand(), a.newsCommand(),
		a.snoozeCommand(), a.everyCommand(), a.decideCommand(), a.statusCommand(), a.editCommand(), a.renameCommand(), a.mergeCommand(), a.importCommand(), a.undoCommand())
	group("journal", "The journal:", a.serveCommand(), a.buildCommand(), a.backupCommand(), a.restoreCommand(), a.initCommand(), a.gitCommand(), a.lspCommand(), a.schemaCommand(), a.completionCommand(), a.manCommand(), a.versionCommand())
	root.SetHelpCommand(a.helpCommand())
	root.SetHelpCommandGroupID("journal")
	return root
}

func (a *app) checkFlags(cmd *cobra.Command) error {
	var empty error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if value := f.Value.String(); f.Value.Type() == "string" && value == "" || f.Value.Type() == "stringSlice" && value == "[]" {
			// A script's variable that is not set.
			empty = usage(fmt.Sprintf("--%s is empty", f.Name), cmd.CommandPath()+" --help shows what it takes")
		}
	})
	if empty != nil {
		return empty
	}
	switch a.color {
	case "auto", "always", "never":
	default:
		return usage(fmt.Sprintf("--color is %q; accepted are auto, always and never", a.color), "")
	}
	_, _, err := a.day(session{})
	a.started = err == nil
	return err
}

// args returns a check that a command has between least and most arguments.
func args(least, most int, hint string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usage(fmt.Sprintf("%s needs %s", cmd.CommandPath(), strings.TrimPrefix(cmd.Use, cmd.Name()+" ")), hint)
		case len(args) > most:
			return usage(fmt.Sprintf("%s does not take %q", cmd.CommandPath(), args[most]), hint)
		}
		return nil
	}
}
