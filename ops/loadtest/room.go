package main

import (
	"strconv"
	"sync"
	"sync/atomic"

	"chatnode/ops/loadtest/ledger"
)

// room is what all its readers share.
type room struct {
	name    string
	index   int
	witness *client       // the client that reads what a reload has skipped
	high    atomic.Uint64 // the highest ledger.Position that a client received

	mu     sync.Mutex
	epochs []string // in the order in which readers met them
}

func newRooms(prefix string, n int) []*room {
	rooms := make([]*room, n)
	for i := range rooms {
		rooms[i] = &room{name: prefix + strconv.Itoa(i), index: i}
	}
	return rooms
}

// epoch returns the number of an epoch, from 1, and the shared copy of its name.
func (r *room) epoch(name []byte) (number uint16, same string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, e := range r.epochs {
		if e == string(name) {
			return uint16(i + 1), e
		}
	}
	r.epochs = append(r.epochs, string(name))
	return uint16(len(r.epochs)), r.epochs[len(r.epochs)-1]
}

// raise records that a position exists. Positions of a later epoch are higher than those of all earlier ones.
func (r *room) raise(at ledger.Position) {
	for old := r.high.Load(); uint64(at) > old && !r.high.CompareAndSwap(old, uint64(at)); old = r.high.Load() {
	}
}
