package mutants

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// most is how many seeds a mutant may live through: as many as the tree as it is must pass.
const most = seeds

// Every mutant dies of the invariant that it is there for (INV-1 to INV-6), whatever else it breaches at that seed.
func TestMutants(t *testing.T) {
	for _, m := range mutants {
		t.Run(strings.ReplaceAll(m.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			out, sound := simulate(t, compile(t, m.plant(t)), 1, most)
			seed, what := killed(out)
			id := dies(m.invariant, breached(out))
			switch {
			case sound:
				t.Errorf("has lived through %d seeds: the simulation does not see that %s", most, m.name)
			case id == "":
				t.Errorf("was to breach %s, and has breached, at seed %d: %s\n%.2000s", m.invariant, seed, what, out)
			default:
				t.Logf("%-62s | %s | %3d", m.name, id, seed)
			}
		})
	}
}

// dies is the first of what was breached that was to be; empty: none of it.
func dies(invariant string, breached []string) string {
	for _, id := range breached {
		if slices.Contains(strings.Split(invariant, " or "), id) {
			return id
		}
	}
	return ""
}

// seeds is how many runs the tree as it is must pass.
const seeds = 2000

// The tree as it is lives: otherwise no mutant's death would mean anything. It runs on all cores.
func TestTheTreeAsItIsLives(t *testing.T) {
	program := compile(t)
	begin := time.Now()
	var all sync.WaitGroup
	share := seeds / runtime.GOMAXPROCS(0)
	for i := range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			if out, sound := simulate(t, program, 1+i*share, share); !sound {
				seed, what := killed(out)
				t.Errorf("seed %d breaches %s\nrun it again, with all that happens: make sim SEED=%d\n%.4000s", seed, what, seed, out)
			}
		})
	}
	all.Wait()
	t.Logf("%d seeds, %.0f a minute", share*runtime.GOMAXPROCS(0), float64(seeds)/time.Since(begin).Minutes())
}
