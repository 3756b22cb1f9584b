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

// client is a WebSocket client written by hand from RFC 6455: it can do what a well-behaved one cannot.
type client struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

// frame is one frame as it came.
type frame struct {
	first   byte // FIN, RSV and opcode
	payload []byte
}

// connect dials without a handshake.
func (r *rig) connect() *client {
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
	return &client{t: r.t, conn: conn, in: bufio.NewReader(conn)}
}

// request sends a handshake; headers are "Name: value" and come after the usual ones, which a
// header of the same name replaces ("Name:" alone takes it out).
func (c *client) request(path string, headers ...string) {
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
	_ = h.Write(&b) // a bytes.Buffer takes all
	b.WriteString("\r\n")
	return b.Bytes()
}

// answer is the response to a handshake.
type answer struct {
	status  int
	header  http.Header
	cookies []*http.Cookie
	body    []byte
}

// response reads the answer to a request.
func (c *client) response() answer {
	c.t.Helper()
	a, err := readAnswer(c.in)
	if err != nil {
		c.t.Fatalf("reading the response: %v", err)
	}
	return a
}

func readAnswer(in *bufio.Reader) (answer, error) {
	res, err := http.ReadResponse(in, &http.Request{Method: http.MethodGet})
	if err != nil {
		return answer{}, err
	}
	a := answer{res.StatusCode, res.Header, res.Cookies(), nil}
	if a.status != http.StatusSwitchingProtocols {
		a.body, err = io.ReadAll(res.Body)
	}
	return a, errors.Join(err, res.Body.Close())
}

// open is a connection that was upgraded, and its session.
func (r *rig) open(path string, headers ...string) (*client, *session) {
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

func (c *client) write(b []byte) {
	c.t.Helper()
	if _, err := c.conn.Write(b); err != nil {
		c.t.Fatalf("writing: %v", err)
	}
}

// send writes one masked frame; first is FIN, RSV and opcode.
func (c *client) send(first byte, payload string) {
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

// readFrame reads one frame, which must be whole and unmasked.
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
			return frame{}, fmt.Errorf("cut frame: %w", err)
		}
		size = binary.BigEndian.Uint64(ext[:])
	case size == 127:
		if _, err := io.ReadFull(in, ext[:]); err != nil {
			return frame{}, fmt.Errorf("cut frame: %w", err)
		}
		size = binary.BigEndian.Uint64(ext[:])
	case size > 127:
		return frame{}, fmt.Errorf("masked frame of the server, or no frame: % x", head)
	}
	if size > 1<<24 {
		return frame{}, fmt.Errorf("no frame is that long: % x", head)
	}
	f := frame{head[0], make([]byte, size)}
	if _, err := io.ReadFull(in, f.payload); err != nil {
		return frame{}, fmt.Errorf("cut frame: %w", err)
	}
	return f, nil
}

func (c *client) read() frame {
	c.t.Helper()
	f, err := readFrame(c.in)
	if err != nil {
		c.t.Fatalf("reading a frame: %v", err)
	}
	return f
}

// wantText reads a text frame.
func (c *client) wantText(want string) {
	c.t.Helper()
	if f := c.read(); f.first != 0x81 || string(f.payload) != want {
		c.t.Fatalf("got frame %#x %.80q, want text %.80q", f.first, f.payload, want)
	}
}

// wantClose reads a close frame and then the end of the connection.
func (c *client) wantClose(code uint16) {
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

func (c *client) wantEOF() {
	c.t.Helper()
	if n, err := c.in.Read(make([]byte, 1)); err != io.EOF {
		c.t.Fatalf("got %d bytes and %v, want the end", n, err)
	}
}
