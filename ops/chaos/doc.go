// Package chaos breaks a running cluster and audits every message: three nodes, Redis, writers that retry, and readers
// that check what they are shown. Each fault is a subtest of TestFaults and a row of the table in ops/docs/FAULTS.md.
//
//	fault_test.go          one row: its Redis, the fault, what must be noticed and reported
//	faults_*_test.go       the rows: Redis, the network, its clients, failovers, nodes, disks
//	outage_test.go         a long outage under full load, with a node killed in the middle
//	world_test.go          cluster, writers and readers of one row, from the start to the audit
//	redis_test.go          the Redis of a row: on disk, behind a proxy, Sentinel, Cluster
//	proxy_test.go          a TCP proxy that delays, cuts, and drops bytes in one direction or both
//	proxy_weather_test.go  tests of the proxy
//	watch_test.go          when each node reports, to clients and in /health, that it is degraded
//	survey_test.go         memory and goroutines of the surviving nodes
//	table_test.go          the table
//
// Writers, readers and the audit are those of ops/e2e/client, which shares no code with the server.
package chaos
