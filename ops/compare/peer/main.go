package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/lxzan/gws"

	"chatnode/ops/rig"
)

const headerTimeout = 5 * time.Second

var errMode = errors.New("-mode must be log, writers or broadcaster")

func main() {
	rig.Main(func(ctx context.Context, args []string, _, log io.Writer) (code int) {
		if err := serve(ctx, args); err != nil {
			fmt.Fprintln(log, err)
			return rig.ExitFailed
		}
		return rig.ExitOK
	})
}

// serve runs the server that the arguments ask for until ctx ends.
func serve(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("peer", flag.ContinueOnError)
	addr := fs.String("addr", "127.0.0.1:3001", "address to listen on")
	mode := fs.String("mode", "log", "how messages reach the members of a room: log, writers or broadcaster")
	if err := fs.Parse(args); err != nil {
		return err
	}
	h, err := newHall(*mode)
	if err != nil {
		return err
	}
	server := &http.Server{Addr: *addr, Handler: routes(h), ReadHeaderTimeout: headerTimeout}
	context.AfterFunc(ctx, func() { _ = server.Close() }) // upgraded connections end with the process
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// routes are /chat and /readyz.
func routes(h *hall) http.Handler {
	upgrader := gws.NewUpgrader(h, &gws.ServerOption{ReadBufferSize: readBuffer})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {}) // 200 as soon as it is served
	mux.HandleFunc("GET /chat", func(w http.ResponseWriter, r *http.Request) {
		room := r.URL.Query().Get("room")
		conn, err := upgrader.Upgrade(w, r)
		if err != nil {
			return // gws has answered
		}
		if err := h.enter(conn, room); err != nil {
			_ = conn.NetConn().Close() // it has gone already
			return
		}
		go conn.ReadLoop() // the handler must return, or the request stays in memory
	})
	return mux
}
