// Package timeline decides in which order a room displays the entries of its log. It is a pure state machine: events
// are method calls, and the caller gets the resulting effects from Take. It has no clock, I/O, goroutine or lock.
//
// The log is the authority. An entry that the bus delivers is displayed only if it is the next one, so seq(n+1) =
// seq(n)+1 within an epoch. A gap is read from the log. If the log no longer has the missing entries, or if it
// contradicts an entry that was displayed, the timeline adopts the newest page of the log and emits a resync.
//
//	timeline.go    Timeline: position, deliveries, display
//	log_pages.go   reads of the log: gaps, resync, pages
//	effect.go      Effect: what the caller must do
//	ring.go        ring: cache of the newest entries
//	recent_ids.go  recentIDs: ids of the entries that were displayed recently
//
// The package imports chat and wire only. It must not import process or any other actor.
package timeline
