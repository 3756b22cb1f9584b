package node

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"chatnode/transport/auth"
)

// An apiSocket is the connection of a client. It stores the received frames.
type apiSocket struct {
	gws.BuiltinEventHandler
	conn *gws.Conn

	mu     sync.Mutex
	frames []map[string]any
	closed *gws.CloseError
}

// OnMessage implements gws.Event.
func (s *apiSocket) OnMessage(_ *gws.Conn, m *gws.Message) {
	defer m.Close()
	var frame map[string]any
	if json.Unmarshal(m.Bytes(), &frame) != nil {
		frame = map[string]any{"type": "not JSON"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frames = append(s.frames, frame)
}

// OnClose implements gws.Event.
func (s *apiSocket) OnClose(_ *gws.Conn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed = (*gws.CloseError)(nil); !errors.As(err, &s.closed) {
		s.closed = &gws.CloseError{Reason: []byte(err.Error())}
	}
}

// dial connects as a user. err is set if the node rejects the request.
func (r *apiRig) dial(t *testing.T, user, role, room string) (*apiSocket, *http.Response, error) {
	t.Helper()
	bearer, err := auth.Mint(tokenSecret, auth.Subject{UserID: user, Name: user, Role: role}, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	s := &apiSocket{}
	conn, res, err := gws.NewClient(s, &gws.ClientOption{
		Addr: "ws://" + r.url + "/chat?room=" + room, RequestHeader: http.Header{"Authorization": {"Bearer " + bearer}},
	})
	if err != nil {
		return nil, res, err
	}
	s.conn = conn
	read := make(chan struct{})
	go func() { defer close(read); conn.ReadLoop() }()
	t.Cleanup(func() { _ = conn.NetConn().Close(); <-read })
	return s, res, nil
}

// join connects as a user and waits until the session has joined the room.
func (r *apiRig) join(t *testing.T, user, role, room string) *apiSocket {
	t.Helper()
	s, _, err := r.dial(t, user, role, room) //nolint:bodyclose // the response of an upgrade has no body
	if err != nil {
		t.Fatalf("connect as %s: %v", user, err)
	}
	s.await(t, "joined")
	return s
}

// send sends a command.
func (s *apiSocket) send(t *testing.T, command string) {
	t.Helper()
	if err := s.conn.WriteString(command); err != nil {
		t.Fatal(err)
	}
}

// await waits for a frame of one of the types and returns it. It drops all frames before it.
func (s *apiSocket) await(t *testing.T, types ...string) (frame map[string]any) {
	t.Helper()
	eventually(t, "a frame is received: "+types[0], func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i, f := range s.frames {
			for _, kind := range types {
				if f["type"] == kind {
					frame, s.frames = f, s.frames[i+1:]
					return true
				}
			}
		}
		return false
	})
	return frame
}

// awaitClose waits until the connection is closed.
func (s *apiSocket) awaitClose(t *testing.T) (code uint16, reason string) {
	t.Helper()
	eventually(t, "the connection is closed", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.closed == nil {
			return false
		}
		code, reason = s.closed.Code, string(s.closed.Reason)
		return true
	})
	return code, reason
}
