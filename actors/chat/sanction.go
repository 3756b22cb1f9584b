package chat

import (
	"context"
	"time"
)

// Sanctions stores bans, mutes and slow modes for all nodes, across restarts.
type Sanctions interface {
	// Impose creates or replaces a sanction and returns it with its times. duration 0: permanent.
	Impose(ctx context.Context, s Sanction, duration time.Duration) (Sanction, error)
	// Lift ends a sanction. It returns false if there was none.
	Lift(ctx context.Context, kind SanctionKind, subject string) (bool, error)
	// ListIfChanged returns all active sanctions if their version differs from the given one, which is empty at first;
	// otherwise ok is false. Expired sanctions are omitted, and the caller must check Until itself.
	ListIfChanged(ctx context.Context, version string) (list []Sanction, newVersion string, ok bool, err error)
}

// SanctionKind is the type of a sanction.
type SanctionKind string

// Kinds of sanction.
const (
	Ban      SanctionKind = "ban"  // the user must not connect
	Mute     SanctionKind = "mute" // the user must not write
	SlowMode SanctionKind = "slow" // users of the room may write one message per PerUserMs
)

// Sanction is a ban, a mute, or the slow mode of a room. Times are ms of the log's clock.
type Sanction struct {
	Kind      SanctionKind `json:"-"`
	Subject   string       `json:"-"` // id of a user; SlowMode: a room
	Reason    string       `json:"reason,omitempty"`
	By        string       `json:"by"`                  // admin who imposed it
	PerUserMs int64        `json:"perUserMs,omitempty"` // SlowMode only
	Since     int64        `json:"since,omitempty"`
	Until     int64        `json:"-"` // 0: permanent
}

// Valid reports whether the kind is known and the subject is set.
func (s *Sanction) Valid() bool {
	switch s.Kind {
	case Ban, Mute, SlowMode:
		return s.Subject != ""
	}
	return false
}
