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

// within returns a context with the deadline of one test.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestRefusedUpgradeHasStatus(t *testing.T) {
	d := newFake(t).dial()
	d.Token = "bad"
	_, err := d.Open(within(t))
	var refused *Refused
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || refused.RetryAfter != "7" {
		t.Fatalf("Open: %v, want 401 with Retry-After 7", err)
	}
}

func TestCloseCodeIsReported(t *testing.T) {
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

func TestAwaitKeepsOtherFrames(t *testing.T) {
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

// Connections are lost at random, also before acks. Each message is stored once and shown to each reader.
func TestWritersSurviveLostConnections(t *testing.T) {
	ctx := within(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	f := newFake(t)
	f.hangUp = func(int) bool { return rng.IntN(5) == 0 }
	var writers []*Writer
	var readers []*Reader
	for i := range 3 {
		w := Write(WriterOptions{Name: fmt.Sprintf("w%d", i), Room: "r", Dial: f.dial, MaxOpen: 1 + 2*i})
		t.Cleanup(w.Stop)
		writers = append(writers, w)
		r := Follow(ReaderOptions{Name: fmt.Sprintf("r%d", i), Room: "r", Dial: f.dial})
		t.Cleanup(r.Stop)
		readers = append(readers, r)
	}
	for n := range 5 {
		if err := writers[0].Reach(ctx, 10*(n+1)); err != nil {
			t.Fatal(err)
		}
		f.dropAll()
	}
	trial := Trial{Epoch: "e1"}
	for _, w := range writers {
		if err := w.Finish(ctx); err != nil {
			t.Error(err)
		}
		trial.Acked = append(trial.Acked, w.Acked()...)
	}
	s, err := Open(ctx, f.dial(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if trial.History, err = s.History(ctx, "r", 7); err != nil {
		t.Fatal(err)
	}
	for _, r := range readers {
		if err := r.Reach(ctx, Position{"e1", uint64(len(trial.History))}); err != nil {
			t.Fatal(err)
		}
		r.Stop()
		trial.Views = append(trial.Views, r.View)
	}
	if err := Audit(trial).Err(); err != nil {
		t.Error(err)
	}
	if len(trial.Acked) < 150/3 {
		t.Errorf("only %d messages acknowledged", len(trial.Acked))
	}
}
