package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"syscall"
	"time"
)

// Close codes of the protocol, and what they ask for.
const (
	normalClosure    = 1000
	codePolicy       = 1008 // stop
	codeTooBig       = 1009 // stop
	codeUnauthorized = 4401 // a new token would be needed, and one was made for each try
	codeAbuse        = 4429 // stop
)

const (
	backoffFirst = time.Second // doubled at each try
	backoffMost  = 30 * time.Second
	farewell     = 100 * time.Millisecond // for a close frame to be written
)

// comeback says how long to wait before the next try, or that there must be none. err is why the last
// one failed; where it is nil the connection was lost.
func (c *client) comeback(err error) (wait time.Duration, again bool) {
	c.tries++
	if err != nil {
		c.fleet.tally.event(reason(err))
		if refused := (*refusal)(nil); errors.As(err, &refused) {
			return max(refused.retryAfter, backoff(c.tries)), retriable(refused.status)
		}
		return backoff(c.tries), true
	}
	if c.silent && c.track.Ready() {
		c.fleet.tally.event(fmt.Sprintf("silent, closed with %d", c.code))
		return 0, false
	}
	c.fleet.tally.event(fmt.Sprintf("closed with %d", c.code))
	switch c.code {
	case codePolicy, codeTooBig, codeUnauthorized, codeAbuse:
		return 0, false
	}
	if slot := c.slot; slot > 0 {
		c.slot = 0
		return max(0, slot-c.fleet.plan.now()), true
	}
	return backoff(c.tries), true
}

// backoff is a random time that grows with the tries.
func backoff(tries int) time.Duration {
	return rand.N(min(backoffMost, backoffFirst<<min(tries-1, 10)))
}

func retriable(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// reason names an error without what is different in each, ports say.
func reason(err error) string {
	if refused := (*refusal)(nil); errors.As(err, &refused) {
		return refused.Error()
	}
	if errors.Is(err, syscall.EADDRNOTAVAIL) {
		return "no free port to connect from: give more -sources"
	}
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		return errno.Error()
	}
	return err.Error()
}
