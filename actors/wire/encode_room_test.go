package wire_test

import (
	"testing"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func TestRoomFramesHoldTheirValues(t *testing.T) {
	every(t, map[string]func(*rapid.T){
		"joined": func(t *rapid.T) {
			id, room, at := texts().Draw(t, "id"), texts().Draw(t, "room"), drawPosition(t)
			recovered, missed := rapid.Bool().Draw(t, "recovered"), rapid.Int().Draw(t, "missed")
			want := optional{
				"type": "joined", "room": shown(room), "epoch": shown(at.Epoch), "seq": number(at.Seq),
				"recovered": recovered, "missed": number(missed),
			}
			holds(t, wire.AppendJoined(nil, id, room, at, recovered, missed), object(want.with("id", shown(id), id != "")))
		},
		"left": func(t *rapid.T) {
			id, room := texts().Draw(t, "id"), texts().Draw(t, "room")
			want := optional{"type": "left", "room": shown(room)}
			holds(t, wire.AppendLeft(nil, id, room), object(want.with("id", shown(id), id != "")))
		},
		"presence": func(t *rapid.T) {
			room, exact := texts().Draw(t, "room"), rapid.Bool().Draw(t, "exact")
			c := wire.Counts{Guests: rapid.Int().Draw(t, "guests"), Members: rapid.Int().Draw(t, "members"), Admins: rapid.Int().Draw(t, "admins")}
			holds(t, wire.AppendPresence(nil, room, c, exact), object{
				"type": "presence", "room": shown(room), "exact": exact,
				"data": object{"guests": number(c.Guests), "members": number(c.Members), "admins": number(c.Admins)},
			})
		},
		"roster": checkRoster,
		"typing": func(t *rapid.T) {
			room, u := texts().Draw(t, "room"), drawUser(t)
			holds(t, wire.AppendTyping(nil, room, u), object{
				"type": "typing", "room": shown(room), "data": object{"userId": shown(u.ID), "userName": shown(u.Name)},
			})
		},
		"resync": func(t *rapid.T) {
			room, epoch, why := texts().Draw(t, "room"), texts().Draw(t, "epoch"), texts().Draw(t, "why")
			holds(t, wire.AppendResync(nil, room, epoch, why), object{
				"type": "resync", "room": shown(room), "epoch": shown(epoch), "why": shown(why),
			})
		},
	})
}

func checkRoster(t *rapid.T) {
	id, room, next := texts().Draw(t, "id"), texts().Draw(t, "room"), texts().Draw(t, "next")
	data, users := []any{}, []wire.User{}
	for range rapid.IntRange(0, 3).Draw(t, "users") {
		u := drawUser(t)
		line := optional{"userId": shown(u.ID), "role": shown(u.Role)}
		line.with("userName", shown(u.Name), u.Name != "").with("userAvatar", shown(u.Avatar), u.Avatar != "")
		data, users = append(data, object(line)), append(users, u)
	}
	want := optional{"type": "roster", "room": shown(room), "data": data}
	want.with("id", shown(id), id != "").with("next", shown(next), next != "")
	holds(t, wire.AppendRoster(nil, id, room, users, next), object(want))
}

func drawUser(t *rapid.T) wire.User {
	return wire.User{
		ID: texts().Draw(t, "userId"), Name: texts().Draw(t, "userName"), Avatar: texts().Draw(t, "userAvatar"), Role: texts().Draw(t, "role"),
	}
}
