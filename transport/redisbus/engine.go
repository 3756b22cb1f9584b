package redisbus

import (
	"sync/atomic"
)

// Engine makes the three connections of one node. A connection may be closed and made again, because a supervisor
// restarts its actor. Engine holds the state that outlives them.
type Engine struct {
	opts    Options
	addr    Address
	keys    keys
	scripts *scripts
	tag     atomic.Int64 // presence tag of this process; 0: not assigned yet
	clock   *clock
	drops   *dropCounter
}

// New returns an Engine without dialing. The error names every invalid option and contains no secret.
func New(o Options) (*Engine, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	addr, err := ParseURL(o.URL)
	if err != nil {
		return nil, err
	}
	s, err := loadScripts()
	if err != nil {
		return nil, err
	}
	e := &Engine{opts: o, addr: addr, keys: keys{cluster: addr.shape == cluster}, scripts: s, clock: newClock()}
	e.drops = newDropCounter(o.Dropped, o.Log)
	return e, nil
}

// clientName returns the name of a connection in CLIENT LIST.
func (e *Engine) clientName(use string) string { return "chatnode:" + e.opts.InstanceID + ":" + use }

func (e *Engine) newConn(use string) *conn {
	return &conn{addr: e.addr, name: e.clientName(use), timeout: e.opts.Timeout}
}

// NewAppender returns the owner of the publish connection. It dials on first use.
func (e *Engine) NewAppender() *Appender {
	conn := e.newConn("pub")
	return &Appender{
		conn: conn, rooms: e.newRoomScripts(conn), scripts: e.scripts, keys: e.keys, instance: e.opts.InstanceID,
		planner: planner{
			keys: e.keys, script: e.scripts.append, historySize: e.opts.HistorySize, bucketMs: e.idemBucketMs(),
			deadlineMs: e.appendDeadlineMs(), sender: sender(e.opts.InstanceID, e.opts.Incarnation), clock: e.clock,
		},
	}
}

// idemBucketMs returns the length of an idempotency bucket. A key is known for at least two buckets, which is
// 1.5 windows. This covers the longest delay of a write. The client retries for one window. The journal of the node
// may then hold the write for a quarter of a window before it searches the log. Redis may store the write within
// appendDeadlineMs after that.
func (e *Engine) idemBucketMs() int64 { return e.opts.IdempotencyWindow.Milliseconds() * 3 / 4 }

// appendDeadlineMs returns the time after which Redis no longer stores an append, counted from sending it.
func (e *Engine) appendDeadlineMs() int64 { return e.opts.IdempotencyWindow.Milliseconds() / 4 }

func (e *Engine) newRoomScripts(c *conn) *roomScripts {
	return &roomScripts{conn: c, scripts: e.scripts, keys: e.keys, bucketMs: e.idemBucketMs(), log: e.opts.Log}
}

// NewStore returns the owner of the data connection. It dials on first use.
func (e *Engine) NewStore() *Store {
	conn := e.newConn("data")
	return &Store{
		conn: conn, rooms: e.newRoomScripts(conn), scripts: e.scripts, keys: e.keys, opts: &e.opts,
		sender: sender(e.opts.InstanceID, e.opts.Incarnation), tag: &e.tag, clock: e.clock,
	}
}

// NewSubscriber returns the owner of the subscribe connection. Open dials.
func (e *Engine) NewSubscriber() *Subscriber {
	return &Subscriber{
		opts: &e.opts, addr: e.addr, keys: e.keys, name: e.clientName("sub"), drops: e.drops,
		decoder: decoder{
			keys: e.keys, instance: e.opts.InstanceID, incarnation: e.opts.Incarnation, maxBytes: e.opts.MaxEnvelope,
		},
	}
}
