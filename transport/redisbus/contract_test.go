package redisbus_test

import (
	"testing"
	"time"

	"chatnode/transport/bustest"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// Of the contract suite: short, so that it need not wait long, and small, so that retention shows.
const (
	suiteLease   = 2 * time.Second
	suiteHistory = 100
)

// contract hands the suite one node on the Redis at url; wipe empties it.
func contract(t *testing.T, url string, wipe func(t *testing.T)) {
	t.Helper()
	var open func(t *testing.T) bustest.Engine
	open = func(t *testing.T) bustest.Engine {
		e := node(t, url, "suite", func(o *redisbus.Options) { o.Lease, o.HistorySize = suiteLease, suiteHistory })
		a, s, store := e.Appender(), e.Subscriber(), e.Store()
		shut := func() {
			for _, c := range []interface{ Close() error }{a, s, store} {
				if err := c.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}
		}
		t.Cleanup(shut)
		return bustest.Engine{
			Appender: a, Reader: store, Subscriber: s, Presence: store, Close: shut,
			Options: bustest.Options{HistorySize: suiteHistory, Lease: suiteLease, Reopen: open},
		}
	}
	bustest.Run(t, func(t *testing.T) bustest.Engine {
		wipe(t)
		return open(t)
	})
}

func TestContractStandalone(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	contract(t, s.URL(), func(t *testing.T) { s.Do(t, "FLUSHALL") })
}

func TestContractCluster(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	contract(t, c.URL(), func(t *testing.T) {
		for _, m := range c.Masters {
			m.Do(t, "FLUSHALL")
		}
	})
}
