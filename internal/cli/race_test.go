//go:build race

package cli_test

// The race detector makes a process take ten times as long: the tests with many of
// them run without it too.
const (
	logsEach     = 5 // entries that a process writes in TestManyLogsAtOnce
	gitHistories = 1 // of 30 merges each in TestRandomHistoriesInGit
)
