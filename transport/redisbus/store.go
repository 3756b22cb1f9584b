package redisbus

import (
	"sync"
	"sync/atomic"

	"chatnode/actors/chat"
)

// A Store owns the data connection: it reads the log, and keeps presence, the registry and the
// sanctions. One actor owns it; calls that overlap wait for one another.
type Store struct {
	link    *conn
	rooms   *roomScripts
	scripts *scripts
	keys    keys
	opts    *Options
	sender  string
	tag     *atomic.Int64 // this process's presence tag, 0: not yet given out
	clock   *clock

	mu      sync.Mutex // guards what the registry remembers
	started int64      // ms, Redis's clock: the first beat
	known   map[string]chat.Instance
}

var (
	_ chat.Reader        = (*Store)(nil)
	_ chat.PresenceStore = (*Store)(nil)
	_ chat.Registry      = (*Store)(nil)
	_ chat.Sanctions     = (*Store)(nil)
)

// Close gives the connection back. It may be called at any time, more than once.
func (s *Store) Close() error { return s.link.close() }
