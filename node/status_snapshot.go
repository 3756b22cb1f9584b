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
	surveyEvery = 5 * time.Second
	surveyDepth = 1000        // rooms and processes that can be paged through
	roomsWait   = time.Second // for the rooms' answer; then the last one stands
)

// snapshot is the newest survey. Whoever finds it due makes the next one; the others take what there is.
func (s *status) snapshot(ctx context.Context, now time.Time) *statusSnapshot {
	last, due, age := s.survey.Load(), s.due.Load(), int64(now.Sub(s.born))
	if last != nil && (age < due || !s.due.CompareAndSwap(due, age+int64(surveyEvery))) {
		return last
	}
	next := s.takeSnapshot(ctx, last, now)
	s.survey.Store(next)
	s.due.Store(age + int64(surveyEvery))
	return next
}

// takeSnapshot makes a survey. Rooms that do not answer in time are as they were in the last one.
func (s *status) takeSnapshot(ctx context.Context, last *statusSnapshot, now time.Time) *statusSnapshot {
	mailboxes := s.node.sys.MailboxSnapshot(surveyDepth)
	v := &statusSnapshot{at: now, loads: mailboxes.Loads, processes: len(mailboxes.Fullest), busy: make([]statusProcess, len(mailboxes.Fullest))}
	for i, m := range mailboxes.Fullest {
		v.busy[i] = statusProcess{m.ID, m.Depth, m.Capacity, m.Utilization()}
	}
	ctx, cancel := context.WithTimeout(ctx, roomsWait)
	defer cancel()
	rooms, err := s.node.core.RoomLoads(ctx)
	switch {
	case err == nil:
		v.takeRooms(rooms, now.Sub(s.before(last)))
	case last != nil:
		v.window, v.rooms, v.bySize, v.byRate = last.window, last.rooms, last.bySize, last.byRate
	}
	return v
}

// before is when the survey before was made.
func (s *status) before(last *statusSnapshot) time.Time {
	if last == nil {
		return s.born
	}
	return last.at
}

func (v *statusSnapshot) takeRooms(rooms []room.Load, window time.Duration) {
	v.rooms, v.window = len(rooms), window
	v.bySize = topRooms(rooms, (*room.Load).BySize)
	v.byRate = topRooms(rooms, (*room.Load).ByRate)
}

// topRooms are the first rooms in an order; rooms is sorted on the way.
func topRooms(rooms []room.Load, order func(a, b *room.Load) int) []statusRoom {
	slices.SortFunc(rooms, func(a, b room.Load) int { return order(&a, &b) })
	top := make([]statusRoom, min(len(rooms), surveyDepth))
	for i := range top {
		r := &rooms[i]
		top[i] = statusRoom{r.Room, r.Members, hundredth(r.PerSecond), r.Shown}
	}
	return top
}
