package wire_test

import (
	"testing"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func TestRoomFrameValues(t *testing.T) {
	checkAll(t, map[string]func(*rapid.T){
		"joined": func(t *rapid.T) {
			id, room, at := texts().Draw(t, "id"), texts().Draw(t, "room"), drawPosition(t)
			recovered, missed := rapid.Bool().Draw(t, "recovered"), rapid.Int().Draw(t, "missed")
			want := optionalObject{
				"type": "joined", "room": toValidUTF8(room), "epoch": toValidUTF8(at.Epoch), "seq": number(at.Seq),
				"recovered": recovered, "missed": number(missed),
			}
			checkFrame(t, wire.AppendJoined(nil, id, room, at, recovered, missed), object(want.with("id", toValidUTF8(id), id != "")))
		},
		"left": func(t *rapid.T) {
			id, room := texts().Draw(t, "id"), texts().Draw(t, "room")
			want := optionalObject{"type": "left", "room": toValidUTF8(room)}
			checkFrame(t, wire.AppendLeft(nil, id, room), object(want.with("id", toValidUTF8(id), id != "")))
		},
		"presence": func(t *rapid.T) {
			room, exact := texts().Draw(t, "room"), rapid.Bool().Draw(t, "exact")
			c := wire.Counts{Guests: rapid.Int().Draw(t, "guests"), Members: rapid.Int().Draw(t, "members"), Admins: rapid.Int().Draw(t, "admins")}
			checkFrame(t, wire.AppendPresence(nil, room, c, exact), object{
				"type": "presence", "room": toValidUTF8(room), "exact": exact,
				"data": object{"guests": number(c.Guests), "members": number(c.Members), "admins": number(c.Admins)},
			})
		},
		"roster": checkRoster,
		"typing": func(t *rapid.T) {
			room, u := texts().Draw(t, "room"), drawUser(t)
			checkFrame(t, wire.AppendTyping(nil, room, u), object{
				"type": "typing", "room": toValidUTF8(room), "data": object{"userId": toValidUTF8(u.ID), "userName": toValidUTF8(u.Name)},
			})
		},
		"resync": func(t *rapid.T) {
			room, epoch, why := texts().Draw(t, "room"), texts().Draw(t, "epoch"), texts().Draw(t, "why")
			checkFrame(t, wire.AppendResync(nil, room, epoch, why), object{
				"type": "resync", "room": toValidUTF8(room), "epoch": toValidUTF8(epoch), "why": toValidUTF8(why),
			})
		},
	})
}

func checkRoster(t *rapid.T) {
	id, room, next := texts().Draw(t, "id"), texts().Draw(t, "room"), texts().Draw(t, "next")
	data, users := []any{}, []wire.User{}
	for range rapid.IntRange(0, 3).Draw(t, "users") {
		u := drawUser(t)
		line := optionalObject{"userId": toValidUTF8(u.ID), "role": toValidUTF8(u.Role)}
		line.with("userName", toValidUTF8(u.Name), u.Name != "").with("userAvatar", toValidUTF8(u.Avatar), u.Avatar != "")
		data, users = append(data, object(line)), append(users, u)
	}
	want := optionalObject{"type": "roster", "room": toValidUTF8(room), "data": data}
	want.with("id", toValidUTF8(id), id != "").with("next", toValidUTF8(next), next != "")
	checkFrame(t, wire.AppendRoster(nil, id, room, users, next), object(want))
}

func drawUser(t *rapid.T) wire.User {
	return wire.User{
		ID: texts().Draw(t, "userId"), Name: texts().Draw(t, "userName"), Avatar: texts().Draw(t, "userAvatar"), Role: texts().Draw(t, "role"),
	}
}
