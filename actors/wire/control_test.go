package wire_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf8"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

func TestSealControlTruncates(t *testing.T) {
	for _, size := range []int{0, 4, 125, 126, 1000} {
		payload := bytes.Repeat([]byte("p"), size)
		f, rest, err := parseFrame(wire.SealControl(wire.OpPong, payload))
		if err != nil || f.opcode != wire.OpPong || len(rest) != 0 || !bytes.Equal(f.payload, payload[:min(size, 125)]) {
			t.Errorf("payload of %d bytes: opcode %d, %d bytes, error %v", size, f.opcode, len(f.payload), err)
		}
	}
}

func TestCloseFrameIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.Uint16().Draw(t, "code")
		reason := texts().Draw(t, "reason") + strings.Repeat("é", rapid.IntRange(0, 80).Draw(t, "more"))
		f, rest, err := parseFrame(wire.CloseFrame(code, reason))
		if err != nil || f.opcode != wire.OpClose || len(rest) != 0 || len(f.payload) > 125 {
			t.Fatalf("opcode %d, %d bytes, error %v", f.opcode, len(f.payload), err)
		}
		if got := binary.BigEndian.Uint16(f.payload); got != code {
			t.Fatalf("code %d, want %d", got, code)
		}
		got := string(f.payload[2:])
		if !utf8.ValidString(got) {
			t.Fatalf("reason %q is not UTF-8", got)
		}
		if reason != "" && !strings.HasPrefix(strings.ToValidUTF8(reason, "\uFFFD"), got) {
			t.Fatalf("reason %q is not a prefix of %q", got, reason)
		}
		if len(reason) <= 100 && utf8.ValidString(reason) && reason != "" && got != reason {
			t.Fatalf("reason %q, want %q", got, reason)
		}
	})
}

func TestCloseFrameDefaultReason(t *testing.T) {
	if got := string(wire.CloseFrame(wire.CloseGoingAway, "")[4:]); got != "going away" {
		t.Errorf("default reason of 1001 is %q", got)
	}
	if got := wire.CloseFrame(1000, ""); len(got) != 4 {
		t.Errorf("an unlisted code has a reason: % x", got)
	}
}
