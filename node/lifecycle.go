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

// phase is where in its life the node is; every change is in one direction.
type phase struct{ atomic.Int32 }

const (
	phaseStarting int32 = iota
	phaseServing
	phaseUnready // the health checks fail, connections are still accepted
	phaseDraining
)

// closeTimeReserve is kept of SHUTDOWN_TIMEOUT for what comes after the clients have gone.
const closeTimeReserve = 2 * time.Second

// Run starts the node and serves until ctx ends; then it drains and stops in order, within
// SHUTDOWN_TIMEOUT, and returns nil. An error means that it could not start, or broke down.
func (n *Node) Run(ctx context.Context) error {
	listener, err := n.listen(ctx)
	if err != nil {
		return errors.Join(err, n.engine.close())
	}
	if n.verifier != nil {
		n.verifier.Start()
		defer n.verifier.Close()
	}
	n.core.Start()
	failed := make(chan error, 1)
	go func() { failed <- n.server.Serve(listener) }()
	var memory sync.WaitGroup
	tending, enough := context.WithCancel(context.Background())
	memory.Go(func() { manageMemory(tending) })
	defer func() { enough(); memory.Wait() }()
	n.phase.Store(phaseServing)
	n.log.Info().Str("address", listener.Addr().String()).Bool("tls", n.cfg.TLS()).Msg("serving")
	select {
	case <-ctx.Done():
		return n.shutdown()
	case err := <-failed:
		return errors.Join(fmt.Errorf("serve HTTP: %w", err), n.shutdown())
	}
}

// listen binds the address, with TLS where a certificate is configured. The kernel's keep-alive stays off:
// pings and timeouts of our own find the dead sooner, and it would be three system calls a connection.
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

// shutdown is the orderly end: leave the load balancer, stop accepting, send the clients away, settle
// what is queued, close.
func (n *Node) shutdown() error {
	deadline := time.Now().Add(n.cfg.ShutdownTimeout)
	n.phase.Store(phaseUnready)
	n.log.Info().Dur("delay", n.cfg.DrainDelay).Int("clients", n.edge.Open()).Msg("shutting down")
	<-time.After(n.cfg.DrainDelay)
	n.phase.Store(phaseDraining)
	n.edge.Drain()
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	left := max(0, time.Until(deadline)-closeTimeReserve)
	n.core.Drain("server is going down", drainWindow(n.edge.Open(), left), left)
	edge := n.edge.Close(ctx)
	server := n.server.Shutdown(ctx)
	if errors.Is(server, http.ErrServerClosed) {
		server = nil
	}
	n.core.Stop(max(time.Second, time.Until(deadline)))
	return errors.Join(edge, server, n.engine.close())
}

// drainWindow is the time over which n clients are sent away: 500 a second where left allows.
func drainWindow(n int, left time.Duration) time.Duration {
	return min(time.Duration(n)*2*time.Millisecond, left*3/4)
}
