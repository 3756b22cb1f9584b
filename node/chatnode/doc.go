// Command chatnode runs a chat node, and has commands to mint tokens and to check the health of a node.
//
//	main.go     parses arguments, runs the command, returns the exit code
//	help.go     --help: commands and settings
//	serve.go    chatnode serve, the default: log, memory limit, signals, node
//	build.go    constructs the node; tests replace it
//	signals.go  SIGINT, SIGTERM: shut down, then forced exit; SIGHUP: toggle the log level
//	token.go    chatnode token: prints a signed token
//	health.go   chatnode health: requests the health of a running node, for HEALTHCHECK
//	version.go  chatnode version: prints the version
package main
