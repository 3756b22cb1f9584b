// Package boltlog is the embedded log: the durable order of every room in one bbolt file with a
// write-ahead log before it, for a node that has no Redis.
//
// Append encodes a batch as one run of bytes, however many rooms it writes in, gives it to the
// write-ahead log (package wal), and acknowledges it after that one fsync. A checkpointer moves the batches to
// where they are read from in rounds of some seconds, so many at a time that a page is written once for many records.
// Appends do not wait for it but on the disk, and for that its transactions are small and spread over the round. Until then their entries are also in memory, and whoever reads looks there
// first. The transaction that moves batches also says which were moved: a process that was killed
// finds in the write-ahead log what is newer, and moves that when it opens.
//
// The buckets of the file:
//
//	meta   format, epoch, number of the newest batch that was moved
//	rooms  name -> number of the room, newest seq, oldest seq kept
//	log    number of the room, seq -> record
//	ids    number of the room, message id -> seq of the record that holds its text
//	idem   number of the transaction -> keys of the records that it moved, with their receipts
//
// A message's text is held once, by the newest of its records: the message itself, or its last edit.
// The older ones only name the message and are resolved when they are read, so editing redacts
// what was there before, and deleting is the removal of one text and one id.
//
//	options.go           Options
//	open.go              Open, Close
//	check_meta.go        checks a file before bbolt opens it
//	migrate.go           converts a file of the old format
//	replay.go            loads the write-ahead log at Open
//	file.go              OpenFile: opens a bbolt file, and makes its name durable
//	errors.go            sentinels, and error sentences for operators
//	log.go               Log, Append
//	stage.go             computes the effects of a batch before anything changes
//	commit.go            makes a batch durable, then visible
//	room.go              a room in memory
//	snapshot.go          reads memory and file as one
//	range.go             Range
//	checkpoint.go        the checkpointer goroutine
//	checkpoint_tx.go     selects records for one transaction
//	checkpoint_apply.go  writes the records of a transaction
//	throttle.go          spreads the transactions over a round
//	trim.go              removes entries beyond the retention limit
//	idem.go              idempotency keys in memory
//	idem_file.go         idempotency keys in the file
//	record.go            record: an entry as it is stored
//	codec.go             encodes records
//	decoder.go           decodes records
//	keys.go              names of the buckets, and their keys
package boltlog
