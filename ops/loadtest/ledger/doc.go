// Package ledger keeps the books of a run: of each message whether it was sent, acknowledged and
// shown, and which place in its room it has. It is the judge of what was lost or stored twice.
//
//	ledger.go  Ledger: what happens to each message, from any goroutine
//	place.go   Place: an epoch and a seq in one word
//	audit.go   Audit: the books at the end
package ledger
