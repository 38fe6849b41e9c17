package watch

import (
	"slices"
	"strings"

	"kith/internal/journal"
)

// belongs reports whether a change of path can matter: it is the root ".", the
// settings, or in a folder that a build reads. What counts as hidden or as
// editors' litter is the journal's to say: a file that it reads and this
// package ignores would go stale.
func belongs(path string) bool {
	if path == "." || path == journal.SettingsFile {
		return true
	}
	top, _, _ := strings.Cut(path, "/")
	return (top == "content" || top == "templates") && !ignored(path)
}

// ignored reports whether the journal takes no notice of path, or of a folder
// on the way to it.
func ignored(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), journal.Ignored)
}
