package node

import (
	"context"
	"slices"
	"time"

	"chatnode/actors"
	"chatnode/actors/process"
)

// A statusSnapshot is the data of all rooms and processes, which is expensive to collect. It is immutable.
type statusSnapshot struct {
	at        time.Time
	window    time.Duration // time over which the rates of rooms were measured
	rooms     int           // number of all rooms
	bySize    []statusRoom  // largest rooms
	byRate    []statusRoom  // busiest rooms
	processes int
	busy      []statusProcess
	loads     map[string]process.MailboxLoad
}

const (
	snapshotInterval = 5 * time.Second
	maxSnapshotItems = 1000        // rooms or processes in a snapshot
	roomsTimeout     = time.Second // for the loads of rooms; then the last snapshot is used
)

// snapshot returns the latest snapshot. If a new one is due, the first request takes it, and concurrent requests get
// the last one.
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

// takeSnapshot takes a snapshot. If the rooms do not answer in time, it has the rooms of the last one.
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

// previousAt returns the time of the last snapshot, or the start of the node.
func (s *status) previousAt(last *statusSnapshot) time.Time {
	if last == nil {
		return s.startedAt
	}
	return last.at
}

func (v *statusSnapshot) setRooms(rooms []actors.RoomLoad, window time.Duration) {
	v.rooms, v.window = len(rooms), window
	v.bySize = topRooms(rooms, (*actors.RoomLoad).BySize)
	v.byRate = topRooms(rooms, (*actors.RoomLoad).ByRate)
}

// topRooms returns the first rooms by order. It sorts rooms in place.
func topRooms(rooms []actors.RoomLoad, order func(a, b *actors.RoomLoad) int) []statusRoom {
	slices.SortFunc(rooms, func(a, b actors.RoomLoad) int { return order(&a, &b) })
	top := make([]statusRoom, min(len(rooms), maxSnapshotItems))
	for i := range top {
		r := &rooms[i]
		top[i] = statusRoom{r.Room, r.Members, roundHundredths(r.PerSecond), r.Shown}
	}
	return top
}
