package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"
)

// maxFrame is the longest accepted message in bytes.
const maxFrame = 64 << 20

// Dial is how to connect.
type Dial struct {
	Addr   string      // host:port
	From   string      // address to connect from; empty: chosen by the system
	Query  url.Values  // of /chat: room, epoch, since, token
	Token  string      // sent as Authorization: Bearer
	Header http.Header // further headers of the request, such as Origin
}

// Refused is an ordinary response to the upgrade.
type Refused struct {
	Status     int
	RetryAfter string // the header
	Body       string // at most 1 KiB
}

// Error implements error.
func (e *Refused) Error() string { return fmt.Sprintf("upgrade refused: %d %s", e.Status, e.Body) }

// Open connects and upgrades within ctx. For an ordinary response it returns a *Refused.
func (d Dial) Open(ctx context.Context) (*Conn, error) {
	var tcp net.Dialer
	if d.From != "" {
		tcp.LocalAddr = &net.TCPAddr{IP: net.ParseIP(d.From)}
	}
	stop := func() bool { return true }
	dialer := websocket.Dialer{NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		nc, err := tcp.DialContext(ctx, network, addr)
		if err == nil { // the library ends the handshake at a deadline, but not if ctx is cancelled
			stop = context.AfterFunc(ctx, func() { _ = nc.SetDeadline(time.Unix(1, 0)) })
		}
		return nc, err
	}}
	header := d.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if d.Token != "" {
		header.Set("Authorization", "Bearer "+d.Token)
	}
	u := url.URL{Scheme: "ws", Host: d.Addr, Path: "/chat", RawQuery: d.Query.Encode()}
	ws, res, err := dialer.DialContext(ctx, u.String(), header) //nolint:bodyclose // the library has read the body
	switch {
	case errors.Is(err, websocket.ErrBadHandshake) && res.StatusCode != http.StatusSwitchingProtocols:
		body, _ := io.ReadAll(res.Body) // for the error text only
		return nil, &Refused{res.StatusCode, res.Header.Get("Retry-After"), string(body)}
	case err != nil:
		return nil, fmt.Errorf("connect: %w", err)
	case !stop():
		_ = ws.Close() // its deadline has passed
		return nil, ctx.Err()
	}
	ws.SetReadLimit(maxFrame)
	return &Conn{ws: ws}, nil
}
