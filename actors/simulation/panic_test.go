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

// panicInjector lets the ports of a node panic before or after a call, at most remaining times. It has its own random
// generator, so the other faults of a seed are the same without it.
type panicInjector struct {
	rng       *rand.Rand
	remaining int
}

func (p *panicInjector) maybePanic() {
	if p.remaining > 0 && p.rng.IntN(25) == 0 {
		p.remaining--
		panic("planted")
	}
}

func (p *panicInjector) wrap(f func()) {
	p.maybePanic()
	f()
	p.maybePanic()
}

// wrapPorts returns ports that panic at random and otherwise call p.
func (p *panicInjector) wrapPorts(ports actors.Ports) actors.Ports {
	return actors.Ports{
		Appender: panickyAppender{ports.Appender, p}, Subscriber: panickySubscriber{ports.Subscriber, p}, Reader: panickyReader{ports.Reader, p},
		Presence: panickyPresence{ports.Presence, p}, Registry: panickyRegistry{ports.Registry, p}, Journal: panickyJournal{ports.Journal, p}, Sanctions: ports.Sanctions,
	}
}

type panickyAppender struct {
	chat.Appender
	p *panicInjector
}

func (a panickyAppender) Append(ctx context.Context, batch []chat.Write) (receipts []chat.Receipt, err error) {
	a.p.wrap(func() { receipts, err = a.Appender.Append(ctx, batch) })
	return receipts, err
}

func (a panickyAppender) PublishSignals(ctx context.Context, batch []chat.Signal) (err error) {
	a.p.wrap(func() { err = a.Appender.PublishSignals(ctx, batch) })
	return err
}

type panickySubscriber struct {
	chat.Subscriber
	p *panicInjector
}

func (s panickySubscriber) Open(ctx context.Context, sink func(chat.Event)) (err error) {
	s.p.wrap(func() { err = s.Subscriber.Open(ctx, sink) })
	return err
}

func (s panickySubscriber) Subscribe(ctx context.Context, rooms ...string) (err error) {
	s.p.wrap(func() { err = s.Subscriber.Subscribe(ctx, rooms...) })
	return err
}

type panickyReader struct {
	chat.Reader
	p *panicInjector
}

func (r panickyReader) Range(ctx context.Context, q chat.Query) (page chat.Page, err error) {
	r.p.wrap(func() { page, err = r.Reader.Range(ctx, q) })
	return page, err
}

type panickyPresence struct {
	chat.PresenceStore
	p *panicInjector
}

func (s panickyPresence) Apply(ctx context.Context, changes []chat.PresenceChange) (counts []wire.Counts, err error) {
	s.p.wrap(func() { counts, err = s.PresenceStore.Apply(ctx, changes) })
	return counts, err
}

type panickyRegistry struct {
	chat.Registry
	p *panicInjector
}

func (r panickyRegistry) Heartbeat(ctx context.Context, n int) (view chat.Cluster, err error) {
	r.p.wrap(func() { view, err = r.Registry.Heartbeat(ctx, n) })
	return view, err
}

type panickyJournal struct {
	chat.Journal
	p *panicInjector
}

func (j panickyJournal) Append(batch []chat.Write) (err error) {
	j.p.wrap(func() { err = j.Journal.Append(batch) })
	return err
}

func (j panickyJournal) Peek(limit int) (page []chat.Write, err error) {
	j.p.wrap(func() { page, err = j.Journal.Peek(limit) })
	return page, err
}

func (j panickyJournal) RemoveFirst(n int) (err error) {
	j.p.wrap(func() { err = j.Journal.RemoveFirst(n) })
	return err
}

// TestSimulationWithPanics runs seeds in which ports panic. All invariants hold, and the nodes recover afterwards.
func TestSimulationWithPanics(t *testing.T) {
	first, n := *firstSeed, 1+*seedCount/3
	if *onlySeed != 0 {
		first, n = *onlySeed, 1
	}
	for seed := first; seed < first+uint64(n); seed++ {
		synctest.Test(t, func(t *testing.T) {
			s := newSimWithPanics(t, seed, *onlySeed != 0, &panicInjector{rng: rand.New(rand.NewPCG(seed, 2)), remaining: 12})
			if s.runSeed(); len(s.violations) > 0 {
				t.Fatalf("seed %d breaches: %s\n%s\nrun it again: go test ./actors/simulation -run %s -sim.seed %d", seed, strings.Join(s.violations, "\n  "), strings.Join(s.trace, "\n"), t.Name(), seed)
			}
		})
	}
}
