package rollout

import (
	"os"
	"testing"

	"chatnode/ops/e2e/cluster"
)

// binary is the program under test, built by TestMain.
var binary string

func TestMain(m *testing.M) { os.Exit(cluster.Main(m, &binary)) }
