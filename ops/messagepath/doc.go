// Package messagepath checks the list in the README of the files that a message passes through. It builds a node that
// records every statement it runs, sends messages through it and a real Redis, and subtracts the statements that the
// idle node runs, too.
//
//	testdata/trace/    the package that records statements; only the instrumented node contains it
//	instrument_test.go copies of the sources with a call before each statement, for go build -overlay
//	node_test.go       the instrumented node, its clients, and the statements that it runs
//	readme_test.go     the list in the README
//	exceptions_test.go files that run for each message although the README does not list them, with the reasons
//	path_test.go       the test of the path
//	check_test.go      tests of the parts above
package messagepath
