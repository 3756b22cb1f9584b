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

// session is a fake of a session and its writer: a queue of frames, and a goroutine that writes them with TryWrite,
// then with Write if the socket is full.
type session struct {
	connect   chat.ConnectRequest
	commands  chan wire.Command
	malformed chan wire.Code
	ended     chan *CloseError
	handle    func(wire.Command) error // replaces Handle; set before the first frame

	partial atomic.Int64 // frames of which the first TryWrite wrote only a part

	mu      sync.Mutex
	queue   [][]byte
	touches int
	closing bool // close when the queue is empty
	wake    chan struct{}
	stopped chan struct{}
	once    sync.Once
	done    chan struct{}
}

func newSession(a chat.ConnectRequest) *session {
	s := &session{
		connect: a, commands: make(chan wire.Command, 1000), malformed: make(chan wire.Code, 1000), ended: make(chan *CloseError, 1),
		wake: make(chan struct{}, 1), stopped: make(chan struct{}), done: make(chan struct{}),
	}
	go s.writeAll()
	return s
}

var errEnded = errors.New("session ended")

func (s *session) Handle(cmd wire.Command) error {
	if s.handle != nil {
		return s.handle(cmd)
	}
	select {
	case s.commands <- cmd:
		return nil
	case <-s.stopped:
		return errEnded
	}
}

func (s *session) Malformed(_ string, code wire.Code) { s.malformed <- code }

func (s *session) Touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touches++
}

// touchCount returns the number of calls of Touch.
func (s *session) touchCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.touches
}

// queued returns the number of frames that are not being written yet.
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
	s.closing = true
	s.mu.Unlock()
	s.signal()
}

// send queues a frame.
func (s *session) send(frame []byte) {
	s.mu.Lock()
	s.queue = append(s.queue, frame)
	s.mu.Unlock()
	s.signal()
}

func (s *session) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *session) next() (frame []byte, closing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil, s.closing
	}
	frame = s.queue[0]
	s.queue = s.queue[1:]
	return frame, false
}

func (s *session) writeAll() {
	defer close(s.done)
	defer s.connect.Socket.Close()
	for {
		frame, closing := s.next()
		switch {
		case closing:
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

// write calls TryWrite several times, as the passes of a writer do, before it blocks in Write.
func (s *session) write(frame []byte) bool {
	n, err := s.connect.Socket.TryWrite(frame)
	if err == nil && 0 < n && n < len(frame) {
		s.partial.Add(1)
	}
	for attempts := 0; err == nil && n < len(frame) && attempts < 50; attempts++ {
		runtime.Gosched()
		var more int
		more, err = s.connect.Socket.TryWrite(frame[n:])
		n += more
	}
	if err == nil && n < len(frame) {
		s.connect.Socket.SetWriteDeadline(time.Now().Add(10 * time.Second).UnixMilli())
		_, err = s.connect.Socket.Write(frame[n:])
		s.connect.Socket.SetWriteDeadline(0)
	}
	return err == nil
}

func (s *session) stop() { s.once.Do(func() { close(s.stopped); s.connect.Socket.Close() }) }
func (s *session) wait() { <-s.done }

// closeError returns the argument of ReaderClosed.
func (s *session) closeError(t testing.TB) *CloseError {
	t.Helper()
	select {
	case e := <-s.ended:
		return e
	case <-time.After(waitTime):
		t.Fatal("timeout: the reader did not end")
		return nil
	}
}

func (s *session) command(t testing.TB) wire.Command {
	t.Helper()
	select {
	case c := <-s.commands:
		return c
	case <-time.After(waitTime):
		t.Fatal("timeout: no command received")
		return wire.Command{}
	}
}

// text returns a text frame of the server.
func text(s string) []byte { return wire.Seal(append(wire.Begin(nil), s...)) }
