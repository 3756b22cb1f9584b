package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"

	"chatnode/node"
	"chatnode/transport/redisbus"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/rs/zerolog"
)

// serveCommand runs the node until a signal ends it.
type serveCommand struct {
	node.Config
}

// A runner serves until ctx is cancelled, and then returns nil after a clean shutdown.
type runner interface {
	Run(ctx context.Context) error
}

// A builder builds a node and starts nothing.
type builder func(cfg node.Config, log zerolog.Logger, version string) (runner, error)

// Run implements the command.
func (s *serveCommand) Run(ctx context.Context, w *environment, loader *node.Loader) error {
	if err := loader.Finish(&s.Config); err != nil {
		return err
	}
	log := node.NewLog(&s.Config, w.stderr)
	slog.SetLogLoggerLevel(slog.LevelWarn) // what net/http tells package log
	slog.SetDefault(log.Slog())
	redisbus.RouteClientLog(log.Logger)
	limitMemory(log.Logger)
	ctx, signals := watchSignals(ctx, log, w.exit)
	defer signals.stop()
	n, err := w.build(s.Config, log.Logger, version())
	if err != nil {
		return fmt.Errorf("start the node: %w", err)
	}
	s.logStartup(log.Logger)
	if err := n.Run(ctx); err != nil {
		return fmt.Errorf("run the node: %w", err)
	}
	log.Logger.Info().Msg("stopped")
	return nil
}

// logStartup says what starts, and which Redis it is to talk to: a node at another one is a chat of its own.
func (s *serveCommand) logStartup(log zerolog.Logger) {
	ev := log.Info().Str("version", version()).Str("go", runtime.Version()).Int("cpus", runtime.GOMAXPROCS(0)).
		Bool("distributed", s.EnableDistributedChat).Str("guests", string(s.GuestAccess)).Str("data", s.DataDir)
	if s.EnableDistributedChat {
		ev.Stringer("redis", s.RedisURL).Msg("starting")
		return
	}
	ev.Msg("starting")
	if s.IgnoresRedis() {
		log.Warn().Stringer("redis", s.RedisURL).Str("hint", "set ENABLE_DISTRIBUTED_CHAT=true to join a cluster").Msg("redis url ignored")
	}
}

// memoryShare is how much of the container's memory the Go heap may take; the rest is for stacks,
// socket buffers and pages of the embedded log.
const memoryShare = 0.9

// limitMemory tells the garbage collector the container's limit, so that it works harder instead
// of the kernel killing the process. GOMEMLIMIT in the environment goes before it.
func limitMemory(log zerolog.Logger) {
	_, err := memlimit.Set(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.FromCgroup))
	limit := debug.SetMemoryLimit(-1)
	switch {
	case errors.Is(err, memlimit.ErrNoCgroup), err == nil && limit >= unlimited:
		log.Info().Msg("memory limit not found")
	case err != nil:
		log.Warn().Err(err).Msg("memory limit detection failed")
	default:
		log.Info().Int64("bytes", limit).Msg("memory limit set")
	}
}

// unlimited is more memory than any machine has; the runtime's own "no limit" is math.MaxInt64.
const unlimited = 1 << 60
