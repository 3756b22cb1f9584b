package e2e

import (
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

var killScenarios = []scenario{
	{"every acknowledged message stands once after kill after kill", withTokens("HISTORY_SIZE", "200000"), killLoop},
}

// kills is the number of kills; CHATNODE_KILLS overrides it.
const kills = 50

func killLoop(w *world) {
	n := kills
	if text := os.Getenv("CHATNODE_KILLS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			w.Fatalf("CHATNODE_KILLS: %v", err)
		}
	}
	seed := rand.Uint64()
	w.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	writers, readers := w.traffic(4, 2)
	for range n {
		w.progress(writers[:1], 1)
		<-time.After(time.Duration(rng.IntN(60)) * time.Millisecond) // a kill may come at any time
		node := w.Nodes[rng.IntN(len(w.Nodes))]
		node.Kill()
		node.Restart(w)
	}
	w.progress(writers, 1)
	report := w.audit(writers, readers)
	retries, duplicates := 0, 0
	for _, writer := range writers {
		for _, a := range writer.Acked() {
			retries += a.Tries - 1
			if a.Duplicate {
				duplicates++
			}
		}
	}
	w.Logf("%d kills, %d messages acknowledged, %d retries, %d of them stored already", n, report.Acked, retries, duplicates)
	if retries == 0 {
		w.Error("no message was ever retried: the kills have hit nothing")
	}
}
