// Package prom holds ops/deploy/prometheus, ops/deploy/grafana and ops/docs against real programs: a
// Prometheus that scrapes real nodes, promtool, bash and curl. All of it is tests.
//
//	main_test.go     the program under test, and where the files are
//	server_test.go   a real Prometheus, with the shipped configuration
//	scrape_test.go   its targets page, for one node and for two
//	rules_test.go    promtool's view of the alerts, and what the unit tests of the alerts notice
//	names_test.go    the names of the metrics: their form, and that alerts and dashboards know no others
//	panels_test.go   every panel of the dashboard shows something of a chat with people in it
//	runbook_test.go  every alert has its entry
//	docs_test.go     blocks of commands in a document, and what they are to print
//	manual_test.go   those of OPERATIONS.md, run as they stand on a node alone, on three, and on Redis
//	guide_test.go    the troubleshooting commands of the original system's guide, typed into redis-cli
package prom
