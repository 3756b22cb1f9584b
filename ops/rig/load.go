package rig

import (
	"context"
	"crypto/rand"
	"strings"
	"time"
)

// perProcess is how many connections one loadtest holds: a process may often open no more than 20,000 files.
const perProcess = 19_000

// steadyAfter is how long after the senders have joined nodes may still be telling who has come.
const steadyAfter = 2 * time.Second

// A Load is what loadtest processes do to servers.
type Load struct {
	Program     string // the loadtest
	Dir         string // for reports
	Addrs       []string
	Connections int
	Senders     int // of them, in the last process, which sends; 0: where one process can hold all, all of them
	Rooms       int
	Rate        float64                            // messages a second in all rooms together; 0: connections are held, nothing is sent
	Outstanding int                                // messages that each connection has unanswered, in the place of a rate; 0: at the rate
	Silent      int                                // connections, of those of the last process, that read nothing once they have joined
	Duration    time.Duration                      // of sending, or of holding
	Size        int                                // bytes of text
	ConnectRate float64                            // connections begun in a second
	Calm        time.Duration                      // how long nodes still tell who has come, once those that only hold have joined
	Begun       func()                             // called when all have joined; nil: nobody need be told
	Figures     func() (map[string]float64, error) // more to know of the servers at each sample; nil: nothing
	Settle      time.Duration                      // how long those that only hold are left alone after that, before the last process comes
}

// An Outcome is one load and what it cost. Where one process holds all there is no time of quiet.
type Outcome struct {
	Report     Report        // of the process that sent
	OK         bool          // all processes found everything in order
	Before     Sample        // before the first connection
	Quiet      [2]Sample     // the beginning and the end of Settle
	Begin, End Sample        // when the senders had joined, and when everything had arrived
	Samples    []Sample      // from Begin to End, about one a second
	Deliveries float64       // to all connections
	Generator  time.Duration // processor time of all loadtest processes, connecting and all
}

// Steady is what lies between the first sample at least two seconds after Begin and End, and how many
// seconds of sending that is: what joining brought about is over by then.
func (o *Outcome) Steady(l *Load) (from Sample, sending float64) {
	for _, from = range o.Samples {
		if after := from.At.Sub(o.Begin.At); after >= steadyAfter {
			return from, (l.Duration - after).Seconds()
		}
	}
	return o.Begin, l.Duration.Seconds()
}

// Sending is how long the load lasted, until everything had arrived.
func (o *Outcome) Sending() time.Duration { return o.End.At.Sub(o.Begin.At) }

// Run puts the load on, and reads meanwhile what the watched programs use. The first processes hold
// connections, the last one sends.
func (l *Load) Run(ctx context.Context, watched ...*Program) (*Outcome, error) {
	w := &watch{programs: watched, figures: l.Figures}
	out := &Outcome{Before: w.take()}
	c := &crew{load: l, prefix: "load-" + strings.ToLower(rand.Text()[:8]) + "-"}
	defer c.dismiss()
	if err := c.hold(ctx); err != nil {
		return nil, err
	}
	if len(c.holders) > 0 {
		pause(ctx, l.Calm)
	}
	out.Quiet[0] = w.take()
	if len(c.holders) > 0 {
		pause(ctx, l.Settle)
	}
	out.Quiet[1] = w.take()
	w.samples = nil
	var err error
	if out.Report, err = c.send(ctx, w); err != nil {
		return nil, err
	}
	out.OK, out.Generator, err = c.finish()
	if err != nil {
		return nil, err
	}
	out.OK = out.OK && out.Report.OK
	out.Deliveries = float64(out.Report.Messages.Deliveries) * float64(l.Connections) / float64(l.senders())
	out.Samples = w.samples
	out.Begin, out.End = w.samples[0], w.samples[len(w.samples)-1]
	return out, w.err
}

// senders is how many connections the last process has.
func (l *Load) senders() int {
	if l.Senders > 0 {
		return l.Senders
	}
	return l.Connections - (l.Connections-1)/perProcess*perProcess
}

// holders is how many connections each of the other processes has.
func (l *Load) holders() []int {
	var counts []int
	for rest := l.Connections - l.senders(); rest > 0; rest -= perProcess {
		counts = append(counts, min(rest, perProcess))
	}
	return counts
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
