package boltlog

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func drawRecord(t *rapid.T) *record {
	r := &record{
		seq: rapid.Uint64().Draw(t, "seq"), kind: rapid.SampledFrom(slices.Collect(chat.EntryKinds())).Draw(t, "kind"),
		id: rapid.String().Draw(t, "id"), at: rapid.Int64().Draw(t, "at"), room: rapid.String().Draw(t, "room"),
	}
	switch r.kind {
	case chat.EntryBulkDelete:
		r.userID, r.gone = rapid.String().Draw(t, "user"), rapid.SliceOfN(rapid.String(), 1, 5).Draw(t, "gone")
		r.count = len(r.gone)
	case chat.EntryMessage:
		r.target = r.id
	case chat.EntryEdit, chat.EntryDelete:
		r.target = rapid.String().Draw(t, "target")
	}
	if r.kind.HasText() && rapid.Bool().Draw(t, "has text") {
		r.msg = &wire.Message{ID: r.target, UserID: rapid.String().Draw(t, "author"), UserName: rapid.String().Draw(t, "name"), UserAvatar: "a", Text: rapid.String().Draw(t, "text"), At: rapid.Int64().Draw(t, "written"), EditedAt: rapid.Int64().Draw(t, "edited")}
	}
	if rapid.Bool().Draw(t, "has key") {
		r.key = hashKey(r.room, "key")
	}
	return r
}

// TestBatchRoundTrip: a batch decodes to the same records, and a truncated batch does not decode to all of them.
func TestBatchRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(drawRecord), 1, 5).Draw(t, "records")
		b := encodeBatch(nil, want)
		got, err := decodeBatch(b)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("decoded %+v, error %v, want %+v", got, err, want)
		}
		cut := rapid.IntRange(0, len(b)-1).Draw(t, "cut")
		if part, err := decodeBatch(b[:cut]); err == nil && len(part) >= len(want) {
			t.Fatalf("the first %d of %d bytes decode to %d of %d records", cut, len(b), len(part), len(want))
		}
	})
}

// TestRecordRoundTrip: a record of the log bucket decodes to the same record.
func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawRecord(t)
		want.room, want.gone = "", nil
		got, err := decodeRecord(want.seq, encodeRecord(nil, want))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("decoded %+v, error %v, want %+v", got, err, want)
		}
	})
}

// FuzzDecode: decoding of any bytes returns records or an error, and a decoded record encodes to an equivalent one.
func FuzzDecode(f *testing.F) {
	msg := &wire.Message{ID: "m", UserID: "u", Text: "text", At: 1}
	r := &record{seq: 1, kind: chat.EntryEdit, id: "e", target: "m", at: 2, msg: msg, room: "a", key: hashKey("a", "k")}
	f.Add(encodeBatch(nil, []*record{r}))
	f.Add(encodeRecord(nil, r))
	f.Add(append(make([]byte, 8), append(r.key[:], encodeKeyEntry(nil, r)...)...))
	f.Add([]byte{1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if records, err := decodeBatch(b); err == nil {
			again, err := decodeBatch(encodeBatch(nil, records))
			if err != nil || !reflect.DeepEqual(again, records) {
				t.Fatalf("batch %x decodes to %+v, then %+v, %v", b, records, again, err)
			}
		}
		if r, err := decodeRecord(7, b); err == nil {
			again, err := decodeRecord(7, encodeRecord(nil, r))
			if err != nil || !reflect.DeepEqual(again, r) {
				t.Fatalf("record %x decodes to %+v, then %+v, %v", b, r, again, err)
			}
		}
		if keys, err := decodeKeys(b); err == nil && len(b) > 8 && len(keys) == 0 {
			t.Fatalf("%x decodes to no keys", b)
		}
		if p, err := decodeRoomMeta(b); err == nil && len(b) == 24 && !bytes.Equal(p.encode(), b) {
			t.Fatalf("room meta %x encodes to %x", b, p.encode())
		}
	})
}
