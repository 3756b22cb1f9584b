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

// Heartbeat implements chat.Registry. Every heartbeat of every instance lists all instances, so the list dominates the
// cost. Heartbeat reads the records of the known instances with one MGET, which costs Redis much less than a script
// that collects them. It reads the index only if the instances have changed.
//
// A record expires before its instance is removed from the index. Until then Heartbeat reports the last known record,
// so that a silent instance remains visible.
func (s *Store) Heartbeat(ctx context.Context, connectedClients int) (chat.Cluster, error) {
	const op = "send heartbeat"
	s.mu.Lock()
	defer s.mu.Unlock()
	own, others := s.heartbeatCall(connectedClients), s.otherIDs()
	records, err := s.readRecords(ctx, op, others, own)
	if err != nil {
		return chat.Cluster{}, err
	}
	now, previous, count, ok := parseHeartbeat(own.reply)
	if !ok {
		return chat.Cluster{}, wrapOp(op, errUnexpectedReply)
	}
	s.clock.observe(now)
	view := chat.Cluster{Now: now, Duplicate: s.duplicateIncarnation(previous)}
	if s.startedAt == 0 {
		s.startedAt = now
	}
	if len(records)+1 != count || s.anyExpired(records, now) {
		if records, err = s.readIndex(ctx, op, records); err != nil {
			return chat.Cluster{}, err
		}
	}
	records[s.opts.InstanceID] = chat.Instance{
		InstanceID: s.opts.InstanceID, Incarnation: s.opts.Incarnation, StartedAt: s.startedAt,
		LastHeartbeat: now, ConnectedClients: connectedClients,
	}
	s.known = records
	view.Instances = slices.SortedFunc(maps.Values(records), func(a, b chat.Instance) int {
		return strings.Compare(a.InstanceID, b.InstanceID)
	})
	return view, nil
}

func (s *Store) heartbeatCall(connectedClients int) *call {
	return &call{
		script: s.scripts.heartbeat,
		keys:   []string{s.keys.instances(), s.keys.instance(s.opts.InstanceID)},
		args: []any{
			s.opts.InstanceID, s.opts.Incarnation, connectedClients, s.startedAt,
			s.recordTTLMs() / 1000, s.opts.DeadAfter.Milliseconds(),
		},
	}
}

// recordTTLMs returns the TTL of a record.
func (s *Store) recordTTLMs() int64 { return (3 * s.opts.HeartbeatInterval).Milliseconds() }

// otherIDs returns the known instance ids except the own one.
func (s *Store) otherIDs() []string {
	ids := make([]string, 0, len(s.known))
	for id := range s.known {
		if id != s.opts.InstanceID {
			ids = append(ids, id)
		}
	}
	return ids
}

// readRecords returns the records of ids, without missing and invalid ones. calls run first, in the same round trip.
func (s *Store) readRecords(
	ctx context.Context, op string, ids []string, calls ...*call,
) (map[string]chat.Instance, error) {
	get := &call{args: []any{"MGET"}}
	for _, id := range ids {
		get.args = append(get.args, s.keys.instance(id))
	}
	if len(ids) > 0 {
		calls = append(calls, get)
	}
	found := make(map[string]chat.Instance, len(ids))
	if err := s.conn.run(ctx, op, calls...); err != nil || len(ids) == 0 {
		return found, err
	}
	replies, ok := get.reply.([]any)
	if !ok || len(replies) != len(ids) {
		return nil, wrapOp(op, errUnexpectedReply)
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

// parseHeartbeat parses the reply of the heartbeat script.
func parseHeartbeat(v any) (now int64, previous string, count int, ok bool) {
	reply, _ := v.([]any)
	if len(reply) != 3 {
		return 0, "", 0, false
	}
	previous, _ = reply[1].(string)
	return int64(toInt(reply[0])), previous, toInt(reply[2]), true
}

// anyExpired reports whether the last heartbeat of an instance is older than the TTL of its record.
func (s *Store) anyExpired(records map[string]chat.Instance, now int64) bool {
	for _, in := range records {
		if now-in.LastHeartbeat > s.recordTTLMs() {
			return true
		}
	}
	return false
}

// readIndex returns the instances in the index, with their last heartbeats. The argument read has the records that
// were read already. The missing ones are read. An instance whose record has expired gets its last known record.
func (s *Store) readIndex(
	ctx context.Context, op string, read map[string]chat.Instance,
) (map[string]chat.Instance, error) {
	index := &call{args: []any{"ZRANGEBYSCORE", s.keys.instances(), "-inf", "+inf", "WITHSCORES"}}
	if err := s.conn.run(ctx, op, index); err != nil {
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
			return nil, wrapOp(op, err)
		}
		in, ok := read[id]
		if !ok {
			in, unread = s.known[id], append(unread, id)
		}
		in.InstanceID, in.LastHeartbeat = id, int64(at)
		list[id] = in
	}
	more, err := s.readRecords(ctx, op, unread)
	for id, in := range more {
		in.LastHeartbeat = list[id].LastHeartbeat
		list[id] = in
	}
	return list, err
}

// duplicateIncarnation returns the incarnation of another process that wrote record under the own instance id; empty:
// none. The first heartbeat ignores the record, because the previous process of this instance may have written it.
func (s *Store) duplicateIncarnation(record string) string {
	var in chat.Instance
	if s.startedAt == 0 || json.Unmarshal([]byte(record), &in) != nil || in.Incarnation == s.opts.Incarnation {
		return ""
	}
	return in.Incarnation
}

// Deregister implements chat.Registry.
func (s *Store) Deregister(ctx context.Context) error {
	return s.conn.run(ctx, "deregister instance", &call{
		script: s.scripts.deregister,
		keys:   []string{s.keys.instances(), s.keys.instance(s.opts.InstanceID)},
		args:   []any{s.opts.InstanceID, s.opts.Incarnation},
	})
}
