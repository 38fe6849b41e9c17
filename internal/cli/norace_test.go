//go:build !race

package cli_test

// logsEach is how many entries a process writes in TestManyLogsAtOnce.
const logsEach = 50
