package e2e

import (
	"testing"

	"chatnode/ops/e2e/cluster"
)

// The same scenarios on three nodes with one Redis. Clients are assigned to the nodes in turn.
func TestThreeNodes(t *testing.T) {
	runAll(t, cluster.Options{Nodes: 3, Redis: true})
}
