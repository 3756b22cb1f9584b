package main

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/lxzan/gws"
)

// hot is a client that has joined, and a message that it reads repeatedly, each time with the next seq.
func hot() (*client, func()) {
	p := newTestPlan(1000, 1, 128)
	p.rate = 1e9 // all are due at once
	c := p.senders[0]
	c.number, c.epoch = c.room.epoch([]byte("e"))
	message := []byte(`{"type":"new_message","room":"r0","seq":00000000,"data":{"id":"0-q81-1","userId":"u-7","userName":"Ada",` +
		`"userAvatar":"","message":"tagtagta-7.......................................","timestamp":1767323045678}}`)
	digits := message[bytes.Index(message, []byte("00000000")):][:8]
	seq := 10_000_000
	c.track.Load(uint64(seq), true)
	return c, func() {
		seq++
		strconv.AppendInt(digits[:0], int64(seq), 10)
		c.OnMessage(nil, &gws.Message{Opcode: gws.OpcodeText, Data: bytes.NewBuffer(message)})
	}
}

// The test allocates the buffer of the message.
func TestOnMessageDoesNotAllocate(t *testing.T) {
	c, read := hot()
	if n := testing.AllocsPerRun(100, read); n > 1 {
		t.Errorf("%v allocations", n-1)
	}
	if d := c.pool.counters.delivery.Snapshot().Total(); d != 101 || c.missed.Load()+c.pool.counters.doubled()+c.pool.counters.disorder() != 0 {
		t.Errorf("%d deliveries, %d missed, %d doubled", d, c.missed.Load(), c.pool.counters.doubled())
	}
}

func BenchmarkMessage(b *testing.B) {
	_, read := hot()
	b.ReportAllocs()
	for b.Loop() {
		read()
	}
}
