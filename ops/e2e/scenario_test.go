package e2e

import (
	"os"
	"slices"
	"testing"

	"chatnode/ops/e2e/cluster"
)

// env is settings of the nodes, by their variables.
type env map[string]string

// secret is AUTH_JWT_SECRET in scenarios with tokens.
const secret = "an end-to-end secret of more than 32 characters"

// withTokens returns settings with tokens, and those of the scenario.
func withTokens(more ...string) env {
	e := env{"AUTH_JWT_SECRET": secret, "RATE_LIMIT": "off"}
	for pair := range slices.Chunk(more, 2) {
		e[pair[0]] = pair[1]
	}
	return e
}

// scenario is one promise that a cluster of any size must keep.
type scenario struct {
	name string
	env  env
	run  func(w *world)
}

func scenarios() []scenario {
	return slices.Concat(joinScenarios, resumeScenarios, chatScenarios, rightsScenarios, roomScenarios,
		limitScenarios, identityScenarios, expiryScenarios, slowScenarios, shutdownScenarios, killScenarios, pageScenarios)
}

// binary is the program under test, built by TestMain.
var binary string

func TestMain(m *testing.M) { os.Exit(cluster.Main(m, &binary)) }

func TestOneNode(t *testing.T) { runAll(t, cluster.Options{Nodes: 1}) }

func runAll(t *testing.T, topology cluster.Options) {
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.run(newWorld(t, topology, s.env))
		})
	}
}
