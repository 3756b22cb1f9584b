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

// errSanction answers a sanction of no known kind or for a negative time.
var errSanction = errors.New("a sanction must be a ban, a mute or a slow mode of a subject, for no negative time")

// Impose implements actors.Sanctions.
func (s *Store) Impose(ctx context.Context, x chat.Sanction, forHowLong time.Duration) (chat.Sanction, error) {
	const doing = "impose a sanction"
	if !x.Valid() || forHowLong < 0 {
		return x, wrapOp(doing, errSanction)
	}
	x.Since = 0
	raw, err := json.Marshal(x)
	if err != nil {
		return x, wrapOp(doing, err)
	}
	c := &call{
		script: s.scripts.sanction,
		keys:   []string{s.keys.sanctions(), s.keys.sanctionDetails()},
		args:   []any{sanctionField(x.Kind, x.Subject), forHowLong.Milliseconds(), string(raw[1 : len(raw)-1])},
	}
	if err := s.link.run(ctx, doing, c); err != nil {
		return x, err
	}
	times, ok := c.reply.([]any)
	if !ok || len(times) != 2 {
		return x, wrapOp(doing, errReply)
	}
	x.Since, x.Until = int64(toInt(times[0])), int64(toInt(times[1]))
	return x, nil
}

// Lift implements actors.Sanctions.
func (s *Store) Lift(ctx context.Context, kind chat.SanctionKind, subject string) (bool, error) {
	c := &call{
		script: s.scripts.lift,
		keys:   []string{s.keys.sanctions(), s.keys.sanctionDetails()},
		args:   []any{sanctionField(kind, subject)},
	}
	err := s.link.run(ctx, "lift a sanction", c)
	return toInt(c.reply) == 1, err
}

// ListIfChanged implements actors.Sanctions.
func (s *Store) ListIfChanged(ctx context.Context, version string) (list []chat.Sanction, newVersion string, ok bool, err error) {
	const doing = "read the sanctions"
	c := &call{
		script: s.scripts.sanctions,
		keys:   []string{s.keys.sanctions(), s.keys.sanctionDetails()},
		args:   []any{version},
	}
	if err := s.link.run(ctx, doing, c); err != nil {
		return nil, version, false, err
	}
	reply, is := c.reply.([]any)
	if !is || len(reply)%3 != 1 {
		return nil, version, false, wrapOp(doing, errReply)
	}
	newVersion, _ = reply[0].(string)
	if newVersion == version {
		return nil, version, false, nil
	}
	for i := 1; i < len(reply); i += 3 {
		x, err := readSanction(reply[i : i+3])
		if err != nil {
			return nil, version, false, wrapOp(doing, err)
		}
		list = append(list, x)
	}
	return list, newVersion, true, nil
}

// readSanction reads field, end and detail. A detail that nobody can read counts as none: a user is banned
// without a reason then, and nobody else's ban is lost with it.
func readSanction(v []any) (x chat.Sanction, err error) {
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

// sanctionField joins kind and subject; kinds hold no colon.
func sanctionField(kind chat.SanctionKind, subject string) string {
	return string(kind) + ":" + subject
}
