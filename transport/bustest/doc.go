// Package bustest is the contract of the bus as one suite: every engine that implements the ports
// of package actors runs it from its own tests, so that the embedded log and Redis cannot drift
// apart. Each row is one invariant, named as a sentence.
//
//	engine.go       Engine and Options: what a package under test hands over; Run and the rows
//	rig.go          a row's tools: appending, ranging, waiting
//	recorder.go     the subscriber's sink, which remembers what it heard
//	order.go        consecutive seq, many rooms, batch order
//	idempotency.go  one key appends once
//	rights.go       who may edit and delete
//	folding.go      edits and deletions as history shows them
//	ranges.go       After, Before, Limit, Newest, More; retention
//	delivery.go     what subscribers hear
//	presence.go     counts, leases, roster
//	model.go        the oracle: a room as a slice, changed eagerly
//	property.go     random histories compared with the oracle
package bustest
