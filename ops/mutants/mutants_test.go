package mutants

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// maxSeeds is the number of seeds that a mutant may pass: those that the unchanged tree must pass.
const maxSeeds = seeds

// Each mutant breaks its invariant (INV-1 to INV-6), whatever else it breaks at that seed.
func TestMutants(t *testing.T) {
	for _, m := range mutants {
		t.Run(strings.ReplaceAll(m.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			out, sound := simulate(t, compile(t, m.plant(t)), 1, maxSeeds)
			seed, what := failure(out)
			id := violated(m.invariant, violations(out))
			switch {
			case sound:
				t.Errorf("passed %d seeds: the simulation does not detect that %s", maxSeeds, m.name)
			case id == "":
				t.Errorf("violated not %s, but, at seed %d: %s\n%.2000s", m.invariant, seed, what, out)
			default:
				t.Logf("%-62s | %s | %3d", m.name, id, seed)
			}
		})
	}
}

// violated returns the first violation that was expected, or "" if there is none.
func violated(invariant string, violations []string) string {
	for _, id := range violations {
		if slices.Contains(strings.Split(invariant, " or "), id) {
			return id
		}
	}
	return ""
}

// seeds is the number of runs that the unchanged tree must pass.
const seeds = 2000

// The unchanged tree passes. Otherwise the failure of a mutant would mean nothing. It runs on all cores.
func TestUnchangedTreePasses(t *testing.T) {
	program := compile(t)
	begin := time.Now()
	var all sync.WaitGroup
	share := seeds / runtime.GOMAXPROCS(0)
	for i := range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			if out, sound := simulate(t, program, 1+i*share, share); !sound {
				seed, what := failure(out)
				t.Errorf("seed %d violates %s\nrun it again with a trace: make sim SEED=%d\n%.4000s", seed, what, seed, out)
			}
		})
	}
	all.Wait()
	t.Logf("%d seeds, %.0f a minute", share*runtime.GOMAXPROCS(0), float64(seeds)/time.Since(begin).Minutes())
}
