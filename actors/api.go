package actors

import (
	"chatnode/actors/cluster"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/presence"
	"chatnode/actors/publisher"
	"chatnode/actors/room"
	"chatnode/actors/store"
)

// Arguments and results of Core's methods. They are aliases, so that the node imports none of the packages below
// this one.
type (
	APIWrite    = room.APIWrite
	HistoryPage = room.HistoryPage
	RoomLoad    = room.RoomLoad
	RoomSize    = presence.RoomSize
	RoomsPage   = presence.RoomsPage
	RosterPage  = presence.RosterPage
)

// ErrNoSanction is the error of Core.Lift if there is no such sanction.
var ErrNoSanction = moderation.ErrNoSanction

// SuspectAfter is the age of the last heartbeat from which an instance counts as suspect.
const SuspectAfter = cluster.SuspectAfter

// The kinds of actors that own a connection to Redis.
var (
	PublisherKind  = publisher.Kind
	DispatcherKind = link.DispatcherKind
	StoreKind      = store.Kind
)
