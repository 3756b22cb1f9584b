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

// serveCommand runs a node until it receives a signal.
type serveCommand struct {
	node.Config
}

// A runner serves until ctx is canceled, and returns nil after a clean shutdown.
type runner interface {
	Run(ctx context.Context) error
}

// A builder constructs a node without starting it.
type builder func(cfg node.Config, log zerolog.Logger, version string) (runner, error)

// Run implements the command.
func (s *serveCommand) Run(ctx context.Context, env *environment, loader *node.Loader) error {
	if err := loader.Finish(&s.Config); err != nil {
		return err
	}
	log := node.NewLog(&s.Config, env.stderr)
	slog.SetLogLoggerLevel(slog.LevelWarn) // net/http logs errors with package log
	slog.SetDefault(log.Slog())
	redisbus.RouteClientLog(log.Logger)
	limitMemory(log.Logger)
	ctx, signals := watchSignals(ctx, log, env.exit)
	defer signals.stop()
	n, err := env.build(s.Config, log.Logger, version())
	if err != nil {
		return fmt.Errorf("start node: %w", err)
	}
	s.logStartup(log.Logger)
	if err := n.Run(ctx); err != nil {
		return fmt.Errorf("run node: %w", err)
	}
	log.Logger.Info().Msg("stopped")
	return nil
}

// logStartup logs the version and the mode of the node. It logs the address of Redis, because nodes with different
// addresses form separate clusters.
func (s *serveCommand) logStartup(log zerolog.Logger) {
	event := log.Info().Str("version", version()).Str("go", runtime.Version()).Int("cpus", runtime.GOMAXPROCS(0)).
		Bool("distributed", s.EnableDistributedChat).Str("guests", string(s.GuestAccess)).Str("data", s.DataDir)
	if s.EnableDistributedChat {
		event.Stringer("redis", s.RedisURL).Msg("starting")
		return
	}
	event.Msg("starting")
	if s.IgnoresRedis() {
		log.Warn().Stringer("redis", s.RedisURL).Str("hint", "set ENABLE_DISTRIBUTED_CHAT=true to join a cluster").Msg("redis url ignored")
	}
}

// memoryShare is the memory limit of the Go runtime as a share of the container's memory. The rest is for socket
// buffers and pages of the embedded log.
const memoryShare = 0.9

// limitMemory sets the memory limit of the Go runtime from the limit of the container. Without it, the kernel could
// kill the process before a collection. GOMEMLIMIT in the environment has precedence.
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

// unlimited is more memory than any machine has. The runtime returns math.MaxInt64 if there is no limit.
const unlimited = 1 << 60
