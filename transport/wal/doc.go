// Package wal is a write-ahead log: batches of bytes with consecutive numbers. Each batch is durable after one write
// and one fsync. The log keeps it until the owner has stored it elsewhere.
//
// The log has two files, the segments. A segment is a header and frames, followed by zeros that were written when it
// was created. Therefore an append changes neither the size nor the block map of the file, and its fsync writes only
// the batch.
//
//	header  magic, salt, owner, checksum
//	frame   checksum, length, number, salt, then the batch; the next frame follows
//
// Appends go to the active segment. Rotate makes the other one active if it is empty. Then the owner moves the
// batches of the first segment and calls Release, which overwrites the segment with zeros, so that no deleted text
// stays on the disk. Appends wait neither for moving nor for wiping, except for the disk. Therefore Release writes
// the zeros in chunks and lets the owner sleep between them. A segment grows if necessary, and is truncated if it
// was too large for some time.
//
// Replay relies on the numbers, so that no header changes when a segment is reused. It replays the batches with
// numbers above the newest one of the owner. They must be consecutive. A torn frame at the end was never
// acknowledged, and a missing frame before a valid one is damage. The salt is random and never leaves the file. It
// identifies frames after damaged bytes, and prevents a message from imitating a frame.
//
// A failed write may be on the disk, now or later. Before the log accepts another batch, it overwrites the failed
// one with durable zeros. Therefore a batch is never replayed after an Append that returned an error was followed by
// a successful one. The package assumes that a write never damages neighboring bytes, not even in the same sector.
//
//	log.go      Log: Append, Rotate, Release, Close
//	open.go     Open and replay
//	create.go   creation of a segment, complete or not at all
//	segment.go  one file: write, zeros after a failed write, wipe, grow
//	header.go   the start of a segment
//	frame.go    a batch as bytes, and the search for frames
//	file.go     File, the operations of a segment on its file
package wal
