// Package redisbus is the bus and the store of many nodes: Redis behind the ports of package
// actors. It works with one server, with Sentinel, and with a Cluster, and holds three connections
// a node: Appender publishes, Subscriber hears, Store reads and keeps presence, the registry and
// sanctions. None of them ever tries again by itself; whoever owns it decides that by calling again.
//
//	engine.go      Engine: makes the three sides; New dials nothing
//	options.go     Options and their defaults
//	address.go     ParseURL: REDIS_URL in all its shapes
//	client.go      how the client library is set up to hold one connection and never retry
//	link.go        one connection for commands: made when needed, dropped when broken; scripts
//	clear.go       what is of another type moved out of a room's way
//	script.go      the Lua files under lua/, each with KEYS and ARGV in its header
//	clock.go       what a node knows of Redis's time
//	keys.go        every key and channel, and nobody else spells them
//	cause.go       Cause: what is wrong with Redis, by name and in the operator's words
//	check.go       Check: can this Redis, as this user, do what is needed
//	log.go         where the client library's own log goes
//
// Writing:
//
//	appender.go    Appender: Append, Signal, Advance
//	plan.go        a batch as one script call a room
//	receipt.go     what the script replied
//	far.go         writes whose target lies far from its hint
//	late.go        calls that Redis takes so late that it must not store them
//	quote.go       JSON strings, authors, ids and the hint in them
//
// Hearing:
//
//	subscriber.go  Subscriber: Open, Subscribe, Unsubscribe
//	hearing.go     from Open to Broken: one ear, or one for each shard
//	ear.go         one subscribe connection and its reader
//	rooms.go       rooms followed and left, many by few calls
//	router.go      which server has a channel
//	envelope.go    the form of everything on the bus
//	decode.go      validation of everything heard
//	scan.go        messages read by hand, in the form that the script gives them
//	drops.go       counting and logging of what fails it
//
// Reading and keeping:
//
//	store.go       Store: the data connection
//	reader.go      ranges of the log
//	entry.go       entries as they stand now
//	presence.go    who is where
//	registry.go    which instances live
//	sanctions.go   bans, mutes, slow modes
//
// The log of a room is a stream, whose entries never change. What became of a message since lies
// beside it in a zset by seq: an edited message whole, of a deleted one only its id, and its text
// leaves the stream. The stream is trimmed by seq (MINID ~), so deletions do not widen it.
package redisbus
