package node

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/wire"
	"chatnode/transport/boltjournal"
	"chatnode/transport/boltlog"
	"chatnode/transport/boltsanctions"
	"chatnode/transport/localbus"
	"chatnode/transport/redisbus"
)

// An backend is where the chat is kept and how the nodes hear each other: the actors' ports, and
// what has to be closed when the actors have ended.
type backend struct {
	ports   actors.Ports
	stored  string             // what an ack says
	pace    time.Duration      // how long a write waits for others, at most
	explain func(error) string // nil: the error speaks for itself
	close   func() error
	dropped busDrops
}

// logFolder is where in DATA_DIR the embedded log is.
const logFolder = "log"

// journalFolder is where in DATA_DIR the journal is.
const journalFolder = "journal"

// sanctionsFolder is where in DATA_DIR the bans and mutes are, without Redis.
const sanctionsFolder = "sanctions"

// commitPace bounds how long a write waits so that a busy log has more of them in one fsync.
const commitPace = 4 * time.Millisecond

// newEngine opens the engine that the configuration asks for.
func newEngine(cfg *Config, incarnation string, log zerolog.Logger) (*backend, error) {
	if cfg.EnableDistributedChat {
		return redisEngine(cfg, incarnation, log)
	}
	return localEngine(cfg, incarnation, log)
}

// redisEngine is one Redis for all nodes, by three connections, and a journal on this node's disk for
// the time when it is lost. A Redis that does not answer yet is waited for; one that can never do is an error.
func redisEngine(cfg *Config, incarnation string, log zerolog.Logger) (*backend, error) {
	dropped := newBusDrops()
	redis, err := redisbus.New(redisbus.Options{
		URL: cfg.RedisURL.Reveal(), InstanceID: string(cfg.InstanceID), Incarnation: incarnation,
		HistorySize: cfg.HistorySize, IdempotencyWindow: cfg.IdempotencyWindow, Lease: cfg.PresenceTimeout,
		HeartbeatInterval: cfg.HeartbeatInterval, DeadAfter: cfg.InstanceDeadAfter, Timeout: linkTimeout, Log: log,
		Dropped: dropped.count,
	})
	if err != nil {
		return nil, fmt.Errorf("set up Redis: %w", err)
	}
	data := redis.Store()
	if err := checkRedis(data); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	journal, err := boltjournal.Open(boltjournal.Options{Path: filepath.Join(cfg.DataDir, journalFolder), MaxBytes: int64(cfg.JournalMaxBytes), Log: log})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the journal: %w", err), data.Close())
	}
	ports := actors.Ports{Appender: redis.Appender(), Subscriber: redis.Subscriber(), Reader: data, Presence: data, Registry: data, Journal: journal, Sanctions: data}
	return &backend{
		ports: ports, stored: wire.StoredRedis, dropped: dropped, explain: explainRedis,
		close: func() error { return errors.Join(data.Close(), journal.Close()) },
	}, nil
}

// checkRedis reports a Redis that lacks what the node needs. One that is away is no error.
func checkRedis(data *redisbus.Store) error {
	ctx, cancel := context.WithTimeout(context.Background(), linkTimeout)
	defer cancel()
	if err := data.Check(ctx); errors.Is(err, redisbus.ErrUnsupported) {
		return fmt.Errorf("check Redis: %w", err)
	}
	return nil
}

// explainRedis is the operator's sentence for what Redis did.
func explainRedis(err error) string {
	_, sentence := redisbus.Cause(err)
	return sentence
}

// explainLog is the operator's sentence for a log that takes no writes. The path is for the node's log only.
func explainLog(err error) string {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return "The disk of this node is full: make room where DATA_DIR is."
	}
	return "This node cannot write to its disk: look for \"append failed\" in its log."
}

// localEngine is the embedded log and a bus within this process.
func localEngine(cfg *Config, incarnation string, log zerolog.Logger) (*backend, error) {
	store, err := boltlog.Open(boltlog.Options{
		Path: filepath.Join(cfg.DataDir, logFolder), HistorySize: cfg.HistorySize, IdempotencyWindow: cfg.IdempotencyWindow, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("open the embedded log: %w", err)
	}
	sanctions, err := boltsanctions.Open(boltsanctions.Options{Path: filepath.Join(cfg.DataDir, sanctionsFolder)})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the sanctions: %w", err), store.Close())
	}
	bus := localbus.New(localbus.Options{Log: store, Lease: cfg.PresenceTimeout})
	ports := actors.Ports{
		Appender: bus.Appender(), Subscriber: bus.Subscriber(), Reader: bus.Reader(), Presence: bus.Presence(),
		Registry: bus.Registry(string(cfg.InstanceID), incarnation), Sanctions: sanctions,
	}
	return &backend{
		ports: ports, stored: wire.StoredLocal, pace: commitPace, dropped: newBusDrops(), explain: explainLog,
		close: func() error { return errors.Join(bus.Close(), sanctions.Close()) },
	}, nil
}
