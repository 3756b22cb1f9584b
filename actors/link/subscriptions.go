package link

import (
	"maps"
	"slices"
	"time"
)

// onSubscribeRoom adds a room, and marks it in changed.
func (l *Link) onSubscribeRoom(m SubscribeRoom, changed map[string]struct{}) {
	l.rooms[m.Room] = m.Process
	l.deps.Dispatcher.Post(&addRoute{m.Room, m.Process})
	changed[m.Room] = struct{}{}
}

// onUnsubscribeRoom removes a room, and marks it in changed.
func (l *Link) onUnsubscribeRoom(m UnsubscribeRoom, changed map[string]struct{}) {
	l.deps.Dispatcher.Post(&removeRoute{m.Room, m.Process})
	if l.rooms[m.Room] != m.Process {
		return
	}
	delete(l.rooms, m.Room)
	l.markCaughtUp(m.Room)
	changed[m.Room] = struct{}{}
}

// updateSubscriptions subscribes to the changed rooms that still exist, and unsubscribes from the others.
func (l *Link) updateSubscriptions(changed map[string]struct{}) {
	var added, removed []string
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		if l.rooms[name] != nil {
			added = append(added, name)
		} else {
			removed = append(removed, name)
		}
	}
	l.subscribe(added)
	l.unsubscribe(removed)
}

func (l *Link) subscribeAll() { l.subscribe(slices.Sorted(maps.Keys(l.rooms))) }

// subscribe subscribes to the channels of the rooms. Entries published before may be missing, so the rooms are asked
// to read the log.
func (l *Link) subscribe(names []string) {
	if len(names) == 0 {
		return
	}
	ctx, cancel := l.callContext()
	defer cancel()
	if err := l.deps.Subscriber.Subscribe(ctx, names...); err != nil {
		l.fail(err, true)
		return
	}
	l.state.onTraffic(time.Now()) // Redis has confirmed the call; no probe was sent during it
	subscribed := &RoomSubscribed{l.generation}
	for _, name := range names {
		if p := l.rooms[name]; p != nil {
			p.Post(subscribed)
		}
	}
}

func (l *Link) unsubscribe(names []string) {
	if len(names) == 0 || !l.state.subscribed {
		return
	}
	ctx, cancel := l.callContext()
	defer cancel()
	if err := l.deps.Subscriber.Unsubscribe(ctx, names...); err != nil {
		l.fail(err, true)
		return
	}
	l.state.onTraffic(time.Now())
}

// startCatchUp asks all rooms to read the entries that they may have missed, and the publisher to replay the journal.
func (l *Link) startCatchUp() {
	l.generation++
	clear(l.lagging)
	for name := range l.rooms {
		l.lagging[name] = struct{}{}
	}
	l.pollLagging()
	l.deps.Publisher.Post(&ReplayRequest{})
}

// pollLagging asks the rooms that have not caught up to read the log.
func (l *Link) pollLagging() {
	subscribed := &RoomSubscribed{l.generation}
	for name := range l.lagging {
		l.rooms[name].Post(subscribed)
	}
	l.markCaughtUp("")
}

func (l *Link) onRoomCaughtUp(m RoomCaughtUp) {
	if m.Generation == l.generation {
		l.markCaughtUp(m.Room)
	}
}

// markCaughtUp removes a room from the lagging rooms, and notifies the state if none is left.
func (l *Link) markCaughtUp(room string) {
	delete(l.lagging, room)
	if len(l.lagging) == 0 {
		l.state.onRoomsCaughtUp(time.Now())
	}
}
