// Command testsum reads the events of `go test -json` and prints what a person wants of them: one
// line a package as it ends, the whole output of what failed, and last "N passed, N failed". It
// exits with 1 where anything failed, did not build, or nothing was tested at all.
//
//	main.go     stdin to stdout
//	summary.go  events to lines and counts
package main
