package bustest

import (
	"context"
	"reflect"
	"strconv"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// waitTimeout is the maximum time that the suite waits for a condition. It is sufficient for a slow and busy machine.
const waitTimeout = 20 * time.Second

// Authors of the writes.
var (
	alice = chat.Author{ID: "u-alice", Name: "Alice", Avatar: "https://example.org/a.png"}
	bob   = chat.Author{ID: "u-bob", Name: "Bob"}
	admin = chat.Author{ID: "u-root", Name: "Root", Admin: true}
)

// testingT contains the methods of *testing.T and *rapid.T that the helpers use.
type testingT interface {
	Helper()
	Fatalf(format string, args ...any)
}

// rig is the environment of a row: an engine and unique ids.
type rig struct {
	Engine
	received *recorder // set by openSubscriber
	nextID   int
}

func newRig(t *testing.T, e Engine) *rig {
	t.Cleanup(e.Close)
	return &rig{Engine: e}
}

// openSubscriber opens the subscriber and subscribes to the rooms.
func (r *rig) openSubscriber(t *testing.T, rooms ...string) {
	t.Helper()
	r.received = newRecorder()
	if err := r.Subscriber.Open(context.Background(), r.received.record); err != nil {
		t.Fatalf("open subscriber: %v", err)
	}
	t.Cleanup(func() { _ = r.Subscriber.Close() })
	r.subscribe(t, rooms...)
}

func (r *rig) subscribe(t testingT, rooms ...string) {
	t.Helper()
	if err := r.Subscriber.Subscribe(context.Background(), rooms...); err != nil {
		t.Fatalf("subscribe to %v: %v", rooms, err)
	}
}

// reopen replaces the engine by a new one on the same storage.
func (r *rig) reopen(t *testing.T) {
	t.Helper()
	r.Close()
	r.Engine = r.Reopen(t)
	t.Cleanup(r.Close)
}

// finishBackground completes the background work of the engine.
func (r *rig) finishBackground() {
	if r.FinishBackground != nil {
		r.FinishBackground()
	}
}

// id returns a new id.
func (r *rig) id(prefix string) string {
	r.nextID++
	return prefix + "-" + strconv.Itoa(r.nextID)
}

// message returns a write of a new message.
func (r *rig) message(room string, by chat.Author, text string) chat.Write {
	id := r.id("m")
	return chat.Write{Room: room, Kind: chat.EntryMessage, ID: id, Key: "k-" + id, Text: text, Author: by}
}

// edit returns a write that edits target.
func (r *rig) edit(room string, by chat.Author, target, text string) chat.Write {
	id := r.id("e")
	return chat.Write{Room: room, Kind: chat.EntryEdit, ID: id, Key: "k-" + id, Target: target, Text: text, Author: by}
}

// deletion returns a write that deletes target.
func (r *rig) deletion(room string, by chat.Author, target string) chat.Write {
	id := r.id("d")
	return chat.Write{Room: room, Kind: chat.EntryDelete, ID: id, Key: "k-" + id, Target: target, Author: by}
}

// bulkDelete returns a write that deletes all messages of user.
func (r *rig) bulkDelete(room, user string) chat.Write {
	id := r.id("b")
	return chat.Write{Room: room, Kind: chat.EntryBulkDelete, ID: id, Key: "k-" + id, UserID: user, Author: admin}
}

// append appends the batch and returns the receipts.
func (r *rig) append(t testingT, batch ...chat.Write) []chat.Receipt {
	t.Helper()
	receipts, err := r.Appender.Append(context.Background(), batch)
	r.Appender.FlushDeliveries()
	if err != nil {
		t.Fatalf("append %d writes: %v", len(batch), err)
	}
	if len(receipts) != len(batch) {
		t.Fatalf("append %d writes: %d receipts", len(batch), len(receipts))
	}
	return receipts
}

// mustStore appends one write and asserts that it is stored. It returns the receipt.
func (r *rig) mustStore(t testingT, w chat.Write) chat.Receipt {
	t.Helper()
	got := r.append(t, w)[0]
	if got.Refused != chat.NotRefused || got.Duplicate || got.Seq == 0 || got.At <= 0 || got.ID != w.ID ||
		got.Target != w.Target || got.Epoch == "" {
		t.Fatalf("append %+v: receipt %+v, want it stored with its id", w, got)
	}
	return got
}

// mustRefuse appends one write and asserts that it is refused with the reason.
func (r *rig) mustRefuse(t testingT, w chat.Write, reason chat.Refusal) {
	t.Helper()
	if got := r.append(t, w)[0]; got.Refused != reason || got.Seq != 0 || got.Duplicate {
		t.Fatalf("append %+v: receipt %+v, want refusal %d and no seq", w, got, reason)
	}
}

// page returns the page for q.
func (r *rig) page(t testingT, q chat.Query) chat.Page {
	t.Helper()
	p, err := r.Reader.Range(context.Background(), q)
	if err != nil {
		t.Fatalf("range %+v: %v", q, err)
	}
	return p
}

// all returns all entries of the room.
func (r *rig) all(t testingT, room string) []chat.Entry {
	t.Helper()
	return r.page(t, chat.Query{Room: room, Limit: 100000}).Entries
}

// equal asserts that got equals want. name describes the value.
func equal(t testingT, name string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", name, got, want)
	}
}
