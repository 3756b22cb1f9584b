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

// Kinds lists every kind of actor of a node, each after its parent. NewSystem needs it.
var Kinds = []process.Kind{
	link.Kind, publisher.Kind, link.DispatcherKind, store.Kind, publisher.JournalKind, room.DirectoryKind, room.Kind,
	presence.Kind, cluster.Kind, moderation.Kind, session.DirectoryKind, session.Kind, fanout.WriterKind, fanout.OutboxKind,
}
