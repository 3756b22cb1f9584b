// Package ledger records for each message of a run whether it was sent, acknowledged and shown, and its position. It
// decides what was lost or stored twice.
//
//	ledger.go    Ledger: records each message, from any goroutine
//	position.go  Position: an epoch and a seq in one word
//	audit.go     Audit: the result
package ledger
