package main

import (
	"net"
	"sync"

	"github.com/lxzan/gws"
)

// queue is the frames that wait for one connection.
type queue struct {
	wake chan struct{} // capacity 1; full if there are new frames; closed when the member has left

	mu     sync.Mutex
	frames [][]byte
}

func (q *queue) push(frame []byte) {
	q.mu.Lock()
	q.frames = append(q.frames, frame)
	q.mu.Unlock()
	wake(q.wake)
}

// run writes all queued frames at once until the member has left.
func (q *queue) run(conn *gws.Conn) {
	var frames [][]byte
	for range q.wake {
		q.mu.Lock()
		frames, q.frames = q.frames, frames[:0]
		q.mu.Unlock()
		all := net.Buffers(frames)
		_, _ = all.WriteTo(conn.NetConn()) // one writev
		clear(frames)
	}
}
