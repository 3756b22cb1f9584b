package wire_test

import (
	"testing"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func TestMessageFramesHoldTheirValues(t *testing.T) {
	every(t, map[string]func(*rapid.T){
		"new_message": func(t *rapid.T) {
			room, seq, provisional := texts().Draw(t, "room"), rapid.Uint64().Draw(t, "seq"), rapid.Bool().Draw(t, "provisional")
			m, data := drawMessage(t)
			want := optional{"type": "new_message", "room": shown(room), "data": data}
			want.with("seq", number(seq), seq != 0).with("provisional", true, provisional)
			holds(t, wire.AppendNewMessage(nil, room, seq, &m, provisional), object(want))
		},
		"message_updated": func(t *rapid.T) {
			room, seq := texts().Draw(t, "room"), rapid.Uint64().Draw(t, "seq")
			m, data := drawMessage(t)
			want := optional{"type": "message_updated", "room": shown(room), "data": data}
			holds(t, wire.AppendMessageUpdated(nil, room, seq, &m), object(want.with("seq", number(seq), seq != 0)))
		},
		"message_deleted": func(t *rapid.T) {
			room, seq, id := texts().Draw(t, "room"), rapid.Uint64().Draw(t, "seq"), texts().Draw(t, "id")
			want := optional{"type": "message_deleted", "room": shown(room), "messageId": shown(id)}
			holds(t, wire.AppendMessageDeleted(nil, room, seq, id), object(want.with("seq", number(seq), seq != 0)))
			holds(t, wire.AppendSuperseded(nil, room, id), object(optional{"type": "message_deleted", "room": shown(room), "messageId": shown(id), "takenBack": true}))
		},
		"bulk_delete": func(t *rapid.T) {
			room, seq, user, count := texts().Draw(t, "room"), rapid.Uint64().Draw(t, "seq"), texts().Draw(t, "user"), rapid.Int().Draw(t, "count")
			want := optional{"type": "bulk_delete", "room": shown(room), "userId": shown(user), "deletedCount": number(count)}
			holds(t, wire.AppendBulkDelete(nil, room, seq, user, count), object(want.with("seq", number(seq), seq != 0)))
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
	want := optional{
		"type": "message_history", "room": shown(room), "epoch": shown(at.Epoch), "seq": number(at.Seq), "data": data, "more": more,
	}
	holds(t, wire.AppendHistory(nil, id, room, at, placed, more), object(want.with("id", shown(id), id != "")))
}

func checkCommitted(t *rapid.T) {
	room, epoch := texts().Draw(t, "room"), texts().Draw(t, "epoch")
	data, commits := []any{}, []wire.CommittedSeq{}
	for range rapid.IntRange(0, 3).Draw(t, "commits") {
		c := wire.CommittedSeq{ID: texts().Draw(t, "id"), Seq: rapid.Uint64().Draw(t, "seq")}
		data, commits = append(data, object{"id": shown(c.ID), "seq": number(c.Seq)}), append(commits, c)
	}
	holds(t, wire.AppendCommitted(nil, room, epoch, commits), object{
		"type": "committed", "room": shown(room), "epoch": shown(epoch), "data": data,
	})
}

func drawPosition(t *rapid.T) wire.Position {
	return wire.Position{Epoch: texts().Draw(t, "epoch"), Seq: rapid.Uint64().Draw(t, "at")}
}
