// Package redistest runs real redis-server processes for tests. Each uses a free port of 127.0.0.1 and a separate
// directory. It is killed by process id at the end of the test.
//
//	process.go   one process: start, signal, kill
//	server.go    Start runs a standalone server with any configuration; Client, Kill, Restart
//	tls.go       Certificates: a temporary authority and a server certificate
//	sentinel.go  StartSentinel runs a master, a replica and three sentinels
//	cluster.go   StartCluster runs masters that share the 16384 slots
//	wait.go      Wait polls a condition
//
// If a program is not installed, the test fails with the command that installs it.
package redistest
