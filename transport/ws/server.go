package ws

import (
	"net/http"
	"time"
)

// NewHTTPServer is an HTTP/1.1 server for h with timeouts that a slow sender cannot sit out. They end with
// the upgrade. Address, listener, TLS and error log are the caller's.
func NewHTTPServer(h http.Handler) *http.Server {
	var http1 http.Protocols
	http1.SetHTTP1(true) // a WebSocket over HTTP/2 cannot be hijacked
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10, // a token in the query or a cookie fits
		Protocols:         &http1,
	}
}
