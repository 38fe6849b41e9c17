//go:build torture

package serve

const (
	idleConnections = 10_000
	slowClients     = 1000
	openStreams     = 500
	savesStreamed   = 200
)
