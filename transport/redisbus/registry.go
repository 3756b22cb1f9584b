package redisbus

import (
	"context"
	"encoding/json"
	"strconv"

	"chatnode/actors"
)

// Beat implements actors.Registry. A record expires before its instance is removed from the index; what
// it said is remembered from the beats before, so that a silent instance can be seen until then.
func (s *Store) Beat(ctx context.Context, connectedClients int) (actors.Cluster, error) {
	const doing = "send the heartbeat"
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{
		script: s.scripts.beat,
		keys:   []string{s.keys.instances(), s.keys.instance(s.opts.InstanceID)},
		args: []any{
			s.opts.InstanceID, s.opts.Incarnation, connectedClients, s.started,
			int((3 * s.opts.HeartbeatInterval).Seconds()), s.opts.DeadAfter.Milliseconds(),
		},
	}
	if err := s.link.run(ctx, doing, c); err != nil {
		return actors.Cluster{}, err
	}
	view, err := s.readBeat(c.reply)
	return view, fault(doing, err)
}

// readBeat reads {now, record before, id, last heartbeat, record, …}.
func (s *Store) readBeat(v any) (view actors.Cluster, err error) {
	reply, ok := v.([]any)
	if !ok || len(reply) < 2 {
		return view, errReply
	}
	view.Now = int64(number(reply[0]))
	s.clock.heard(view.Now)
	before, _ := reply[1].(string)
	view.Duplicate = s.duplicate(before)
	known := map[string]actors.Instance{}
	for i := 2; i+2 < len(reply); i += 3 {
		id, _ := reply[i].(string)
		beat, _ := reply[i+1].(string)
		record, _ := reply[i+2].(string)
		in, err := s.instance(id, beat, record)
		if err != nil {
			return view, err
		}
		known[id] = in
		view.Instances = append(view.Instances, in)
	}
	s.known, s.started = known, known[s.opts.InstanceID].StartedAt
	return view, nil
}

// duplicate returns whose record stood where ours should. At our first beat it may be the one that
// our predecessor left.
func (s *Store) duplicate(record string) string {
	var in actors.Instance
	if s.started == 0 || json.Unmarshal([]byte(record), &in) != nil || in.Incarnation == s.opts.Incarnation {
		return ""
	}
	return in.Incarnation
}

// instance makes one line of the view. The index says when it last beat; a record that nobody can
// read counts as none.
func (s *Store) instance(id, beat, record string) (actors.Instance, error) {
	in := s.known[id]
	var read actors.Instance
	if json.Unmarshal([]byte(record), &read) == nil {
		in = read
	}
	at, err := strconv.ParseFloat(beat, 64)
	in.InstanceID, in.LastHeartbeat = id, int64(at)
	return in, err
}

// Remove implements actors.Registry.
func (s *Store) Remove(ctx context.Context) error {
	return s.link.run(ctx, "leave the registry", &call{
		script: s.scripts.leave,
		keys:   []string{s.keys.instances(), s.keys.instance(s.opts.InstanceID)},
		args:   []any{s.opts.InstanceID, s.opts.Incarnation},
	})
}
