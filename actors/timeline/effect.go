package timeline

import (
	"chatnode/actors/chat"
)

// An Effect is one action for the caller. Kind determines which other field is set.
type Effect struct {
	Kind   EffectKind
	Entry  chat.Entry // EffectShow
	Query  chat.Query // EffectRead; without Room
	Reason string     // EffectResync; for users
}

// EffectKind is the action of an Effect.
type EffectKind uint8

// The kinds of effect.
const (
	EffectShow         EffectKind = iota + 1 // send the entry to the members
	EffectRead                               // read the log, then call OnPage or Failed
	EffectResync                             // send a resync to the members
	EffectGap                                // count a gap
	EffectDuplicate                          // count a delivery of an entry that was displayed before
	EffectRewound                            // the log lost entries: their writers must verify them
	EffectFlushWaiting                       // all known entries are displayed: answer the waiting joins and reads
	EffectCaughtUp                           // a read has reached the end of the log: nothing was missed before it
)

// The reasons of a resync.
const (
	ReasonReset   = "The room's log was reset, or a failover lost part of it."
	ReasonTrimmed = "The missed entries are no longer in the log."
)

// Take returns the effects since the last call. The slice is valid until the next call.
func (t *Timeline) Take() []Effect {
	t.effects, t.taken = t.taken[:0], t.effects
	return t.taken
}

func (t *Timeline) emit(e Effect) { t.effects = append(t.effects, e) }
