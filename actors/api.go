package actors

import "chatnode/actors/wire"

// An Outcome is what became of a write: an ack, or the code of why not.
type Outcome struct {
	Ack  wire.Ack
	Code wire.Code // CodeNone: see Ack
}
