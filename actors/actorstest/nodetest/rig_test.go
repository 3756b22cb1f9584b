package nodetest

import (
	"testing"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// rig is a whole node on a fake bus.
type rig struct {
	t    testing.TB
	bus  *actorstest.FakeBus
	core *actors.Core
	sys  *process.System
}

// newRig starts a standalone node. Each change modifies its settings.
func newRig(t testing.TB, change ...func(*chat.Settings)) *rig {
	t.Helper()
	set := actorstest.Settings()
	for _, f := range change {
		f(&set)
	}
	return startRig(t, set, zerolog.Nop())
}

// newJournalRig starts a node of a cluster with the given journal. Each change modifies its ports.
func newJournalRig(t testing.TB, journal chat.Journal, log zerolog.Logger, change ...func(*actors.Ports)) *rig {
	t.Helper()
	return startJournalRig(t, actorstest.Settings(), journal, log, change...)
}

// startJournalRig is newJournalRig with other settings.
func startJournalRig(t testing.TB, set chat.Settings, journal chat.Journal, log zerolog.Logger, change ...func(*actors.Ports)) *rig {
	t.Helper()
	set.Distributed = true
	withJournal := func(p *actors.Ports) { p.Journal = journal }
	return startRig(t, set, log, append([]func(*actors.Ports){withJournal}, change...)...)
}

// startRig starts a node. Its ports are a new fake bus, modified by each change.
func startRig(t testing.TB, set chat.Settings, log zerolog.Logger, change ...func(*actors.Ports)) *rig {
	t.Helper()
	sys, err := process.NewSystem(log, actors.Kinds...)
	if err != nil {
		t.Fatal(err)
	}
	bus := actorstest.NewFakeBus()
	ports := actors.Ports{Appender: bus, Subscriber: bus, Reader: bus, Presence: bus, Registry: bus}
	for _, f := range change {
		f(&ports)
	}
	r := &rig{t: t, bus: bus, core: actors.New(sys, set, ports), sys: sys}
	r.core.Start()
	return r
}

// stop stops the node. The test fails if an actor has received a message that it does not handle.
func (r *rig) stop() {
	r.t.Helper()
	r.core.Stop(5 * time.Second)
	actorstest.CheckUnknown(r.t, r.sys)
}
