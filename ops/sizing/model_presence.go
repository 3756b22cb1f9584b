package main

import "math"

// Defaults of the nodes.
const (
	debounce     = 0.5  // s: PRESENCE_DEBOUNCE
	hugeRoom     = 1000 // users, after which the debounce grows with the room
	maxDebounces = 10   // its maximum, in PRESENCE_DEBOUNCE
	pauseMembers = 300  // members, after which a presence frame without a message waits longer
	maxPauses    = 60   // its maximum, in PRESENCE_DEBOUNCE
)

// changes returns the joins and leaves per second of a room.
func changes(room RoomClass, churn float64) float64 { return 2 * churn * room.Members }

// announcements returns how often per second nodes publish their counts of a room. Each node with changes publishes
// once per debounce.
func announcements(room RoomClass, churn, nodes float64) float64 {
	return min(changes(room, churn), nodes/debounceOf(room, nodes))
}

// debounceOf returns the debounce of a node's share of a room, in s.
func debounceOf(room RoomClass, nodes float64) float64 {
	return debounce * min(1+math.Floor(room.Members/nodes/hugeRoom), maxDebounces)
}

// pauseOf returns the delay of a presence frame if no message takes it along, in s.
func pauseOf(room RoomClass, nodes float64) float64 {
	return debounce * min(1+math.Floor(room.Members/nodes/pauseMembers), maxPauses)
}

// presenceFrames returns the presence frames per second to a member, and how many of them need their own write. A
// frame is sent with the first message after the debounce, or alone after the pause. Rare changes do not wait.
func presenceFrames(room RoomClass, churn, nodes float64) (all, alone float64) {
	if rare := changes(room, churn); rare*pauseOf(room, nodes) <= 1 {
		return rare, rare
	}
	wait := pauseOf(room, nodes) - debounceOf(room, nodes) // for a message
	withMessage := 1 - math.Exp(-room.Rate*wait)           // probability
	mean := wait
	if room.Rate > 0 {
		mean = withMessage / room.Rate // mean wait, at most wait
	}
	all = min(changes(room, churn), 1/(debounceOf(room, nodes)+mean))
	return all, all * (1 - withMessage)
}
