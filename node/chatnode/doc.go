// Command chatnode runs one node of the chat, and has the small commands around it.
//
// The map:
//
//	main.go     arguments → command → exit code
//	help.go     --help: the commands, and every setting
//	serve.go    chatnode, chatnode serve: logs, memory limit, signals, the node
//	build.go    the real node, behind the interface that tests replace
//	signals.go  SIGINT, SIGTERM: shut down, then exit at once; SIGHUP: debug logs
//	token.go    chatnode token: mints a token
//	health.go   chatnode health: asks a running node, for HEALTHCHECK
//	version.go  chatnode version
package main
