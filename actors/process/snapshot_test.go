package process

import (
	"testing"
	"testing/synctest"
)

func TestSnapshotListsFullestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys := newTestSystem(t)
		busy := &gate{permits: make(chan struct{})}
		spawn := func(kind, id string, capacity int, a Actor) *Process {
			return sys.Spawn(Spec{Kind: Kind{Name: kind, Capacity: capacity}, ID: id, New: func() Actor { return a }})
		}
		idle := actorFunc(func(*Process, any) {})
		all := []*Process{
			spawn("room", "busy", 8, busy), spawn("room", "idle", 8, idle), spawn("session", "idle", 8, idle),
			spawn("store", "", 8, idle), spawn("bridge", "", 8, idle),
		}
		synctest.Wait()
		for i := range 4 {
			if err := all[0].TryPost(i); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		s := sys.MailboxSnapshot(2)
		if want := (MailboxUsage{"room/busy", 4, 8}); len(s.Fullest) != 2 || s.Fullest[0] != want || s.Fullest[1].ID != "bridge" {
			t.Errorf("fullest %v, want %v and the bridge", s.Fullest, want)
		}
		if got := sys.MailboxSnapshot(100).Fullest; len(got) != 3 {
			t.Errorf("fullest %v, want no idle room or session", got)
		}
		if want := sys.Loads(); len(s.Loads) != len(want) || s.Loads["room"] != want["room"] || s.Loads["room"].MaxUtilization != 0.5 {
			t.Errorf("loads %v, want %v", s.Loads, want)
		}
		close(busy.permits)
		for _, p := range all {
			<-p.Stop()
		}
	})
}
