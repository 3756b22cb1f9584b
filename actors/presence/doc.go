// Package presence tracks the users that are present in the rooms of this node, and shares their counts and names with
// the other nodes.
//
//	messages.go       messages to the tracker, and its kind
//	deps.go           Deps, Config
//	tracker.go        Tracker: one actor that collects changes and writes them to the store
//	requests.go       calls of the store
//	state.go          state: the local users of all rooms, and the changes that the store does not have yet; pure
//	local_room.go     localRoom: the local users of one room; pure
//	roster.go         rosters for clients, read from the store
//	names.go          names and avatars of a roster, which other nodes may have to send
//	name_cache.go     nameCache: names that other nodes have sent; pure
//	rooms.go          Rooms: list of rooms for HTTP handlers
//	roster_page.go    Roster: page of a roster for HTTP handlers
//
// presence counts users, not sessions. It does not send frames to rooms: it sends the counts to the dispatcher or to
// the bus, and each room displays them.
package presence
