package ws

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

const (
	readBuffer       = 256 // bytes a connection, more than most frames; a longer payload is read past it
	handshakeTimeout = 5 * time.Second
)

var errEarly = errors.New("frames before the upgrade")

// newUpgrader is the part of gws that is shared by all connections.
func newUpgrader(opt *Options) *gws.Upgrader {
	return gws.NewUpgrader(events{}, &gws.ServerOption{
		ReadBufferSize:     readBuffer,
		ReadMaxPayloadSize: opt.MaxFrameBytes,
		CheckUtf8Enabled:   true,
		HandshakeTimeout:   handshakeTimeout,
		NewSession:         func() gws.SessionStorage { return nil }, // nobody asks for it
		PermessageDeflate: gws.PermessageDeflate{
			Enabled:  opt.Compression,
			PoolSize: runtime.GOMAXPROCS(0), // inflaters, each for one frame at a time
		},
	})
}

// upgrade makes a visitor's request a connection and starts its read goroutine. The slot goes with it.
func (e *Server) upgrade(w http.ResponseWriter, v *admittedRequest) {
	s, conn, err := e.hijack(w, v)
	if err != nil {
		e.slots.free(v.ip)
		why := RefusedUpgradeFailed
		if errors.Is(err, errEarly) {
			why = RefusedEarly
		}
		e.stats.Refused[why].Add(1)
		e.opt.Log.Debug().Err(err).Msg("upgrade failed")
		return
	}
	e.admit(s, conn, v)
}

// admit gives the connection to the actors and starts its read goroutine.
func (e *Server) admit(s *socket, conn *gws.Conn, v *admittedRequest) {
	e.slots.add(s)
	started := false
	defer func() { // also when Admit panics
		if !started {
			s.release()
			e.slots.remove(s)
		}
	}()
	v.arrival.Socket = s
	client, err := e.opt.Admit(v.arrival)
	if err != nil {
		e.closeNotAdmitted(s, err)
		return
	}
	s.client = client
	e.stats.Accepted.Add(1)
	started = true
	go s.run(conn)
}

// hijack hijacks the connection and lets gws answer 101 through the tap.
func (e *Server) hijack(w http.ResponseWriter, v *admittedRequest) (*socket, *gws.Conn, error) {
	netConn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "this connection cannot be upgraded", http.StatusInternalServerError)
		return nil, nil, fmt.Errorf("hijacking: %w", err)
	}
	if buffered.Reader.Buffered() > 0 {
		return nil, nil, errors.Join(errEarly, refuseEarly(netConn))
	}
	s, err := newSocket(e, netConn, v)
	if err != nil {
		return nil, nil, errors.Join(err, netConn.Close())
	}
	t := (*gwsConn)(s)
	conn, err := e.upgrader.UpgradeFromConn(t, bufio.NewReaderSize(t, readBuffer), &v.greeting.request)
	if err != nil { // gws has closed the tap, which passes on until the upgrade is done
		return nil, nil, fmt.Errorf("answering the handshake: %w", err)
	}
	s.greeting = nil
	return s, conn, nil
}

// refuseEarly turns down a client that did not wait for the answer, as RFC 6455, section 4.1 asks of it:
// what it has sent is in a buffer that would cost each connection 4 KiB to keep.
func refuseEarly(conn net.Conn) error {
	_ = conn.SetDeadline(time.Now().Add(handshakeTimeout)) // a broken connection shows in the next call
	_, err := io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	return errors.Join(err, conn.Close())
}

// closeNotAdmitted tells a client that the actors did not take it: the edge is its only writer.
func (e *Server) closeNotAdmitted(s *socket, why error) {
	e.stats.Refused[RefusedShutdown].Add(1)
	e.opt.Log.Debug().Err(why).Msg("connection rejected")
	s.SetWriteDeadline(time.Now().Add(handshakeTimeout).UnixMilli())
	_, _ = s.Write(wire.CloseFrame(wire.CloseGoingAway, "shutting down")) // it is turned away either way
}
