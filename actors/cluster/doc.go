// Package cluster renews the lease of this instance in the registry, and knows the other instances.
//
//	messages.go     messages to the heartbeat, and its kind
//	deps.go         Deps
//	heartbeat.go    Heartbeat: one actor that calls the registry periodically
//	requests.go     calls of the store
//	view.go         View: the instances and the clock of the log, readable by all actors
//
// cluster does not send messages to other nodes. It decides neither whether the node is degraded nor what happens
// then.
package cluster
