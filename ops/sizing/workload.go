package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Workload is what the users do.
type Workload struct {
	Connections float64
	Rooms       []RoomClass
	Text        float64       // bytes of a message's text
	Churn       float64       // connections that leave and are replaced, a second, of each connection
	PingEvery   time.Duration // of each client
	Flush       time.Duration // FLUSH_INTERVAL of the nodes
	Writers     float64       // that a node has: one for every two cores
	History     float64       // messages that a room's log holds: HISTORY_SIZE, or fewer where nobody has written so many
}

// A RoomClass is rooms of one kind. Every connection is in one room.
type RoomClass struct {
	Share   float64 // of all connections
	Members float64 // of each room
	Rate    float64 // messages a second in each room
}

// count is how many rooms of the class there are.
func (c RoomClass) count(connections float64) float64 { return c.Share * connections / c.Members }

// parseRooms reads "share%:members:rate", comma-separated. The shares must make up the whole.
func parseRooms(text string) ([]RoomClass, error) {
	var all []RoomClass
	sum := 0.0
	for part := range strings.SplitSeq(text, ",") {
		fields := strings.Split(part, ":")
		if len(fields) != 3 || !strings.HasSuffix(fields[0], "%") {
			return nil, fmt.Errorf("-rooms: %q is not share%%:members:rate", part)
		}
		fields[0] = strings.TrimSuffix(fields[0], "%")
		var n [3]float64
		for i, field := range fields {
			v, err := strconv.ParseFloat(field, 64)
			if err != nil || !(v >= 0) {
				return nil, fmt.Errorf("-rooms: %q: %q is no number", part, field)
			}
			n[i] = v
		}
		if n[1] < 1 {
			return nil, fmt.Errorf("-rooms: %q: a room has at least one member", part)
		}
		all = append(all, RoomClass{Share: n[0] / 100, Members: n[1], Rate: n[2]})
		sum += n[0]
	}
	if sum < 99.99 || sum > 100.01 {
		return nil, fmt.Errorf("-rooms: the shares make %g%%, not 100%%", sum)
	}
	return all, nil
}
