package main

import (
	"maps"
	"testing"
)

func TestAStackBelongsToTheNearestFrameOfOurs(t *testing.T) {
	const traces = `File: chatnode
Type: cpu
-----------+-------------------------------------------------------
   40000us   internal/runtime/syscall/linux.Syscall6
             chatnode/transport/ws.write (inline)
             chatnode/actors.(*writer).ReceiveBatch
             chatnode/actors.(*Process).handle
-----------+-------------------------------------------------------
   20000us   runtime.mallocgc
             chatnode/actors.(*mailbox).push (inline)
             chatnode/actors.(*Process).Tell
-----------+-------------------------------------------------------
   10000us   runtime.newproc1
             chatnode/actors.NewSystem.func1
             chatnode/actors.(*Process).Post
-----------+-------------------------------------------------------
    5000us   runtime.gorecover
             chatnode/actors.(*Process).handle.func1
-----------+-------------------------------------------------------
    5000us   sync/atomic.(*Uint64).Add (inline)
             chatnode/actors.(*room).show
-----------+-------------------------------------------------------
    4000us   chatnode/actors.(*Histogram).Observe
-----------+-------------------------------------------------------
    1000us   chatnode/actors.(*ackedLog).add
             chatnode/actors.(*bridgeOut).append
-----------+-------------------------------------------------------
   10000us   runtime.futex
             runtime.findRunnable
             runtime.mcall
-----------+-------------------------------------------------------
    5000us   runtime.scanobject
             runtime.gcDrain
`
	want := map[string]float64{"work": 40, "mailboxes": 30, "supervision": 5, "metrics": 9, "journal": 1, scheduler: 10, collector: 5}
	if got := share(traces); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := share("File: chatnode\n"); len(got) != 0 {
		t.Errorf("%v of nothing", got)
	}
}
