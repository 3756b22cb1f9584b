package session

import (
	"time"

	"chatnode/actors/chat"
)

// tokenBucket limits writes to limit.Messages at once, refilled evenly over limit.Window.
type tokenBucket struct {
	used float64 // tokens; at most limit.Messages
	at   time.Time
}

// take takes one token. If there is none, ok is false, and wait is the time until there is one.
func (b *tokenBucket) take(limit chat.Rate, now time.Time) (wait time.Duration, ok bool) {
	if limit.Messages == 0 {
		return 0, true
	}
	refill := float64(limit.Window) / float64(limit.Messages) // ns per token
	b.used = max(0, b.used-float64(now.Sub(b.at))/refill)
	b.at = now
	if over := b.used + 1 - float64(limit.Messages); over > 1e-9 {
		return time.Duration(over * refill), false
	}
	b.used++
	return 0, true
}
