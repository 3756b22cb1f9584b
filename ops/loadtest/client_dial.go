package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"chatnode/transport/auth"

	"github.com/lxzan/gws"
)

const (
	handshakeTimeout = 10 * time.Second
	tokenLife        = 48 * time.Hour // longer than a run
	readBuffer       = 512            // bytes per connection; longer frames are read without the buffer
	slowWindow       = 4 << 10        // bytes of the receive buffer of a slow reader
	etherSegment     = 1460           // bytes of a TCP segment across a network
	maxFrame         = 64 << 20       // bytes; longer frames are an error
)

// refusal is a response of the node that is not an upgrade.
type refusal struct {
	status     int
	retryAfter time.Duration // 0: not given
}

func (r *refusal) Error() string { return "upgrade refused: " + strconv.Itoa(r.status) }

// dial connects to the node of this attempt and resumes at the client's position.
func (c *client) dial(ctx context.Context) (*gws.Conn, error) {
	release, ok := c.pool.acquire(ctx)
	if !ok {
		return nil, ctx.Err()
	}
	defer release()
	c.dialled = c.pool.plan.now()
	target := c.pool.target(c.index, c.tries)
	header, err := c.identity()
	if err != nil {
		return nil, err
	}
	conn, err := c.connect(ctx, target)
	if err != nil {
		return nil, err
	}
	//nolint:bodyclose // the body is the connection's, which gws closes where it is refused
	socket, res, err := gws.NewClientFromConn(c, &gws.ClientOption{
		Addr:               target.scheme + "://" + target.host + "/chat?" + c.query(),
		RequestHeader:      header,
		HandshakeTimeout:   handshakeTimeout,
		ReadBufferSize:     readBuffer,
		ReadMaxPayloadSize: maxFrame,
		NewSession:         func() gws.SessionStorage { return nil }, // not used
	}, conn)
	if err != nil && res != nil {
		seconds, _ := strconv.Atoi(res.Header.Get("Retry-After")) // 0 without the header
		return nil, &refusal{res.StatusCode, time.Duration(seconds) * time.Second}
	}
	if err != nil {
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	return socket, nil
}

// connect opens a TCP connection, with TLS if the node requires it.
func (c *client) connect(ctx context.Context, target node) (net.Conn, error) {
	d := net.Dialer{Timeout: handshakeTimeout}
	if s, ok := c.pool.sourceOf(c.index); ok {
		d.LocalAddr = s.TCPAddr
	}
	if c.silent {
		d.Control = limitBuffers
	}
	conn, err := d.DialContext(ctx, "tcp", target.host)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if c.slow {
		if err := conn.(*net.TCPConn).SetReadBuffer(slowWindow); err != nil {
			_ = conn.Close() // it is not used
			return nil, fmt.Errorf("shrink the receive buffer: %w", err)
		}
	}
	if target.scheme == "wss" {
		host, _, _ := net.SplitHostPort(target.host) // cannot fail: parseNode joined host and port
		return tls.Client(conn, &tls.Config{ServerName: host}), nil
	}
	return conn, nil
}

// limitBuffers gives a connection small buffers, like one across a network. On loopback a segment has 64 KiB, and the
// kernel of the node sizes its send buffer by the segment, up to some megabytes. It must run before the connection is
// made.
func limitBuffers(_, _ string, raw syscall.RawConn) error {
	var err error
	failed := raw.Control(func(fd uintptr) {
		err = errors.Join(syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, slowWindow),
			syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, etherSegment))
	})
	return errors.Join(failed, err)
}

func (c *client) query() string {
	q := url.Values{"room": {c.room.name}}
	if c.track.Ready() {
		q.Set("epoch", c.epoch)
		q.Set("since", strconv.FormatUint(c.track.Seq(), 10))
	}
	return q.Encode()
}

// identity makes the client the same user on each node and connection, because a retry is identified by user and id. It
// is a token if there is a secret, otherwise the cookie of a guest.
func (c *client) identity() (http.Header, error) {
	name := c.pool.plan.tag + "-" + strconv.Itoa(c.index)
	if c.pool.jwtSecret == "" {
		sum := sha256.Sum256([]byte(name))
		return http.Header{"Cookie": {auth.GuestCookie + "=" + base64.RawURLEncoding.EncodeToString(sum[:16])}}, nil
	}
	token, err := auth.Mint(c.pool.jwtSecret, auth.Subject{UserID: "load-" + name}, time.Now(), tokenLife)
	if err != nil {
		return nil, fmt.Errorf("mint a token: %w", err)
	}
	return http.Header{"Authorization": {"Bearer " + token}}, nil
}
