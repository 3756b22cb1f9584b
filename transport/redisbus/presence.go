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

// A score of presence is a time whose low bits are a tag, see presence.lua.
const (
	tagSpan = 512 // ms, the precision of last seen, and one more than there are tags
	tags    = tagSpan - 1
)

// usersPerCall bounds one run of the presence script, which hands them to one command.
const usersPerCall = 1000

// Apply implements actors.PresenceStore: one script a room, all rooms in one pipeline.
func (s *Store) Apply(ctx context.Context, changes []chat.PresenceChange) ([]wire.Counts, error) {
	const doing = "write presence"
	tag, err := s.presenceTag(ctx)
	if err != nil {
		return nil, err
	}
	var calls []*call
	last := make([]*call, len(changes)) // the call that answers the change
	for i := range changes {
		parts, err := s.presenceCalls(&changes[i], tag)
		if err != nil {
			return nil, wrapOp(doing, err)
		}
		calls = append(calls, parts...)
		last[i] = parts[len(parts)-1]
	}
	if err := s.link.run(ctx, doing, calls...); err != nil {
		return nil, err
	}
	counts := make([]wire.Counts, len(changes))
	for i, c := range last {
		n, ok := c.reply.([]any)
		if !ok || len(n) != len(roles) {
			return nil, wrapOp(doing, errReply)
		}
		counts[i] = wire.Counts{Guests: toInt(n[0]), Members: toInt(n[1]), Admins: toInt(n[2])}
	}
	return counts, nil
}

// toInt is an integer of a reply; what is none counts as 0.
func toInt(v any) int {
	n, _ := v.(int64)
	return int(n)
}

// presenceTag returns this process's tag. The first call takes the next one of all nodes; it comes
// again after 510 others.
func (s *Store) presenceTag(ctx context.Context) (int64, error) {
	if tag := s.tag.Load(); tag != 0 {
		return tag, nil
	}
	err := s.link.do("take a presence tag", func(c redis.UniversalClient) error {
		n, err := c.Incr(ctx, s.keys.presenceTags()).Result()
		if err == nil {
			s.tag.CompareAndSwap(0, n%tags+1)
		}
		return err
	})
	return s.tag.Load(), err
}

// presenceCalls cuts a change into script calls; the last one notifies and has the counts.
func (s *Store) presenceCalls(ch *chat.PresenceChange, tag int64) ([]*call, error) {
	gone, err := byRole(ch.Left)
	if err != nil {
		return nil, err
	}
	here, err := byRole(ch.Present)
	if err != nil {
		return nil, err
	}
	lists := append(gone[:], here[:]...)
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
	head, tail := envelopeAround(typePresence, s.sender, room, "")
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

// byRole sorts users by role, in the order of roles.
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

// Roster implements actors.PresenceStore. It reads the whole room and cuts the page here, because a
// zset by time cannot be paged by id; names and avatars are not kept in Redis and stay empty: the
// actors ask the other nodes.
func (s *Store) Roster(ctx context.Context, room, cursor string, limit int) (users []wire.User, next string, err error) {
	const doing = "read the roster"
	names := s.keys.presence(room)
	c := &call{script: s.scripts.roster, keys: names[:], args: []any{s.opts.Lease.Milliseconds()}}
	if err := s.link.run(ctx, doing, c); err != nil {
		return nil, "", err
	}
	all, err := readRoster(c.reply, cursor)
	if err != nil {
		return nil, "", wrapOp(doing, err)
	}
	if limit < 1 || len(all) <= limit {
		return all, "", nil
	}
	return all[:limit], all[limit-1].ID, nil
}

// readRoster reads the users whose ids follow the cursor, in the order of ids.
func readRoster(v any, cursor string) ([]wire.User, error) {
	lists, ok := v.([]any)
	if !ok || len(lists) != len(roles) {
		return nil, errReply
	}
	var all []wire.User
	for i, list := range lists {
		ids, ok := list.([]any)
		if !ok {
			return nil, errReply
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
