// Package layout enforces where things are and who may import whom: the folders import one way,
// ops → node → transport → actors, the actors know nothing of sockets, files and locks, and
// goroutines start only where somebody owns them.
//
//	tree.go        the source tree, parsed
//	rules.go       Check: all rules over a tree
//	rule_files.go  top level, file length, doc.go, package names
//	rule_import.go import directions, and what actors may not import
//	rule_code.go   locks, time by the wall clock, go statements, init functions, sleeping and skipped tests
//
// Its tests also check the README, the invariants, the gotchas, the map of every package and the table of log events
// against the sources.
package layout
