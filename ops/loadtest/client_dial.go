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
	tokenLife        = 48 * time.Hour // longer than any run
	readBuffer       = 512            // bytes a connection; a frame that is longer is read past the buffer
	slowWindow       = 4 << 10        // bytes that a slow reader's kernel takes for it
	etherSegment     = 1460           // bytes of a TCP segment across a network
	maxFrame         = 64 << 20       // bytes that are believed
)

// A refusal is a node that answered the upgrade in HTTP.
type refusal struct {
	status     int
	retryAfter time.Duration // 0: not said
}

// Error is the status.
func (r *refusal) Error() string { return "upgrade refused: " + strconv.Itoa(r.status) }

// dial connects to the client's node of this try, resuming where the client was.
func (c *client) dial(ctx context.Context) (*gws.Conn, error) {
	release, ok := c.fleet.turn(ctx)
	if !ok {
		return nil, ctx.Err()
	}
	defer release()
	c.dialled = c.fleet.plan.now()
	target := c.fleet.target(c.index, c.tries)
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
		NewSession:         func() gws.SessionStorage { return nil }, // never used
	}, conn)
	if err != nil && res != nil {
		seconds, _ := strconv.Atoi(res.Header.Get("Retry-After")) // without one it is 0
		return nil, &refusal{res.StatusCode, time.Duration(seconds) * time.Second}
	}
	if err != nil {
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	return socket, nil
}

// connect is TCP, and TLS where the node wants it.
func (c *client) connect(ctx context.Context, target node) (net.Conn, error) {
	d := net.Dialer{Timeout: handshakeTimeout}
	if s, ok := c.fleet.source(c.index); ok {
		d.LocalAddr = s.TCPAddr
	}
	if c.silent {
		d.Control = small
	}
	conn, err := d.DialContext(ctx, "tcp", target.host)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if c.slow {
		if err := conn.(*net.TCPConn).SetReadBuffer(slowWindow); err != nil {
			_ = conn.Close() // it is of no use
			return nil, fmt.Errorf("shrink the receive buffer: %w", err)
		}
	}
	if target.scheme == "wss" {
		host, _, _ := net.SplitHostPort(target.host) // parseNode has joined it
		return tls.Client(conn, &tls.Config{ServerName: host}), nil
	}
	return conn, nil
}

// small makes a connection that is soon full, as one across a network is: on loopback segments have 64 KiB, and
// by the segment the node's kernel sizes its buffer, to some megabytes. It must be done before connecting.
func small(_, _ string, raw syscall.RawConn) error {
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

// identity makes the client the same user at every node and every time: what is sent again after a
// reconnect is known by user and id. It is a token where there is a secret to make one, else a guest's cookie.
func (c *client) identity() (http.Header, error) {
	name := c.fleet.plan.tag + "-" + strconv.Itoa(c.index)
	if c.fleet.jwtSecret == "" {
		sum := sha256.Sum256([]byte(name))
		return http.Header{"Cookie": {auth.GuestCookie + "=" + base64.RawURLEncoding.EncodeToString(sum[:16])}}, nil
	}
	token, err := auth.Mint(c.fleet.jwtSecret, auth.Subject{UserID: "load-" + name}, time.Now(), tokenLife)
	if err != nil {
		return nil, fmt.Errorf("mint a token: %w", err)
	}
	return http.Header{"Authorization": {"Bearer " + token}}, nil
}
