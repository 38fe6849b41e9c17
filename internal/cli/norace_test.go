//go:build !race

package cli_test

const (
	logsEach     = 50 // entries that a process writes in TestManyLogsAtOnce
	gitHistories = 10 // of 30 merges each in TestRandomHistoriesInGit
)
