// Package localbus is the bus of a standalone node. It stores entries in the embedded log and delivers them to the
// same node. It implements the same ports of package chat as redisbus, except chat.Sanctions.
//
//	bus.go         Bus: New, Close, the ports
//	appender.go    appends to the log and publishes signals
//	subscriber.go  delivers events from one goroutine with a bounded queue
//	presence.go    users present, with leases
//	registry.go    registry with this node as the only instance
package localbus
