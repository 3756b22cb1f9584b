package presence

import (
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/process"
)

// Config is the part of the settings that the tracker reads.
type Config struct {
	Distributed bool          // the node is part of a cluster; false: standalone
	Debounce    time.Duration // time for which the changes of a small room are collected
	Timeout     time.Duration // lease of a user in the store
	Budget      fanout.Budget // size limit of an answer
}

// Deps are the dependencies of the tracker. The addresses must be set before it is launched.
type Deps struct {
	Config Config

	Dispatcher, Publisher, Store *process.Process
}
