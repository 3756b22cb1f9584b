package presence

import (
	"cmp"
	"context"
	"slices"

	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// A RoomSize is how many users of this node are in a room.
type RoomSize struct {
	Room   string
	Counts wire.Counts
}

// Users is the number of all of them.
func (s *RoomSize) Users() int { return s.Counts.Guests + s.Counts.Members + s.Counts.Admins }

// compare orders by size, the largest first, then by name.
func (s *RoomSize) compare(o *RoomSize) int {
	return cmp.Or(cmp.Compare(o.Users(), s.Users()), cmp.Compare(s.Room, o.Room))
}

// A RoomsPage is a part of the rooms that have users on this node, the largest first.
type RoomsPage struct {
	Total int
	Rooms []RoomSize
	More  bool
}

// AskForRooms lists at most limit rooms by size, those after the given one (nil: from the largest).
func AskForRooms(ctx context.Context, tracker *process.Process, after *RoomSize, limit int) (RoomsPage, error) {
	return process.Ask(ctx, tracker, func(reply chan<- process.Answer[RoomsPage]) any {
		return &apiRoomsRequest{after, limit, reply}
	})
}

type apiRoomsRequest struct {
	after *RoomSize
	limit int
	reply chan<- process.Answer[RoomsPage]
}

var _ presenceQuery = (*apiRoomsRequest)(nil)

func (a *apiRoomsRequest) ask(p *Presence) {
	var page RoomsPage
	for _, name := range p.State.names() {
		size := RoomSize{name, p.State.counts(name)}
		if size.Users() == 0 {
			continue
		}
		page.Total++
		if a.after == nil || a.after.compare(&size) < 0 {
			page.Rooms = append(page.Rooms, size)
		}
	}
	slices.SortFunc(page.Rooms, func(x, y RoomSize) int { return x.compare(&y) })
	if page.More = len(page.Rooms) > a.limit; page.More {
		page.Rooms = page.Rooms[:a.limit:a.limit]
	}
	a.reply <- process.Answer[RoomsPage]{Value: page}
}

// page lists the local users of a room by id, at most limit of them after the cursor.
func (s *presenceState) page(room, cursor string, limit int) (users []wire.User, next string) {
	r := s.rooms[room]
	if r == nil {
		return nil, ""
	}
	for id, u := range r.users {
		if role, here := u.role(); here && id > cursor {
			users = append(users, wire.User{ID: id, Role: role.String()})
		}
	}
	slices.SortFunc(users, func(a, b wire.User) int { return cmp.Compare(a.ID, b.ID) })
	if len(users) > limit {
		return users[:limit:limit], users[limit-1].ID
	}
	return users, ""
}
