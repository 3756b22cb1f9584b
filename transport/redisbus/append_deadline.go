package redisbus

import (
	"context"
	"errors"
	"fmt"
)

// A call that was given up may lie in a socket, or before a Redis that hangs, for as long as that lasts. A
// client that had no answer has written elsewhere in the meantime, under the same key, and Redis remembers
// a key for one and a half of the window alone. So each call of the append script says until when it may be
// stored: a quarter of the window from when it was sent, see Engine.bucket for the rest. What comes later is
// stored by nobody, and answered by LATE and Redis's time.

// deadlineExceeded is the reply to a call that came after its deadline: Redis's time (ms). Nothing was done.
type deadlineExceeded int64

// maxDeadlineRetries is how often one Append is sent again as late. Once is enough where Redis's clock is not what
// it was thought to be; more often it takes longer than the deadline to get there.
const maxDeadlineRetries = 3

var errDeadlineExceeded = errors.New("what is sent arrives later than a quarter of IDEMPOTENCY_WINDOW, and is not stored")

// parseDeadlineExceeded reads 'LATE <ms>'; false: it is none.
func parseDeadlineExceeded(err error) (now deadlineExceeded, ok bool) {
	if !isReply(err) {
		return 0, false
	}
	_, other := fmt.Sscanf(err.Error(), "LATE %d", &now)
	return now, other == nil
}

// send runs the calls of a plan. Who waits for them has not given them up, so those that are late were
// measured by another clock than Redis has now: it was set, another server has taken its place, or the
// master of another shard was heard last. They tell the right time, and are sent again by it. As there is
// one call a room, the order of the room stays.
func (a *Appender) send(ctx context.Context, doing string, calls []*call) error {
	for range 1 + maxDeadlineRetries {
		if err := a.rooms.run(ctx, doing, calls...); err != nil {
			return err
		}
		if calls = a.expiredCalls(calls); len(calls) == 0 {
			return nil
		}
	}
	return &OpError{Op: doing, Cause: Timeout, Err: errDeadlineExceeded}
}

// expiredCalls returns the calls that were late, with a deadline by the clock of the server that said so.
func (a *Appender) expiredCalls(calls []*call) (again []*call) {
	for _, c := range calls {
		if now, is := c.reply.(deadlineExceeded); is {
			a.planner.clock.observe(int64(now))
			c.args[callDeadline] = int64(now) + a.planner.patience
			again = append(again, c)
		}
	}
	return again
}
