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

// TestKill kills a writing process at random times. Each write that it printed as acknowledged is stored exactly
// once, and seq has no gaps.
func TestKill(t *testing.T) {
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
		killtest.Child(t, dir, round, 5+random.IntN(250), func(line string) { recordLine(t, line, acked) })
		verifyAcked(t, dir, acked)
	}
	if len(acked) < 10*kills {
		t.Fatalf("only %[2]d writes acknowledged in %[1]d kills", kills, len(acked))
	}
	t.Logf("%d kills, %d writes acknowledged", kills, len(acked))
}

// recordLine parses a line "key seq" of a child.
func recordLine(t *testing.T, line string, acked map[string]uint64) {
	t.Helper()
	key, number, _ := strings.Cut(line, " ")
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		t.Fatalf("unknown line %q of the child: %v", line, err)
	}
	if was, ok := acked[key]; ok && was != seq {
		t.Fatalf("%s was acknowledged at seq %d, then at seq %d", key, was, seq)
	}
	acked[key] = seq
}

// writeUntilKilled is the child. It repeats the last writes of the previous round, then appends new ones, with an
// edit after every fifth message. It prints the acknowledged writes.
func writeUntilKilled(dir string, round int) {
	log, err := boltlog.Open(boltlog.Options{Path: dir, HistorySize: 1 << 20, IdempotencyWindow: time.Hour})
	if err != nil {
		panic(err)
	}
	due := make(chan struct{}, 1)
	go checkpointOn(log, due)
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

// checkpointOn runs a checkpoint for each signal, so that kills also hit checkpoints. It ends with the process.
func checkpointOn(log *boltlog.Log, due <-chan struct{}) {
	for range due {
		if err := log.Checkpoint(); err != nil {
			panic(err)
		}
	}
}

func childBatch(round, n int) []chat.Write {
	var batch []chat.Write
	for i := range 1 + n%7 {
		w := messageOf(fmt.Sprintf("room%d", (n+i)%childRooms), (round*1000000+n)*10+i)
		batch = append(batch, w)
		if n%5 == 0 {
			batch = append(batch, chat.Write{Room: w.Room, Kind: chat.EntryEdit, ID: "e-" + w.ID, Key: "e-" + w.Key, Target: w.ID, Text: "edited", Author: author})
		}
	}
	return batch
}

// verifyAcked opens the log and compares all entries with the acknowledged ones.
func verifyAcked(t *testing.T, dir string, acked map[string]uint64) {
	t.Helper()
	log := open(t, boltlog.Options{Path: dir, HistorySize: 1 << 20, IdempotencyWindow: time.Hour})
	defer closeLog(t, log)
	at := map[string]uint64{}
	for i := range childRooms {
		room := fmt.Sprintf("room%d", i)
		p := page(t, log, chat.Query{Room: room, Limit: 1 << 20})
		if uint64(len(p.Entries)) != p.Seq {
			t.Fatalf("%s has %d entries up to seq %d", room, len(p.Entries), p.Seq)
		}
		for n, e := range p.Entries {
			key := room + "/" + entryKeyOf(e.ID)
			if was, ok := at[key]; ok || e.Seq != uint64(n+1) {
				t.Fatalf("%s: entry %d is %+v; its key is also at seq %d", room, n, e, was)
			}
			at[key] = e.Seq
		}
	}
	for key, seq := range acked {
		if at[key] != seq {
			t.Fatalf("%s was acknowledged at seq %d, but is at seq %d", key, seq, at[key])
		}
	}
}

// entryKeyOf returns the key of the entry with the id.
func entryKeyOf(id string) string {
	if rest, ok := strings.CutPrefix(id, "e-"); ok {
		return "e-k-" + rest
	}
	return "k-" + id
}
