// Package proctest runs programs for tests and measurements. The kernel kills them when the process that started them
// ends, so a test binary that panics or times out leaves none behind.
//
//	process.go         Start: one process, its signals and its end
//	parent_linux.go    ties a process to its parent
//	parent_other.go    the same, where the system cannot do it
//	find.go            Find: the path of an installed program
//	port.go            FreePort
package proctest
