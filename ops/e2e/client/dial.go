package client

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6455 names it; it proves nothing but that the peer speaks WebSocket
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

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
	Body       string // at most 4 KiB
}

// Error implements error.
func (e *Refused) Error() string { return fmt.Sprintf("upgrade refused: %d %s", e.Status, e.Body) }

// Open connects and upgrades within ctx. For an ordinary response it returns a *Refused.
func (d Dial) Open(ctx context.Context) (*Conn, error) {
	var dialer net.Dialer
	if d.From != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(d.From)}
	}
	nc, err := dialer.DialContext(ctx, "tcp", d.Addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = nc.SetDeadline(time.Unix(1, 0)) })
	c, err := d.upgrade(nc)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = nc.Close() // it is not used
		return nil, err
	}
	return c, nil
}

func (d Dial) upgrade(nc net.Conn) (*Conn, error) {
	key := base64.StdEncoding.EncodeToString([]byte(rand.Text()[:16]))
	req := d.request(key)
	if err := req.Write(nc); err != nil {
		return nil, fmt.Errorf("send the upgrade: %w", err)
	}
	r := bufio.NewReaderSize(nc, 4096)
	res, err := http.ReadResponse(r, req)
	if err != nil {
		return nil, fmt.Errorf("read the answer to the upgrade: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSwitchingProtocols {
		body, _ := io.ReadAll(io.LimitReader(res.Body, 4096)) // for the error text only
		return nil, &Refused{res.StatusCode, res.Header.Get("Retry-After"), string(body)}
	}
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see the import
	if got, want := res.Header.Get("Sec-WebSocket-Accept"), base64.StdEncoding.EncodeToString(sum[:]); got != want {
		return nil, fmt.Errorf("Sec-WebSocket-Accept is %q, not %q", got, want)
	}
	if !strings.EqualFold(res.Header.Get("Upgrade"), "websocket") {
		return nil, fmt.Errorf("upgraded to %q", res.Header.Get("Upgrade"))
	}
	return &Conn{nc: nc, r: r}, nil
}

func (d Dial) request(key string) *http.Request {
	h := d.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Connection", "Upgrade")
	h.Set("Upgrade", "websocket")
	h.Set("Sec-WebSocket-Version", "13")
	h.Set("Sec-WebSocket-Key", key)
	if d.Token != "" {
		h.Set("Authorization", "Bearer "+d.Token)
	}
	return &http.Request{
		Method: http.MethodGet, Host: d.Addr, Header: h,
		URL: &url.URL{Scheme: "http", Host: d.Addr, Path: "/chat", RawQuery: d.Query.Encode()},
	}
}
