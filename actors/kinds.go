package actors

import (
	"chatnode/actors/cluster"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/presence"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	"chatnode/actors/room"
	"chatnode/actors/session"
	"chatnode/actors/store"
)

// Kinds are all kinds of actor that a node has.
var Kinds = []process.Kind{
	{Name: session.KindSession, Many: true}, {Name: room.KindRooms, Many: false}, {Name: room.KindRoom, Many: true}, {Name: fanout.KindWriter, Many: false}, {Name: fanout.KindOutbox, Many: true}, {Name: link.KindBridge, Many: false}, {Name: publisher.KindOut, Many: false},
	{Name: link.KindIn, Many: false}, {Name: store.KindStore, Many: false}, {Name: publisher.KindJournal, Many: false}, {Name: presence.KindPresence, Many: false}, {Name: cluster.KindHeartbeat, Many: false}, {Name: session.KindClients, Many: false}, {Name: moderation.KindSanctions, Many: false},
}
