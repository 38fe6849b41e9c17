package cli

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/help"
)

func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [TOPIC]",
		Short:   "about a command or a topic",
		Long:    "Explains a command, or a topic:\n\n" + topicList(),
		Example: "  kith help format\n  kith help due",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			words := topicNames()
			for _, c := range cmd.Root().Commands() {
				words = append(words, c.Name())
			}
			slices.Sort(words)
			return begin(slices.Compact(words), begun), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				err := cmd.Root().Help()
				fmt.Fprintf(a.Stdout, "\nTopics, for kith help TOPIC:\n%s", topicList())
				return err
			}
			if t, ok := help.Find(args[0]); ok && len(args) == 1 {
				fmt.Fprint(a.Stdout, t.Markdown)
				return nil
			}
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 || about == cmd.Root() {
				return usage(fmt.Sprintf("there is no command or topic %q", strings.Join(args, " ")), "topics are "+strings.Join(topicNames(), ", ")+"; kith help lists the commands")
			}
			return about.Help()
		},
	}
}

func topicNames() []string {
	var names []string
	for _, t := range help.Topics() {
		names = append(names, t.Name)
	}
	return names
}

func topicList() string {
	var b strings.Builder
	for _, t := range help.Topics() {
		fmt.Fprintf(&b, "  %s %s\n", pad(t.Name, 11), t.Title)
	}
	return b.String()
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "the version of this program, and what it is built from",
		Example: "  kith version",
		Args:    args(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.Stdout, "kith ", version(), "\n", builtFrom())
			return err
		},
	}
}

// builtFrom says what this program is built from: the commit, the Go tool, and the modules
// that are linked into it.
func builtFrom() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	var b strings.Builder
	if commit := set["vcs.revision"]; commit != "" {
		changed := ""
		if set["vcs.modified"] == "true" {
			changed = ", with changes"
		}
		fmt.Fprintf(&b, "commit %s of %s%s\n", commit, set["vcs.time"], changed)
	}
	fmt.Fprintf(&b, "built by %s for %s/%s\n", info.GoVersion, set["GOOS"], set["GOARCH"])
	for _, m := range info.Deps {
		fmt.Fprintf(&b, "  %s %s\n", m.Path, m.Version)
	}
	return b.String()
}

// version is what the Go tool recorded: a release's tag, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	version := strings.Trim(info.Main.Version, "()")
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (version == "" || version == "devel") {
			version = "devel " + s.Value[:min(12, len(s.Value))]
		}
	}
	return version
}
