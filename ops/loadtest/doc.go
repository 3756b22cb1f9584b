// Command loadtest puts a load of thousands of chat clients on one or more nodes and checks, while it
// measures, that nothing acknowledged is lost, doubled or out of order. README.md tells how to use it.
//
//	main.go         the program: flags, phases, exit code
//	options.go      the flags; options_check.go: what they may be; targets.go: addresses and sources
//	run.go          one run from the first connection to the report
//	plan.go         which message is due when, from whom, and what it says
//	fleet.go        all clients: the ramp, the keeper, the end
//	client.go       one client: connected, lost, connected again
//	client_dial.go  the upgrade, or why it was refused; client_wait.go: when to come back
//	client_read.go  the frames of a client: the hot path
//	client_join.go  joins, resumes and histories
//	client_write.go what a client has sent and has no answer to
//	room.go         where a room stands
//	sender.go       the open loop; sender_loop.go: the closed one
//	drain.go        waits until everybody has everything
//	tally.go        what is counted; timeline.go: second by second; progress.go: the live line
//	report.go       the outcome, as JSON; table.go: for people
//
// Packages of its own: latency (histograms), order (one reader's view of one room), ledger (the books
// of all messages), frame (reads frames), plot (the picture).
//
// A client is one goroutine that reads. What it writes is written by the sender that is due, by the
// keeper (pings, retries), or by the reader itself after a reconnect.
package main
