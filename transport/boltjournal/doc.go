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
//	options.go  Options
//	open.go     Open, Close; fault.go its error sentences
//	journal.go  Journal: Keep, Oldest, Drop, Usage
//	held.go     what is held, in memory
//	doubt.go    what became of a commit that failed
//	codec.go    a write's bytes; keys.go the keys
package boltjournal
