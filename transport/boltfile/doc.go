// Package boltfile opens bbolt files and describes their errors for operators.
//
// A file has a bucket meta with the name of its format, and the buckets of its owner. Open verifies all pages before
// the owner uses the file, because bbolt reports damage by panics, page faults, or a fatal error in its own
// goroutine.
//
//	file.go        File, Open, Guard
//	open.go        the checks and the options of bbolt.Open
//	check_meta.go  the meta pages and the size, checked before bbolt maps the file
//	errors.go      errors by kind, with the remedy
package boltfile
