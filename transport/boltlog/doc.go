// Package boltlog is the embedded log of a node without Redis: the durable order of all rooms in one bbolt file with
// a write-ahead log.
//
// Append encodes a batch as one byte string, even if it writes to many rooms, appends it to the write-ahead log
// (package wal), and acknowledges it after one fsync. Every few seconds, a round of the checkpointer moves the
// batches to the file, so that a page is written once for many records. Appends do not wait for a round, except for
// the disk. Therefore its transactions are small and spread over time. Until then the entries are also in memory,
// where readers look first. The last transaction of a round stores the number of the newest moved batch. After a
// kill, Open moves the newer batches of the write-ahead log.
//
// The buckets of the file:
//
//	meta   format, epoch, number of the newest moved batch
//	rooms  name -> number of the room, newest seq, oldest seq kept
//	log    number of the room, seq -> record
//	ids    number of the room, message id -> seq of the record that contains its text
//	idem   number of the transaction -> keys of the records that it moved, with the data of their receipts
//
// The text of a message is stored once, in its newest record: the message or its last edit. Older records only name
// the message, and readers look up its text. Therefore an edit redacts the previous text, and a deletion removes one
// text and one id. Reads return the same entries as chat.Fold over the history, without its cost of one visit for
// each entry.
//
//	options.go           Options
//	open.go              Open, Close
//	file.go              the bbolt file and the errors of opening it
//	replay.go            the write-ahead log, read by Open
//	migrate.go           files of the old format
//	log.go               Log, Append
//	stage.go             the effect of a batch, determined without a change
//	commit.go            makes a batch durable and visible
//	room.go              a room in memory
//	snapshot.go          a consistent view of memory and file
//	range.go             Range
//	checkpoint.go        the checkpointer
//	checkpoint_tx.go     its transactions
//	checkpoint_apply.go  the changes of one transaction
//	throttle.go          the sleep between transactions
//	trim.go              retention
//	idem.go              idempotency keys in memory
//	idem_file.go         idempotency keys in the file
//	record.go            an entry as it is stored
//	codec.go             encoding of records
//	decoder.go           decoding of records
//	keys.go              buckets and keys
package boltlog
