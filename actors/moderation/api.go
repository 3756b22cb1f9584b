package moderation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// ErrNoSanction says that there was nothing to lift.
var ErrNoSanction = errors.New("no such sanction")

// errSanction is the end of what no sanction is.
var errSanction = errors.New("a sanction must be a ban, a mute or a slow mode of a subject")

// Impose sets or replaces a sanction for a time, 0: for ever. When it returns, this node enforces it; the
// others do within a second. ErrDegraded: it was not imposed, or nobody knows; the last known sanctions
// stay in force.
func (c *Service) Impose(ctx context.Context, s chat.Sanction, forHowLong time.Duration) (chat.Sanction, error) {
	if !s.Valid() {
		return chat.Sanction{}, errSanction
	}
	o, err := c.order(ctx, &sanctionRequest{sanction: s, span: forHowLong})
	if err != nil {
		return chat.Sanction{}, err
	}
	return o.sanction, nil
}

// Lift ends a sanction. ErrNoSanction: there was none.
func (c *Service) Lift(ctx context.Context, kind chat.SanctionKind, subject string) error {
	o, err := c.order(ctx, &sanctionRequest{sanction: chat.Sanction{Kind: kind, Subject: subject}, lift: true})
	if err == nil && !o.found {
		err = ErrNoSanction
	}
	return err
}

func (c *Service) order(ctx context.Context, o *sanctionRequest) (*sanctionRequest, error) {
	if c.Link.Degraded() {
		return nil, chat.ErrDegraded
	}
	return process.Ask(ctx, c.Store, func(done chan<- process.Answer[*sanctionRequest]) any {
		o.done, o.port, o.reply = done, c.Port, c.Self
		return o
	})
}

// Sanctions lists at most limit sanctions that hold, by kind and subject, as this node last heard: those
// of the kind (empty: all) after the given one (zero: from the first).
func (c *Register) Sanctions(kind chat.SanctionKind, after chat.Sanction, limit int) (list []chat.Sanction, more bool) {
	v := c.current.Load()
	if v == nil {
		return nil, false
	}
	for of, subjects := range v.kinds {
		for subject := range subjects {
			s, holds := c.Sanctioned(of, subject)
			if holds && (kind == "" || kind == of) && compareSanctions(after, s) < 0 {
				list = append(list, s)
			}
		}
	}
	slices.SortFunc(list, compareSanctions)
	if more = len(list) > limit; more {
		list = list[:limit:limit]
	}
	return list, more
}

func compareSanctions(a, b chat.Sanction) int {
	if c := strings.Compare(string(a.Kind), string(b.Kind)); c != 0 {
		return c
	}
	return strings.Compare(a.Subject, b.Subject)
}

// Disconnect closes every connection of a user on every node, with 1008 and the reason. It returns when
// the order was heard on the bus. ErrDegraded: only this node's connections are closed for certain.
func (c *Service) Disconnect(ctx context.Context, userID, reason string) error {
	_, err := process.Ask(ctx, c.Self, func(done chan<- process.Answer[struct{}]) any {
		return &disconnectRequest{chat.Control{Op: chat.ControlDisconnect, UserID: userID, Reason: reason}, done}
	})
	return err
}
