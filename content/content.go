// Package content holds the demo journal: Maud Tarrant, who drew maps in Leeds
// until there was no drawing office left to draw them in, the people who helped
// her to Trieste, and what she owes them. Everybody in it is invented.
//
// It is an ordinary journal, the very files that `kith` reads in this repository,
// embedded so that `kith init --demo` can write a copy of it anywhere. Most of
// the tests read it too, so a changed date here is a changed expectation in
// internal/cli/testdata/demo-due.txt.
package content

import "embed"

// FS is the demo journal as it lies on disk: the folders contacts, circles and
// journal, with the pictures in them. It is rooted here, so a contact is found at
// "contacts/edith-tarrant.md", not at "content/contacts/edith-tarrant.md".
//
// Embedding skips names that start with "." or "_", which a journal ignores as
// well, and refuses names with an apostrophe, which is why Siobhán O'Rourke's
// file is called siobhan-orourke.md.
//
//go:embed contacts circles journal
var FS embed.FS

// Day is the day the demo journal was written for, which the repository's
// kith.toml pins.
const Day = "2026-11-23"

// Settings is the kith.toml of a copy of the demo journal: that of the
// repository, without the pinned day.
const Settings = `# The settings of this journal. Every one of them may be left out; kith help
# settings explains them.
title = "Maud's people"
name = "Maud Tarrant"
daily = 3
every = "6 months"
quiet_after = "30 days"
week_starts = "monday"

# Words of your own for kinds of contact.
[kinds]
talk = ["swim"]
`
