// Package boltsanctions stores the bans, mutes and slow modes of a node without Redis in one bbolt file. Memory
// contains all of them, too, because moderators impose only few.
//
// The buckets of the file:
//
//	meta       format
//	sanctions  kind, colon, subject -> JSON
//
//	options.go  Options
//	open.go     Open, Close
//	store.go    Store: Impose, Lift, ListIfChanged
//	record.go   encoding of a sanction
package boltsanctions
