package redisbus_test

import (
	"testing"
	"time"

	"chatnode/transport/bustest"
	"chatnode/transport/redisbus"
	"chatnode/transport/redistest"
)

// Settings of the contract suite. The lease is short and the history small, so that expiry and retention are quick.
const (
	suiteLease   = 2 * time.Second
	suiteHistory = 100
)

// runContract runs the suite on one node with the Redis at url. wipe deletes all data.
func runContract(t *testing.T, url string, wipe func(t *testing.T)) {
	t.Helper()
	var open func(t *testing.T) bustest.Engine
	open = func(t *testing.T) bustest.Engine {
		e := newEngine(t, url, "suite", func(o *redisbus.Options) { o.Lease, o.HistorySize = suiteLease, suiteHistory })
		a, s, store := e.NewAppender(), e.NewSubscriber(), e.NewStore()
		closeAll := func() {
			for _, c := range []interface{ Close() error }{a, s, store} {
				if err := c.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}
		}
		t.Cleanup(closeAll)
		return bustest.Engine{
			Appender: a, Reader: store, Subscriber: s, Presence: store, Close: closeAll,
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
	runContract(t, s.URL(), func(t *testing.T) { s.Do(t, "FLUSHALL") })
}

func TestContractCluster(t *testing.T) {
	c := redistest.StartCluster(t, 3)
	runContract(t, c.URL(), func(t *testing.T) {
		for _, m := range c.Masters {
			m.Do(t, "FLUSHALL")
		}
	})
}
