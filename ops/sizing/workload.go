package main

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Workload is the activity of the users.
type Workload struct {
	Connections  float64
	Rooms        RoomClasses
	Text         float64       // bytes per message
	Churn        float64       // share of the connections that is replaced per second
	PingInterval time.Duration // of each client
	Flush        time.Duration // FLUSH_INTERVAL of the nodes
	Writers      float64       // writers per node: one for every two cores
	History      float64       // messages in the log of a room, at most HISTORY_SIZE
}

// RoomClass is rooms of one kind. Every connection is in one room.
type RoomClass struct {
	Share   float64 // of all connections
	Members float64 // of each room
	Rate    float64 // messages/s in each room
}

// count returns the number of rooms.
func (c RoomClass) count(connections float64) float64 { return c.Share * connections / c.Members }

// RoomClasses is a flag: share%:members:rate, comma-separated.
type RoomClasses []RoomClass

// String returns the classes as Set accepts them.
func (r *RoomClasses) String() string {
	var all []string
	for _, c := range *r {
		all = append(all, fmt.Sprintf("%g%%:%g:%g", 100*c.Share, c.Members, c.Rate))
	}
	return strings.Join(all, ",")
}

// Set replaces the classes. Their shares must add up to 100%.
func (r *RoomClasses) Set(text string) error {
	*r = nil
	sum := 0.0
	for part := range strings.SplitSeq(text, ",") {
		var c RoomClass
		if _, err := fmt.Sscanf(part+";", "%g%%:%g:%g;", &c.Share, &c.Members, &c.Rate); err != nil || !(c.Share >= 0 && c.Members >= 1 && c.Rate >= 0) {
			return fmt.Errorf("%q is not share%%:members:rate with at least one member", part)
		}
		sum += c.Share
		c.Share /= 100
		*r = append(*r, c)
	}
	if math.Abs(sum-100) > 0.01 {
		return fmt.Errorf("the shares add up to %g%%, not 100%%", sum)
	}
	return nil
}
