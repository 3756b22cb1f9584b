package ws

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/rs/zerolog"
)

// Options is what the node decides about its edge. Admit and Authenticate are required.
type Options struct {
	Admit        Admit
	Authenticate Authenticate
	// Banned says whether a user may not come in, and why; nil: nobody is banned.
	Banned func(userID string) (reason string, banned bool)

	// AllowOrigin says whether a page of the request's Origin may connect: only a browser sends one,
	// and only the server can keep foreign pages from using its users' cookies. nil: all may.
	AllowOrigin func(*http.Request) bool
	// TrustedProxies are believed what they say in X-Forwarded-For; nobody else is.
	TrustedProxies []netip.Prefix

	MaxConnections int // open at once; 0: no limit
	MaxPerIP       int // open at once from one IPv4 address or one IPv6 /64; 0: no limit
	MaxFrameBytes  int // of a client's message, also when it comes in fragments or compressed; 0: 16384

	Compression bool          // negotiate permessage-deflate without context takeover
	RetryAfter  time.Duration // least time a client is asked to stay away when there is no room; 0: 5 s

	Log zerolog.Logger
}

const (
	defaultFrameBytes = 16384
	defaultRetryAfter = 5 * time.Second
)

func (o *Options) setDefaults() {
	if o.MaxFrameBytes <= 0 {
		o.MaxFrameBytes = defaultFrameBytes
	}
	if o.RetryAfter <= 0 {
		o.RetryAfter = defaultRetryAfter
	}
	if o.AllowOrigin == nil {
		o.AllowOrigin = func(*http.Request) bool { return true }
	}
	if o.Banned == nil {
		o.Banned = func(string) (string, bool) { return "", false }
	}
}
