package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"

	"github.com/lxzan/gws"
)

const readBuffer = 1024 // bytes per connection, as in chatnode

func main() {
	addr := flag.String("addr", "127.0.0.1:3001", "address to listen on")
	mode := flag.String("mode", "log", "how messages reach the members of a room: log, writers or broadcaster")
	flag.Parse()
	s, err := newServer(*mode)
	if err == nil {
		err = http.ListenAndServe(*addr, s.routes())
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// routes returns the handler of /chat and /readyz.
func (s *server) routes() http.Handler {
	upgrader := gws.NewUpgrader(s, &gws.ServerOption{ReadBufferSize: readBuffer})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /chat", func(w http.ResponseWriter, r *http.Request) {
		room := r.URL.Query().Get("room")
		conn, err := upgrader.Upgrade(w, r)
		if err != nil {
			return // gws has answered
		}
		if err := s.join(conn, room); err != nil {
			_ = conn.NetConn().Close() // the connection is broken
			return
		}
		go conn.ReadLoop() // if the handler did not return, the request would stay in memory
	})
	return mux
}
