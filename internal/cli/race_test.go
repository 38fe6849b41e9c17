//go:build race

package cli_test

// The race detector makes a process take ten times as long: the tests with many of
// them run without it too.
const (
	logsEach     = 5  // entries that a process writes in TestManyLogsAtOnce
	serverEach   = 10 // every so many cases of the format are shown to the language server
	gitHistories = 1  // of 30 merges each in TestRandomHistoriesInGit
)
