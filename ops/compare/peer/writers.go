package main

import "sync"

const keepQueue = 16 << 10 // bytes of a buffer that is kept for the next frames

// writers gives every connection a goroutine, which writes all that has queued in one write.
type writers struct{ roll }

func newWriters() fanout { return &writers{} }

func (w *writers) add(m *member) {
	m.queue = &queue{kick: make(chan struct{}, 1)}
	w.roll.add(m)
	go m.queue.drain(m)
}

func (w *writers) remove(m *member) {
	w.roll.remove(m)
	close(m.queue.kick) // nobody pushes any more: both are done under the room's mutex
}

func (w *writers) send(payload []byte) {
	f := frame(payload)
	for _, m := range w.roll {
		m.queue.push(f)
	}
}

// A queue is the frames that wait for one connection.
type queue struct {
	kick chan struct{} // holds one while there is something new; closed at the end

	mu     sync.Mutex
	frames [][]byte
}

func (q *queue) push(f []byte) {
	q.mu.Lock()
	q.frames = append(q.frames, f)
	first := len(q.frames) == 1
	q.mu.Unlock()
	if first {
		select {
		case q.kick <- struct{}{}:
		default: // it is to look anyway
		}
	}
}

// drain writes what queues until the queue is closed.
func (q *queue) drain(m *member) {
	var frames [][]byte
	var buf []byte
	for range q.kick {
		q.mu.Lock()
		frames, q.frames = q.frames, frames[:0]
		q.mu.Unlock()
		news := together(buf[:0], frames)
		if len(news) > 0 {
			_, _ = m.raw.Write(news) // where it fails the read loop ends
		}
		if len(frames) > 1 {
			buf = news
		}
		if cap(buf) > keepQueue {
			buf = nil
		}
		clear(frames)
	}
}

// together is the frames end to end, in buf where there are several.
func together(buf []byte, frames [][]byte) []byte {
	if len(frames) == 1 {
		return frames[0]
	}
	for _, f := range frames {
		buf = append(buf, f...)
	}
	return buf
}
