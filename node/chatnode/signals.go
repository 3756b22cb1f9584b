package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"chatnode/node"
)

// signals handles the signals of the process until it is stopped.
type signals struct {
	received chan os.Signal
	task     sync.WaitGroup
}

// watchSignals returns a context that the first SIGINT or SIGTERM cancels. The second one calls exit with exitForced.
// SIGHUP toggles the log level between debug and the configured level.
func watchSignals(ctx context.Context, log *node.Log, exit func(code int)) (context.Context, *signals) {
	ctx, cancel := context.WithCancel(ctx)
	s := &signals{received: make(chan os.Signal, 4)}
	signal.Notify(s.received, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	s.task.Go(func() {
		defer cancel()
		s.listen(cancel, log, exit)
	})
	return ctx, s
}

func (s *signals) listen(cancel context.CancelFunc, log *node.Log, exit func(code int)) {
	stopping := false
	for sig := range s.received {
		switch {
		case sig == syscall.SIGHUP:
			log.Logger.Warn().Stringer("log_level", log.Toggle()).Msg("log level changed")
		case stopping:
			log.Logger.Warn().Stringer("signal", sig).Msg("forced exit")
			exit(exitForced)
		default:
			stopping = true
			log.Logger.Info().Stringer("signal", sig).Msg("signal received")
			cancel()
		}
	}
}

// stop restores the default signal handling and waits for the goroutine.
func (s *signals) stop() {
	signal.Stop(s.received)
	close(s.received)
	s.task.Wait()
}
