package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Conn is one upgraded connection. One goroutine reads; any number may write.
type Conn struct {
	ws *websocket.Conn
	w  sync.Mutex // one frame at a time
}

// Closed is the close frame of the server.
type Closed struct {
	Code   int // 0: the frame had none
	Reason string
}

// Error implements error.
func (e *Closed) Error() string { return fmt.Sprintf("closed by the server: %d %q", e.Code, e.Reason) }

// Read returns the next text message and answers pings. It answers a close frame and returns a *Closed.
func (c *Conn) Read() ([]byte, error) {
	kind, text, err := c.ws.ReadMessage()
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed) && closed.Code == websocket.CloseNoStatusReceived:
		return nil, &Closed{}
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure: // which is no close frame
		return nil, &Closed{closed.Code, closed.Text}
	case err != nil:
		return nil, fmt.Errorf("read: %w", err)
	case kind != websocket.TextMessage:
		return nil, fmt.Errorf("read: message of kind %d", kind)
	}
	return text, nil
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
func (c *Conn) Write(text []byte) error {
	c.w.Lock()
	defer c.w.Unlock()
	return c.ws.WriteMessage(websocket.TextMessage, text)
}

// Deadline sets the time at which reads and writes fail.
func (c *Conn) Deadline(t time.Time) error {
	c.w.Lock()
	defer c.w.Unlock()
	return errors.Join(c.ws.SetReadDeadline(t), c.ws.SetWriteDeadline(t))
}

// Close drops the connection without a close frame, like a client that has lost its network. It may be called more
// than once.
func (c *Conn) Close() { _ = c.ws.Close() }
