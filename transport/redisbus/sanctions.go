package redisbus

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"chatnode/actors/chat"
)

// errInvalidSanction rejects a sanction with an unknown kind, an empty subject or a negative duration.
var errInvalidSanction = errors.New("sanction without a valid kind, subject and duration")

// Impose implements chat.Sanctions.
func (s *Store) Impose(ctx context.Context, x chat.Sanction, duration time.Duration) (chat.Sanction, error) {
	const op = "impose sanction"
	if !x.Valid() || duration < 0 {
		return x, wrapOp(op, errInvalidSanction)
	}
	x.Since = 0
	raw, err := json.Marshal(x)
	if err != nil {
		return x, wrapOp(op, err)
	}
	c := &call{
		script: s.scripts.sanction,
		keys:   []string{s.keys.sanctions(), s.keys.sanctionDetails()},
		args:   []any{sanctionField(x.Kind, x.Subject), duration.Milliseconds(), string(raw[1 : len(raw)-1])},
	}
	if err := s.conn.run(ctx, op, c); err != nil {
		return x, err
	}
	times, ok := c.reply.([]any)
	if !ok || len(times) != 2 {
		return x, wrapOp(op, errUnexpectedReply)
	}
	x.Since, x.Until = int64(toInt(times[0])), int64(toInt(times[1]))
	return x, nil
}

// Lift implements chat.Sanctions.
func (s *Store) Lift(ctx context.Context, kind chat.SanctionKind, subject string) (bool, error) {
	c := &call{
		script: s.scripts.lift,
		keys:   []string{s.keys.sanctions(), s.keys.sanctionDetails()},
		args:   []any{sanctionField(kind, subject)},
	}
	err := s.conn.run(ctx, "lift sanction", c)
	return toInt(c.reply) == 1, err
}

// ListIfChanged implements chat.Sanctions.
func (s *Store) ListIfChanged(
	ctx context.Context, version string,
) (list []chat.Sanction, newVersion string, ok bool, err error) {
	const op = "read sanctions"
	c := &call{
		script: s.scripts.sanctions,
		keys:   []string{s.keys.sanctions(), s.keys.sanctionDetails()},
		args:   []any{version},
	}
	if err := s.conn.run(ctx, op, c); err != nil {
		return nil, version, false, err
	}
	reply, isList := c.reply.([]any)
	if !isList || len(reply)%3 != 1 {
		return nil, version, false, wrapOp(op, errUnexpectedReply)
	}
	newVersion, _ = reply[0].(string)
	if newVersion == version {
		return nil, version, false, nil
	}
	for i := 1; i < len(reply); i += 3 {
		x, err := parseSanction(reply[i : i+3])
		if err != nil {
			return nil, version, false, wrapOp(op, err)
		}
		list = append(list, x)
	}
	return list, newVersion, true, nil
}

// parseSanction parses a field, its end and its detail. If the detail is invalid, parseSanction returns the sanction
// without a reason, so that the ban remains active and the other sanctions can be read.
func parseSanction(v []any) (x chat.Sanction, err error) {
	field, _ := v[0].(string)
	end, _ := v[1].(string)
	detail, _ := v[2].(string)
	if json.Unmarshal([]byte(detail), &x) != nil {
		x = chat.Sanction{}
	}
	kind, subject, _ := strings.Cut(field, ":")
	x.Kind, x.Subject = chat.SanctionKind(kind), subject
	if end == "inf" {
		return x, nil
	}
	at, err := strconv.ParseFloat(end, 64)
	x.Until = int64(at)
	return x, err
}

// sanctionField joins kind and subject. No kind contains a colon.
func sanctionField(kind chat.SanctionKind, subject string) string {
	return string(kind) + ":" + subject
}
