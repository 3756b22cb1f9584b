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

// A hearing is what a Subscriber has between Open and the end of its link: one ear, or in a cluster
// one for each shard that has a channel of ours.
type hearing struct {
	sub    *Subscriber
	router *router
	sink   func(chat.Event)

	speak   sync.Mutex  // one event at a time, though shards have a reader each
	over    atomic.Bool // nothing is said any more
	opening bool        // under speak: Open has not returned yet, and will say itself what breaks
	why     error       // under speak: what broke

	mu   sync.Mutex
	ears map[string]*ear // by host:port

	rooms map[string]*ear // who has the room; touched by the caller's calls only
}

// hear hands one message to the sink, or counts why not.
func (h *hearing) hear(m *redis.Message) {
	event, err := h.sub.decoder.decode(m.Channel, m.Payload)
	if err != nil {
		h.sub.drops.drop(m.Channel, len(m.Payload), reasonOf(err), time.Now())
		return
	}
	h.speak.Lock()
	defer h.speak.Unlock()
	if !h.over.Load() {
		h.sink(event)
	}
}

// broke says so, once and as the last thing, and ends the other shards' links too: what they
// bring is of no use without the rest.
func (h *hearing) broke(err error) {
	h.speak.Lock()
	if h.over.CompareAndSwap(false, true) {
		h.why = fault("listen", err)
		if !h.opening {
			h.sink(chat.Broken{Err: h.why})
		}
	}
	h.speak.Unlock()
	h.hangUp()
}

// opened ends the opening; the error is what broke in the meantime.
func (h *hearing) opened() error {
	h.speak.Lock()
	defer h.speak.Unlock()
	h.opening = false
	return h.why
}

// hangUp closes every ear without waiting.
func (h *hearing) hangUp() {
	for _, e := range h.all() {
		e.close()
	}
}

func (h *hearing) all() []*ear {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]*ear, 0, len(h.ears))
	for _, e := range h.ears {
		list = append(list, e)
	}
	return list
}

// redirects is how often a subscription follows a slot to another node.
const redirects = 3

// subscribe subscribes to channels of one slot, at the node that has it.
func (h *hearing) subscribe(ctx context.Context, channels []string) (*ear, error) {
	host, err := h.router.host(ctx, channels[0])
	if err != nil {
		return nil, err
	}
	for range redirects {
		e, err := h.subscribeAt(ctx, host, channels)
		next, moved := redis.IsMovedError(err)
		if err == nil || !moved {
			return e, err
		}
		host = next
	}
	return nil, &Fault{Doing: "subscribe", Name: Moved, Err: fmt.Errorf("%s moved %d times", channels[0], redirects)}
}

func (h *hearing) subscribeAt(ctx context.Context, host string, channels []string) (*ear, error) {
	h.mu.Lock()
	e, known := h.ears[host]
	h.mu.Unlock()
	if known {
		return e, e.change(ctx, "subscribe", channels)
	}
	e = newEar(h.sub.addr, host, h.sub.name, h.sub.opts, h.hear, h.broke)
	if err := e.open(ctx, channels); err != nil {
		e.close()
		e.ended.Wait()
		return nil, err
	}
	h.mu.Lock()
	h.ears[host] = e
	h.mu.Unlock()
	if h.over.Load() { // another shard broke in the meantime
		e.close()
	}
	return e, nil
}

// closePatience bounds how long Close waits for a sink that does not return.
const closePatience = 5 * time.Second

// errSink answers a Close whose sink still blocks.
var errSink = errors.New("the sink still blocks the reader")

// close ends the hearing silently and waits for its goroutines.
func (h *hearing) close() error {
	h.over.Store(true)
	h.hangUp()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, e := range h.all() {
			e.ended.Wait()
		}
	}()
	select {
	case <-done:
		return h.router.close()
	case <-time.After(closePatience):
		return errors.Join(fault("close the subscription", errSink), h.router.close())
	}
}
