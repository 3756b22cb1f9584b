package nodetest

import (
	"fmt"
	"testing"
	"testing/synctest"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A failover has lost 5 to 10 for good, and the log goes on at 11. Who was shown one of them is not resumed, not even
// from the last of them: on its screen stands what no log has (INV-2). Others are, from memory and from the log.
func TestNoResumeFromLostEntries(t *testing.T) {
	const fresh = -1
	for _, c := range []struct {
		name    string
		unknown bool // the log has entries in the lost places that say nothing; else it has none
		upTo    uint64
		missed  map[uint64]int // by what the client has seen
	}{
		{"a hole, in memory", false, 14, map[uint64]int{3: fresh, 4: fresh, 5: fresh, 10: fresh, 11: 3, 14: 0}},
		{"a hole, in the log", false, 30, map[uint64]int{4: fresh, 7: fresh, 10: fresh, 11: 19, 14: 16, 15: 15}},
		{"unknown, in memory", true, 14, map[uint64]int{3: fresh, 4: fresh, 5: fresh, 10: fresh, 11: 3, 14: 0}},
		{"unknown, in the log", true, 30, map[uint64]int{0: fresh, 4: fresh, 7: fresh, 10: fresh, 11: 19, 14: 16, 15: 15}},
		{"unknown to the end", true, 10, map[uint64]int{4: fresh, 9: fresh, 10: fresh}},
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
					if got.Recovered != (want != fresh) || got.Recovered && got.Missed != want {
						t.Errorf("seen up to %d: %s", seen, got.Raw)
					}
				}
			})
		})
	}
}
