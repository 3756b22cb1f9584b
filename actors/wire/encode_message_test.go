package wire_test

import (
	"testing"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func TestMessageFrameValues(t *testing.T) {
	checkAll(t, map[string]func(*rapid.T){
		"new_message": func(t *rapid.T) {
			room, seq, provisional := texts().Draw(t, "room"), rapid.Uint64().Draw(t, "seq"), rapid.Bool().Draw(t, "provisional")
			m, data := drawMessage(t)
			want := optionalObject{"type": "new_message", "room": toValidUTF8(room), "data": data}
			want.with("seq", number(seq), seq != 0).with("provisional", true, provisional)
			checkFrame(t, wire.AppendNewMessage(nil, room, seq, &m, provisional), object(want))
		},
		"message_updated": func(t *rapid.T) {
			room, seq := texts().Draw(t, "room"), rapid.Uint64().Draw(t, "seq")
			m, data := drawMessage(t)
			want := optionalObject{"type": "message_updated", "room": toValidUTF8(room), "data": data}
			checkFrame(t, wire.AppendMessageUpdated(nil, room, seq, &m), object(want.with("seq", number(seq), seq != 0)))
		},
		"message_deleted": func(t *rapid.T) {
			room, seq, id := texts().Draw(t, "room"), rapid.Uint64().Draw(t, "seq"), texts().Draw(t, "id")
			want := optionalObject{"type": "message_deleted", "room": toValidUTF8(room), "messageId": toValidUTF8(id)}
			checkFrame(t, wire.AppendMessageDeleted(nil, room, seq, id), object(want.with("seq", number(seq), seq != 0)))
			checkFrame(t, wire.AppendSuperseded(nil, room, id), object(optionalObject{"type": "message_deleted", "room": toValidUTF8(room), "messageId": toValidUTF8(id), "takenBack": true}))
		},
		"bulk_delete": func(t *rapid.T) {
			room, seq, user, count := texts().Draw(t, "room"), rapid.Uint64().Draw(t, "seq"), texts().Draw(t, "user"), rapid.Int().Draw(t, "count")
			want := optionalObject{"type": "bulk_delete", "room": toValidUTF8(room), "userId": toValidUTF8(user), "deletedCount": number(count)}
			checkFrame(t, wire.AppendBulkDelete(nil, room, seq, user, count), object(want.with("seq", number(seq), seq != 0)))
		},
		"message_history": checkHistory,
		"committed":       checkCommitted,
	})
}

func checkHistory(t *rapid.T) {
	id, room, at, more := texts().Draw(t, "id"), texts().Draw(t, "room"), drawPosition(t), rapid.Bool().Draw(t, "more")
	data, placed := []any{}, []wire.HistoryItem{}
	for range rapid.IntRange(0, 3).Draw(t, "messages") {
		m, want := drawMessage(t)
		seq := rapid.Uint64().Draw(t, "seq")
		want["seq"] = number(seq)
		data, placed = append(data, want), append(placed, wire.HistoryItem{Seq: seq, Message: m})
	}
	want := optionalObject{
		"type": "message_history", "room": toValidUTF8(room), "epoch": toValidUTF8(at.Epoch), "seq": number(at.Seq), "data": data, "more": more,
	}
	checkFrame(t, wire.AppendHistory(nil, id, room, at, placed, more), object(want.with("id", toValidUTF8(id), id != "")))
}

func checkCommitted(t *rapid.T) {
	room, epoch := texts().Draw(t, "room"), texts().Draw(t, "epoch")
	data, commits := []any{}, []wire.CommittedSeq{}
	for range rapid.IntRange(0, 3).Draw(t, "commits") {
		c := wire.CommittedSeq{ID: texts().Draw(t, "id"), Seq: rapid.Uint64().Draw(t, "seq")}
		data, commits = append(data, object{"id": toValidUTF8(c.ID), "seq": number(c.Seq)}), append(commits, c)
	}
	checkFrame(t, wire.AppendCommitted(nil, room, epoch, commits), object{
		"type": "committed", "room": toValidUTF8(room), "epoch": toValidUTF8(epoch), "data": data,
	})
}

func drawPosition(t *rapid.T) wire.Position {
	return wire.Position{Epoch: texts().Draw(t, "epoch"), Seq: rapid.Uint64().Draw(t, "at")}
}
