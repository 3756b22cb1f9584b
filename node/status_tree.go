package node

import (
	"chatnode/actors/cluster"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/presence"
	"chatnode/actors/publisher"
	"chatnode/actors/room"
	"chatnode/actors/session"
	"chatnode/actors/store"
)

// A actorParent says under which kind of actor another one hangs; empty: under the node itself.
type actorParent struct{ kind, parent string }

// actorTree is every kind of actor, each below its parent, in the order in which they are shown.
var actorTree = []actorParent{
	{link.KindBridge, ""},
	{publisher.KindOut, link.KindBridge},
	{link.KindIn, link.KindBridge},
	{store.KindStore, link.KindBridge},
	{publisher.KindJournal, ""},
	{room.KindRooms, ""},
	{room.KindRoom, room.KindRooms},
	{presence.KindPresence, ""},
	{cluster.KindHeartbeat, ""},
	{moderation.KindSanctions, ""},
	{session.KindClients, ""},
	{session.KindSession, session.KindClients},
	{fanout.KindWriter, ""},
	{fanout.KindOutbox, fanout.KindWriter},
}
