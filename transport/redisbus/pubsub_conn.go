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

// errReconnect is returned by the dialer for every dial after the first one. It prevents go-redis from
// reconnecting on its own: messages published in between would be lost without an error.
var errReconnect = errors.New("subscribe connections do not reconnect")

// pubsubConn is one subscribe connection with its reader and ping goroutines. It does not reconnect:
// when the connection breaks, the pubsubConn is closed.
type pubsubConn struct {
	client      *redis.Client
	pubsub      *redis.PubSub
	sharded     bool          // use SSUBSCRIBE and SUNSUBSCRIBE
	readTimeout time.Duration // longest wait for a message or a pong

	onMessage func(*redis.Message) // called from the reader goroutine
	onBroken  func(error)          // called once if the connection breaks; not called after close

	mu      sync.Mutex
	waiters map[string]chan error // callers waiting for a confirmation, by "<kind> <channel>"; guarded by mu

	stop      chan struct{} // closed by close
	closeOnce sync.Once
	wg        sync.WaitGroup // reader and ping goroutines
}

// newPubsubConn returns an unconnected pubsubConn for the Redis server at host.
func newPubsubConn(
	addr Address, host, name string, opts *Options, onMessage func(*redis.Message), onBroken func(error),
) *pubsubConn {
	o := addr.node(host, name, opts.Timeout)
	dial, dialed := redis.NewDialer(o), atomic.Bool{}
	o.Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
		if !dialed.CompareAndSwap(false, true) {
			return nil, errReconnect
		}
		return dial(ctx, network, address)
	}
	client := redis.NewClient(o)
	return &pubsubConn{
		client: client, pubsub: client.Subscribe(context.Background()), sharded: addr.shape == cluster,
		readTimeout: opts.Silence, onMessage: onMessage, onBroken: onBroken,
		waiters: map[string]chan error{}, stop: make(chan struct{}),
	}
}

// open connects, subscribes to channels, and starts the reader and ping goroutines. It returns when Redis has
// confirmed all channels.
func (c *pubsubConn) open(ctx context.Context, channels []string) error {
	wait := c.addWaiters("subscribe", channels)
	if err := c.send(ctx, "subscribe", channels); err != nil {
		c.removeWaiters("subscribe", channels)
		return err
	}
	c.wg.Go(c.readLoop)
	c.wg.Go(c.pingLoop)
	return c.waitConfirmed(ctx, wait, "subscribe", channels)
}

// update subscribes to or unsubscribes from channels; kind is "subscribe" or "unsubscribe". It pipelines one
// command per group and returns when Redis has confirmed all channels. In a cluster each room is a separate
// group, because a command may name channels of one slot only.
func (c *pubsubConn) update(ctx context.Context, kind string, groups ...[]string) error {
	channels := slices.Concat(groups...)
	wait := c.addWaiters(kind, channels)
	for _, group := range groups {
		if err := c.send(ctx, kind, group); err != nil {
			c.removeWaiters(kind, channels)
			return err
		}
	}
	return c.waitConfirmed(ctx, wait, kind, channels)
}

func (c *pubsubConn) send(ctx context.Context, kind string, channels []string) error {
	switch {
	case kind == "subscribe" && c.sharded:
		return c.pubsub.SSubscribe(ctx, channels...)
	case kind == "subscribe":
		return c.pubsub.Subscribe(ctx, channels...)
	case c.sharded:
		return c.pubsub.SUnsubscribe(ctx, channels...)
	default:
		return c.pubsub.Unsubscribe(ctx, channels...)
	}
}

// addWaiters registers a waiter for each channel. All of them share the returned channel, which receives one
// value per confirmation.
func (c *pubsubConn) addWaiters(kind string, channels []string) chan error {
	wait := make(chan error, len(channels))
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, channel := range channels {
		c.waiters[kind+" "+channel] = wait
	}
	return wait
}

func (c *pubsubConn) removeWaiters(kind string, channels []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, channel := range channels {
		delete(c.waiters, kind+" "+channel)
	}
}

// waitConfirmed returns nil when all channels are confirmed. It returns early with an error if Redis rejects
// the command, ctx ends or the connection closes.
func (c *pubsubConn) waitConfirmed(ctx context.Context, wait chan error, kind string, channels []string) error {
	defer c.removeWaiters(kind, channels)
	for range channels {
		select {
		case err := <-wait:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		case <-c.stop:
			return net.ErrClosed
		}
	}
	return nil
}

// readLoop reads from the connection until it breaks or is closed. A read timeout breaks the connection,
// because it means that the pings were not answered.
func (c *pubsubConn) readLoop() {
	for {
		msg, err := c.pubsub.ReceiveTimeout(context.Background(), c.readTimeout)
		switch {
		case err == nil:
			err = c.dispatch(msg)
		case isReply(err) && c.failWaiters(err):
			continue
		}
		if err == nil {
			continue
		}
		select {
		case <-c.stop: // closed by close, not broken
		default:
			c.onBroken(err)
			c.close()
		}
		return
	}
}

func (c *pubsubConn) dispatch(msg any) error {
	switch m := msg.(type) {
	case *redis.Message:
		c.onMessage(m)
	case *redis.Subscription:
		return c.confirm(m)
	}
	return nil
}

// confirm notifies the waiter of a confirmed channel. It returns an error if Redis unsubscribed the
// connection without a request, which a shard does when the slot of the channel moves to another node.
func (c *pubsubConn) confirm(s *redis.Subscription) error {
	kind := s.Kind
	if c.sharded {
		kind = kind[1:] // "ssubscribe" -> "subscribe"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	wait, requested := c.waiters[kind+" "+s.Channel]
	if requested {
		delete(c.waiters, kind+" "+s.Channel)
		wait <- nil
	}
	if !requested && kind == "unsubscribe" {
		return &OpError{Op: "receive from " + s.Channel, Cause: Moved, Err: errors.New("slot moved to another node")}
	}
	return nil
}

// failWaiters passes an error reply to all waiters and reports whether there were any. An error reply
// does not identify its command.
func (c *pubsubConn) failWaiters(err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := len(c.waiters) > 0
	for key, wait := range c.waiters {
		delete(c.waiters, key)
		wait <- err
	}
	return found
}

// pingLoop sends a PING three times per readTimeout, so that a healthy but idle connection never times out.
func (c *pubsubConn) pingLoop() {
	tick := time.NewTicker(c.readTimeout / 3)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			// A failed PING closes the connection; readLoop then returns.
			_ = c.pubsub.Ping(context.Background())
		case <-c.stop:
			return
		}
	}
}

// close closes the connection without calling onBroken. It does not wait for the goroutines; wg does.
func (c *pubsubConn) close() {
	c.closeOnce.Do(func() {
		close(c.stop)
		_ = c.pubsub.Close() // fails if the connection is broken already
		_ = c.client.Close()
	})
}
