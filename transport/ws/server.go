package ws

import (
	"context"
	"fmt"
	"net/http"

	"github.com/lxzan/gws"
)

// Server serves GET /chat. It implements http.Handler. Create it with New.
type Server struct {
	opt      Options
	upgrader *gws.Upgrader
	slots    *slots
	deflater *deflater
	stats    Stats
}

var _ http.Handler = (*Server)(nil)

// New returns a Server. It starts no goroutine.
func New(opt Options) *Server {
	opt.setDefaults()
	return &Server{
		opt:      opt,
		upgrader: newUpgrader(&opt),
		slots:    newSlots(opt.MaxConnections, opt.MaxPerIP),
		deflater: newDeflater(),
	}
}

// ServeHTTP rejects the request with problem+json, or upgrades it and starts the reader goroutine of the connection.
// It does not retain the request.
func (srv *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, err := srv.checkRequest(r)
	if err != nil {
		srv.refuse(w, err)
		return
	}
	srv.upgrade(w, v)
}

// Stats returns the counters, for reading.
func (srv *Server) Stats() *Stats { return &srv.stats }

// Open returns the number of connections that occupy a slot.
func (srv *Server) Open() int { return srv.slots.open() }

// Deflate returns the compressed form of a complete text frame, for sockets whose Compressed is true. If compression
// does not make the frame smaller, it returns frame. Connections may share the result. Deflate neither retains nor
// changes frame.
func (srv *Server) Deflate(frame []byte) []byte { return srv.deflater.deflate(frame) }

// Drain rejects all new connections with 503. Open connections stay.
func (srv *Server) Drain() { srv.slots.drain() }

// Wait blocks until Drain was called and the last connection has ended, or returns an error if ctx ends.
func (srv *Server) Wait(ctx context.Context) error {
	select {
	case <-srv.slots.drained:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for %d open connections: %w", srv.Open(), ctx.Err())
	}
}

// Close calls Drain, closes the open connections without close frames, and waits for their reader goroutines. A
// client whose Handle blocks may delay it until ctx ends. It may be called repeatedly.
func (srv *Server) Close(ctx context.Context) error {
	srv.Drain()
	srv.slots.closeAll()
	return srv.Wait(ctx)
}
