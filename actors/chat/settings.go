package chat

import (
	"time"
)

// DefaultRoom is joined by who names no other.
const DefaultRoom = "global"

// Settings are what the actors need of the configuration; every field must be set.
type Settings struct {
	InstanceID  string
	Incarnation string // random, one for every start of the process: [0-9a-z]{8}
	Stored      string // what an ack says: wire.StoredRedis or wire.StoredLocal

	HistorySize      int // entries that a room keeps in the log, at least
	Recent           int // entries that a room keeps in memory
	MaxMessageLength int // runes
	MaxFrameBytes    int // bytes
	MaxRooms         int // that a session may be in
	RateLimit        Rate

	OutboxBytes       int64
	FlushInterval     time.Duration
	PingInterval      time.Duration
	PresenceTimeout   time.Duration
	PresenceDebounce  time.Duration
	MaxCommitDelay    time.Duration // how long a write waits for others, at most, where each commit is an fsync; 0: never
	DedupWindow       time.Duration
	IdempotencyWindow time.Duration // a client may try a write again for so long: see Appender.Append
	RoomIdle          time.Duration // an empty room is kept in memory for so long
	LinkTimeout       time.Duration // the longest that one call of a port may take

	Distributed       bool // many nodes by Redis, rather than this one alone
	HeartbeatInterval time.Duration

	// Deflate turns a whole text frame into its compressed equivalent, for the sockets that say that they
	// are Compressed; nil: no compression.
	Deflate func(frame []byte) []byte
	// DescribeError is the cause of a port's error in one sentence that holds no secret; nil: the error itself.
	DescribeError func(error) string
	Verify        func(token string) (Identity, error) // identity of a token, for auth
}

// Rate is a limit of Messages in Window. The zero value is no limit.
type Rate struct {
	Messages int
	Window   time.Duration
}
