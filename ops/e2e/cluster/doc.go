// Package cluster runs chatnode processes for tests, on free ports of 127.0.0.1, each with its data folder and log.
// They end with the test that started them, or with the test binary.
//
//	build.go    Build compiles chatnode; Main is the TestMain of packages that run chatnode
//	cluster.go  Start: N nodes, standalone or with one Redis
//	node.go     one node: start, readiness, restart on the same port and data
//	get.go      pages and metrics of a node
//	signal.go   kill, stop, resume, terminate, and the exit code
//	port.go     FreePort
//	race_on.go  builds chatnode with -race if the test is
//	race_off.go the same without
//
// The end of a node's log is printed if its test fails. A data race that a node reports fails the test.
package cluster
