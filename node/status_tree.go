package node

import "chatnode/actors"

// A branch says under which kind of actor another one hangs; empty: under the node itself.
type branch struct{ kind, parent string }

// actorTree is every kind of actor, each below its parent, in the order in which they are shown.
var actorTree = []branch{
	{actors.KindBridge, ""},
	{actors.KindOut, actors.KindBridge},
	{actors.KindIn, actors.KindBridge},
	{actors.KindStore, actors.KindBridge},
	{actors.KindJournal, ""},
	{actors.KindRooms, ""},
	{actors.KindRoom, actors.KindRooms},
	{actors.KindPresence, ""},
	{actors.KindBeat, ""},
	{actors.KindSanctions, ""},
	{actors.KindClients, ""},
	{actors.KindSession, actors.KindClients},
	{actors.KindWriter, ""},
	{actors.KindOutbox, actors.KindWriter},
}
