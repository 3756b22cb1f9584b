// Command compare puts chatnode beside reference servers on this machine, in alternation, and prints what
// each costs: README.md tells how to use it and how to read its tables.
//
//	main.go       the program: one command line, from flags to tables
//	options.go    the flags
//	systems.go    what is compared, and how each is started
//	rounds.go     the runs: every system in every round, idle and at each rate
//	silent.go     the same load without and with members that do not read
//	appends.go    writers that wait for their acks
//	benchmark.go  redis-benchmark with a node's own call, beside these
//	profile.go    a profile of the node under load; shares.go: what of it goes to what
//	row.go        Row: one run as figures
//	table.go      medians of rows, as tables
//	peer/         the reference servers
//
// Programs, loads and figures of processes are those of ops/rig.
package main
