package room

import (
	"slices"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

func TestMembersCountPerWriter(t *testing.T) {
	m := newMembers(2)
	a, b := &fanout.Client{WriterIndex: 1}, &fanout.Client{WriterIndex: 1}
	if !m.add(a, chat.RoleGuest) || m.add(a, chat.RoleAdmin) || !m.add(b, chat.RoleMember) {
		t.Error("add must report whether the client is new")
	}
	if m.count.Load() != 2 || !slices.Equal(m.perWriter, []int{0, 2}) {
		t.Errorf("count %d, per writer %v, want 2 and [0 2]", m.count.Load(), m.perWriter)
	}
	if old, ok := m.setRole(a, chat.RoleMember); !ok || old != chat.RoleGuest {
		t.Errorf("old role %v, %v, want guest", old, ok)
	}
	role, removed := m.remove(a)
	if _, again := m.remove(a); !removed || again || role != chat.RoleMember {
		t.Errorf("removed %v with role %v, again %v", removed, role, again)
	}
	m.remove(b)
	if !m.idle() || m.count.Load() != 0 || !slices.Equal(m.perWriter, []int{0, 0}) {
		t.Errorf("count %d, per writer %v after all left", m.count.Load(), m.perWriter)
	}
}

func TestReaderHistoryWaitsForSeq(t *testing.T) {
	var d reader
	first, second := &HistoryRequest{}, &HistoryRequest{}
	d.addHistory(first, 3)
	d.addHistory(second, 5)
	if m := d.nextHistory(2); m != nil {
		t.Error("a request was returned before the entry that it waits for")
	}
	if m := d.nextHistory(4); m != first {
		t.Errorf("got %p, want the first request", m)
	}
	if m := d.nextHistory(4); m != nil || d.idle() {
		t.Error("the second request must wait")
	}
	if all := d.takeHistory(); len(all) != 1 || all[0] != second || !d.idle() {
		t.Errorf("takeHistory returned %v", all)
	}
}

func TestReaderLimitsDeferredRequests(t *testing.T) {
	var d reader
	for range maxDeferred {
		if !d.deferRequest(&HistoryRequest{}) {
			t.Fatal("a request below the limit was rejected")
		}
	}
	if d.deferRequest(&HistoryRequest{}) {
		t.Error("a request above the limit was accepted")
	}
}

func TestReaderCatchesUpOncePerSubscription(t *testing.T) {
	var d reader
	if d.caughtUp() {
		t.Error("caught up without a subscription")
	}
	d.subscribed(7)
	if !d.caughtUp() || d.caughtUp() || d.generation != 7 {
		t.Error("a subscription must be answered once")
	}
}

func TestPresenceNoticeIsSentOnce(t *testing.T) {
	var p presenceNotice
	now := time.Unix(1000, 0)
	if changed, modeChanged := p.update([]byte("1"), false); !changed || modeChanged {
		t.Errorf("first frame: changed %v, mode changed %v", changed, modeChanged)
	}
	if f := p.takeIfDue(time.Second, now); string(f) != "1" {
		t.Errorf("due frame is %q", f)
	}
	if changed, _ := p.update([]byte("1"), false); changed || p.takeIfDue(0, now) != nil {
		t.Error("an equal frame was sent again")
	}
	p.update([]byte("2"), false)
	if f := p.takeIfDue(time.Second, now.Add(time.Second-1)); f != nil {
		t.Errorf("frame %q was sent before the interval", f)
	}
	if _, modeChanged := p.update([]byte("3"), true); !modeChanged {
		t.Error("the change to local counts was not reported")
	}
}

// A message that some members did not get is superseded when it is displayed, and so is one with another id.
func TestProvisionalKnowsHiddenEntries(t *testing.T) {
	var p provisionalEntries
	for _, id := range []string{"0-a", "0-b", "0-c"} {
		p.add(chat.Entry{Kind: chat.EntryMessage, ID: id})
	}
	if p.add(chat.Entry{Kind: chat.EntryMessage, ID: "9-b"}) {
		t.Error("the same write was added twice")
	}
	if newest := p.newest(2, 1<<20); len(newest) != 2 || newest[0].ID != "0-b" {
		t.Errorf("newest entries: %v", newest)
	}
	if !p.isHidden("0-a") || p.isHidden("0-b") {
		t.Error("only the first entry must be hidden")
	}
	if known, removed := p.remove("5-b"); !removed || known != "0-b" {
		t.Errorf("removed %v with id %q, want 0-b", removed, known)
	}
	if p.remove("0-a"); p.hiddenCount != 0 || p.isHidden("0-c") || p.idle() {
		t.Errorf("%d entries hidden after the hidden one was removed", p.hiddenCount)
	}
}

func TestProvisionalRetractsSkippedReplays(t *testing.T) {
	var p provisionalEntries
	for i, id := range []string{"0-a", "0-b", "0-c"} {
		p.add(chat.Entry{Kind: chat.EntryMessage, ID: id})
		p.addReplay(&publisher.WriteCommitted{Write: chat.Write{ID: id, Kind: chat.EntryMessage}, Receipt: chat.Receipt{Epoch: "e", Seq: uint64(i) + 1}})
	}
	p.remove("0-a") // displayed at its seq
	if ids := p.resolveReplays(wire.Position{Epoch: "e", Seq: 2}); !slices.Equal(ids, []string{"0-b"}) {
		t.Errorf("superseded ids: %v, want 0-b", ids)
	}
	if len(p.replays) != 1 || p.replays[0].Write.ID != "0-c" {
		t.Errorf("replays left: %v, want 0-c", p.replays)
	}
}

// Each kind of entry has a frame of its type, with and without a seq.
func TestEveryEntryKindHasFrame(t *testing.T) {
	for kind := range chat.EntryKinds() {
		prefix := `{"type":"` + kind.Frame() + `",`
		stored := appendEntry(nil, "lobby", &chat.Entry{Kind: kind, Seq: 1})
		provisional := appendProvisional(nil, "lobby", &chat.Entry{Kind: kind})
		if !strings.HasPrefix(string(stored), prefix) || !strings.HasPrefix(string(provisional), prefix) {
			t.Errorf("frames of kind %d: %q and %q, want type %s", kind, stored, provisional, kind.Frame())
		}
	}
}
