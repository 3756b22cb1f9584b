package fanout

import (
	"time"
)

// Config is the part of the settings that the writers read.
type Config struct {
	OutboxBytes     int64                     // bytes in the outbox of a slow client before it is disconnected
	FlushInterval   time.Duration             // minimum time between two passes; 0: no minimum
	PingInterval    time.Duration             // silence of a client before it gets a ping
	PresenceTimeout time.Duration             // silence of a client before it is disconnected
	Deflate         func(frame []byte) []byte // compresses a text frame; nil: no compression
}
