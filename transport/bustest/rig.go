package bustest

import (
	"context"
	"reflect"
	"strconv"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// waitTimeout is how long the suite waits for what must happen, on a slow and busy machine.
const waitTimeout = 20 * time.Second

// Who the rows let write.
var (
	alice = chat.Author{ID: "u-alice", Name: "Alice", Avatar: "https://example.org/a.png"}
	bob   = chat.Author{ID: "u-bob", Name: "Bob"}
	admin = chat.Author{ID: "u-root", Name: "Root", Admin: true}
)

// testingT is what the helpers need of a *testing.T or a *rapid.T.
type testingT interface {
	Helper()
	Fatalf(format string, args ...any)
}

// A rig is what a row works with: an engine, and ids that are never given out twice.
type rig struct {
	Engine
	heard *recorder
	next  int
}

func newRig(t *testing.T, e Engine) *rig {
	t.Cleanup(e.Close)
	return &rig{Engine: e}
}

// listen opens the subscriber and subscribes it to the rooms.
func (r *rig) listen(t *testing.T, rooms ...string) {
	t.Helper()
	r.heard = newRecorder()
	if err := r.Subscriber.Open(context.Background(), r.heard.hear); err != nil {
		t.Fatalf("open the subscriber: %v", err)
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

// reopen ends the engine and goes on with a second one on the same store.
func (r *rig) reopen(t *testing.T) {
	t.Helper()
	r.Close()
	r.Engine = r.Reopen(t)
	t.Cleanup(r.Close)
}

// settle lets the engine finish its background work.
func (r *rig) settle() {
	if r.Settle != nil {
		r.Settle()
	}
}

// id makes a new id, which says what it is for.
func (r *rig) id(prefix string) string {
	r.next++
	return prefix + "-" + strconv.Itoa(r.next)
}

// say, edit, drop and purge make the four kinds of write.
func (r *rig) say(room string, by chat.Author, text string) chat.Write {
	id := r.id("m")
	return chat.Write{Room: room, Kind: chat.EntryMessage, ID: id, Key: "k-" + id, Text: text, Author: by}
}

func (r *rig) edit(room string, by chat.Author, target, text string) chat.Write {
	id := r.id("e")
	return chat.Write{Room: room, Kind: chat.EntryEdit, ID: id, Key: "k-" + id, Target: target, Text: text, Author: by}
}

func (r *rig) drop(room string, by chat.Author, target string) chat.Write {
	id := r.id("d")
	return chat.Write{Room: room, Kind: chat.EntryDelete, ID: id, Key: "k-" + id, Target: target, Author: by}
}

func (r *rig) purge(room, user string) chat.Write {
	id := r.id("b")
	return chat.Write{Room: room, Kind: chat.EntryBulkDelete, ID: id, Key: "k-" + id, UserID: user, Author: admin}
}

// append appends the batch, which must not fail, and returns the receipts.
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

// stored appends one write, which must be taken, and returns its receipt.
func (r *rig) stored(t testingT, w chat.Write) chat.Receipt {
	t.Helper()
	got := r.append(t, w)[0]
	if got.Refused != chat.NotRefused || got.Duplicate || got.Seq == 0 || got.At <= 0 || got.ID != w.ID || got.Target != w.Target || got.Epoch == "" {
		t.Fatalf("append %+v: receipt %+v, want it stored under its own id", w, got)
	}
	return got
}

// refused appends one write and asserts the refusal.
func (r *rig) refused(t testingT, w chat.Write, why chat.Refusal) {
	t.Helper()
	if got := r.append(t, w)[0]; got.Refused != why || got.Seq != 0 || got.Duplicate {
		t.Fatalf("append %+v: receipt %+v, want refusal %d and no seq", w, got, why)
	}
}

// page reads what q asks for.
func (r *rig) page(t testingT, q chat.Query) chat.Page {
	t.Helper()
	p, err := r.Reader.Range(context.Background(), q)
	if err != nil {
		t.Fatalf("range %+v: %v", q, err)
	}
	return p
}

// all reads the whole room.
func (r *rig) all(t testingT, room string) []chat.Entry {
	t.Helper()
	return r.page(t, chat.Query{Room: room, Limit: 100000}).Entries
}

// equal asserts that got is want; what says what was compared.
func equal(t testingT, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}
