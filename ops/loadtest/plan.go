package main

import (
	"bytes"
	"math"
	"strconv"
	"sync/atomic"
	"time"
)

// plan says for each message when it is due, who sends it, and its text. Message k is due k/rate after the start of
// sending. Its id and text contain the tag of the run and k, so each receiver can compute when the message was due, and
// nothing has to be stored.
type plan struct {
	tag     string // unique for each run
	total   uint64
	rate    float64 // messages per second
	size    int     // bytes of text
	senders []*client
	loop    []atomic.Int64 // closed loop: when each message was sent, in ns after base
	closing atomic.Bool    // closed loop: no new messages
	base    time.Time      // zero of the run's times
	begin   atomic.Int64   // when message 0 is due, in ns after base
	needle  []byte         // what precedes k in the data of a message
}

func newPlan(o *options, tag string, base time.Time) *plan {
	p := &plan{
		tag: tag, total: o.messageCount, rate: o.Rate, size: o.Size, base: base,
		needle: []byte(`"message":"` + tag + "-"),
	}
	if o.Outstanding > 0 {
		p.loop = make([]atomic.Int64, p.total)
	}
	return p
}

// now returns the time since base.
func (p *plan) now() time.Duration { return time.Since(p.base) }

// due returns when message k should be sent. In a closed loop it returns when it was sent.
func (p *plan) due(k uint64) time.Duration {
	if p.loop != nil {
		return time.Duration(p.loop[k].Load())
	}
	return time.Duration(p.begin.Load()) + time.Duration(math.Round(float64(k)*1e9/p.rate))
}

// sender returns who sends message k. Senders take turns, so the messages of each are as far apart as possible.
func (p *plan) sender(k uint64) *client { return p.senders[k%uint64(len(p.senders))] }

// roomIndex returns the index of the room of message k.
func (p *plan) roomIndex(k uint64) int { return p.sender(k).room.index }

// command appends the frame that sends message k.
func (p *plan) command(dst []byte, k uint64) []byte {
	dst = append(dst, `{"type":"send_message","id":"`...)
	dst = p.name(dst, k)
	dst = append(dst, `","room":"`...)
	dst = append(dst, p.sender(k).room.name...)
	dst = append(dst, `","message":"`...)
	from := len(dst)
	dst = p.name(dst, k)
	for len(dst)-from < p.size {
		dst = append(dst, '.')
	}
	return append(dst, `"}`...)
}

// name appends the id of message k, which is also the start of its text.
func (p *plan) name(dst []byte, k uint64) []byte {
	return strconv.AppendUint(append(append(dst, p.tag...), '-'), k, 10)
}

// inData returns the number of a message from the data of its frame. ok is false if the message is not of this run.
func (p *plan) inData(data []byte) (k uint64, ok bool) {
	at := bytes.Index(data, p.needle)
	if at < 0 {
		return 0, false
	}
	return p.digits(data[at+len(p.needle):])
}

// inName returns the number from an id or a text.
func (p *plan) inName(name []byte) (k uint64, ok bool) {
	tag := len(p.tag)
	if len(name) <= tag || string(name[:tag]) != p.tag || name[tag] != '-' {
		return 0, false
	}
	return p.digits(name[tag+1:])
}

func (p *plan) digits(b []byte) (k uint64, ok bool) {
	for i, c := range b {
		if c < '0' || c > '9' {
			return k, i > 0 && k < p.total
		}
		if k = k*10 + uint64(c-'0'); k >= p.total {
			return 0, false
		}
	}
	return k, len(b) > 0 && k < p.total
}
