// Package journal puts the notes of a folder together: contacts with all that
// happened with them, circles, links resolved, backlinks, problems that no
// single file shows.
//
// A [Journal] is a value that never changes. [Read] makes one of a folder;
// [Journal.Reread] makes the next one after some files changed, which shares
// everything with the last that these files do not touch. That is what makes an
// incremental build right by construction: whoever holds a [Contact] knows that
// it is the same person with the same history as long as the pointer is the
// same.
//
// What a journal means on a given day is the work of package due.
package journal
