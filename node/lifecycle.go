package node

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// phase is the phase of the node's life cycle. It only increases.
type phase struct{ atomic.Int32 }

const (
	phaseStarting int32 = iota
	phaseServing
	phaseUnready // the health checks fail, connections are still accepted
	phaseDraining
)

// closeTimeReserve is the part of SHUTDOWN_TIMEOUT for stopping the actors and closing the storage, after the clients
// have disconnected.
const closeTimeReserve = 2 * time.Second

// Run starts the node and serves until ctx ends. Then it disconnects the clients, stops within SHUTDOWN_TIMEOUT and
// returns nil. It returns an error if the node cannot start or a part of it fails.
func (n *Node) Run(ctx context.Context) error {
	listener, err := n.listen(ctx)
	if err != nil {
		return errors.Join(err, n.backend.close())
	}
	if n.verifier != nil {
		n.verifier.Start()
		defer n.verifier.Close()
	}
	n.core.Start()
	failed := make(chan error, 1)
	go func() { failed <- n.server.Serve(listener) }()
	var memory sync.WaitGroup
	memoryCtx, stopMemory := context.WithCancel(context.Background())
	memory.Go(func() { manageMemory(memoryCtx) })
	defer func() { stopMemory(); memory.Wait() }()
	n.phase.Store(phaseServing)
	n.log.Info().Str("address", listener.Addr().String()).Bool("tls", n.cfg.TLS()).Msg("serving")
	select {
	case <-ctx.Done():
		return n.shutdown()
	case err := <-failed:
		return errors.Join(fmt.Errorf("serve HTTP: %w", err), n.shutdown())
	}
}

// listen binds the address, with TLS if a certificate is configured. TCP keep-alive is off, because pings detect lost
// clients earlier, and it costs three system calls for each connection.
func (n *Node) listen(ctx context.Context) (net.Listener, error) {
	listener, err := (&net.ListenConfig{KeepAlive: -1}).Listen(ctx, "tcp", n.cfg.Address())
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", n.cfg.Address(), err)
	}
	if !n.cfg.TLS() {
		return listener, nil
	}
	cert, err := tls.LoadX509KeyPair(n.cfg.TLSCert, n.cfg.TLSKey)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("load TLS_CERT and TLS_KEY: %w", err), listener.Close())
	}
	return tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}), nil
}

// shutdown stops the node in this order: fail the readiness check for DRAIN_DELAY, reject new connections, disconnect
// the clients, complete queued writes, close the storage.
func (n *Node) shutdown() error {
	deadline := time.Now().Add(n.cfg.ShutdownTimeout)
	n.phase.Store(phaseUnready)
	n.log.Info().Dur("delay", n.cfg.DrainDelay).Int("clients", n.wsServer.Open()).Msg("shutting down")
	<-time.After(n.cfg.DrainDelay)
	n.phase.Store(phaseDraining)
	n.wsServer.Drain()
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	remaining := max(0, time.Until(deadline)-closeTimeReserve)
	n.core.Drain("server is going down", drainWindow(n.wsServer.Open(), remaining), remaining)
	wsErr := n.wsServer.Close(ctx)
	httpErr := n.server.Shutdown(ctx)
	if errors.Is(httpErr, http.ErrServerClosed) {
		httpErr = nil
	}
	n.core.Stop(max(time.Second, time.Until(deadline)))
	return errors.Join(wsErr, httpErr, n.backend.close())
}

// drainWindow returns the time over which n clients are disconnected: 500 clients per second, but at most 3/4 of the
// remaining time.
func drainWindow(n int, remaining time.Duration) time.Duration {
	return min(time.Duration(n)*2*time.Millisecond, remaining*3/4)
}
