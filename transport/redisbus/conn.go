package redisbus

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// errClosed is returned by calls on a closed connection.
var errClosed = errors.New("closed")

// conn is one named connection for commands. It never retries. It dials on first use. After a network error it
// discards the client, because the pool of the client would dial again in the background. The next call dials again.
type conn struct {
	addr    Address
	name    string
	timeout time.Duration

	mu     sync.Mutex // close may be called during a call
	client redis.UniversalClient
	closed bool
}

// ensureClient returns the current client, or a new one if there is none.
func (c *conn) ensureClient() (redis.UniversalClient, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errClosed
	}
	if c.client == nil {
		c.client = c.addr.open(c.name, c.timeout)
	}
	return c.client, nil
}

// discardBroken closes the client after err. It keeps the client if Redis sent the error and can serve later calls.
func (c *conn) discardBroken(client redis.UniversalClient, err error) {
	if err == nil || isReply(err) && !isStale(err) {
		return
	}
	c.mu.Lock()
	if c.client == client {
		c.client = nil
	}
	c.mu.Unlock()
	_ = client.Close() // fails if the connection is broken already
}

// isStale reports whether err means that the connection leads to the wrong server.
func isStale(err error) bool {
	switch classify(err) {
	case ReadOnly, Auth, MasterDown, ClusterDown, Moved, MaxClients:
		return true
	}
	return false
}

// close closes the connection permanently.
func (c *conn) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.client == nil {
		return nil
	}
	err := c.client.Close()
	c.client = nil
	if err != nil && !errors.Is(err, redis.ErrClosed) {
		return wrapOp("close connection", err)
	}
	return nil
}

// do calls fn with the client. Errors name the operation op.
func (c *conn) do(op string, fn func(redis.UniversalClient) error) error {
	client, err := c.ensureClient()
	if err != nil {
		return wrapOp(op, err)
	}
	if err := fn(client); err != nil {
		c.discardBroken(client, err)
		return wrapOp(op, err)
	}
	return nil
}

// call is one run of a script, or one command.
type call struct {
	script *script // nil: args are a command
	room   string  // room of the keys; empty: keys of no single room
	keys   []string
	args   []any
	reply  any   // set by run
	err    error // set by run: the error reply of Redis
}

// run executes the calls in one pipeline, which is one round trip. Redis may answer NOSCRIPT to some calls. They did
// nothing, so run sends them again with the source of their scripts.
func (c *conn) run(ctx context.Context, op string, calls ...*call) error {
	if len(calls) == 0 {
		return nil
	}
	return c.do(op, func(client redis.UniversalClient) error {
		missing, err := exec(ctx, client, calls, bySHA)
		if len(missing) > 0 && (err == nil || isReply(err)) {
			_, retryErr := exec(ctx, client, missing, c.bySource())
			err = cmp.Or(err, retryErr)
		}
		return err
	})
}

// scriptMode reports whether a call must send the source of the script. Otherwise it sends the SHA-1.
type scriptMode func(*script) (source bool)

func bySHA(*script) bool { return false }

// bySource returns a mode that sends each source once. In a cluster every call sends it, because the calls may go to
// different nodes.
func (c *conn) bySource() scriptMode {
	sent := map[*script]bool{}
	return func(s *script) bool {
		first := !sent[s]
		sent[s] = true
		return first || c.addr.shape == cluster
	}
}

// exec sends the calls and stores their replies. A DEADLINE error becomes a reply of type deadlineExceeded. missing
// are the calls whose script is unknown to Redis.
func exec(
	ctx context.Context, client redis.UniversalClient, calls []*call, mode scriptMode,
) (missing []*call, err error) {
	pipe := client.Pipeline()
	for _, k := range calls {
		switch {
		case k.script == nil:
			pipe.Do(ctx, k.args...)
		case mode(k.script):
			pipe.Eval(ctx, k.script.src, k.keys, k.args...)
		default:
			pipe.EvalSha(ctx, k.script.sha, k.keys, k.args...)
		}
	}
	explained := false // execErr is the error of one command, which is handled below
	cmds, execErr := pipe.Exec(ctx)
	if execErr != nil && !isReply(execErr) {
		return nil, execErr
	}
	for i, cmd := range cmds {
		reply, cmdErr := cmd.(*redis.Cmd).Result()
		now, expired := parseDeadlineExceeded(cmdErr)
		calls[i].err = cmdErr
		switch {
		case cmdErr == nil || errors.Is(cmdErr, redis.Nil):
			calls[i].reply, calls[i].err = reply, nil
		case redis.HasErrorPrefix(cmdErr, "NOSCRIPT"):
			missing, explained = append(missing, calls[i]), true
		case expired:
			calls[i].reply, calls[i].err, explained = now, nil, true
		case err == nil:
			err = cmdErr
		}
	}
	if err == nil && !explained && execErr != nil && !errors.Is(execErr, redis.Nil) {
		err = execErr // Redis rejected the connection, and no command has the error
	}
	return missing, err
}
