// Package bustest is the contract suite of the ports of package chat. Every bus runs it from its own tests, so that
// the embedded log and Redis behave in the same way. Each row of the suite is one invariant.
//
//	engine.go       Engine and Options describe the tested bus; Run runs all rows
//	rig.go          rig: the tools of a row
//	recorder.go     recorder: a sink that records its events
//	order.go        rows: consecutive seqs, several rooms, order of a batch
//	idempotency.go  rows: a key is appended once
//	rights.go       rows: permissions of edits and deletions
//	folding.go      rows: history after edits and deletions, with the cases of package chattest
//	ranges.go       rows: After, Before, Limit, Newest and More; retention
//	delivery.go     rows: events that subscribers receive
//	presence.go     rows: counts, leases, roster
//	property.go     row: random histories compared with the model
//	model.go        model: a room as a slice of entries
package bustest
