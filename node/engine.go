package node

import (
	"fmt"
	"path/filepath"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/wire"
	"chatnode/transport/boltlog"
	"chatnode/transport/localbus"
)

// An engine is where the chat is kept and how the nodes hear each other: the actors' ports, and
// what has to be closed when the actors have ended.
type engine struct {
	ports   actors.Ports
	stored  string             // what an ack says
	explain func(error) string // nil: the error speaks for itself
	close   func() error
}

// logFolder is where in DATA_DIR the embedded log is.
const logFolder = "log"

// newEngine opens the engine that the configuration asks for.
func newEngine(cfg *Config, incarnation string, log zerolog.Logger) (*engine, error) {
	return localEngine(cfg, incarnation, log)
}

// localEngine is the embedded log and a bus within this process.
func localEngine(cfg *Config, incarnation string, log zerolog.Logger) (*engine, error) {
	store, err := boltlog.Open(boltlog.Options{
		Path: filepath.Join(cfg.DataDir, logFolder), HistorySize: cfg.HistorySize, IdempotencyWindow: cfg.IdempotencyWindow, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("open the embedded log: %w", err)
	}
	bus := localbus.New(localbus.Options{Log: store, Lease: cfg.PresenceTimeout})
	ports := actors.Ports{
		Appender: bus.Appender(), Subscriber: bus.Subscriber(), Reader: bus.Reader(), Presence: bus.Presence(),
		Registry: bus.Registry(string(cfg.InstanceID), incarnation),
	}
	return &engine{ports: ports, stored: wire.StoredLocal, close: bus.Close}, nil
}
