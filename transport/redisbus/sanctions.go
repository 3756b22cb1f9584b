package redisbus

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Sanctions keeps who may not do what, for all nodes.
type Sanctions interface {
	// Impose sets or replaces a sanction for a time, 0: for ever. It returns it with its times.
	Impose(ctx context.Context, s Sanction, forHowLong time.Duration) (Sanction, error)
	// Lift ends a sanction; it reports whether there was one.
	Lift(ctx context.Context, kind SanctionKind, subject string) (bool, error)
	// Changed lists the sanctions that hold, where they are others than at the version, empty at
	// first; else ok is false. Lapsed sanctions are left out, so a holder must heed Until itself.
	Changed(ctx context.Context, version string) (list []Sanction, newVersion string, ok bool, err error)
}

// A SanctionKind says what a sanction forbids.
type SanctionKind string

// The kinds of sanction.
const (
	Ban      SanctionKind = "ban"  // the user may not connect
	Mute     SanctionKind = "mute" // the user may not write
	SlowMode SanctionKind = "slow" // the room's users may write one message in PerUserMs
)

// A Sanction is a ban, a mute or a room's slow mode. Times are ms of Redis's clock.
type Sanction struct {
	Kind      SanctionKind `json:"-"`
	Subject   string       `json:"-"` // a user's id; SlowMode: a room
	Reason    string       `json:"reason,omitempty"`
	By        string       `json:"by"`                  // who imposed it
	PerUserMs int64        `json:"perUserMs,omitempty"` // SlowMode only
	Since     int64        `json:"since,omitempty"`
	Until     int64        `json:"-"` // 0: for ever
}

// errSanction answers a sanction of no known kind or for a negative time.
var errSanction = errors.New("a sanction must be a ban, a mute or a slow mode of a subject, for no negative time")

// Impose implements Sanctions.
func (s *Store) Impose(ctx context.Context, x Sanction, forHowLong time.Duration) (Sanction, error) {
	const doing = "impose a sanction"
	if x.Kind != Ban && x.Kind != Mute && x.Kind != SlowMode || x.Subject == "" || forHowLong < 0 {
		return x, fault(doing, errSanction)
	}
	x.Since = 0
	raw, err := json.Marshal(x)
	if err != nil {
		return x, fault(doing, err)
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
		return x, fault(doing, errReply)
	}
	x.Since, x.Until = int64(number(times[0])), int64(number(times[1]))
	return x, nil
}

// Lift implements Sanctions.
func (s *Store) Lift(ctx context.Context, kind SanctionKind, subject string) (bool, error) {
	c := &call{
		script: s.scripts.lift,
		keys:   []string{s.keys.sanctions(), s.keys.sanctionDetails()},
		args:   []any{sanctionField(kind, subject)},
	}
	err := s.link.run(ctx, "lift a sanction", c)
	return number(c.reply) == 1, err
}

// Changed implements Sanctions.
func (s *Store) Changed(ctx context.Context, version string) (list []Sanction, newVersion string, ok bool, err error) {
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
		return nil, version, false, fault(doing, errReply)
	}
	newVersion, _ = reply[0].(string)
	if newVersion == version {
		return nil, version, false, nil
	}
	for i := 1; i < len(reply); i += 3 {
		x, err := readSanction(reply[i : i+3])
		if err != nil {
			return nil, version, false, fault(doing, err)
		}
		list = append(list, x)
	}
	return list, newVersion, true, nil
}

// readSanction reads field, end and detail.
func readSanction(v []any) (x Sanction, err error) {
	field, _ := v[0].(string)
	end, _ := v[1].(string)
	detail, _ := v[2].(string)
	if err := json.Unmarshal([]byte(detail), &x); err != nil {
		return x, err
	}
	kind, subject, _ := strings.Cut(field, ":")
	x.Kind, x.Subject = SanctionKind(kind), subject
	if end == "inf" {
		return x, nil
	}
	at, err := strconv.ParseFloat(end, 64)
	x.Until = int64(at)
	return x, err
}

// sanctionField joins kind and subject; kinds hold no colon.
func sanctionField(kind SanctionKind, subject string) string { return string(kind) + ":" + subject }
