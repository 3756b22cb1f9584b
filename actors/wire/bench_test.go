package wire_test

import (
	"strings"
	"testing"

	"chatnode/actors/wire"
)

var (
	sendFrame = []byte(`{"type":"send_message","id":"c0ffee-000123","room":"global","message":"` + strings.Repeat("chat ", 25) + `"}`)

	benchMessage = wire.Message{
		ID: "01JGK8Z7Q2W9", UserID: "u-7", UserName: "Ada", Text: strings.Repeat("chat ", 25), At: 1767323045678,
	}
)

func BenchmarkDecodeSendMessage(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(sendFrame)))
	for b.Loop() {
		if _, err := wire.Decode(sendFrame); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodePing(b *testing.B) {
	frame := []byte(`{"type":"ping"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wire.Decode(frame); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendNewMessage(b *testing.B) {
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = wire.AppendNewMessage(buf[:0], "global", 123456, &benchMessage, false)
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkSealNewMessage(b *testing.B) {
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = wire.AppendNewMessage(wire.Begin(buf), "global", 123456, &benchMessage, false)
		wire.Seal(buf)
	}
}

func BenchmarkAppendAck(b *testing.B) {
	ack := wire.Ack{ID: "c0ffee-000123", Room: "global", MessageID: "01JGK8Z7Q2W9", Seq: 123456, Stored: wire.StoredRedis}
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = wire.AppendAck(buf[:0], &ack)
	}
}
