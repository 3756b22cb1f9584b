// Package layout holds tests of the whole tree: where files belong, where goroutines may start, and whether documents,
// maps of packages and the table of log events match the sources. The rules of imports, locks, clocks and tests are in
// .golangci.yml.
//
//	tree.go   the parsed source tree
//	rules.go  top level, length of files, doc.go, names of packages, go statements
package layout
