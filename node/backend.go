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

// A backend is the storage and the bus of the node: implementations of the actors' ports. It is closed after the
// actors have stopped.
type backend struct {
	ports          actors.Ports
	stored         string             // "stored" of an ack
	maxCommitDelay time.Duration      // maximum delay of a write for a group commit; 0: none
	describeError  func(error) string // sentence for operators; nil: the text of the error
	close          func() error
	dropped        busDrops
}

// Directories in DATA_DIR.
const (
	logFolder       = "log"
	journalFolder   = "journal"
	sanctionsFolder = "sanctions" // on a node without Redis
)

// maxCommitDelay is the maximum time that a write to the embedded log waits for others, to share one fsync with them.
const maxCommitDelay = 4 * time.Millisecond

// newBackend opens the backend that the configuration selects.
func newBackend(cfg *Config, incarnation string, log zerolog.Logger) (*backend, error) {
	if cfg.EnableDistributedChat {
		return newRedisBackend(cfg, incarnation, log)
	}
	return newLocalBackend(cfg, incarnation, log)
}

// newRedisBackend uses one Redis for all nodes, with three connections, and a journal on the disk of this node for
// Redis outages. It returns an error if the configuration of Redis is unsupported, but not if Redis is unavailable.
func newRedisBackend(cfg *Config, incarnation string, log zerolog.Logger) (*backend, error) {
	dropped := newBusDrops()
	redis, err := redisbus.New(redisbus.Options{
		URL: cfg.RedisURL.Reveal(), InstanceID: string(cfg.InstanceID), Incarnation: incarnation,
		HistorySize: cfg.HistorySize, IdempotencyWindow: cfg.IdempotencyWindow, Lease: cfg.PresenceTimeout,
		HeartbeatInterval: cfg.HeartbeatInterval, DeadAfter: cfg.InstanceDeadAfter, Timeout: linkTimeout, Log: log,
		Dropped: dropped.count,
	})
	if err != nil {
		return nil, fmt.Errorf("configure Redis: %w", err)
	}
	data := redis.NewStore()
	if err := checkRedis(data); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	journal, err := boltjournal.Open(boltjournal.Options{Path: filepath.Join(cfg.DataDir, journalFolder), MaxBytes: int64(cfg.JournalMaxBytes), Log: log})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open journal: %w", err), data.Close())
	}
	ports := actors.Ports{Appender: redis.NewAppender(), Subscriber: redis.NewSubscriber(), Reader: data, Presence: data, Registry: data, Journal: journal, Sanctions: data}
	return &backend{
		ports: ports, stored: wire.StoredRedis, dropped: dropped, describeError: describeRedisError,
		close: func() error { return errors.Join(data.Close(), journal.Close()) },
	}, nil
}

// checkRedis returns an error if Redis lacks a feature that the node needs. It returns nil if Redis is unavailable.
func checkRedis(data *redisbus.Store) error {
	ctx, cancel := context.WithTimeout(context.Background(), linkTimeout)
	defer cancel()
	if err := data.Check(ctx); errors.Is(err, redisbus.ErrUnsupported) {
		return fmt.Errorf("check Redis: %w", err)
	}
	return nil
}

// describeRedisError returns a sentence for operators about an error of Redis.
func describeRedisError(err error) string {
	_, sentence := redisbus.Cause(err)
	return sentence
}

// describeLogError returns a sentence about a failed write to the embedded log. It contains no path, because clients
// get it too.
func describeLogError(err error) string {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return "The disk of this node is full: free some space in DATA_DIR."
	}
	return "This node cannot write to its disk. Search its log for \"append failed\"."
}

// newLocalBackend uses the embedded log and an in-process bus.
func newLocalBackend(cfg *Config, incarnation string, log zerolog.Logger) (*backend, error) {
	store, err := boltlog.Open(boltlog.Options{
		Path: filepath.Join(cfg.DataDir, logFolder), HistorySize: cfg.HistorySize, IdempotencyWindow: cfg.IdempotencyWindow, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("open embedded log: %w", err)
	}
	sanctions, err := boltsanctions.Open(boltsanctions.Options{Path: filepath.Join(cfg.DataDir, sanctionsFolder)})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open sanctions: %w", err), store.Close())
	}
	bus := localbus.New(localbus.Options{Log: store, Lease: cfg.PresenceTimeout})
	ports := actors.Ports{
		Appender: bus.Appender(), Subscriber: bus.Subscriber(), Reader: bus.Reader(), Presence: bus.Presence(),
		Registry: bus.Registry(string(cfg.InstanceID), incarnation), Sanctions: sanctions,
	}
	return &backend{
		ports: ports, stored: wire.StoredLocal, maxCommitDelay: maxCommitDelay, dropped: newBusDrops(), describeError: describeLogError,
		close: func() error { return errors.Join(bus.Close(), sanctions.Close()) },
	}, nil
}
