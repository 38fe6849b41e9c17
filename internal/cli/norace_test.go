//go:build !race

package cli_test

const (
	logsEach     = 50 // entries that a process writes in TestManyLogsAtOnce
	serverEach   = 1  // every so many cases of the format are shown to the language server
	gitHistories = 10 // of 30 merges each in TestRandomHistoriesInGit
)
