package actors

// Kinds of actor, the labels of their figures.
const (
	KindSession   = "session"
	KindRooms     = "rooms"
	KindRoom      = "room"
	KindWriter    = "writer"
	KindOutbox    = "outbox"
	KindBridge    = "bridge"
	KindOut       = "bridge_out"
	KindIn        = "bridge_in"
	KindStore     = "store"
	KindJournal   = "journal"
	KindPresence  = "presence"
	KindBeat      = "heartbeat"
	KindClients   = "clients"
	KindSanctions = "sanctions"
)

// Kinds are all kinds of actor that a node has.
var Kinds = []ActorKind{
	{KindSession, true}, {KindRooms, false}, {KindRoom, true}, {KindWriter, false}, {KindOutbox, true}, {KindBridge, false}, {KindOut, false},
	{KindIn, false}, {KindStore, false}, {KindJournal, false}, {KindPresence, false}, {KindBeat, false}, {KindClients, false}, {KindSanctions, false},
}
