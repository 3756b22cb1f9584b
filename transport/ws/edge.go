package ws

import (
	"context"
	"fmt"
	"net/http"

	"github.com/lxzan/gws"
)

// An Server serves GET /chat. It implements http.Handler; make it with New.
type Server struct {
	opt      Options
	upgrader *gws.Upgrader
	slots    *slots
	deflater *deflater
	stats    Stats
}

var _ http.Handler = (*Server)(nil)

// New is an edge that lets in who passes the options. It starts nothing.
func New(opt Options) *Server {
	opt.setDefaults()
	return &Server{
		opt:      opt,
		upgrader: newUpgrader(&opt),
		slots:    newSlots(opt.MaxConnections, opt.MaxPerIP),
		deflater: newDeflater(),
	}
}

// ServeHTTP refuses the request with problem+json, or upgrades it and leaves the connection to a
// goroutine of the edge. It does not keep the request.
func (e *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, err := e.checkRequest(r)
	if err != nil {
		e.refuse(w, err)
		return
	}
	e.upgrade(w, v)
}

// Stats are the edge's counters, for reading.
func (e *Server) Stats() *Stats { return &e.stats }

// Open is the number of connections that hold a slot now.
func (e *Server) Open() int { return e.slots.open() }

// Deflate is the compressed form of a whole text frame of the server, for the connections whose
// socket says Compressed. Where compressing does not help it is frame itself. The result may be
// shared between connections; frame is not kept or changed.
func (e *Server) Deflate(frame []byte) []byte { return e.deflater.deflate(frame) }

// Drain refuses all new connections with 503 from now on. Those that are open stay.
func (e *Server) Drain() { e.slots.drain() }

// Wait returns when Drain was called and the last connection has ended, or with an error when ctx does.
func (e *Server) Wait(ctx context.Context) error {
	select {
	case <-e.slots.drained:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for %d connections to end: %w", e.Open(), ctx.Err())
	}
}

// Close is Drain, then closes what is still open, without close frames, and waits for the read
// goroutines. A client whose Receive blocks can hold it up until ctx ends. It may be called again.
func (e *Server) Close(ctx context.Context) error {
	e.Drain()
	e.slots.closeAll()
	return e.Wait(ctx)
}
