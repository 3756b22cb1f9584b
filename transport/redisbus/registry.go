package redisbus

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"chatnode/actors/chat"
)

// Heartbeat implements actors.Registry. All instances list all instances at every beat, so the list is what a beat
// costs: the records of those that are known are read by one command, which costs Redis a fraction of what a
// script does that gathers them, and the index only where it must hold others than these.
//
// A record expires before its instance is removed from the index; what it said is remembered from the beats
// before, so that a silent instance can be seen until then.
func (s *Store) Heartbeat(ctx context.Context, connectedClients int) (chat.Cluster, error) {
	const doing = "send the heartbeat"
	s.mu.Lock()
	defer s.mu.Unlock()
	own, others := s.beatCall(connectedClients), s.others()
	records, err := s.records(ctx, doing, others, own)
	if err != nil {
		return chat.Cluster{}, err
	}
	now, before, count, ok := readBeat(own.reply)
	if !ok {
		return chat.Cluster{}, wrapOp(doing, errReply)
	}
	s.clock.observe(now)
	view := chat.Cluster{Now: now, Duplicate: s.duplicate(before)}
	if s.started == 0 {
		s.started = now
	}
	if len(records)+1 != count || s.anyExpired(records, now) {
		if records, err = s.readIndex(ctx, doing, records); err != nil {
			return chat.Cluster{}, err
		}
	}
	records[s.opts.InstanceID] = chat.Instance{
		InstanceID: s.opts.InstanceID, Incarnation: s.opts.Incarnation, StartedAt: s.started, LastHeartbeat: now, ConnectedClients: connectedClients,
	}
	s.known = records
	view.Instances = slices.SortedFunc(maps.Values(records), func(a, b chat.Instance) int { return strings.Compare(a.InstanceID, b.InstanceID) })
	return view, nil
}

func (s *Store) beatCall(connectedClients int) *call {
	return &call{
		script: s.scripts.beat,
		keys:   []string{s.keys.instances(), s.keys.instance(s.opts.InstanceID)},
		args: []any{
			s.opts.InstanceID, s.opts.Incarnation, connectedClients, s.started,
			s.recordTTLMs() / 1000, s.opts.DeadAfter.Milliseconds(),
		},
	}
}

// recordTTLMs is how long a record lives, ms.
func (s *Store) recordTTLMs() int64 { return (3 * s.opts.HeartbeatInterval).Milliseconds() }

// others are the ids that are known, beside our own.
func (s *Store) others() []string {
	ids := make([]string, 0, len(s.known))
	for id := range s.known {
		if id != s.opts.InstanceID {
			ids = append(ids, id)
		}
	}
	return ids
}

// records reads the records of these ids, in one round trip with the calls before them. Who has none that can
// be read is not in it.
func (s *Store) records(ctx context.Context, doing string, ids []string, before ...*call) (map[string]chat.Instance, error) {
	get := &call{args: []any{"MGET"}}
	for _, id := range ids {
		get.args = append(get.args, s.keys.instance(id))
	}
	if len(ids) > 0 {
		before = append(before, get)
	}
	found := make(map[string]chat.Instance, len(ids))
	if err := s.link.run(ctx, doing, before...); err != nil || len(ids) == 0 {
		return found, err
	}
	replies, ok := get.reply.([]any)
	if !ok || len(replies) != len(ids) {
		return nil, wrapOp(doing, errReply)
	}
	for i, id := range ids {
		var in chat.Instance
		if text, ok := replies[i].(string); ok && json.Unmarshal([]byte(text), &in) == nil {
			in.InstanceID = id
			found[id] = in
		}
	}
	return found, nil
}

// readBeat reads the reply to a beat.
func readBeat(v any) (now int64, before string, count int, ok bool) {
	reply, _ := v.([]any)
	if len(reply) != 3 {
		return 0, "", 0, false
	}
	before, _ = reply[1].(string)
	return int64(toInt(reply[0])), before, toInt(reply[2]), true
}

// anyExpired reports whether an instance has not beaten for longer than its record lives.
func (s *Store) anyExpired(records map[string]chat.Instance, now int64) bool {
	for _, in := range records {
		if now-in.LastHeartbeat > s.recordTTLMs() {
			return true
		}
	}
	return false
}

// readIndex lists the other instances by the index, which says when each last beat. What is not among the
// records that were read is read, or else remembered.
func (s *Store) readIndex(ctx context.Context, doing string, read map[string]chat.Instance) (map[string]chat.Instance, error) {
	index := &call{args: []any{"ZRANGEBYSCORE", s.keys.instances(), "-inf", "+inf", "WITHSCORES"}}
	if err := s.link.run(ctx, doing, index); err != nil {
		return nil, err
	}
	reply, _ := index.reply.([]any)
	list := make(map[string]chat.Instance, len(reply)/2)
	var unread []string
	for i := 0; i+1 < len(reply); i += 2 {
		id, _ := reply[i].(string)
		score, _ := reply[i+1].(string)
		at, err := strconv.ParseFloat(score, 64)
		if err != nil {
			return nil, wrapOp(doing, err)
		}
		in, ok := read[id]
		if !ok {
			in, unread = s.known[id], append(unread, id)
		}
		in.InstanceID, in.LastHeartbeat = id, int64(at)
		list[id] = in
	}
	more, err := s.records(ctx, doing, unread)
	for id, in := range more {
		in.LastHeartbeat = list[id].LastHeartbeat
		list[id] = in
	}
	return list, err
}

// duplicate returns whose record stood where ours should. At our first beat it may be the one that
// our predecessor left.
func (s *Store) duplicate(record string) string {
	var in chat.Instance
	if s.started == 0 || json.Unmarshal([]byte(record), &in) != nil || in.Incarnation == s.opts.Incarnation {
		return ""
	}
	return in.Incarnation
}

// Deregister implements actors.Registry.
func (s *Store) Deregister(ctx context.Context) error {
	return s.link.run(ctx, "leave the registry", &call{
		script: s.scripts.leave,
		keys:   []string{s.keys.instances(), s.keys.instance(s.opts.InstanceID)},
		args:   []any{s.opts.InstanceID, s.opts.Incarnation},
	})
}
