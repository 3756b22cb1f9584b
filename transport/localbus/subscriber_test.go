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

// patience is how long a test waits for what must happen.
const patience = 10 * time.Second

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

func listen(t *testing.T, b *Bus, sink func(chat.Event)) {
	t.Helper()
	if err := errors.Join(b.Subscriber().Open(context.Background(), sink), b.Subscriber().Subscribe(context.Background(), "a")); err != nil {
		t.Fatal(err)
	}
}

// received waits for a value of c.
func received[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("waited %v for %s", patience, what)
	}
	return v
}

// TestEntriesDeliveredAfterFlush: what was stored is heard with Deliver, when the receipts have been passed on.
func TestEntriesDeliveredAfterFlush(t *testing.T) {
	b := newBus(t, 8)
	heard := make(chan chat.Event, 8)
	listen(t, b, func(e chat.Event) { heard <- e })
	a := b.Appender()
	if _, err := a.Append(context.Background(), []chat.Write{{Room: "a", Kind: chat.EntryMessage, ID: "m1", Key: "m1", Text: "m1"}}); err != nil {
		t.Fatal(err)
	}
	if err := a.PublishSignals(context.Background(), []chat.Signal{{Probe: &chat.Probe{}}}); err != nil {
		t.Fatal(err)
	}
	if e, ok := received(t, heard, "the signal").(chat.Signal); !ok {
		t.Fatalf("before Deliver %+v was heard", e)
	}
	a.FlushDeliveries()
	if e := received(t, heard, "the entry"); e.(*chat.Delivered).Entry.ID != "m1" {
		t.Fatalf("heard %+v", e)
	}
}

// TestSlowSinkBlocksAppender: with the queue full Append waits, nothing is lost, and order is kept.
func TestSlowSinkBlocksAppender(t *testing.T) {
	const queue, writes = 2, 20
	b := newBus(t, queue)
	taken, gate := make(chan uint64, writes), make(chan struct{})
	listen(t, b, func(e chat.Event) {
		<-gate
		taken <- e.(*chat.Delivered).Entry.Seq
	})
	appended := make(chan error, writes)
	go func() {
		for n := range writes {
			appended <- appendOne(b, n)
		}
	}()
	for range queue + 1 { // what is queued, and what the sink holds
		if err := received(t, appended, "an append that fits"); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := waitSeq(b, queue+2); err != nil || p.Seq != queue+2 {
		t.Fatalf("the write that waits is not stored: %+v, %v", p, err)
	}
	if n := len(appended); n != 0 {
		t.Fatalf("%d more appends returned while the queue was full", n)
	}
	close(gate)
	for want := uint64(1); want <= writes; want++ {
		if got := received(t, taken, "an entry"); got != want {
			t.Fatalf("heard seq %d, want %d", got, want)
		}
	}
}

// waitSeq reads the room until it has the seq.
func waitSeq(b *Bus, seq uint64) (p chat.Page, err error) {
	for deadline := time.Now().Add(patience); p.Seq < seq && err == nil && time.Now().Before(deadline); {
		p, err = b.Reader().Range(context.Background(), chat.Query{Room: "a", Limit: 1})
	}
	return p, err
}

// TestCloseUnblocksAppender: closing the subscriber lets a blocked Append go; what it stored stays.
func TestCloseUnblocksAppender(t *testing.T) {
	b := newBus(t, 1)
	gate := make(chan struct{})
	listen(t, b, func(chat.Event) { <-gate })
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
	if err := received(t, done, "the appends"); err != nil {
		t.Fatal(err)
	}
	close(gate)
	if err := received(t, closed, "Close"); err != nil {
		t.Fatal(err)
	}
	if p, err := waitSeq(b, 5); err != nil || p.Seq != 5 {
		t.Fatalf("page %+v, error %v, want seq 5", p, err)
	}
}

// TestOpenAgain: a subscriber opens once at a time, starts with no subscription, and may be opened after Close.
func TestOpenAgain(t *testing.T) {
	b := newBus(t, 8)
	heard := make(chan chat.Event, 8)
	listen(t, b, func(e chat.Event) { heard <- e })
	if err := b.Subscriber().Open(context.Background(), func(chat.Event) {}); !errors.Is(err, errOpen) {
		t.Fatalf("second Open: %v, want %v", err, errOpen)
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
	if err := b.Subscriber().Open(context.Background(), func(e chat.Event) { heard <- e }); err != nil {
		t.Fatal(err)
	}
	if err := appendOne(b, 2); err != nil {
		t.Fatal(err)
	}
	listenAgain := b.Subscriber().Subscribe(context.Background(), "a")
	if err := errors.Join(listenAgain, appendOne(b, 3)); err != nil {
		t.Fatal(err)
	}
	if e := received(t, heard, "the third entry"); e.(*chat.Delivered).Entry.Seq != 3 {
		t.Fatalf("heard %+v, want only seq 3", e)
	}
}
