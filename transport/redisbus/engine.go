package redisbus

import (
	"sync/atomic"
)

// An Engine makes the three connections of one node. Each of them may be closed and made anew, as a
// supervisor restarts its actor; what must outlive that is kept here.
type Engine struct {
	opts    Options
	addr    Address
	keys    keys
	scripts *scripts
	tag     atomic.Int64
	clock   *clock
	drops   *dropCounter
}

// New builds an engine and dials nothing. The error names every problem of the options, never a secret.
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
	e.drops = newDrops(o.Dropped, o.Log)
	return e, nil
}

// Address is where Redis is, printable.
func (e *Engine) Address() Address { return e.addr }

// clientName is the connection's name in CLIENT LIST.
func (e *Engine) clientName(use string) string { return "chatnode:" + e.opts.InstanceID + ":" + use }

func (e *Engine) link(use string) *conn {
	return &conn{addr: e.addr, name: e.clientName(use), timeout: e.opts.Timeout}
}

// Appender makes the publish connection's side. It dials at its first use.
func (e *Engine) Appender() *Appender {
	from, link := sender(e.opts.InstanceID, e.opts.Incarnation), e.link("pub")
	return &Appender{
		link: link, rooms: e.roomCalls(link), scripts: e.scripts, keys: e.keys, instance: e.opts.InstanceID,
		planner: planner{keys: e.keys, script: e.scripts.append, history: e.opts.HistorySize, bucket: e.idemBucketMs(), patience: e.appendDeadlineMs(), sender: from, clock: e.clock},
	}
}

// idemBucketMs is the span of an idempotency bucket, in ms. A key is known for two of them at least, one and a half of the
// window: a client may try again for the whole of it, the node that it tries may keep the write in its
// journal for a quarter before it looks into the log first, and Redis may take that as late as patience allows.
func (e *Engine) idemBucketMs() int64 { return e.opts.IdempotencyWindow.Milliseconds() * 3 / 4 }

// appendDeadlineMs is how long after it was sent an append may be stored, in ms.
func (e *Engine) appendDeadlineMs() int64 { return e.opts.IdempotencyWindow.Milliseconds() / 4 }

func (e *Engine) roomCalls(l *conn) *roomScripts {
	return &roomScripts{link: l, scripts: e.scripts, keys: e.keys, bucket: e.idemBucketMs(), log: e.opts.Log}
}

// Store makes the data connection's side. It dials at its first use.
func (e *Engine) Store() *Store {
	link := e.link("data")
	return &Store{
		link: link, rooms: e.roomCalls(link), scripts: e.scripts, keys: e.keys, opts: &e.opts,
		sender: sender(e.opts.InstanceID, e.opts.Incarnation), tag: &e.tag, clock: e.clock,
	}
}

// Subscriber makes the subscribe connection's side. It dials in Open.
func (e *Engine) Subscriber() *Subscriber {
	return &Subscriber{
		opts: &e.opts, addr: e.addr, keys: e.keys, name: e.clientName("sub"), drops: e.drops,
		decoder: decoder{keys: e.keys, instance: e.opts.InstanceID, incarnation: e.opts.Incarnation, max: e.opts.MaxEnvelope},
	}
}
