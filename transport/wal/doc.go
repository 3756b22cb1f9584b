// Package wal is a write-ahead log: batches of bytes with consecutive numbers, each durable after
// one write and one fsync, kept until their owner has them elsewhere.
//
// Two files, the segments, are used in turn. A segment is a header and frames, and zeros behind them:
// they were written when it was made, so that an append changes no length and no map of blocks,
// and the fsync has nothing to write but the batch.
//
//	header  magic, salt, owner, checksum
//	frame   checksum, length, number, salt, then the batch; the next one begins where it ends
//
// Appends go to one segment. Rotate sends them to the other as soon as that is empty; then the
// owner moves what the first one holds, and says so with Release, which writes zeros over
// all of it: nothing of what was deleted stays on the disk. Both at a time: an append never waits for
// moving or for scrubbing, but on the disk, and for that the zeros come in pieces with rests when the owner has time. A segment grows when it has to, and is cut again when it was large for nothing.
//
// The number is what replay goes by, so no header has to change for a segment to be used again.
// The batches to replay are those with a number above what the owner has. They must be consecutive:
// a frame that is torn at the end was never acknowledged, and one that is missing before a sound one
// is damage. The salt is random and stays in the file: a frame is found behind damage by it, and
// nobody can write a message that looks like one.
//
// A write that failed is in doubt: it may be on the disk, or come there yet. Before anything else
// is accepted, zeros are made durable in its place; so it is never replayed after somebody was told
// that it failed and went on. It is taken for granted that a write damages nothing beside it, not even
// within a sector.
//
//	log.go          Log: Append, Rotate, Release, Close
//	open.go         Open: finds the batches to replay
//	create.go       creates a segment atomically
//	segment.go      one file: write, settle, scrub, grow
//	header.go       header of a segment
//	frame.go        frame: a batch as bytes; searches for frames
//	file.go         File: operations that a segment needs of its file
//	sync_linux.go   fdatasync on Linux
//	sync_other.go   fsync on other systems
//	space_linux.go  free space of a volume on Linux
//	space_other.go  free space on other systems: unknown
package wal
