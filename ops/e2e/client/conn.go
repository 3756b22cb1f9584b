package client

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"sync"
	"time"
)

// Conn is one upgraded connection. One goroutine reads; any number may write.
type Conn struct {
	nc net.Conn
	r  *bufio.Reader
	w  sync.Mutex // one frame at a time
}

// Closed is the close frame of the server.
type Closed struct {
	Code   int // 0: the frame had none
	Reason string
}

// Error implements error.
func (e *Closed) Error() string { return fmt.Sprintf("closed by the server: %d %q", e.Code, e.Reason) }

// Read returns the next text message and answers pings. It answers a close frame, ends the connection and returns a
// *Closed.
func (c *Conn) Read() ([]byte, error) {
	for {
		op, payload, err := readFrame(c.r)
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		switch op {
		case opText:
			return payload, nil
		case opPing:
			if err := c.write(opPong, payload); err != nil {
				return nil, fmt.Errorf("answer a ping: %w", err)
			}
		case opPong:
		case opClose:
			_ = c.write(opClose, payload) // the peer may have closed the connection
			_ = c.nc.Close()
			return nil, closedBy(payload)
		default:
			return nil, fmt.Errorf("read: opcode %#x", op)
		}
	}
}

func closedBy(payload []byte) *Closed {
	if len(payload) < 2 {
		return &Closed{}
	}
	return &Closed{int(binary.BigEndian.Uint16(payload)), string(payload[2:])}
}

// ReadFrame reads the next frame of the protocol.
func (c *Conn) ReadFrame() (Frame, error) {
	text, err := c.Read()
	if err != nil {
		return Frame{}, err
	}
	f := Frame{Raw: string(text)}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("frame %q: %w", text, err)
	}
	return f, nil
}

// Send sends one command.
func (c *Conn) Send(command Command) error {
	text, err := json.Marshal(command)
	if err != nil {
		return fmt.Errorf("marshal %s: %w", command.Type, err)
	}
	if err := c.Write(text); err != nil {
		return fmt.Errorf("send %s: %w", command.Type, err)
	}
	return nil
}

// Write sends one text message without changing it.
func (c *Conn) Write(text []byte) error { return c.write(opText, text) }

// Ping sends a ping of the WebSocket protocol.
func (c *Conn) Ping() error { return c.write(opPing, nil) }

func (c *Conn) write(op byte, payload []byte) error {
	c.w.Lock()
	defer c.w.Unlock()
	return writeFrame(c.nc, op, payload)
}

// Deadline sets the time at which reads and writes fail.
func (c *Conn) Deadline(t time.Time) error { return c.nc.SetDeadline(t) }

// Close drops the connection without a close frame, like a client that has lost its network. It may be called more than
// once.
func (c *Conn) Close() { _ = c.nc.Close() }
