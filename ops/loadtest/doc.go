// Command loadtest puts the load of thousands of chat clients on one or more nodes, measures it, and checks that no
// acknowledged message is lost, duplicated or out of order. README.md describes its use.
//
//	main.go           exit codes, files of the report
//	options.go        the flags
//	options_check.go  their limits
//	targets.go        addresses of nodes, and addresses to connect from
//	run.go            one run, from the first connection to the report
//	plan.go           when each message is due, who sends it, and its text
//	client_pool.go    all clients: they connect at a rate, and one goroutine sends their pings and retries
//	client.go         one client: connected, disconnected, connected again
//	client_dial.go    the upgrade, or why it was refused
//	client_wait.go    the delay before the next attempt
//	client_read.go    the frames of a client: the hot path
//	client_join.go    joins, resumes and histories
//	client_write.go   messages of a client without a result
//	room.go           the highest position of a room
//	sender.go         the open loop: messages at a rate
//	sender_loop.go    the closed loop: a fixed number of messages in flight
//	drain.go          waits until all readers have all entries
//	counters.go       counts of the run
//	timeline.go       counts per second
//	progress.go       the progress line
//	report.go         the result as JSON
//	table.go          the result for people
//
// Packages: latency (histograms), order (checks the order of one reader), ledger (records each message), frame (reads
// frames), plot (draws the chart).
//
// Three goroutines write to a connection: the scheduled sender, the maintenance loop (pings, retries), and the reader
// after a reconnect.
package main
