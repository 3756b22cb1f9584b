package redisbus

import (
	"sync"
	"sync/atomic"

	"chatnode/actors/chat"
)

// Store owns the data connection. It reads the log, and accesses presence, the registry and the sanctions. It is safe
// for concurrent use, but calls share one connection and run one after the other.
type Store struct {
	conn    *conn
	rooms   *roomScripts
	scripts *scripts
	keys    keys
	opts    *Options
	sender  string
	tag     *atomic.Int64 // presence tag of this process; 0: not assigned yet
	clock   *clock

	mu        sync.Mutex
	startedAt int64                    // time of Redis at the first heartbeat, ms; guarded by mu
	known     map[string]chat.Instance // result of the last heartbeat; guarded by mu
}

var (
	_ chat.Reader        = (*Store)(nil)
	_ chat.PresenceStore = (*Store)(nil)
	_ chat.Registry      = (*Store)(nil)
	_ chat.Sanctions     = (*Store)(nil)
)

// Close closes the connection. It may be called at any time and more than once.
func (s *Store) Close() error { return s.conn.close() }
