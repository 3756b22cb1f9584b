package main

import (
	"bytes"
	"math"
	"strconv"
	"sync/atomic"
	"time"
)

// A plan says of each message when it is due, who sends it and what it says. Message k of a run is
// due k/rate after sending has begun; its text and its id are the run's tag and k, so whoever sees
// either knows when it was due, and nothing need be remembered.
type plan struct {
	tag     string // of this run alone
	total   uint64
	rate    float64 // messages a second
	size    int     // bytes of text
	senders []*client
	loop    []atomic.Int64 // of a closed loop: when each message was sent, ns after base
	closing atomic.Bool    // no more messages of a closed loop
	base    time.Time      // what times of the run are counted from
	begin   atomic.Int64   // when message 0 is due, ns after base
	needle  []byte         // what precedes k in a message's data
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

// now is the time since the run's base.
func (p *plan) now() time.Duration { return time.Since(p.base) }

// due is when message k should be sent; in a closed loop, when it was.
func (p *plan) due(k uint64) time.Duration {
	if p.loop != nil {
		return time.Duration(p.loop[k].Load())
	}
	return time.Duration(p.begin.Load()) + time.Duration(math.Round(float64(k)*1e9/p.rate))
}

// sender is who sends message k. They take turns, so each sends as seldom as can be.
func (p *plan) sender(k uint64) *client { return p.senders[k%uint64(len(p.senders))] }

// room is the index of the room that message k goes to.
func (p *plan) room(k uint64) int { return p.sender(k).room.index }

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

// name appends what message k is called: its id, and the beginning of its text.
func (p *plan) name(dst []byte, k uint64) []byte {
	return strconv.AppendUint(append(append(dst, p.tag...), '-'), k, 10)
}

// inData finds the number of a message in the data of its frame; ok is false where it is not of this run.
func (p *plan) inData(data []byte) (k uint64, ok bool) {
	at := bytes.Index(data, p.needle)
	if at < 0 {
		return 0, false
	}
	return p.digits(data[at+len(p.needle):])
}

// inName finds the number in an id or a text.
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
