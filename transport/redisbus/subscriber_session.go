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

// A subscriberSession is what a Subscriber has between Open and the end of its link: one ear, or in a cluster
// one for each shard that has a channel of ours.
type subscriberSession struct {
	sub    *Subscriber
	router *router
	sink   func(chat.Event)

	emitMu  sync.Mutex  // one event at a time, though shards have a reader each
	closed  atomic.Bool // nothing is said any more
	opening bool        // under speak: Open has not returned yet, and will say itself what breaks
	err     error       // under speak: what broke

	mu    sync.Mutex
	conns map[string]*pubsubConn // by host:port

	rooms map[string]*pubsubConn // who has the room; touched by the caller's calls only
}

// onMessage hands one message to the sink, or counts why not.
func (h *subscriberSession) onMessage(m *redis.Message) {
	event, err := h.sub.decoder.decode(m.Channel, m.Payload)
	if err != nil {
		h.sub.drops.drop(m.Channel, len(m.Payload), reasonOf(err), time.Now())
		return
	}
	h.emitMu.Lock()
	defer h.emitMu.Unlock()
	if !h.closed.Load() {
		h.sink(event)
	}
}

// onBroken says so, once and as the last thing, and ends the other shards' links too: what they
// bring is of no use without the rest.
func (h *subscriberSession) onBroken(err error) {
	h.emitMu.Lock()
	if h.closed.CompareAndSwap(false, true) {
		h.err = wrapOp("listen", err)
		if !h.opening {
			h.sink(chat.Disconnected{Err: h.err})
		}
	}
	h.emitMu.Unlock()
	h.closeConns()
}

// opened ends the opening; the error is what broke in the meantime.
func (h *subscriberSession) opened() error {
	h.emitMu.Lock()
	defer h.emitMu.Unlock()
	h.opening = false
	return h.err
}

// closeConns closes every ear without waiting.
func (h *subscriberSession) closeConns() {
	for _, e := range h.all() {
		e.close()
	}
}

func (h *subscriberSession) all() []*pubsubConn {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]*pubsubConn, 0, len(h.conns))
	for _, e := range h.conns {
		list = append(list, e)
	}
	return list
}

// maxRedirects is how often a subscription follows a slot to another node.
const maxRedirects = 3

// subscribe subscribes to channels of one slot, at the node that has it.
func (h *subscriberSession) subscribe(ctx context.Context, channels []string) (*pubsubConn, error) {
	host, err := h.router.host(ctx, channels[0])
	if err != nil {
		return nil, err
	}
	for range maxRedirects {
		e, err := h.subscribeAt(ctx, host, channels)
		next, moved := redis.IsMovedError(err)
		if err == nil || !moved {
			return e, err
		}
		host = next
	}
	return nil, &OpError{Op: "subscribe", Cause: Moved, Err: fmt.Errorf("%s moved %d times", channels[0], maxRedirects)}
}

func (h *subscriberSession) subscribeAt(ctx context.Context, host string, channels []string) (*pubsubConn, error) {
	h.mu.Lock()
	e, known := h.conns[host]
	h.mu.Unlock()
	if known {
		return e, e.update(ctx, "subscribe", channels)
	}
	e = newPubsubConn(h.sub.addr, host, h.sub.name, h.sub.opts, h.onMessage, h.onBroken)
	if err := e.open(ctx, channels); err != nil {
		e.close()
		e.wg.Wait()
		return nil, err
	}
	h.mu.Lock()
	h.conns[host] = e
	h.mu.Unlock()
	if h.closed.Load() { // another shard broke in the meantime
		e.close()
	}
	return e, nil
}

// closeTimeout bounds how long Close waits for a sink that does not return.
const closeTimeout = 5 * time.Second

// errSink answers a Close whose sink still blocks.
var errSink = errors.New("the sink still blocks the reader")

// close ends the hearing silently and waits for its goroutines.
func (h *subscriberSession) close() error {
	h.closed.Store(true)
	h.closeConns()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, e := range h.all() {
			e.wg.Wait()
		}
	}()
	select {
	case <-done:
		return h.router.close()
	case <-time.After(closeTimeout):
		return errors.Join(wrapOp("close the subscription", errSink), h.router.close())
	}
}
