// Package chat is the domain of the chat: values, and the ports through which actors reach storage, bus and sockets. It
// contains no actors, and imports only wire.
//
//	audit.go     AuditEvent: an action of a moderator
//	connect.go   ConnectRequest: a connection that asks for a session
//	control.go   operations of Control
//	entry.go     Entry, Write, Receipt, Query, Page: the log of a room
//	fold.go      Fold: edits and deletions applied to a history
//	id.go        the parts of an entry's id
//	identity.go  Role, Identity
//	ports.go     Appender, Subscriber, Reader, PresenceStore, Registry, Journal, Socket; events of the bus
//	kind.go      EntryKind: the table of entry kinds
//	results.go   results of API calls
//	sanction.go  bans, mutes and slow mode
//	settings.go  Settings: the configuration of the actors
package chat
