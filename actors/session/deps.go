package session

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/process"
	"chatnode/actors/stats"
)

// Config is the part of the settings that the sessions read.
type Config struct {
	InstanceID       string
	Incarnation      string // random, new at every start of the process
	MaxMessageLength int    // runes
	MaxFrameBytes    int
	MaxRooms         int // rooms that one session may join
	RateLimit        chat.Rate
	PingInterval     time.Duration
	Compress         bool // the node can compress frames
	Verify           func(token string) (chat.Identity, error)
}

// Deps are the dependencies of the sessions. The addresses must be set before the first Admit.
type Deps struct {
	Config    Config
	System    *process.System
	Stats     *stats.ChatStats
	Link      *link.Health
	Sanctions *moderation.Register

	Writers                               []*process.Process
	Rooms, Presence, Directory, Publisher *process.Process
}
