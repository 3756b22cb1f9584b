// Package moderation keeps the bans, mutes and slow modes (sanctions) of this node up to date, and carries out the
// orders of moderators.
//
//	messages.go     messages to the moderator, and its kind
//	deps.go         Deps
//	moderator.go    Moderator: reads the sanctions and disconnects banned users
//	disconnect.go   orders to disconnect a user on all nodes
//	requests.go     calls of the store: change a sanction, read the sanctions
//	register.go     Register: the sanctions in force, readable by all actors
//	service.go      Service: the API for HTTP handlers
//
// Sessions and rooms enforce the sanctions; they read the Register. moderation does not check the rights of a
// moderator.
package moderation
