// Package e2e runs real chatnode processes and looks at them from outside, through an independent
// client. Each scenario is a row of a table and starts a cluster of its own; the same rows run on
// every topology.
//
//	cluster/          the processes: start, kill, stop, restart
//	client/           the client, its readers and writers, and the audit
//	scenario_test.go  the table, and the topologies that it runs on
//	page_test.go      the web client in real browsers, under which nodes are killed
//	world_test.go     what a scenario has at hand
//	*_test.go         the scenarios, by what they are about
package e2e
