// Package localbus is the bus of a node that runs alone: the embedded log stores, and what it has
// stored is heard by the node itself. It implements the same ports as Redis does.
//
//	bus.go         Bus: New, Close, the ports
//	appender.go    writing: the log, and signals
//	subscriber.go  hearing: one goroutine behind a bounded queue
//	presence.go    who is here, with leases
package localbus
