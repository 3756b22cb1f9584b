package localbus_test

import (
	"sync"
	"testing"
	"time"

	"chatnode/transport/boltlog"
	"chatnode/transport/bustest"
	"chatnode/transport/localbus"
)

// clock is the real time plus an offset that tests increase.
type clock struct {
	mu  sync.Mutex
	add time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.add)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add += d
}

const lease = 30 * time.Second

// engine opens a bus on the folder dir.
func engine(t *testing.T, dir string, c *clock) bustest.Engine {
	t.Helper()
	log, err := boltlog.Open(boltlog.Options{Path: dir, HistorySize: 100, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	bus := localbus.New(localbus.Options{Log: log, Lease: lease, Now: c.now})
	closeBus := func() {
		if err := bus.Close(); err != nil {
			t.Errorf("close the bus: %v", err)
		}
	}
	t.Cleanup(closeBus)
	return bustest.Engine{
		Appender: bus.Appender(), Reader: bus.Reader(), Subscriber: bus.Subscriber(), Presence: bus.Presence(), Close: closeBus,
		Options: bustest.Options{
			HistorySize: 100, Lease: lease, AdvanceClock: c.advance,
			FinishBackground: func() {
				if err := log.Checkpoint(); err != nil {
					t.Errorf("checkpoint: %v", err)
				}
			},
			Reopen: func(t *testing.T) bustest.Engine { return engine(t, dir, c) },
		},
	}
}

func TestContract(t *testing.T) {
	bustest.Run(t, func(t *testing.T) bustest.Engine { return engine(t, t.TempDir(), &clock{}) })
}
