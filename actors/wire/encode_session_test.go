package wire_test

import (
	"encoding/json"
	"testing"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func TestSessionFrameValues(t *testing.T) {
	checkAll(t, map[string]func(*rapid.T){
		"connected": checkConnected,
		"status": func(t *rapid.T) {
			s, want := drawStatus(t)
			want["type"] = "status"
			checkFrame(t, wire.AppendStatus(nil, &s), want)
		},
		"pong": func(t *rapid.T) {
			text := texts().Draw(t, "t")
			echo, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			checkFrame(t, wire.AppendPong(nil, string(echo)), object{"type": "pong", "t": toValidUTF8(text)})
			checkFrame(t, wire.AppendPong(nil, ""), object{"type": "pong"})
		},
		"auth_expiring": func(t *rapid.T) {
			in := rapid.Int64().Draw(t, "in")
			checkFrame(t, wire.AppendAuthExpiring(nil, in), object{"type": "auth_expiring", "inMs": number(in)})
		},
		"shutdown": func(t *rapid.T) {
			reason, after, deadline := texts().Draw(t, "reason"), rapid.Int64().Draw(t, "after"), rapid.Int64().Draw(t, "deadline")
			checkFrame(t, wire.AppendShutdown(nil, reason, after, deadline), object{
				"type": "shutdown", "reason": toValidUTF8(reason), "reconnectAfterMs": number(after), "deadlineMs": number(deadline),
			})
		},
	})
}

func checkConnected(t *rapid.T) {
	status, shownStatus := drawStatus(t)
	c := wire.Connected{
		UserID: texts().Draw(t, "userId"), UserName: texts().Draw(t, "userName"), Role: texts().Draw(t, "role"),
		SessionID: texts().Draw(t, "sessionId"), InstanceID: texts().Draw(t, "instanceId"), PingMs: rapid.Int64().Draw(t, "pingMs"),
		Limits: wire.Limits{
			MaxMessageLength: rapid.Int().Draw(t, "length"), MaxFrameBytes: rapid.Int().Draw(t, "bytes"),
			RateMessages: rapid.Int().Draw(t, "rate"), RateWindowMs: rapid.Int64().Draw(t, "window"),
		},
		Status: status, ReadOnly: rapid.Bool().Draw(t, "readOnly"),
	}
	want := object{
		"type": "connected", "userId": toValidUTF8(c.UserID), "userName": toValidUTF8(c.UserName), "role": toValidUTF8(c.Role),
		"sessionId": toValidUTF8(c.SessionID), "instanceId": toValidUTF8(c.InstanceID), "pingMs": number(c.PingMs),
		"limits": object{
			"maxMessageLength": number(c.Limits.MaxMessageLength), "maxFrameBytes": number(c.Limits.MaxFrameBytes),
			"rateMessages": number(c.Limits.RateMessages), "rateWindowMs": number(c.Limits.RateWindowMs),
		},
		"status": shownStatus,
	}
	if c.ReadOnly {
		want["readOnly"] = true
	}
	checkFrame(t, wire.AppendConnected(nil, &c), want)
}

func drawStatus(t *rapid.T) (wire.Status, object) {
	s := wire.Status{
		Degraded: rapid.Bool().Draw(t, "degraded"), Cause: texts().Draw(t, "cause"), Since: rapid.Int64().Draw(t, "since"),
		Effects: rapid.SliceOfN(texts(), 0, 3).Draw(t, "effects"),
	}
	effects, mode := []any{}, "ok"
	for _, effect := range s.Effects {
		effects = append(effects, toValidUTF8(effect))
	}
	if s.Degraded {
		mode = "degraded"
	}
	return s, object{"mode": mode, "cause": toValidUTF8(s.Cause), "since": number(s.Since), "effects": effects}
}
