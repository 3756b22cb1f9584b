// Package rig runs real programs on this machine under load, and reads what they cost: the ground of
// the tools that compare and size.
//
//	command.go    the frame of a command: signals, exit codes
//	build.go      programs of this module, compiled
//	port.go       free ports
//	program.go    Program: one process, started, awaited, ended by its id; Group: several
//	systems.go    a chatnode, a redis-server, any server with /readyz, as such programs
//	metric.go     what nodes tell of themselves at /metrics
//	usage.go      Usage: processor time and memory of processes, from /proc
//	load.go       Load: connections and messages, and what the servers used meanwhile
//	crew.go       the loadtest processes of a load: some hold connections, one sends
//	loadtest.go   one loadtest process: its progress and its report
//	watch.go      samples of usage
//
// It reads /proc, so it needs Linux. The nodes of tests are started by ops/e2e/cluster, which ends them
// with the test.
package rig
