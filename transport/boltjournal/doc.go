// Package boltjournal keeps the writes that a node takes while Redis is lost, in one bbolt file,
// until the log has them.
//
// A write is one record under the next number, so Keep appends to the rightmost leaf of one tree
// and Drop takes the leftmost ones away; bbolt uses their pages again. What is held is always one run
// of consecutive numbers, of which memory knows the ends and the bytes.
//
// The buckets of the file:
//
//	meta    format
//	writes  number -> checksum, write
//
//	options.go        Options
//	open.go           Open, Close
//	errors.go         sentinels, and error sentences for operators
//	journal.go        Journal, Size
//	append.go         Append
//	peek.go           Peek
//	remove.go         RemoveFirst
//	extent.go         extent: the numbers of the stored writes, in memory
//	failed_commit.go  finds out whether a failed commit was stored
//	codec.go          encodes and decodes a write
//	keys.go           names of the buckets, and their keys
package boltjournal
