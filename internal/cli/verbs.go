package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kith/internal/note"
)

// otherVerbs are the commands that people look for under another name, each with what
// does it here: WHO stands for what was said behind it.
var otherVerbs = map[string]string{
	"add create":                        "kith new WHO begins a file for somebody, kith log WHO TEXT writes into one",
	"list ls all people contacts":       "kith due --all lists everybody",
	"overdue":                           "kith due lists who is due",
	"upcoming soon":                     "kith due --within 2w lists who is due in two weeks",
	"next now agenda daily day home":    "kith today has whom to write to",
	"birthdays birthday dates":          "kith today has those of the next seven days, the page Dates of kith serve all of them",
	"note entry record write touch":     "kith log WHO writes it down",
	"thank thanks":                      "kith log WHO thanked writes it down",
	"delete remove rm del":              "kith status WHO archived puts somebody away; to delete a file, delete it in content/contacts",
	"archive":                           "kith status WHO archived",
	"pause mute":                        "kith status WHO paused",
	"rhythm":                            "kith every WHO 6w",
	"stats statistics insights report":  "kith serve shows it in the browser, on the page Insights; kith due --all --json has the numbers",
	"search grep lookup":                "kith find WHO",
	"view open get who info cat person": "kith show WHO",
	"remind remember todo task tasks":   "kith promise WHO notes down what you promised, kith ask WHO what to ask",
	"question questions":                "kith ask WHO notes down what to ask",
	"complete close finish tick":        "kith done WHO",
	"tag circle alias set change":       "kith edit WHO opens the file",
	"mv move":                           "kith rename WHO",
	"server start run web preview":      "kith serve",
	"generate publish make":             "kith build",
	"validate lint doctor verify":       "kith check",
	"revert back":                       "kith undo",
	"setup begin start-journal":         "kith init DIR",
}

// noCommand says that there is no command, and which one does what was wanted.
func noCommand(root *cobra.Command, args []string) *failure {
	verb, rest := strings.ToLower(args[0]), args[1:]
	message := fmt.Sprintf("there is no command %q", args[0])
	var said []string
	for _, arg := range rest {
		said = append(said, quoted(arg))
	}
	who := "WHO"
	if len(said) > 0 {
		who = strings.Join(said, " ")
	}
	for verbs, does := range otherVerbs {
		if slices.Contains(strings.Fields(verbs), verb) {
			return usage(message, strings.Replace(does, "WHO", who, 1))
		}
	}
	if slices.Contains(note.Kinds{}.Words(), verb) || slices.Contains(strings.Fields("asked got gave offered thanked called emailed"), verb) {
		said = append(said, who)[:max(1, len(said))] // somebody comes first
		return usage(message, "kith log "+strings.Join(slices.Insert(said, 1, verb), " "))
	}
	if near := nearest(verb, root.SuggestionsFor(args[0])); len(near) > 0 {
		return usage(message, "did you mean kith "+strings.Join(near, " or kith ")+"?")
	}
	return usage(message, "kith help lists the commands")
}

// nearest returns the commands that a word is nearest to: two letters in each other's
// place are one slip.
func nearest(verb string, commands []string) []string {
	const most = 10
	least := most
	for _, c := range commands {
		least = min(least, note.Distance(verb, c, most))
	}
	return slices.DeleteFunc(commands, func(c string) bool { return note.Distance(verb, c, most) > least })
}
