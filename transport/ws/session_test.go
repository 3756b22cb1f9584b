package ws

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// session is a fake of the actors' side of one connection: a queue of frames and one goroutine that
// writes them, as the writer would (TryWrite) and, where the socket is full, as an outbox would (Write).
type session struct {
	arrival  chat.ConnectRequest
	commands chan wire.Command
	bad      chan wire.Code
	ended    chan *CloseError
	receive  func(wire.Command) error // replaces Receive; set before the first frame

	partial atomic.Int64 // frames of which only a part went out at once

	mu      sync.Mutex
	queue   [][]byte
	alive   int
	gone    bool // close when the queue is empty
	wake    chan struct{}
	stopped chan struct{}
	once    sync.Once
	done    chan struct{}
}

func newSession(a chat.ConnectRequest) *session {
	s := &session{
		arrival: a, commands: make(chan wire.Command, 1000), bad: make(chan wire.Code, 1000), ended: make(chan *CloseError, 1),
		wake: make(chan struct{}, 1), stopped: make(chan struct{}), done: make(chan struct{}),
	}
	go s.writeAll()
	return s
}

var errEnded = errors.New("session ended")

func (s *session) Handle(cmd wire.Command) error {
	if s.receive != nil {
		return s.receive(cmd)
	}
	select {
	case s.commands <- cmd:
		return nil
	case <-s.stopped:
		return errEnded
	}
}

func (s *session) Malformed(_ string, code wire.Code) { s.bad <- code }

func (s *session) Touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alive++
}

// signs is the number of signs of life.
func (s *session) signs() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.alive
}

// queued is the number of frames that the writer has not begun.
func (s *session) queued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

func (s *session) SendControl(frame []byte) { s.send(frame) }

func (s *session) ReaderClosed(err error) {
	var end *CloseError
	errors.As(err, &end)
	s.ended <- end
	s.mu.Lock()
	s.gone = true
	s.mu.Unlock()
	s.poke()
}

// send queues a frame.
func (s *session) send(frame []byte) {
	s.mu.Lock()
	s.queue = append(s.queue, frame)
	s.mu.Unlock()
	s.poke()
}

func (s *session) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *session) next() (frame []byte, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil, s.gone
	}
	frame = s.queue[0]
	s.queue = s.queue[1:]
	return frame, false
}

func (s *session) writeAll() {
	defer close(s.done)
	defer s.arrival.Socket.Close()
	for {
		frame, gone := s.next()
		switch {
		case gone:
			return
		case frame != nil:
			if !s.write(frame) {
				return
			}
		default:
			select {
			case <-s.wake:
			case <-s.stopped:
				return
			}
		}
	}
}

// write tries for a while, as a writer that comes by again and again does, before it blocks.
func (s *session) write(frame []byte) bool {
	n, err := s.arrival.Socket.TryWrite(frame)
	if err == nil && 0 < n && n < len(frame) {
		s.partial.Add(1)
	}
	for tries := 0; err == nil && n < len(frame) && tries < 50; tries++ {
		runtime.Gosched()
		var more int
		more, err = s.arrival.Socket.TryWrite(frame[n:])
		n += more
	}
	if err == nil && n < len(frame) {
		s.arrival.Socket.SetWriteDeadline(time.Now().Add(10 * time.Second).UnixMilli())
		_, err = s.arrival.Socket.Write(frame[n:])
		s.arrival.Socket.SetWriteDeadline(0)
	}
	return err == nil
}

func (s *session) stop() { s.once.Do(func() { close(s.stopped); s.arrival.Socket.Close() }) }
func (s *session) wait() { <-s.done }

// end is how the read loop ended.
func (s *session) end(t testing.TB) *CloseError {
	t.Helper()
	select {
	case e := <-s.ended:
		return e
	case <-time.After(waitTime):
		t.Fatal("the read loop does not end")
		return nil
	}
}

func (s *session) command(t testing.TB) wire.Command {
	t.Helper()
	select {
	case c := <-s.commands:
		return c
	case <-time.After(waitTime):
		t.Fatal("no command came")
		return wire.Command{}
	}
}

// text is a frame of the server.
func text(s string) []byte { return wire.Seal(append(wire.Begin(nil), s...)) }
