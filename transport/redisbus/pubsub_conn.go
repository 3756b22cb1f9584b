package redisbus

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// errReconnect stops the client library from connecting again behind our back: what was published in
// between would be missed without anybody noticing.
var errReconnect = errors.New("a subscription is never silently connected again")

// An pubsubConn is one subscribe connection and the goroutines that read it and keep it busy. It lives as
// long as its first connection.
type pubsubConn struct {
	client      *redis.Client
	pubsub      *redis.PubSub
	sharded     bool
	readTimeout time.Duration

	onMessage func(*redis.Message)
	onBroken  func(error) // called once, when the link breaks by itself

	mu      sync.Mutex
	waiting map[string]chan error // what is to be confirmed: kind and channel -> its waiter
	stop    chan struct{}
	wg      sync.WaitGroup
	once    sync.Once
}

// newPubsubConn makes an ear that is not connected yet.
func newPubsubConn(addr Address, host, name string, opts *Options, hear func(*redis.Message), broke func(error)) *pubsubConn {
	o := addr.node(host, name, opts.Timeout)
	dial, dialled := redis.NewDialer(o), atomic.Bool{}
	o.Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
		if !dialled.CompareAndSwap(false, true) {
			return nil, errReconnect
		}
		return dial(ctx, network, address)
	}
	client := redis.NewClient(o)
	return &pubsubConn{
		client: client, pubsub: client.Subscribe(context.Background()), sharded: addr.shape == cluster, readTimeout: opts.Silence,
		onMessage: hear, onBroken: broke, waiting: map[string]chan error{}, stop: make(chan struct{}),
	}
}

// open connects with a first subscription, and listens from then on.
func (e *pubsubConn) open(ctx context.Context, channels []string) error {
	wait := e.addWaiters("subscribe", channels)
	if err := e.send(ctx, "subscribe", channels); err != nil {
		e.removeWaiters("subscribe", channels)
		return err
	}
	e.wg.Go(e.readLoop)
	e.wg.Go(e.pingLoop)
	return e.waitConfirmed(ctx, wait, "subscribe", channels)
}

// update subscribes or unsubscribes, by one command for each group of channels, and returns when Redis has
// confirmed them all. No command waits for the one before it: in a cluster each room has one of its own.
func (e *pubsubConn) update(ctx context.Context, kind string, groups ...[]string) error {
	channels := slices.Concat(groups...)
	wait := e.addWaiters(kind, channels)
	for _, group := range groups {
		if err := e.send(ctx, kind, group); err != nil {
			e.removeWaiters(kind, channels)
			return err
		}
	}
	return e.waitConfirmed(ctx, wait, kind, channels)
}

func (e *pubsubConn) send(ctx context.Context, kind string, channels []string) error {
	switch {
	case kind == "subscribe" && e.sharded:
		return e.pubsub.SSubscribe(ctx, channels...)
	case kind == "subscribe":
		return e.pubsub.Subscribe(ctx, channels...)
	case e.sharded:
		return e.pubsub.SUnsubscribe(ctx, channels...)
	default:
		return e.pubsub.Unsubscribe(ctx, channels...)
	}
}

// addWaiters registers a waiter that is told once for every channel.
func (e *pubsubConn) addWaiters(kind string, channels []string) chan error {
	wait := make(chan error, len(channels))
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range channels {
		e.waiting[kind+" "+c] = wait
	}
	return wait
}

func (e *pubsubConn) removeWaiters(kind string, channels []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range channels {
		delete(e.waiting, kind+" "+c)
	}
}

// waitConfirmed waits until every channel is confirmed, one is refused, or the link or ctx ends.
func (e *pubsubConn) waitConfirmed(ctx context.Context, wait chan error, kind string, channels []string) error {
	defer e.removeWaiters(kind, channels)
	for range channels {
		select {
		case err := <-wait:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		case <-e.stop:
			return net.ErrClosed
		}
	}
	return nil
}

// readLoop reads until the link ends. A timeout is the end too: the pings had no answer.
func (e *pubsubConn) readLoop() {
	for {
		msg, err := e.pubsub.ReceiveTimeout(context.Background(), e.readTimeout)
		switch {
		case err == nil:
			err = e.handle(msg)
		case isReply(err) && e.failWaiters(err):
			continue
		}
		if err == nil {
			continue
		}
		select {
		case <-e.stop: // closed on purpose
		default:
			e.onBroken(err)
			e.close()
		}
		return
	}
}

func (e *pubsubConn) handle(msg any) error {
	switch m := msg.(type) {
	case *redis.Message:
		e.onMessage(m)
	case *redis.Subscription:
		return e.confirm(m)
	}
	return nil
}

// confirm tells who waits for the confirmation. A shard that takes a channel away unasked has given
// its slot to another one.
func (e *pubsubConn) confirm(s *redis.Subscription) error {
	kind := s.Kind
	if e.sharded {
		kind = kind[1:]
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	wait, asked := e.waiting[kind+" "+s.Channel]
	if asked {
		delete(e.waiting, kind+" "+s.Channel)
		wait <- nil
	}
	if !asked && kind == "unsubscribe" {
		return &OpError{Op: "listen to " + s.Channel, Cause: Moved, Err: errors.New("its slot moved to another node")}
	}
	return nil
}

// failWaiters hands an error reply to all that wait; it reports whether there was one.
func (e *pubsubConn) failWaiters(err error) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	told := len(e.waiting) > 0
	for key, wait := range e.waiting {
		delete(e.waiting, key)
		wait <- err
	}
	return told
}

// pingLoop gives a silent link something to say, three times within its silence.
func (e *pubsubConn) pingLoop() {
	tick := time.NewTicker(e.readTimeout / 3)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			// An error closes the connection, which listen notices.
			_ = e.pubsub.Ping(context.Background())
		case <-e.stop:
			return
		}
	}
}

// close ends the link; ended is done once the goroutines are.
func (e *pubsubConn) close() {
	e.once.Do(func() {
		close(e.stop)
		_ = e.pubsub.Close() // it may be broken already
		_ = e.client.Close()
	})
}
