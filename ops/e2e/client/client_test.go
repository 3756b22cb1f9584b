package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"
)

// within is the deadline of one test.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestARefusedUpgradeTellsItsStatus(t *testing.T) {
	d := newFake(t).dial()
	d.Token = "bad"
	_, err := d.Open(within(t))
	var refused *Refused
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || refused.RetryAfter != "7" {
		t.Fatalf("Open: %v, want 401 with Retry-After 7", err)
	}
}

func TestTheCloseCodeIsTold(t *testing.T) {
	ctx := within(t)
	s, err := Open(ctx, newFake(t).dial(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.Conn.Write([]byte("no JSON")); err != nil {
		t.Fatal(err)
	}
	closed, err := s.AwaitClose(ctx)
	if err != nil || closed.Code != 1008 {
		t.Fatalf("AwaitClose: %v, %v, want 1008", closed, err)
	}
}

func TestAwaitLeavesTheRestInPlace(t *testing.T) {
	ctx := within(t)
	s, err := Open(ctx, newFake(t).dial(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for _, want := range []string{"message_history", "joined", "connected"} {
		if _, err := s.Await(ctx, func(f Frame) bool { return f.Type == want }); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"connected", "joined", "message_history"} {
		if got := s.Seen()[i].Type; got != want {
			t.Errorf("frame %d is %s, want %s", i, got, want)
		}
	}
}

// Connections are lost at random, before acks too: every message stands once, for every reader.
func TestWritersAndReadersSurviveLostConnections(t *testing.T) {
	ctx := within(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	f := newFake(t)
	f.hangUp = func(int) bool { return rng.IntN(5) == 0 }
	var writers []*Writer
	readers := map[string]*Reader{}
	for i := range 3 {
		w := Write(fmt.Sprintf("w%d", i), "r", f.dial)
		t.Cleanup(w.Stop)
		writers = append(writers, w)
		r := Follow("r", f.dial)
		t.Cleanup(r.Stop)
		readers[fmt.Sprintf("r%d", i)] = r
	}
	for n := range 5 {
		if err := writers[0].Reach(ctx, 10*(n+1)); err != nil {
			t.Fatal(err)
		}
		f.dropAll()
	}
	var acked []Acked
	for _, w := range writers {
		w.Stop()
		if err := w.Err(); err != nil {
			t.Error(err)
		}
		acked = append(acked, w.Acked()...)
	}
	s, err := Open(ctx, f.dial(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	history, err := s.History(ctx, "r", 7)
	if err != nil {
		t.Fatal(err)
	}
	views := map[string][]Message{}
	for name, r := range readers {
		if err := r.Reach(ctx, uint64(len(history))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r.Stop()
		if err := r.View.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		views[name] = r.View.Shown()
	}
	if err := Audit(acked, history, views).Err(); err != nil {
		t.Error(err)
	}
	if len(acked) < 150/3 {
		t.Errorf("only %d messages acknowledged", len(acked))
	}
}
