// Package prom tests ops/deploy/prometheus, ops/deploy/grafana and ops/docs with the real programs: a Prometheus that
// scrapes chatnode processes, promtool, bash and curl.
//
//	main_test.go     builds the program; folders and settings
//	server_test.go   a Prometheus with the shipped configuration
//	scrape_test.go   its page of targets, for one node and for two
//	rules_test.go    promtool accepts the alerts, and their unit tests find each change
//	names_test.go    names of metrics: their form, and those that alerts and dashboards use
//	panels_test.go   each panel of the dashboard has data of a chat with users
//	runbook_test.go  each alert has an entry in the runbook
//	docs_test.go     blocks of commands in a document, and their documented output
//	manual_test.go   the commands of OPERATIONS.md, run on nodes and Redis
//	guide_test.go    the troubleshooting commands of the guide, typed into redis-cli
package prom
