package presence

import (
	"cmp"
	"context"
	"slices"

	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// RoomSize is the number of local users in a room.
type RoomSize struct {
	Room   string
	Counts wire.Counts
}

// Users returns the number of users with any role.
func (s *RoomSize) Users() int { return s.Counts.Guests + s.Counts.Members + s.Counts.Admins }

// compare sorts by size in descending order, and then by name.
func (s *RoomSize) compare(o *RoomSize) int {
	return cmp.Or(cmp.Compare(o.Users(), s.Users()), cmp.Compare(s.Room, o.Room))
}

// RoomsPage is a page of the rooms that have local users, the largest first.
type RoomsPage struct {
	Total int // rooms on all pages
	Rooms []RoomSize
	More  bool
}

// Rooms returns at most limit rooms by size that follow after; nil: from the largest.
func Rooms(ctx context.Context, tracker *process.Process, after *RoomSize, limit int) (RoomsPage, error) {
	return process.Ask(ctx, tracker, func(reply chan<- process.Answer[RoomsPage]) any {
		return roomsRequest{after, limit, reply}
	})
}

type roomsRequest struct {
	after *RoomSize
	limit int
	reply chan<- process.Answer[RoomsPage]
}

func (r roomsRequest) finish(page RoomsPage) { r.reply <- process.Answer[RoomsPage]{Value: page} }

func (t *Tracker) onRoomsRequest(m roomsRequest) {
	var page RoomsPage
	for _, name := range t.state.roomNames() {
		size := RoomSize{name, t.state.counts(name)}
		if size.Users() == 0 {
			continue
		}
		page.Total++
		if m.after == nil || m.after.compare(&size) < 0 {
			page.Rooms = append(page.Rooms, size)
		}
	}
	slices.SortFunc(page.Rooms, func(a, b RoomSize) int { return a.compare(&b) })
	if page.More = len(page.Rooms) > m.limit; page.More {
		page.Rooms = page.Rooms[:m.limit:m.limit]
	}
	m.finish(page)
}
