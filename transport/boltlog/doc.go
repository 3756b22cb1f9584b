// Package boltlog is the embedded log: the durable order of every room in one bbolt file, for a
// node that has no Redis.
//
// Append makes one commit a batch, and that commit writes one run of bytes: the whole batch,
// encoded, under the next keys of the wal bucket. So a batch touches the rightmost leaves of one small
// tree, however many rooms it writes in, and is acknowledged after its fsync. A checkpointer moves the
// batches about once a second, many at a time, to where they are read from. Until then
// their entries are also in memory, and whoever reads looks there first.
//
// The buckets of the file:
//
//	meta   format, epoch
//	wal    number of the batch, of the part -> a part of its records, with a checksum in front
//	rooms  name -> number of the room, newest seq, oldest seq kept
//	log    number of the room, seq -> record
//	ids    number of the room, message id -> seq of the record that holds its text
//	idem   number of the checkpoint -> keys of the records that it moved, with their receipts
//
// A message's text is held once, by the newest of its records: the message itself, or its last edit.
// The older ones only name the message and are resolved when they are read, so editing redacts
// what was there before, and deleting is the removal of one text and one id.
//
//	options.go     Options
//	open.go        Open, Close; replay.go the wal at Open; fault.go its error sentences
//	file.go        a bbolt file opened with care; inspect.go a look at it before
//	log.go         Log, Append
//	stage.go       what a batch will do, decided without changing anything
//	commit.go      the batch made durable and published
//	room.go        a room in memory
//	view.go        memory and file as one
//	range.go       Range
//	checkpoint.go  the checkpointer; job.go its transactions; apply.go what it does to the file; trim.go retention
//	idem.go        keys in memory; idemfile.go keys in the file
//	record.go      an entry as it is stored; codec.go, decoder.go its bytes; keys.go the keys
package boltlog
