package redisbus

import "context"

// subscribeRooms subscribes to the rooms of all groups, with one command per group. It pipelines the commands of each
// shard. If that fails, for example because a slot has moved, it subscribes to one group after another.
func (s *subscriberSession) subscribeRooms(ctx context.Context, groups [][]string) error {
	if len(groups) > 1 && s.subscribePipelined(ctx, groups) == nil {
		return nil
	}
	for _, group := range groups {
		c, err := s.subscribe(ctx, s.sub.channels(group))
		if err != nil {
			return err
		}
		s.recordOwner(c, group)
	}
	return nil
}

func (s *subscriberSession) subscribePipelined(ctx context.Context, groups [][]string) error {
	byHost := map[string][][]string{}
	for _, group := range groups {
		host, err := s.router.host(ctx, s.sub.keys.broadcast(group[0]))
		if err != nil {
			return err
		}
		byHost[host] = append(byHost[host], group)
	}
	for host, hostGroups := range byHost {
		c, err := s.subscribeAt(ctx, host, s.sub.channels(hostGroups[0])) // connects to the shard if necessary
		if err != nil {
			return err
		}
		if err := c.update(ctx, "subscribe", s.sub.channelsOf(hostGroups[1:])...); err != nil {
			return err
		}
		s.recordOwner(c, hostGroups...)
	}
	return nil
}

// recordOwner records the connection of the rooms.
func (s *subscriberSession) recordOwner(c *pubsubConn, groups ...[]string) {
	for _, group := range groups {
		for _, room := range group {
			s.rooms[room] = c
		}
	}
}

// unsubscribeRooms unsubscribes from rooms that are subscribed.
func (s *subscriberSession) unsubscribeRooms(ctx context.Context, groups [][]string) error {
	byConn := map[*pubsubConn][][]string{}
	for _, group := range groups {
		c := s.rooms[group[0]]
		byConn[c] = append(byConn[c], group)
	}
	for c, connGroups := range byConn {
		if err := c.update(ctx, "unsubscribe", s.sub.channelsOf(connGroups)...); err != nil {
			return err
		}
		for _, group := range connGroups {
			for _, room := range group {
				delete(s.rooms, room)
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
