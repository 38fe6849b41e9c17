//go:build !torture

package serve

// How much of what attack_test.go does fits into make test; make torture does more.
const (
	idleConnections = 2500
	slowClients     = 200
	openStreams     = 100
	savesStreamed   = 50
)
