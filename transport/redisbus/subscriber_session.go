package redisbus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"chatnode/actors/chat"
)

// subscriberSession is the state of a Subscriber between Open and the end of its connections. It has one connection,
// or in a cluster one for each shard with a subscribed channel.
type subscriberSession struct {
	sub    *Subscriber
	router *router
	sink   func(chat.Event)

	emitMu  sync.Mutex  // serializes calls of sink, because each shard has a reader goroutine
	closed  atomic.Bool // sink is no longer called
	opening bool        // Open has not returned and will return errors itself; guarded by emitMu
	err     error       // first error of a connection; guarded by emitMu

	mu    sync.Mutex
	conns map[string]*pubsubConn // by host:port; guarded by mu

	rooms map[string]*pubsubConn // connection of each room; accessed only by the goroutine of the caller
}

// onMessage passes one message to the sink, or drops an invalid one.
func (s *subscriberSession) onMessage(m *redis.Message) {
	event, err := s.sub.decoder.decode(m.Channel, m.Payload)
	if err != nil {
		s.sub.drops.drop(m.Channel, len(m.Payload), reasonOf(err), time.Now())
		return
	}
	s.emitMu.Lock()
	defer s.emitMu.Unlock()
	if !s.closed.Load() {
		s.sink(event)
	}
}

// onBroken emits Disconnected once, as the last event. It closes the connections to the other shards as well, because
// a session without one of its shards would miss messages.
func (s *subscriberSession) onBroken(err error) {
	s.emitMu.Lock()
	if s.closed.CompareAndSwap(false, true) {
		s.err = wrapOp("receive", err)
		if !s.opening {
			s.sink(chat.Disconnected{Err: s.err})
		}
	}
	s.emitMu.Unlock()
	s.closeConns()
}

// finishOpen ends the opening phase. It returns the error of a connection that broke during this phase.
func (s *subscriberSession) finishOpen() error {
	s.emitMu.Lock()
	defer s.emitMu.Unlock()
	s.opening = false
	return s.err
}

// closeConns closes every connection without waiting for its goroutines.
func (s *subscriberSession) closeConns() {
	for _, c := range s.allConns() {
		c.close()
	}
}

func (s *subscriberSession) allConns() []*pubsubConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*pubsubConn, 0, len(s.conns))
	for _, c := range s.conns {
		list = append(list, c)
	}
	return list
}

// maxRedirects is the maximum number of MOVED replies that one subscription follows.
const maxRedirects = 3

// subscribe subscribes to channels of one slot, at the node that owns the slot.
func (s *subscriberSession) subscribe(ctx context.Context, channels []string) (*pubsubConn, error) {
	host, err := s.router.host(ctx, channels[0])
	if err != nil {
		return nil, err
	}
	for range maxRedirects {
		c, err := s.subscribeAt(ctx, host, channels)
		next, moved := redis.IsMovedError(err)
		if err == nil || !moved {
			return c, err
		}
		host = next
	}
	err = fmt.Errorf("%s: moved %d times", channels[0], maxRedirects)
	return nil, &OpError{Op: "subscribe", Cause: Moved, Err: err}
}

func (s *subscriberSession) subscribeAt(ctx context.Context, host string, channels []string) (*pubsubConn, error) {
	s.mu.Lock()
	c, connected := s.conns[host]
	s.mu.Unlock()
	if connected {
		return c, c.update(ctx, "subscribe", channels)
	}
	c = newPubsubConn(s.sub.addr, host, s.sub.name, s.sub.opts, s.onMessage, s.onBroken)
	if err := c.open(ctx, channels); err != nil {
		c.close()
		c.wg.Wait()
		return nil, err
	}
	s.mu.Lock()
	s.conns[host] = c
	s.mu.Unlock()
	if s.closed.Load() { // the connection to another shard broke during open
		c.close()
	}
	return c, nil
}

// closeTimeout is the maximum time that Close waits for a blocked sink.
const closeTimeout = 5 * time.Second

// errSinkBlocked is returned by Close if the sink has not returned within closeTimeout.
var errSinkBlocked = errors.New("reader is still blocked in the sink")

// close ends the session without an event, and waits for its goroutines.
func (s *subscriberSession) close() error {
	s.closed.Store(true)
	s.closeConns()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, c := range s.allConns() {
			c.wg.Wait()
		}
	}()
	select {
	case <-done:
		return s.router.close()
	case <-time.After(closeTimeout):
		return errors.Join(wrapOp("close subscription", errSinkBlocked), s.router.close())
	}
}
