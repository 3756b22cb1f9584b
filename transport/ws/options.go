package ws

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/rs/zerolog"
)

// Options are the settings of a Server. Admit and Authenticate are required.
type Options struct {
	Admit        Admit
	Authenticate Authenticate
	// Banned reports whether a user is banned, with the reason; nil: no bans.
	Banned func(userID string) (reason string, banned bool)

	// AllowOrigin reports whether a page of the request's Origin may connect; nil: all may. Only browsers send
	// Origin, and only the server can prevent foreign pages from using the cookies of its users.
	AllowOrigin func(*http.Request) bool
	// TrustedProxies are the peers whose X-Forwarded-For is used.
	TrustedProxies []netip.Prefix

	MaxConnections int // open connections; 0: unlimited
	MaxPerIP       int // open connections of one IPv4 address or one IPv6 /64; 0: unlimited
	MaxFrameBytes  int // size of a message of a client, after defragmentation and decompression; 0: 16384

	Compression bool          // negotiate permessage-deflate without context takeover
	RetryAfter  time.Duration // minimum of Retry-After if there is no capacity; 0: 5 s

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
