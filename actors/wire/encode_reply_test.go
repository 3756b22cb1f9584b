package wire_test

import (
	"testing"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func TestReplyFrameValues(t *testing.T) {
	checkAll(t, map[string]func(*rapid.T){
		"ack": func(t *rapid.T) {
			a := wire.Ack{
				ID: texts().Draw(t, "id"), Room: texts().Draw(t, "room"), MessageID: texts().Draw(t, "messageId"),
				Seq: rapid.Uint64().Draw(t, "seq"), Stored: texts().Draw(t, "stored"), Duplicate: rapid.Bool().Draw(t, "duplicate"),
			}
			want := optionalObject{"type": "ack"}
			want.with("id", toValidUTF8(a.ID), a.ID != "").with("room", toValidUTF8(a.Room), a.Room != "")
			want.with("messageId", toValidUTF8(a.MessageID), a.MessageID != "").with("seq", number(a.Seq), a.Seq != 0)
			want.with("stored", toValidUTF8(a.Stored), a.Stored != "").with("duplicate", true, a.Duplicate)
			checkFrame(t, wire.AppendAck(nil, &a), object(want))
		},
		"throttled": func(t *rapid.T) {
			th := wire.Throttled{
				ID: texts().Draw(t, "id"), Room: texts().Draw(t, "room"), RetryAfterMs: rapid.Int64().Draw(t, "retry"),
				WindowMs: rapid.Int64().Draw(t, "window"), Limit: rapid.Int().Draw(t, "limit"),
			}
			want := optionalObject{
				"type": "throttled", "retryAfterMs": number(th.RetryAfterMs), "limit": number(th.Limit), "windowMs": number(th.WindowMs),
			}
			want.with("id", toValidUTF8(th.ID), th.ID != "").with("roomId", toValidUTF8(th.Room), th.Room != "")
			checkFrame(t, wire.AppendThrottled(nil, &th), object(want))
		},
		"error": func(t *rapid.T) {
			id, after := texts().Draw(t, "id"), rapid.Int64().Draw(t, "after")
			code := rapid.SampledFrom(wire.Codes()).Draw(t, "code")
			want := optionalObject{"type": "error", "code": code.String(), "error": code.Text(), "retry": code.Retry()}
			want.with("id", toValidUTF8(id), id != "").with("retryAfterMs", number(after), after != 0)
			checkFrame(t, wire.AppendError(nil, id, code, after), object(want))
		},
	})
}

// Decode reads a text as an encoder has written it.
func TestTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		frame := wire.AppendMessageDeleted(nil, text, 1, text)
		cmd, err := wire.Decode(frame)
		if err != nil || cmd.Room != toValidUTF8(text) || cmd.MessageID != toValidUTF8(text) {
			t.Fatalf("%q: %+v, %v", frame, cmd, err)
		}
	})
}
