package localbus

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

// waitTimeout is the maximum time that a test waits for a condition.
const waitTimeout = 10 * time.Second

func newBus(t *testing.T, queue int) *Bus {
	t.Helper()
	log, err := boltlog.Open(boltlog.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	b := New(Options{Log: log, Queue: queue})
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

func appendOne(b *Bus, n int) error {
	id := fmt.Sprint("m", n)
	a := b.Appender()
	_, err := a.Append(context.Background(), []chat.Write{{Room: "a", Kind: chat.EntryMessage, ID: id, Key: id, Text: id}})
	a.FlushDeliveries()
	return err
}

func subscribe(t *testing.T, b *Bus, sink func(chat.Event)) {
	t.Helper()
	if err := errors.Join(b.Subscriber().Open(context.Background(), sink), b.Subscriber().Subscribe(context.Background(), "a")); err != nil {
		t.Fatal(err)
	}
}

// receive waits for a value of c.
func receive[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(waitTimeout):
		t.Fatalf("not within %v: %s", waitTimeout, what)
	}
	return v
}

// TestEntriesDeliveredAfterFlush: FlushDeliveries delivers the stored entries, but signals do not wait for it.
func TestEntriesDeliveredAfterFlush(t *testing.T) {
	b := newBus(t, 8)
	events := make(chan chat.Event, 8)
	subscribe(t, b, func(e chat.Event) { events <- e })
	a := b.Appender()
	if _, err := a.Append(context.Background(), []chat.Write{{Room: "a", Kind: chat.EntryMessage, ID: "m1", Key: "m1", Text: "m1"}}); err != nil {
		t.Fatal(err)
	}
	if err := a.PublishSignals(context.Background(), []chat.Signal{{Probe: &chat.Probe{}}}); err != nil {
		t.Fatal(err)
	}
	if e, ok := receive(t, events, "the signal").(chat.Signal); !ok {
		t.Fatalf("received %+v before FlushDeliveries, want the signal", e)
	}
	a.FlushDeliveries()
	if e := receive(t, events, "the entry"); e.(*chat.Delivered).Entry.ID != "m1" {
		t.Fatalf("received %+v, want m1", e)
	}
}

// TestSlowSinkBlocksAppender: while the queue is full, FlushDeliveries blocks. No entry is lost or reordered.
func TestSlowSinkBlocksAppender(t *testing.T) {
	const queue, writes = 2, 20
	b := newBus(t, queue)
	delivered, gate := make(chan uint64, writes), make(chan struct{})
	subscribe(t, b, func(e chat.Event) {
		<-gate
		delivered <- e.(*chat.Delivered).Entry.Seq
	})
	appended := make(chan error, writes)
	go func() {
		for n := range writes {
			appended <- appendOne(b, n)
		}
	}()
	for range queue + 1 { // the queued batches, and the one in the sink
		if err := receive(t, appended, "an append that fits"); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := waitSeq(b, queue+2); err != nil || p.Seq != queue+2 {
		t.Fatalf("page %+v, error %v: the blocked write is not stored", p, err)
	}
	if n := len(appended); n != 0 {
		t.Fatalf("%d appends returned while the queue was full", n)
	}
	close(gate)
	for want := uint64(1); want <= writes; want++ {
		if got := receive(t, delivered, "an entry"); got != want {
			t.Fatalf("received seq %d, want %d", got, want)
		}
	}
}

// waitSeq reads the room until it contains seq.
func waitSeq(b *Bus, seq uint64) (p chat.Page, err error) {
	for deadline := time.Now().Add(waitTimeout); p.Seq < seq && err == nil && time.Now().Before(deadline); {
		p, err = b.Reader().Range(context.Background(), chat.Query{Room: "a", Limit: 1})
	}
	return p, err
}

// TestCloseUnblocksAppender: Close of the subscriber unblocks FlushDeliveries. The stored entries remain.
func TestCloseUnblocksAppender(t *testing.T) {
	b := newBus(t, 1)
	gate := make(chan struct{})
	subscribe(t, b, func(chat.Event) { <-gate })
	done := make(chan error, 1)
	go func() {
		var err error
		for n := range 5 {
			err = errors.Join(err, appendOne(b, n))
		}
		done <- err
	}()
	if _, err := waitSeq(b, 3); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() { closed <- b.Subscriber().Close() }()
	if err := receive(t, done, "the appends"); err != nil {
		t.Fatal(err)
	}
	close(gate)
	if err := receive(t, closed, "Close"); err != nil {
		t.Fatal(err)
	}
	if p, err := waitSeq(b, 5); err != nil || p.Seq != 5 {
		t.Fatalf("page %+v, error %v, want seq 5", p, err)
	}
}

// TestOpenAgain: Open fails on an open subscriber and succeeds after Close. It starts without subscriptions.
func TestOpenAgain(t *testing.T) {
	b := newBus(t, 8)
	events := make(chan chat.Event, 8)
	subscribe(t, b, func(e chat.Event) { events <- e })
	if err := b.Subscriber().Open(context.Background(), func(chat.Event) {}); !errors.Is(err, errAlreadyOpen) {
		t.Fatalf("second Open: %v, want %v", err, errAlreadyOpen)
	}
	if err := b.Subscriber().Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Subscriber().Subscribe(context.Background(), "a"); !errors.Is(err, ErrClosed) {
		t.Fatalf("Subscribe after Close: %v, want %v", err, ErrClosed)
	}
	if err := appendOne(b, 1); err != nil {
		t.Fatal(err)
	}
	if err := b.Subscriber().Open(context.Background(), func(e chat.Event) { events <- e }); err != nil {
		t.Fatal(err)
	}
	if err := appendOne(b, 2); err != nil {
		t.Fatal(err)
	}
	subscribed := b.Subscriber().Subscribe(context.Background(), "a")
	if err := errors.Join(subscribed, appendOne(b, 3)); err != nil {
		t.Fatal(err)
	}
	if e := receive(t, events, "the third entry"); e.(*chat.Delivered).Entry.Seq != 3 {
		t.Fatalf("received %+v, want only seq 3", e)
	}
}
