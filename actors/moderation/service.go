package moderation

import (
	"context"
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// ErrNoSanction is the error of Lift if the sanction does not exist.
var ErrNoSanction = errors.New("sanction not found")

var errInvalidSanction = errors.New("invalid sanction: it must be a ban, a mute or a slow mode, with a subject")

// Service carries out the orders of moderators. Its methods are safe for concurrent use and block until the order is
// carried out or ctx ends.
type Service struct{ deps *Deps }

// NewService returns the Service of a moderator.
func NewService(deps *Deps) *Service { return &Service{deps} }

// Impose sets or replaces a sanction for a duration; 0: permanent. When it returns, this node enforces the sanction.
// The other nodes do within PollInterval. After ErrDegraded, the sanction may have been imposed or not.
func (s *Service) Impose(ctx context.Context, sanction chat.Sanction, duration time.Duration) (chat.Sanction, error) {
	if !sanction.Valid() {
		return chat.Sanction{}, errInvalidSanction
	}
	r, err := s.apply(ctx, &sanctionRequest{sanction: sanction, duration: duration})
	if err != nil {
		return chat.Sanction{}, err
	}
	return r.sanction, nil
}

// Lift ends a sanction. It returns ErrNoSanction if the sanction does not exist.
func (s *Service) Lift(ctx context.Context, kind chat.SanctionKind, subject string) error {
	r, err := s.apply(ctx, &sanctionRequest{sanction: chat.Sanction{Kind: kind, Subject: subject}, lift: true})
	if err == nil && !r.found {
		err = ErrNoSanction
	}
	return err
}

func (s *Service) apply(ctx context.Context, r *sanctionRequest) (*sanctionRequest, error) {
	if s.deps.Link.Degraded() {
		return nil, chat.ErrDegraded
	}
	return process.Ask(ctx, s.deps.Store, func(answer chan<- process.Answer[*sanctionRequest]) any {
		r.answer, r.port, r.reply = answer, s.deps.Port, s.deps.Moderator
		return r
	})
}

// Disconnect closes all connections of a user on all nodes with 1008 and the reason. It returns when this node has
// received the order from the bus. It returns ErrDegraded if only the connections of this node are closed for certain.
func (s *Service) Disconnect(ctx context.Context, userID, reason string) error {
	_, err := process.Ask(ctx, s.deps.Moderator, func(reply chan<- process.Answer[struct{}]) any {
		return &disconnectRequest{chat.Control{Op: chat.ControlDisconnect, UserID: userID, Reason: reason}, reply}
	})
	return err
}
