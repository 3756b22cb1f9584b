// Package boltjournal stores the writes that a node accepts while Redis is unavailable, in one bbolt file, until the
// log contains them.
//
// A write is one record with the next number. Append adds it at the right end of one tree, and RemoveFirst removes
// records at its left end, whose pages bbolt reuses. The stored writes always have consecutive numbers. Memory only
// has the first and last number and the size.
//
// The buckets of the file:
//
//	meta    format
//	writes  number -> checksum, write
//
//	options.go        Options
//	open.go           Open, Close
//	journal.go        Journal, Size, and the transactions
//	append.go         Append
//	peek.go           Peek
//	remove.go         RemoveFirst
//	extent.go         the range of stored writes
//	failed_commit.go  a failed commit is resolved by rereading the file
//	errors.go         the remedy for a full volume
//	codec.go          encoding of a write
//	keys.go           bucket and keys
package boltjournal
