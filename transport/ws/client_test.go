package ws

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

const testKey = "dGhlIHNhbXBsZSBub25jZQ=="

// wsClient is a WebSocket client for tests that follows RFC 6455 without a library, so that it can also violate it.
type wsClient struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

// frame is one received frame.
type frame struct {
	first   byte // FIN, RSV and opcode
	payload []byte
}

// connect opens a connection without a handshake.
func (r *serverRig) connect() *wsClient {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	if r.tls != nil {
		conn = tls.Client(conn, r.tls)
	}
	r.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &wsClient{t: r.t, conn: conn, in: bufio.NewReader(conn)}
}

// request sends a handshake. A header "Name: value" replaces the default header of the same name, and "Name:" removes
// it.
func (c *wsClient) request(path string, headers ...string) {
	c.t.Helper()
	c.write(requestBytes(path, headers...))
}

func requestBytes(path string, headers ...string) []byte {
	h := http.Header{
		"Host": {"chat.example"}, "Connection": {"Upgrade"}, "Upgrade": {"websocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {testKey},
	}
	for _, line := range headers {
		name, value, _ := bytes.Cut([]byte(line), []byte(":"))
		h.Del(string(name))
		if v := bytes.TrimSpace(value); len(v) > 0 {
			h.Set(string(name), string(v))
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\n", path)
	_ = h.Write(&b) // never fails for a bytes.Buffer
	b.WriteString("\r\n")
	return b.Bytes()
}

// handshakeResponse is the response to a handshake.
type handshakeResponse struct {
	status  int
	header  http.Header
	cookies []*http.Cookie
	body    []byte
}

// response reads the response to a handshake.
func (c *wsClient) response() handshakeResponse {
	c.t.Helper()
	a, err := readResponse(c.in)
	if err != nil {
		c.t.Fatalf("read response: %v", err)
	}
	return a
}

func readResponse(in *bufio.Reader) (handshakeResponse, error) {
	res, err := http.ReadResponse(in, &http.Request{Method: http.MethodGet})
	if err != nil {
		return handshakeResponse{}, err
	}
	a := handshakeResponse{res.StatusCode, res.Header, res.Cookies(), nil}
	if a.status != http.StatusSwitchingProtocols {
		a.body, err = io.ReadAll(res.Body)
	}
	return a, errors.Join(err, res.Body.Close())
}

// open upgrades a connection, and returns it with its session.
func (r *serverRig) open(path string, headers ...string) (*wsClient, *session) {
	r.t.Helper()
	c := r.connect()
	c.request(path, headers...)
	res := c.response()
	sum := sha1.Sum([]byte(testKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	if res.status != http.StatusSwitchingProtocols {
		r.t.Fatalf("status %d", res.status)
	}
	if got := res.header.Get("Sec-WebSocket-Accept"); got != base64.StdEncoding.EncodeToString(sum[:]) {
		r.t.Fatalf("Sec-WebSocket-Accept is %q", got)
	}
	return c, r.session()
}

func (c *wsClient) write(b []byte) {
	c.t.Helper()
	if _, err := c.conn.Write(b); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

// send writes one masked frame. first is FIN, RSV and opcode.
func (c *wsClient) send(first byte, payload string) {
	c.t.Helper()
	c.write(masked(first, []byte(payload)))
}

func masked(first byte, payload []byte) []byte {
	out := []byte{first}
	switch n := len(payload); {
	case n < 126:
		out = append(out, 0x80|byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), uint64(n))
	}
	key := [4]byte{0x12, 0x34, 0x56, 0x78}
	out = append(out, key[:]...)
	for i, b := range payload {
		out = append(out, b^key[i%4])
	}
	return out
}

// readFrame reads one complete, unmasked frame.
func readFrame(in io.Reader) (frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return frame{}, err
	}
	size := uint64(head[1])
	var ext [8]byte
	switch {
	case size == 126:
		if _, err := io.ReadFull(in, ext[6:]); err != nil {
			return frame{}, fmt.Errorf("truncated frame: %w", err)
		}
		size = binary.BigEndian.Uint64(ext[:])
	case size == 127:
		if _, err := io.ReadFull(in, ext[:]); err != nil {
			return frame{}, fmt.Errorf("truncated frame: %w", err)
		}
		size = binary.BigEndian.Uint64(ext[:])
	case size > 127:
		return frame{}, fmt.Errorf("masked or invalid frame header % x", head)
	}
	if size > 1<<24 {
		return frame{}, fmt.Errorf("frame too long: header % x", head)
	}
	f := frame{head[0], make([]byte, size)}
	if _, err := io.ReadFull(in, f.payload); err != nil {
		return frame{}, fmt.Errorf("truncated frame: %w", err)
	}
	return f, nil
}

func (c *wsClient) read() frame {
	c.t.Helper()
	f, err := readFrame(c.in)
	if err != nil {
		c.t.Fatalf("read frame: %v", err)
	}
	return f
}

// wantText reads a text frame.
func (c *wsClient) wantText(want string) {
	c.t.Helper()
	if f := c.read(); f.first != 0x81 || string(f.payload) != want {
		c.t.Fatalf("got frame %#x %.80q, want text %.80q", f.first, f.payload, want)
	}
}

// wantClose reads a close frame, then EOF.
func (c *wsClient) wantClose(code uint16) {
	c.t.Helper()
	f := c.read()
	if f.first != 0x88 || len(f.payload) < 2 {
		c.t.Fatalf("got frame %#x %.80q, want a close frame", f.first, f.payload)
	}
	if got := binary.BigEndian.Uint16(f.payload); got != code {
		c.t.Fatalf("closed with %d %q, want %d", got, f.payload[2:], code)
	}
	c.wantEOF()
}

func (c *wsClient) wantEOF() {
	c.t.Helper()
	if n, err := c.in.Read(make([]byte, 1)); err != io.EOF {
		c.t.Fatalf("read %d bytes, error %v, want EOF", n, err)
	}
}
