package chat

import (
	"context"
	"time"
)

// Sanctions keeps who may not do what, for all nodes, and across their restarts.
type Sanctions interface {
	// Impose sets or replaces a sanction for a time, 0: for ever. It returns it with its times.
	Impose(ctx context.Context, s Sanction, forHowLong time.Duration) (Sanction, error)
	// Lift ends a sanction; it reports whether there was one.
	Lift(ctx context.Context, kind SanctionKind, subject string) (bool, error)
	// ListIfChanged lists the sanctions that hold, where they are others than at the version, empty at
	// first; else ok is false. Lapsed sanctions are left out, so a holder must heed Until itself.
	ListIfChanged(ctx context.Context, version string) (list []Sanction, newVersion string, ok bool, err error)
}

// A SanctionKind says what a sanction forbids.
type SanctionKind string

// The kinds of sanction.
const (
	Ban      SanctionKind = "ban"  // the user may not connect
	Mute     SanctionKind = "mute" // the user may not write
	SlowMode SanctionKind = "slow" // the room's users may write one message in PerUserMs
)

// A Sanction is a ban, a mute or a room's slow mode. Times are ms of the log's clock.
type Sanction struct {
	Kind      SanctionKind `json:"-"`
	Subject   string       `json:"-"` // a user's id; SlowMode: a room
	Reason    string       `json:"reason,omitempty"`
	By        string       `json:"by"`                  // who imposed it
	PerUserMs int64        `json:"perUserMs,omitempty"` // SlowMode only
	Since     int64        `json:"since,omitempty"`
	Until     int64        `json:"-"` // 0: for ever
}

// Valid says whether the kind is known and there is a subject.
func (s *Sanction) Valid() bool {
	switch s.Kind {
	case Ban, Mute, SlowMode:
		return s.Subject != ""
	}
	return false
}
