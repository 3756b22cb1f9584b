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

// Aliases of arguments and results of Core's methods. With them, the node needs no import of the packages below.
type (
	// APIWrite is a write that Core.Write stores.
	APIWrite = room.APIWrite
	// HistoryPage is the result of Core.History.
	HistoryPage = room.HistoryPage
	// RoomLoad is an element of the result of Core.RoomLoads.
	RoomLoad = room.Load
	// RoomSize is a position in the order of Core.Rooms.
	RoomSize = presence.RoomSize
	// RoomsPage is the result of Core.Rooms.
	RoomsPage = presence.RoomsPage
	// RosterPage is the result of Core.Roster.
	RosterPage = presence.RosterPage
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
