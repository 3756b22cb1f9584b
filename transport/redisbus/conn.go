package redisbus

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// errClosed answers a call on what was closed.
var errClosed = errors.New("closed")

// A conn is one named connection for commands, made when it is first used. After an error of the
// network the client is thrown away, because its pool would go on dialling behind our back; the
// next call dials again. It never tries anything twice by itself.
type conn struct {
	addr    Address
	name    string
	timeout time.Duration

	mu     sync.Mutex // a Close may come while a call is under way
	client redis.UniversalClient
	closed bool
}

// ensureClient returns the client, made anew if need be.
func (l *conn) ensureClient() (redis.UniversalClient, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errClosed
	}
	if l.client == nil {
		l.client = l.addr.open(l.name, l.timeout)
	}
	return l.client, nil
}

// discardBroken throws the client away after err, unless Redis itself answered and will serve again.
func (l *conn) discardBroken(c redis.UniversalClient, err error) {
	if err == nil || isReply(err) && !stale(err) {
		return
	}
	l.mu.Lock()
	if l.client == c {
		l.client = nil
	}
	l.mu.Unlock()
	_ = c.Close() // it is broken already
}

// stale reports replies that say that the connection leads to the wrong place.
func stale(err error) bool {
	switch classify(err) {
	case ReadOnly, Auth, MasterDown, ClusterDown, Moved, MaxClients:
		return true
	}
	return false
}

// close ends the link for good.
func (l *conn) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.client == nil {
		return nil
	}
	err := l.client.Close()
	l.client = nil
	if err != nil && !errors.Is(err, redis.ErrClosed) {
		return wrapOp("close the connection", err)
	}
	return nil
}

// do runs fn with the client. doing names it in the error.
func (l *conn) do(doing string, fn func(redis.UniversalClient) error) error {
	c, err := l.ensureClient()
	if err != nil {
		return wrapOp(doing, err)
	}
	if err := fn(c); err != nil {
		l.discardBroken(c, err)
		return wrapOp(doing, err)
	}
	return nil
}

// A call is one run of a script, or one command.
type call struct {
	script *script // nil: args are a command
	room   string  // whose keys they are; empty: no room's, or not its alone
	keys   []string
	args   []any
	reply  any   // set by run
	err    error // set by run: what Redis answered instead
}

// run runs the calls in one pipeline, that is in one round trip. Scripts that Redis has forgotten
// are sent with the next one, for those calls alone that failed so and therefore did nothing.
func (l *conn) run(ctx context.Context, doing string, calls ...*call) error {
	if len(calls) == 0 {
		return nil
	}
	return l.do(doing, func(c redis.UniversalClient) error {
		missing, err := exec(ctx, c, calls, bySHA)
		if len(missing) > 0 && (err == nil || isReply(err)) {
			_, late := exec(ctx, c, missing, l.bySource())
			err = cmp.Or(err, late)
		}
		return err
	})
}

// A scriptMode decides whether a call carries its script or only the script's name.
type scriptMode func(*script) (source bool)

func bySHA(*script) bool { return false }

// bySource sends every script's text once, with its first call; in a cluster with every call, as
// each may go to another node.
func (l *conn) bySource() scriptMode {
	sent := map[*script]bool{}
	return func(s *script) bool {
		first := !sent[s]
		sent[s] = true
		return first || l.addr.shape == cluster
	}
}

// exec sends the calls and reads the replies, of which LATE is one. It returns the calls whose script
// Redis does not know.
func exec(ctx context.Context, c redis.UniversalClient, calls []*call, source scriptMode) (missing []*call, err error) {
	pipe := c.Pipeline()
	for _, k := range calls {
		switch {
		case k.script == nil:
			pipe.Do(ctx, k.args...)
		case source(k.script):
			pipe.Eval(ctx, k.script.src, k.keys, k.args...)
		default:
			pipe.EvalSha(ctx, k.script.sha, k.keys, k.args...)
		}
	}
	known := false // the commands say what failed
	cmds, failed := pipe.Exec(ctx)
	if failed != nil && !isReply(failed) {
		return nil, failed
	}
	for i, cmd := range cmds {
		reply, cmdErr := cmd.(*redis.Cmd).Result()
		now, isLate := parseDeadlineExceeded(cmdErr)
		calls[i].err = cmdErr
		switch {
		case cmdErr == nil || errors.Is(cmdErr, redis.Nil):
			calls[i].reply, calls[i].err = reply, nil
		case redis.HasErrorPrefix(cmdErr, "NOSCRIPT"):
			missing, known = append(missing, calls[i]), true
		case isLate:
			calls[i].reply, calls[i].err, known = now, nil, true
		case err == nil:
			err = cmdErr
		}
	}
	if err == nil && !known && failed != nil && !errors.Is(failed, redis.Nil) {
		err = failed // the connection was refused: the commands know nothing of it
	}
	return missing, err
}
