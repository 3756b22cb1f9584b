// Package boltsanctions keeps the bans, mutes and slow modes of a node without Redis, in one bbolt
// file. All of them are held in memory too: there are as many as moderators have imposed by hand.
//
// The buckets of the file:
//
//	meta       format
//	sanctions  kind, colon, subject -> JSON
//
//	options.go  Options
//	open.go     Open, Close
//	errors.go   sentinels
//	store.go    Store: Impose, Lift, ListIfChanged
//	record.go   encodes and decodes a sanction
package boltsanctions
