// Package redistest runs real redis-server processes for tests, on free ports of 127.0.0.1, each in
// a directory of its own, and ends them by process id when the test ends.
//
//	process.go   one program: start, wait until it answers, pause, kill
//	server.go    Start: a standalone server with any configuration; Client, Kill, Restart
//	tls.go       Certificates: a throw-away authority and server certificate
//	sentinel.go  StartSentinel: master, replica and a trio of sentinels
//	cluster.go   StartCluster: masters that share the 16384 slots
//
// A missing program fails the test with the line that installs it.
package redistest
