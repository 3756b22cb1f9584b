// Package link contains the two actors that connect this node to the other nodes of the chat. The link (process kind
// bridge) opens the subscriber, maintains the subscriptions of the rooms, and decides whether the connection works.
// The dispatcher (process kind bridge_in) forwards the received events to the rooms. A node without Redis uses the
// same actors with a local bus.
//
// The package must not import the packages of the actors that it notifies (rooms, presence, moderation, publisher,
// cluster). It knows them as addresses in Deps, and they import its messages.
//
// Files:
//
//	messages.go       messages to the link and to the dispatcher, messages that the link sends, kinds
//	deps.go           Deps and Config
//	link.go           Link: the actor around the state machine; it applies the effects
//	state.go          state: pure state machine that decides whether the node is healthy
//	subscriptions.go  Link: subscriptions of the rooms, and their catch-up after an outage
//	status.go         Link: announces changes of the link and of the log of a standalone node
//	health.go         Health: the announced state, readable without a message
//	dispatcher.go     Dispatcher: forwards received events to their room
package link
