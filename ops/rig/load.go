package rig

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
)

const (
	maxPerProcess = 19_000          // connections of one loadtest: a process may often open only 20,000 files
	maxHold       = time.Hour       // longer than any load
	steadyAfter   = 2 * time.Second // nodes announce the senders until then
)

// Load is the work of loadtest processes on the servers. The last process sends; the others only hold connections.
type Load struct {
	Connections int
	Senders     int     // connections of the last process; 0: the rest after full processes
	Rooms       int     // connection i is in room i % Rooms
	Rate        float64 // messages/s in all rooms together; 0: none, unless Outstanding is set
	Outstanding int     // unacknowledged messages of each connection, instead of Rate
	Silent      int     // connections of the last process that stop reading after they have joined
	Size        int     // bytes of text
	ConnectRate float64 // new connections/s

	Duration time.Duration // of sending
	Calm     time.Duration // pause after the holding processes have joined, in which nodes announce presence
	Settle   time.Duration // pause after that, measured as Outcome.Quiet

	Figures  bool   // read the counters with each sample
	OnJoined func() // called when all have joined; nil: none
}

// Outcome is the result of a load and its cost.
type Outcome struct {
	Report
	Before     Sample    // before the first connection
	Quiet      [2]Sample // begin and end of Settle, if there are holding processes
	Begin, End Sample    // when the senders have joined, and when all messages have arrived
	Samples    []Sample  // from Begin to End, about one a second
	Deliveries float64   // to all connections
	LoadCPU    float64   // µs of all loadtest processes
}

// Run runs a load. The outcome is OK if no process found a fault.
func (b *Bench) Run(l Load) *Outcome {
	o := &Outcome{}
	sample := func() Sample {
		s := b.Measure()
		if l.Figures {
			s.Figures = b.Counters()
		}
		return s
	}
	o.Before = sample()
	p := &loadProcesses{bench: b, load: l, rooms: "load-" + strings.ToLower(rand.Text()[:8]) + "-"}
	for _, n := range l.holders() {
		p.start(n, maxHold, func() {})
	}
	if len(p.all) > 0 {
		b.Pause(l.Calm)
		o.Quiet[0] = sample()
		b.Pause(l.Settle)
		o.Quiet[1] = sample()
	}
	if sender := p.start(l.senders(), l.Duration, func() { o.Samples = append(o.Samples, sample()) }); sender != nil {
		if l.OnJoined != nil {
			l.OnJoined()
		}
		<-sender.exited
	}
	p.stop()
	o.OK = true
	for _, t := range p.all {
		b.Fail(t.err)
		ok := o.OK && t.report.OK
		o.Report, o.OK = t.report, ok
		o.LoadCPU += float64((t.cmd.ProcessState.UserTime() + t.cmd.ProcessState.SystemTime()).Microseconds())
	}
	if b.err != nil {
		return &Outcome{Samples: make([]Sample, 1)}
	}
	if !o.OK {
		fmt.Fprintln(b.Log, "faults:", o.Faults)
	}
	o.Deliveries = float64(o.Messages.Deliveries) * float64(l.Connections) / float64(l.senders())
	o.Begin, o.End = o.Samples[0], o.Samples[len(o.Samples)-1]
	return o
}

// Steady returns the first sample without the cost of joining, and the seconds of sending after it.
func (o *Outcome) Steady(l Load) (from Sample, sending float64) {
	for _, from = range o.Samples {
		if after := from.At.Sub(o.Begin.At); after >= steadyAfter {
			return from, (l.Duration - after).Seconds()
		}
	}
	return o.Begin, l.Duration.Seconds()
}

// senders returns the number of connections of the last process.
func (l Load) senders() int {
	if l.Senders > 0 {
		return l.Senders
	}
	return l.Connections - (l.Connections-1)/maxPerProcess*maxPerProcess
}

// holders returns the number of connections of each other process.
func (l Load) holders() (counts []int) {
	for rest := l.Connections - l.senders(); rest > 0; rest -= maxPerProcess {
		counts = append(counts, min(rest, maxPerProcess))
	}
	return counts
}

// Pause waits for d.
func (b *Bench) Pause(d time.Duration) {
	if b.err == nil {
		select {
		case <-time.After(d):
		case <-b.Ctx.Done():
		}
	}
}
