// Package order checks what one reader is shown of one room: every place of its order once, in
// order, none left out. It knows nothing of connections, so tests can show it any history.
//
//	tracker.go  Tracker: the state machine
//	holes.go    places that were passed over, until they come after all
package order
