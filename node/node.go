package node

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/transport/auth"
	"chatnode/transport/ws"
)

// A Node is one chat node. New constructs it. Run serves until its context ends.
type Node struct {
	cfg           Config
	log           zerolog.Logger
	version       string
	backend       *backend
	sys           *process.System
	core          *actors.Core
	verifier      *auth.Verifier // nil: tokens are not accepted
	authenticator *auth.Authenticator
	cluster       clusterView
	wsServer      *ws.Server
	server        *http.Server
	phase         phase
}

// Limits that are not settings.
const (
	maxRooms        = 100              // rooms per session
	roomIdleTimeout = 60 * time.Second // an empty room is removed from memory after this time
	linkTimeout     = 2 * time.Second  // maximum duration of one call of the backend
)

// New constructs a node and opens its storage. It starts no actors and does not listen.
func New(cfg Config, log zerolog.Logger, version string) (*Node, error) {
	n := &Node{cfg: cfg, log: log, version: version}
	verifier, err := newVerifier(&cfg, log)
	if err != nil {
		return nil, err
	}
	n.verifier = verifier
	incarnation := newIncarnation()
	if n.backend, err = newBackend(&cfg, incarnation, log); err != nil {
		return nil, err
	}
	if n.sys, err = process.NewSystem(log, actors.Kinds...); err != nil {
		return nil, fmt.Errorf("create actor system: %w", err)
	}
	n.authenticator = auth.NewAuthenticator(verifier, cfg.GuestAccess)
	set := n.settings(incarnation)
	if cfg.Compression {
		set.Deflate = func(frame []byte) []byte { return n.wsServer.Deflate(frame) }
	}
	n.core = actors.New(n.sys, set, n.backend.ports)
	n.cluster = n.newClusterView()
	n.wsServer = ws.New(n.wsOptions())
	n.server = ws.NewHTTPServer(n.Handler())
	return n, nil
}

func newVerifier(cfg *Config, log zerolog.Logger) (*auth.Verifier, error) {
	if !cfg.AcceptsTokens() {
		return nil, nil //nolint:nilnil // tokens are not accepted
	}
	v, err := auth.NewVerifier(auth.VerifierConfig{Secret: cfg.AuthJWTSecret.Reveal(), JWKSURL: string(cfg.AuthJWKSURL), Log: log})
	if err != nil {
		return nil, fmt.Errorf("configure tokens: %w", err)
	}
	return v, nil
}

// settings returns the settings of the actors.
func (n *Node) settings(incarnation string) chat.Settings {
	c := &n.cfg
	return chat.Settings{
		InstanceID: string(c.InstanceID), Incarnation: incarnation, Stored: n.backend.stored,
		HistorySize: c.HistorySize, Recent: c.Recent, MaxMessageLength: c.MaxMessageLength, MaxFrameBytes: int(c.MaxFrameBytes), MaxRooms: maxRooms,
		RateLimit:   chat.Rate{Messages: c.RateLimit.Messages, Window: c.RateLimit.Window},
		OutboxBytes: int64(c.OutboxBytes), FlushInterval: c.FlushInterval,
		PingInterval: c.PingInterval, PresenceTimeout: c.PresenceTimeout, PresenceDebounce: c.PresenceDebounce,
		MaxCommitDelay: n.backend.maxCommitDelay, DedupWindow: c.DedupWindow, IdempotencyWindow: c.IdempotencyWindow, RoomIdle: roomIdleTimeout, LinkTimeout: linkTimeout, Verify: n.authenticator.Verify,
		Distributed: c.EnableDistributedChat, HeartbeatInterval: c.HeartbeatInterval, DescribeError: n.backend.describeError,
	}
}

// newIncarnation returns a random id for this run of the process.
func newIncarnation() string {
	var b [5]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

func (n *Node) wsOptions() ws.Options {
	return ws.Options{
		Admit: func(a chat.ConnectRequest) (ws.Client, error) {
			c, err := n.core.Admit(a)
			if err != nil {
				return nil, err //nolint:wrapcheck // the server only checks for nil
			}
			return c, nil
		},
		Authenticate: func(r *http.Request) (chat.Identity, *http.Cookie, error) {
			session, err := n.authenticator.Identify(r)
			return session.Identity, session.Cookie, err
		},
		Banned:         n.core.Banned,
		AllowOrigin:    n.cfg.AllowedOrigins.Allow,
		TrustedProxies: n.cfg.TrustedProxies,
		MaxConnections: n.cfg.MaxConnections, MaxPerIP: n.cfg.MaxConnectionsPerIP, MaxFrameBytes: int(n.cfg.MaxFrameBytes),
		Compression: n.cfg.Compression, Log: n.log,
	}
}
