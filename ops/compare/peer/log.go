package main

import "slices"

const (
	pollInterval = 64      // members between two reads of the log
	maxLog       = 1 << 20 // bytes of a log before it is trimmed
)

// roomLog is an append-only log of frames. The room's mu protects it.
type roomLog struct {
	wake  chan struct{} // capacity 1; full if the log has grown
	bytes []byte
	start int64 // offset of bytes[0] in all bytes ever appended
}

func (l *roomLog) end() int64 { return l.start + int64(len(l.bytes)) }

func (l *roomLog) add(frame []byte) {
	l.bytes = append(l.bytes, frame...)
	wake(l.wake)
}

// run writes to each member all bytes that it has not received, when the log has grown.
func (r *room) run() {
	for range r.log.wake {
		r.mu.Lock()
		members := slices.Clone(r.members)
		r.mu.Unlock()
		for part := range slices.Chunk(members, pollInterval) {
			r.mu.Lock()
			log := *r.log
			r.mu.Unlock()
			for _, m := range part {
				if m.sent < log.end() {
					_, _ = m.conn.NetConn().Write(log.bytes[m.sent-log.start:])
					m.sent = log.end()
				}
			}
		}
		r.trimLog()
	}
}

// trimLog removes the bytes that all members have received.
func (r *room) trimLog() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.log.bytes) < maxLog {
		return
	}
	end := r.log.end()
	for _, m := range r.members {
		end = min(end, m.sent)
	}
	r.log.bytes = slices.Delete(r.log.bytes, 0, int(end-r.log.start))
	r.log.start = end
}

// wake signals a channel of capacity 1.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
