package timeline

import (
	"chatnode/actors/chat"
)

// An Effect is what the shell must do.
type Effect struct {
	Kind  effectKind
	Entry chat.Entry // show
	Query chat.Query // read
	Why   string     // resync
}

type effectKind uint8

const (
	EffectShow         effectKind = iota + 1 // give the entry to the members
	EffectRead                               // read the log and bring the page back
	EffectResync                             // tell the members to reload
	EffectGap                                // count a hole that was noticed
	EffectDuplicate                          // count a delivery that was shown before
	EffectRewound                            // the log has lost entries: those who wrote them must look
	EffectFlushWaiting                       // what is known has been shown: waiting joins may go on
	EffectCaughtUp                           // a read has come to the log's end: nothing was missed until then
)

// What a resync tells the members.
const (
	WhyEpoch = "the room's log has begun anew, or a failover has lost a part of it"
	whyGone  = "the log no longer holds what was missed"
)

// Take returns the effects since the last take. The slice is valid until the next take.
func (s *Timeline) Take() []Effect {
	s.effects, s.taken = s.taken[:0], s.effects
	return s.taken
}

func (s *Timeline) emit(e Effect) { s.effects = append(s.effects, e) }
