// Package order checks what one reader is shown of one room: each entry once, in order, without gaps. It has no
// connections, so tests can apply any history.
//
//	tracker.go  Tracker: the state machine
//	gaps.go     entries that were skipped, until they arrive
package order
