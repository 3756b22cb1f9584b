package publisher

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
	"chatnode/actors/stats"
)

// Config is the part of the settings that the publisher and the journal read.
type Config struct {
	Distributed       bool          // the node is part of a cluster; false: standalone, without Redis
	HistorySize       int           // minimum number of entries in the log of a room
	IdempotencyWindow time.Duration // a client may retry a write for this time
	MaxCommitDelay    time.Duration // limit of groupCommit; 0: no delay
	CallTimeout       time.Duration // limit of one call of the appender
}

// Deps are the dependencies of the publisher and of the journal. The addresses must be set before the actors are
// launched.
type Deps struct {
	Config       Config
	System       *process.System
	Appender     chat.Appender
	JournalPort  chat.Journal // nil: the node has no journal, because its log is on its own disk
	Bus          *stats.BusStats
	JournalStats *stats.JournalStats
	Health       *link.Health

	Link, Dispatcher, Publisher, Store *process.Process
	Journal                            *process.Process // nil: the node has no journal
}
