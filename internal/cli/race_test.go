//go:build race

package cli_test

// logsEach is how many entries a process writes in TestManyLogsAtOnce. The race
// detector makes each take ten times as long.
const logsEach = 5
