// Package e2e tests whole nodes as clients and operators see them, with chatnode processes and clients that share no
// code with them. Each scenario is a row of a table and runs on one node, and on three nodes with one Redis.
//
//	cluster/             the processes: start, kill, stop, restart
//	client/              the client, its readers and writers, and the audit
//	scenario_test.go     the table of scenarios, and the clusters
//	world_test.go        helpers of the scenarios
//	traffic_test.go      writers and readers of a scenario, and the audit
//	page_test.go         the web client in browsers, while nodes are killed
//	status_page_test.go  the status page of a node
//	*_test.go            the scenarios, by subject
package e2e
