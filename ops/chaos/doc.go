// Package chaos breaks a running cluster and audits what became of every message. Real nodes, real
// Redis, retrying writers and suspicious readers; one fault a subtest of TestFaults, one row of the
// table in ops/docs/FAULTS.md.
//
//	fault_test.go          what a row says: the Redis, the fault, what must be noticed and told
//	faults_*_test.go       the rows: Redis itself, the network, its clients, failovers, nodes, disks
//	outage_test.go         the long one: an outage at full load, with a node killed midway
//	world_test.go          one row's cluster, writers and readers; from the start to the audit
//	redis_test.go          the Redis of a row: kept on disk, behind a proxy, Sentinel, Cluster
//	proxy_test.go          a TCP proxy that delays, cuts, and swallows one direction or both
//	writer_test.go         sends at a steady rate, each message until it is acknowledged, node after node
//	listener_test.go       one connection's frames, for writers and readers
//	reader_test.go         follows the room on one node, or on whichever lets it in
//	witness_test.go        what one reader was shown, and which promise that breaks
//	watch_test.go          when each node said, to clients and in /health, that it is degraded
//	audit_test.go          acknowledged against history against witnesses
//	oracle_test.go         planted faults that the witness and the audit must find
//	proxy_weather_test.go  that the proxy does what it says
//	survey_test.go         memory and goroutines of the survivors of the long one
//	table_test.go          the report
//
// The clients share nothing with the server but ops/e2e/client, which shares nothing with it either.
package chaos
