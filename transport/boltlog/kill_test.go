package boltlog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
	"chatnode/transport/killtest"
)

const (
	kills      = 52
	childRooms = 3
)

// TestKilledAtAnyInstant kills a writing process again and again: every write that it said was
// acknowledged stands exactly once, and seq has no gap.
func TestKilledAtAnyInstant(t *testing.T) {
	if dir, round, child := killtest.Folder(); child {
		writeUntilKilled(dir, round)
		return
	}
	dir := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	acked := map[string]uint64{}
	for round := range kills {
		killtest.Child(t, dir, round, 5+random.IntN(250), func(line string) { record(t, line, acked) })
		audit(t, dir, acked)
	}
	if len(acked) < 10*kills {
		t.Fatalf("%d kills and only %d writes acknowledged", kills, len(acked))
	}
	t.Logf("%d kills, %d writes acknowledged", kills, len(acked))
}

// record takes one line "key seq" of a child.
func record(t *testing.T, line string, acked map[string]uint64) {
	t.Helper()
	key, number, _ := strings.Cut(line, " ")
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		t.Fatalf("the child said %q: %v", line, err)
	}
	if was, ok := acked[key]; ok && was != seq {
		t.Fatalf("%s was acknowledged at seq %d and again at %d", key, was, seq)
	}
	acked[key] = seq
}

// writeUntilKilled is the child: it repeats the end of the round before, then writes on, an edit
// after every fifth message. It prints what is acknowledged.
func writeUntilKilled(dir string, round int) {
	log, err := boltlog.Open(boltlog.Options{Path: dir, HistorySize: 1 << 20, IdempotencyWindow: time.Hour})
	if err != nil {
		panic(err)
	}
	due := make(chan struct{}, 1)
	go moveWhen(log, due)
	for n := 0; ; n++ {
		if n%8 == 7 {
			select {
			case due <- struct{}{}:
			default:
			}
		}
		batch := childBatch(max(0, round-1), n)
		if n >= 20 {
			batch = childBatch(round, n-20)
		}
		receipts, err := log.Append(context.Background(), batch)
		if err != nil {
			panic(err)
		}
		for i, got := range receipts {
			if got.Refused != chat.NotRefused {
				panic(fmt.Sprintf("%+v: %+v", batch[i], got))
			}
			fmt.Printf("%s/%s %d.\n", batch[i].Room, batch[i].Key, got.Seq)
		}
	}
}

// moveWhen checkpoints beside the appends, so that kills meet checkpoints too. It ends with the process.
func moveWhen(log *boltlog.Log, due <-chan struct{}) {
	for range due {
		if err := log.Checkpoint(); err != nil {
			panic(err)
		}
	}
}

func childBatch(round, n int) []chat.Write {
	var batch []chat.Write
	for i := range 1 + n%7 {
		w := say(fmt.Sprintf("room%d", (n+i)%childRooms), (round*1000000+n)*10+i)
		batch = append(batch, w)
		if n%5 == 0 {
			batch = append(batch, chat.Write{Room: w.Room, Kind: chat.EntryEdit, ID: "e-" + w.ID, Key: "e-" + w.Key, Target: w.ID, Text: "edited", Author: author})
		}
	}
	return batch
}

// audit opens the file and compares all of it with what was acknowledged.
func audit(t *testing.T, dir string, acked map[string]uint64) {
	t.Helper()
	log := open(t, boltlog.Options{Path: dir, HistorySize: 1 << 20, IdempotencyWindow: time.Hour})
	defer closeLog(t, log)
	at := map[string]uint64{}
	for i := range childRooms {
		room := fmt.Sprintf("room%d", i)
		p := page(t, log, chat.Query{Room: room, Limit: 1 << 20})
		if uint64(len(p.Entries)) != p.Seq {
			t.Fatalf("%s holds %d entries up to seq %d", room, len(p.Entries), p.Seq)
		}
		for n, e := range p.Entries {
			key := room + "/" + keyOf(e.ID)
			if was, ok := at[key]; ok || e.Seq != uint64(n+1) {
				t.Fatalf("%s: entry %d is %+v; its key stands at seq %d too", room, n, e, was)
			}
			at[key] = e.Seq
		}
	}
	for key, seq := range acked {
		if at[key] != seq {
			t.Fatalf("%s was acknowledged at seq %d and stands at %d", key, seq, at[key])
		}
	}
}

// keyOf is the key of the entry that has the id.
func keyOf(id string) string {
	if rest, ok := strings.CutPrefix(id, "e-"); ok {
		return "e-k-" + rest
	}
	return "k-" + id
}
