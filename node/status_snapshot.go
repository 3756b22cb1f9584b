package node

import (
	"context"
	"slices"
	"time"

	"chatnode/actors/process"
	"chatnode/actors/room"
)

// A statusSnapshot is what takes a walk over all rooms and processes to know. It never changes once made.
type statusSnapshot struct {
	at        time.Time
	window    time.Duration // over which the rooms' rates were measured
	rooms     int           // how many there are
	bySize    []statusRoom  // the largest
	byRate    []statusRoom  // the busiest
	processes int
	busy      []statusProcess
	loads     map[string]process.MailboxLoad
}

const (
	snapshotInterval = 5 * time.Second
	maxSnapshotItems = 1000        // rooms and processes that can be paged through
	roomsTimeout     = time.Second // for the rooms' answer; then the last one stands
)

// snapshot is the newest survey. Whoever finds it due makes the next one; the others take what there is.
func (s *status) snapshot(ctx context.Context, now time.Time) *statusSnapshot {
	last, due, age := s.latest.Load(), s.dueAt.Load(), int64(now.Sub(s.startedAt))
	if last != nil && (age < due || !s.dueAt.CompareAndSwap(due, age+int64(snapshotInterval))) {
		return last
	}
	next := s.takeSnapshot(ctx, last, now)
	s.latest.Store(next)
	s.dueAt.Store(age + int64(snapshotInterval))
	return next
}

// takeSnapshot makes a survey. Rooms that do not answer in time are as they were in the last one.
func (s *status) takeSnapshot(ctx context.Context, last *statusSnapshot, now time.Time) *statusSnapshot {
	mailboxes := s.node.sys.MailboxSnapshot(maxSnapshotItems)
	v := &statusSnapshot{at: now, loads: mailboxes.Loads, processes: len(mailboxes.Fullest), busy: make([]statusProcess, len(mailboxes.Fullest))}
	for i, m := range mailboxes.Fullest {
		v.busy[i] = statusProcess{m.ID, m.Depth, m.Capacity, m.Utilization()}
	}
	ctx, cancel := context.WithTimeout(ctx, roomsTimeout)
	defer cancel()
	rooms, err := s.node.core.RoomLoads(ctx)
	switch {
	case err == nil:
		v.setRooms(rooms, now.Sub(s.previousAt(last)))
	case last != nil:
		v.window, v.rooms, v.bySize, v.byRate = last.window, last.rooms, last.bySize, last.byRate
	}
	return v
}

// previousAt is when the survey before was made.
func (s *status) previousAt(last *statusSnapshot) time.Time {
	if last == nil {
		return s.startedAt
	}
	return last.at
}

func (v *statusSnapshot) setRooms(rooms []room.RoomLoad, window time.Duration) {
	v.rooms, v.window = len(rooms), window
	v.bySize = topRooms(rooms, (*room.RoomLoad).BySize)
	v.byRate = topRooms(rooms, (*room.RoomLoad).ByRate)
}

// topRooms are the first rooms in an order; rooms is sorted on the way.
func topRooms(rooms []room.RoomLoad, order func(a, b *room.RoomLoad) int) []statusRoom {
	slices.SortFunc(rooms, func(a, b room.RoomLoad) int { return order(&a, &b) })
	top := make([]statusRoom, min(len(rooms), maxSnapshotItems))
	for i := range top {
		r := &rooms[i]
		top[i] = statusRoom{r.Room, r.Members, roundHundredths(r.PerSecond), r.Shown}
	}
	return top
}
