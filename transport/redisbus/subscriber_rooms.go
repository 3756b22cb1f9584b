package redisbus

import "context"

// What a hearing does with rooms, in the groups that one command may name: in a cluster each room is one.

// subscribeRooms subscribes to the rooms. All commands for a shard travel together; where a slot has moved, one
// room after the other follows it.
func (h *subscriberSession) subscribeRooms(ctx context.Context, groups [][]string) error {
	if len(groups) > 1 && h.subscribePipelined(ctx, groups) == nil {
		return nil
	}
	for _, group := range groups {
		e, err := h.subscribe(ctx, h.sub.channels(group))
		if err != nil {
			return err
		}
		h.recordOwner(e, group)
	}
	return nil
}

func (h *subscriberSession) subscribePipelined(ctx context.Context, groups [][]string) error {
	byHost := map[string][][]string{}
	for _, group := range groups {
		host, err := h.router.host(ctx, h.sub.keys.broadcast(group[0]))
		if err != nil {
			return err
		}
		byHost[host] = append(byHost[host], group)
	}
	for host, there := range byHost {
		e, err := h.subscribeAt(ctx, host, h.sub.channels(there[0])) // the first one opens a shard's ear
		if err != nil {
			return err
		}
		if err := e.update(ctx, "subscribe", h.sub.channelsOf(there[1:])...); err != nil {
			return err
		}
		h.recordOwner(e, there...)
	}
	return nil
}

// recordOwner remembers who has the rooms.
func (h *subscriberSession) recordOwner(e *pubsubConn, groups ...[]string) {
	for _, group := range groups {
		for _, room := range group {
			h.rooms[room] = e
		}
	}
}

// unsubscribeRooms unsubscribes from rooms that are followed.
func (h *subscriberSession) unsubscribeRooms(ctx context.Context, groups [][]string) error {
	byEar := map[*pubsubConn][][]string{}
	for _, group := range groups {
		e := h.rooms[group[0]]
		byEar[e] = append(byEar[e], group)
	}
	for e, there := range byEar {
		if err := e.update(ctx, "unsubscribe", h.sub.channelsOf(there)...); err != nil {
			return err
		}
		for _, group := range there {
			for _, room := range group {
				delete(h.rooms, room)
			}
		}
	}
	return nil
}

func (s *Subscriber) channelsOf(groups [][]string) [][]string {
	lists := make([][]string, len(groups))
	for i, group := range groups {
		lists[i] = s.channels(group)
	}
	return lists
}
