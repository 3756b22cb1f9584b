package simulation

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"

	"chatnode/actors"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// simPanics lets ports panic, before or after they have done what they were asked for, until it is told to stop.
// What it draws is its own: a seed's other faults are as without it.
type simPanics struct {
	rng  *rand.Rand
	left int
}

func (p *simPanics) maybe() {
	if p.left > 0 && p.rng.IntN(25) == 0 {
		p.left--
		panic("planted")
	}
}

func (p *simPanics) around(f func()) {
	p.maybe()
	f()
	p.maybe()
}

// ports puts the panics between the actors and a node's ports.
func (p *simPanics) ports(is actors.Ports) actors.Ports {
	return actors.Ports{
		Appender: panickyAppender{is.Appender, p}, Subscriber: panickySubscriber{is.Subscriber, p}, Reader: panickyReader{is.Reader, p},
		Presence: panickyPresence{is.Presence, p}, Registry: panickyRegistry{is.Registry, p}, Journal: panickyJournal{is.Journal, p}, Sanctions: is.Sanctions,
	}
}

type panickyAppender struct {
	chat.Appender
	p *simPanics
}

func (a panickyAppender) Append(ctx context.Context, batch []chat.Write) (receipts []chat.Receipt, err error) {
	a.p.around(func() { receipts, err = a.Appender.Append(ctx, batch) })
	return receipts, err
}

func (a panickyAppender) PublishSignals(ctx context.Context, batch []chat.Signal) (err error) {
	a.p.around(func() { err = a.Appender.PublishSignals(ctx, batch) })
	return err
}

type panickySubscriber struct {
	chat.Subscriber
	p *simPanics
}

func (s panickySubscriber) Open(ctx context.Context, sink func(chat.Event)) (err error) {
	s.p.around(func() { err = s.Subscriber.Open(ctx, sink) })
	return err
}

func (s panickySubscriber) Subscribe(ctx context.Context, rooms ...string) (err error) {
	s.p.around(func() { err = s.Subscriber.Subscribe(ctx, rooms...) })
	return err
}

type panickyReader struct {
	chat.Reader
	p *simPanics
}

func (r panickyReader) Range(ctx context.Context, q chat.Query) (page chat.Page, err error) {
	r.p.around(func() { page, err = r.Reader.Range(ctx, q) })
	return page, err
}

type panickyPresence struct {
	chat.PresenceStore
	p *simPanics
}

func (s panickyPresence) Apply(ctx context.Context, changes []chat.PresenceChange) (counts []wire.Counts, err error) {
	s.p.around(func() { counts, err = s.PresenceStore.Apply(ctx, changes) })
	return counts, err
}

type panickyRegistry struct {
	chat.Registry
	p *simPanics
}

func (r panickyRegistry) Heartbeat(ctx context.Context, n int) (view chat.Cluster, err error) {
	r.p.around(func() { view, err = r.Registry.Heartbeat(ctx, n) })
	return view, err
}

type panickyJournal struct {
	chat.Journal
	p *simPanics
}

func (j panickyJournal) Append(batch []chat.Write) (err error) {
	j.p.around(func() { err = j.Journal.Append(batch) })
	return err
}

func (j panickyJournal) Peek(limit int) (page []chat.Write, err error) {
	j.p.around(func() { page, err = j.Journal.Peek(limit) })
	return page, err
}

func (j panickyJournal) RemoveFirst(n int) (err error) {
	j.p.around(func() { err = j.Journal.RemoveFirst(n) })
	return err
}

// TestSimulationOfPanics plays seeds in which ports panic: nothing that was acknowledged is lost by it, and when it is
// over all is well again.
func TestSimulationOfPanics(t *testing.T) {
	first, n := *simFirst, 1+*simSeeds/3
	if *simSeed != 0 {
		first, n = *simSeed, 1
	}
	for seed := first; seed < first+uint64(n); seed++ {
		synctest.Test(t, func(t *testing.T) {
			s := newSimOf(t, seed, *simSeed != 0, &simPanics{rng: rand.New(rand.NewPCG(seed, 2)), left: 12})
			if s.play(); len(s.broken) > 0 {
				t.Fatalf("seed %d breaches: %s\n%s\nrun it again: go test ./actors -run %s -sim.seed %d", seed, strings.Join(s.broken, "\n  "), strings.Join(s.trace, "\n"), t.Name(), seed)
			}
		})
	}
}
