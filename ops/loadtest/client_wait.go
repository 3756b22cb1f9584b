package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"syscall"
	"time"
)

// Close codes of the protocol. After those with "stop" the client must not connect again.
const (
	normalClosure    = 1000
	codePolicy       = 1008 // stop
	codeTooBig       = 1009 // stop
	codeUnauthorized = 4401 // stop: each attempt has a new token
	codeAbuse        = 4429 // stop
)

const (
	minBackoff   = time.Second // doubled with each attempt
	maxBackoff   = 30 * time.Second
	closeTimeout = 100 * time.Millisecond // to write a close frame
)

// retryDelay returns the delay before the next attempt. again is false if there must be none. err is why the last
// attempt failed; nil: the connection was lost.
func (c *client) retryDelay(err error) (wait time.Duration, again bool) {
	c.tries++
	if err != nil {
		c.pool.counters.event(reason(err))
		if refused := (*refusal)(nil); errors.As(err, &refused) {
			return max(refused.retryAfter, backoff(c.tries)), retriable(refused.status)
		}
		return backoff(c.tries), true
	}
	if c.silent && c.track.Ready() {
		c.pool.counters.event(fmt.Sprintf("silent, closed with %d", c.code))
		return 0, false
	}
	c.pool.counters.event(fmt.Sprintf("closed with %d", c.code))
	switch c.code {
	case codePolicy, codeTooBig, codeUnauthorized, codeAbuse:
		return 0, false
	}
	if slot := c.slot; slot > 0 {
		c.slot = 0
		return max(0, slot-c.pool.plan.now()), true
	}
	return backoff(c.tries), true
}

// backoff returns a random delay whose bound grows with the attempts.
func backoff(tries int) time.Duration {
	return rand.N(min(maxBackoff, minBackoff<<min(tries-1, 10)))
}

func retriable(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// reason returns the text of an error without details that differ, such as ports.
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
