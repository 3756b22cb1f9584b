// Package actors decides what a chat node does: who is connected, what stands in which order in a
// room, who is present, what happens while Redis is lost. It reaches sockets, Redis and disks through
// the interfaces of ports.go only.
//
// Three rules hold everywhere in it, and package layout enforces the first two. Nothing is shared under
// a lock: an actor owns its state and tells others by message. No go statement: processes run on
// hollywood's scheduler, and time comes as messages. Every mailbox is bounded, and what happens at the
// bound is said beside the bound: the reader waits, the writer is refused, or a slow consumer is cut.
//
// # Who tells whom
//
//	transport/ws → session → room → bridge_out → port ══ bus ══ port → bridge_in → room → writer → socket
//	                           ↑________ settled ___|                      |     |
//	                           the ack, a branch: it goes out with its entry     └→ presence, sanctions
//
//	node
//	├── bridge            tells everybody whether the link to the other nodes stands
//	│   ├── bridge_out    appends; while Redis is lost it passes writes on to the journal
//	│   ├── bridge_in     hears, and passes on to the rooms
//	│   └── store         reads the log; presence, registry and sanctions by the same connection
//	├── journal           tells bridge_out what to write again, page by page
//	├── rooms             spawns rooms, and passes on what has no room yet
//	│   └── room/<name>   tells bridge, bridge_out, store, presence, and its share of each writer
//	├── presence          tells store what has changed, rooms the counts
//	├── heartbeat         asks store for a beat
//	├── sanctions         asks store for what is new, tells clients whom to turn out
//	├── clients           finds the connections of a user
//	├── session/<id>      tells rooms and room; answers by its writer
//	├── writer/<k>        writes to sockets that take it, tells outboxes the rest
//	└── outbox/<id>       only while a connection is slow: tells its writer when it has drained
//
// # Values and ports
//
//	entry.go              Entry, Write, Receipt, Query, Page: what a log holds and takes
//	ports.go              what the actors need of the world
//	sanctions_port.go     the same for sanctions
//	identity.go           Role, Identity: who is at the other end
//	settings.go           Settings: what the actors need of the configuration
//	messages.go           the messages between actors, by receiver
//	wire/                 the client protocol as bytes
//
// # Processes
//
//	system.go             System: hollywood's engine, Spawn, the figures of each kind of actor
//	process.go            Process: a hollywood Processer with a bounded mailbox
//	process_tell.go       Tell, Post, Wait: how messages get there, and on whose goroutine they are handled
//	process_nap.go        Nap: a mailbox left alone for a moment, so that more comes together in it
//	process_tick.go       a message that a process sends itself again and again
//	mailbox.go            the bounded queue below it
//	guard.go              supervision: what a panic costs, and how long until the next try
//	processes.go          the living processes, for those who look at them
//	process_survey.go     how full all mailboxes are
//
// # The node as a whole
//
//	core.go               Core: all actors built, started, ended in order
//	client.go             Client: a connection as its edge and its writer see it
//	clients.go            the actor that finds the connections of a user
//	heartbeat.go          this instance's lease, and the view of the cluster
//	store.go              the data connection: log, presence, registry; one call at a time
//	store_search.go       is a write in the log, and what has the log lost
//	store_index.go        where in the logs the writes stand that a replay asks about
//
// # A session
//
//	session.go            one connection's protocol and limits
//	session_rooms.go      join, leave, history, who, typing
//	session_write.go      what a session may write, and how fast
//	session_auth.go       a fresh token, or the end of the old one
//	answer_size.go        what fits into an answer, for nobody is to be cut for having asked
//
// # A room
//
//	rooms.go              finds or spawns rooms, retires empty ones
//	room.go               the shell: effects of the state carried out
//	room_state.go         which entry is shown when; pure
//	room_effect.go        what it asks of the shell
//	room_members.go       joins, resumes, leaves
//	room_write.go         a write from the session to bridge_out, and its ack back
//	room_await.go         acks that wait for the entry to be shown, and what the bus does not bring in time
//	room_show.go          what the room shows: entries, resyncs, signals
//	room_presence.go      what it tells of who is here, along with messages or by itself
//	room_load.go          how much a room has to do
//	room_recovery.go      what a panic may have cost it, put right
//	ring.go               the newest entries in memory
//	recent_ids.go         which ids were shown a moment ago
//	provisional.go        what only this node's journal holds
//
// # The link to the other nodes
//
//	bridge.go             the shell: dials, probes, tells
//	link_state.go         connecting, healthy, degraded, recovering; pure
//	link_status.go        its words, and its figures
//	log_fault.go          the same for a node without Redis whose log takes no writes
//	bridge_out.go         appends and signals in batches
//	commit_pace.go        how long a batch waits for others, where each costs an fsync
//	bridge_in.go          deliveries and signals to their rooms
//	bridge_replay.go      the way back: what was lost, then the journal, then healthy
//	acked_log.go          what was acknowledged in the last minute, and of which the log is in doubt
//	journal.go            writes kept on this node's disk while Redis is lost
//	journal_replay.go     the same writes brought to Redis, page by page
//
// # Presence
//
//	presence.go           the shell: debounce, leases, announcements
//	presence_state.go     who is here, and what of it the store knows; pure
//	presence_roster.go    who is in a room, read once for many who ask
//	presence_names.go     the names of users of other nodes, asked of these
//	name_book.go          those that were told, for a while; pure
//
// # Sanctions
//
//	sanctions.go          this node's view of bans, mutes and slow modes
//	sanctions_view.go     the view that everybody reads
//	sanctions_order.go    orders to impose and lift, by way of the store
//	sanctions_expel.go    every connection of a user closed, on every node
//	sanctions_pace.go     slow mode: who has written last when
//
// # Writing
//
//	writer.go             the write side of many connections
//	audience.go           a writer's share of a room's members
//	writer_pass.go        the pass: each client gets all that it has not had, in one write
//	writer_drain.go       a shutdown: slots, close frames, paced
//	outbox.go             the lane of one slow connection
//	answer_size.go        what fits an answer, so that a client that is slow at the moment can have it
//
// # For those who are no actor
//
//	api.go                what all calls share; the rest: one file for each question
//	api_write.go          a write that comes by no socket
//	api_history.go        a page of a room's messages
//	api_roster.go         who is in a room
//	api_rooms.go          the rooms by size
//	api_moderate.go       sanctions imposed, lifted and listed; users disconnected
//	api_audit.go          what moderators did, as log lines
//
// # Figures
//
//	stats.go              counters of chat, bus, journal and writers
//	histogram.go          durations by size
//	latency.go            the newest durations
//	stopwatch.go          from a write to its being shown
//
// # Tests
//
// sim_*_test.go run whole nodes on a model of Redis in virtual time, from one seed; ops/docs/INVARIANTS.md
// tells what they prove and how to play a seed again.
package actors
