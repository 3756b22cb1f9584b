// Package cluster runs real chatnode processes for tests: built once, on free ports of 127.0.0.1,
// each with a data folder and a log of its own, ended by process id with the test that started them
// or with the test binary, whichever ends first.
//
//	binary.go    the program: CHATNODE_BIN, or built from this tree (with -race in a race build)
//	cluster.go   Start: N nodes, alone or around one Redis
//	node.go      one node: start, readiness, restart under the same port and data
//	signal.go    kill, stop, resume, terminate, and the exit code
//	port.go      free ports, outside the range that the system hands out itself
//	spawn.go     the thread that processes are children of
//
// A node's log is printed when its test has failed. A data race that a node reports fails the test.
package cluster
