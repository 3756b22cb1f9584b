// Package redisbus implements the ports of package chat with Redis, for nodes in a cluster. It supports a single
// server, Sentinel, and Redis Cluster. A node has three connections: Appender publishes, Subscriber receives, and
// Store reads the log and accesses presence, the registry and the sanctions. None of them retries. The owner retries
// by calling again.
//
//	engine.go             Engine creates the owners of the three connections; New does not dial
//	options.go            Options and their defaults
//	address.go            ParseURL parses all forms of REDIS_URL
//	client.go             settings that give a client one connection and no retries
//	conn.go               connection for commands: dials on use, discards broken clients, runs scripts
//	foreign_keys.go       renames keys of a room that have the wrong type
//	script.go             Lua scripts of lua/; their headers document KEYS and ARGV
//	clock.go              estimate of the time of Redis
//	keys.go               names of all keys and channels
//	errors.go             Cause classifies errors, with a sentence for operators
//	check.go              Check verifies version and permissions
//	log.go                RouteClientLog redirects the log of the client library
//
// Writing:
//
//	appender.go           Appender: Append, PublishSignals
//	append_batch.go       groups a batch into one script call per room
//	receipt.go            parses the replies of the append script
//	far.go                scans the log for ids that are far from their hint
//	append_deadline.go    calls that Redis receives after their deadline
//	json.go               JSON strings, authors, and ids with their hints
//
// Receiving:
//
//	subscriber.go         Subscriber: Open, Subscribe, Unsubscribe, Close
//	subscriber_session.go state between Open and disconnection: one connection, or one per shard
//	subscriber_rooms.go   subscribes to rooms and unsubscribes from them, with few commands
//	pubsub_conn.go        one subscribe connection with its reader
//	router.go             finds the server of a channel
//	envelope.go           format of all messages on the bus
//	decode.go             validates received messages
//	envelope_scanner.go   fast parser for messages from the append script
//	drop_counter.go       counts and logs invalid messages
//
// Reading and storing:
//
//	store.go              Store owns the data connection
//	reader.go             reads ranges of the log
//	entry.go              current state of log entries
//	presence.go           users present in rooms
//	registry.go           instances of the cluster
//	sanctions.go          bans, mutes and slow modes
//
// The log of a room is a stream whose entries are not changed. A zset scored by seq contains the current state of
// edited and deleted messages: the whole message after an edit, and only the id after a deletion. A deletion also
// removes the entry with the text from the stream. The stream is trimmed by seq (MINID ~), so a deletion does not
// extend the retained range.
package redisbus
