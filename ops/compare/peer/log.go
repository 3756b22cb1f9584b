package main

import (
	"slices"
	"sync"
)

const (
	lookAgain = 64      // members between two looks at the log
	keepLog   = 1 << 20 // bytes of log from which on what everybody has had is dropped
)

// A roomLog is an append-only log of frames, and one goroutine that walks the members and gives each all
// that it has not had, in one write.
type roomLog struct {
	kick chan struct{} // holds one while there is something new

	mu      sync.Mutex
	log     []byte
	start   int64 // where in all that was ever logged log begins
	members roll
}

func newLog() fanout {
	l := &roomLog{kick: make(chan struct{}, 1)}
	go l.walk() // as long as the process: rooms stay
	return l
}

func (l *roomLog) add(m *member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m.had = l.start + int64(len(l.log))
	l.members.add(m)
}

func (l *roomLog) remove(m *member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.members.remove(m)
}

func (l *roomLog) send(payload []byte) {
	l.mu.Lock()
	l.log = append(l.log, frame(payload)...)
	l.mu.Unlock()
	select {
	case l.kick <- struct{}{}:
	default: // it is to walk anyway
	}
}

// walk goes over the members whenever there is something new.
func (l *roomLog) walk() {
	var members []*member
	for range l.kick {
		l.mu.Lock()
		members = append(members[:0], l.members...)
		l.mu.Unlock()
		for part := range slices.Chunk(members, lookAgain) {
			l.mu.Lock()
			log, start := l.log, l.start
			l.mu.Unlock()
			for _, m := range part {
				if news := log[m.had-start:]; len(news) > 0 {
					_, _ = m.raw.Write(news) // where it fails the read loop ends
					m.had += int64(len(news))
				}
			}
		}
		l.trim()
	}
}

// trim drops what every member has had, into a new array: the log is appended to by others.
func (l *roomLog) trim() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.log) < keepLog {
		return
	}
	least := l.start + int64(len(l.log))
	for _, m := range l.members {
		least = min(least, m.had)
	}
	l.log = append(make([]byte, 0, cap(l.log)), l.log[least-l.start:]...)
	l.start = least
}
