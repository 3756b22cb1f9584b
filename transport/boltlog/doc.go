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
//	options.go     Options
//	open.go        Open, Close; replay.go the write-ahead log at Open; fault.go its error sentences
//	convert.go     a file of the old format made one of today's
//	file.go        a bbolt file opened with care; inspect.go a look at it before
//	log.go         Log, Append
//	stage.go       what a batch will do, decided without changing anything
//	commit.go      the batch made durable and published
//	room.go        a room in memory
//	view.go        memory and file as one
//	range.go       Range
//	checkpoint.go  the checkpointer; pace.go its rests; job.go its transactions; apply.go what it does to the file; trim.go retention
//	idem.go        keys in memory; idemfile.go keys in the file
//	record.go      an entry as it is stored; codec.go, decoder.go its bytes; keys.go the keys
package boltlog
