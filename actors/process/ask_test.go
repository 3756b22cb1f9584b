package process

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// askRequest is answered with the double of n, or with the error.
type askRequest struct {
	n     int
	err   error
	reply chan<- Answer[int]
}

func answerDouble(_ *Process, msg any) {
	if m, ok := msg.(*askRequest); ok {
		m.reply <- Answer[int]{Value: 2 * m.n, Err: m.err}
	}
}

func TestAskReturnsAnswer(t *testing.T) {
	p := newTestSystem(t).spawn(4, actorFunc(answerDouble))
	failed := errors.New("failed")
	for _, want := range []Answer[int]{{Value: 42}, {Value: 42, Err: failed}} {
		got, err := Ask(t.Context(), p, func(reply chan<- Answer[int]) any { return &askRequest{21, want.Err, reply} })
		if got != want.Value || !errors.Is(err, want.Err) {
			t.Errorf("Ask returned %d, %v; want %d, %v", got, err, want.Value, want.Err)
		}
	}
	<-p.Stop()
	if _, err := Ask(t.Context(), p, func(reply chan<- Answer[int]) any { return &askRequest{reply: reply} }); !errors.Is(err, ErrStopped) {
		t.Errorf("Ask of a stopped process returned %v, want ErrStopped", err)
	}
}

func TestAskEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestSystem(t).spawn(4, actorFunc(func(*Process, any) {}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := Ask(ctx, p, func(chan<- Answer[int]) any { return "never answered" })
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), p.ID()) {
			t.Errorf("Ask returned %v, want a deadline error that names %s", err, p.ID())
		}
		<-p.Stop()
	})
}
