package redisbus

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A presence score is a time whose low bits are the tag of a node (see presence.lua).
const (
	tagRange = 512 // tags are below it; also the precision of times, in ms
	maxTag   = tagRange - 1
)

// usersPerCall is the maximum length of each list in one call. The script passes a list to one command.
const usersPerCall = 1000

// Apply implements chat.PresenceStore. It runs one script per room, all in one pipeline.
func (s *Store) Apply(ctx context.Context, changes []chat.PresenceChange) ([]wire.Counts, error) {
	const op = "write presence"
	tag, err := s.presenceTag(ctx)
	if err != nil {
		return nil, err
	}
	var calls []*call
	last := make([]*call, len(changes)) // last[i]: the call whose reply has the counts of changes[i]
	for i := range changes {
		parts, err := s.presenceCalls(&changes[i], tag)
		if err != nil {
			return nil, wrapOp(op, err)
		}
		calls = append(calls, parts...)
		last[i] = parts[len(parts)-1]
	}
	if err := s.conn.run(ctx, op, calls...); err != nil {
		return nil, err
	}
	counts := make([]wire.Counts, len(changes))
	for i, c := range last {
		n, ok := c.reply.([]any)
		if !ok || len(n) != len(roles) {
			return nil, wrapOp(op, errUnexpectedReply)
		}
		counts[i] = wire.Counts{Guests: toInt(n[0]), Members: toInt(n[1]), Admins: toInt(n[2])}
	}
	return counts, nil
}

// toInt returns an integer of a reply; 0 if v is not an integer.
func toInt(v any) int {
	n, _ := v.(int64)
	return int(n)
}

// presenceTag returns the tag of this process. The first call gets it from a counter that all nodes share. A tag is
// used again after 510 others.
func (s *Store) presenceTag(ctx context.Context) (int64, error) {
	if tag := s.tag.Load(); tag != 0 {
		return tag, nil
	}
	err := s.conn.do("get presence tag", func(c redis.UniversalClient) error {
		n, err := c.Incr(ctx, s.keys.presenceTags()).Result()
		if err == nil {
			s.tag.CompareAndSwap(0, n%maxTag+1)
		}
		return err
	})
	return s.tag.Load(), err
}

// presenceCalls splits a change into script calls. The last one notifies and returns the counts.
func (s *Store) presenceCalls(ch *chat.PresenceChange, tag int64) ([]*call, error) {
	left, err := byRole(ch.Left)
	if err != nil {
		return nil, err
	}
	present, err := byRole(ch.Present)
	if err != nil {
		return nil, err
	}
	lists := append(left[:], present[:]...)
	var calls []*call
	for {
		part := make([][]string, len(lists))
		done := true
		for i, list := range lists {
			n := min(len(list), usersPerCall)
			part[i], lists[i] = list[:n], list[n:]
			done = done && len(lists[i]) == 0
		}
		calls = append(calls, s.presenceCall(ch.Room, tag, part, done && ch.Notify))
		if done {
			return calls, nil
		}
	}
}

func (s *Store) presenceCall(room string, tag int64, lists [][]string, notify bool) *call {
	names, channel := s.keys.presence(room), ""
	if notify {
		channel = s.keys.presenceChannel(room)
	}
	head, tail := envelopeParts(typePresence, s.sender, room, "")
	args := []any{
		s.opts.Lease.Milliseconds(), int(max(presenceTTL, 2*s.opts.Lease).Seconds()), tag,
		channel, s.keys.publish(), head, strings.TrimSuffix(tail, "}"),
	}
	for _, list := range lists {
		args = append(args, len(list))
		for _, user := range list {
			args = append(args, user)
		}
	}
	return &call{script: s.scripts.presence, keys: append(names[:], s.keys.shared(room)), args: args}
}

// byRole groups users by role, in the order of roles.
func byRole(list []chat.PresentUser) (lists [len(roles)][]string, err error) {
	for _, p := range list {
		i := slices.Index(roles[:], p.Role)
		if i < 0 {
			return lists, fmt.Errorf("user %q has the unknown role %q", p.UserID, p.Role)
		}
		lists[i] = append(lists[i], p.UserID)
	}
	return lists, nil
}

// Roster implements chat.PresenceStore. It reads the whole room and selects the page, because a zset scored by time
// cannot be paged by id. Names and avatars are not stored in Redis and remain empty; the actors request them from the
// other nodes.
func (s *Store) Roster(
	ctx context.Context, room, cursor string, limit int,
) (users []wire.User, next string, err error) {
	const op = "read roster"
	names := s.keys.presence(room)
	c := &call{script: s.scripts.roster, keys: names[:], args: []any{s.opts.Lease.Milliseconds()}}
	if err := s.conn.run(ctx, op, c); err != nil {
		return nil, "", err
	}
	all, err := parseRoster(c.reply, cursor)
	if err != nil {
		return nil, "", wrapOp(op, err)
	}
	if limit < 1 || len(all) <= limit {
		return all, "", nil
	}
	return all[:limit], all[limit-1].ID, nil
}

// parseRoster returns the users with an id greater than cursor, sorted by id.
func parseRoster(v any, cursor string) ([]wire.User, error) {
	lists, ok := v.([]any)
	if !ok || len(lists) != len(roles) {
		return nil, errUnexpectedReply
	}
	var all []wire.User
	for i, list := range lists {
		ids, ok := list.([]any)
		if !ok {
			return nil, errUnexpectedReply
		}
		for _, id := range ids {
			if id, ok := id.(string); ok && id > cursor {
				all = append(all, wire.User{ID: id, Role: roles[i]})
			}
		}
	}
	slices.SortFunc(all, func(a, b wire.User) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}
