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
	readBuffer       = 256 // bytes per connection, more than most frames; longer payloads bypass the buffer
	handshakeTimeout = 5 * time.Second
)

var errEarlyData = errors.New("frames before the 101 response")

// newUpgrader returns the part of gws that all connections share.
func newUpgrader(opt *Options) *gws.Upgrader {
	return gws.NewUpgrader(events{}, &gws.ServerOption{
		ReadBufferSize:     readBuffer,
		ReadMaxPayloadSize: opt.MaxFrameBytes,
		CheckUtf8Enabled:   true,
		HandshakeTimeout:   handshakeTimeout,
		NewSession:         func() gws.SessionStorage { return nil }, // not used
		PermessageDeflate: gws.PermessageDeflate{
			Enabled:  opt.Compression,
			PoolSize: runtime.GOMAXPROCS(0), // number of inflaters
		},
	})
}

// upgrade upgrades an admitted request to a connection, or frees its slot.
func (srv *Server) upgrade(w http.ResponseWriter, v *admittedRequest) {
	s, conn, err := srv.hijack(w, v)
	if err != nil {
		srv.slots.free(v.ip)
		reason := RefusedUpgradeFailed
		if errors.Is(err, errEarlyData) {
			reason = RefusedEarly
		}
		srv.stats.Refused[reason].Add(1)
		srv.opt.Log.Debug().Err(err).Msg("upgrade failed")
		return
	}
	srv.admit(s, conn, v)
}

// admit passes the connection to the actors and starts its reader goroutine.
func (srv *Server) admit(s *socket, conn *gws.Conn, v *admittedRequest) {
	srv.slots.add(s)
	started := false
	defer func() { // also if Admit panics
		if !started {
			s.release()
			srv.slots.remove(s)
		}
	}()
	v.connect.Socket = s
	client, err := srv.opt.Admit(v.connect)
	if err != nil {
		srv.closeNotAdmitted(s, err)
		return
	}
	s.client = client
	srv.stats.Accepted.Add(1)
	started = true
	go s.run(conn)
}

// hijack hijacks the connection and lets gws write the 101 response.
func (srv *Server) hijack(w http.ResponseWriter, v *admittedRequest) (*socket, *gws.Conn, error) {
	netConn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "This connection cannot be upgraded.", http.StatusInternalServerError)
		return nil, nil, fmt.Errorf("hijack: %w", err)
	}
	if buffered.Reader.Buffered() > 0 {
		return nil, nil, errors.Join(errEarlyData, rejectEarly(netConn))
	}
	s, err := newSocket(srv, netConn, v)
	if err != nil {
		return nil, nil, errors.Join(err, netConn.Close())
	}
	c := (*gwsConn)(s)
	conn, err := srv.upgrader.UpgradeFromConn(c, bufio.NewReaderSize(c, readBuffer), &v.response.request)
	if err != nil { // gws has closed the connection
		return nil, nil, fmt.Errorf("write 101 response: %w", err)
	}
	s.response = nil
	return s, conn, nil
}

// rejectEarly rejects a client that did not wait for the response, as RFC 6455, section 4.1 requires. Its data is in
// a buffer that would take 4 KiB per connection.
func rejectEarly(conn net.Conn) error {
	_ = conn.SetDeadline(time.Now().Add(handshakeTimeout)) // on a failed connection the next call fails
	_, err := io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
	return errors.Join(err, conn.Close())
}

// closeNotAdmitted closes a connection that the actors did not accept. Only the server writes to it.
func (srv *Server) closeNotAdmitted(s *socket, err error) {
	srv.stats.Refused[RefusedShutdown].Add(1)
	srv.opt.Log.Debug().Err(err).Msg("connection rejected")
	s.SetWriteDeadline(time.Now().Add(handshakeTimeout).UnixMilli())
	_, _ = s.Write(wire.CloseFrame(wire.CloseGoingAway, "shutting down")) // the connection is closed in any case
}
