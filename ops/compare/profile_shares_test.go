package main

import (
	"maps"
	"testing"
)

func TestSharesFollowInnermostFunction(t *testing.T) {
	const traces = `File: chatnode
Type: cpu
-----------+-------------------------------------------------------
   40000us   internal/runtime/syscall/linux.Syscall6
             chatnode/transport/ws.write (inline)
             chatnode/actors/fanout.(*writer).ReceiveBatch
             chatnode/actors/process.(*Process).handle
-----------+-------------------------------------------------------
   20000us   runtime.mallocgc
             chatnode/actors/process.(*mailbox).push (inline)
             chatnode/actors/process.(*Process).Tell
-----------+-------------------------------------------------------
   10000us   runtime.newproc1
             chatnode/actors/process.NewSystem.func1
             chatnode/actors/process.(*Process).Post
-----------+-------------------------------------------------------
    5000us   runtime.gorecover
             chatnode/actors/process.(*Process).handle.func1
-----------+-------------------------------------------------------
    5000us   sync/atomic.(*Uint64).Add (inline)
             chatnode/actors/room.(*State).show
-----------+-------------------------------------------------------
    4000us   chatnode/actors/stats.(*Histogram).Observe
-----------+-------------------------------------------------------
    1000us   chatnode/actors/publisher.(*AckedLog).add
             chatnode/actors/publisher.(*publisher).append
-----------+-------------------------------------------------------
   10000us   runtime.futex
             runtime.findRunnable
             runtime.mcall
-----------+-------------------------------------------------------
    5000us   runtime.scanobject
             runtime.gcDrain
`
	want := map[string]float64{
		"work": 40, "mailboxes": 30, "supervision": 5, "metrics": 9, "journal": 1, "overhead": 45, "scheduler": 10, "collector": 5,
	}
	if got := shares(traces); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := shares("File: chatnode\n")["work"]; got != 0 {
		t.Errorf("%v of an empty profile", got)
	}
}
