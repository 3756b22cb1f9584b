package wire_test

import (
	"strings"
	"testing"

	"chatnode/actors/wire"
)

// encoders returns a call of each encoder, by name of its frame.
func encoders() map[string]func(dst []byte) []byte {
	m := benchMessage
	m.Text, m.EditedAt = "a \"quote\", a\nnewline, \u2028, \xff and 👋", m.At
	at := wire.Position{Epoch: "k3f9", Seq: 42}
	connected := wire.Connected{UserID: "u-7", UserName: "Ada", Status: wire.Status{Effects: []string{"one", "two"}}}
	placed, users := []wire.HistoryItem{{Seq: 1, Message: m}, {Seq: 2, Message: m}}, []wire.User{{ID: "u-7", Name: "Ada"}}
	commits := []wire.CommittedSeq{{ID: "a", Seq: 1}, {ID: "b", Seq: 2}}
	ack, throttled := wire.Ack{ID: "m1", Room: "global", Seq: 1}, wire.Throttled{ID: "m1", Room: "global", Limit: 10}
	return map[string]func(dst []byte) []byte{
		"connected":       func(dst []byte) []byte { return wire.AppendConnected(dst, &connected) },
		"joined":          func(dst []byte) []byte { return wire.AppendJoined(dst, "j1", "global", at, true, 1) },
		"left":            func(dst []byte) []byte { return wire.AppendLeft(dst, "l1", "global") },
		"message_history": func(dst []byte) []byte { return wire.AppendHistory(dst, "h1", "global", at, placed, true) },
		"new_message":     func(dst []byte) []byte { return wire.AppendNewMessage(dst, "global", 41, &m, true) },
		"message_updated": func(dst []byte) []byte { return wire.AppendMessageUpdated(dst, "global", 42, &m) },
		"message_deleted": func(dst []byte) []byte { return wire.AppendMessageDeleted(dst, "global", 43, m.ID) },
		"taken back":      func(dst []byte) []byte { return wire.AppendSuperseded(dst, "global", m.ID) },
		"bulk_delete":     func(dst []byte) []byte { return wire.AppendBulkDelete(dst, "global", 44, "u-7", 3) },
		"committed":       func(dst []byte) []byte { return wire.AppendCommitted(dst, "global", "k3f9", commits) },
		"ack":             func(dst []byte) []byte { return wire.AppendAck(dst, &ack) },
		"presence":        func(dst []byte) []byte { return wire.AppendPresence(dst, "global", wire.Counts{Guests: 1000}, true) },
		"roster":          func(dst []byte) []byte { return wire.AppendRoster(dst, "w1", "global", users, "u-7") },
		"typing":          func(dst []byte) []byte { return wire.AppendTyping(dst, "global", users[0]) },
		"pong":            func(dst []byte) []byte { return wire.AppendPong(dst, "17") },
		"throttled":       func(dst []byte) []byte { return wire.AppendThrottled(dst, &throttled) },
		"error":           func(dst []byte) []byte { return wire.AppendError(dst, "m1", wire.CodeOverloaded, 1500) },
		"status":          func(dst []byte) []byte { return wire.AppendStatus(dst, &connected.Status) },
		"auth_expiring":   func(dst []byte) []byte { return wire.AppendAuthExpiring(dst, 60000) },
		"resync":          func(dst []byte) []byte { return wire.AppendResync(dst, "global", "m7q2", "the log was lost") },
		"shutdown":        func(dst []byte) []byte { return wire.AppendShutdown(dst, "rolling update", 4200, 20000) },
	}
}

func TestEncodersAllocateNothing(t *testing.T) {
	for name := range serverFrames() {
		if frame, _, _ := strings.Cut(name, "-"); encoders()[frame] == nil {
			t.Errorf("frame %s is not tested", frame)
		}
	}
	for name, encode := range encoders() {
		t.Run(name, func(t *testing.T) {
			buf := make([]byte, 0, 4096)
			if n := testing.AllocsPerRun(100, func() { wire.Seal(encode(wire.Begin(buf))) }); n != 0 {
				t.Errorf("%v allocations, want 0", n)
			}
		})
	}
}

// Encoders append to the buffer and keep its content.
func TestEncodersAppend(t *testing.T) {
	for name, encode := range encoders() {
		alone, after := string(encode(nil)), string(encode([]byte("before ")))
		if after != "before "+alone {
			t.Errorf("%s: %q, want the frame after the prefix", name, after)
		}
	}
}

func TestDecodeAllocatesOnlyStrings(t *testing.T) {
	for frame, strings := range map[string]float64{
		`{"type":"ping"}`:                   0,
		`{"type":"typing","other":[1,"x"]}`: 0,
		`{"type":"history","room":"global","before":12345678901,"limit":50}`: 1,
		string(sendFrame): 3,
		`{"type":"send_message","message":"caf\u00e9 \"au lait\""}`: 1,
	} {
		p := []byte(frame)
		if n := testing.AllocsPerRun(100, func() { _, _ = wire.Decode(p) }); n != strings {
			t.Errorf("%s: %v allocations, want %v", frame, n, strings)
		}
	}
}
