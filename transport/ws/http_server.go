package ws

import (
	"net/http"
	"time"
)

// NewHTTPServer returns an HTTP/1.1 server for h with timeouts against slow senders. The timeouts end with the
// upgrade. The caller sets address, listener, TLS and error log.
func NewHTTPServer(h http.Handler) *http.Server {
	var http1 http.Protocols
	http1.SetHTTP1(true) // a WebSocket over HTTP/2 cannot be hijacked
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10, // enough for a token in the query or a cookie
		Protocols:         &http1,
	}
}
