// Package node wires a chat node: configuration, construction, lifecycle and HTTP routes.
//
//	config*.go     every setting, with its default and its bounds
//	log*.go        the logger, its level at run time, repeats held back
//	node.go        New: everything built, nothing started
//	engine.go      what the actors' ports are made of: the embedded log, or Redis
//	lifecycle.go   Run: start, serve, and the orderly end
//	http.go        the routes, and what every answer carries
//	health.go      /health, /livez and /readyz
//	status*.go     what /status shows: this node's picture of the cluster, its links, rooms and actors
//	metrics*.go    /metrics: who may see it, the guide's JSON, and what Prometheus reads
//	api*.go        /api/v1: who may use it, what a request must look like, and the answers of the actors
//
// Nothing here decides about chat (package actors) or owns a socket or file (package transport).
package node
