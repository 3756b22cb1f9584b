package nodetest

import (
	"fmt"
	"testing"
	"testing/synctest"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A failover has lost seqs 5 to 10, and the log continues at 11. A client that has received one of them must reload,
// because it displays messages that are not in the log (INV-2). Other clients are resumed from memory or from the log.
func TestNoResumeFromLostEntries(t *testing.T) {
	const reload = -1
	for _, c := range []struct {
		name    string
		unknown bool // the log has empty entries for the lost seqs; otherwise it has none
		upTo    uint64
		missed  map[uint64]int // by the last seq that the client has received
	}{
		{"gap, in memory", false, 14, map[uint64]int{3: reload, 4: reload, 5: reload, 10: reload, 11: 3, 14: 0}},
		{"gap, in the log", false, 30, map[uint64]int{4: reload, 7: reload, 10: reload, 11: 19, 14: 16, 15: 15}},
		{"empty, in memory", true, 14, map[uint64]int{3: reload, 4: reload, 5: reload, 10: reload, 11: 3, 14: 0}},
		{"empty, in the log", true, 30, map[uint64]int{0: reload, 4: reload, 7: reload, 10: reload, 11: 19, 14: 16, 15: 15}},
		{"empty, to the end", true, 10, map[uint64]int{4: reload, 9: reload, 10: reload}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				defer r.stop()
				for seq := uint64(1); seq <= c.upTo; seq++ {
					e := chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: fmt.Sprint(seq), Message: wire.Message{ID: fmt.Sprint(seq)}}
					if seq >= 5 && seq <= 10 {
						e = chat.Entry{Seq: seq, Kind: chat.EntryDelete}
					}
					if c.unknown || !e.Missing() {
						r.bus.Logs[chat.DefaultRoom] = append(r.bus.Logs[chat.DefaultRoom], e)
					}
				}
				for seen, want := range c.missed {
					p := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann"), HasSince: true, Since: wire.Position{Epoch: "e1", Seq: seen}})
					synctest.Wait()
					got := p.onlyFrame("joined")
					if got.Recovered != (want != reload) || got.Recovered && got.Missed != want {
						t.Errorf("resume from seq %d: %s", seen, got.Raw)
					}
				}
			})
		})
	}
}
