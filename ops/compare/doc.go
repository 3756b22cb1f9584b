// Command compare measures chatnode and reference servers on the local machine, in alternation, and prints the cost
// of each. README.md explains how to use it and how to read its tables.
//
//	main.go            the command line, from flags to tables
//	options.go         the flags, and the loads that they select
//	rounds.go          every load on every system in every round
//	figures.go         Row: the figures of one run
//	benchmark.go       redis-benchmark with the script call of a node
//	profile.go         a CPU profile of the node under load
//	profile_shares.go  the parts of a profile: mailboxes, supervision, metrics, journal
//	table.go           medians of rows, as tables
//	peer/              the reference servers
//
// ops/rig starts the programs and measures them.
package main
