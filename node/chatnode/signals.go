package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"chatnode/node"
)

// signals listens to the process's signals until it is stopped.
type signals struct {
	heard chan os.Signal
	task  sync.WaitGroup
}

// watchSignals returns a context that the first SIGINT or SIGTERM cancels; the second ends the
// process with exitImpatient. SIGHUP switches the log between debug and its configured level.
func watchSignals(ctx context.Context, log *node.Log, exit func(code int)) (context.Context, *signals) {
	ctx, cancel := context.WithCancel(ctx)
	s := &signals{heard: make(chan os.Signal, 4)}
	signal.Notify(s.heard, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	s.task.Go(func() {
		defer cancel()
		s.listen(cancel, log, exit)
	})
	return ctx, s
}

func (s *signals) listen(cancel context.CancelFunc, log *node.Log, exit func(code int)) {
	ending := false
	for sig := range s.heard {
		switch {
		case sig == syscall.SIGHUP:
			log.Logger.Warn().Stringer("logLevel", log.Toggle()).Msg("log level changed")
		case ending:
			log.Logger.Warn().Stringer("signal", sig).Msg("forced exit")
			exit(exitForced)
		default:
			ending = true
			log.Logger.Info().Stringer("signal", sig).Msg("signal received")
			cancel()
		}
	}
}

// stop gives the signals back to the runtime and waits for the listener.
func (s *signals) stop() {
	signal.Stop(s.heard)
	close(s.heard)
	s.task.Wait()
}
