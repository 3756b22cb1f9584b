package fanout

import (
	"chatnode/actors/wire"
)

// frameSize is the initial capacity of a frame, in bytes. Most frames are smaller.
const frameSize = 256

// Begin returns a buffer for a frame of ordinary size.
func Begin() []byte { return wire.Begin(make([]byte, 0, frameSize)) }

// Seal completes a frame that Begin has started.
func Seal(b []byte) []byte { return wire.Seal(b) }
