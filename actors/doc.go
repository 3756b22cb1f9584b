// Package actors builds and wires the actors of one node. It contains no behavior. Start prepares all
// processes, gives each its dependencies, and launches them. The packages below form layers, and each imports only
// packages on lower lines:
//
//	session
//	room
//	presence, moderation
//	cluster, publisher
//	link
//	store
//	fanout
//	timeline
//	process, chat
//	wire, stats
//
// Files:
//
//	core.go       Core, Ports, New
//	start.go      creates and wires the processes
//	config.go     the configuration of each package
//	lifecycle.go  admits, drains and stops
//	calls.go      calls of HTTP handlers
//	api.go        aliases of the types and values that HTTP handlers use
//	kinds.go      the table of kinds of actors
package actors
