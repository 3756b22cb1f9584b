package chat

import (
	"time"
)

// DefaultRoom is joined by clients that name no room.
const DefaultRoom = "global"

// Settings is the configuration of the actors. All fields must be set.
type Settings struct {
	InstanceID  string
	Incarnation string // random, new for each start of the process: [0-9a-z]{8}
	Stored      string // value of stored in acks: wire.StoredRedis or wire.StoredLocal

	HistorySize      int // minimum number of entries in the log of a room
	Recent           int // entries of a room in memory
	MaxMessageLength int // runes
	MaxFrameBytes    int // bytes
	MaxRooms         int // rooms of a session
	RateLimit        Rate

	OutboxBytes       int64
	FlushInterval     time.Duration
	PingInterval      time.Duration
	PresenceTimeout   time.Duration
	PresenceDebounce  time.Duration
	MaxCommitDelay    time.Duration // maximum delay of a write for a group commit, if each commit is an fsync; 0: none
	DedupWindow       time.Duration
	IdempotencyWindow time.Duration // time for which a client may retry a write; see Appender.Append
	RoomIdle          time.Duration // time for which an empty room stays in memory
	LinkTimeout       time.Duration // maximum duration of one port call

	Distributed       bool // true: nodes that share Redis; false: a standalone node
	HeartbeatInterval time.Duration

	// Deflate compresses a complete text frame for sockets that accept compressed frames; nil: no compression.
	Deflate func(frame []byte) []byte
	// DescribeError returns the cause of a port error in one sentence without secrets; nil: the text of the error.
	DescribeError func(error) string
	Verify        func(token string) (Identity, error) // returns the identity of a token, for the command auth
}

// Rate is a limit of Messages per Window. The zero value means unlimited.
type Rate struct {
	Messages int
	Window   time.Duration
}
