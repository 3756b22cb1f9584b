package main

import (
	"math"
	"strings"
	"testing"
)

// By what factor a prediction may be off, as SIZING.md says. What costs much is predicted well; what costs
// little, quiet nodes and a Redis that is woken for every message, is not.
const (
	busyFactor   = 1.25 // CPU of nodes that work
	quietFactor  = 1.6  // CPU of nodes that only hold connections: hundredths of a core
	redisFactor  = 2.2  // CPU of Redis, at a tenth of its thread and less
	memoryFactor = 1.15
)

func TestTheModelStaysNearWhatWasMeasured(t *testing.T) {
	k, _, err := readCoefficients("")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := readChecked(".")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 4 {
		t.Fatalf("%d clusters were checked, not four", len(rows))
	}
	for _, c := range rows {
		if c.Busy > 1.5 {
			t.Errorf("%d nodes kept %v cores busy: too much to tell costs by", c.Nodes, c.Busy)
		}
		for _, f := range compared(k, c) {
			if off := math.Abs(math.Log(f.predicted / f.measured)); !(off <= math.Log(factor(f))) {
				t.Errorf("%d nodes, %g msg/s: %s predicted %s, measured %s: more than a factor of %g off",
					c.Nodes, f.rate, f.what, f.show(f.predicted), f.show(f.measured), factor(f))
			}
		}
	}
}

func factor(f comparison) float64 {
	switch {
	case strings.HasPrefix(f.what, "memory"):
		return memoryFactor
	case strings.HasSuffix(f.what, "Redis"):
		return redisFactor
	case f.rate == 0:
		return quietFactor
	}
	return busyFactor
}
