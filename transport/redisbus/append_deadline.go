package redisbus

import (
	"context"
	"errors"
	"fmt"
)

// An append whose caller has timed out may still be in a socket, or wait for a Redis that hangs. Meanwhile the client
// may have retried the write on another node with the same key, and Redis knows a key for 1.5 windows only. Therefore
// every append call has a deadline: it may be stored within a quarter of IDEMPOTENCY_WINDOW after it was sent (see
// Engine.idemBucketMs). After the deadline no server stores it, and Redis answers DEADLINE and its time.

// deadlineExceeded is the reply to a call that Redis received after its deadline: the time of Redis in ms. The call
// changed nothing.
type deadlineExceeded int64

// maxDeadlineRetries is the number of times that one Append resends calls after their deadline. One retry is enough
// if the clock estimate was wrong. Further failures mean that calls need longer than the deadline to reach Redis.
const maxDeadlineRetries = 3

var errDeadlineExceeded = errors.New("append exceeded its deadline (IDEMPOTENCY_WINDOW/4) and was not stored")

// parseDeadlineExceeded parses the error 'DEADLINE <ms>'. ok is false for all other errors.
func parseDeadlineExceeded(err error) (now deadlineExceeded, ok bool) {
	if !isReply(err) {
		return 0, false
	}
	_, other := fmt.Sscanf(err.Error(), "DEADLINE %d", &now)
	return now, other == nil
}

// send runs the calls of a batch, and resends calls that exceeded their deadline. Their caller still waits, so the
// clock estimate was wrong: the clock of Redis was set, another server replaced it, or the last reply was from another
// shard. The reply contains the correct time, from which send computes the new deadline. There is one call per room,
// so the order of each room is unchanged.
func (a *Appender) send(ctx context.Context, op string, calls []*call) error {
	for range 1 + maxDeadlineRetries {
		if err := a.rooms.run(ctx, op, calls...); err != nil {
			return err
		}
		if calls = a.expiredCalls(calls); len(calls) == 0 {
			return nil
		}
	}
	return &OpError{Op: op, Cause: Timeout, Err: errDeadlineExceeded}
}

// expiredCalls returns the calls that exceeded their deadline. It sets new deadlines by the clock of the server that
// rejected them.
func (a *Appender) expiredCalls(calls []*call) (expired []*call) {
	for _, c := range calls {
		if now, ok := c.reply.(deadlineExceeded); ok {
			a.planner.clock.observe(int64(now))
			c.args[deadlineArg] = int64(now) + a.planner.deadlineMs
			expired = append(expired, c)
		}
	}
	return expired
}
