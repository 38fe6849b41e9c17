package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/journal"
	"kith/internal/note"
)

// A completer says what may stand at a place of the command line.
type completer = cobra.CompletionFunc

// completeWho completes a first argument WHO, of which several may stand there with
// commas between them, and a second one that is one of some words.
func (a *app) completeWho(several bool, then ...string) completer {
	return func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 1 {
			return begin(then, begun), cobra.ShellCompDirectiveNoFileComp
		}
		s, err := a.openNotes()
		if len(args) > 1 || err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		before, directive := "", cobra.ShellCompDirectiveNoFileComp
		if i := strings.LastIndexByte(begun, ','); several && i >= 0 {
			before, begun = begun[:i+1], begun[i+1:]
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		var found []string
		for _, c := range s.journal.Contacts {
			if fits(c, begun) {
				found = append(found, before+cobra.CompletionWithDesc(c.Slug, c.Name))
			}
		}
		return found, directive
	}
}

// completeTwo completes two arguments that are WHO.
func (a *app) completeTwo(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 1 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.completeWho(false)(cmd, nil, begun)
}

// fits says whether a contact may be meant by what is begun: their slug, or a word of
// their name or of another name.
func fits(c *journal.Contact, begun string) bool {
	if strings.HasPrefix(c.Slug, begun) {
		return true
	}
	begun = note.Fold(begun)
	for _, name := range append([]string{c.Name}, c.Front().Aliases...) {
		name = note.Fold(name)
		if strings.HasPrefix(name, begun) || strings.Contains(name, " "+begun) {
			return true
		}
	}
	return false
}

// completeLog completes WHO, and then the kinds of contact.
func (a *app) completeLog(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return a.completeWho(true)(cmd, args, begun)
	}
	s, err := a.openNotes()
	if len(args) > 1 || err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return begin(s.journal.Settings.Kinds.Words(), begun), cobra.ShellCompDirectiveNoFileComp
}

// completeCircle completes with the circles of the journal.
func (a *app) completeCircle(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	s, err := a.openNotes()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var slugs []string
	for _, c := range s.journal.Circles {
		slugs = append(slugs, cobra.CompletionWithDesc(c.Slug, c.Name))
	}
	return begin(slugs, begun), cobra.ShellCompDirectiveNoFileComp
}

// completeTag completes with the tags of contacts and entries.
func (a *app) completeTag(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	s, err := a.openNotes()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var tags []string
	for _, f := range s.journal.Files {
		tags = append(tags, f.Front.Tags...)
		for i := range f.Entries {
			tags = append(tags, f.EntryTags(&f.Entries[i])...)
		}
	}
	slices.Sort(tags)
	return begin(slices.Compact(tags), strings.TrimPrefix(begun, "#")), cobra.ShellCompDirectiveNoFileComp
}

// completeFolder completes with folders.
func completeFolder(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func begin(words []string, begun string) []string {
	var found []string
	for _, w := range words {
		if strings.HasPrefix(w, begun) {
			found = append(found, w)
		}
	}
	return found
}

var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion " + strings.Join(shells, "|"),
		Short: "let your shell complete names and commands",
		Long: `Prints what a shell must read so that the Tab key completes commands, people,
circles, tags and kinds of contact.

  bash         echo 'source <(kith completion bash)' >> ~/.bashrc
  zsh          kith completion zsh > "${fpath[1]}/_kith"
  fish         kith completion fish > ~/.config/fish/completions/kith.fish
  powershell   kith completion powershell >> $PROFILE`,
		Example:   "  kith completion bash",
		Args:      args(1, 1, "kith completion bash"),
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.Stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.Stdout)
			case "fish":
				return root.GenFishCompletion(a.Stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.Stdout)
			}
			return usage(fmt.Sprintf("%q is no shell that kith knows; accepted are %s", args[0], strings.Join(shells, ", ")), "")
		},
	}
}
