package e2e

import (
	"testing"

	"chatnode/ops/e2e/cluster"
)

// The same scenarios on three nodes that share one Redis: clients are dealt to the nodes in turn.
func TestThreeNodes(t *testing.T) {
	runAll(t, cluster.Options{Nodes: 3, Redis: true})
}
