package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress prints the state of a run: one line that is rewritten on a terminal, otherwise one line per tick.
type progress struct {
	out      io.Writer
	terminal bool
}

func newProgress(out io.Writer) *progress {
	file, ok := out.(*os.File)
	if !ok {
		return &progress{out: out}
	}
	info, err := file.Stat()
	return &progress{out: out, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (p *progress) line(format string, args ...any) {
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[2K"+format, args...)
		return
	}
	fmt.Fprintf(p.out, format+"\n", args...)
}

// end keeps the last line on the terminal.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprintln(p.out)
	}
}

func (p *progress) connecting(f *clientPool) {
	p.line("connecting: %d of %d joined, %d refused for good", f.counters.ready.Load(), len(f.clients), f.counters.ended.Load())
}

func (p *progress) sending(f *clientPool, s sample) {
	c := f.ledger.Totals()
	p.line("%4.0fs  %d/%d open  sent %d, unanswered %d  %.0f deliveries/s  p50 %s p99 %s  ack p99 %s  missed %d, doubled %d, disorder %d  reconnects %d",
		s.At.Seconds(), s.Open, len(f.clients), c.Sent, f.ledger.Open(), s.Deliveries, round(s.P50), round(s.P99), round(s.AckP99),
		f.countShortfall().missed, f.counters.doubled()+c.Moved, f.counters.disorder(), f.counters.reconnects.Load())
}

// round returns d with about three digits.
func round(d time.Duration) time.Duration {
	for unit := time.Microsecond; ; unit *= 10 {
		if d < 1000*unit {
			return d.Round(unit)
		}
	}
}
