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

// A Node is one chat node. New builds it, Run serves until its context ends.
type Node struct {
	cfg      Config
	log      zerolog.Logger
	version  string
	engine   *backend
	sys      *process.System
	core     *actors.Core
	verifier *auth.Verifier // nil: no tokens
	who      *auth.Authenticator
	cluster  clusterView
	edge     *ws.Server
	server   *http.Server
	phase    phase
}

// Limits that are not settings.
const (
	maxRooms    = 100              // rooms that one session may be in
	roomIdle    = 60 * time.Second // an empty room is kept in memory for so long
	linkTimeout = 2 * time.Second  // the longest that one call of the engine may take
)

// New builds a node and opens its storage. It listens on nothing and starts nothing.
func New(cfg Config, log zerolog.Logger, version string) (*Node, error) {
	n := &Node{cfg: cfg, log: log, version: version}
	verifier, err := newVerifier(&cfg, log)
	if err != nil {
		return nil, err
	}
	n.verifier = verifier
	incarnation := newIncarnation()
	if n.engine, err = newEngine(&cfg, incarnation, log); err != nil {
		return nil, err
	}
	if n.sys, err = process.NewSystem(log, actors.Kinds...); err != nil {
		return nil, fmt.Errorf("build the actors: %w", err)
	}
	n.who = auth.NewAuthenticator(verifier, cfg.GuestAccess)
	set := n.settings(n.who, incarnation)
	if cfg.Compression {
		set.Deflate = func(frame []byte) []byte { return n.edge.Deflate(frame) }
	}
	n.core = actors.New(n.sys, set, n.engine.ports)
	n.cluster = n.newClusterView()
	n.edge = ws.New(n.edgeOptions(n.who))
	n.server = ws.NewHTTPServer(n.Handler())
	return n, nil
}

func newVerifier(cfg *Config, log zerolog.Logger) (*auth.Verifier, error) {
	if !cfg.TakesTokens() {
		return nil, nil //nolint:nilnil // no tokens are taken: there is nothing to verify them
	}
	v, err := auth.NewVerifier(auth.VerifierConfig{Secret: cfg.AuthJWTSecret.Reveal(), JWKSURL: string(cfg.AuthJWKSURL), Log: log})
	if err != nil {
		return nil, fmt.Errorf("set up tokens: %w", err)
	}
	return v, nil
}

// settings is what the actors need to know of the configuration.
func (n *Node) settings(who *auth.Authenticator, incarnation string) chat.Settings {
	c := &n.cfg
	return chat.Settings{
		InstanceID: string(c.InstanceID), Incarnation: incarnation, Stored: n.engine.stored,
		HistorySize: c.HistorySize, Recent: c.Recent, MaxMessageLength: c.MaxMessageLength, MaxFrameBytes: int(c.MaxFrameBytes), MaxRooms: maxRooms,
		RateLimit:   chat.Rate{Messages: c.RateLimit.Messages, Window: c.RateLimit.Window},
		OutboxBytes: int64(c.OutboxBytes), FlushInterval: c.FlushInterval,
		PingInterval: c.PingInterval, PresenceTimeout: c.PresenceTimeout, PresenceDebounce: c.PresenceDebounce,
		MaxCommitDelay: n.engine.pace, DedupWindow: c.DedupWindow, IdempotencyWindow: c.IdempotencyWindow, RoomIdle: roomIdle, LinkTimeout: linkTimeout, Verify: who.Verify,
		Distributed: c.EnableDistributedChat, HeartbeatInterval: c.HeartbeatInterval, DescribeError: n.engine.explain,
	}
}

// newIncarnation is the random id of this start of the process.
func newIncarnation() string {
	var b [5]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

func (n *Node) edgeOptions(who *auth.Authenticator) ws.Options {
	return ws.Options{
		Admit: func(a chat.ConnectRequest) (ws.Client, error) {
			c, err := n.core.Admit(a)
			if err != nil {
				return nil, err //nolint:wrapcheck // the edge only asks whether
			}
			return c, nil
		},
		Authenticate: func(r *http.Request) (chat.Identity, *http.Cookie, error) {
			grant, err := who.Identify(r)
			return grant.Identity, grant.Cookie, err
		},
		Banned:         n.core.Banned,
		AllowOrigin:    n.cfg.AllowedOrigins.Allow,
		TrustedProxies: n.cfg.TrustedProxies,
		MaxConnections: n.cfg.MaxConnections, MaxPerIP: n.cfg.MaxConnectionsPerIP, MaxFrameBytes: int(n.cfg.MaxFrameBytes),
		Compression: n.cfg.Compression, Log: n.log,
	}
}
