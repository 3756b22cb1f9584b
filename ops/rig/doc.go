// Package rig runs programs of this repository under load on the local machine and measures their cost.
// ops/compare and ops/sizing are built on it.
//
//	command.go         the frame of a command: signals, flags, exit codes
//	bench.go           Bench: compiled programs, and the servers under measurement
//	process.go         Process: one server
//	servers.go         starts nodes, a redis-server, or any server with /readyz
//	sample.go          Sample: processor time and memory of the servers; their counters
//	load.go            Load: connections and messages; Outcome: its cost
//	load_processes.go  the loadtest processes of a load, and their reports
//	markdown.go        tables
//
// Units are µs of processor time and bytes. The package reads /proc, so it needs Linux.
// Tests start nodes with ops/e2e/cluster, which ends them with the test.
package rig
