// Package room runs the chat rooms of a node. One Room actor per room in memory keeps its members, passes writes to
// the publisher, and sends the entries of the log to the writers of its members in order. The Directory finds or
// spawns rooms by name.
//
// A room subscribes to the bus, reads the newest page of the log, and is open then. The timeline decides the order of
// the entries; the other parts of a room are types that do not access the room. While Redis is unavailable, writes go
// to the journal, and the room sends them to the members of this node as provisional entries without a seq.
//
//	deps.go               Deps, Config
//	messages.go           messages from and to other packages
//	internal_messages.go  messages within the package
//	directory.go          Directory: rooms in memory
//	room.go               Room: parts, messages, start, recovery, end
//	reader.go             reader: access to the log, opening
//	store_requests.go     requests to the store
//	effects.go            effects of the timeline, broadcasts
//	members.go            members: clients in the room
//	joins.go              joinQueue: joins that wait; answers to joins
//	write.go              writes of clients
//	acks.go               acks: entries in the log that are not displayed yet
//	journal.go            operation without Redis
//	provisional.go        provisionalEntries: entries in the journal
//	history.go            history requests, AskForHistory
//	presence_notice.go    presenceNotice: counts of the users present
//	slow_mode.go          slowModeTimes: last message of each user
//	retirement.go         retirement: end of an idle room
//	load.go               Load, measures, AskForLoads
//	latency.go            latencySample: time from write to display
//	api.go                APIWrite, SubmitWrite
//	audit.go              audit log of admins
//
// room does not write to connections and does not call Redis; writers and the store do.
package room
