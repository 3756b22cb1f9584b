// Package layout holds tests of the whole tree: where files belong, where goroutines may start, and whether the
// documents name what exists. The rules of imports, locks, clocks and tests are in .golangci.yml.
//
//	tree.go   the parsed source tree
//	rules.go  top level, length of files, doc.go, names of packages, go statements
package layout
