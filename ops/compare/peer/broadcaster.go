package main

import "github.com/lxzan/gws"

// broadcaster gives each message to the queue that gws keeps for every connection.
type broadcaster struct{ roll }

func newBroadcaster() fanout { return &broadcaster{} }

func (b *broadcaster) send(payload []byte) {
	all := gws.NewBroadcaster(gws.OpcodeText, payload)
	defer all.Close()
	for _, m := range b.roll {
		_ = all.Broadcast(m.conn) // where it fails the read loop ends
	}
}
